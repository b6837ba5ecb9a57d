"""Building blocks of generated pages: tables, definition lists and inline text as docutils nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from docutils import nodes

FROM_TABLES = "from_tables"  # marks nodes that were made of rows: nothing in them was typed into a page
FROM_FACTS = "from_facts"  # the attribute of inline text that has the ids of facts which it was worked out from
DOUBTFUL = "is-doubtful"  # the class of what has a dashed line
REASON = "reason"  # the attribute of a justified number that says why it may be typed

Cell = str | Sequence[nodes.Node]


class faceted(nodes.Element):
    """An item of a list that a reader walks by headings and narrows by a filter, by its `facets`."""


class entry_head(nodes.paragraph):
    """The heading of an entry that is no section, so that hundreds of them do not fill tables of contents."""


def inline(cell: Cell) -> list[nodes.Node]:
    """Return the nodes of a cell: a string becomes text."""
    return [nodes.Text(cell)] if isinstance(cell, str) else list(cell)


def table(
    columns: Sequence[Cell], rows: Iterable[Sequence[Cell]], classes: Sequence[str] = (), title: str = "",
    names: Sequence[str] = (),
) -> nodes.table:  # fmt: skip
    """Return a table with a header row; cells hold text or inline nodes, `names` gives columns a class of their own."""
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]
    group += nodes.thead("", _row(columns))
    group += nodes.tbody("", *(_row(row) for row in rows))
    found = nodes.table("", group, classes=["evidence-table", *classes], **{FROM_TABLES: True})
    for head, name in zip(group.findall(nodes.entry), names, strict=False):
        head["classes"].append(f"col-{name}")
    if title:
        found.insert(0, nodes.title(title, title))
    return found


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *inline(cell))) for cell in cells))


def definitions(pairs: Iterable[tuple[str, Cell]], classes: Sequence[str] = ()) -> nodes.definition_list:
    """Return a definition list of those pairs whose definition, inline nodes or blocks, is not empty."""
    items = (
        nodes.definition_list_item("", nodes.term(term, term), nodes.definition("", *_blocks(inline(cell))))
        for term, cell in pairs
        if cell
    )
    return nodes.definition_list("", *items, classes=list(classes))


def _blocks(parts: Sequence[nodes.Node]) -> Sequence[nodes.Node]:
    return [nodes.paragraph("", "", *parts)] if isinstance(parts[0], nodes.Text | nodes.Inline) else parts


def ancestor(node: nodes.Node, kind: type[nodes.Element]) -> nodes.Element | None:
    """Return the nearest node of that kind around this one."""
    found = node.parent
    while found is not None and not isinstance(found, kind):
        found = found.parent
    return found


def placed(node: nodes.Node) -> nodes.Node:
    """Return the nearest node around this one, or itself, that knows its line."""
    while node.line is None and node.parent is not None:
        node = node.parent
    return node


def located(tree: nodes.document) -> Iterator[tuple[nodes.Node, nodes.Node]]:
    """Yield every node of a page that is being read with the last one up to it that knows its line; few do."""
    last: nodes.Node = tree
    for node in tree.findall():
        last = node if getattr(node, "line", None) else last
        yield node, last


def listed(parts: Sequence[Sequence[nodes.Node]], separator: str = "; ") -> list[nodes.Node]:
    """Return the parts in one line, with the separator between them."""
    found: list[nodes.Node] = []
    for part in parts:
        found += [nodes.Text(separator), *part] if found else part
    return found


def link(text: str, address: str, classes: Sequence[str] = ()) -> nodes.reference:
    return nodes.reference(text, text, refuri=address, classes=list(classes))
