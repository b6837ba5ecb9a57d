"""Cells in the words that readers see, each in full."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.evidence import phrases, sources
from evidencebook.tables.reading import Row


def evidence(**source: Any) -> Any:
    return SimpleNamespace(
        sources={"log": Row(2, source)}, label=lambda *_: None, places={"rock": Row(2, {"name": "Rock"})}
    )


@pytest.mark.parametrize(
    ("basis", "confidence", "said"),
    [
        ("stated", "high", "1 July 2016"),
        ("article_date", "high", "1 July 2016 (date of the article)"),
        ("article_date", "low", "1 July 2016 (date of the article, held with low confidence)"),
        ("inferred", "high", "1 July 2016 (inferred)"),
        ("inferred", "low", "1 July 2016 (inferred; the article's own date is held with low confidence)"),
        ("external", "low", "1 July 2016 (from outside the articles)"),
    ],
)
def test_a_date_says_on_what_it_rests(basis: str, confidence: str, said: str) -> None:
    row = Row(2, {"when": "2016-07-01", "when_basis": basis, "source_id": "log"})
    assert phrases.when(evidence(date_confidence=confidence), row) == said
    assert phrases.when(evidence(), Row(2, {"when": None, "when_basis": None})) == ""


def test_voices_and_modalities_have_words_where_a_report_gives_none() -> None:
    said = {
        "outlet": "the outlet itself", "anonymous": "unnamed source", "official": "official",
    }  # fmt: skip
    assert {one: phrases.voice(evidence(), Row(2, {"speaker_type": one})) for one in said} == said
    modalities = {
        "stated": "stated without reserve", "hearsay": "passed on as hearsay", "rumoured": "given as rumour",
        "projected": "about the future, or conditional", "disputed": "contested by others",
        "inferred": "the voice's own conclusion", "own": "own",
    }  # fmt: skip
    assert {one: phrases.modality(evidence(), one) for one in modalities} == modalities
    assert phrases.speaker(Row(2, {"speaker": "a keeper (at night)"})) == "a keeper, at night"
    assert [phrases.capital(one) for one in ("", "a b", "É")] == ["", "A b", "É"]


@pytest.mark.parametrize(
    ("confidence", "limits", "said"),
    [
        ("high", None, "published 1 July 2016"),
        ("end_assumed", None, "published 1 July 2016, the last day assumed"),
        ("low", None, "date of publication not known; likeliest 1 July 2016, with low confidence"),
        (
            "low", "2016",
            "date of publication not known; likeliest 1 July 2016, with low confidence; by our inference 2016",
        ),
    ],
)  # fmt: skip
def test_a_publication_keeps_its_doubt(confidence: str, limits: str | None, said: str) -> None:
    row = Row(2, {"published": "2016-07-01", "date_confidence": confidence, "published_limits": limits})
    assert sources.publication(row) == said
    assert sources.is_loosely_dated(row) is (confidence == "low")


def test_ratings_are_told_in_the_words_of_the_code() -> None:
    said = {
        letter: sources.in_words(Row(2, {"reliability": letter, "credibility": number}))
        for number, letter in enumerate("ABCDEF", 1)
    }
    assert said["A"] == "A1: completely reliable voice, confirmed by an independent origin"
    assert said["B"] == "B2: usually reliable voice, probably true"
    assert said["C"] == "C3: fairly reliable voice, possibly true"
    assert [said[one].partition(": ")[2].partition(", ")[0] for one in "DEF"] == [
        "voice not usually reliable", "unreliable voice", "voice that cannot be judged",
    ]  # fmt: skip


def test_an_address_leads_to_the_words_of_a_passage() -> None:
    passage = "one-two … three, four & five"
    words = "text=one%2Dtwo,three%2C%20four%20%26%20five"
    for url, separator in (
        ("https://a.org/x", "#:~:"),
        ("https://a.org/x#part", ":~:"),
        ("https://a.org/#:~:text=y", "&"),
    ):
        assert sources.passage_url(url, passage) == f"{url}{separator}{words}"
    assert sources.passage_url("https://a.org", "alone") == "https://a.org#:~:text=alone"
