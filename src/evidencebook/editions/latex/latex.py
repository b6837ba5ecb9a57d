"""The book as LaTeX for those who have TeX: the same content, numbers and typefaces as the print edition's.

`jupyter-book build . --builder pdflatex` runs Sphinx's own builder and then XeLaTeX; this part tells both what a thing
is. What it looks like is decided in editions/print/book.tex.txt. The print edition itself needs no TeX: it is set by
Typst, which also makes the figures' PDFs here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import getLogger
from sphinx.util.texescape import escape
from sphinx.writers.latex import LaTeXTranslator

from evidencebook.charts import fonts
from evidencebook.edition import NOTICE, citation, edition
from evidencebook.editions import forms
from evidencebook.editions.columns import percents
from evidencebook.editions.print.pdf import hoist
from evidencebook.editions.print.typesetting import vector
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.numbering import numbers_of
from evidencebook.pages.uses import page_numbers
from evidencebook.values.dates import words as date_words

LOGGER = getLogger(__name__)
ENGINE = "xelatex"  # the only one that takes the report's typefaces and signs as they are
DESIGN = Path(__file__).parent / "book.tex.txt"


def configure(_: Sphinx, config: Config) -> None:
    """Settle what Sphinx's LaTeX builder leaves open; settings of the report itself come first."""
    config.latex_engine = ENGINE
    config.latex_show_urls = "no"  # the translator decides it link by link
    config.latex_table_style = ["booktabs"]
    config.latex_use_xindy = False
    config.latex_domain_indices = False
    ours = {
        "papersize": "a4paper", "pointsize": "10pt", "extraclassoptions": "openany,oneside", "fncychap": "",
        "fontpkg": _typefaces(), "preamble": DESIGN.read_text("utf-8"), "makeindex": "", "printindex": "",
        "figure_align": "htbp", "tocdepth": r"\setcounter{tocdepth}{1}", "maketitle": r"\evidencetitle",
        "sphinxsetup": "verbatimwithframe=false, TitleColor={rgb}{0.11,0.13,0.15}, "
        "InnerLinkColor={rgb}{0.114,0.361,0.588}, OuterLinkColor={rgb}{0.114,0.361,0.588}",
        "geometry": r"\usepackage[a4paper,margin=24mm,headheight=14pt]{geometry}",
    }  # fmt: skip
    config.latex_elements = {**ours, **config.latex_elements}


def _typefaces() -> str:
    """Return what loads the pinned faces from beside the source, so that no machine's own fonts show."""
    cuts = "UprightFont=*-Regular, ItalicFont=*-It, BoldFont=*-Semibold, BoldItalicFont=*-SemiboldIt"
    return "\n".join(
        rf"\{command}{{{family.replace(' ', '')}}}[Path=./, Extension=.ttf, {cuts}]"
        for command, family in (("setmainfont", fonts.SERIF), ("setsansfont", fonts.SANS))
    )


def prepare(app: Sphinx) -> None:
    """Put the typefaces beside the source, and the edition on the title page."""
    builder = app.builder
    if not isinstance(builder, LaTeXBuilder):
        return
    if "sphinx_jupyterbook_latex" in app.extensions:
        hint = "set `latex: use_jupyterbook_latex: false` in _config.yml: the engine gives the book its shape itself"
        LOGGER.warning(hint, type="evidence", subtype="latex")
    for face in fonts.FACES:
        shutil.copyfile(face.path, Path(app.outdir) / face.path.name)
    root = Path(app.srcdir)
    book, cited = edition(root), citation(root)
    if "latex_documents" not in app.config._raw_config:
        document = (str(app.config.root_doc), f"{book.name}.tex", _tex(book.full_title), _tex(cited.authors), "manual")
        app.config.latex_documents = [document]
    imprint = (("How to cite", cited.sentence(book)), ("Licence", book.licence), ("Evidence numbers", NOTICE))
    said = "".join(rf"\evidenceimprint{{{_tex(head)}}}{{{_tex(text)}}}" for head, text in imprint if text)
    builder.context["date"] = _tex(date_words(book.date.isoformat()))
    builder.context["releasename"] = "Version"
    builder.context["release"] = f"{book.version}, digest {book.digest}"
    builder.context["maketitle"] = f"{builder.context['maketitle']}\n{said}"


def _tex(text: str) -> str:
    return escape(text, ENGINE)


class ShapeBook(SphinxPostTransform):
    """Bring the assembled book into the shape of the print edition: pages as chapters, no code, tables with widths."""

    default_priority = 5  # before links are resolved
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        hoist(self.document, str(self.config.root_doc))
        self.document.attributes.pop("docname", None)  # the front page is a part now, with a target of its own
        for cell in list(self.document.findall(nodes.container)):
            if "cell_input" in cell["classes"]:
                cell.parent.remove(cell)
        for table in self.document.findall(nodes.table):
            shares = percents(table)
            for column, share in zip(table.findall(nodes.colspec), shares, strict=False):
                column["colwidth"] = share
            table["classes"] += ["colwidths-given", "longtable"]


