"""Tables without some of the report's sources: their rows go, and with them all that cannot stand alone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace

from evidencebook.tables.contract import Contract
from evidencebook.tables.reading import Row, Table, Tables
from evidencebook.values.formulas import FormulaError, references

ASKED = "EVIDENCE_WITHOUT"  # of the environment: ids of sources, parted by commas, that a build is to do without
SOURCES = "sources"


def asked() -> tuple[str, ...]:
    """Return the sources that this build does without."""
    return tuple(filter(None, os.environ.get(ASKED, "").split(",")))


def without(tables: Tables, contract: Contract, source_ids: Collection[str]) -> Tables:
    """Return the tables without these sources.

    A row goes with the row that a foreign key of it names, an event with the last claim that tells of it unless it is
    dated from outside the sources, and a derived value with any id of its formula.
    """
    gone = {(SOURCES, source_id) for source_id in source_ids}
    left = {name: list(table.rows) for name, table in tables.items()}
    told_of = set(_told_of(left))
    while True:
        for name, table in tables.items():
            left[name] = [row for row in left[name] if (name, _key(table, row)) not in gone]
        fallen = set(_fallen(tables, contract, left, gone))
        still = set(_told_of(left))
        fallen |= {
            ("events", str(row["event_id"])) for row in left.get("events", ())
            if row["event_id"] in told_of - still and row.values.get("when_basis") != "external"
        }  # fmt: skip
        if not fallen:
            return {name: replace(table, rows=tuple(left[name])) for name, table in tables.items()}
        gone |= fallen


def _fallen(
    tables: Tables, contract: Contract, left: dict[str, list[Row]], gone: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    ids = {row_id for table, row_id in gone if table in ("claims", "derived", "events")}
    for name, table in tables.items():
        for row in left[name]:
            for key in contract.resources[name].foreign_keys:
                named = tuple(str(row.values.get(column) or "") for column in key.fields)
                if len(named) == 1 and (key.resource or name, named[0]) in gone:
                    yield name, _key(table, row)
            if name == "derived":
                try:
                    used = references(str(row["formula"]))
                except FormulaError:
                    continue
                if not ids.isdisjoint(one.removesuffix("@when") for one in used):
                    yield name, _key(table, row)


def _told_of(left: dict[str, list[Row]]) -> Iterator[object]:
    return (row.values.get("event_id") for row in left.get("claims", ()))


def _key(table: Table, row: Row) -> str:
    return str(row.values.get(table.fields[0].name))
