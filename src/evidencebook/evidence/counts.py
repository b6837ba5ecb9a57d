"""Counts of the report's own rows, so that no sentence about the evidence goes stale either."""

from __future__ import annotations

from fractions import Fraction

from evidencebook.evidence.wording import SPELLED_TO, cardinal
from evidencebook.tables.reading import Row, Tables
from evidencebook.tables.spelling import did_you_mean, nearest

REPEATS = "repeats"  # the column with the claim that a row only says again


class CountError(ValueError):
    """A count cannot be made; the message says why and what to write instead."""


def count(tables: Tables, query: str) -> int:
    """Return the number of rows that a query picks.

    A query is a table's name, then any number of `column=value` or `column!=value` (several values joined by a
    comma), then, for the number of different values instead of rows, `by column`: `claims theme=wages
    kind=share,money`, `sources by origin_cluster`. An empty value stands for empty cells, so that `column!=` picks
    the rows that have one. A row that only repeats another counts where the query names the column `repeats`; elsewhere
    an assertion counts once. Raises CountError for unknown names and for picks without rows.
    """
    name, _, rest = query.partition(" ")
    if name not in tables:
        raise CountError(f"unknown table {name!r}{_hint(name, list(tables))}")
    conditions, _, by = f" {rest}".partition(" by ")
    columns = [field.name for field in tables[name].fields]
    rows = list(tables[name].rows)
    if REPEATS in columns and not any(one.startswith((f"{REPEATS}=", f"{REPEATS}!=")) for one in conditions.split()):
        rows = [row for row in rows if row[REPEATS] is None]
    for condition in conditions.split():
        column, equals, values = condition.partition("=")
        if not equals:
            raise CountError(f"{condition!r} is not column=value")
        is_wanted = not column.endswith("!")
        column = column.removesuffix("!")
        _known(name, column, columns)
        named = set(values.split(","))
        rows = [row for row in rows if (_text(row, column) in named) is is_wanted]
    if not rows:
        raise CountError(f"no row of {name} fits {conditions.strip()!r}")
    if not by:
        return len(rows)
    _known(name, by.strip(), columns)
    return len({_text(row, by.strip()) for row in rows} - {""})


def number_words(number: int, *, capital: bool = False) -> str:
    """Return the number as English wants it in a sentence: words while it is small, then digits with commas."""
    text = (cardinal(Fraction(number)) if number <= SPELLED_TO else None) or number_digits(number)
    return text.capitalize() if capital else text


def number_digits(number: int) -> str:
    """Return the number in digits with commas, as tables and comparisons want it."""
    return f"{number:,}"


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
    return f" - {did_you_mean(close)}" if close else ""
