"""The map: every claim once, where the tables place it and no finer, by theme, with its doubt."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from figures import EVIDENCE, clusters, maps, marks, places

from evidencebook import charts
from evidencebook.charts import FACTS
from evidencebook.charts.renderer import attached
from evidencebook.evidence import doubt
from evidencebook.tables.reading import Row

CITIES = [place for place in places.named() if place.kind == "city"]


def pictures(figure: Any = places.by_theme) -> list[dict[str, Any]]:
    spec = figure().to_dict()
    return [spec, attached(spec).narrow.spec]


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if isinstance(row, dict)]


def words(spec: dict[str, Any]) -> str:
    return " | ".join(str(row["text"]) for row in rows(spec) if "text" in row).replace("\u00a0", " ")


def test_every_claim_has_one_symbol_in_both_pictures() -> None:
    for spec in pictures():
        drawn = Counter(row[FACTS] for row in rows(spec) if FACTS in row)
        assert drawn == Counter(EVIDENCE.claims.keys())


def test_the_overview_draws_cities_and_provinces_and_counts_the_rest() -> None:
    fine = {symbol.fact for place in places.named() if place.kind in places.FINE for symbol in place.symbols}
    for spec in pictures(places.overview):
        assert {row[FACTS] for row in rows(spec) if FACTS in row} == fine
        said = " ".join(spec["title"]["subtitle"])
        assert f"A further {len(EVIDENCE.claims) - len(fine)} claims" in said
    spoken = pictures(places.overview)[0]["description"]
    assert f"A further {len(EVIDENCE.claims) - len(fine)} claims" in spoken
    # What is not drawn has no place in the text.
    assert not [
        place.name
        for place in places.named()
        if place.kind in ("country", "region") and f"{place.name} {place.claims}" in spoken
    ]


def test_hollow_symbols_are_told_by_place_in_text_and_table() -> None:
    for figure in (places.by_theme, places.overview):
        spec = figure().to_dict()
        drawn = {row[FACTS] for row in rows(spec) if row.get("fill") == charts.COLOURS["paper"] and FACTS in row}
        told = spec["description"].partition("in doubt: ")[2].partition(".")[0]
        counts = [int(part.rpartition(" ")[2]) for part in told.split("; ")]
        assert sum(counts) == len(drawn)
        table = attached(spec).table
        column = table.columns.index("Hollow")
        assert {row[0]: int(row[column]) for row in table.rows} == {p.name: p.hollow for p in places.named()}


def test_what_is_omitted_says_true_things_of_beijing_and_dandong() -> None:
    exits = ("defections", "unrest")
    told = [
        row for row in EVIDENCE.claims.values() if row["place_id"] in ("beijing", "dandong") and row["theme"] in exits
    ]
    # The question and its answer, or that there was none.
    assert told and {row["topic"] for row in told} <= {"response", "sourcing"}


def test_a_symbol_takes_colour_and_shape_from_its_theme_and_no_two_themes_share_either() -> None:
    drawn = {row[FACTS]: row for row in rows(pictures()[0]) if FACTS in row}
    for claim_id, claim in EVIDENCE.claims.items():
        kind = next(kind for kind in clusters.KINDS if claim["theme"] in kind.themes)
        assert (drawn[claim_id]["colour"], drawn[claim_id]["shape"]) == (charts.COLOURS[kind.colour], kind.shape)
    assert len({kind.colour for kind in clusters.KINDS}) == len({kind.shape for kind in clusters.KINDS}) == 6


def test_what_is_in_doubt_is_hollow_and_nothing_else() -> None:
    for row in rows(pictures()[0]):
        if FACTS not in row:
            continue
        event_id = EVIDENCE.claims[row[FACTS]]["event_id"]
        event = EVIDENCE.events.get(event_id) if event_id else None
        in_doubt = bool(doubt(EVIDENCE.fact(row[FACTS]))) or bool(event and marks.event_doubt(event))
        assert (row["fill"] == charts.COLOURS["paper"]) is in_doubt


@pytest.mark.parametrize("size", [charts.WIDE, charts.NARROW])
def test_a_disc_stands_on_each_city_in_the_frame_and_on_nothing_else(size: charts.Size) -> None:
    view = maps.View.of(size)
    placed = maps.placed(view, places.named())
    assert {one.place.name for one in placed if one.disc} == {city.name for city in CITIES if view.holds(city)}
    for one in placed:
        if one.disc:
            assert one.disc == view.xy(one.place.lon, one.place.lat)


@pytest.mark.parametrize("size", [charts.WIDE, charts.NARROW])
def test_no_block_and_no_name_lies_on_another_or_leaves_the_frame(size: charts.Size) -> None:
    view = maps.View.of(size)
    boxes = []
    for one in maps.placed(view, places.named()):
        x, y, align = one.anchor
        width = len(one.text) * 6.1
        left = {"left": x, "right": x - width, "center": x - width / 2}[align]
        boxes.append((one.text, (left, y - 6, left + width, y + 6)))
        boxes.append((f"{one.text} block", (one.left, one.top, one.right, one.bottom)))
    for name, (left, top, right, bottom) in boxes:
        assert left >= 0 and right <= view.width and top >= 0 and bottom <= view.height, name
    for (name, a), (other, b) in combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], f"{name} on {other}"


def test_every_place_stands_in_picture_text_and_table_with_its_number_of_claims() -> None:
    spec = places.by_theme().to_dict()
    table = {row[0]: row[2] for row in attached(spec).table.rows}
    single = [place for place in places.named() if place.kind not in places.FINE and place.claims == 1]
    for place in places.named():
        assert table[place.name] == str(place.claims)
        if place not in single and place.kind != "none":
            assert f"{place.name} {place.claims}" in spec["description"]
        for picture in (spec, attached(spec).narrow.spec):
            drawn = words(picture).replace(" | ", " ").replace(" province", "").lower()
            assert (place.name if place in single else place.label.replace("\u00a0", " ")).lower() in drawn


def test_the_title_holds() -> None:
    named = places.named()
    fine = sum(place.claims for place in named if place.kind in places.FINE)
    assert fine < len(EVIDENCE.claims) / 2
    at_the_border = {"tumen", "hunchun", "helong", "dandong", "sinuiju"}
    assert len(at_the_border & {city.place_id for city in CITIES}) > len(CITIES) / 2


def test_a_claim_that_moves_moves_its_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    claim_id = next(symbol.fact for place in CITIES if place.place_id == "tumen" for symbol in place.symbols)
    row = EVIDENCE.claims[claim_id]
    moved = Row(row.line, {**row.values, "place_id": "helong"})
    edited = dataclasses.replace(EVIDENCE, claims={**EVIDENCE.claims, claim_id: moved})
    before = {place.place_id: place.claims for place in places.named()}
    monkeypatch.setattr(places, "EVIDENCE", edited)
    after = {place.place_id: place.claims for place in places.named()}
    assert (after["tumen"], after["helong"]) == (before["tumen"] - 1, before["helong"] + 1)
    assert f"Helong {after['helong']}" in words(places.by_theme().to_dict())
