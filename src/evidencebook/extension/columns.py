"""How wide the columns of a printed table are, from what their cells hold."""

from __future__ import annotations

from docutils import nodes

SHORT = 16  # characters; a column of no longer cells needs no more room than they take
LONG = 24  # letters; longer words may break
LEAST, MOST = 3.0, 12.0  # of a share, so that no column starves and none takes all


def widths(table: nodes.table) -> list[str]:
    """Return a Typst track size for each column: as wide as its cells if they are short, else a share of the rest.

    Shares grow with the square root of the text: a column with four times the text gets twice the room.
    """
    rows = [row for row in table.findall(nodes.row) if _table_of(row) is table]
    number = max((len(row.children) for row in rows), default=1)
    columns = [[row.children[i].astext() for row in rows if i < len(row.children)] for i in range(number)]
    longest = [max((len(text) for text in column), default=0) for column in columns]
    if max(longest, default=0) <= SHORT:
        return ["auto"] * number
    found = []
    for column, length in zip(columns, longest, strict=True):
        share = (sum(len(text) for text in column) / max(len(column), 1)) ** 0.5
        found.append("auto" if length <= SHORT else f"{min(max(share, LEAST), MOST):.2f}fr")
    return found


def percents(table: nodes.table) -> list[int]:
    """Return each column's share of the whole in percent, for a typesetter without columns as wide as their cells."""
    rows = [row for row in table.findall(nodes.row) if _table_of(row) is table]
    number = max((len(row.children) for row in rows), default=1)
    columns = [[row.children[i].astext() for row in rows if i < len(row.children)] for i in range(number)]
    needs = []
    for column in columns:
        longest = max((len(text) for text in column), default=0)
        mean = sum(len(text) for text in column) / max(len(column), 1)
        word = max((len(word) for text in column for word in text.split()), default=0)
        needs.append(longest + 3.0 if longest <= SHORT else max(min(word, LONG) + 3.0, 6 * mean**0.5))
    total = max(sum(needs), 1.0)
    return [max(round(100 * need / total), 1) for need in needs]


def _table_of(node: nodes.Node) -> nodes.Node | None:
    found = node.parent
    while found is not None and not isinstance(found, nodes.table):
        found = found.parent
    return found