class EvidenceLatexTranslator(LaTeXTranslator):
    """Writes what the report adds to a book: numbered facts, ledger entries, key figures and charts."""

    def __init__(self, document: nodes.document, builder: LaTeXBuilder, theme: Any) -> None:
        super().__init__(document, builder, theme)
        self.this_is_the_title = 0  # the front page is a chapter like any other; the title is the report's
        self.elements["contentsname"] = ""  # Sphinx would take the name of the first part
        self._numbers = numbers_of(builder.env)
        self._part = ""
        self._is_in_run = False

    @property
    def _docname(self) -> str:
        return str(self.curfilestack[-1])

    # Pages, sections and blocks

    def visit_title(self, node: nodes.Element) -> None:
        """Number chapters and sections as on the web, and begin a part in the contents where one begins."""
        if isinstance(node.parent, nodes.section) and self.sectionlevel == self.top_sectionlevel:
            own = self._numbers.sections.get(self._docname, {})
            depth = max((len(number) for number in own.values() if number), default=0)
            part = self._numbers.parts.get(self._docname, "")
            if part != self._part:
                self._part = part
                self.body.append(rf"\evidencepart{{{self.escape(part)}}}" + "\n")
            self.body.append(rf"\setcounter{{secnumdepth}}{{{depth - 1}}}")
            if own.get(""):
                self.body.append(rf"\setcounter{{chapter}}{{{own[''][0] - 1}}}")
            self.body.append("\n")
        super().visit_title(node)

    def visit_container(self, node: nodes.Element) -> None:
        """Put the targets of a group; what else it is matters on a screen only."""
        self.body += ["\n", *(self.hypertarget(one) for one in node["ids"])]

    def depart_container(self, node: nodes.Element) -> None:
        self.body.append("\n\n")

    def visit_ledger_entry(self, node: nodes.Element) -> None:
        """An entry with the target of all links to it."""
        if not isinstance(_neighbour(node, -1), ledger_entry):
            self.body.append("\n\\begin{evidenceledger}\n")
        self.body.append("\n\\begin{evidenceentry}\n")
        self.body += [self.hypertarget(one) for one in node["ids"]]

    def depart_ledger_entry(self, node: nodes.Element) -> None:
        self.body.append("\n\\end{evidenceentry}\n")
        if not isinstance(_neighbour(node, 1), ledger_entry):
            self.body.append("\n\\end{evidenceledger}\n")

    def visit_paragraph(self, node: nodes.Element) -> None:
        """A paragraph; figures in large type, heads of entries and lines of a run have forms of their own."""
        if self._is_in_run:
            return
        super().visit_paragraph(node)
        self.body += [rf"\evidence{form}{{" for form in self._forms(node)]

    def depart_paragraph(self, node: nodes.Element) -> None:
        if self._is_in_run:
            return
        self.body += ["}" for _ in self._forms(node)]
        super().depart_paragraph(node)

    def _forms(self, node: nodes.Element) -> Iterator[str]:
        form = forms.paragraph_form(node) if isinstance(node, nodes.paragraph) else ""
        if form in {"figure-value", "entry-head", "remark"}:
            yield form.replace("-", "")

    def visit_bullet_list(self, node: nodes.Element) -> None:
        """A list; figures in large type are one too."""
        if "key-figures" in node["classes"]:
            self.body.append("\n\\begin{evidencefigures}\n")
        else:
            super().visit_bullet_list(node)

    def depart_bullet_list(self, node: nodes.Element) -> None:
        if "key-figures" in node["classes"]:
            self.body.append("\\end{evidencefigures}\n")
        else:
            super().depart_bullet_list(node)

    def visit_definition_list(self, node: nodes.Element) -> None:
        """Facts as a run of labels and words, or terms with their definitions."""
        if "facts" in node["classes"]:
            self._is_in_run = True
            self.body.append("\n\\begin{evidencerun}\n")
        else:
            super().visit_definition_list(node)

    def depart_definition_list(self, node: nodes.Element) -> None:
        if "facts" in node["classes"]:
            self._is_in_run = False
            self.body.append("\n\\end{evidencerun}\n")
        else:
            super().depart_definition_list(node)

    def visit_term(self, node: nodes.Element) -> None:
        """A label of a run, or a term."""
        if self._is_in_run:
            self.body.append("\n\\evidenceterm{")
        else:
            super().visit_term(node)

    def depart_term(self, node: nodes.Element) -> None:
        if self._is_in_run:
            self.body.append("} ")
        else:
            super().depart_term(node)

    # Figures and tables

    def visit_figure(self, node: nodes.Element) -> None:
        """A figure with the number that it has on the web."""
        self._number("figure", node)
        super().visit_figure(node)

    def visit_table(self, node: nodes.Element) -> None:
        """A table; one with a title has the number that it has on the web."""
        self._number("table", node)
        super().visit_table(node)

    def _number(self, kind: str, node: nodes.Element) -> None:
        number = self._numbers.figure(self._docname, kind, node["ids"])
        self.body.append(rf"\evidencenumbered{{{kind}}}{{{number}}}" + "\n")

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, as a PDF of its own: TeX reads no SVG."""
        svg = node["figure"].wide.svg
        name = f"chart-{hashlib.sha256(svg.encode()).hexdigest()[:12]}.pdf"
        (Path(self.builder.outdir) / name).write_bytes(vector(svg, edition(Path(self.builder.srcdir)).date))
        self.body.append(rf"\noindent\includegraphics[width=\linewidth]{{{name}}}" + "\n")
        raise nodes.SkipNode

    # Evidence and links

    def visit_page_numbers(self, node: page_numbers) -> None:
        """The pages on which the targets stand, each once."""
        labels = (target.removeprefix("%").replace("#", ":") for target in node["targets"])
        self.body.append(
            r"p.~\evidencepages{" + "".join(rf"\evidencepage{{{self.idescape(one)}}}" for one in labels) + "}"
        )
        raise nodes.SkipNode

    def visit_reference(self, node: nodes.Element) -> None:
        """A link: a fact with the number of its entry, another place in the book, or an address as paper needs it."""
        address = str(node.get("refuri", ""))
        if address and not address.startswith(("%", "#")):
            self._outside(node, address)
            raise nodes.SkipNode
        super().visit_reference(node)
        form = "doubt" if forms.is_doubtful(node) else "fact" if forms.carries_number(node) else ""
        self.body.append(rf"\evidence{form}{{" if form else "{")

    def depart_reference(self, node: nodes.Element) -> None:
        """End it; the number of the entry comes first, then the stance."""
        self.body.append("}")
        if forms.carries_number(node):
            stances = [child.astext().strip(" ()") for child in node.children if forms.is_stance(child)]
            form = "evidencelargemark" if forms.is_large(node) else "evidencemark"
            self.body.append(rf"\{form}{{{self._numbers.facts[node['evidence_id']]}}}")
            self.body += [rf"\evidencestance{{{self.encode(one)}}}" for one in stances]
        super().depart_reference(node)

    def visit_inline(self, node: nodes.Element) -> None:
        """Words of a kind; a stance is written behind the number of its fact."""
        if forms.is_stance(node) and forms.carries_number(node.parent):
            raise nodes.SkipNode
        if "number" in node["classes"] and isinstance(node.parent.parent, ledger_entry):
            self.body.append(r"\evidenceentrynumber{")
            self.context.append("}")
        elif forms.is_doubtful(node):
            self.body.append(r"\evidencedoubt{")
            self.context.append("}")
        else:
            self.body += [self.hypertarget(one) for one in node["ids"]]  # a row of a table, to which values lead
            super().visit_inline(node)

    def _outside(self, node: nodes.Element, address: str) -> None:
        url, said = self.encode_uri(address), node.astext()
        shown = rf"\nolinkurl{{{self.encode_uri(_bare(address))}}}"
        inner = self._inner(node)
        if "passage" in node["classes"]:  # "open the passage" is nothing that paper could do
            self.body.append(rf"\href{{{url}}}{{{shown}}}")
        elif not urlsplit(address).scheme:  # a file beside the web edition, which paper has not
            self.body.append(inner)
        elif said == address or not address.startswith("http"):
            self.body.append(rf"\href{{{url}}}{{\nolinkurl{{{self.encode_uri(said)}}}}}")
        elif forms.stands_in_prose(node) and not self.in_title:
            self.body.append(rf"\href{{{url}}}{{{inner}}}\evidencenote{{\href{{{url}}}{{{shown}}}}}")
        else:
            self.body.append(rf"\href{{{url}}}{{{inner}}} \evidenceaddress{{\href{{{url}}}{{{shown}}}}}")

    def _inner(self, node: nodes.Element) -> str:
        self.pushbody([])
        for child in node.children:
            child.walkabout(self)
        return "".join(self.popbody())


def _neighbour(node: nodes.Element, step: int) -> nodes.Node | None:
    place = node.parent.index(node) + step
    return node.parent[place] if 0 <= place < len(node.parent) else None


def _bare(address: str) -> str:
    """Return an address as it is read: without scheme, and without the words of a passage."""
    parts = urlsplit(address)
    tail = f"?{parts.query}" if parts.query else ""
    tail += f"#{parts.fragment}" if parts.fragment and not parts.fragment.startswith(":~:") else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path}{tail}".removesuffix("/")


def setup(app: Sphinx) -> None:
    """Register the translator and the settings."""
    app.set_translator("latex", EvidenceLatexTranslator)
    app.add_post_transform(ShapeBook)
    app.connect("config-inited", configure, priority=700)  # before Sphinx checks the settings
    app.connect("builder-inited", prepare)
