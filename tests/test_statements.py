"""Statements beside the bounds of their rows, where no article is at hand."""

from __future__ import annotations

import copy
import csv
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from evidencebook.check.statements import COLUMNS, Bounds, disagreement
from evidencebook.check.typed import naming_words
from evidencebook.tables import contract
from tests.small import PACKAGE, Book

ROOT = Path(__file__).parents[1]
UNITS = ("persons", "lamps", "days", "percent", "metres")


def wrong(statement: str, low: str, high: str, qualifier: str, unit: str) -> str | None:
    bounds = Bounds(*(Fraction(one) if one else None for one in (low, high)), qualifier, unit)
    return disagreement(statement, bounds, UNITS)


@pytest.mark.parametrize(
    ("statement", "low", "high", "qualifier", "unit", "words"),
    [
        ("The log counts around 30,000 keepers.", "35000", "35000", "about", "persons", "around 30,000"),
        ("Over three thousand lamps were lit.", "4000", "", "over", "lamps", "Over three thousand"),
        ("The master pays more than 3,000 yuan.", "300", "", "over", "CNY", "more than 3,000"),
        ("The master takes up to 90% of the pay.", "", "80", "up_to", "percent", "up to 90%"),
        ("The master takes ninety percent of the pay.", "80", "80", "exact", "percent", "ninety percent"),
        ("More than half of the keepers left.", "60", "", "over", "percent", "More than half"),
        ("A third of the lamps went out.", "25", "25", "exact", "percent", "A third"),
        ("Between 20 and 40 came.", "20", "60", "range", "persons", "Between 20 and 40"),
        ("These 13 keepers left.", "14", "14", "exact", "persons", "13"),
        ("Three or four days passed.", "3", "5", "range", "days", "Three or four"),
        ("Three or four days passed.", "3", "3", "exact", "days", "Three or four"),
        ("They stayed for two weeks.", "15", "15", "exact", "days", "two"),
        ("The bill came to about $10 million.", "1000000", "1000000", "about", "USD", "about $10 million"),
        ("Two boats with 13 keepers left in 1953.", "14", "14", "exact", "persons", "Two"),
        ("At least 90 lamps were lit.", "", "90", "up_to", "lamps", "At least 90"),
        ("Up to 90 lamps were lit.", "90", "90", "exact", "lamps", "Up to 90"),
        ("Up to 90 lamps were lit.", "90", "", "over", "lamps", "Up to 90"),
    ],
)  # fmt: skip
def test_statement_that_says_another_number_is_told(
    statement: str, low: str, high: str, qualifier: str, unit: str, words: str
) -> None:
    found = wrong(statement, low, high, qualifier, unit)
    assert found is not None and found.startswith(f'"{words}" does not fit ')


@pytest.mark.parametrize(
    ("statement", "low", "high", "qualifier", "unit"),
    [
        ("The log counts around 30,000 keepers.", "30000", "30000", "about", "persons"),
        ("Many keepers left in 1953.", "40", "60", "range", "persons"),
        ("Thousands of lamps were lit.", "3000", "", "over", "lamps"),
        ("The keepers waited for 30 days.", "12", "12", "exact", "persons"),
        ("Keepers of five lamps were asked.", "12", "12", "exact", "persons"),
        ("Two groups of twenty came.", "40", "40", "exact", "persons"),
        ("The share rose from 40% to 60%.", "20", "20", "exact", "percent"),
        ("Of the 40 keepers, most left.", "50", "", "over", "percent"),
        ("They stayed for two weeks.", "14", "14", "exact", "days"),
        ("They stayed for half a decade or 6 years.", "5", "6", "range", "years"),
        ("They stayed for two years.", "24", "24", "exact", "months"),
        ("The wall is three kilometres long.", "3000", "3000", "exact", "metres"),
        ("Two thirds of the keepers left.", "67", "67", "exact", "percent"),
        ("Between a day and three days passed.", "1", "3", "range", "days"),
        ("None to five keepers came.", "0", "5", "range", "persons"),
        ("From 80% to all of the lamps were lit.", "80", "100", "range", "percent"),
        ("No more than 90 lamps were lit.", "", "90", "up_to", "lamps"),
        ("The keeper gave 90 as the most who came.", "", "90", "up_to", "persons"),
        ("A tale about 13 keepers.", "13", "13", "exact", "persons"),
        ("Over two years the lamps were replaced.", "2", "2", "exact", "years"),
        ("A little more than 60 came.", "60", "60", "about", "persons"),
        ("The sixth lamp since the storm.", "6", "6", "exact", "lamps"),
        ("Log 7 tells of keepers on day 3.", "40", "60", "range", "persons"),
        ("One of five keepers left.", "1", "1", "exact", "persons"),
        ("It grew threefold, to 300 keepers.", "3", "3", "exact", "times"),
        ("Pay came to 3,000 yuan, about $400.", "400", "400", "about", "USD"),
    ],
)
def test_statement_that_may_say_the_same_is_let_be(
    statement: str, low: str, high: str, qualifier: str, unit: str
) -> None:
    assert wrong(statement, low, high, qualifier, unit) is None


