from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from evidencebook import anchors
from evidencebook.anchors import PassageNotFound
from evidencebook.problems import BadData
from tests.conftest import TEXTS, Book

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


def test_fill_computes_every_anchor_and_keeps_all_other_bytes(book: Book) -> None:
    complete = book.path("claims").read_bytes()
    rows = book.rows("claims")
    book.write("claims", [row | dict.fromkeys(anchors.COLUMNS, "") for row in rows])
    assert anchors.fill(book.root, book.texts) == len(rows)
    assert book.path("claims").read_bytes() == complete
    assert anchors.fill(book.root, book.texts) == 0


def test_fill_keeps_needless_quotes_and_a_missing_final_newline(book: Book) -> None:
    book.edit("claims", 3, sha256="0" * 64, start="1")
    before = book.path("claims").read_bytes().replace(b"north-rock-mark,", b'"north-rock-mark",').rstrip(b"\n")
    book.path("claims").write_bytes(before)
    book.path("claims").chmod(0o640)
    assert anchors.fill(book.root, book.texts) == 1
    after = book.path("claims").read_bytes()
    digest, start = ROW_ANCHOR
    expected = before.replace(b"0" * 64, digest.encode()).replace(b",2,1,", f",2,{start},".encode())
    assert after == expected
    assert book.path("claims").stat().st_mode & 0o777 == 0o640


_MARK = anchors.locate(HARBOUR, "reads up … the mark")
ROW_ANCHOR = (_MARK.sha256, _MARK.start)


def test_fill_leaves_rows_alone_whose_text_is_absent(book: Book) -> None:
    for path in book.texts.iterdir():
        if "lamp" in path.read_text("utf-8"):
            path.unlink()
    rows = book.rows("claims")
    book.write("claims", [row | dict.fromkeys(anchors.COLUMNS, "") for row in rows])
    assert anchors.fill(book.root, book.texts) == 1
    assert [bool(row["sha256"]) for row in book.rows("claims")] == [True, False, False, False]


def test_fill_names_every_fragment_that_finds_nothing_and_writes_nothing(book: Book) -> None:
    book.edit("claims", 3, fragment="no such … words")
    book.edit("claims", 4, fragment="nor … these", start="")
    book.edit("claims", 5, start="")
    before = book.path("claims").read_bytes()
    with pytest.raises(BadData) as caught:
        anchors.fill(book.root, book.texts)
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [
        (3, "fragment"),
        (4, "fragment"),
    ]
    assert book.path("claims").read_bytes() == before
    assert [path.name for path in book.path("claims").parent.glob(".*")] == []


def test_failed_write_leaves_the_old_file_and_no_litter(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.edit("claims", 3, start="1")
    before = book.path("claims").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("evidencebook.anchors.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        anchors.fill(book.root, book.texts)
    assert book.path("claims").read_bytes() == before
    assert [path.name for path in book.path("claims").parent.glob(".*")] == []


def test_fill_refuses_a_file_that_is_not_clean(book: Book) -> None:
    book.change_bytes("claims", lambda data: data.replace(b"\n", b"\r\n"))
    with pytest.raises(BadData, match="CRLF"):
        anchors.fill(book.root, book.texts)


def test_report_without_claims_has_nothing_to_fill(book: Book) -> None:
    package = book.package()
    package["resources"] = [one for one in package["resources"] if one["name"] in ("places",)]
    book.write_package(package)
    assert anchors.fill(book.root, book.texts) == 0
