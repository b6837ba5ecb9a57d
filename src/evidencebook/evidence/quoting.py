"""Values of rows within the free text of others: `{claim-id}` or `{claim-id|form}` in a cell, as formulas name them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidencebook.tables.asking import Values, unheard
from evidencebook.tables.contract import Field
from evidencebook.tables.reading import VERBATIM, Row, Table, Tables
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.tables.withholding import asked

if TYPE_CHECKING:
    from evidencebook.evidence.facts import Evidence

# An id with an optional form; or a text behind an equals sign, which is no value of a row although it looks like one.
REFERENCE = re.compile(
    r"(?<!\{)\{(?:=(?P<own>[^{}]+)|(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\|(?P<form>[a-z-]+))?)\}(?!\})"
)
FORMULA = "formula"


class Unquotable(ValueError):
    """A cell names a value that it cannot show; `unknown` is the id where no row has it."""

    def __init__(self, what: str, remedy: str, unknown: str = "") -> None:
        super().__init__(what, remedy)
        self.unknown = unknown


def resolved(text: str, evidence: Evidence) -> str:
    """Return a cell with values in the places of their ids; raises Unquotable."""
    return REFERENCE.sub(lambda found: found["own"] or _value(found["id"], found["form"], evidence), text)


def tables(evidence: Evidence) -> Tables | None:
    """Return the tables with all that can be resolved; None where no cell names a value."""
    if not any("{" in cell for table in evidence.tables.values() for _, _, cell in cells(table)):
        return None
    return {name: replace(table, rows=_rows(table, evidence)) for name, table in evidence.tables.items()}


def cells(table: Table) -> Iterator[tuple[Row, str, str]]:
    """Yield row, column and text of all free text of a table."""
    columns = [one.name for one in table.fields if is_free(one)]
    for row in table.rows:
        values = unheard(row.values)
        for column in columns:
            if isinstance(cell := values.get(column), str):
                yield row, column, cell


def is_free(field: Field) -> bool:
    """Whether a column holds text in a curator's own words."""
    is_bound = field.enum or field.pattern or field.is_edtf or field.unique or field.name in (FORMULA, VERBATIM)
    return field.type == "string" and field.format == "default" and not is_bound


class Filled(Values):
    """Values whose free text is resolved when it is asked for: what it names is read then only."""

    def __init__(self, values: Mapping[str, Any], columns: Collection[str], evidence: Evidence) -> None:
        super().__init__(values)
        self._columns, self._evidence = columns, evidence
        self._known: dict[str, str] = {}

    def __getitem__(self, column: str) -> Any:
        cell = self._values[column]
        if column not in self._columns:
            return cell
        if column not in self._known:
            try:
                self._known[column] = resolved(cell, self._evidence)
            except Unquotable:
                self._known[column] = cell  # a problem of the check; the cell stands as it is
        return self._known[column]


def _rows(table: Table, evidence: Evidence) -> tuple[Row, ...]:
    named: dict[int, set[str]] = {}
    for row, column, cell in cells(table):
        if "{" in cell:
            named.setdefault(row.line, set()).add(column)
    return tuple(
        replace(row, values=Filled(row.values, named[row.line], evidence)) if row.line in named else row
        for row in table.rows
    )


def _value(row_id: str, form: str | None, evidence: Evidence) -> str:
    from evidencebook.evidence.facts import measured
    from evidencebook.evidence.wording import NBSP, words

    known: Mapping[str, Row] = evidence.outside
    try:
        fact = evidence.fact(row_id) if evidence.has(row_id) or row_id not in known else measured(known[row_id])
        return words(fact, form).replace(NBSP, " ")
    except LookupError:
        if asked():
            return f"[gone without {' and '.join(asked())}]"
        hint = did_you_mean(nearest(row_id, [*evidence.claims, *evidence.derived, *known]))
        remedy = hint or "name a claim, a derived value or a row outside"
        raise Unquotable(f"no row has the id {row_id!r}", remedy, row_id) from None
    except ValueError as error:
        raise Unquotable(f"{row_id!r} cannot be shown so: {error}", "choose another form") from None
