"""The chain of events: every event but tests once, its likeliest dates, and its doubt in words and mark."""

from __future__ import annotations

from collections import Counter

import pytest
from figures import EVIDENCE, TABLES, timeline

from evidencebook.drawing import event_doubt
from evidencebook.drawing.stretches import short
from evidencebook.values import dates
from tests.specs import changed, forms, rows, spec_of, symbols, table, texts

SPEC = "timeline.chain"
SHOWN = {each: row for each, row in EVIDENCE.events.items() if row["kind"] != "weapons-test"}


def test_every_event_but_a_test_of_weapons_stands_once_in_both_pictures_with_its_date() -> None:
    entries = timeline.entries()
    assert sorted(entry.label for entry in entries) == sorted(row["label"] for row in SHOWN.values())
    for form in forms(spec_of(SPEC)):
        drawn = [text.replace("\n", " ") for row in rows(form) if (text := row.get("text"))]
        for entry in entries:
            assert drawn.count(entry.text) == [each.text for each in entries].count(entry.text)
            assert short(entry.when) in drawn


def test_every_kind_of_event_but_a_test_of_weapons_has_a_lane() -> None:
    kinds = {row["kind"] for row in SHOWN.values()}
    assert kinds <= {kind for _, _, kinds in timeline.LANES for kind in kinds}


def test_no_event_told_by_an_article_runs_past_that_article() -> None:
    for event_id, event in EVIDENCE.events.items():
        tellers = [EVIDENCE.sources[each]["published"] for each in EVIDENCE.event_sources.get(event_id, ())]
        if event["when_basis"] != "external" and tellers:
            assert dates.parse(event["when"]).earliest <= max(dates.parse(each).latest for each in tellers)


def test_unverified_events_say_so_in_their_label_and_are_hollow() -> None:
    doubted = [row for row in EVIDENCE.events.values() if row["is_unverified"]]
    assert doubted
    for form in forms(spec_of(SPEC)):
        for event in doubted:
            assert f"{event['label']} (unconfirmed)" in texts(form)
            for claim_id in EVIDENCE.claims:
                if EVIDENCE.claims[claim_id]["event_id"] == event["event_id"]:
                    assert {row["fill"] for row in symbols(form, claim_id)} <= {"transparent"}


def test_an_event_whose_nature_alone_is_contested_is_filled_where_a_claim_of_it_is_firm() -> None:
    contested = {each: row for each, row in EVIDENCE.events.items() if row["is_disputed"]}
    assert "restaurant-defection-2016" in contested
    for event_id, event in contested.items():
        told = [EVIDENCE.fact(each) for each, row in EVIDENCE.claims.items() if row["event_id"] == event_id]
        assert (event_doubt(EVIDENCE, event) == "disputed") is all(one.doubts for one in told)
    (restaurant,) = [each for each in timeline.entries() if "restaurant-group-size-daily-nk" in each.facts.split()]
    assert not restaurant.doubt
    for form in forms(spec_of(SPEC)):
        assert "transparent" not in {row["fill"] for row in symbols(form, "restaurant-group-size-daily-nk")}


def test_an_event_of_which_only_unsure_things_are_told_is_hollow_and_says_so() -> None:
    dated = {row["label"]: row for row in EVIDENCE.events.values()}
    for entry in timeline.entries():
        if dated[entry.label]["when_basis"] == "external":
            continue
        claims = [EVIDENCE.fact(each) for each in entry.facts.split()]
        assert bool(entry.doubt) is (entry.doubt in ("disputed", "unverified") or all(one.doubts for one in claims))
    unsure = {entry.label for entry in timeline.entries() if entry.doubt == "unconfirmed"}
    assert {"Attempted escape in Shenyang", "Preparations to send more workers", "New workers sent abroad"} <= unsure


def test_edited_date_moves_the_mark_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    edited = changed("beijing-report-2019", "events", when="2018-02-03", is_unverified=True)
    monkeypatch.setattr(timeline, "EVIDENCE", edited)
    entry = next(each for each in timeline.entries() if each.label == edited.events["beijing-report-2019"]["label"])
    assert entry.ends[0] == pytest.approx(2018 + 33 / 365)
    after = timeline.chain().to_dict()
    assert after["datasets"] != spec_of(SPEC)["datasets"]
    assert dates.words("2018-02-03") in after["description"] and short("2018-02-03") in texts(after)


def test_the_title_holds() -> None:
    def exact(*kinds: str) -> list[bool]:
        found = [entry.ends for entry in timeline.entries() if entry.kind in kinds]
        return [end - start < 1 / 300 for start, end in found]

    assert all(exact("resolution", "deadline"))
    told = exact("control", "defection", "escape", "disappearance", "unrest")
    assert sum(told) < len(told) / 2


def test_the_table_says_what_a_date_is_known_from_in_the_words_of_the_tables() -> None:
    labels = next(field.labels for field in TABLES["events"].fields if field.name == "when_basis")
    shown = Counter(row["Date known from"] for row in table(spec_of(SPEC)))
    for basis, count in Counter(row["when_basis"] for row in SHOWN.values()).items():
        assert shown[labels[basis]] == count
