"""Bounds of claims against the words of their passages, without telling those words."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from evidencebook.check import anchors, checking, passages
from tests.small import Book

ROOT = Path(__file__).parents[1]
TEXTS = anchors.texts_dir(ROOT)

SAID = [
    ("three or four metres", "3", "4", "metres"),
    ("it could triple", "3", "3", "times"),
    ("more than half of them", "50", None, "percent"),
    ("within a year or two", "1", "2", "years"),
    ("from five lamps to eight", "5", "8", "lamps"),
    ("within 24 months", "24", "24", "months"),
    ("its sixth lamp", "6", "6", "lamps"),
    ("about $10 million", "10000000", "10000000", "USD"),
    ("both keepers", "2", "2", "persons"),
    ("two keepers", "2", "2", "persons"),
    ("20 to 40 percent of it", "20", "40", "percent"),
    ("three to five million", "3000000", "5000000", "persons"),
    ("20,000-100,000 readings", "20000", "100000", "readings"),
    ("their 30-day permits", "30", "30", "days"),
    ("back the same night, or the next day", "1", "1", "days"),
    ("he left the month after", "1", "1", "months"),
]


@pytest.mark.parametrize(("passage", "low", "high", "unit"), SAID)
def test_bounds_in_digits_or_words_are_found(passage: str, low: str, high: str | None, unit: str) -> None:
    bounds = {"low": Decimal(low), "high": Decimal(high) if high else None}
    assert passages.missing(passage, bounds, unit) == ()
    wrong = {name: bound + 1 for name, bound in bounds.items() if bound is not None}
    wrong = {name: bound for name, bound in wrong.items() if bound not in bounds.values()}
    assert passages.missing(passage, wrong, unit) == tuple(wrong)


@pytest.mark.parametrize(
    ("passage", "number", "unit"),
    [
        ("thousands of lamps", "1000", "lamps"),
        ("80 lamps burn", "80", "percent"),
        ("80 to 90 lamps burn", "80", "percent"),
        ("80% of the lamps", "80", "lamps"),
        ("several lamps", "2", "lamps"),
        ("a lamp burns", "1", "lamps"),
        ("they could triple in a year", "3", "years"),
        ("they could triple in a year", "3", "Sea Miles"),
        ("30,000 readings", "30", "readings"),
        ("back the next day", "1", "months"),
        ("the next lamp", "1", "lamps"),
    ],
)
def test_another_kind_of_number_does_not_pass_for_a_bound(passage: str, number: str, unit: str) -> None:
    assert passages.missing(passage, {"low": Decimal(number)}, unit) == ("low",)


def test_a_wrong_bound_is_reported_without_the_words_of_the_passage(book: Book) -> None:
    book.edit("claims", 4, low="300", high="300")
    assert book.messages() == [
        "data/claims.csv:4: high: 300 does not stand in its passage - correct the row or its fragment",
        "data/claims.csv:4: low: 300 does not stand in its passage - correct the row or its fragment",
    ]


def test_a_wrong_digit_in_a_statement_is_reported(book: Book) -> None:
    book.edit("claims", 4, statement="The log counts about 3,000 readings since the storm of 1953.")
    assert book.messages() == []
    book.edit("claims", 4, statement="The log counts about 2,000 readings since the storm of 1953.")
    assert book.messages() == [
        "data/claims.csv:4: statement: 2,000 does not stand in its passage - correct the row or its fragment"
    ]
    book.edit("claims", 4, statement="The log counts about 3,000 readings since the storm of 1963.")
    assert book.messages() == [
        "data/claims.csv:4: statement: 1963 does not stand in its article - write 1963 into when as well, such as "
        "1963, 1963-03 or 1963-03/1963-05, with when_basis inferred, or leave it out"
    ]


def test_values_are_counted_where_texts_are_at_hand_and_nothing_is_judged_without(book: Book) -> None:
    assert book.check().values_verified == 5
    book.edit("claims", 4, low="300", high="300")
    assert book.check().values_verified == 3
    shutil.rmtree(book.texts)
    report = book.check()
    assert (report.problems, report.values_verified) == ((), 0)


@pytest.mark.needs("texts")
def test_all_bounds_of_the_report_stand_in_their_passages() -> None:
    report = checking.check(ROOT, TEXTS)
    assert report.problems == ()
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        bounds = [row[name] for row in csv.DictReader(file) for name in ("low", "high") if row[name]]
    assert report.values_verified == len(bounds) > 50


@pytest.mark.needs("texts")
def test_any_changed_digit_of_a_bound_in_the_report_is_noticed() -> None:
    texts = {one.sha256: one.text for one in anchors.texts(TEXTS).values()}
    with (ROOT / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        articles = {row["source_id"]: texts[row["file_sha256"]] for row in csv.DictReader(file)}
    missed = []
    with (ROOT / "data/claims.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            passage = (articles[row["source_id"]] or "")[int(row["start"]) : int(row["end"])]
            for name in passages.BOUNDS:
                for at, digit in enumerate(row[name]):
                    changed = row[name][:at] + str((int(digit) + 1) % 10) + row[name][at + 1 :]
                    is_missing = passages.missing(passage, {name: Decimal(changed)}, row["unit"])
                    # One bound taken for the other is noticed by the qualifier: a range needs two of them.
                    if not is_missing and changed not in (row["low"], row["high"]):
                        missed.append(f"{row['claim_id']} {name} {row[name]} -> {changed}")
    assert missed == []
