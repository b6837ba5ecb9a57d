"""Claims that say another again, and how printed counts count what they assert."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.building import built_in, change, one, soup
from tests.small import Book, field
from tests.tabled import add_column, links, told
from tests.test_cards import carried, rows


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


@pytest.mark.slow
def test_a_repeated_claim_counts_once_and_says_so_in_ledger_card_and_data(root: Path) -> None:
    add_column(root, "claims", "repeats", {"lookers": "water-rise"})
    change(root / "book/index.md", "Much.", "There are {count}`claims`; {fact}`lookers` came, {fact}`water-rise` rose.")
    built_in(root, "html")
    html = root / "_build/html"
    assert "There are four;" in one(soup(html / "book/index.html"), "article").get_text()
    repeats, again = told(root, "lookers")["Repeats"], told(root, "water-rise")["Said again"]
    assert repeats.get_text().strip().startswith("entry 1: The keeper put the rise of the water")
    assert links(again) == [("entry 3", "#ledger-lookers")]
    assert "3, and 1 that say one of them again" in soup(html / "seeds/harbour-log.html").get_text()
    made = carried(str(one(soup(html / "book/index.html"), "script.evidence-cards")))
    assert "Repeats" in rows(made["lookers"])
    graph = json.loads((html / "claims.json").read_text("utf-8"))["@graph"]
    (claim,) = (node for node in graph if node.get("identifier") == "lookers")
    assert claim["repeats"]["@id"].endswith("#ledger-water-rise")
