"""The e-book's text: a document tree as XHTML that says what a thing is; what it looks like is the style sheet's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.util.docutils import SphinxTranslator
from sphinx.util.logging import getLogger

from evidencebook.charts.figures import Figure
from evidencebook.charts.standalone import size, standalone
from evidencebook.editions import forms
from evidencebook.editions.columns import cell_tag, heads
from evidencebook.evidence.wording import NBSP
from evidencebook.pages.charts import heading
from evidencebook.pages.nodes import DOUBTFUL
from evidencebook.pages.numbering import Numbers

LOGGER = getLogger(__name__)
TALLEST = 2.0  # of the width of a chart for narrow pages: a taller one would be shrunk to the page of a phone
NARROW = "(max-width: 33em)"
PICTURES = "pictures"
_SIGN = re.compile(r"([_/.])(?=\w)")
# Nodes that need no more than a tag around what they hold.
TAGS = {
    "emphasis": "em", "strong": "strong", "title_reference": "cite", "superscript": "sup", "subscript": "sub",
    "block_quote": "blockquote", "list_item": "li", "term": "dt", "definition": "dd", "definition_list_item": "div",
    "thead": "thead", "tbody": "tbody", "row": "tr", "line_block": "div", "line": "div", "bullet_list": "ul",
    "definition_list": "dl", "ledger_entry": "div", "abbreviation": "abbr",
}  # fmt: skip
INLINE = {"emphasis", "strong", "title_reference", "superscript", "subscript", "abbreviation"}
KEPT = {
    "key-figures", "facts", "source-card", "contradiction", "ledger-entry", "head", "figure", "caption", "number",
    "is-doubtful", "remark",
}  # fmt: skip


class XhtmlTranslator(SphinxTranslator):
    """Writes `body`; pictures go to `pictures`, and `figures` notes address and title of each."""

    def __init__(
        self, document: nodes.document, builder: Any, docname: str, file: str, numbers: Numbers,
        address: Callable[[str], str | None],
    ) -> None:  # fmt: skip
        super().__init__(document, builder)
        self.body: list[str] = []
        self.pictures: dict[str, bytes] = {}
        self.figures: list[tuple[str, str]] = []
        self._docname, self._file = docname, file
        self._numbers, self._address = numbers, address
        self._level = 0
        self._placed: set[str] = set()
        self._links: list[str] = []

    def put(self, text: str) -> None:
        self.body.append(text)

    def open(self, node: nodes.Element, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """Add a start tag with the ids and classes of the node that a reader's eye or a link needs."""
        ids = [one for one in node["ids"] if one not in self._placed]
        self._placed.update(ids)
        classes = " ".join(one for one in node["classes"] if one in KEPT)
        given = {**({"id": ids[0]} if ids else {}), **({"class": classes} if classes else {}), **(attributes or {})}
        self.put(f"<{tag}{''.join(f' {name}={_quoted(value)}' for name, value in given.items())}>")
        self.put("".join(f"<span id={_quoted(one)}></span>" for one in ids[1:]))

    def unknown_visit(self, node: nodes.Node) -> None:
        """Open what needs no more than a tag around it; complain of what has no form here."""
        name = type(node).__name__
        if name in forms.LEFT_OUT:
            raise nodes.SkipNode
        assert isinstance(node, nodes.Element)
        if name in TAGS:
            self.open(node, TAGS[name])
        elif isinstance(node, nodes.Admonition | nodes.topic):
            self.open(node, "div", {"class": "note", "role": "note"})
            title = next((child.astext() for child in node.children if isinstance(child, nodes.title)), "")
            self.put(f'<p class="note-title">{escape(title or name.capitalize())}</p>\n')
        elif name in forms.CHILDREN_ONLY or name == "compound":
            self._anchors(node)
        else:
            what = f"{name} has no form in the e-book; what it holds is written as plain text"
            LOGGER.warning(what, location=node, type="evidence", subtype="epub")

    def unknown_departure(self, node: nodes.Node) -> None:
        name = type(node).__name__
        if name in TAGS:
            self.put(f"</{TAGS[name]}>" + "\n" * (name not in INLINE))
        elif isinstance(node, nodes.Admonition | nodes.topic):
            self.put("</div>\n")

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text, with ranges kept on one line; in tables, names of columns and files may break after a sign."""
        text = escape(node.astext(), quote=False)
        if _is_name(node.parent) and not forms.stands_in_prose(node):
            self.put(_SIGN.sub(r"\1<wbr/>", text))
        else:
            self.put(forms.RANGE.sub(r'<span class="whole">\g<0></span>', text))

    def depart_Text(self, node: nodes.Text) -> None:
        """Go on."""

    # Sections and blocks

    def visit_section(self, node: nodes.section) -> None:
        self._level += 1
        self.open(node, "section")

    def depart_section(self, node: nodes.section) -> None:
        self._level -= 1
        self.put("</section>\n")

    def visit_title(self, node: nodes.title) -> None:
        """Write a heading; other titles are written with what they belong to."""
        section = node.parent
        if not isinstance(section, nodes.section):
            raise nodes.SkipNode
        number = self._numbers.section(self._docname, section["ids"][0] if section["ids"] else "", self._level == 1)
        self.open(node, f"h{min(self._level, 6)}")
        self.put(f'<span class="section-number">{number}</span> ' if number else "")

    def depart_title(self, node: nodes.title) -> None:
        self.put(f"</h{min(self._level, 6)}>\n")

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        """A paragraph; one that is all that a cell, an item or a definition holds is that itself."""
        if _stands_alone(node):
            self._anchors(node)
        else:
            self.open(node, "p")

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.put("" if _stands_alone(node) else "</p>\n")

    def visit_entry_head(self, node: nodes.paragraph) -> None:
        """The heading of an entry, one level below that of its section."""
        self.open(node, f"h{min(self._level + 1, 6)}")

    def depart_entry_head(self, node: nodes.paragraph) -> None:
        self.put(f"</h{min(self._level + 1, 6)}>\n")

    def visit_rubric(self, node: nodes.rubric) -> None:
        """A heading that is none of the contents."""
        self.open(node, "p", {"class": "rubric"})

    def depart_rubric(self, node: nodes.rubric) -> None:
        self.put("</p>\n")

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> None:
        self.open(node, "ol", {"start": str(node["start"])} if "start" in node else None)

    def depart_enumerated_list(self, node: nodes.enumerated_list) -> None:
        self.put("</ol>\n")

    def visit_glossary(self, node: nodes.Element) -> None:
        for one in node.findall(nodes.definition_list):
            one["epub"] = "glossary"

    def depart_glossary(self, node: nodes.Element) -> None:
        """Go on."""

    def visit_definition_list(self, node: nodes.definition_list) -> None:
        """Facts as lines of labels and words, or terms with their definitions."""
        self.open(node, "dl", {"epub:type": "glossary"} if "epub" in node else None)

    def depart_definition_list(self, node: nodes.definition_list) -> None:
        self.put("</dl>\n")

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Code, or what a program printed."""
        self.put(f"<pre><code>{escape(node.astext().rstrip(), quote=False)}</code></pre>\n")
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.transition) -> None:
        self.put("<hr/>\n")
        raise nodes.SkipNode

    def visit_container(self, node: nodes.container) -> None:
        """A group: code stays on screen."""
        if "cell_input" in node["classes"]:
            raise nodes.SkipNode
        if _is_group(node):
            self.open(node, "div")

    def depart_container(self, node: nodes.container) -> None:
        self.put("</div>\n" if _is_group(node) else "")

    # Figures and tables

    def visit_figure(self, node: nodes.figure) -> None:
        """A picture with number and caption."""
        self.open(node, "figure")
        label, title = self._label("figure", node), heading(node)
        if node["ids"]:
            self.figures.append((f"{self._file}#{node['ids'][0]}", f"{label}{NBSP} {title}" if label else title))

    def depart_figure(self, node: nodes.figure) -> None:
        """End it with its caption."""
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        if caption is not None:
            label = self._label("figure", node)
            self.put(f"<figcaption>{_numbered(label)}{self._inner(caption)}</figcaption>\n")
        self.put("</figure>\n")

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, and one for a narrow page where that fits one."""
        figure: Figure = node["figure"]
        wide, narrow = (
            self._picture(".svg", standalone(one.svg, figure.alt).encode()) for one in (figure.wide, figure.narrow)
        )
        width, height = size(figure.narrow.svg)
        is_short = 0 < height <= TALLEST * width
        other = f'<source media="{NARROW}" type="image/svg+xml" srcset="{narrow}"/>' if is_short else ""
        image = f'<img class="chart" src="{wide}" alt={_quoted(figure.alt)}/>'
        self.put(f"<picture>{other}{image}</picture>\n" if other else f"{image}\n")
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        """Any other picture."""
        path = Path(self.builder.srcdir, node["uri"])
        if not path.is_file():
            LOGGER.warning("no picture %s", node["uri"], location=node, type="evidence", subtype="epub")
            raise nodes.SkipNode
        name = self._picture(path.suffix.lower(), path.read_bytes())
        self.put(f'<img src="{name}" alt={_quoted(node.get("alt", ""))}/>')
        raise nodes.SkipNode

    def _picture(self, suffix: str, data: bytes) -> str:
        name = f"{PICTURES}/{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
        self.pictures[name] = data
        return name

    def visit_table(self, node: nodes.table) -> None:
        """A table, with number and caption where it has a title."""
        self.open(node, "table", {"class": "wide"} if heads(node) else None)
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        if title is not None:
            self.put(f"<caption>{_numbered(self._label('table', node))}{self._inner(title)}</caption>\n")

    def depart_table(self, node: nodes.table) -> None:
        self.put("</table>\n")

    def visit_entry(self, node: nodes.entry) -> None:
        """A cell; a head says for what it is one."""
        attributes = {
            name: str(node[key] + 1) for key, name in (("morecols", "colspan"), ("morerows", "rowspan")) if key in node
        }
        tag = cell_tag(node)
        named = heads(node.parent.parent.parent.parent) if tag == "td" else []
        if (place := node.parent.index(node)) < len(named):
            attributes["data-head"] = named[place]  # a narrow page sets the row as lines, each with its head
        scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
        self.open(node, tag, {**attributes, **({"scope": scope} if tag == "th" else {})})

    def depart_entry(self, node: nodes.entry) -> None:
        self.put(f"</{cell_tag(node)}>")

    # Evidence and links

    def visit_reference(self, node: nodes.reference) -> None:
        """A link: a fact with the number of its entry, another place in the book, or an address outside."""
        self._links.append("")
        address = f"#{node['refid']}" if "refid" in node else str(node.get("refuri", ""))
        is_inside = "refid" in node or not urlsplit(address).scheme
        found = self._address(address) if is_inside else address
        if found is None or any(self._links):  # a file beside the web edition; or a link within a link
            self._anchors(node)
            return
        attributes = {"href": found}
        if forms.carries_number(node):
            kind = "fact" if "fact" in node["classes"] else "entry"
            attributes["class"] = f"{kind} {DOUBTFUL}" if forms.is_doubtful(node) else kind
            said = " ".join(node.astext().split())
            attributes["aria-label"] = f"{said}, entry {self._numbers.facts[node['evidence_id']]}"
        self.open(node, "a", attributes)
        self._links[-1] = found

    def depart_reference(self, node: nodes.reference) -> None:
        """End it, and put the number of the entry behind a fact."""
        if not self._links.pop():
            return
        if forms.carries_number(node):
            self.put(f'<sup class="evidence">{self._numbers.facts[node["evidence_id"]]}</sup>')
        self.put("</a>")
        for child in node.children:
            if forms.carries_number(node) and forms.is_stance(child):
                self._stance(child)

    def _stance(self, node: nodes.Node) -> None:
        self.put(f'<small class="stance">{NBSP}{escape(node.astext().strip())}</small>')

    def visit_inline(self, node: nodes.inline) -> None:
        """Words of a kind that has a look of its own: the stance of a value, an entry's number."""
        if forms.is_stance(node):
            if not forms.carries_number(node.parent):
                self._stance(node)
            raise nodes.SkipNode
        if "number" in node["classes"] or forms.is_doubtful(node):
            self.open(node, "span")
        else:
            self._anchors(node)

    def depart_inline(self, node: nodes.inline) -> None:
        self.put("</span>" if "number" in node["classes"] or forms.is_doubtful(node) else "")

    def visit_literal(self, node: nodes.literal) -> None:
        """A name as a program writes it; what a reference shows is none."""
        self._anchors(node)
        self.put("" if "xref" in node["classes"] else "<code>")

    def depart_literal(self, node: nodes.literal) -> None:
        self.put("" if "xref" in node["classes"] else "</code>")

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        """The number of a note, which many reading systems show on the spot."""
        self.open(node, "a", {"href": f"#{node['refid']}", "epub:type": "noteref", "role": "doc-noteref"})
        self.put(f"<sup>{escape(node.astext())}</sup></a>")
        raise nodes.SkipNode

    def visit_footnote(self, node: nodes.footnote) -> None:
        """A note, with the way back."""
        label = next((child.astext() for child in node.children if isinstance(child, nodes.label)), "")
        self.open(node, "aside", {"epub:type": "footnote", "role": "doc-footnote"})
        back = node["backrefs"][0] if node.get("backrefs") else ""
        number = escape(label)
        shown = (
            f'<a href="#{back}" role="doc-backlink" aria-label="Back to note {number}">{number}</a>' if back else number
        )
        self.put(f'<span class="note-number">{shown}</span> ')

    def depart_footnote(self, node: nodes.footnote) -> None:
        self.put("</aside>\n")

    def _inner(self, node: nodes.Element) -> str:
        """Return the markup of what a node holds."""
        outer, self.body = self.body, []
        self._anchors(node)
        for child in node.children:
            child.walkabout(self)
        inner, self.body = "".join(self.body).strip(), outer
        return inner

    def _anchors(self, node: nodes.Element) -> None:
        """Put targets for a node that has no tag of its own."""
        for one in node["ids"]:
            if one not in self._placed:
                self._placed.add(one)
                self.put(f"<span id={_quoted(one)}></span>")

    def _label(self, kind: str, node: nodes.Element) -> str:
        number = self._numbers.figure(self._docname, kind, node["ids"])
        return str(self.config.numfig_format.get(kind, "%s")) % number if number else ""


def _is_name(node: nodes.Node) -> bool:
    return isinstance(node, nodes.literal) and "xref" not in node["classes"]


def _is_group(node: nodes.container) -> bool:
    return bool(node["ids"]) or any(one in KEPT for one in node["classes"])


def _stands_alone(node: nodes.paragraph) -> bool:
    holders = (nodes.entry, nodes.list_item, nodes.definition, nodes.footnote)
    if not isinstance(node.parent, holders) or any(one in KEPT for one in node["classes"]):
        return False
    blocks = [one for one in node.parent.children if not isinstance(one, nodes.label)]
    return not any(isinstance(one, nodes.paragraph) and one is not node for one in blocks)


def _numbered(label: str) -> str:
    return f'<b class="label">{escape(label.replace(" ", NBSP))}</b> ' if label else ""


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'
