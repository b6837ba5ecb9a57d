"""What the report says of its tests is what they are."""

from __future__ import annotations

import re

from tests import counted


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
