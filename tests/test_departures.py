"""The tables of Departures and unrest that are written on the page say no more than the claims do."""

from __future__ import annotations

import re

import pytest
from figures import EVIDENCE

from evidencebook.evidence import firmness
from evidencebook.evidence.account import Accounts
from tests.specs import PAGES

ACCOUNTS = Accounts(EVIDENCE)
TEXT = (PAGES / "defections.md").read_text("utf-8")
# What a row tells, and the claims that report it.
REPORTS = {
    "A group leaves": ("restaurant-group-defection-second-source", "restaurant-group-size-daily-nk"),
    "A single person tries": ("shenyang-escape-attempt-source",),
    "Workers try to escape alone": ("solo-escape-attempts",),
    "Groups attempt": ("mass-breakout-attempts-narration",),
    "Attempts to defect": ("attempted-defections-increase",),
    "Cadres disappear": ("cadres-disappearing",),
    "Workers protest": ("researchers-protesters-china", "researchers-protest-month"),
}


def cells(name: str) -> list[list[str]]:
    body = re.search(rf":name: {name}\n(.*?)```", TEXT, re.S)
    assert body
    return [re.findall(r"^[* ] - (.*)$", row, re.M) for row in re.split(r"(?m)^(?=\* - )", body[1])[2:]]


def test_every_kind_has_its_row_and_every_counted_departure_its_number() -> None:
    rows = cells("tab-exits")
    assert [next(kind for kind in REPORTS if row[0].startswith(kind)) for row in rows] == list(REPORTS)
    shown = set(re.findall(r"\{fact\}`([^`|]+)", TEXT))
    exits = ("defections", "unrest")
    counts = {
        claim_id: row["low"] for claim_id, row in EVIDENCE.claims.items()
        if (row["kind"], row["unit"]) == ("count", "persons") and row["theme"] in exits and row["topic"] != "discontent"
    }  # fmt: skip
    # Several voices give the same number of restaurant workers.
    assert {counts[each] for each in shown & set(counts)} == set(counts.values())


@pytest.mark.parametrize("kind", list(REPORTS))
def test_how_firm_a_row_is_stands_in_the_words_of_the_one_scale(kind: str) -> None:
    (row,) = [row for row in cells("tab-exits") if row[0].startswith(kind)]
    grades = {firmness.grade(ACCOUNTS, each) for each in REPORTS[kind]}
    assert {each for each in firmness.GRADES if re.search(rf"\b{each}\b", row[4])} == grades
    assert not re.search(r"hearsay|rumou?r|verified|unnamed|alone", row[4])


@pytest.mark.parametrize("kind", list(REPORTS))
def test_missing_numbers_and_sources_are_those_of_the_claims(kind: str) -> None:
    (row,) = [row for row in cells("tab-exits") if row[0].startswith(kind)]
    claims = [EVIDENCE.claims[each] for each in REPORTS[kind]]
    assert (row[1] == "not given") is not ("{fact}" in row[1] or row[1] == "one")
    assert ("{fact}" in row[1]) is any(claim["kind"] == "count" for claim in claims)
    for claim in claims:
        assert f"{{src}}`{claim['source_id']}`" in row[0]
