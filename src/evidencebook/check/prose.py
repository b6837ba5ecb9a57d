"""Measured values that somebody typed into a page, found in what Sphinx has read of it: its document tree.

What is read is what readers see, however it was written: Markdown, notebook, reStructuredText, an included file, a
table from a file, a caption in the settings of a cell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from evidencebook.check.measured import GAP, Names, Phrase, Suggestions, measured
from evidencebook.pages.lines import CELL_LINES, line_of
from evidencebook.pages.nodes import FROM_TABLES

# Blocks whose text is code, or made by Sphinx.
_UNREAD = (
    nodes.FixedTextElement, nodes.comment, nodes.label, nodes.system_message, nodes.substitution_definition,
    nodes.docinfo, nodes.citation, addnodes.toctree, addnodes.index,
)  # fmt: skip
_HTML = re.compile(r"<!--.*?(?:-->|$)|<(?:style|script)\b.*?(?:</(?:style|script)>|$)|<[^<>]*>", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A stretch of a page that readers see as one text, with the file and the line in which it begins."""

    text: str
    file: str
    line: int | None
    in_table: bool = False


@dataclass(frozen=True)
class Typed:
    """A measured value in a page: the file, its line (None where none is known), its cell in a notebook, its words."""

    file: str
    line: int | None
    cell: int | None
    phrase: Phrase
    remedy: str


def untraced(
    document: nodes.document, suggestions: Suggestions, naming: Sequence[str] = (), made: Sequence[Path] = ()
) -> Iterator[Typed]:
    """Yield the measured values that were typed into the page, in reading order.

    `naming` are words after which this report's numbers are names; `made` are files that were made from the tables.
    """
    made_files = {str(path.resolve()) for path in made}
    found = [text for text in texts(document) if text.file not in made_files]
    names = Names(naming)
    for text in found:  # a page may use a name before the sentence that introduces it
        list(names.spans(text.text))
    for text in found:
        for phrase in measured(text.text, names):
            bar = r"\|" if text.in_table else "|"
            justify = f"{{typed}}`{phrase.text} {bar} why it may be typed`"
            remedy = suggestions.remedy(phrase, _sentence(text.text, phrase.start), justify)
            yield Typed(text.file, *_place(text, phrase), phrase, remedy)


def texts(document: nodes.document) -> Iterator[Text]:
    """Yield what of the page is prose, block by block."""
    return _texts(document, str(document["source"]), None)


def _texts(node: nodes.Element, file: str, table: nodes.Element | None) -> Iterator[Text]:
    # Cells of an included table claim to stand where the inclusion does, so that the table itself is asked.
    file = _file(node, file) if table is None else file
    line = _line(node if table is None else table)
    if isinstance(node, nodes.raw):
        text = _HTML.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), node.astext())
        if "html" in node["format"] and text.strip():
            yield Text(text, file, line)
    elif isinstance(node, nodes.meta):
        yield Text(str(node.get("content", "")), file, line)
    elif isinstance(node, nodes.image):
        if node.get("alt"):
            yield Text(str(node["alt"]), file, line)
    elif isinstance(node, _UNREAD) or "cell_input" in node["classes"]:
        return
    elif isinstance(node, nodes.TextElement):
        text = "" if node.get(FROM_TABLES) else _said(node)
        if text.strip(f"{GAP} \n"):
            yield Text(text, file, line, table is not None)
    else:
        made = node.get(FROM_TABLES) or node.get("mime_type")
        table = node if isinstance(node, nodes.table) and table is None else table
        for child in node.children:
            # What a cell has printed or a row says was not typed; the caption of a table is.
            if isinstance(child, nodes.Element) and (not made or isinstance(child, nodes.title)):
                yield from _texts(child, file, table)


def _said(node: nodes.Node) -> str:
    """Return the typed words of a run of text, with a gap for each piece that is code or comes from the tables."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.image):
        return str(node.get("alt", ""))
    assert isinstance(node, nodes.Element)
    if isinstance(node, nodes.raw):
        return ""
    if node.get(FROM_TABLES) or isinstance(node, nodes.math | nodes.problematic | nodes.footnote_reference):
        return GAP
    if isinstance(node, nodes.literal) and "xref" not in node["classes"]:
        return GAP
    if isinstance(node, addnodes.pending_xref) and not node.get("refexplicit"):
        return GAP
    if isinstance(node, nodes.reference) and node.get("refuri", "").endswith(node.astext()):
        return GAP  # an address that stands for itself
    return "".join(_said(child) for child in node.children)


def _file(node: nodes.Element, above: str) -> str:
    # docutils names some nodes after what made them, such as "<csv>"; only files have a folder.
    source = node.source or ""
    return os.path.normpath(source) if os.path.isabs(source) else above


def _line(node: nodes.Element | None) -> int | None:
    while node is not None:
        if node.line is not None:
            return int(node.line)
        node = node.parent
    return None


def _place(text: Text, phrase: Phrase) -> tuple[int | None, int | None]:
    """Return the line of a phrase in its file, or its cell in a notebook."""
    if text.line is None:
        return None, None
    if text.file.endswith(".ipynb"):
        return None, text.line // CELL_LINES
    first, last = phrase.numerals[0].start, phrase.numerals[0].end
    start = text.text.rfind("\n", 0, first) + 1
    line = text.line + text.text.count("\n", 0, first)
    around = text.text[start:].partition("\n")[0]
    return line_of(text.file, line, text.text[first:last].partition("\n")[0], around), None


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(". ", 0, at), text.rfind(".\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find(".\n", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]
