"""Untraced numbers in figure modules: in words that readers see, not in what machines read."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from evidencebook.check import checking
from tests.small import Book

ROOT = Path(__file__).parents[1]


def problems(book: Book, source: str) -> list[str]:
    """What the check says of a report with this figure module."""
    path = book.root / "book/figures/tide.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(source), "utf-8")
    return book.messages()


def test_a_number_typed_into_a_title_is_reported_with_the_fact_to_use(book: Book) -> None:
    (found,) = problems(book, 'x = 1\nTITLE = "About 3,000 readings were kept"\n')
    assert found.startswith('book/figures/tide.py:2: untraced number "About 3,000" - write {fact}`readings-kept`')
    assert found.endswith("or justify it: end the line with `# typed: why it may be typed`")


@pytest.mark.parametrize(
    "source",
    [
        'draw(title="Two lamps burn")',
        'draw(alt=f"{n} of fifty lamps")',
        "draw(f\"{label('Two thirds of it')} more\")",
        'ROWS = {"Tide": ("Half of it", 3)}',
        'def f():\n    """Three lamps."""\n    return "up to 90% of it"',
        'draw("a sentence "\n     "over two lines")',
    ],
)
def test_words_before_readers_are_examined_wherever_they_stand(book: Book, source: str) -> None:
    assert len(problems(book, source + "\n")) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""Two lamps and 3,000 readings."""',
        'def f() -> None:\n    """Draw fifty lamps."""',
        'EVIDENCE.fact("two-thirds-of-50")',
        'COLOUR = "#123456"; FONT = "12px Source Sans"',
        'EXPRESSION = "datum.value > 50 ? datum.value : null and two"',
        'import re\nre.sub("two (\\\\d{3}) lamps", "", text)',
        'draw("One lamp in 2016, both on 8 February 2024, the sixth")',
        'raise ValueError("there are two lamps")',
        'draw(f"{words(fact)} lamps {x:.2f} high")',
        "WIDTH = 300",
        '# two lamps and 3,000 readings\nx = "sea"',
    ],
)
def test_docstrings_ids_expressions_styles_and_dates_are_not(book: Book, source: str) -> None:
    assert not any("number" in one for one in problems(book, source + "\n"))


def test_a_number_over_several_lines_is_reported_at_its_own(book: Book) -> None:
    (found,) = problems(book, 'draw(\n    "The sea "\n    "took fifty lamps",\n)\n')
    assert found.startswith("book/figures/tide.py:3: ")


def test_a_comment_with_a_reason_justifies_and_one_without_does_not(book: Book) -> None:
    assert problems(book, 'draw("Two lamps")  # typed: there are no others\n') == []
    (listed,) = book.check().exceptions
    assert (listed.file, listed.line, listed.words, listed.reason) == (
        "book/figures/tide.py",
        1,
        "Two",
        "there are no others",
    )
    (found,) = problems(book, 'draw("Two lamps")  # typed:\n')
    assert found.startswith('book/figures/tide.py:1: "Two" is typed without a reason - write `# typed: why')


def test_a_module_that_does_not_parse_is_a_located_problem(book: Book) -> None:
    (found,) = problems(book, "x = 1\ndef (:\n")
    assert found.startswith("book/figures/tide.py:2: the module cannot be read: ")


def test_the_figures_of_the_report_have_no_untraced_number() -> None:
    report = checking.check(ROOT, ROOT / "none")
    assert [str(one) for one in report.problems if one.file.startswith("book/figures")] == []
