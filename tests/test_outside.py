"""Formulas may reckon with a row of a reference table, which is no claim, no source and no origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.wording import words
from tests.small import PACKAGE, Book, field, resource

RATES = resource(
    "rates",
    [
        field("rate_id", required=True, unique=True),
        field("low", "number"),
        field("high", "number"),
        field("qualifier", required=True),
        field("unit", required=True),
        field("scope", required=True),
    ],
)
RATE = {
    "rate_id": "metres-each",
    "low": "2",
    "high": "3",
    "qualifier": "range",
    "unit": "metres/persons",
    "scope": "a year",
}


@pytest.fixture
def told(book: Book) -> Book:
    """The small report with a table of rates, by which its derived value is multiplied."""
    book.write_package({**PACKAGE, "resources": [*PACKAGE["resources"], RATES]})
    book.write("rates", [RATE])
    return book


def test_a_row_of_a_reference_table_goes_into_a_formula(told: Book) -> None:
    told.edit("derived", 2, formula="{visitors-monthly} * {metres-each}", unit="metres")
    assert told.check().problems == ()
    evidence = Evidence.load(told.root)
    fact = evidence.fact("visitors-yearly")
    assert words(fact) == "80–180\u00a0metres"
    assert fact.inputs == ("visitors-monthly",)
    assert evidence.used_sources("visitors-yearly") == evidence.used_sources("visitors-monthly")


def test_its_value_stands_among_the_inputs_as_one_from_outside() -> None:
    evidence = Evidence.load(Path(__file__).parents[1])
    lines = {line.term: line for line in Accounts(evidence).fact("take-home-dollars").lines}
    ((told,),) = [cell for cell in lines["With"].cells if len(cell) == 1]
    assert told.startswith("B: 7.1–7.4\u00a0yuan, from outside the articles: ")
    assert lines["Origins"].cells == (("1 independent origin: Daily NK",),)


def test_an_unknown_row_is_told_once_and_a_spoilt_one_by_its_own_fault(told: Book) -> None:
    told.edit("derived", 2, formula="{visitors-monthly} * {metres-eech}", unit="metres")
    (problem,) = told.check().problems
    assert "metres-eech" in problem.what and "metres-each" in problem.remedy
    told.edit("derived", 2, formula="{visitors-monthly} * {metres-each}", unit="metres")
    told.edit("rates", 2, low="two")
    (problem,) = told.check().problems
    assert (Path(problem.file).stem, problem.column) == ("rates", "low")
