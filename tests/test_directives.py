"""What directives show of the tables: contradictions by their standing, values that are blank for one reason alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import Tag

from evidencebook.evidence import phrases
from evidencebook.evidence.facts import Evidence
from tests.building import build, change, copy_book, soup

ROOT = Path(__file__).parents[1]
OPEN = "waiting,A wait,sum-paid,water-rise,value,Talk against a measure.,Open.,open\n"


def with_a_pair_that_is_open(folder: Path) -> Path:
    root = copy_book(folder)
    with (root / "data/contradictions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(OPEN)
    return root


def pairs(page: Tag) -> list[tuple[str, list[str]]]:
    """The title of each pair of a page, with the terms below it."""
    found = page.select(".contradiction")
    return [(next(one.stripped_strings), [term.get_text() for term in one.select("dt")]) for one in found]


@pytest.mark.slow
def test_pairs_of_one_standing_stand_together_and_do_not_repeat_it(tmp_path: Path) -> None:
    root = with_a_pair_that_is_open(tmp_path)
    every, some = "```{contradictions}\n```", "```{contradictions}\n:standing: "
    change(root / "book/tide.md", every, f"{some}open\n```\n\n{every}\n\n{some}likely, open\n```")
    done = build(root, "-n", "-W")
    assert done.returncode == 0, done.stdout + done.stderr
    sides = ["One side", "Other side", "Our reading"]
    waiting, visits = ("A wait", ["Standing", *sides]), ("How many came", ["Standing", *sides])
    found = pairs(soup(root / "_build/html/book/tide.html"))
    assert found == [("A wait", sides), waiting, visits, waiting, visits]


@pytest.mark.slow
def test_a_standing_that_no_pair_has_is_refused_at_its_place(tmp_path: Path) -> None:
    root = with_a_pair_that_is_open(tmp_path)
    page = root / "book/tide.md"
    line = page.read_text("utf-8").splitlines().index("```{contradictions}") + 1
    change(page, "```{contradictions}\n```", "```{contradictions}\n:standing: opne\n```")
    done = build(root)
    assert done.returncode != 0
    assert f"book/tide.md:{line}: WARNING: no pair has the standing 'opne' - did you mean open?" in done.stderr


def test_a_column_of_values_is_blank_wherever_there_is_no_figure() -> None:
    report = Evidence.load(ROOT)
    unquantified = [name for name in report.claims if phrases.value(report.fact(name)) == phrases.NO_FIGURE]
    assert unquantified
    for name in report.claims:
        shown = phrases.value(report.fact(name))
        assert phrases.number(report.fact(name)) == ("" if name in unquantified else shown)
