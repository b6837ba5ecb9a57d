"""The chain of events: every event and article once, uncertain dates as uncertain marks, labels apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from figures import EVIDENCE, TABLES, spans, timeline, tracks

from evidencebook import charts
from evidencebook.charts.renderer import attached
from evidencebook.tables.reading import Row
from evidencebook.values import dates


def drawings() -> list[tuple[charts.Size, dict[str, Any]]]:
    spec = timeline.chain().to_dict()
    return [(charts.WIDE, spec), (charts.NARROW, attached(spec).narrow.spec)]


def texts(spec: dict[str, Any]) -> list[str]:
    rows = [row for rows in spec["datasets"].values() for row in rows]
    return [row["text"].replace("\n", " ") for row in rows if "text" in row]


def marks_of(spec: dict[str, Any], fact: str) -> list[tuple[str, dict[str, Any]]]:
    """The marks that stand for an event, each with its row of data; labels are none."""
    return [
        (layer["mark"]["type"], row)
        for layer in spec["layer"]
        for row in spec["datasets"][layer["data"]["name"]]
        if row.get("fact") == fact and "text" not in row
    ]


def with_event(event_id: str, **cells: Any) -> Any:
    row = EVIDENCE.events[event_id]
    return replace(EVIDENCE, events={**EVIDENCE.events, event_id: Row(row.line, {**row.values, **cells})})


def test_every_event_and_article_stands_once_in_both_pictures() -> None:
    assert len(timeline.entries()) == len(EVIDENCE.events) + len(EVIDENCE.sources)
    for _, spec in drawings():
        drawn = texts(spec)
        for entry in timeline.entries():
            assert drawn.count(entry.text) == [each.text for each in timeline.entries()].count(entry.text)


def test_sets_are_joined_ghosts_ranges_are_bars_and_days_are_dots() -> None:
    axis = spans.Axis(pixels=66, thickness=0.5)
    x, y = charts_axes()

    def rows(when: str, is_hollow: bool = False) -> dict[str, list[dict[str, Any]]]:
        layers = spans.layers([spans.Dated(when, 1, "#000000", is_hollow)], axis, x, y)
        return {layer.mark.type: layer.data.to_dict("records") for layer in layers}

    alternatives = rows("[2021-10-21,2022-04-21,2022-07-21]")
    assert len(alternatives["point"]) == 3
    assert all(row["strength"] < 1 for row in alternatives["point"])
    assert alternatives["rule"][0]["start"] == alternatives["point"][0]["start"]
    (bar,) = rows("2020/2022-07")["rect"]
    assert bar["start"] == 2020
    assert bar["end"] == pytest.approx(2022 + 212 / 365, abs=0.001)
    assert set(rows("2017-12-22")) == {"point"}
    assert rows("2024-01", is_hollow=True)["point"][0]["fill"] == spans.HOLLOW
    assert rows("2018~")["rect"][0]["fill"] == spans.HOLLOW
    both = rows("{2017-01-03,2017-07-28}")
    assert set(both) == {"point"} and [row["strength"] for row in both["point"]] == [1, 1]


@pytest.mark.parametrize(("event_id", "kinds"), [
    ("resolution-2397", {"point"}),
    ("relocation-to-border-provinces", {"rect", "tick"}),
    ("movement-ban-undated", {"point", "rule"}),
    ("icbm-tests-2017-07", {"point"}),
])  # fmt: skip
def test_days_are_dots_stretches_bars_with_ends_and_alternatives_joined_dots(event_id: str, kinds: set[str]) -> None:
    parts = spans.stretches(EVIDENCE.events[event_id]["when"])
    for _, spec in drawings():
        found = marks_of(spec, f"event-{event_id}")
        assert {kind for kind, _ in found} == kinds
        if "point" in kinds:
            assert [row["start"] for kind, row in found if kind == "point"] == [part.middle for part in parts]
        else:
            assert {row["start"] for kind, row in found if kind == "tick"} == {parts[0].start, parts[0].end}


def test_every_event_has_marks_and_a_label_that_name_its_entry() -> None:
    for _, spec in drawings():
        rows = [row for rows in spec["datasets"].values() for row in rows]
        for event_id, event in EVIDENCE.events.items():
            assert marks_of(spec, f"event-{event_id}")
            said = [
                row["text"].replace("\n", " ")
                for row in rows
                if row.get("fact") == f"event-{event_id}" and "text" in row
            ]
            assert spans.short(event["when"]) in said
            assert any(text.startswith(event["label"]) for text in said)


def test_only_alternatives_are_drawn_as_such() -> None:
    drawn = {row.track.fact: row.track for row in layout().rows}
    for event_id, event in EVIDENCE.events.items():
        assert drawn[f"event-{event_id}"].is_choice is event["when"].startswith("[")


def layout() -> tracks.Layout:
    shown = timeline.entries()
    return tracks.layout(charts.WIDE, timeline._groups(shown), timeline._domain(shown))


def test_no_event_told_by_an_article_runs_past_that_article() -> None:
    for event_id, event in EVIDENCE.events.items():
        tellers = [EVIDENCE.sources[each]["published"] for each in EVIDENCE.event_sources.get(event_id, ())]
        if event["when_basis"] == "external" or not tellers:
            continue
        latest = max(dates.parse(each).latest for each in tellers)
        # An event dated to a month or year lies within it, if not on all of its days.
        at = dates.parse(event["when"]).latest
        assert (at.year, at.month) <= (latest.year, latest.month), event_id


def test_marks_in_doubt_are_never_filled() -> None:
    doubted = {f"event-{id_}" for id_, row in EVIDENCE.events.items() if row["is_disputed"] or row["is_unverified"]}
    for _, spec in drawings():
        for layer in spec["layer"]:
            facts = {row.get("fact") for row in spec["datasets"][layer["data"]["name"]]} - {"", None}
            if layer["mark"]["type"] in {"point", "rect"}:
                assert not facts & doubted or (facts <= doubted and layer["mark"]["fillOpacity"] == 0)


@pytest.mark.parametrize("size", [charts.WIDE, charts.NARROW])
def test_rows_and_dates_stay_inside_the_picture_and_apart(size: charts.Size) -> None:
    shown = timeline.entries()
    placed = tracks.layout(size, timeline._groups(shown), timeline._domain(shown))
    for above, below in pairwise(placed.rows):
        last_line = above.text + tracks.LINE * (len(above.lines) - 1)
        assert below.text - max(last_line, above.mark if size.is_narrow else 0) >= tracks.LINE
    for row in placed.rows:
        start, end, is_right = placed.reach(row.track)
        length = tracks.GAP + len(row.track.date) * tracks.CHARACTER
        assert (end + length <= size.width) if is_right else (start - length >= size.choose(placed.left, 0))
        if not size.is_narrow:
            assert max(map(len, row.lines)) * 5.2 < placed.left


def charts_axes() -> tuple[Any, Any]:
    import altair as alt

    return alt.X("start:Q"), alt.Y("lane:Q")


@pytest.mark.parametrize("doubt", ["disputed", "unverified"])
def test_events_in_doubt_say_so_in_their_label(doubt: str) -> None:
    doubted = [event for event in EVIDENCE.events.values() if event[f"is_{doubt}"]]
    assert doubted
    for _, spec in drawings():
        assert {f"{event['label']} ({doubt})" for event in doubted} <= set(texts(spec))


def test_edited_date_moves_the_mark_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    before = timeline.chain().to_dict()
    edited = with_event("beijing-report-2019", when="2018-02-03", is_disputed=True)
    monkeypatch.setattr(timeline, "EVIDENCE", edited)
    entry = next(each for each in timeline.entries() if each.label == edited.events["beijing-report-2019"]["label"])
    assert entry.start == pytest.approx(2018 + 33 / 365)
    after = timeline.chain().to_dict()
    assert after["datasets"] != before["datasets"]
    assert dates.words("2018-02-03") in after["description"]


def test_the_table_says_what_a_date_is_known_from_in_the_words_of_the_tables() -> None:
    table = attached(timeline.chain().to_dict()).table
    at = table.columns.index("Date known from")
    labels = next(field.labels for field in TABLES["events"].fields if field.name == "when_basis")
    shown = Counter(row[at] for row in table.rows)
    for basis, count in Counter(row["when_basis"] for row in EVIDENCE.events.values()).items():
        assert shown[labels[basis]] == count


def test_short_dates_keep_every_alternative() -> None:
    assert spans.short("[2021-10-21,2022-04-21,2022-07-21]") == "21 Oct 2021, 21 Apr or 21 Jul 2022"
    assert spans.short("2018-08-09/2018-08-31") == "9–31 Aug 2018"
    assert spans.short("2025-09-05/2025-10-20") == "5 Sep – 20 Oct 2025"
    assert spans.short("[2021,2022-01..2022-07]") == "2021 or Jan – Jul 2022"
    assert spans.short("{2017-07-03,2017-07-28}") == "3 and 28 Jul 2017"
    assert spans.short("2018~") == "~2018"
    assert " " not in spans.unbroken("21 Jul 2022")
