"""Ids that figure modules name: a wrong one is found where it stands, and other texts are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.check import checking
from tests.small import Book

ROOT = Path(__file__).parents[1]


def problems(book: Book, source: str) -> list[str]:
    path = book.root / "book/figures/tide.py"
    path.parent.mkdir(parents=True)
    path.write_text(source, "utf-8")
    return book.messages()


@pytest.mark.parametrize(
    "source",
    [
        'EVIDENCE.fact("readings-keep")',
        'x = evidence.claims["readings-keep"]["low"]',
        'IDS = ("north-rock-mark", "readings-keep")',
        'KINDS = {"north-rock-mark": "a", "readings-keep": "b"}',
        'a = Kind("north-rock-mark", "Sea")\nb = Kind("readings-keep", "Sky")',
        'a = Kind(of="north-rock-mark")\nb = Kind(of="readings-keep")',
        'EVIDENCE.has("readings-keep")',
    ],
)
def test_an_unknown_id_is_told_at_its_line_with_the_nearest_one(book: Book, source: str) -> None:
    (found,) = problems(book, f"import sea\n{source}\n")
    line = 1 + len(source.split("\n"))
    assert found == f'book/figures/tide.py:{line}: unknown id "readings-keep" - did you mean readings-kept?'


def test_a_slip_in_a_long_id_is_found_wherever_it_stands(book: Book) -> None:
    (found,) = problems(book, 'MARK = "north-rock-marc"\n')
    assert found.startswith('book/figures/tide.py:1: unknown id "north-rock-marc" - did you mean north-rock-mark')


def test_an_id_like_none_is_found_where_the_evidence_is_asked_for_it(book: Book) -> None:
    assert len(problems(book, 'EVIDENCE.fact("lamp")\n')) == 1


@pytest.mark.parametrize(
    "source",
    [
        'EVIDENCE.fact("readings-kept")\nEVIDENCE.fact("visitors-yearly")',
        'SHAPES = ("triangle-left", "triangle-right")',
        'FONT = "sans-serif"',
        'x = rows["north-rock"], "hearsay"',
        "def f(:",
    ],
)
def test_known_ids_and_other_words_are_no_problem(book: Book, source: str) -> None:
    assert not any("unknown id" in one for one in problems(book, source + "\n"))


def test_the_id_of_a_row_that_is_reported_already_is_known(book: Book) -> None:
    book.edit("claims", 4, low="many")
    (found,) = problems(book, 'EVIDENCE.fact("readings-kept")\n')
    assert found.startswith("data/claims.csv:4: low:")


def test_the_figures_of_the_report_name_only_known_ids() -> None:
    report = checking.check(ROOT, ROOT / "none")
    assert [str(one) for one in report.problems if "unknown id" in one.what] == []
