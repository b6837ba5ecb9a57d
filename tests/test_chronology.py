"""An event lies where the claims that tell of it allow, or the check says which of them it contradicts."""

from __future__ import annotations

import copy

import pytest

from tests.small import PACKAGE, Book, field

LINE = 2  # of the only event, and of the only claim that tells of it


@pytest.fixture
def dated(book: Book) -> Book:
    """The report with a contract in which claims can take the date of their article or speak of the future."""
    package = copy.deepcopy(PACKAGE)
    fields = {one["name"]: one for one in package["resources"][1]["schema"]["fields"]}
    fields["when_basis"]["constraints"]["enum"].append("article_date")
    fields["modality"]["constraints"]["enum"].append("projected")
    next(one for one in package["resources"] if one["name"] == "contradictions")["schema"]["fields"].append(
        field("kind")
    )
    book.write_package(package)
    book.write("contradictions", book.rows("contradictions"))
    return book


@pytest.mark.parametrize(
    ("event", "claim"),
    [
        ("2020-01", "2020-01"),
        ("2020-01-05", "2020-01"),
        ("2020-01", "2019/2021"),
        ("[2020-01-05,2020-03-07]", "[2020-01-05,2020-02,2020-03]"),
        ("[2020-01-05,2020-01-06]", "2020-01"),
    ],
)
def test_an_event_within_the_date_of_its_claim_is_right(dated: Book, event: str, claim: str) -> None:
    dated.edit("events", LINE, when=event)
    dated.edit("claims", LINE, when=claim)
    assert dated.messages() == []


@pytest.mark.parametrize(
    ("event", "claim"),
    [
        ("2020-01", "2020-01-05"),
        ("2020-01", "2020-02"),
        ("2019-12/2020-01", "2020-01"),
        ("[2020-01,2020-03]", "[2020-01-05,2020-03-07]"),
        ("2020-02", "[2020-01,2020-03]"),
    ],
)
def test_an_event_beyond_the_date_of_its_claim_is_one_problem(dated: Book, event: str, claim: str) -> None:
    dated.edit("events", LINE, when=event)
    dated.edit("claims", LINE, when=claim)
    (found,) = dated.messages()
    assert found.startswith(
        f"data/events.csv:{LINE}: when: {event} goes beyond {claim} (keeper-left), which dates it - "
    )


def test_what_an_article_reports_as_done_may_be_older_but_not_younger_than_the_article(dated: Book) -> None:
    dated.edit("claims", LINE, when="[2020-01-05,2020-03-07]", when_basis="article_date")
    dated.edit("events", LINE, when="2019-06/2020-03-07")
    assert dated.messages() == []
    dated.edit("events", LINE, when="[2020-01,2020-03]")
    (found,) = dated.messages()
    assert found.startswith(f"data/events.csv:{LINE}: when: [2020-01,2020-03] ends after [2020-01-05,2020-03-07]")


def test_a_claim_about_the_future_dates_nothing(dated: Book) -> None:
    dated.edit("claims", LINE, when="2031", modality="projected")
    assert dated.messages() == []


def test_a_recorded_contradiction_of_dates_is_no_problem_and_any_other_is_no_excuse(dated: Book) -> None:
    dated.edit("claims", LINE, when="2019-12")
    dated.edit("contradictions", LINE, claim_a="keeper-left", kind="date")
    assert dated.messages() == []
    dated.edit("contradictions", LINE, kind="scope")
    (found,) = dated.messages()
    assert "2020-01 goes beyond 2019-12 (keeper-left)" in found


def test_a_date_that_cannot_be_read_is_reported_once_and_not_compared(dated: Book) -> None:
    dated.edit("claims", LINE, when="44562")
    (found,) = dated.messages()
    assert found.startswith(f"data/claims.csv:{LINE}: when: ")


def test_without_a_contract_for_dates_nothing_is_compared(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    for one in package["resources"][1]["schema"]["fields"]:
        one.pop("rdfType", None)
    book.write_package(package)
    book.edit("claims", LINE, when="some day")
    assert book.messages() == []
