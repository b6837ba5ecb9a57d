"""Runs of words that rows share with an article."""

from __future__ import annotations

import shutil

import pytest

from evidencebook.check.copying import Articles
from tests.small import Book

ARTICLE = "At dusk one lamp is lit; the keeper\u2019s boat lies below it, and nobody rows till the morning bell."
TEN = "One lamp is lit; the keeper's boat lies below it."
ELEVEN = "One lamp is lit; the keeper's boat lies below it, and"


def test_ten_words_may_be_the_same_and_eleven_may_not() -> None:
    articles = Articles((ARTICLE,))
    assert articles.copied(TEN) is None
    assert articles.copied(ELEVEN) == (11, ELEVEN)


@pytest.mark.parametrize(
    "typed",
    [
        "He says: ONE LAMP IS LIT - the keeper\u2018s boat lies below it and ...",
        "one lamp is lit the \u201ckeeper's\u201d boat/lies below (it) and",
        "One\u00a0lamp_is_lit,the keeper\u2019s boat\tlies below it, AND so on",
    ],
)
def test_case_quotes_and_punctuation_make_no_difference(typed: str) -> None:
    found = Articles((ARTICLE,)).copied(typed)
    assert found is not None and found[0] == 11


def test_longest_run_is_told_as_it_stands_in_the_text() -> None:
    text = f"{ELEVEN} then, as all say: the keeper's boat lies below it, and nobody rows till the morning."
    assert Articles((ARTICLE,)).copied(text) == (
        12, "the keeper's boat lies below it, and nobody rows till the morning",
    )  # fmt: skip


def test_other_scripts_count_too() -> None:
    words = "등대 지기 는 밤 에 등 을 켜고 배 를 묶는다 늘"
    assert Articles((words,)).copied(words) == (12, words)
    spelt = "caf\u00e9 a b c d e f g h i j k"
    assert Articles((spelt,)).copied(spelt.replace("\u00e9", "e\u0301")) is not None


def test_title_may_be_quoted_in_full() -> None:
    title = "At dusk one lamp is lit; the keeper's boat lies below it"
    assert Articles((ARTICLE,), (title,)).copied(f"As in: {title}.") is None
    assert Articles((ARTICLE,), (title,)).copied(f"As in: {title}, and nobody rows") is not None


def write_article(book: Book) -> None:
    (book.texts / "other.txt").write_text(ARTICLE, "utf-8")


@pytest.mark.parametrize(
    ("table", "column"),
    [("claims", "statement"), ("claims", "note"), ("contradictions", "tension"), ("places", "name")],
)
def test_copied_words_are_told_at_their_cell(book: Book, table: str, column: str) -> None:
    write_article(book)
    book.edit(table, 2, **{column: f"So it goes: {ELEVEN} more."})
    found = [one for one in book.messages() if "no source names this text" not in one]
    assert found == [
        f'data/{table}.csv:2: {column}: 11 words in a row stand in an article: "{ELEVEN}"'
        " - say it in other words; 10 in a row may be the same"
    ]


def test_each_end_of_a_fragment_counts_by_itself(book: Book) -> None:
    text = next(path for path in book.texts.iterdir() if "lamp" in path.read_text("utf-8"))
    article = text.read_text("utf-8")
    whole = "Between 40 and 60 visitors come each month. Share this page"
    assert whole in article
    book.edit("claims", 5, fragment=whole, **dict.fromkeys(("para", "start", "end", "sha256"), ""))
    found = [one for one in book.messages() if "claims.csv:5: fragment" in one]
    assert len(found) == 1 and "11 words in a row" in found[0]
    book.edit("claims", 5, fragment="Between 40 and 60 visitors … come each month. Share this page")
    assert not [one for one in book.messages() if "words in a row" in one]


def test_without_texts_nothing_is_compared(book: Book) -> None:
    shutil.rmtree(book.texts)
    book.edit("claims", 2, note=ELEVEN)
    assert book.messages() == []
