"""The check of anchors against the articles: what does not fit is told with what would."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evidencebook.check import checking
from tests.small import TEXTS, Book


def test_anchor_that_does_not_fit_the_text_is_given_anew(book: Book) -> None:
    right = book.rows("claims")[2]
    book.edit("claims", 4, sha256="0" * 64)
    assert book.problem() == (
        f"data/claims.csv:4: sha256: the hash does not fit the text from {right['start']} to {right['end']}"
        f" - write para {right['para']}, start {right['start']}, end {right['end']}, sha256 {right['sha256']}"
    )
    assert book.check().anchors_verified == 3


@pytest.mark.parametrize("folder", ["texts", "none"])
def test_an_empty_anchor_is_a_problem_with_and_without_the_text(book: Book, folder: str) -> None:
    book.edit("claims", 4, para="", start="", end="", sha256="")
    (problem,) = checking.check(book.root, book.texts if folder == "texts" else book.root / folder).problems
    assert str(problem).startswith("data/claims.csv:4: para: the passage has no complete anchor - ")


def test_without_texts_anchors_count_as_unverified(book: Book) -> None:
    report = checking.check(book.root, book.root / "none")
    assert (report.problems, report.anchors_verified, report.anchors_unverified) == ((), 0, 4)


def test_texts_are_looked_for_where_the_environment_says(
    book: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)
    assert checking.check(book.root).anchors_verified == 4
    monkeypatch.setenv("EVIDENCE_TEXTS", str(tmp_path))  # the report lies in a folder below
    assert checking.check(book.root).anchors_unverified == 4


def test_fragment_that_stands_twice_is_a_problem(book: Book) -> None:
    book.edit("claims", 4, fragment="A")
    assert "data/claims.csv:4: fragment: the opening words 'A' stand more than once" in book.problem()


def test_wrong_length_of_a_text_is_told_the_right_one(book: Book) -> None:
    book.edit("sources", 3, chars="7")
    assert book.problem().endswith(f"write {len(TEXTS['harbour-2019'])}")


def test_changed_text_is_recognised_by_the_passages_that_it_holds(book: Book) -> None:
    changed = (TEXTS["harbour-2019"] + "\n").encode()
    for path in book.texts.iterdir():
        if b"lamp" in path.read_bytes():
            path.write_bytes(changed)
    found = book.problem()
    assert found.startswith("data/sources.csv:3: file_sha256: no text has this hash, but")
    assert hashlib.sha256(changed).hexdigest() in found
    assert book.check().anchors_unverified == 3


def test_text_that_is_not_utf8_is_a_problem_of_its_source(book: Book) -> None:
    data = TEXTS["almanac-undated"].encode("cp949")
    (book.texts / "zz.txt").write_bytes(data)
    book.edit("sources", 2, file_sha256=hashlib.sha256(data).hexdigest())
    assert "data/sources.csv:2: file_sha256: zz.txt is not UTF-8" in book.problem()
