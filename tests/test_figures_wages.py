"""Wage figures: rumour stays hollow, every number comes from a table, and what is from outside says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from figures import EVIDENCE, TABLES, wages

from evidencebook.drawing import value
from evidencebook.tables.reading import Row
from tests.specs import changed, forms, rows, spec_of, table, texts


@pytest.mark.parametrize(("cell", "fact_ids"), [
    ("wages.state_share", ["and-center-state-share", "tip-2023-state-share", "taken-share-worker-account",
                           "worker-earnings-fraction-rfa"]),
    ("wages.month_of_pay", ["seafood-worker-factory-payment", "and-center-state-share", "and-center-rule-take-home",
                            "seafood-worker-take-home"]),
])  # fmt: skip
def test_every_account_is_drawn_worded_and_told(cell: str, fact_ids: list[str]) -> None:
    spec = spec_of(cell)
    for fact_id in fact_ids:
        label = value(EVIDENCE.fact(fact_id))
        assert any(row["Value"] == label for row in table(spec))
        for text in (*map(texts, forms(spec)), spec["description"]):
            assert label.replace("\u00a0", " ") in text


def test_a_part_drawn_on_another_value_stands_for_both() -> None:
    placed = ["and-center-state-share", "and-center-rule-take-home", "seafood-worker-factory-payment"]
    for form in forms(spec_of("wages.month_of_pay")):
        bars = [
            row["facts"].split() for row in rows(form) if row.get("facts", "").startswith(placed[0]) and "x2" in row
        ]
        assert bars and all(ids == placed for ids in bars)


def outside(**cells: Any) -> dict[str, Any]:
    """The tables with one outside estimate of a payment."""
    estimates = TABLES["estimates"]
    row = Row(0, {**estimates.rows[0].values, "estimate_id": "one-more", "subject": "payment", **cells})
    others = [each for each in estimates.rows if each["subject"] != "payment"]
    return {**TABLES, "estimates": replace(estimates, rows=(*others, row))}


def test_a_payment_that_others_report_is_drawn_as_a_second_case(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {"low": 2300, "high": 2500, "qualifier": "range", "unit": "CNY", "as_of": "2025"}
    monkeypatch.setattr(wages, "TABLES", outside(**cells, voice="Somebody Else"))
    spec = wages.month_of_pay().to_dict()
    for form in forms(spec):
        assert "2,300–2,500 yuan" in texts(form) and "460–500 yuan" in texts(form)
        assert "outside the articles" in texts(form)
    assert "fits the worker" in " ".join(spec["title"]["text"])
    monkeypatch.setattr(wages, "TABLES", outside(**{**cells, "low": 2900, "high": 2900, "qualifier": "exact"}))
    assert "fits the worker" not in " ".join(wages.month_of_pay().to_dict()["title"]["text"])


def test_an_outside_share_is_grey_says_so_and_leads_to_no_entry() -> None:
    (row,) = [row for row in TABLES["estimates"].rows if row["estimate_id"] == "share-taken-ap-2017"]
    (told,) = [each for each in table(spec_of("wages.state_share")) if each["Account"] == row["voice"]]
    assert "outside the articles" in told["Who says so"] and told["Source"] == row["reference"]
    drawn = [each for each in rows(spec_of("wages.state_share")) if row["voice"] in str(each.get("text"))]
    assert drawn and not any(each.get("facts") for each in drawn)


def test_the_title_on_accounts_holds() -> None:
    kinds = {i: EVIDENCE.fact(i).qualifier for i in ("and-center-state-share", "tip-2023-state-share")}
    assert list(kinds.values()) == ["exact", "up_to"]
    assert EVIDENCE.fact("taken-share-worker-account").qualifier == "over"
    assert EVIDENCE.fact("worker-earnings-fraction-rfa").quantity_interval is None


def test_no_row_ends_in_an_open_part_that_nobody_names() -> None:
    accounts = {row["Account"] for row in table(spec_of("wages.month_of_pay"))}
    assert not any("unexplained" in account for account in accounts)
    assert accounts >= {"Left for the worker", "Received by the worker"}


def test_an_edited_share_changes_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wages, "EVIDENCE", changed("tip-2023-state-share", high=77))
    spec = wages.state_share().to_dict()
    assert "up to 77%" in texts(spec) and "up to 77%" in spec["description"]
