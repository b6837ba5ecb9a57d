"""Counts of the report's own rows, so that no sentence about the evidence goes stale either."""

from __future__ import annotations

from fractions import Fraction

from evidencebook.facts import nearest
from evidencebook.tables import Row, Tables
from evidencebook.wording import cardinal


class CountError(ValueError):
    """A count cannot be made; the message says why and what to write instead."""


def count(tables: Tables, query: str) -> int:
    """Return the number of rows that a query picks.

    A query is a table's name, then any number of `column=value` (several values joined by a comma), then, for the
    number of different values instead of rows, `by column`: `claims theme=wages kind=share,money`, `sources by
    origin_cluster`. An empty value picks empty cells. Raises CountError for unknown names and for picks without rows.
    """
    name, _, rest = query.partition(" ")
    if name not in tables:
        raise CountError(f"unknown table {name!r}{_hint(name, list(tables))}")
    conditions, _, by = f" {rest}".partition(" by ")
    columns = [field.name for field in tables[name].fields]
    rows = list(tables[name].rows)
    for condition in conditions.split():
        column, equals, values = condition.partition("=")
        if not equals:
            raise CountError(f"{condition!r} is not column=value")
        _known(name, column, columns)
        wanted = set(values.split(","))
        rows = [row for row in rows if _text(row, column) in wanted]
    if not rows:
        raise CountError(f"no row of {name} fits {conditions.strip()!r}")
    if not by:
        return len(rows)
    _known(name, by.strip(), columns)
    return len({_text(row, by.strip()) for row in rows} - {""})


def number_words(number: int, *, capital: bool = False) -> str:
    """Return the number as English wants it in a sentence: words up to ten, then digits with commas."""
    text = (cardinal(Fraction(number)) if number <= 10 else None) or f"{number:,}"
    return text.capitalize() if capital else text


def _text(row: Row, column: str) -> str:
    value = row[column]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _known(table: str, column: str, columns: list[str]) -> None:
    if column not in columns:
        raise CountError(f"unknown column {column!r} of {table}{_hint(column, columns)}")


def _hint(wrong: str, known: list[str]) -> str:
    close = nearest(wrong, known)
    return f" - did you mean {' or '.join(close)}?" if close else ""
