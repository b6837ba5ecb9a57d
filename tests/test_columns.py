"""Which tables keep together and float in print: by what heads them, and how many rows stand below the head."""

from __future__ import annotations

import pytest

from evidencebook.editions import columns
from evidencebook.pages.nodes import table


@pytest.mark.parametrize(
    ("rows", "title", "keeps", "floats"),
    [
        (1, "", True, False),
        (8, "", True, False),
        (9, "", False, False),
        (8, "A title", True, True),
        (14, "A title", True, True),
        (15, "A title", False, False),
    ],
)
def test_a_short_table_keeps_together_and_floats_if_text_can_call_it(
    rows: int, title: str, keeps: bool, floats: bool
) -> None:
    found = table(["one", "two"], [["a", "b"]] * rows, title=title)
    assert columns.keeps_together(found) is keeps
    assert columns.floats(found) is floats


def test_rows_of_a_table_within_a_cell_are_not_its_own() -> None:
    inner = table(["one"], [["a"]] * 20)
    found = table(["one"], [[[inner]], ["b"]])
    assert columns.keeps_together(found)


def test_a_column_has_room_for_what_no_line_may_part() -> None:
    long = "words " * 60
    rows = [["about US$10 million", long, long, long], ["not put in any figure", long, long, long]]
    value, *others = (float(width.removesuffix("fr")) for width in columns.widths(table(list("abcd"), rows)))
    letters = columns.ROOM * value / (value + sum(others))
    assert letters >= len("about US$10 million")


def test_a_column_of_dates_takes_no_more_room_than_they_do() -> None:
    rows = [["30 September 2017", "A sentence that takes more room than the date has."]]
    assert columns.widths(table(["Adopted", "What it says"], rows))[0] == "auto"
