"""The book as LaTeX for those who have TeX: Sphinx's own, with the report's typefaces, facts, ledger and figures.

`jupyter-book build . --builder pdflatex` runs Sphinx's builder and then XeLaTeX. The print edition itself needs no TeX:
it is set by Typst, which also makes the figures' PDFs here.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.texescape import escape
from sphinx.writers.latex import LaTeXTranslator

from evidencebook.charts import fonts
from evidencebook.edition import citation, edition
from evidencebook.editions import forms
from evidencebook.editions.print.pdf import hoist
from evidencebook.editions.print.typesetting import vector
from evidencebook.pages.numbering import numbers_of
from evidencebook.pages.subtypes import Subtype, warn

ENGINE = "xelatex"  # the only one that takes the report's typefaces and signs as they are
CUTS = (
    "Path=./, Extension=.ttf, UprightFont=*-Regular, ItalicFont=*-It, BoldFont=*-Semibold, BoldItalicFont=*-SemiboldIt"
)


def configure(_: Sphinx, config: Config) -> None:
    """Settle what Sphinx's LaTeX builder leaves open; settings of the report itself come first."""
    config.latex_engine = ENGINE
    config.latex_show_urls = "footnote"
    config.latex_use_xindy = config.latex_domain_indices = False
    faces = (("setmainfont", fonts.SERIF), ("setsansfont", fonts.SANS))
    ours = {
        "papersize": "a4paper", "extraclassoptions": "openany,oneside", "fncychap": "",
        "makeindex": "", "printindex": "",
        "fontpkg": "\n".join(rf"\{command}{{{family.replace(' ', '')}}}[{CUTS}]" for command, family in faces),
    }  # fmt: skip
    config.latex_elements = {**ours, **config.latex_elements}


def prepare(app: Sphinx) -> None:
    """Put the typefaces beside the source, and the edition on the title page."""
    if not isinstance(app.builder, LaTeXBuilder):
        return
    if "sphinx_jupyterbook_latex" in app.extensions:
        hint = "set `latex: use_jupyterbook_latex: false` in _config.yml: the engine gives the book its shape itself"
        warn(hint, Subtype.LATEX)
    for face in fonts.FACES:
        shutil.copyfile(face.path, Path(app.outdir) / face.path.name)
    book, cited = edition(Path(app.srcdir)), citation(Path(app.srcdir))
    if "latex_documents" not in app.config._raw_config:
        said = [escape(text, ENGINE) for text in (book.full_title, cited.authors)]
        app.config.latex_documents = [(str(app.config.root_doc), f"{book.name}.tex", *said, "manual")]
    app.builder.context |= {"date": book.date.isoformat(), "releasename": "Version"}
    app.builder.context["release"] = f"{book.version}, digest {book.digest}"


class ShapeBook(SphinxPostTransform):
    """Bring the assembled book into the shape of the print edition: pages as chapters, no code, long tables."""

    default_priority = 5  # before links are resolved
    formats = ("latex",)

    def run(self, **_: Any) -> None:
        hoist(self.document, str(self.config.root_doc))
        self.document.attributes.pop("docname", None)  # the front page is a part now, with a target of its own
        for cell in list(self.document.findall(nodes.container)):
            if "cell_input" in cell["classes"]:
                cell.parent.remove(cell)
        for table in self.document.findall(nodes.table):
            table["classes"].append("longtable")


class EvidenceLatexTranslator(LaTeXTranslator):
    """Writes what the report adds to a book: numbered facts, ledger entries and charts."""

    def __init__(self, document: nodes.document, builder: LaTeXBuilder, theme: Any) -> None:
        super().__init__(document, builder, theme)
        self.this_is_the_title = 0  # the front page is a chapter like any other; the title is the report's
        self._numbers = numbers_of(builder.env)

    def visit_container(self, node: nodes.Element) -> None:
        """A group, or an entry of the ledger, with the targets of all links to it."""
        self.body += ["\n", *(self.hypertarget(one) for one in node["ids"])]

    def depart_container(self, node: nodes.Element) -> None:
        self.body.append("\n\n")

    visit_ledger_entry, depart_ledger_entry = visit_container, depart_container

    def visit_line_break(self, node: nodes.Element) -> None:
        self.body.append(r"\\ ")
        raise nodes.SkipNode

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, as a PDF of its own: TeX reads no SVG."""
        svg = node["figure"].wide.svg
        name = f"chart-{hashlib.sha256(svg.encode()).hexdigest()[:12]}.pdf"
        (Path(self.builder.outdir) / name).write_bytes(vector(svg, edition(Path(self.builder.srcdir)).date))
        self.body.append(rf"\noindent\includegraphics[width=\linewidth]{{{name}}}" + "\n")
        raise nodes.SkipNode

    def visit_page_numbers(self, node: nodes.Element) -> None:
        """The pages on which the targets stand."""
        labels = dict.fromkeys(target.removeprefix("%").replace("#", ":") for target in node["targets"])
        self.body.append("p.~" + ", ".join(rf"\pageref{{{self.idescape(one)}}}" for one in labels))
        raise nodes.SkipNode

    def depart_reference(self, node: nodes.Element) -> None:
        """End a link; a fact has the number of its entry."""
        if forms.carries_number(node):
            self.body.append(rf"\textsuperscript{{{self._numbers.facts[node['evidence_id']]}}}")
        super().depart_reference(node)

    def visit_inline(self, node: nodes.Element) -> None:
        """Words of a kind, such as a row of a table to which values lead."""
        self.body += [self.hypertarget(one) for one in node["ids"]]
        super().visit_inline(node)


def setup(app: Sphinx) -> None:
    app.set_translator("latex", EvidenceLatexTranslator)
    app.add_post_transform(ShapeBook)
    app.connect("config-inited", configure, priority=700)  # before Sphinx checks the settings
    app.connect("builder-inited", prepare)
