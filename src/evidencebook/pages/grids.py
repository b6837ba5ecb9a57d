"""Tables of HTML as document trees: each row is full, and no cell reaches beyond its table, as browsers bear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from docutils import nodes
from lxml.html import HtmlElement

_NUMBER = re.compile(r"[-\u2212+]?\d[\d.,\u202f ]*(e[-+]?\d+)?%?")
WIDEST = 1000  # columns of a cell: https://html.spec.whatwg.org/multipage/tables.html#attr-tdth-colspan


@dataclass(frozen=True)
class Cell:
    """A cell with how many columns and rows it takes."""

    element: HtmlElement
    across: int
    down: int


Part = dict[tuple[int, int], Cell]  # the cell that covers each line and column of a head or body


def table(element: HtmlElement, inside: Callable[[Any], list[Any]], blocks: Callable[[Any], list[Any]]) -> list[Any]:
    """Return a table with its heads, rows of them only at its top, and columns only at its left; nothing without cells.

    `inside` and `blocks` make nodes of what an element holds.
    """
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    cells = [found for row in rows if (found := list(row.iterchildren("td", "th")))]
    if not cells:
        return []
    top = len(list(takewhile(lambda row: all(cell.tag == "th" for cell in row), cells)))
    top = top if top < len(cells) else min(1, len(cells) - 1)
    head, body = _laid(cells[:top]), _laid(cells[top:])
    width = 1 + max(column for part in (head, body) for _, column in part)
    lines = range(len(cells) - top)
    stubs = len(list(takewhile(lambda column: all(_is_head(body, line, column) for line in lines), range(width))))
    numeric = _numeric(body, width)
    group = nodes.tgroup(cols=width)
    group += [nodes.colspec(colwidth=1, stub=int(place < stubs)) for place in range(width)]
    for part, kind, length in ((head, nodes.thead, top), (body, nodes.tbody, len(lines))):
        if length:
            group += kind("", *(nodes.row("", *_entries(part, line, width, numeric, blocks)) for line in range(length)))
    made = nodes.table("", group)
    caption = next(element.iterchildren("caption"), None)
    if caption is not None:
        made.insert(0, nodes.title("", "", *inside(caption)))
    return [made]


def _laid(rows: list[list[HtmlElement]]) -> Part:
    """Return cells where they stand: beside those that reach down from above, and within the part."""
    found: Part = {}
    for line, row in enumerate(rows):
        column = 0
        for element in row:
            while (line, column) in found:
                column += 1
            down, wanted = min(_span(element, "rowspan"), len(rows) - line), min(_span(element, "colspan"), WIDEST)
            across = next((beside for beside in range(1, wanted) if (line, column + beside) in found), wanted)
            cell = Cell(element, across, down)
            found |= {(line + below, column + beside): cell for below in range(down) for beside in range(across)}
            column += across
    return found


def _is_head(part: Part, line: int, column: int) -> bool:
    return (line, column) in part and part[line, column].element.tag == "th"


def _numeric(body: Part, width: int) -> set[int]:
    """Return the columns that hold nothing but numbers, which are compared by where they end."""
    texts: dict[int, list[str]] = {column: [] for column in range(width)}
    for (_, column), cell in body.items():
        texts[column].append(cell.element.text_content().strip() if cell.element.tag == "td" else "-")
    return {
        column for column, said in texts.items() if any(map(_NUMBER.fullmatch, said))
        and all(not one or one == "NaN" or _NUMBER.fullmatch(one) for one in said)
    }  # fmt: skip


def _entries(
    part: Part, line: int, width: int, numeric: set[int], blocks: Callable[[Any], list[Any]]
) -> Iterable[nodes.entry]:
    for column in range(width):
        cell = part.get((line, column))
        if cell is None:
            yield nodes.entry()
        elif part.get((line, column - 1)) is not cell and part.get((line - 1, column)) is not cell:
            spans = {"morecols": cell.across - 1, "morerows": cell.down - 1}
            given = {name: more for name, more in spans.items() if more > 0}
            yield nodes.entry("", *blocks(cell.element), classes=["text-right"] * (column in numeric), **given)


def _span(cell: HtmlElement, name: str) -> int:
    said = cell.get(name, "1")
    return int(said) if said.isdecimal() and int(said) else 1
