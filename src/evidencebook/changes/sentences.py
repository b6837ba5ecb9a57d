"""What a resolved page says, sentence by sentence, with the facts, values, counts and sources that each shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes

from evidencebook.pages.charts import chart, chart_tools
from evidencebook.pages.domain import EVENT, LEDGER, ROW
from evidencebook.pages.nodes import FROM_FACTS

# A full stop, question or exclamation mark ends a sentence, with quotation marks and brackets behind it, where white
# space follows and then no small letter or bracket, and no abbreviation, initial or number of a list stands before it.
_END = re.compile(r"[.!?…][”’\"')\]]*[ ](?![a-z(])")
_GOES_ON = re.compile(r"(?:\b(?:[A-Z]|Figs?|Ch|Nos?|Mr|Mrs|Ms|Dr|St|vs|pp?|cf|ca|e\.g|i\.e|etc)\.|^\d+\.|…) $")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_UNREAD = (
    nodes.comment, nodes.substitution_definition, nodes.system_message, nodes.meta, addnodes.toctree, addnodes.index,
    addnodes.highlightlang, chart, chart_tools, nodes.image, nodes.label, nodes.math, nodes.math_block,
)  # fmt: skip
# What a reader sees of these is code, a control, or the data of a figure, which the manifest has as such.
UNREAD_CLASSES = frozenset({"cell_input", "hide", "twin", "chart-links", "permanent"})
INLINE_TAGS = frozenset({"a", "abbr", "bdi", "cite", "em", "span", "strong", "sub", "sup", "time"})
_TAGS = re.compile(r"<!--.*?-->|<(style|script|svg)\b.*?</\1>|<[^<>]*>", re.DOTALL)
# Numbers that shift when anything is added before them, and the digest: between these marks, which no text holds.
OPEN, CLOSE = "\ue000", "\ue001"
_SHIFTING = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_POINTER = re.compile(r"(?:entry )?\d+")


class Shown(NamedTuple):
    """What of the evidence a sentence shows: the kind (fact, entry, event, source, value, count), the id, the words."""

    kind: str
    entry: str
    words: str


class Sentence(NamedTuple):
    """One sentence as a reader sees it: below which anchor it stands, in what kind of block, and what it shows."""

    anchor: str
    block: str
    marked: str  # the words, with marks around numbers that shift
    shown: tuple[Shown, ...] = ()

    @property
    def text(self) -> str:
        return self.marked.replace(OPEN, "").replace(CLOSE, "")

    @property
    def steady(self) -> str:
        """The words with a sign in place of what shifts by itself."""
        return _SHIFTING.sub("#", self.marked)


@dataclass
class _Run:
    """A text in the making, with white space as a browser shows it, and where the evidence stands in it."""

    text: str = ""
    marks: list[tuple[int, int, str, str]] = field(default_factory=list)
    around: tuple[tuple[str, str], ...] = ()  # what the row of a table shows in which it stands

    def add(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        self.text += text[1:] if text.startswith(" ") and (not self.text or self.text[-1] == " ") else text


def sentences(document: nodes.Element, digest: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a page whose references are resolved; the digest of its edition shifts by itself."""
    for anchor, block, run in _blocks(document, "", "text", ()):
        for start, end in split(run.text):
            shown = (Shown(kind, one, _plain(run.text[a:b])) for a, b, kind, one in run.marks if a < end and start < b)
            said, around = run.text[start:end], (Shown(*one, "") for one in run.around)
            if digest:
                said = said.replace(digest, f"{OPEN}{digest}{CLOSE}")
            yield Sentence(anchor, block, said, tuple(dict.fromkeys((*shown, *around))))


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text begins and ends."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for found in _END.finditer(text):
        if found.end() < end and not _GOES_ON.search(text[start : found.end()]):
            yield start, found.end() - 1
            start = found.end()
    if start < end:
        yield start, end


def _plain(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "").strip()


def _blocks(
    node: nodes.Element, anchor: str, block: str, around: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, str, _Run]]:
    """Yield every text of the page with the anchor above it and what it is."""
    if isinstance(node, _UNREAD) or UNREAD_CLASSES & set(node.get("classes", ())):
        return
    if isinstance(node, nodes.section | nodes.figure | nodes.container | nodes.table) and node["ids"]:
        anchor = str(node["ids"][0])
    if isinstance(node, nodes.table):
        block = "table"
    elif isinstance(node, nodes.figure | nodes.caption):
        block = "caption"
    elif isinstance(node, nodes.title | nodes.rubric):
        block = "heading"
    elif isinstance(node, nodes.row):
        within = (_evidence(one) for one in node.findall(nodes.Element) if isinstance(one, nodes.Inline))
        around = tuple(dict.fromkeys(one for found in within for one in found))
    run = _Run(around=around)
    # A block may hold words and blocks side by side, as HTML does.
    for child in node.children:
        if isinstance(child, nodes.Text) or _is_inline(child):
            _take(child, run)
        elif isinstance(child, nodes.Element):
            if run.text.strip():
                yield anchor, block, run
            run = _Run(around=around)
            yield from _blocks(child, anchor, block, around)
    if run.text.strip():
        yield anchor, block, run


def _is_inline(node: nodes.Node) -> bool:
    """Whether a node stands within a line, as an element of HTML does that an edition has added, by its tag."""
    return isinstance(node, nodes.Element) and (isinstance(node, nodes.Inline) or node.get("tag") in INLINE_TAGS)


def _take(node: nodes.Node, run: _Run) -> None:
    if isinstance(node, nodes.Text):
        run.add(node.astext())
        return
    assert isinstance(node, nodes.Element)
    if isinstance(node, nodes.raw):
        if "html" in str(node.get("format")):
            run.add(unescape(_TAGS.sub(" ", node.astext())).lstrip(" \t\n\r\f"))
        return
    if isinstance(node, _UNREAD) or UNREAD_CLASSES & set(node["classes"]):
        return
    before = len(run.text)
    evidence = _evidence(node)
    is_numbered = "number" in node["classes"]
    number = _POINTER.match(node.astext()) if is_numbered or evidence else None
    if number and (is_numbered or number[0].startswith("entry ")):
        run.add(f"{OPEN}{number[0]}{CLOSE}{node.astext()[number.end() :]}")
    else:
        for child in node.children:
            _take(child, run)
    run.marks += [(before, len(run.text), *one) for one in evidence]


def _evidence(node: nodes.Element) -> list[tuple[str, str]]:
    """Return what an inline node shows of the evidence."""
    one = _one(node)
    facts: list[str] = node.get(FROM_FACTS, [])
    return [*([one] if one else ()), *(("entry", fact_id) for fact_id in facts)]


def _one(node: nodes.Element) -> tuple[str, str] | None:
    kind, entry = node.get("evidence_kind"), str(node.get("evidence_id", ""))
    if kind == LEDGER:
        return ("fact" if "fact" in node["classes"] else "entry"), entry
    if kind:
        return {EVENT: "event", ROW: "value"}.get(str(kind), str(kind)), entry
    if f"#{LEDGER}-" in str(node.get("refuri", "")):  # in what an edition has added
        return "entry", str(node["refuri"]).partition(f"#{LEDGER}-")[2]
    first = str(next(iter(node.get("ids", ())), ""))
    if first.startswith(f"{ROW}-"):
        return "value", first.removeprefix(f"{ROW}-")
    if "count" in node["classes"]:
        return "count", node.rawsource.partition("`")[2].rstrip("`").partition("|")[0].strip()
    return None
