"""The words of the print edition's text: what stands within a line, and where it leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes
from sphinx.util.docutils import SphinxTranslator

from evidencebook.editions import forms, scripts
from evidencebook.editions.nobreak import bound
from evidencebook.editions.print.typesetting import markup, quoted
from evidencebook.pages.domain import EVENT, ROW
from evidencebook.pages.nodes import placed
from evidencebook.pages.numbering import Numbers
from evidencebook.pages.uses import page_numbers

LONG_NAME = 24  # letters


class Words(SphinxTranslator):
    """Writes `body`, within a page of the book at a time."""

    def __init__(self, document: nodes.document, builder: Any, numbers: Numbers) -> None:
        super().__init__(document, builder)
        self.body: list[str] = []
        self._numbers = numbers
        self._page: nodes.Element = document
        self._docname = ""
        self._placed: set[str] = set()
        self._targets = {
            label for part in document.findall(addnodes.start_of_file) for label in _labels(part, part["docname"])
        }

    def put(self, text: str) -> None:
        self.body.append(text)

    def note_place(self, node: nodes.Node) -> None:
        """Say in a comment where somebody wrote what follows, for messages of the typesetter."""
        source, line = get_source_line(placed(node))
        if source and line and Path(source).is_relative_to(self.builder.srcdir):
            self.put(f"/*{Path(source).relative_to(self.builder.srcdir).as_posix()}:{line}*/")

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text with everything escaped that Typst would read as markup, and each script in its own language."""
        for said, language in scripts.runs(forms.SPACE.sub(" ", node.astext())):
            text = forms.RANGE.sub(r"#box[\g<0>]", markup(forms.breakable(bound(said))))
            self.put(f"#foreign({quoted(language)})[{text}]" if language else text)

    def depart_Text(self, node: nodes.Text) -> None:
        """Go on."""

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
            self.put(
                f"#to({quoted(label)}, page: {truth(leads_far)}, inside: {truth(forms.is_in_brackets(node))}, "
                f"{self._doubt(node)})["
            )

    def _fact(self, node: nodes.reference, label: str) -> None:
        """A value with its number and, behind that, its stance; or the words of a claim in a table."""
        self.put(
            f"#fact({quoted(label)}, {self._numbers.facts[node['evidence_id']]}, {self._doubt(node)}"
            f"{', large: true' * forms.is_large(node)})["
        )

    def _doubt(self, node: nodes.reference) -> str:
        stances = [child.astext().strip(" ()") for child in node.children if forms.is_stance(child)]
        return f"doubtful: {truth(forms.is_doubtful(node))}, stance: {quoted(' '.join(stances))}"

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
        label = f"note:{self._docname}:{node['refid']}"
        if label in self._placed:
            self.put(f"#footnote(label({quoted(label)}))")
        else:
            self._placed.add(label)
            self.put(f"#[#footnote[{self._inner(note)}]#label({quoted(label)})]")
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.Element) -> None:
        """A work of a bibliography, to which its label leads."""
        label = next((child for child in node.children if isinstance(child, nodes.label)), None)
        rest = nodes.Element("", *(child for child in node.deepcopy().children if not isinstance(child, nodes.label)))
        self.put(f"#work([{self._inner(label)}])[")
        self._anchor(node)
        self.put(f"{self._inner(rest)}]\n\n")
        raise nodes.SkipNode

    def visit_inline(self, node: nodes.inline) -> None:
        """Words of a kind that has a look of its own in print: the stance of a value, an entry's number."""
        if forms.is_stance(node):
            if not isinstance(node.parent, nodes.reference):
                self.put(f"#stance[{markup(node.astext().strip(' ()'))}]")
            raise nodes.SkipNode
        mark = next((forms.MARKED[one] for one in forms.MARKED if one in node["classes"]), "")
        look = "entry-number" if "number" in node["classes"] else "dashed" if forms.is_doubtful(node) else mark
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
            self._anchor(node)
            name = node.astext()  # in a sentence it stays as it is, for those who copy it
            is_short = len(name) < LONG_NAME and forms.stands_in_prose(node)
            self.put(f"#raw({quoted(name)})" if is_short else f"#code({quoted(name)})")
            raise nodes.SkipNode

    depart_literal = depart_inline

    def _inner(self, node: nodes.Element | None) -> str:
        """Return the source of what a node holds."""
        outer, self.body = self.body, []
        for child in node.children if node is not None else ():
            child.walkabout(self)
        inner, self.body = "".join(self.body).strip(), outer
        return inner

    def _held(self, node: nodes.Node) -> str:
        """Return the source of a node with the targets of links to it."""
        assert isinstance(node, nodes.Element)
        outer, self.body = self.body, []
        self._anchor(node)
        targets, self.body = "".join(self.body), outer
        return targets + self._inner(node)

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

    def _labels(self, node: nodes.Element) -> str:
        return "".join(f"{quoted(f'{self._docname}:{one}')}, " for one in node["ids"])


def _labels(part: nodes.Element, docname: str) -> set[str]:
    return {f"{docname}:{one}" for node in part.findall(nodes.Element) for one in node["ids"]}


def truth(value: bool) -> str:
    return "true" if value else "false"
