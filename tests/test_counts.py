"""Queries pick rows by what their cells are or are not, and numbers read as sentences and tables want them."""

from __future__ import annotations

from typing import Any

import pytest

from evidencebook.evidence.counts import CountError, count, number_digits, number_words
from evidencebook.tables.contract import Field
from evidencebook.tables.reading import Row, Table

ROWS: list[dict[str, Any]] = [
    {"verdict": "agrees", "paragraph": "op8", "is_seen": True},
    {"verdict": "agrees", "paragraph": None, "is_seen": True},
    {"verdict": "loose", "paragraph": "op8", "is_seen": False},
    {"verdict": "loose", "paragraph": "op9", "is_seen": True},
]


CLAIMS: list[dict[str, Any]] = [
    {"topic": "pay", "repeats": None},
    {"topic": "pay", "repeats": "first"},
    {"topic": "lamps", "repeats": "first"},
]


def table(name: str, rows: list[dict[str, Any]]) -> Table:
    fields = (
        Field(one, one, "string", "", "default", False, False, (), None, None, None, None, False, False, {})
        for one in rows[0]
    )
    return Table(name, f"data/{name}.csv", tuple(fields), tuple(Row(n, row) for n, row in enumerate(rows, 2)))


TABLES = {"checks": table("checks", ROWS), "claims": table("claims", CLAIMS)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("checks", 4),
        ("claims", 1),
        ("claims topic=pay", 1),
        ("claims by topic", 1),
        ("claims repeats!=", 2),
        ("claims repeats!= topic=pay", 1),
        ("claims repeats=first by topic", 2),
        ("checks verdict=agrees", 2),
        ("checks verdict=agrees paragraph=op8,op9", 1),
        ("checks is_seen=true", 3),
        ("checks paragraph=", 1),
        ("checks paragraph!=", 3),
        ("checks paragraph!= verdict=loose", 2),
        ("checks paragraph!=op8", 2),
        ("checks paragraph!=op8,", 1),
        ("checks by paragraph", 2),
        ("checks verdict!=loose by paragraph", 1),
    ],
)
def test_queries_pick_rows_by_what_cells_are_or_are_not(query: str, expected: int) -> None:
    assert count(TABLES, query) == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("cheks", "unknown table 'cheks' - did you mean checks"),
        ("checks verdit!=agrees", "unknown column 'verdit' of checks - did you mean verdict"),
        ("checks agrees", "'agrees' is not column=value"),
        ("checks verdict!=agrees,loose", "no row of checks fits"),
    ],
)
def test_queries_that_pick_nothing_say_why(query: str, message: str) -> None:
    with pytest.raises(CountError, match=message):
        count(TABLES, query)


def test_sentences_want_small_numbers_in_words_and_tables_want_digits() -> None:
    assert [number_words(number) for number in (0, 10, 11, 1234)] == ["zero", "ten", "11", "1,234"]
    assert number_words(7, capital=True) == "Seven"
    assert [number_digits(number) for number in (7, 1234)] == ["7", "1,234"]