def test_statement_is_told_at_its_cell_with_and_without_texts(book: Book) -> None:
    book.edit("claims", 4, statement="The log counts about 2,000 readings.")
    shutil.rmtree(book.texts)
    assert book.problem() == (
        'data/claims.csv:4: statement: "about 2,000" does not fit low 3000 and high 3000'
        " - correct the statement or the bounds"
    )


def test_article_decides_which_of_two_numbers_is_wrong(book: Book) -> None:
    book.edit("claims", 4, statement="The log counts about 2,000 readings.")
    assert book.problem().startswith("data/claims.csv:4: statement: 2,000 does not stand in its passage")
    book.edit("claims", 3, statement="Up to 90 centimetres are read.", high="80")
    assert [one.split(":")[2] for one in book.messages()] == [" high", " statement"]


def test_numbers_after_naming_words_of_the_report_are_names(book: Book) -> None:
    shutil.rmtree(book.texts)
    book.edit("claims", 4, statement="The readings of buoy 12 are kept.")
    assert '"12" does not fit' in book.problem()
    (book.root / "_config.yml").write_text("sphinx: {config: {evidence_naming: [Buoy]}}\n", "utf-8")
    assert book.messages() == []


def test_any_table_with_statement_and_bounds_is_judged(book: Book) -> None:
    package = book.package()
    claims = next(one for one in PACKAGE["resources"] if one["name"] == "claims")
    fields = [one for one in claims["schema"]["fields"] if one["name"] in ("claim_id", *COLUMNS)]
    package["resources"].append(
        {
            "name": "soundings",
            "path": "soundings.csv",
            "schema": copy.deepcopy({"fields": fields, "primaryKey": "claim_id"}),
        }
    )
    book.write_package(package)
    row = {"claim_id": "a", "statement": "Two lamps.", "low": "3", "high": "3", "qualifier": "exact", "unit": "times"}
    book.write("soundings", [row])
    assert book.problem().startswith('data/soundings.csv:2: statement: "Two" does not fit low 3 and high 3')


def test_nearly_any_changed_digit_of_a_bound_in_the_report_is_noticed_without_its_article() -> None:
    units = [str(one) for one in getattr(contract.load(ROOT).resources["claims"].field("unit"), "enum", ())]
    naming = naming_words(ROOT)
    changed, missed = 0, []
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["low"] or row["high"]]
    for row in rows:
        for name in ("low", "high"):
            for at, digit in enumerate(row[name]):
                typed = row[name][:at] + str((int(digit) + 1) % 10) + row[name][at + 1 :]
                cells = row | dict.fromkeys(("low", "high") if row["low"] == row["high"] else (name,), typed)
                low, high = (Fraction(cells[key]) if cells[key] else None for key in ("low", "high"))
                bounds = Bounds(low, high, row["qualifier"], row["unit"])
                changed += 1
                if typed not in (row["low"], row["high"]) and not disagreement(row["statement"], bounds, units, naming):
                    missed.append(f"{row['claim_id']} {name} {row[name]} -> {typed}")
    assert changed > 100 and len(missed) < changed // 10, missed
