"""Workforce figures show what the tables hold, for every estimate."""

from __future__ import annotations

import dataclasses
import types
from decimal import Decimal

from figures import EVIDENCE, TABLES, marks, workforce

from evidencebook.charts.renderer import attached
from evidencebook.evidence.facts import Evidence
from evidencebook.tables.reading import Row


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
    table = {tuple(row[:2]) for row in attached(spec).table.rows}
    for fact_id in [*workforce._headcounts(), workforce.PROJECTION]:
        label = marks.value_label(EVIDENCE.fact(fact_id))
        assert label in texts(spec)
        assert label in texts(attached(spec).narrow.spec)
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
