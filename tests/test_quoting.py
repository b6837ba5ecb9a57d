"""Free text of tables takes other rows' values by their ids, and a typed number that is one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.evidence.facts import Evidence
from tests.small import Book, small_report_in

NOTE = 3  # the line of the claim whose note the tests write


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return small_report_in(tmp_path)


def note(book: Book, text: str) -> str:
    book.edit("claims", NOTE, note=text)
    return str(Evidence.load(book.root).claims["north-rock-mark"]["note"])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Beside {readings-kept}.", "Beside about 3,000 times."),
        ("Beside {readings-kept|number} and {visitors-yearly}.", "Beside about 3,000 and 480–720."),
        ("From {visitors-monthly|hedged-low} to {visitors-monthly|hedged-high}.", "From 40 to 60."),
        ("Some {readings-kept|hedged-number} readings.", "Some 3,000 readings."),
        ("Not ours: {=3,000}.", "Not ours: 3,000."),
        ("{{ readings-kept }} is nothing.", "{{ readings-kept }} is nothing."),
    ],
)
def test_an_id_in_braces_is_read_as_the_value_of_its_row(book: Book, written: str, read: str) -> None:
    assert note(book, written) == read
    assert book.messages() == []


def test_a_changed_row_changes_the_texts_that_take_its_value(book: Book) -> None:
    note(book, "Beside {readings-kept}.")
    book.edit("claims", 4, low="3100", high="3100")
    assert Evidence.load(book.root).claims["north-rock-mark"]["note"] == "Beside about 3,100 times."


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Beside {reading-kept}.", "note: no row has the id 'reading-kept' - did you mean readings-kept?"),
        ("Beside {readings-kept|bare}.", "note: 'readings-kept' cannot be shown so: |bare hides"),
        ("Beside {keeper-left}.", "note: 'keeper-left' cannot be shown so"),
        ("Beside some 3,000 readings.", 'note: "some 3,000" is the value of another row - write {readings-kept}'),
    ],
)
def test_what_names_no_value_and_what_should_name_one_are_told_at_their_cell(
    book: Book, written: str, told: str
) -> None:
    book.edit("claims", NOTE, note=written)
    assert f"data/claims.csv:{NOTE}: {told}" in book.problem()


def test_small_numbers_and_those_of_no_row_may_be_typed(book: Book) -> None:
    note(book, "At 60 of 4,000 marks, on 40 days.")
    assert book.messages() == []


def test_what_a_table_that_cannot_be_read_may_hold_is_not_missed_elsewhere(book: Book) -> None:
    book.edit("contradictions", 2, tension="One has {readings-kept} readings.")
    assert book.messages() == []
    book.change_bytes("claims", lambda data: data + b"\xff")
    assert book.problem().startswith("data/claims.csv:6: byte 0xff is not UTF-8")
