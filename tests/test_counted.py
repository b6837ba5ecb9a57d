"""What the report says of its tests is what they are."""

from __future__ import annotations

import re
from datetime import date

from tests import counted, covered


def test_numbers_of_tests_are_those_that_pytest_collects() -> None:
    """No more than there are, and no fewer than nine tenths: tests are added every day."""
    said, found = counted.PAGE.read_text("utf-8"), counted.counted()
    numbers = re.compile(r"`(?:more than )?([\d,]+)(?= )")
    assert numbers.sub("", said) == numbers.sub("", counted.page(found)), "run python -m tests.counted"
    are = [found.total(), *(found[kind] for kind in (*counted.KINDS, counted.ELSE, counted.ATTACKS))]
    told = [int(number.replace(",", "")) for number in numbers.findall(said)]
    for number, real in zip(told, are, strict=True):
        assert 0.9 * real - 10 < number <= real, "run python -m tests.counted"


def test_each_kind_names_files_that_there_are() -> None:
    for names in counted.KINDS.values():
        for name in names.split():
            assert list((counted.ROOT / "tests").glob(f"test_{name}.py")), name


def test_what_tests_reach_is_told_by_room_and_in_a_line() -> None:
    def file(reached: int, whole: int) -> dict[str, dict[str, int]]:
        return {"summary": {"covered_branches": reached, "num_branches": whole}}

    totals = {"covered_branches": 196, "num_branches": 200, "covered_lines": 99, "num_statements": 100}
    names = {"build/a.py": file(90, 100), "build/b.py": file(10, 10), "cli.py": file(96, 100), "lab/x.py": file(0, 0)}
    report = {"totals": totals, "files": {f"src/evidencebook/{name}": one for name, one in names.items()}}
    said = covered.line(report, date(2026, 12, 1))
    assert said.startswith(
        "Tests reach 98.0% of the engine's branches and 99.0% of its lines (make coverage, 2026-12-01)"
    )
    assert covered.rooms(report) == ["build: 90.9% of 110 branches"]


def test_the_figure_that_is_kept_has_the_form_in_which_it_is_told() -> None:
    form = re.sub(r"[\d.]+%", "N%", covered.line({"totals": dict.fromkeys(covered.TOTALS, 1)}, date(2026, 12, 1)))
    assert re.sub(r"\d{4}-\d\d-\d\d", "2026-12-01", re.sub(r"[\d.]+%", "N%", covered.RECORD.read_text("utf-8"))) == form
