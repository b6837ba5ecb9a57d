"""Drafted sentences: whole, in the voice's name, with the value as the row has it, and no long run of the article."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evidencebook.check.copying import Articles
from evidencebook.check.measured import measured
from evidencebook.intake.drafting import UNSAID, draft, lowered, unclear
from tests.intaking import ARTICLE, SHEET, add, decide, report, rows, run

__all__ = ["report"]  # a fixture


def drafted(sentence: str, words: str, who: str, qualifier: str = "exact", modality: str = "stated") -> str:
    at = sentence.index(words)
    article = Articles((sentence,))
    spot = (at, at + len(words))
    return draft(
        sentence, spot, who, qualifier, modality, "Harbour Post", lambda said: article.copied(said) is not None,
        lowered(sentence),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "words", "who", "qualifier", "expected"),
    [
        ("The mill keeps as many as 70 carts, the miller said, because the road is bad.", "as many as 70", "miller",
         "up_to", "A miller says that the mill keeps up to 70 carts."),
        ("According to a nurse, nearly 40 beds stood empty.", "nearly 40", "nurse", "about",
         "A nurse says that about 40 beds stood empty."),
        ("A cook told the Harbour Post that rice had been cut to 300 grams a day.", "300", "cook", "exact",
         "A cook says that rice had been cut to 300 grams a day."),
        ("The guard put their number at more than 90.", "more than 90", "guard", "over",
         "A guard puts their number at over 90."),
        ("Some of them wait for six weeks and pay 20 dollars, a driver said.", "20", "driver", "exact",
         "A driver says that some of them pay 20 dollars."),
        ('"We never had above 50 blankets," she said.', "above 50", "nurse", "up_to",
         "A nurse says that they had up to 50 blankets."),
        ("Last year the fee was 80 euros.", "80", "", "exact",
         "Harbour Post reports that the fee was 80 euros last year."),
        ("The fund lost between 3 and 5 million euros, Kim reckons.", "between 3 and 5 million", "Kim Jun", "range",
         "Kim Jun estimates that the fund lost 3 to 5 million euros."),
        ("Two clerks said that 12 ships lay in the bay.", "12", "two clerks", "exact",
         "Two clerks say that 12 ships lay in the bay."),
        ("A study speaks of 900 sailors, of whom a third are women.", "a third", "study", "exact",
         "A study says that a third of them are women."),
        ("Nobody knows them, and seven of the boats sank.", "seven", "", "exact",
         "Harbour Post reports that seven of the boats sank."),
    ],
)  # fmt: skip
def test_a_draft_is_a_whole_sentence_of_the_voice(
    sentence: str, words: str, who: str, qualifier: str, expected: str
) -> None:
    assert drafted(sentence, words, who, qualifier) == expected


def test_a_draft_never_has_a_long_run_of_the_article() -> None:
    sentence = (
        "A trader in the old harbour quarter said that every one of the merchants who remained there through the long "
        "and bitter winter had been made to hand over 300 sacks of their best grain to the governor in spring."
    )
    made = drafted(sentence, "300", "trader in the old harbour quarter")
    assert Articles((sentence,)).copied(made) is None
    assert "300 sacks" in made and made.startswith("A trader")


def test_what_a_pronoun_means_is_asked() -> None:
    assert unclear("A clerk says that they sign for five years.") == ["they"]
    assert unclear("A clerk says that the sailors sign for five years.") == []


def test_every_draft_of_an_article_can_stand_in_the_table_or_is_unfinished(report: Path) -> None:
    add(report)
    text = ARTICLE.read_text("utf-8")
    article, found = Articles((text,)), rows(report / SHEET)
    likely = [row for row in found if row["likely"].startswith("likely")]
    whole = [row for row in likely if UNSAID not in row["statement"]]
    assert len(whole) >= 0.6 * len(likely), "written from nothing costs most"
    for row in found:
        assert article.copied(row["statement"]) is None
        assert re.fullmatch(r"[^\W\d_].*(?:\.|…)", row["statement"]), row["statement"]
        for phrase in measured(row["statement"]):
            for one in phrase.numerals:
                assert text.lower().count(row["statement"][one.start : one.end].lower().strip("$")), row["statement"]

    def took(row: dict[str, str]) -> None:
        is_taken = not row["likely"].startswith("unlikely") and UNSAID not in row["statement"]
        row["decision"] = "accept" if is_taken else "drop"

    decide(report, took)
    code, said = run("accept", "--root", report, "yalu-observer-2025")
    assert code == 0, said
