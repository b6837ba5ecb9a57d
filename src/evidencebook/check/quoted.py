"""Numbers in the free text of tables: what names a row must be found, and what is a row's value must name it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

from evidencebook.check.measured import MOST, Names, measured
from evidencebook.evidence import quoting
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.facts import measured as value_in
from evidencebook.tables.problems import Problem
from evidencebook.values.formulas import FormulaError

LEAST = 1_000  # smaller numbers are those of many things
# Whatever may be such a number and is no year: most cells have none, and judging one takes a thousand times as long.
_LARGE = re.compile(r"\d,\d{3}|(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4}|(?:thousand|million|billion)")
# Columns that speak of the row's own value, or name a work of others.
OWN = frozenset({"statement", "scope", "subject", "label", "question", "title"})


def problems(
    evidence: Evidence, naming: Sequence[str], troubled: Collection[tuple[str, int | None]], *, is_whole: bool = True
) -> Iterator[Problem]:
    """Yield the references that lead nowhere, and the typed numbers that are the value of another row.

    `evidence` holds the cells as they are written. Unless it is whole, what they name may stand in a table that cannot
    be read.
    """
    values = _values(evidence)
    for name, table in evidence.tables.items():
        key = table.fields[0].name
        for row, column, cell in quoting.cells(table):
            if (table.label, row.line) in troubled or name in ("editions", "history", "sources"):
                continue
            if "{" in cell:
                try:
                    quoting.resolved(cell, evidence)
                except quoting.Unquotable as error:
                    if not is_whole:
                        continue
                    yield Problem(table.label, row.line, column, *map(str, error.args))
                    continue
            if column in OWN or not _LARGE.search(cell):
                continue
            typed = quoting.REFERENCE.sub(" \ufffc ", cell)
            for phrase in measured(typed, Names(naming)):
                numbers = [one.value for one in phrase.numerals if one.kind == "cardinal" and one.value >= LEAST]
                rows = set[str]().union(*(values.get(number, ()) for number in numbers))
                if rows and row[key] not in rows:
                    listed = " or ".join(f"{{{one}}}" for one in sorted(rows)[:MOST])
                    what = f'"{phrase.text}" is the value of another row'
                    yield Problem(
                        table.label, row.line, column, what,
                        f"write {listed}, with a form if need be, or {{={phrase.text}}} where it is another number",
                    )  # fmt: skip


def _values(evidence: Evidence) -> Mapping[Fraction, set[str]]:
    """Return the ids of the rows that have each number as a bound."""
    found: dict[Fraction, set[str]] = defaultdict(set)
    for row_id in (*evidence.claims, *evidence.derived, *evidence.outside):
        try:
            fact = evidence.fact(row_id) if evidence.has(row_id) else value_in(evidence.outside[row_id])
        except (FormulaError, LookupError, TypeError, ValueError):
            continue  # told of elsewhere
        if fact.quantity_interval is not None:
            for bound in (fact.quantity_interval.low, fact.quantity_interval.high):
                if bound is not None:
                    found[Fraction(bound)].add(row_id)
    return found
