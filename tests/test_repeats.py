"""Claims that say another again, and how printed counts count what they assert."""

from __future__ import annotations

import pytest

from tests.small import Book, field


@pytest.fixture
def repeating(book: Book) -> Book:
    """The small report with a column `repeats`, in which a claim says another of its source again."""
    package = book.package()
    schema = next(one for one in package["resources"] if one["name"] == "claims")["schema"]
    schema["fields"].append(field("repeats"))
    schema["foreignKeys"].append({"fields": "repeats", "reference": {"resource": "", "fields": "claim_id"}})
    book.write_package(package)
    book.write("claims", book.rows("claims"))
    book.edit("claims", 4, repeats="north-rock-mark")
    return book


def test_claim_may_repeat_another_of_its_source(repeating: Book) -> None:
    assert repeating.messages() == []


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("readings-kept", "the claim repeats itself"),
        ("keeper-left", "keeper-left is of almanac-undated, and this claim of harbour-2019"),
        ("visitors-monthly", "visitors-monthly itself repeats north-rock-mark"),
        ("north-rock-marks", "north-rock-marks is not a claim_id"),
    ],
)
def test_repeated_claim_counts_once_and_in_its_own_source(repeating: Book, meant: str, said: str) -> None:
    repeating.edit("claims", 5, repeats="north-rock-mark")
    repeating.edit("claims", 4, repeats=meant)
    assert f"data/claims.csv:4: repeats: {said}" in repeating.problem()


def test_claims_that_repeat_each_other_are_each_a_problem(repeating: Book) -> None:
    repeating.edit("claims", 5, repeats="readings-kept")
    repeating.edit("claims", 4, repeats="visitors-monthly")
    assert [message.partition(" - ")[0] for message in repeating.messages()] == [
        "data/claims.csv:4: repeats: visitors-monthly itself repeats readings-kept",
        "data/claims.csv:5: repeats: readings-kept itself repeats visitors-monthly",
    ]
