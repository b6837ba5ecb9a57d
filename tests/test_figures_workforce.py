"""Workforce figures show what the tables hold, for every estimate and every place."""

from __future__ import annotations

import dataclasses
import types
from decimal import Decimal

from figures import EVIDENCE, TABLES, marks, workforce

from evidencebook.charts.renderer import attached
from evidencebook.facts import Evidence
from evidencebook.tables import Row


def texts(spec: dict) -> str:
    return " | ".join(str(row["text"]) for rows in spec["datasets"].values() for row in rows if "text" in row)


def changed(claim_id: str, **cells: object) -> Evidence:
    """The evidence with some cells of one claim replaced."""
    claims = TABLES["claims"]
    rows = tuple(
        Row(row.line, types.MappingProxyType({**row.values, **cells})) if row["claim_id"] == claim_id else row
        for row in claims.rows
    )
    return Evidence.from_tables({**TABLES, "claims": dataclasses.replace(claims, rows=rows)})


def test_every_headcount_is_drawn_worded_and_told():
    spec = workforce.estimates().to_dict()
    table = {tuple(row[:2]) for row in attached(spec)["table"]["rows"]}
    for fact_id in [*workforce._headcounts(), workforce.PROJECTION]:
        label = marks.value_label(EVIDENCE.fact(fact_id))
        assert label in texts(spec)
        assert label in texts(attached(spec)["narrow"])
        assert marks.alt_text(marks.spoken(EVIDENCE.fact(fact_id))) in spec["description"]
        assert any(label in value for _, value in table)


def test_a_projection_is_never_drawn_solid():
    spec = workforce.estimates().to_dict()
    low = float(EVIDENCE.fact(workforce.PROJECTION).quantity_interval.low)
    holders = {name for name, rows in spec["datasets"].items() if any(row.get("value") == low for row in rows)}
    marked = [
        layer["mark"]
        for layer in spec["layer"]
        if layer.get("data", {}).get("name") in holders and "x" in layer["encoding"]
    ]
    assert marked and not any(mark["filled"] for mark in marked)


def test_an_edited_estimate_changes_chart_table_and_text(monkeypatch):
    new = changed("liaoning-workers-dailynk-sources", low=Decimal(31234), high=Decimal(31234))
    monkeypatch.setattr(workforce, "EVIDENCE", new)
    spec = workforce.estimates().to_dict()
    assert "~31,234" in texts(spec)
    assert "about 31,234" in spec["description"]


def test_every_city_has_a_circle_as_large_as_its_number_of_claims():
    spec = workforce.places().to_dict()
    cities = [place for place in workforce._named() if place.kind == "city"]
    areas = sorted(row["area"] for rows in spec["datasets"].values() for row in rows if "area" in row)
    smallest = min(city.claims for city in cities)
    assert [round(area / areas[0] * smallest) for area in areas] == sorted(city.claims for city in cities)


def test_every_place_is_labelled_in_text_or_on_the_map():
    spec = workforce.places().to_dict()
    title = " ".join(spec["title"]["subtitle"])
    for place in workforce._named():
        label = place.label.replace("\u00a0", " ")
        assert label in f"{texts(spec)} {title}".replace("\u00a0", " ")
        assert label in texts(attached(spec)["narrow"]).replace("\u00a0", " ") or label in title.replace("\u00a0", " ")


def test_the_title_of_the_map_holds():
    named = workforce._named()
    fine = sum(place.claims for place in named if place.kind in ("city", "province"))
    assert fine < sum(place.claims for place in named) / 2
    assert max(named, key=lambda place: (place.kind == "city", place.claims)).place_id in {
        "tumen",
        "sinuiju",
        "dandong",
    }
