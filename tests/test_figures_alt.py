"""What figures say to those who cannot see them, and of what they do not show, against the tables."""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import altair as alt
import pytest
from figures import EVIDENCE, TABLES, defections, disagreements, marks, places, surveillance

from evidencebook.charts import ABOUT, FACTS, MIME
from evidencebook.charts.columns import fact_ids, named, strip_unused
from evidencebook.charts.renderer import attached, mimebundle
from evidencebook.values.dates import words as date_words
from tests.test_figures_workforce import changed

PAGES = Path(__file__).parents[1] / "book"
CELLS = sorted(
    {cell for page in PAGES.glob("*.md") for cell in re.findall(r"^(\w+\.\w+)\(\)$", page.read_text(), re.M)}
)
MOST_WORDS = 400  # as long as a listener bears


@cache
def spec_of(cell: str) -> dict:
    """The chart of a cell, drawn once for all rules that only look at it."""
    module, name = cell.split(".")
    found: dict = getattr(importlib.import_module(f"figures.{module}"), name)().to_dict()
    return found


@pytest.mark.parametrize("cell", CELLS)
def test_alternative_texts_can_be_read_out(cell: str) -> None:
    text = spec_of(cell)["description"]
    assert "~" not in text, "a sign that is read out as one, or not at all"
    assert not re.search(r"\([^()]*\(", text), "brackets in brackets cannot be heard"
    assert not re.search(r"(?:^|[.] )\d", text), "a sentence opens with a word"


@pytest.mark.parametrize("cell", CELLS)
def test_every_figure_has_a_text_and_its_marks_stand_for_known_facts(cell: str) -> None:
    spec = spec_of(cell)
    assert 15 <= len(spec["description"].split()) <= MOST_WORDS
    assert all(EVIDENCE.has(fact_id) for fact_id in fact_ids(spec))
    narrow = attached(spec).narrow.spec
    assert set(fact_ids(narrow)) == set(fact_ids(spec)), "both drawings stand for the same facts"


@pytest.mark.parametrize("cell", CELLS)
def test_the_drawing_for_phones_keeps_to_the_schema_too(cell: str) -> None:
    narrow = attached(spec_of(cell)).narrow.spec
    del narrow["config"]  # the theme's, which Altair adds after it has checked a chart
    alt.Chart.from_dict(narrow, validate=True)


@pytest.mark.parametrize("cell", CELLS)
def test_what_stands_for_facts_has_a_name_and_no_column_is_there_unencoded(cell: str) -> None:
    spec = spec_of(cell)
    for form in (spec, attached(spec).narrow.spec):
        rows = [row for rows in form["datasets"].values() for row in rows]
        names = {row[ABOUT] for row in rows if row.get(ABOUT)}
        stand_for = {fact for row in rows if row.get(ABOUT) for fact in row[FACTS].split()}
        assert stand_for == set(fact_ids(form))
        assert all(name == name.strip() and len(name.partition("\n")[0]) <= 110 for name in names)
        shown = strip_unused(named(form))
        encoded = set(re.findall(r'"(?:field|groupby|sort)": "([^"]+)"', json.dumps(shown)))
        kept = {column for rows in shown.get("datasets", {}).values() for row in rows for column in row}
        assert kept <= encoded | {FACTS}


def test_drawings_carry_no_names() -> None:
    content = mimebundle(spec_of("timeline.chain"))[MIME]
    assert ABOUT in json.dumps(content["wide"]["spec"])
    assert "Attempted mass breakouts, 2020" not in content["wide"]["svg"] + content["narrow"]["svg"]


def test_voices_tell_the_number_of_claims_of_each_voice_and_theme() -> None:
    text = spec_of("disagreements.voices")["description"]
    by_voice = Counter(row["speaker_type"] for row in EVIDENCE.claims.values())
    by_theme = Counter(EVIDENCE.theme(row["theme"]) for row in EVIDENCE.claims.values())
    for kind, count in by_voice.items():
        assert f"{disagreements.VOICES[kind].lower()} {count}" in text
    for theme, count in by_theme.items():
        assert f"{theme} {count}" in text


def test_verdicts_tell_the_number_of_checks_of_each_verdict() -> None:
    text = spec_of("disagreements.verdicts")["description"]
    for verdict, count in Counter(row["verdict"] for row in TABLES["checks"].rows).items():
        assert f"{verdict} ({disagreements.VERDICTS[verdict][0]}) {count}" in text


def test_measures_tell_the_number_of_controls_of_each_article() -> None:
    text = spec_of("surveillance.measures")["description"]
    for source_id, count in Counter(cell.source_id for cell in surveillance.cells()).items():
        assert f"{marks.source_label(source_id)}: {count}" in text


def test_exits_tell_the_numbers_that_are_given() -> None:
    text = spec_of("defections.exits")["description"]
    for line in defections.lines():
        answer = line.answers["Number"]
        if answer.standing != "missing":
            assert f"{line.label}: {answer.text}".replace("\u00a0", " ") in text


def test_the_map_tells_the_number_of_claims_of_each_city() -> None:
    text = spec_of("places.by_theme")["description"]
    for place in places.named():
        if place.kind == "city":
            assert f"{place.name} {place.claims}" in text


def test_resolutions_and_deadlines_are_told_with_their_days() -> None:
    text = spec_of("sanctions.resolutions")["description"]
    for row in TABLES["resolutions"].rows:
        assert f"Resolution {row['resolution']} of {date_words(row['adopted'].isoformat())}" in text


def test_an_edited_claim_changes_what_a_mark_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    claim_id = next(i for i, row in EVIDENCE.claims.items() if row["theme"] == "wages")
    before = cells_of(claim_id)
    monkeypatch.setattr(disagreements, "EVIDENCE", changed(claim_id, theme="unrest"))
    assert {theme for _, theme in before} == {"Wages"}
    assert {theme for _, theme in cells_of(claim_id)} == {"Unrest"}


def cells_of(claim_id: str) -> list[tuple[str, str]]:
    datasets = disagreements.voices().to_dict()["datasets"].values()
    found = [row for rows in datasets for row in rows if claim_id in row.get("facts", "").split()]
    return [(row["voice"], row["theme"]) for row in found]
