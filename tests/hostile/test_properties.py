"""Whatever is written, it is read as what it is or refused in one line; nothing else comes of it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evidencebook.check import anchors
from evidencebook.tables import casting, csvfile, rawrows, text
from evidencebook.tables.problems import Problem
from evidencebook.values import dates, formulas, numerals
from evidencebook.values.intervals import Interval
from evidencebook.values.quantities import Quantity

CELLS = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)), max_size=20)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_problems(data: bytes) -> None:
    found = csvfile.parse(data, "x.csv")
    assert found.records is not None or found.problems
    assert all(str(one).isprintable() for one in found.problems)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_csv_writes_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([["a", "b"], *rows])
    found = csvfile.parse(buffer.getvalue().encode(), "x.csv")
    kept = [cells for _, cells in found.records.rows] if found.records else []
    assert kept == rows or found.problems  # a blank line, or one that Python writes in an odd way
    for line in buffer.getvalue().split("\n")[:-1]:
        assert rawrows.joined(rawrows.cells(line)) == line


@given(st.text())
def test_text_that_passes_shows_what_it_holds(written: str) -> None:
    if (fault := text.fault(written)) is not None:
        assert Problem("x", 1, "y", *fault) and str(Problem("x", 1, "y", *fault)).isprintable()
        return
    assert not {"\n", "\x1b", "\u202e", "\ufffd"}.intersection(written)
    assert text.printable(written).count("\\x") == written.count("\\x")


@given(st.text())
def test_id_that_passes_is_one_word(written: str) -> None:
    if text.id_fault(written) is None:
        assert written and not set(written) & set(" |`{}<>\"'&/\\#%=\t") and text.fault(written) is None


@given(st.text(), st.sampled_from(sorted(casting.CONSTRAINTS)))
def test_value_has_one_spelling(cell: str, type_: str) -> None:
    try:
        value = casting.cast(type_, cell)
    except ValueError:
        return
    assert cell.isascii() or type_ == "string"
    assert str(value).lower() == cell or type_ in ("number", "integer", "year", "string")


@given(st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,9})?", fullmatch=True))
def test_number_is_exact(cell: str) -> None:
    assert Fraction(casting.cast("number", cell)) == Fraction(cell)


@given(st.text(st.sampled_from("0123456789X-/.,[]{}~?%S YZT"), max_size=24) | st.text(max_size=24))
def test_any_date_is_a_span_with_words_or_refused(written: str) -> None:
    try:
        span = dates.parse(written)
    except ValueError as error:
        assert str(error)
        return
    assert written.isascii() and span.earliest <= span.latest and dates.words(written)


@given(st.text(st.sampled_from("0123456789.+-*/() {}ab@when,_x"), max_size=60) | st.text(max_size=60))
def test_any_formula_gives_a_value_or_is_refused(written: str) -> None:
    try:
        given_by = formulas.evaluate(written, lambda _: Quantity.of(Interval.point(3), "persons"))
    except formulas.FormulaError as error:
        assert str(error)
        return
    assert isinstance(given_by, Quantity)


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_fragment_marks_one_passage_or_is_refused(article: str, fragment: str) -> None:
    try:
        found = anchors.locate(article, fragment)
    except anchors.PassageNotFound as error:
        assert str(error) and error.remedy
        return
    opening, _, closing = fragment.partition(anchors.SEPARATOR)
    passage = article[found.start : found.end]
    assert passage.startswith(opening) and passage.endswith(closing) and "\n" not in passage
    assert anchors.verify(article, fragment, found) is None


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 9), st.text("0a", max_size=64))
def test_no_wrong_anchor_is_verified(start: int, end: int, para: int, digest: str) -> None:
    article = "One lamp.\n\nThe keeper left, they say. Nobody came.\n"
    right = anchors.locate(article, "The keeper … they say")
    mismatch = anchors.verify(article, "The keeper … they say", (para, start, end, digest))
    assert (mismatch is None) == ((para, start, end, digest) == right)


@given(st.text())
def test_numbers_found_in_any_text_lie_in_it_and_in_order(written: str) -> None:
    found = numerals.find(written)
    assert all(0 <= one.start < one.end <= len(written) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.lists(st.sampled_from(sorted({*numerals._BEGINNINGS, "halves", "thirds", "of", "percent", "3"})), max_size=6))
def test_no_number_is_overlooked_for_speed(words: list[str]) -> None:
    written = " ".join(words)
    assert numerals.find(written) == [
        one for one in numerals.find(f"{written} . 7") if one.end <= len(written)
    ]  # a digit has every word read


@given(st.binary(max_size=80))
def test_what_a_terminal_is_told_holds_nothing_to_obey(data: bytes) -> None:
    said = str(Problem("data/x.csv", 2, "note", data.decode("latin-1"), data.decode("utf-8", "replace")))
    assert said.isprintable() or "\u00a0" in said
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in said)
