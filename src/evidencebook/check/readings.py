"""The tables of a report as far as they can be read, for rules that must not stumble over what is reported already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencebook.tables.contract import Contract
from evidencebook.tables.reading import Reading, Row, Table

# What the engine reckons with, by table and column; every other column named in a rule is a string.
NUMBER, INTEGER = ("number", "integer"), ("integer",)
TYPES: dict[tuple[str, str], tuple[str, ...]] = {
    ("claims", "low"): NUMBER,
    ("claims", "high"): NUMBER,
    **{("claims", name): INTEGER for name in ("para", "start", "end")},
    ("sources", "chars"): INTEGER,
    ("derived", "decimals"): INTEGER,
    ("contradictions", "rank"): INTEGER,
    ("events", "is_disputed"): ("boolean",),
    ("events", "is_unverified"): ("boolean",),
}


@dataclass(frozen=True)
class Book:
    """The readings of a report's tables, with the cells in which something is wrong already."""

    contract: Contract
    readings: Mapping[str, Reading]
    faulty: frozenset[tuple[str, int | None, str | None]]

    def table(self, name: str, *columns: str) -> Table | None:
        """The table of that name, where it has these columns, of the types meant, and can be read; else None."""
        resource = self.contract.resources.get(name)
        if resource is None:
            return None
        types = [one.type if (one := resource.field(column)) else None for column in columns]
        fits = all(type_ in types_of(name, column) for type_, column in zip(types, columns, strict=True))
        return self.readings[name].table if fits else None

    def sound(self, table: Table, row: Row, *columns: str) -> bool:
        """True where none of these cells has a fault of its own, so that a rule may judge them together."""
        for column in columns if self.faulty else ():  # a large report asks this a million times
            if (table.label, row.line, column) in self.faulty or (table.label, 1, column) in self.faulty:
                return False  # a column that is missing is reported in line 1
        return True


def types_of(table: str, column: str) -> tuple[str, ...]:
    """The types that the column may have; the engine reckons with no other."""
    return TYPES.get((table, column), ("string",))
