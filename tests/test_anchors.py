from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evidencebook.check import anchors
from evidencebook.check.anchors import PassageNotFound
from tests.small import TEXTS, Book

HARBOUR = TEXTS["harbour-2019"]
Anchor = tuple[object, object, object, object]


def refused(text: str, fragment: str) -> PassageNotFound:
    with pytest.raises(PassageNotFound) as caught:
        anchors.locate(text, fragment)
    return caught.value


def test_passage_runs_from_opening_to_closing_words() -> None:
    found = anchors.locate(HARBOUR, "Between 40 … each month")
    passage = HARBOUR[found.start : found.end]
    assert passage == "Between 40 and 60 visitors come each month"
    assert found.sha256 == hashlib.sha256(passage.encode()).hexdigest()


def test_paragraphs_are_the_non_blank_lines_counted_from_one() -> None:
    # Line 5 of the text is the third paragraph, line 7 the fourth: blank and white lines do not count.
    assert anchors.locate(HARBOUR, "Menu Home").para == 1
    assert anchors.locate(HARBOUR, "About 3,000 readings").para == 3
    assert anchors.locate(HARBOUR, "A lamp").para == 4


def test_offsets_are_code_points_and_hash_is_of_utf8() -> None:
    text = TEXTS["almanac-undated"]
    found = anchors.locate(text, "등대지기")
    assert (found.start, found.end) == (text.index("등"), text.index("등") + 4)
    assert found.sha256 == hashlib.sha256("등대지기".encode()).hexdigest()


def test_closing_is_its_first_occurrence_after_the_opening() -> None:
    text = "the end. We begin here and end here, not at the last end."
    found = anchors.locate(text, "We begin … end")
    assert text[found.start : found.end] == "We begin here and end"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("Above 40 … month", "are not in the text"),
        ("A … dusk", "more than once"),
        ("Between 40 … at dusk", "do not follow the opening"),
        ("Between 40 … keepers say", "do not follow the opening"),
        ("etween 40 … month", "inside a word"),
        ("Between 40 … each mon", "inside a word"),
        ("Between 40 … ", "lacks its opening or closing"),
        ("", "lacks its opening or closing"),
        ("dusk. Between 40 and 60 visitors come each month. Share this page\n", "not in the text"),
        ('since "the great storm"', "are not in the text"),
    ],
)
def test_fragment_that_marks_no_single_passage_says_why(fragment: str, expected: str) -> None:
    error = refused(HARBOUR, fragment)
    assert expected in str(error) and error.remedy


def test_closing_words_in_a_later_paragraph_do_not_count() -> None:
    assert "in its paragraph" in str(refused("one two\nthree four", "one … four"))


def recorded(fragment: str = "Between 40 … each month") -> Anchor:
    return anchors.locate(HARBOUR, fragment)


@pytest.mark.parametrize(
    ("position", "value", "column"),
    [(0, 3, "para"), (3, "0" * 64, "sha256"), (0, None, "para"), (3, None, "sha256"), (2, 9999, "start")],
)
def test_one_wrong_value_is_found_and_the_right_ones_are_given(position: int, value: object, column: str) -> None:
    right = recorded()
    wrong = list(right)
    wrong[position] = value
    mismatch = anchors.verify(HARBOUR, "Between 40 … each month", tuple(wrong))  # type: ignore[arg-type]
    assert mismatch is not None and mismatch.column == column
    para, start, end, digest = right
    assert mismatch.remedy == f"write para {para}, start {start}, end {end}, sha256 {digest}"


def test_right_anchor_has_no_mismatch() -> None:
    assert anchors.verify(HARBOUR, "Between 40 … each month", recorded()) is None


def test_sound_anchor_of_another_passage_is_a_mismatch() -> None:
    mismatch = anchors.verify(HARBOUR, "Between 40 … each month", recorded("A lamp … dusk"))
    assert mismatch is not None and mismatch.column == "start"


def test_texts_are_found_by_their_bytes_whatever_their_names(book: Book) -> None:
    found = anchors.texts(book.texts)
    assert {one.text for one in found.values()} == set(TEXTS.values())
    assert set(found) == {hashlib.sha256(text.encode()).hexdigest() for text in TEXTS.values()}


def test_line_ends_of_a_text_are_not_translated(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\r\n")
    (only,) = anchors.texts(tmp_path).values()
    assert only.text == "one\r\ntwo\r\n"


def test_text_that_is_not_utf8_and_a_missing_folder_raise_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("등대".encode("cp949"))
    (only,) = anchors.texts(tmp_path).values()
    assert only.text is None
    assert anchors.texts(tmp_path / "none") == {}


def test_texts_folder_can_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)
    assert anchors.texts_dir(tmp_path) == tmp_path / "seeds" / "texts"
    monkeypatch.setenv("EVIDENCE_TEXTS", "/elsewhere")
    assert anchors.texts_dir(tmp_path) == Path("/elsewhere")


def test_likely_text_holds_most_of_the_passages(book: Book) -> None:
    found = list(anchors.texts(book.texts).values())
    likely = anchors.likely_text(found, ["Between 40 … each month", "A lamp … dusk", "no such words"])
    assert likely is not None and likely.text == HARBOUR
    assert anchors.likely_text(found, ["A lamp … dusk", "no such words"]) is None
    assert anchors.likely_text(found, []) is None
