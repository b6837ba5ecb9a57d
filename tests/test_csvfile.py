from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.tables import csvfile
from evidencebook.tables.problems import BadData

LABEL = "data/gauges.csv"


def messages(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "gauges.csv"
    path.write_bytes(data)
    return [str(problem) for problem in csvfile.scan(path, LABEL).problems]


def test_rows_come_with_their_physical_line(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b'id,note\na,"one, two"\nb,"say ""no"""\n')
    records = csvfile.read(path, LABEL)
    assert records.header == ["id", "note"]
    assert records.rows == [(2, ["a", "one, two"]), (3, ["b", 'say "no"'])]


def test_missing_final_newline_is_tolerated(tmp_path: Path) -> None:
    assert messages(tmp_path, b"id,note\na,b") == []


def test_unicode_line_separators_do_not_move_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes("id,note\na,x\u2028y\u0085z\nb,c\n".encode())
    assert [line for line, _ in csvfile.read(path, LABEL).rows] == [2, 3]


def test_byte_order_mark_is_named_and_not_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b"\xef\xbb\xbfid,note\na,b\n")
    found = csvfile.scan(path, LABEL)
    assert "byte order mark" in str(found.problems[0])
    assert found.records is not None and found.records.header[0] == "id"


def test_windows_and_mac_line_ends_are_told_apart_and_counted(tmp_path: Path) -> None:
    found = messages(tmp_path, b"id,note\r\na,b\r\nc,d\re,f\n")
    assert any("2 lines have Windows line ends (CRLF)" in one for one in found)
    assert any("1 line has old Mac line ends (CR)" in one for one in found)
    assert len(found) == 2


def test_cp949_is_recognised_with_the_line_of_its_first_byte(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, "id,note\na,등대지기\n".encode("cp949"))
    assert found.startswith("data/gauges.csv:2: ")
    assert "CP949" in found and "UTF-8" in found


def test_latin_1_is_recognised(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, "id,note\na,caf\u00e9 du port\n".encode("latin-1"))
    assert "Latin-1" in found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_recognised_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    (found,) = messages(tmp_path, "id,note\na,b\n".encode(encoding))
    assert "UTF-16" in found


def test_nul_byte_is_located(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, b"id,note\naaaaaaaaaaaa,b\nccccccccccc\0ccccc,d\n")
    assert found.startswith("data/gauges.csv:3: ") and "NUL" in found


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n  \n"])
def test_empty_file_has_no_header(tmp_path: Path, data: bytes) -> None:
    assert any("no header row" in one for one in messages(tmp_path, data))


def test_blank_and_duplicate_columns_are_all_named(tmp_path: Path) -> None:
    found = messages(tmp_path, b"id,,note,note\n1,2,3,4\n")
    assert any("column 2 has no name" in one for one in found)
    assert any(": note: the column stands 2 times" in one for one in found)


def test_ragged_rows_are_all_reported_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b"id,note\na\nb,c\nd,e,f\n")
    found = csvfile.scan(path, LABEL)
    assert [(problem.row, problem.what) for problem in found.problems] == [
        (2, "1 cells where the header has 2"),
        (4, "3 cells where the header has 2"),
    ]
    assert found.records is not None and found.records.rows == [(3, ["b", "c"])]


def test_blank_line_is_reported(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, b"id,note\na,b\n\nc,d\n")
    assert found.startswith("data/gauges.csv:3: the line is blank")


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
@pytest.mark.parametrize("before", ["", "\ufeff", "sep={sign}\r\n"])
def test_file_parted_by_another_sign_is_told_so_in_one_line(tmp_path: Path, sign: str, name: str, before: str) -> None:
    text = before.format(sign=sign) + "id,note\r\na,b\r\n\r\nc\r\n".replace(",", sign)
    assert messages(tmp_path, text.encode()) == [
        f"data/gauges.csv: the cells are parted by {name}, not by commas"
        " - run `evidencebook check --fix`, or save the file as CSV with commas"
    ]


def test_semicolons_within_cells_do_not_part_them(tmp_path: Path) -> None:
    assert messages(tmp_path, b"id,note\na,one; two; three\n") == []
    assert messages(tmp_path, b"id\na;b\n") == []


def test_quotation_mark_inside_a_cell_without_quotes_is_refused(tmp_path: Path) -> None:
    (found,) = messages(tmp_path, b'id,note\na,say "no"\n')
    assert found.startswith("data/gauges.csv:2: a quotation mark is not closed or stands inside a cell")


def test_what_can_be_told_of_a_broken_row_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b'id,note\na,"open\nb,"one\ntwo"\nc,d\n')
    assert [cells[0] for _, cells in csvfile.scan(path, LABEL).ragged] == ["a", "b"]


def test_line_break_in_a_cell_is_one_problem_and_later_rows_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b'id,note\na,"one\ntwo\nthree"\nb,c\n')
    found = csvfile.scan(path, LABEL)
    assert [str(one) for one in found.problems] == [
        "data/gauges.csv:2: a cell holds a line break (lines 2 to 4) - write the row on one line"
    ]
    assert found.records is not None and found.records.rows == [(5, ["b", "c"])]


def test_stray_quote_spoils_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b'id,note\na,"open\nb,c\nd,e\n')
    found = csvfile.scan(path, LABEL)
    assert [(problem.row, "quotation mark" in problem.what) for problem in found.problems] == [(2, True)]
    assert found.records is not None and [line for line, _ in found.records.rows] == [3, 4]


def test_header_that_cannot_be_parsed_is_not_replaced_by_the_next_row(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b'id,"note\na,b\n')
    assert csvfile.scan(path, LABEL).records is None


def test_missing_file_and_folder_in_its_place_are_problems(tmp_path: Path) -> None:
    assert "missing" in str(csvfile.scan(tmp_path / "none.csv", LABEL).problems[0])
    assert "cannot be read" in str(csvfile.scan(tmp_path, LABEL).problems[0])


def test_read_raises_with_every_problem_of_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "gauges.csv"
    path.write_bytes(b"\xef\xbb\xbfid,note\r\na\r\nb,c\r\n")
    with pytest.raises(BadData) as caught:
        csvfile.read(path, LABEL)
    text = str(caught.value)
    assert "byte order mark" in text and "CRLF" in text and "1 cells" in text
    assert list(caught.value.problems) == sorted(caught.value.problems)
