"""Which form each kind of content takes in print: by its name, its classes, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes

from evidencebook.editions.columns import floats
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.firm import REMARK
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.nodes import DOUBTFUL

SPACE = re.compile(r"[ \t\n]+")
RANGE = re.compile(r"\d(?:[\d.]|\\[,.])*–(?:[\d.]|\\[,.])*\d")  # as markup; no line may break it
LONG_WORD = re.compile(r"[^\s\u200b]{36,}")
ENTRY_NAMED = re.compile(r"^entry \d+")  # a reference that says the number of its entry itself
WRAPPED = {
    "list_item": ("[", "], "),
    "block_quote": ("#quote(block: true)[", "]\n\n"),
    "rubric": ("#rubric[", "]\n\n"),
    "thead": ("table.header(", "), "),
    "emphasis": ("#emph[", "]"),
    "title_reference": ("#emph[", "]"),
    "strong": ("#strong[", "]"),
    "superscript": ("#super[", "]"),
    "subscript": ("#sub[", "]"),
    "line": ("", " \\\n"),
    "compound": ("", "\n\n"),
    "line_block": ("", "\n\n"),
    "line_break": ("#linebreak()", ""),
    "attribution": ("#attributed[", "]\n\n"),
    "field_list": ('#definitions("terms", ', ")\n\n"),
    "field": ("(", "), "),
    "field_name": ("[", "], "),
    "field_body": ("[", "]"),
    "literal_emphasis": ("#emph[", "]"),
    "literal_strong": ("#strong[", "]"),
}
CHILDREN_ONLY = {
    "document", "tgroup", "colspec", "tbody", "row", "glossary", "only", "abbreviation", "target",
    "meta", "problematic", "generated", "download_reference", "versionmodified", "acks", "centered", "container",
    "PassthroughTextElement", "decoration", "hlist", "hlistcol",
}  # fmt: skip
WRITTEN_ELSEWHERE = {"footnote", "caption", "label", "legend"}  # with what they belong to
# Of use on a screen only, or for those who write, or meant for one writer by name ({raw} of another format): left out
# of print and e-book without a word. Everything else has a form there, or is a located warning.
LEFT_OUT = WRITTEN_ELSEWHERE | {
    "comment", "raw", "index", "toctree", "substitution_definition", "HideCodeCellNode", "chart_tools", "pending",
    "system_message", "tabular_col_spec", "docinfo",
}  # fmt: skip
# Words that a class marks, by the names of HTML, and how print has them.
MARKED = {
    "s": "strike", "del": "strike", "u": "underline", "ins": "underline", "mark": "highlighted", "small": "small",
    "q": "quote",
}  # fmt: skip


BOXES = (nodes.Admonition, nodes.topic, nodes.sidebar)


def is_box(node: nodes.Node) -> bool:
    """Return whether a node is a box of its own, with a title or at least a name."""
    return isinstance(node, BOXES) and not isinstance(node, addnodes.versionmodified) and not is_frame(node)


def is_frame(node: nodes.Node) -> bool:
    """Return whether a box holds another box and nothing else, as those of proofs do."""
    return isinstance(node, BOXES) and len(node.children) == 1 and isinstance(node.children[0], BOXES)


def breakable(text: str) -> str:
    """Return text in which the longest words may break: an address or a name without signs would leave the paper."""
    return LONG_WORD.sub(lambda found: "\u200b".join(re.findall(r".{1,12}", found[0])), text)


def paragraph_form(node: nodes.paragraph) -> str:
    """Return the function for a paragraph that is more than one; empty for any other."""
    for name, form in {"figure": "figure-value", "head": "entry-head"}.items():
        if name in node["classes"]:
            return form
    if REMARK in node["classes"]:
        return "remark-first" if isinstance(node.previous_sibling(), nodes.title) else "remark"
    following = node.next_node(descend=False, siblings=True)
    is_remarked = isinstance(following, nodes.paragraph) and REMARK in following["classes"]
    leads_in = isinstance(following, nodes.table) and not floats(following)
    return "leading-in" if leads_in or (is_remarked and isinstance(node.parent, nodes.list_item)) else ""


def is_in_brackets(node: nodes.Node) -> bool:
    """Return whether a bracket is open in the block of text where the node stands."""
    block = next(parent for parent in parents(node) if not isinstance(parent, nodes.Inline | nodes.reference))
    said = ""
    for part in block.findall():
        if part is node:
            break
        said += part.astext() if isinstance(part, nodes.Text) else ""
    return said.count("(") > said.count(")")


def is_stance(node: nodes.Node) -> bool:
    """Return whether the node says the stance of a value, such as "(unconfirmed)"."""
    return isinstance(node, nodes.inline) and "modality" in node["classes"]


def is_doubtful(node: nodes.Element) -> bool:
    """Return whether a dashed line stands under the node: what it shows is doubtful."""
    return DOUBTFUL in node["classes"]


def is_large(node: nodes.Node) -> bool:
    """Return whether a value stands in large type, in which its number would shout."""
    return isinstance(node.parent, nodes.paragraph) and paragraph_form(node.parent) == "figure-value"


def carries_number(node: nodes.Element) -> bool:
    """Return whether print puts the number of an entry behind the words of a reference, and its stance behind that."""
    is_to_entry = isinstance(node, nodes.reference) and node.get("evidence_kind") == LEDGER
    return is_to_entry and ENTRY_NAMED.match(node.astext()) is None


def stands_in_prose(node: nodes.Node) -> bool:
    """Return whether a footnote would serve: in tables, captions and entries the address stands beside its words."""
    apart = (nodes.table, nodes.caption, nodes.title, nodes.definition, nodes.footnote, ledger_entry)
    return not any(isinstance(parent, apart) for parent in parents(node))


def parents(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what a node stands in, from the nearest on."""
    while (parent := node.parent) is not None:
        yield parent
        node = parent
