"""Figures on voices, ratings and checks count exactly the rows of the tables."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from figures import EVIDENCE, TABLES, disagreements
from figures.marks import typeset

from evidencebook.charts.renderer import attached
from tests.test_figures_workforce import changed, texts


def shaded(spec: dict) -> Counter:
    """Number of cells by their count, without blank ones."""
    (cells,) = (rows for rows in spec["datasets"].values() if "count" in rows[0] and all(row["count"] for row in rows))
    return Counter(row["count"] for row in cells)


@pytest.mark.parametrize(
    ("figure", "across", "down"),
    [(disagreements.voices, "speaker_type", "theme"), (disagreements.ratings, "reliability", "credibility")],
)
def test_cells_hold_the_numbers_of_claims(figure, across, down):
    wanted = Counter((row[across], row[down]) for row in EVIDENCE.claims.values())
    spec = figure().to_dict()
    assert shaded(spec) == Counter(wanted.values())
    assert str(max(wanted.values())) in spec["description"] or figure is disagreements.voices
    assert f"{len(EVIDENCE.claims)} claims" in spec["description"]


def test_every_value_of_the_contract_has_its_words():
    fields = {field.name: field for field in TABLES["claims"].fields}
    assert set(disagreements.VOICES) == set(fields["speaker_type"].enum)
    verdicts = {field.name: field for field in TABLES["checks"].fields}["verdict"]
    assert set(disagreements.VERDICTS) == set(verdicts.enum)


def test_an_edited_rating_changes_the_grid(monkeypatch):
    before = disagreements.ratings().to_dict()["description"]
    monkeypatch.setattr(disagreements, "EVIDENCE", changed("tip-2023-state-share", reliability="E", credibility=5))
    after = disagreements.ratings().to_dict()["description"]
    assert "1 E5" in after and "1 E5" not in before


def test_the_title_on_credibility_holds():
    ratings = [row["credibility"] for row in EVIDENCE.claims.values()]
    assert ratings.count(1) < len(ratings) / 10


@pytest.mark.parametrize("page", ["wide", "narrow"])
def test_every_check_has_one_mark_and_its_subject(page):
    spec = disagreements.verdicts().to_dict()
    spec = spec if page == "wide" else attached(spec).narrow.spec
    dots = [row for rows in spec["datasets"].values() for row in rows if "shape" in row]
    checks = TABLES["checks"].rows
    assert len(dots) == len(checks)
    assert sum(dot["fill"] == "transparent" for dot in dots) == sum(check["confirmation"] != "seen" for check in checks)
    for check in checks:
        assert typeset(check["question"]) in texts(spec)


def test_a_new_verdict_moves_its_check(monkeypatch):
    checks = TABLES["checks"]
    fewer = dataclasses.replace(checks, rows=checks.rows[1:])
    monkeypatch.setattr(disagreements, "TABLES", {**TABLES, "checks": fewer})
    spec = disagreements.verdicts().to_dict()
    assert f"of {len(fewer.rows)} points" in " ".join(spec["title"]["text"])
