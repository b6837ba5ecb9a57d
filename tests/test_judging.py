"""Rules that a contract states for columns beside each other, in any table."""

from __future__ import annotations

from typing import Any

import pytest

from evidencebook.tables import contract, handout
from tests.small import Book, field, key_field, point, resource

LIMITS = {"percent": [0, 100], "persons": [0, None], "days": [None, 10]}
BOUNDS = {"low": "least", "high": "most", "qualifier": "hedge", "unit": "unit", "limits": LIMITS}
FIELDS = [
    key_field("tide_id"), field("least", "number"), field("most", "number"), field("hedge"), field("unit"),
    field("from_day", "date"), field("until", edtf=True), field("first", "integer"), field("last", "integer"),
]  # fmt: skip
RULES = {"bounds": [BOUNDS], "order": [["from_day", "until"], ["first", "last"]]}


@pytest.fixture
def tides(book: Book) -> Book:
    """The small report with a table of its own columns."""
    package = book.package()
    package["resources"].append(resource("tides", FIELDS, rules=RULES))
    book.write_package(package)
    book.write("tides", [{"tide_id": "spring"}])
    return book


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"least": "5", "most": "4", "unit": "days"}, "least: 5 is above most 4 - swap them"),
        ({"least": "3", "hedge": "up_to", "unit": "days"}, "hedge: up_to asks for only high, but the row has least 3"),
        ({"most": "101", "hedge": "up_to", "unit": "percent"}, "most: 101 percent is more than 100, which cannot be"),
        ({"least": "-1", "hedge": "over", "unit": "persons"}, "least: -1 persons is less than 0, which cannot be"),
        ({"most": "11", "hedge": "under", "unit": "days"}, "most: 11 days is more than 10"),
        ({"most": "9", "hedge": "under"}, "unit: there is a number without a unit - say what 9 counts"),
        ({"from_day": "2020-02-02", "until": "2020-01"}, "until: 2020-01 is before from_day 2020-02-02 - swap them"),
        ({"first": "2", "last": "1"}, "last: 1 is before first 2"),
    ],
)
def test_row_that_breaks_a_rule_is_told_at_its_cell(tides: Book, cells: dict[str, str], said: str) -> None:
    tides.write("tides", [{"tide_id": "spring", **cells}])
    assert f"data/tides.csv:2: {said}" in tides.problem()


@pytest.mark.parametrize(
    "cells",
    [
        {"least": "0", "most": "100", "hedge": "range", "unit": "percent"}, {"most": "1000000", "hedge": "up_to", "unit": "persons"},
        {"least": "-400", "hedge": "over", "unit": "days"}, {"least": "-4", "hedge": "over", "unit": "metres"}, {"first": "2", "last": "2"},
        {"from_day": "2020-02-02", "until": "2020"}, {"from_day": "2020-02-02", "until": "XXXX"}, {"from_day": "2020-02-02"}, {"last": "1"},
    ],
)  # fmt: skip
def test_row_that_may_be_right_is_let_alone(tides: Book, cells: dict[str, str]) -> None:
    tides.write("tides", [{"tide_id": "spring", **cells}])
    assert tides.messages() == []


def test_columns_named_as_usual_are_bounds_without_being_told(book: Book) -> None:
    package = book.package()
    package["resources"].append(
        resource("tides", [key_field("tide_id"), field("low", "number"), field("high", "number")])
    )
    book.write_package(package)
    book.write("tides", [{"tide_id": "spring", "low": "5", "high": "4"}])
    assert book.problem().startswith("data/tides.csv:2: low: 5 is above high 4")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"order": [["first", "from_day"]]}, "tides.rules: first and from_day cannot be put in order"),
        ({"order": [["hedge", "unit"]]}, "tides.rules: hedge and unit cannot be put in order"),
        ({"bounds": [{"low": "hedge", "high": "unit"}]}, "tides.hedge: the column is a bound, but no number"),
    ],
)
def test_rule_by_which_nothing_can_be_judged_is_told_of_the_contract(tides: Book, rules: Any, said: str) -> None:
    package = tides.package()
    package["resources"][-1]["schema"]["rules"] = rules
    tides.write_package(package)
    assert any(f"data/datapackage.json: {said}" in one for one in tides.messages())


def test_rule_that_names_a_private_column_stays_private(tides: Book) -> None:
    package = tides.package()
    next(one for one in package["resources"][-1]["schema"]["fields"] if one["name"] == "first")["private"] = True
    tides.write_package(package)
    public = handout.public_package(contract.load(tides.root)).decode()
    assert '"first"' not in public and '"from_day"' in public


def test_dictionary_puts_rules_into_words(tides: Book) -> None:
    said = (tides.root / "data/README.md").read_text("utf-8")
    assert "`least` and `most` are bounds of one value, of which `hedge` says the hedge and `unit` the unit." in said
    assert "percent from 0 to 100; persons 0 or more; days 10 or less" in said
    assert "`first` is not after `last`." in said and "`part_of` never leads back to its own row." in said


def test_file_must_be_the_one_that_the_contract_promises(book: Book) -> None:
    import hashlib

    data = book.path("places").read_bytes()
    package = book.package()
    places = next(one for one in package["resources"] if one["name"] == "places")
    places |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    book.write_package(package)
    assert book.messages() == []
    book.edit("places", 2, name="The coasts")
    told = book.messages()
    assert len(told) == 2 and all("is promised in datapackage.json" in one for one in told)


def test_bounds_of_every_table_follow_their_qualifier(book: Book) -> None:
    book.edit("claims", 5, **point("40", "range"))
    assert any("range asks for low below high" in one for one in book.messages())
