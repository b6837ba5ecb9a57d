"""Measures of control: every counted claim comes from the table, and hearsay never looks stated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from figures import EVIDENCE, marks, spans, surveillance

from evidencebook.charts.renderer import attached
from evidencebook.evidence.wording import cardinal, words
from evidencebook.tables.reading import Row


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    narrow = attached(spec).narrow.spec
    return [row for part in (spec, narrow) for table in part["datasets"].values() for row in table]


def with_claim(claim_id: str, **cells: Any) -> Any:
    row = EVIDENCE.claims[claim_id]
    return replace(EVIDENCE, claims={**EVIDENCE.claims, claim_id: Row(row.line, {**row.values, **cells})})


def test_every_measure_is_counted_once() -> None:
    counted = Counter({(c.control, c.source_id): c.claims for c in surveillance.cells()})
    measures = [row for row in EVIDENCE.claims.values() if row["kind"] == "measure"]
    told = Counter(
        (
            surveillance.CONTROLS.get(row["topic"], row["topic"].replace("-", " ").capitalize()),
            row["source_id"],
        )
        for row in measures
    )
    assert all(counted[cell] >= count for cell, count in told.items())
    assert sum(counted.values()) >= len(measures)


def test_numbers_in_the_discs_are_those_of_the_table() -> None:
    chart = surveillance.measures().to_dict()
    table = attached(chart).table
    claims = table.columns.index("Claims")
    drawn = Counter(row["text"] for row in rows(chart) if "text" in row and row["text"].isdigit())
    told = Counter(cells[claims] for cells in table.rows)
    assert drawn == Counter({text: 2 * count for text, count in told.items()})


def test_a_cell_that_is_only_hearsay_is_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    def cell() -> surveillance.Cell:
        return next(c for c in surveillance.cells() if c.control == "Training on electronic surveillance")

    assert cell().is_stated
    monkeypatch.setattr(
        surveillance, "EVIDENCE", with_claim("electronic-surveillance-training-source", modality="hearsay")
    )
    assert not cell().is_stated
    assert "Training on electronic surveillance (" in surveillance.measures().to_dict()["description"]


def test_what_was_seen_before_is_not_a_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    before = surveillance.cells()
    gone = {key: row for key, row in EVIDENCE.claims.items() if key != "tumen-outings-year-before"}
    monkeypatch.setattr(surveillance, "EVIDENCE", replace(EVIDENCE, claims=gone))
    assert surveillance.cells() == before


def test_the_title_counts_the_controls_of_several_articles_and_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted() -> list[int]:
        told = Counter(cell.control for cell in surveillance.cells()).values()
        (title,) = surveillance.measures().to_dict()["title"]["text"]
        several, one = (sum(articles > 1 for articles in told), sum(articles == 1 for articles in told))
        assert title.startswith(f"{marks.capital(cardinal(Fraction(several)) or '')} kinds of control appear in more")
        assert title.endswith(f", {cardinal(Fraction(one))} in one alone")
        return [several, one]

    several, one = counted()
    oath = next(cell for cell in surveillance.cells() if cell.control == "Oath and secrecy pledge")
    gone = {key: row for key, row in EVIDENCE.claims.items() if key not in oath.claim_ids}
    monkeypatch.setattr(surveillance, "EVIDENCE", replace(EVIDENCE, claims=gone))
    assert counted() == [several, one - 1]


def test_every_control_and_every_possible_date_is_legible_in_both_pictures() -> None:
    found = rows(surveillance.measures().to_dict())
    drawn = " ".join(row["text"] for row in found if "text" in row).replace("\n", " ").replace("\u00a0", " ")
    assert all(drawn.count(cell.control) == 2 for cell in surveillance.cells())
    assert all(drawn.count(spans.short(row["published"])) == 2 for row in EVIDENCE.sources.values())


def test_before_and_after_draw_the_bounds_of_the_claims_and_nothing_else() -> None:
    chart = surveillance.before_after().to_dict()
    ends = {(row["row"], row["value"], row["value2"]) for row in rows(chart) if "value2" in row}
    points = {(row["row"], row["value"]) for row in rows(chart) if "colour" in row and "value2" not in row}
    expected = set()
    for panel in surveillance.PANELS:
        for time, fact_id in surveillance._times(panel):
            interval = EVIDENCE.fact(fact_id).quantity_interval
            if interval is not None and interval.is_point:
                assert (time, float(interval.low)) in points
            elif interval is not None:
                expected.add((time, float(interval.low), float(interval.high)))
    assert ends == expected


def test_before_and_after_name_every_value_and_the_hearsay() -> None:
    chart = surveillance.before_after().to_dict()
    for panel in surveillance.PANELS:
        for _, fact_id in surveillance._times(panel):
            fact = EVIDENCE.fact(fact_id)
            if fact.quantity_interval is not None:
                assert marks.alt_text(words(fact)) in chart["description"]
    assert "(hearsay)" in chart["description"]


def test_words_without_a_figure_are_those_of_the_voice_behind_the_mark() -> None:
    for fact_id, said in surveillance.UNCOUNTED.items():
        statement = EVIDENCE.claims[fact_id]["statement"]
        assert EVIDENCE.fact(fact_id).quantity_interval is None
        assert set(said.split()) <= set(statement.strip(".").split())


def test_edited_value_changes_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveillance, "EVIDENCE", with_claim("background-checks-number-now", low=9, high=9))
    assert "now nine" in surveillance.before_after().to_dict()["description"]


def test_no_drawing_is_wider_than_its_page() -> None:
    import re

    from evidencebook.charts import renderer

    content = renderer.mimebundle(surveillance.before_after().to_dict())[renderer.MIME]
    for form, width in (("wide", 680), ("narrow", 340)):
        found = re.search(r'width="([0-9.]+)"', content[form]["svg"])
        assert found and float(found[1]) <= width
