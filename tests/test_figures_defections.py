"""Departures and unrest kept apart: only what a claim gives is marked as given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from figures import EVIDENCE, defections
from figures.answers import GIVEN, MISSING, VAGUE

from evidencebook.charts.renderer import attached
from evidencebook.evidence.wording import words
from evidencebook.tables.reading import Row


def drawn(spec: dict[str, Any]) -> list[str]:
    parts = (spec, attached(spec).narrow.spec)
    rows = [row for part in parts for table in part["datasets"].values() for row in table]
    return [row["text"].replace("\n", " ").replace("\u00a0", " ") for row in rows if "text" in row]


def with_claim(claim_id: str, **cells: Any) -> Any:
    row = EVIDENCE.claims[claim_id]
    return replace(EVIDENCE, claims={**EVIDENCE.claims, claim_id: Row(row.line, {**row.values, **cells})})


def numbers() -> dict[str, str]:
    return {line.label: line.answers["Number"].standing for line in defections.lines()}


def test_only_one_group_and_one_person_have_a_number() -> None:
    given = [label for label, standing in numbers().items() if standing == GIVEN]
    assert given == [defections.KINDS[0].label, "Attempted escape of a single person"]
    assert numbers()["Unrest: workers protest"] == VAGUE
    assert sum(standing == MISSING for standing in numbers().values()) == len(numbers()) - 3


def test_every_claim_with_a_count_of_exits_is_in_the_figure() -> None:
    used = {claim_id for kind in defections.KINDS for claim_id in kind.claim_ids}
    counts = {
        claim_id
        for claim_id, row in EVIDENCE.claims.items()
        if row["kind"] == "count"
        and row["unit"] == "persons"
        and row["theme"] in ("defections", "unrest")
        # Frustration is no protest, whatever number is given for it.
        and row["topic"] != "discontent"
    }
    assert counts <= used


def test_a_mark_stands_for_the_claims_of_its_own_column() -> None:
    by_label = {line.label: line for line in defections.lines()}
    restaurant = by_label[defections.KINDS[0].label]
    assert restaurant.facts("Date") == "restaurant-group-month-daily-nk"
    assert "restaurant-abduction-claim-pyongyang" in restaurant.facts("Doubt").split()
    assert {EVIDENCE.claims[each]["kind"] for each in restaurant.facts("Number").split()} == {"count"}
    for line in by_label.values():
        for each in line.facts("Doubt").split():
            row = EVIDENCE.claims[each]
            is_of_doubtful_event = row["event_id"] and (
                EVIDENCE.events[row["event_id"]]["is_disputed"] or EVIDENCE.events[row["event_id"]]["is_unverified"]
            )
            assert row["modality"] == "hearsay" or is_of_doubtful_event
        assert bool(line.facts("Doubt")) is bool(line.answers["Doubt"].text)


def test_kinds_are_kept_apart() -> None:
    topics = [{EVIDENCE.claims[claim_id]["event_id"] for claim_id in kind.claim_ids} for kind in defections.KINDS]
    for first, events in enumerate(topics):
        for other in topics[first + 1 :]:
            assert not (events & other) - {None}


def test_edited_count_changes_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defections, "EVIDENCE", with_claim("restaurant-group-size-daily-nk", low=14, high=14))
    assert "13 or 14" in drawn(defections.exits().to_dict())


def test_a_number_that_appears_is_no_longer_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {"kind": "count", "low": 20, "high": 20, "qualifier": "about", "unit": "persons"}
    monkeypatch.setattr(defections, "EVIDENCE", with_claim("cadres-disappearing", **cells))
    assert numbers()[EVIDENCE.events["cadres-disappear"]["label"]] == VAGUE


def test_place_and_date_are_given_only_when_they_are_narrow() -> None:
    by_label = {line.label: line.answers for line in defections.lines()}
    assert by_label["Attempted escape of a single person"]["Place"].standing == GIVEN
    assert by_label["Attempted escape of a single person"]["Date"].standing == VAGUE
    assert by_label["Attempted mass breakouts"]["Place"].standing == VAGUE
    assert by_label["Unrest: workers protest"]["Date"].standing == GIVEN


def test_both_pictures_and_the_text_tell_every_row() -> None:
    chart = defections.exits().to_dict()
    for line in defections.lines():
        assert drawn(chart).count(line.label) == 2
        assert line.label in chart["description"]


def test_accounts_speak_through_their_own_claims() -> None:
    for account in defections.ACCOUNTS:
        speakers = {EVIDENCE.claims[claim_id]["speaker_type"] for _, _, ids in account.says for claim_id in ids}
        assert speakers in ({"expert"}, {"official"}, {"outlet"})
        assert {EVIDENCE.claims[c]["source_id"] for _, _, ids in account.says for c in ids} == {"intlmonitor-2024"}


def test_the_size_of_the_protest_is_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = defections.unrest_accounts().to_dict()
    text = words(EVIDENCE.fact("researchers-protesters-china"))
    assert drawn(chart).count(text) == 2
    assert text in chart["description"]
    monkeypatch.setattr(defections, "EVIDENCE", with_claim("researchers-protesters-china", low=2500, high=2500))
    assert "about 2,500" in drawn(defections.unrest_accounts().to_dict())


def test_only_the_researchers_speak_of_a_protest() -> None:
    standing = {line.label: line.answers["Protest"].standing for line in defections.accounts()}
    assert [label for label, given in standing.items() if given == GIVEN] == ["Two researchers, sources withheld"]
