"""Wage figures: open bounds stay open, rumour stays hollow, and every number comes from a table."""

from __future__ import annotations

import pytest
from figures import EVIDENCE, TABLES, marks, wages

from evidencebook.charts.renderer import attached
from evidencebook.evidence.wording import words
from tests.test_figures_workforce import changed, texts


@pytest.mark.parametrize(
    ("figure", "fact_ids"),
    [
        (
            wages.state_share,
            [
                "and-center-state-share",
                "tip-2023-state-share",
                "taken-share-worker-account",
                "worker-earnings-fraction-rfa",
            ],
        ),
        (
            wages.month_of_pay,
            [
                "seafood-worker-factory-payment",
                "and-center-state-share",
                "and-center-rule-take-home",
                "seafood-worker-take-home",
                "unexplained-monthly-gap",
            ],
        ),
    ],
)
def test_every_account_is_drawn_worded_and_told(figure, fact_ids):
    spec = figure().to_dict()
    table = " | ".join(cell for row in attached(spec).table.rows for cell in row)
    for fact_id in fact_ids:
        label = marks.value_label(EVIDENCE.fact(fact_id))
        for text in (texts(spec), texts(attached(spec).narrow.spec), table):
            assert label in text
        assert label.replace("\u00a0", " ") in spec["description"]


def test_a_part_drawn_on_another_value_stands_for_both():
    spec = wages.month_of_pay().to_dict()
    placed = ["and-center-state-share", "and-center-rule-take-home", "seafood-worker-factory-payment"]
    for part in (spec, attached(spec).narrow.spec):
        rows = [row for rows in part["datasets"].values() for row in rows]
        bars = [
            row["facts"].split() for row in rows if row.get("facts", "").startswith(placed[0]) and "text" not in row
        ]
        assert bars and all(ids == placed for ids in bars)


def test_the_title_on_accounts_holds():
    kinds = [EVIDENCE.fact(i).qualifier for i in ("and-center-state-share", "tip-2023-state-share")]
    assert kinds == ["exact", "up_to"]
    assert EVIDENCE.fact("taken-share-worker-account").qualifier == "over"
    assert EVIDENCE.fact("worker-earnings-fraction-rfa").quantity_interval is None


def test_the_account_without_a_figure_has_no_mark():
    spec = wages.state_share().to_dict()
    rows = {row["row"] for rows in spec["datasets"].values() for row in rows if "value" in row or "value2" in row}
    assert len(rows) == 3


def test_an_edited_share_changes_the_chart(monkeypatch):
    monkeypatch.setattr(wages, "EVIDENCE", changed("tip-2023-state-share", high=77))
    spec = wages.state_share().to_dict()
    assert "up to 77%" in texts(spec)
    assert "up to 77%" in spec["description"]


def test_arrears_of_the_article_are_the_derived_value_and_its_curve():
    spec = wages.arrears().to_dict()
    fact = EVIDENCE.fact("arrears-per-worker-month")
    workers = float(EVIDENCE.fact("researchers-protesters-china").quantity_interval.low)
    curve = [
        row["dollars"]
        for rows in spec["datasets"].values()
        for row in rows
        if row.get("workers") == workers and "dollars" in row
    ]
    assert min(curve) == pytest.approx(float(fact.quantity_interval.low))
    assert max(curve) == pytest.approx(float(fact.quantity_interval.high))
    assert words(fact) in texts(spec) and words(fact) in spec["description"]


def test_the_lower_headcount_is_the_lowest_outside_estimate_of_the_unrest():
    fewest, voice = wages.fewest_protesters_elsewhere()
    given = [row for row in TABLES["estimates"].rows if row["subject"] == "unrest" and row["low"] is not None]
    assert fewest == min(row["low"] for row in given)
    assert voice in {row["voice"] for row in given}
    assert fewest < EVIDENCE.fact("researchers-protesters-china").quantity_interval.low


def test_without_such_an_estimate_the_figure_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(wages, "EVIDENCE", changed("researchers-protesters-china", low=100, high=100))
    with pytest.raises(LookupError, match=r"estimates\.csv"):
        wages.fewest_protesters_elsewhere()
