"""The e-book's text: Sphinx's own HTML5, which is XHTML as well, with what evidence, charts and reading systems add."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes

from evidencebook.charts.figures import Figure
from evidencebook.charts.standalone import size, standalone
from evidencebook.editions import forms, scripts
from evidencebook.editions.columns import heads
from evidencebook.editions.ebook.package import KINDS
from evidencebook.editions.hypertext import Hypertext
from evidencebook.evidence.wording import NBSP
from evidencebook.pages import formulas
from evidencebook.pages.charts import heading
from evidencebook.pages.nodes import placed
from evidencebook.pages.numbering import Numbers
from evidencebook.pages.subtypes import Subtype, warn

TALLEST = 2.0  # of the width of a chart for narrow pages: a taller one would be shrunk to the page of a phone
NARROW = "(max-width: 33em)"
PICTURES = "pictures"
_SIGN = re.compile(r"([_/.])(?=\w)")


class EbookTranslator(Hypertext):
    """Writes `body`; pictures go to `pictures`, and `figures` notes address and title of each."""

    def __init__(
        self, document: nodes.document, builder: Any, file: str, numbers: Numbers,
        address: Callable[[str], str | None],
    ) -> None:  # fmt: skip
        super().__init__(document, builder)
        self.pictures: dict[str, bytes] = {}
        self.figures: list[tuple[str, str]] = []
        self._docname, self._file = str(builder.current_docname), file
        self._numbers, self._address = numbers, address
        self._links: list[bool] = []  # of the references that are open, which are links

    def unknown_visit(self, node: nodes.Node) -> None:
        """Write what another extension has for web pages; complain of what has no form."""
        name = type(node).__name__
        if name in forms.LEFT_OUT:
            raise nodes.SkipNode
        if (found := self._handlers(node)) is not None:
            found[0](self, node)
        elif isinstance(node, nodes.Element) and name not in forms.CHILDREN_ONLY:
            what = f"{name} has no form in the e-book; what it holds is written as plain text"
            warn(what, Subtype.EPUB, placed(node))

    def unknown_departure(self, node: nodes.Node) -> None:
        if (found := self._handlers(node)) is not None and found[1] is not None:
            found[1](self, node)

    def _handlers(self, node: nodes.Node) -> Any:
        known = self.builder.app.registry.translation_handlers.get("html", {})
        return known.get(type(node).__name__)

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text, with ranges kept on one line; in tables, names of columns and files may break after a sign."""
        is_name = isinstance(node.parent, nodes.literal) and "xref" not in node.parent["classes"]
        if is_name and not forms.stands_in_prose(node):
            self.body.append(_SIGN.sub(r"\1<wbr/>", escape(node.astext(), quote=False)))
        else:
            self.body.append(forms.RANGE.sub(r'<span class="whole">\g<0></span>', scripts.markup(node.astext())))

    # Sections and blocks

    def visit_compound(self, node: nodes.compound) -> None:
        """A group; that of a table of contents is empty, since the package has its own."""
        if "toctree-wrapper" in node["classes"]:
            raise nodes.SkipNode
        super().visit_compound(node)

    def visit_raw(self, node: nodes.Element) -> None:
        """Leave it out: what had an equivalent is nodes by now, and scripts of other extensions are for a screen."""
        raise nodes.SkipNode

    def visit_glossary(self, node: nodes.Element) -> None:
        """Tell the list that it is one, for reading systems that look for it."""
        for one in node.findall(nodes.definition_list):
            one["epub"] = "glossary"

    def visit_definition_list(self, node: nodes.Element) -> None:
        self.body.append(self.starttag(node, "dl", **({"epub:type": node["epub"]} if "epub" in node else {})))

    def visit_container(self, node: nodes.Element) -> None:
        """A group: code of cells stays on screen."""
        if "cell_input" in node["classes"]:
            raise nodes.SkipNode
        self.body.append(self.starttag(node, "div"))

    def depart_container(self, node: nodes.Element) -> None:
        self.body.append("</div>\n")

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Code, or what a program printed."""
        self.body.append(f"{self.starttag(node, 'pre', '')}<code>{escape(node.astext().rstrip(), quote=False)}</code>")
        self.body.append("</pre>\n")
        raise nodes.SkipNode

    def visit_rubric(self, node: nodes.Element) -> None:
        """A heading that is none of the contents."""
        self.body.append(self.starttag(node, "p", "", CLASS="rubric"))

    def depart_rubric(self, node: nodes.Element) -> None:
        self.body.append("</p>\n")

    def visit_ledger_entry(self, node: nodes.Element) -> None:
        """An entry, to which values lead."""
        self.body.append(self.starttag(node, "div"))

    def depart_ledger_entry(self, node: nodes.Element) -> None:
        self.body.append("</div>\n")

    def visit_math(self, node: nodes.Element, math_env: str = "") -> None:
        formulas.visit_html(self, node)

    visit_math_block = visit_math

    # Figures and tables

    def visit_figure(self, node: Any) -> None:
        """A picture with number and caption, which the list of figures names."""
        label = self._numbers.called(self._docname, "figure", node["ids"])
        title = heading(node)
        if node["ids"]:
            self.figures.append((f"{self._file}#{node['ids'][0]}", f"{label}{NBSP} {title}" if label else title))
        super().visit_figure(node)

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, and one for a narrow page where that fits one."""
        figure: Figure = node["figure"]
        wide, narrow = (
            self._picture(".svg", standalone(one.svg, figure.alt).encode()) for one in (figure.wide, figure.narrow)
        )
        width, height = size(figure.narrow.svg)
        is_short = 0 < height <= TALLEST * width
        other = f'<source media="{NARROW}" type="image/svg+xml" srcset="{narrow}"/>' if is_short else ""
        image = f'<img class="chart" src="{wide}" alt="{escape(figure.alt)}"/>'
        self.body.append(f"<picture>{other}{image}</picture>\n" if other else f"{image}\n")
        raise nodes.SkipNode

    def visit_image(self, node: nodes.Element) -> None:
        path = Path(self.builder.srcdir, node["uri"])
        if not path.is_file():
            warn(f"no picture {node['uri']}", Subtype.EPUB, placed(node))
            raise nodes.SkipNode
        if path.suffix.lower() not in KINDS:
            what = f"no reading system shows {path.suffix} - save {path.name} as PNG or SVG"
            warn(what, Subtype.EPUB, placed(node))
            raise nodes.SkipNode
        name = self._picture(path.suffix.lower(), path.read_bytes())
        self.body.append(f'<img src="{name}" alt="{escape(node.get("alt", ""))}"/>')
        raise nodes.SkipNode

    def _picture(self, suffix: str, data: bytes) -> str:
        name = f"{PICTURES}/{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
        self.pictures[name] = data
        return name

    def visit_table(self, node: nodes.Element) -> None:
        """A table, which narrow pages set as lines where it has many columns."""
        node["classes"] += ["wide"] if heads(node) else []
        super().visit_table(node)

    def more_of(self, node: nodes.Element, column: int, is_head: bool) -> dict[str, Any]:
        """Return the head of a cell's column, which a narrow page sets before the cell."""
        named = [] if is_head else heads(node.parent.parent.parent.parent)
        return {"data-head": named[column]} if column < len(named) else {}

    # Evidence and links

    def visit_reference(self, node: nodes.Element) -> None:
        """A link: a fact with the number of its entry, another place in the book, or an address outside."""
        address = f"#{node['refid']}" if "refid" in node else str(node.get("refuri", ""))
        is_inside = "refid" in node or not urlsplit(address).scheme
        found = self._address(address) if is_inside else address
        # A file beside the web edition, or a link within a link, is none.
        self._links.append(found is not None and not any(self._links))
        attributes: dict[str, Any] = {"href": found} if self._links[-1] else {}
        if self._links[-1] and forms.carries_number(node):
            said = " ".join(node.astext().split())
            attributes["aria-label"] = f"{said}, entry {self._numbers.facts[node['evidence_id']]}"
            node["classes"] += ["entry"] if "fact" not in node["classes"] else []
        self.body.append(
            self.starttag(node, "a", "", **attributes) if self._links[-1] else self.starttag(node, "span", "")
        )

    def depart_reference(self, node: nodes.Element) -> None:
        """End it, and put the number of the entry behind a fact."""
        is_link = self._links.pop()
        if is_link and forms.carries_number(node):
            self.body.append(f'<sup class="evidence">{self._numbers.facts[node["evidence_id"]]}</sup>')
        self.body.append("</a>" if is_link else "</span>")
        for child in node.children:
            if is_link and forms.carries_number(node) and forms.is_stance(child):
                self._stance(child)

    def _stance(self, node: nodes.Node) -> None:
        self.body.append(f'<small class="stance">{NBSP}{escape(node.astext().strip())}</small>')

    def visit_inline(self, node: nodes.Element) -> None:
        """Words of a kind that has a look of its own: the stance of a value stands behind its number."""
        if forms.is_stance(node):
            if not forms.carries_number(node.parent):
                self._stance(node)
            raise nodes.SkipNode
        tag = next((one for one in forms.MARKED if one in node["classes"]), "span")
        self.body.append(self.starttag(node, tag, ""))
        self.context.append(f"</{tag}>")

    def depart_inline(self, node: nodes.Element) -> None:
        self.body.append(self.context.pop())

    def visit_literal(self, node: nodes.Element) -> None:
        """A name as a program writes it; what a reference shows is none."""
        tag = "span" if "xref" in node["classes"] else "kbd" if "kbd" in node["classes"] else "code"
        self.body.append(self.starttag(node, tag, ""))
        self.context.append(f"</{tag}>")

    def depart_literal(self, node: nodes.Element) -> None:
        self.body.append(self.context.pop())

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """The number of a note, which many reading systems show on the spot."""
        given: Any = {"href": f"#{node['refid']}", "epub:type": "noteref", "role": "doc-noteref"}
        self.body.append(f"{self.starttag(node, 'a', '', **given)}<sup>{escape(node.astext())}</sup></a>")
        raise nodes.SkipNode

    def visit_footnote(self, node: nodes.Element) -> None:
        """A note, with the way back to what refers to it first."""
        label = next((child.astext() for child in node.children if isinstance(child, nodes.label)), "")
        given: Any = {"epub:type": "footnote", "role": "doc-footnote"}
        self.body.append(self.starttag(node, "aside", **given))
        number = escape(label)
        said = f'role="doc-backlink" aria-label="Back to note {number}"'
        backs: list[str] = node.get("backrefs", [])
        shown = f'<a href="#{backs[0]}" {said}>{number}</a>' if backs else number
        self.body.append(f'<span class="note-number">{shown}</span>\n')

    def depart_footnote(self, node: nodes.Element) -> None:
        self.body.append("</aside>\n")

    def visit_label(self, node: nodes.label) -> None:
        """Written with its note, but for works of a bibliography."""
        if isinstance(node.parent, nodes.footnote):
            raise nodes.SkipNode
        super().visit_label(node)
