"""Resolutions and what followed: steps, days and deadline come from the tables, doubts stay visible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from figures import EVIDENCE, TABLES, deadline, sanctions, spans
from figures.marks import typeset

from evidencebook.charts.renderer import attached
from evidencebook.tables.reading import Row
from evidencebook.values import dates

RESOLUTIONS = TABLES["resolutions"].rows


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    narrow = attached(spec).narrow.spec
    return [row for part in (spec, narrow) for table in part["datasets"].values() for row in table]


def words_in(spec: dict[str, Any]) -> str:
    drawn = " | ".join(row["text"] for row in rows(spec) if "text" in row)
    return drawn.replace("\n", " ").replace("\u00a0", " ")


def with_resolution(number: int, **cells: Any) -> dict[str, Any]:
    table = TABLES["resolutions"]
    edited = tuple(Row(row.line, {**row.values, **cells}) if row["resolution"] == number else row for row in table.rows)
    return {**TABLES, "resolutions": replace(table, rows=edited)}


def test_every_resolution_stands_with_its_day_its_test_and_its_step() -> None:
    chart = sanctions.resolutions().to_dict()
    drawn, spoken = words_in(chart), chart["description"]
    for row in RESOLUTIONS:
        assert f"{row['resolution']}: {sanctions.STEPS[row['effect']]}" in drawn
        assert dates.words(row["adopted"].isoformat()) in drawn
        assert row["trigger"] in drawn
        assert dates.words(row["trigger_date"]) in drawn
        assert f"(after: {row['trigger']}, {dates.words(row['trigger_date'])})" in spoken


def test_steps_never_fall() -> None:
    ordered = sorted(RESOLUTIONS, key=lambda row: row["adopted"])
    levels = [list(sanctions.STEPS).index(row["effect"]) for row in ordered]
    assert levels == sorted(set(levels))


def test_the_deadline_is_a_rule_on_its_day() -> None:
    (deadline,) = [row["deadline"] for row in RESOLUTIONS if row["deadline"]]
    starts = [row["start"] for row in rows(sanctions.resolutions().to_dict()) if "level2" in row]
    assert spans.decimal_year(deadline) in starts
    assert EVIDENCE.events[sanctions.DEADLINE]["when"] == deadline.isoformat()


def test_each_of_two_tests_has_its_own_mark() -> None:
    (row,) = [row for row in RESOLUTIONS if row["trigger_date"] == "{2017-07-03,2017-07-28}"]
    days = {part.middle for part in spans.stretches(row["trigger_date"])}
    assert len(days) == 2
    assert days <= {each["start"] for each in rows(sanctions.resolutions().to_dict()) if "start" in each}


def test_only_binding_resolutions_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    def hollow() -> int:
        return sum(row.get("fill") == spans.HOLLOW for row in rows(sanctions.resolutions().to_dict()))

    before = hollow()
    monkeypatch.setattr(sanctions, "TABLES", with_resolution(2397, is_binding=False))
    assert hollow() == before + 2  # once in each picture
    assert "2397" in sanctions.resolutions().to_dict()["description"].rpartition("binding")[2]


def test_edited_adoption_and_deadline_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    day = datetime.date(2020, 1, 15)
    monkeypatch.setattr(sanctions, "TABLES", with_resolution(2397, deadline=day))
    assert "15 January 2020" in words_in(sanctions.resolutions().to_dict())


def test_every_report_stands_with_its_date_and_its_voice() -> None:
    chart = sanctions.after_deadline().to_dict()
    drawn = words_in(chart)
    for told in sanctions.reports():
        label = typeset(told.label)
        assert label in drawn.replace("\u00a0", " ") or label.replace("\u00a0", " ") in drawn
        assert typeset(f"{told.voice[0].upper()}{told.voice[1:]}; {spans.short(told.when)}") in drawn
        assert f"{told.voice}, {dates.words(told.when)}" in chart["description"]


def test_words_that_may_be_the_outlets_are_not_put_into_a_voice_without_saying_so() -> None:
    (told,) = [each for each in sanctions.reports() if each.fact.fact_id == "nis-repatriation-no-progress"]
    chart = sanctions.after_deadline().to_dict()
    assert "perhaps in the outlet’s words" in told.voice
    (row,) = [row for row in attached(chart).table.rows if told.label in row]
    assert any("perhaps in the outlet’s words" in str(cell) for cell in row)


def test_all_reports_come_after_the_deadline() -> None:
    limit = dates.parse(EVIDENCE.events[sanctions.DEADLINE]["when"]).latest
    assert all(dates.parse(told.when).earliest > limit for told in sanctions.reports())


def test_unverified_and_concluded_reports_say_so_and_are_hollow() -> None:
    loose = {told.label: told.doubt for told in sanctions.reports() if told.doubt}
    assert "unverified" in loose.values()
    chart = sanctions.after_deadline().to_dict()
    for label, doubt in loose.items():
        assert f"{label} ({doubt})".replace("\u00a0", " ") in words_in(chart)
    assert any(row.get("fill") == spans.HOLLOW for row in rows(chart))


def test_numbers_of_workers_come_from_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    row = EVIDENCE.claims["china-workers-dailynk-total"]
    edited = {**EVIDENCE.claims, "china-workers-dailynk-total": Row(row.line, {**row.values, "low": 61000})}
    monkeypatch.setattr(deadline, "EVIDENCE", replace(EVIDENCE, claims=edited))
    assert "Over 61,000 workers in China" in words_in(sanctions.after_deadline().to_dict())


def test_the_table_says_whose_date_it_is() -> None:
    table = attached(sanctions.after_deadline().to_dict()).table
    column = table.columns.index("Date of")
    told = {row[0]: row[column] for row in table.rows}
    for each in sanctions.reports():
        row = each.fact.row
        assert told[each.label] == (
            "what is told" if row["when"] and row["when_basis"] != "article_date" else "the article"
        )
    assert set(told.values()) == {"what is told", "the article"}


def test_a_timeless_report_stands_at_the_dates_of_its_article() -> None:
    (told,) = [each for each in sanctions.reports() if each.fact.when is None]
    assert told.when == EVIDENCE.sources[told.fact.row["source_id"]]["published"]


def test_on_phones_the_years_stand_above_and_below_the_reports() -> None:
    spec = deadline.after_deadline().to_dict()
    for part, times in ((spec, 1), (attached(spec).narrow.spec, 2)):
        drawn = [row for table in part["datasets"].values() for row in table if str(row.get("text", "")).isdigit()]
        last = max(row["lane"] for table in part["datasets"].values() for row in table if row.get("facts"))
        assert all(sum(row["text"] == year["text"] for row in drawn) == times for year in drawn)
        assert (max(row["lane"] for row in drawn) > last) is (times == 2)
