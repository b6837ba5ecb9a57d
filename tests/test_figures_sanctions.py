"""Resolutions and what followed: steps, days and deadline come from the tables, doubts stay visible."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
from figures import EVIDENCE, TABLES, deadline, sanctions

from evidencebook.drawing.canvas import typeset
from evidencebook.drawing.stretches import short
from evidencebook.tables.reading import Row
from evidencebook.values import dates
from tests.specs import changed, forms, rows, spec_of, symbols, table, texts

RESOLUTIONS = TABLES["resolutions"].rows


def with_resolution(number: int, **cells: Any) -> dict[str, Any]:
    found = TABLES["resolutions"]
    edited = tuple(Row(row.line, {**row.values, **cells}) if row["resolution"] == number else row for row in found.rows)
    return {**TABLES, "resolutions": replace(found, rows=edited)}


def test_every_resolution_stands_with_its_day_its_test_and_its_step() -> None:
    spec = spec_of("sanctions.resolutions")
    for row in RESOLUTIONS:
        for form in forms(spec):
            drawn = texts(form)
            assert f"{row['resolution']}: {sanctions.STEPS[row['effect']]}" in drawn
            assert f"{dates.words(row['adopted'].isoformat())} | After: {row['trigger']}" in drawn
            assert dates.words(row["trigger_date"]) in drawn
        assert f"Resolution {row['resolution']} of {dates.words(row['adopted'].isoformat())}" in spec["description"]


def test_steps_never_fall() -> None:
    levels = [list(sanctions.STEPS).index(row["effect"]) for row in sorted(RESOLUTIONS, key=lambda row: row["adopted"])]
    assert levels == sorted(set(levels))


def test_each_of_two_tests_has_its_own_mark() -> None:
    triangles = [row for row in rows(spec_of("sanctions.resolutions")) if row.get("shape") == "triangle-up"]
    days = [part for row in RESOLUTIONS for part in sanctions.stretches(row["trigger_date"])]
    assert len(triangles) == len(days) + 1  # and the key


def test_only_binding_resolutions_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    def hollow(spec: dict[str, Any]) -> int:
        return sum(row.get("fill") == "transparent" for form in forms(spec) for row in rows(form) if "shape" in row)

    before = hollow(spec_of("sanctions.resolutions"))
    monkeypatch.setattr(sanctions, "TABLES", with_resolution(2397, is_binding=False))
    after = sanctions.resolutions().to_dict()
    assert hollow(after) == before + 2  # once in each picture
    assert "2397" in after["description"].rpartition("binding")[2]


def test_edited_adoption_and_deadline_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    day = datetime.date(2020, 1, 15)
    monkeypatch.setattr(sanctions, "TABLES", with_resolution(2397, deadline=day))
    assert all("15 January 2020" in texts(form) for form in forms(sanctions.resolutions().to_dict()))


def test_the_deadline_of_the_event_is_that_of_the_resolution() -> None:
    (day,) = [row["deadline"] for row in RESOLUTIONS if row["deadline"]]
    assert EVIDENCE.events[deadline.DEADLINE]["when"] == day.isoformat()


def test_every_report_stands_with_its_date_and_its_voice() -> None:
    spec = spec_of("deadline.after_deadline")
    for told in deadline.reports():
        for form in forms(spec):
            assert typeset(told.label).replace("\u00a0", " ") in texts(form)
            assert short(told.when) in texts(form)
            assert typeset(told.voice[1:]) in texts(form)
        assert f"{told.fact.row['speaker']}, {dates.words(told.when)}" in spec["description"]


def test_all_reports_come_after_the_deadline_and_are_of_workers() -> None:
    limit = dates.parse(EVIDENCE.events[deadline.DEADLINE]["when"]).latest
    assert all(dates.parse(told.when).earliest > limit for told in deadline.reports())
    assert {told.fact.row["theme"] for told in deadline.reports()} <= {"sanctions", "workforce", "unrest"}


def test_doubtful_and_concluded_reports_say_so_and_are_hollow() -> None:
    loose = {told.fact.fact_id: told for told in deadline.reports() if told.doubt}
    assert {"unconfirmed", "disputed"} <= {told.doubt for told in loose.values()}
    for form in forms(spec_of("deadline.after_deadline")):
        for fact_id, told in loose.items():
            assert f"{told.label} ({told.doubt})".replace("\u00a0", " ") in texts(form)
            assert {row["fill"] for row in symbols(form, fact_id)} <= {"transparent"}


def test_numbers_of_workers_come_from_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "EVIDENCE", changed("china-workers-dailynk-total", low=61_000))
    assert "Over 61,000 workers in China" in texts(deadline.after_deadline().to_dict())


def test_the_table_says_whose_date_it_is() -> None:
    told = {row["What is reported"] + row["When"]: row["Date of"] for row in table(spec_of("deadline.after_deadline"))}
    for each in deadline.reports():
        is_own = each.fact.row["when"] and each.fact.row["when_basis"] != "article_date"
        assert told[each.label + dates.words(each.when)] == ("what is told" if is_own else "the article")
