"""Tables in print and e-book: how wide their columns are, from what cells hold, what heads them, and what floats."""

from __future__ import annotations

from docutils import nodes

from evidencebook.editions.nobreak import longest_bound
from evidencebook.pages.nodes import ancestor

SHORT = 17  # characters, as the longest date has; a column of no longer cells needs no more room than they take
ROOM, BETWEEN = 108, 4  # letters that a line of a table takes, and the space between columns
LEAST, MOST = 3.0, 12.0  # of a share, so that no column starves and none takes all
FEW, FLOATING = 8, 14  # rows below the heads; so many keep together, and so many that stand anywhere take half a page
MOST_COLUMNS = 4  # for which a narrow page has room


def widths(table: nodes.table) -> list[str]:
    """Return a Typst track size for each column: as wide as its cells if they are short, else a share of the rest.

    Shares grow with the square root of the text: a column with four times the text gets twice the room. None is too
    narrow for what no line may part.
    """
    columns = _columns(table)
    longest = [max((len(text) for text in column), default=0) for column in columns]
    if max(longest, default=0) <= SHORT:
        return ["auto"] * len(columns)
    shares = {
        place: min(max((sum(map(len, column)) / max(len(column), 1)) ** 0.5, LEAST), MOST)
        for place, column in enumerate(columns)
        if longest[place] > SHORT
    }
    room = ROOM - sum(length + BETWEEN for length in longest if length <= SHORT)
    for place in shares:
        least = max((longest_bound(text) + BETWEEN for text in columns[place]), default=0)
        others = sum(shares.values()) - shares[place]
        if others and least < room:
            shares[place] = max(shares[place], others * least / (room - least))
    return [f"{shares[place]:.2f}fr" if place in shares else "auto" for place in range(len(columns))]


def heads(table: nodes.Element) -> list[str]:
    """Return the heads of a table with more columns than a narrow page has room for; nothing for any other."""
    row = next(iter(table.findall(nodes.row)), None)
    cells = [one.astext() for one in row.children] if row is not None and isinstance(row.parent, nodes.thead) else []
    return cells if len(cells) > MOST_COLUMNS else []


def floats(table: nodes.table) -> bool:
    """Return whether text may flow past a table: one of a page or less whose number lets the text call it anywhere."""
    return _length(table) <= FLOATING and any(isinstance(child, nodes.title) for child in table.children)


def keeps_together(table: nodes.table) -> bool:
    """Return whether a table may not be broken."""
    return floats(table) or _length(table) <= FEW


def _length(table: nodes.table) -> int:
    rows = [row for row in table.findall(nodes.row) if ancestor(row, nodes.table) is table]
    return sum(not isinstance(row.parent, nodes.thead) for row in rows)


def _columns(table: nodes.table) -> list[list[str]]:
    """Return the text of every cell of one column, column by column."""
    group = next(table.findall(nodes.tgroup))
    found: list[list[str]] = [[] for _ in range(int(group["cols"]))]
    reached: dict[int, int] = {}  # column -> the row below those into which a cell reaches
    for line, row in enumerate(row for row in table.findall(nodes.row) if ancestor(row, nodes.table) is table):
        column = 0
        for cell in row.children:
            while reached.get(column, 0) > line:
                column += 1
            assert isinstance(cell, nodes.entry)
            width = 1 + cell.get("morecols", 0)
            if width == 1 and column < len(found):
                found[column].append(cell.astext())
            reached |= dict.fromkeys(range(column, column + width), line + 1 + cell.get("morerows", 0))
            column += width
    return found
