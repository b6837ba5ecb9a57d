"""Whether the derived values of a report can be worked out from its sound rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import or_

from evidencebook.check import keys
from evidencebook.check.readings import Book
from evidencebook.evidence import facts
from evidencebook.tables.contract import Resource
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row, Table
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.values import formulas

# What facts.Evidence reads, keys first; a report whose tables are smaller has no derived values to check.
COLUMNS = {
    "claims": (
        *("claim_id", "source_id", "statement", "low", "high", "qualifier"),
        *("unit", "per", "modality", "when", "event_id"),
    ),
    "derived": ("derived_id", "label", "formula", "unit", "decimals"),
    "events": ("event_id", "when", "when_basis", "is_disputed"),
}
Fault = tuple[str, str, str]  # column, what is wrong, what to do


def problems(book: Book, troubled: Collection[tuple[str, int | None]]) -> Iterator[Problem]:
    """The problems of ids and formulas of derived values, one for each fault.

    `troubled` are the rows (file, line) with a problem already: a formula over one would only tell the same again, and
    so would one over a derived value whose own formula is at fault.
    """
    every = {name: one for name, needed in COLUMNS.items() if (one := book.table(name, *needed))}
    ids = {name: _ids(book, name, needed[0]) for name, needed in COLUMNS.items()}
    claimed, derived, events = ids["claims"], ids["derived"], ids["events"]
    if not {"claims", "derived"} <= set(every) or claimed is None or derived is None or events is None:
        return
    if any((one.label, 1) in troubled for one in every.values()):
        return
    outside = [keys.of(book, name, (one.fields[0].name,)) for name, one in _outside(book)]
    if None in outside:
        return
    quantities = reduce(or_, filter(None, outside), claimed | derived)
    judge = _Judge(evidence(book, troubled), quantities, dates=claimed | events)
    for row in judge.in_order():
        faults = list(judge.faults(row))
        if (row["derived_id"],) in claimed.known:
            faults.append(("derived_id", "a claim has this id too", "give the derived value another id"))
        for column, what, remedy in faults:
            yield Problem(every["derived"].label, row.line, column, what, remedy)


def evidence(book: Book, troubled: Collection[tuple[str, int | None]]) -> facts.Evidence:
    """What is sound of the tables, as evidence in which every cell stands as it is written."""
    own = {"sources": ("source_id",), "places": ("place_id",), **COLUMNS}
    needed = {name: own.get(name, ()) for name in book.contract.resources}
    every = {name: one for name, columns in needed.items() if (one := book.table(name, *columns))}
    return facts.Evidence.as_written({name: _untroubled(one, troubled) for name, one in every.items()})


def sound(book: Book, troubled: Collection[tuple[str, int | None]]) -> facts.Evidence:
    """What pages may rest on: the sound rows, without those that point to one which is left out, and so on."""
    found = dict(evidence(book, troubled).tables)
    while (fewer := {name: _pointing(book, name, found) for name in found}) != found:
        found = fewer
    return facts.Evidence.from_tables(found)


def _pointing(book: Book, name: str, tables: Mapping[str, Table]) -> Table:
    """A table without the rows that point to none of these tables."""
    rows = list(tables[name].rows)
    for key in book.contract.resources[name].foreign_keys:
        if key.resource in tables:
            targets = {tuple(row[column] for column in key.reference_fields) for row in tables[key.resource].rows}
            cells = [tuple(row[column] for column in key.fields) for row in rows]
            rows = [row for row, own in zip(rows, cells, strict=True) if None in own or own in targets]
    if name == "derived" and COLUMNS.keys() <= tables.keys():
        known = {row[needed[0]] for table, needed in COLUMNS.items() for row in tables[table].rows}
        known |= {row[one.fields[0].name] for one in tables.values() if facts.is_outside(one) for row in one.rows}
        rows = [row for row in rows if all(one in known for one, _ in _references(row["formula"]))]
    return replace(tables[name], rows=tuple(rows))


class _Judge:
    """The faults of formulas, each worked out once and after those that it rests on."""

    def __init__(self, evidence: facts.Evidence, quantities: keys.Ids, dates: keys.Ids) -> None:
        self.evidence = evidence
        self._ids = {False: quantities, True: dates}
        self._used = {name: _references(row["formula"]) for name, row in evidence.derived.items()}
        self._unknown = {
            is_date: ids.unexplained((one,) for used in self._used.values() for one, dated in used if dated == is_date)
            for is_date, ids in self._ids.items()
        }
        self._usable = {*evidence.claims, *evidence.events, *evidence.derived, *evidence.outside}

    def in_order(self) -> Iterator[Row]:
        """Yield the derived values, each after those that it rests on; in a circle one comes first."""
        begun: set[str] = set()
        done: set[str] = set()
        for first in self._used:
            waiting = [first]
            while waiting:
                name = waiting[-1]
                if name not in begun:
                    begun.add(name)
                    waiting += [one for one, _ in self._used[name] if one in self._used and one not in begun]
                    continue
                waiting.pop()
                if name not in done:
                    done.add(name)
                    yield self.evidence.derived[name]

    def faults(self, row: Row) -> list[Fault]:
        """The faults of a formula, after those of what it rests on; none where that has faults of its own."""
        name = row["derived_id"]
        found = self._faults(row)
        if found or not self._rests_on_sound(name):
            self._usable.discard(name)
        return found

    def _faults(self, row: Row) -> list[Fault]:
        name = row["derived_id"]
        absent = [(one, is_date) for one, is_date in self._used[name] if (one,) in self._unknown[is_date]]
        if absent:
            return [self._absent(one, is_date) for one, is_date in absent]
        if self._rests_on_sound(name):
            try:
                self.evidence.fact(name)
            except (facts.UnknownFact, ValueError, ArithmeticError) as error:
                return [("formula", str(error), "correct the formula, its unit or its inputs")]
        return []

    def _rests_on_sound(self, name: str) -> bool:
        return all(one in self._usable for one, _ in self._used[name])

    def _absent(self, one: str, is_date: bool) -> Fault:
        hint = did_you_mean(nearest(one, sorted(str(cell) for (cell,) in self._ids[is_date].known)))
        what = f"there is no {'claim or event' if is_date else 'claim or derived value'} {one}"
        return "formula", what, hint or "add the row, or correct the id"


def _references(formula: str) -> list[tuple[str, bool]]:
    """The ids in a formula, each with whether its date is meant; none where the formula cannot be read."""
    try:
        return [(one.removesuffix("@when"), one.endswith("@when")) for one in formulas.references(formula)]
    except ValueError:
        return []  # working it out tells why


def _outside(book: Book) -> Iterator[tuple[str, Resource]]:
    for name, resource in book.contract.resources.items():
        if name != "claims" and resource.has(*facts.MEASURED):
            yield name, resource


def _ids(book: Book, name: str, column: str) -> keys.Ids | None:
    """The ids of a table, none where the report has no such table; None where it cannot be read."""
    resource = book.contract.resources.get(name)
    declared = resource is not None and resource.has(column)
    return keys.of(book, name, (column,)) if declared else keys.Ids(frozenset())


def _untroubled(table: Table, troubled: Collection[tuple[str, int | None]]) -> Table:
    rows = tuple(row for row in table.rows if (table.label, row.line) not in troubled)
    return Table(table.name, table.label, table.fields, rows)
