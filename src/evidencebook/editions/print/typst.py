"""The print edition's text: a document tree as Typst source that calls the functions of editions/print/book.typ.

What a thing looks like is decided there; here it is only said what it is. https://typst.app/docs/reference/syntax/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxTranslator
from sphinx.util.logging import getLogger

from evidencebook.editions import forms
from evidencebook.editions.columns import floats, keeps_together, widths
from evidencebook.editions.nobreak import bound
from evidencebook.editions.print.typesetting import Source, markup, quoted
from evidencebook.pages.charts import heading
from evidencebook.pages.domain import EVENT, LEDGER, ROW
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.numbering import Numbers
from evidencebook.pages.uses import page_numbers

LOGGER = getLogger(__name__)
# Entries. Typst sets what lies between page breaks side by side; a ledger without them would keep one processor.
STRETCH = 60


class TypstTranslator(SphinxTranslator):
    """Writes `body`; pictures go to `source`, which the typesetter reads."""

    def __init__(self, document: nodes.document, builder: Any, numbers: Numbers, source: Source) -> None:
        super().__init__(document, builder)
        self.body: list[str] = []
        self._numbers = numbers
        self._source = source
        self._page: nodes.Element = document
        self._docname = ""
        self._level = self._unbroken = 0
        self._is_numbered = self._is_in_ledger = self._is_opening = False
        self._placed: set[str] = set()
        self._targets = {
            label for part in document.findall(addnodes.start_of_file) for label in _labels(part, part["docname"])
        }

    def put(self, text: str) -> None:
        self.body.append(text)

    def unknown_visit(self, node: nodes.Node) -> None:
        """Open what needs no more than a function around it; complain of what has no form in print."""
        name = type(node).__name__
        if name in forms.LEFT_OUT:
            raise nodes.SkipNode
        if name in forms.WRAPPED:
            self.put(forms.WRAPPED[name][0])
        elif isinstance(node, nodes.Admonition | nodes.topic):
            title = next((child.astext() for child in node.children if isinstance(child, nodes.title)), "")
            self.put(f"#note({quoted(title or name.capitalize())})[")
        elif name not in forms.CHILDREN_ONLY:
            what = f"{name} has no form in the print edition; what it holds is set as plain text"
            LOGGER.warning(what, location=node, type="evidence", subtype="print")
        if isinstance(node, nodes.Element):
            self._anchor(node)

    def unknown_departure(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Admonition | nodes.topic):
            self.put("]\n\n")
        else:
            self.put(forms.WRAPPED.get(type(node).__name__, ("", ""))[1])

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text with everything escaped that Typst would read as markup."""
        self.put(forms.RANGE.sub(r"#box[\g<0>]", markup(bound(forms.SPACE.sub(" ", node.astext())))))

    def depart_Text(self, node: nodes.Text) -> None:
        """Go on."""

    # Pages, sections and blocks

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """Begin a page of the book; the ledger, which divides no words, is none of running text."""
        self._page, self._docname = node, node["docname"]
        if next(node.findall(ledger_entry), None) is None:
            self.put("#prose[\n")

    def depart_start_of_file(self, node: nodes.Element) -> None:
        """End it, and with it the ledger's own page format."""
        self.put("])\n\n" if self._is_in_ledger else "]\n\n")
        self._is_in_ledger = self._is_opening = False

    def visit_section(self, node: nodes.section) -> None:
        """Go one level down; the ledger has a page format of its own, and an opening that goes across it."""
        self._level += 1
        if self._is_in_ledger and any(isinstance(part, ledger_entry) for part in node.children):
            if self._is_opening or self._unbroken >= STRETCH:
                self.put("], [\n" if self._is_opening else "#stretch-break()\n")
                self._is_opening, self._unbroken = False, 0
            self._unbroken += sum(isinstance(part, ledger_entry) for part in node.children)
        elif self._level == 1 and next(node.findall(ledger_entry), None) is not None:
            self._is_in_ledger = self._is_opening = True
            self.put(f"#ledger({quoted(self._numbers.titles[self._docname])}, [\n")

    def depart_section(self, node: nodes.section) -> None:
        self._level -= 1

    def visit_pair(self, node: nodes.section) -> None:
        """A contradiction, which keeps together."""
        self.put("#contradiction[")
        self.visit_section(node)

    def depart_pair(self, node: nodes.section) -> None:
        self.depart_section(node)
        self.put("]\n\n")

    def visit_title(self, node: nodes.title) -> None:
        """Write a chapter's or section's title; other titles are written with what they belong to."""
        section = node.parent
        if not isinstance(section, nodes.section):
            raise nodes.SkipNode
        ids, is_chapter = section["ids"], self._level == 1
        number = self._numbers.section(self._docname, ids[0] if ids else "", is_chapter)
        part = self._numbers.parts.get(self._docname, "")
        depth = self._numbers.depths.get(self._docname, 0)
        options = f"number: {quoted(number)}, part: {quoted(part)}, depth: {depth}"
        if is_chapter:
            self._is_numbered = bool(number)
            short = self._numbers.titles[self._docname]
            options += f", short: {quoted(short)}" if short != node.astext() else ""
            if not self._is_in_ledger:
                self.put(f"#chapter-break({quoted(short)}, depth: {depth})\n")
        else:
            # Sections of the appendix would drown the chapters; those of the ledger are looked for.
            options += f", level: {self._level}, listed: {_truth(self._is_numbered or self._is_in_ledger)}"
        self._anchor(section)
        self.put(f"#{'chapter' if is_chapter else 'subheading'}({options})[")

    def depart_title(self, node: nodes.title) -> None:
        self.put("]\n\n")

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        """A paragraph; one that leads to a table stays with it."""
        if form := forms.paragraph_form(node):
            self.put(f"#{form}[")
        self._anchor(node)

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.put("]\n\n" if forms.paragraph_form(node) else "\n\n")

    def visit_entry_head(self, node: nodes.paragraph) -> None:
        """The heading of an entry, one level below that of its section."""
        depth = self._numbers.depths.get(self._docname, 0)
        self.put(f"#entry-head(level: {self._level + 1 + depth})[")

    def depart_entry_head(self, node: nodes.paragraph) -> None:
        self.put("]\n\n")

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        """A list; figures in large type are one too."""
        self.put("#key-figures(" if "key-figures" in node["classes"] else "#list(")

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> None:
        self.put(f"#enum(start: {node.get('start', 1)}, ")

    def visit_definition_list(self, node: nodes.definition_list) -> None:
        """Facts as lines of labels and words, or terms with their definitions."""
        form = "run" if "facts" in node["classes"] else "card" if "source-card" in node["classes"] else "terms"
        self.put(f"#definitions({quoted(form)}, ")

    def depart_bullet_list(self, node: nodes.Element) -> None:
        self.put(")\n\n")

    depart_enumerated_list = depart_definition_list = depart_table = depart_bullet_list

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Code, or what a program printed."""
        self.put(f"#raw({quoted(node.astext().rstrip())}, block: true)\n\n")
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.transition) -> None:
        self.put("#break-of-thought()\n\n")
        raise nodes.SkipNode

    def visit_container(self, node: nodes.container) -> None:
        """A group: code stays on screen."""
        if "cell_input" in node["classes"]:
            raise nodes.SkipNode
        self._anchor(node)

    def depart_container(self, node: nodes.container) -> None:
        self.put("\n\n")

    # Figures and tables

    def visit_figure(self, node: nodes.figure) -> None:
        """A picture with number, title for the list of figures, and caption; those of the front page stay in place."""
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        number = self._numbers.figure(self._docname, "figure", node["ids"])
        labels = self._labels(node)
        is_free = _truth(self._docname != self.config.root_doc)
        named = f"{quoted(number)}, {quoted(heading(node))}, ({labels})"
        self.put(f"#picture({named}, [{self._inner(caption)}], float: {is_free})[")

    def _labels(self, node: nodes.Element) -> str:
        return "".join(f"{quoted(f'{self._docname}:{one}')}, " for one in node["ids"])

    def depart_figure(self, node: nodes.figure) -> None:
        self.put("]\n\n")

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, which is what paper is."""
        self._image(self._source.add(".svg", node["figure"].wide.svg.encode()), node["figure"].alt)

    def visit_image(self, node: nodes.image) -> None:
        """Any other picture."""
        path = Path(self.builder.srcdir, node["uri"])
        if not path.is_file():
            LOGGER.warning("no picture %s", node["uri"], location=node, type="evidence", subtype="print")
            raise nodes.SkipNode
        self._image(self._source.add(path.suffix, path.read_bytes()), node.get("alt", ""))

    def _image(self, name: str, alt: str) -> None:
        self.put(f"#image({quoted(name)}, alt: {quoted(alt)})\n")
        raise nodes.SkipNode

    def visit_table(self, node: nodes.table) -> None:
        """A table, with number and caption where it has a title."""
        # Within a list or a note a float would stand above what it belongs to; the front page is set as it reads.
        is_free = floats(node) and isinstance(node.parent, nodes.section) and self._docname != self.config.root_doc
        if not is_free:
            self._anchor(node)
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        number = self._numbers.figure(self._docname, "table", node["ids"])
        caption = f"[{self._inner(title)}]" if title is not None else "none"
        ids = self._labels(node) if is_free else ""
        options = f"({', '.join(widths(node))},), ids: ({ids}), short: {_truth(keeps_together(node))}"
        options += f", floats: {_truth(is_free)}"
        self.put(f"#rows({quoted(number)}, {caption}, {options}, ")

    def visit_entry(self, node: nodes.entry) -> None:
        columns, rows = node.get("morecols", 0) + 1, node.get("morerows", 0) + 1
        self.put("[" if columns == rows == 1 else f"table.cell(colspan: {columns}, rowspan: {rows})[")

    def depart_entry(self, node: nodes.entry) -> None:
        self.put("], ")

    # Evidence and links

    def visit_ledger_entry(self, node: nodes.Element) -> None:
        """An entry; the head of its page tells its number, which events have none of."""
        fact_id = node["ids"][0].removeprefix(f"{LEDGER}-")
        self.put(f"#entry({self._numbers.facts.get(fact_id, 0) if fact_id != node['ids'][0] else 0})[")
        self._anchor(node)

    def depart_ledger_entry(self, node: nodes.Element) -> None:
        self.put("]\n\n")

    def visit_page_numbers(self, node: page_numbers) -> None:
        """The pages on which the targets stand, each once."""
        labels = [label for target in node["targets"] if (label := self._label(target)) is not None]
        self.put(f"#pages({', '.join(map(quoted, labels))})")
        raise nodes.SkipNode

    def visit_reference(self, node: nodes.reference) -> None:
        """A link: a fact with the number of its entry, another place in the book with its page, or an address."""
        self._anchor(node)
        address = f"#{node['refid']}" if "refid" in node else str(node.get("refuri", ""))
        if not address.startswith(("%", "#")):
            self._outside(node, address)
        label = self._label(address)
        if label is None:
            self.put("#[")
        elif forms.carries_number(node):
            self._fact(node, label)
        else:
            leads_far = node.get("evidence_kind") in {EVENT, ROW} or any(
                "std-ref" in one["classes"] for one in node.findall(nodes.inline)
            )
            self.put(f"#to({quoted(label)}, page: {_truth(leads_far)}, inside: {_truth(forms.is_in_brackets(node))})[")

    def _fact(self, node: nodes.reference, label: str) -> None:
        """A value with its number and, behind that, its stance; or the words of a claim in a table."""
        stances = [child.astext().strip(" ()") for child in node.children if forms.is_stance(child)]
        doubtful = _truth(forms.is_doubtful(node))
        self.put(
            f"#fact({quoted(label)}, {self._numbers.facts[node['evidence_id']]}, doubtful: {doubtful}, "
            f"stance: {quoted(' '.join(stances))}{', large: true' * forms.is_large(node)})["
        )

    def _outside(self, node: nodes.reference, address: str) -> None:
        said = node.astext()
        if "passage" in node["classes"]:  # "open the passage" is nothing that paper could do
            self.put(f"#address({quoted(address)})")
        elif not urlsplit(address).scheme:  # a file beside the web edition, which paper has not
            self.put(self._inner(node))
        elif said == address or not address.startswith("http"):
            self.put(f"#web({quoted(address)})")
        else:
            self.put(
                f"#{'noted' if forms.stands_in_prose(node) else 'located'}({quoted(address)})[{self._inner(node)}]"
            )
        raise nodes.SkipNode

    def visit_footnote_reference(self, node: nodes.footnote_reference) -> None:
        """A footnote at the foot of its page."""
        note = next((note for note in self._page.findall(nodes.footnote) if node["refid"] in note["ids"]), None)
        self.put(f"#footnote[{self._inner(note)}]")
        raise nodes.SkipNode

    def visit_inline(self, node: nodes.inline) -> None:
        """Words of a kind that has a look of its own in print: the stance of a value, an entry's number."""
        if forms.is_stance(node):
            if not forms.carries_number(node.parent):
                self.put(f"#stance[{markup(node.astext().strip(' ()'))}]")
            raise nodes.SkipNode
        look = "entry-number" if "number" in node["classes"] else "dashed" if forms.is_doubtful(node) else ""
        self.put(f"#{look}[")
        self._anchor(node)

    def depart_inline(self, node: nodes.Element) -> None:
        self.put("]")

    depart_reference = depart_inline

    def visit_literal(self, node: nodes.literal) -> None:
        """A name as a program writes it; what a reference shows is none."""
        if "xref" in node["classes"]:
            self.put("#[")
        else:
            self.put(f"#raw({quoted(node.astext())})")
            raise nodes.SkipNode

    depart_literal = depart_inline

    def _inner(self, node: nodes.Element | None) -> str:
        """Return the source of what a node holds."""
        outer, self.body = self.body, []
        for child in node.children if node is not None else ():
            child.walkabout(self)
        inner, self.body = "".join(self.body).strip(), outer
        return inner

    def _anchor(self, node: nodes.Element) -> None:
        """Put the targets that links to the node need; each label stands once."""
        for node_id in node["ids"]:
            label = f"{self._docname}:{node_id}"
            if label not in self._placed:
                self._placed.add(label)
                self.put(f"#anchor({quoted(label)})")

    def _label(self, address: str) -> str | None:
        """Return the label to which an address within the book leads; None where nothing stands there."""
        docname, _, node_id = address.removeprefix("%").partition("#")
        label = f"{docname or self._docname}:{node_id}"
        return label if label in self._targets else None


def _labels(part: nodes.Element, docname: str) -> set[str]:
    return {f"{docname}:{one}" for node in part.findall(nodes.Element) for one in node["ids"]}


def _truth(value: bool) -> str:
    return "true" if value else "false"
