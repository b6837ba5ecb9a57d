"""The tags of a PDF after Typst: heads of rows, and text between links in order for whoever reads a tag's text first.

Typst 0.15 marks heads of rows only where a feature is switched on, for which its Python package has no switch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

# What holds no table, and need not be looked through for one.
_INLINE = {
    "/P",
    "/Span",
    "/Link",
    "/Strong",
    "/Em",
    "/Code",
    "/TOC",
    "/Formula",
    *(f"/H{level}" for level in range(1, 7)),
}


def arrange(document: Pdf, heads: Sequence[int]) -> None:
    """Put text behind an element within another into a tag of its own, and mark the heads of rows.

    `heads` has for each table, in the order of the book, how many of its columns are heads.
    """
    top = document.Root.StructTreeRoot
    known = dict(_numbered(top.ParentTree))
    for element in list(document.objects):
        if isinstance(element, Dictionary) and "/S" in element and isinstance(element.get("/K"), Array):
            if str(element.S) == "/Code":  # Typst has a paragraph for each line, blank ones too
                element.K = Array([kid for kid in element.K if not _is_element(kid) or len(kid.get("/K", ()))])
            _wrap(document, element, known)
    if any(heads):
        for table, columns in zip(_tables(top.K), heads, strict=True):
            _mark(table, columns)


def _numbered(tree: Any) -> Iterator[tuple[int, Any]]:
    """Yield what a number tree holds: https://opensource.adobe.com/dc-acrobat-sdk-docs/ (ISO 32000-1, 7.9.7)."""
    for kid in tree.get("/Kids", ()):
        yield from _numbered(kid)
    pairs = list(tree.get("/Nums", ()))
    yield from zip(map(int, pairs[::2]), pairs[1::2], strict=True)


def _is_element(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _is_text(kid: Any) -> bool:
    return isinstance(kid, int) or (isinstance(kid, Dictionary) and kid.get("/Type") == Name.MCR)


def _wrap(document: Pdf, element: Any, known: dict[int, Any]) -> None:
    kids = list(element.K)
    first = next((place for place, kid in enumerate(kids) if _is_element(kid)), len(kids))
    if not any(map(_is_text, kids[first:])):
        return
    found = kids[:first]
    span: Any = None
    for kid in kids[first:]:
        if not _is_text(kid):
            span = None
            found.append(kid)
            continue
        if span is None:
            span = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Span, P=element, K=Array()))
            if "/Pg" in element:
                span.Pg = element.Pg
            found.append(span)
        span.K.append(kid)
        is_reference = isinstance(kid, Dictionary)
        drawn = (kid.get("/Stm") or kid.get("/Pg") or element.Pg) if is_reference else element.Pg
        known[int(drawn.StructParents)][int(kid.MCID) if is_reference else kid] = span
    element.K = Array(found)


def _tables(node: Any) -> Iterator[Any]:
    for kid in node if isinstance(node, Array) else [node]:
        if _is_element(kid) and str(kid.S) not in _INLINE:
            if str(kid.S) == "/Table":
                yield kid
            yield from _tables(kid.get("/K", Array()))


def _mark(table: Any, columns: int) -> None:
    """Make heads of the first columns of a table's body."""
    taken: dict[tuple[int, int], bool] = {}
    for line, row in enumerate(_rows(table)):
        column = 0
        for cell in filter(_is_element, row.K):
            while (line, column) in taken:
                column += 1
            across, down = (_attribute(cell, name) for name in ("/ColSpan", "/RowSpan"))
            taken |= {(line + below, column + beside): True for below in range(down) for beside in range(across)}
            if cell.S == Name.TD and column < columns:
                cell.S = Name.TH
                cell.A = Array([*_attributes(cell), Dictionary(O=Name.Table, Scope=Name.Row)])


def _rows(node: Any) -> Iterator[Any]:
    for kid in filter(_is_element, node.get("/K", ())):
        if kid.S == Name.TR:
            yield kid
        elif kid.S in (Name.THead, Name.TBody, Name.TFoot):
            yield from _rows(kid)


def _attributes(cell: Any) -> list[Object]:
    given = cell.get("/A")
    return list(given) if isinstance(given, Array) else [given] if given is not None else []


def _attribute(cell: Any, name: str) -> int:
    return next((int(one[name]) for one in _attributes(cell) if name in one), 1)
