"""Workforce figures show what the tables hold, for every estimate; the front page and the checks count every row."""

from __future__ import annotations

import dataclasses
from collections import Counter
from decimal import Decimal

import pytest
from figures import EVIDENCE, TABLES, disagreements, front, workforce

from evidencebook.charts import FACTS
from evidencebook.drawing import is_firm, value
from tests.specs import changed, forms, rows, spec_of, symbols, table, texts


def test_every_headcount_is_drawn_worded_and_told() -> None:
    spec = spec_of("workforce.estimates")
    assert not any("2,400" in row["Workers"] for row in table(spec)), "no projection stands among the counts"
    for fact_id in workforce.headcounts():
        label = value(EVIDENCE.fact(fact_id))
        assert any(row["Workers"] == label for row in table(spec))
        for text in (*map(texts, forms(spec)), spec["description"]):
            assert label.replace("\u00a0", " ") in text


def test_what_is_in_doubt_is_never_drawn_solid() -> None:
    doubtful = [i for i in workforce.headcounts() if not is_firm(EVIDENCE.fact(i))]
    assert doubtful
    for form in forms(spec_of("workforce.estimates")):
        for fact_id in doubtful:
            assert {row["fill"] for row in symbols(form, fact_id)} <= {"transparent"}


def test_an_edited_estimate_changes_chart_table_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    new = changed("liaoning-workers-dailynk-sources", low=Decimal(31234), high=Decimal(31234))
    monkeypatch.setattr(workforce, "EVIDENCE", new)
    spec = workforce.estimates().to_dict()
    assert "about 31,234" in texts(spec) and "about 31,234" in spec["description"]


def squares(cell: str) -> list[str]:
    return [row[FACTS] for row in rows(spec_of(cell)) if row.get("shape") == "square" and row.get(FACTS)]


def test_each_assertion_is_one_square_by_its_voice() -> None:
    once = EVIDENCE.assertions
    assert sorted(squares("front.voices")) == sorted(once)
    counts = Counter(row["speaker_type"] for row in once.values())
    for kind, count in counts.items():
        assert f"{front._label(kind)} {count}" in spec_of("front.voices")["description"]
        assert f"{front._label(kind)} {count}" in texts(spec_of("front.voices"))
    title = " ".join(spec_of("front.voices")["title"]["text"])
    assert f"of {len(once)} claims" in title and f"{counts['outlet']} are" in title


def test_squares_of_what_is_in_doubt_are_hollow() -> None:
    for row in rows(spec_of("front.voices")):
        if row.get("shape") == "square" and row.get(FACTS):
            assert (row["fill"] != "transparent") is is_firm(EVIDENCE.fact(row[FACTS]))


def test_each_check_is_one_square_and_counts_with_its_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = TABLES["checks"]
    assert Counter(squares("disagreements.verdicts")) == Counter(check["claim_id"] for check in checks.rows)
    assert set(disagreements.COLOURS) == {*next(f for f in checks.fields if f.name == "verdict").enum}
    for verdict, count in Counter(check["verdict"] for check in checks.rows).items():
        assert f"{disagreements._label(verdict)}: {count}" in spec_of("disagreements.verdicts")["description"]
    fewer = dataclasses.replace(checks, rows=checks.rows[1:])
    monkeypatch.setattr(disagreements, "TABLES", {**TABLES, "checks": fewer})
    assert f"of {len(fewer.rows)} points" in " ".join(disagreements.verdicts().to_dict()["title"]["text"])


@pytest.mark.parametrize(
    "cells",
    [
        {"per": "crew"},
        {"scope": "a crew of seamstresses in one workshop"},
        {"scope": "one group"},
        {"scope": "North Korean workers at a fish-processing plant"},
        {"place_id": "helong"},
        {"place_id": None},
        {"when": None},
        {"event_id": "helong-protest-2024"},
        {"low": None, "high": None, "qualifier": "unquantified"},
        {"repeats": "china-workers-dailynk-total"},
    ],
)
def test_a_group_is_no_estimate_of_the_workforce(monkeypatch: pytest.MonkeyPatch, cells: dict[str, object]) -> None:
    group = "researchers-protesters-china"
    assert group not in workforce.headcounts()
    as_estimate = {"topic": "headcount", "place_id": "china", "when": "2024", "event_id": None, "per": None}
    monkeypatch.setattr(workforce, "EVIDENCE", changed(group, **as_estimate))
    assert group in workforce.headcounts(), "the row would be drawn but for what follows"
    monkeypatch.setattr(workforce, "EVIDENCE", changed(group, **{**as_estimate, **cells}))
    assert group not in workforce.headcounts()
    assert workforce.estimates()
