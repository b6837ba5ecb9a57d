"""`check --fix`: what can be mended without a choice is mended, and every other byte stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidencebook import cli
from evidencebook.check import anchors, mending
from evidencebook.tables.problems import BadData
from tests.small import TEXTS, Book

HARBOUR = TEXTS["harbour-2019"]


def mended(book: Book, texts: Path | None = None) -> list[str]:
    """What was done; a second run has nothing left to do."""
    done = [str(one) for one in mending.mend(book.root, texts or book.texts)]
    after = {path: path.read_bytes() for path in (book.root / "data").iterdir()}
    assert mending.mend(book.root, texts or book.texts) == []
    assert {path: path.read_bytes() for path in (book.root / "data").iterdir()} == after, "or left litter behind"
    return done


def parted(sign: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=sign, lineterminator="\n").writerows(csv.reader(io.StringIO(data.decode())))
        return buffer.getvalue().encode()

    return change


@pytest.mark.parametrize(
    ("change", "done"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "byte order mark taken out"),
        (lambda data: data.replace(b"\n", b"\r\n"), "5 line ends mended"),
        (lambda data: data.replace(b"\n", b"\r"), "5 line ends mended"),
        (lambda data: data.replace(b"\n", b"\n \n\n", 2), "4 blank lines taken out"),
        (lambda data: b"\n" + data, "1 blank line taken out"),
        (lambda data: data.removesuffix(b"\n"), "final line end added"),
        (lambda data: data.decode().encode("utf-16"), "UTF-16 made UTF-8"),
        (lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"), "UTF-16 made UTF-8"),
        (parted(";"), "cells parted by commas instead of semicolons"),
        (parted("\t"), "cells parted by commas instead of tabs"),
        (parted("|"), "cells parted by commas instead of vertical bars"),
        (lambda data: b"sep=;\n" + parted(";")(data), "cells parted by commas instead of semicolons"),
        (lambda data: data.replace(b",harbour-2019,", b", harbour-2019\xc2\xa0,", 2), "2 cells freed of spaces around"),
        (lambda data: data.replace(b'"Keepers say', b'"  Keepers say'), "1 cell freed of spaces around"),
        (lambda data: data.replace(b",unit,", b", unit,", 1), "1 cell freed of spaces around"),
        (
            lambda data: b"".join([(lines := data.splitlines(True))[0], lines[4], *lines[1:4]]),
            "1 row put in order",
        ),
        (lambda data: b"".join([(lines := data.splitlines(True))[0], *lines[:0:-1]]), "3 rows put in order"),
    ],
)  # fmt: skip
def test_file_is_as_it_was_before_it_was_spoilt(book: Book, change: Callable[[bytes], bytes], done: str) -> None:
    before = book.path("claims").read_bytes()
    book.change_bytes("claims", change)
    assert book.path("claims").read_bytes() != before
    assert mended(book) == [f"data/claims.csv: {done}"]
    assert book.path("claims").read_bytes() == before
    assert book.messages() == []


def test_all_faults_of_a_file_are_mended_together_and_told_in_one_line(book: Book) -> None:
    before = book.path("claims").read_bytes()
    lines = before.replace(b'"Keepers say', b'" Keepers say').splitlines()
    spoilt = b"\r\n".join([lines[0], b"", *lines[:0:-1]]).decode().encode("utf-16")
    book.path("claims").write_bytes(spoilt)
    book.change_bytes("places", parted(";"))
    assert mended(book) == [
        "data/claims.csv: UTF-16 made UTF-8, 5 line ends mended, 1 blank line taken out, 1 cell freed of spaces around,"
        " 3 rows put in order, final line end added",
        "data/places.csv: cells parted by commas instead of semicolons",
    ]
    assert book.path("claims").read_bytes() == before
    assert book.messages() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\0\n", 1),
        lambda data: "등대 log".encode("cp949") + data,
        lambda data: data.decode().encode("utf-16-le"),  # without a mark it is a guess
        lambda data: parted(";")(data).replace(b"unit", b"units", 1),
        lambda data: parted(";")(data).replace(b"3000;3000", b"3000;30;00"),
        lambda data: data.replace(b"Keepers say", b"Keepers\rsay"),
        lambda data: data.replace(b"The log says so, k", b" =cmd, k"),
        lambda data: data.replace(b"keeper-left", b"Keeper Left", 1),
        lambda data: data.replace(b"keeper-left", b"", 1),
        lambda data: b"".join([(lines := data.splitlines(True))[0], b"zz,z\n", *lines[1:]]),
        lambda data: data.replace(b'"Keepers say', b'"Keepers\n\nsay'),
        lambda data: data.replace(b'"Keepers say', b"\"Keepers\n\nsay \"\n"),
        lambda data: b"",
    ],
)  # fmt: skip
def test_what_needs_a_choice_stays_a_problem(book: Book, change: Callable[[bytes], bytes]) -> None:
    book.change_bytes("claims", change)
    spoilt = book.path("claims").read_bytes()
    assert mended(book) == []
    assert book.path("claims").read_bytes() == spoilt
    assert any(one.startswith("data/claims.csv") for one in book.messages())


def test_missing_file_is_left_to_the_check(book: Book) -> None:
    book.path("claims").unlink()
    assert mended(book) == []


def test_rows_are_ordered_by_the_type_of_their_key(book: Book) -> None:
    fields = [{"name": "day", "type": "integer", "description": "The day."}]
    package = book.package()
    package["resources"].append({"name": "days", "path": "days.csv", "schema": {"fields": fields, "primaryKey": "day"}})
    book.write_package(package)
    book.path("days").write_text("day\n10\n9\n", "utf-8")
    assert mended(book) == ["data/days.csv: 1 row put in order"]
    assert book.path("days").read_text("utf-8") == "day\n9\n10\n"


def test_every_anchor_is_computed_and_all_other_bytes_stay(book: Book) -> None:
    complete = book.path("claims").read_bytes()
    book.write("claims", [row | dict.fromkeys(anchors.COLUMNS, "") for row in book.rows("claims")])
    assert mended(book) == ["data/claims.csv: 4 rows anchored anew"]
    assert book.path("claims").read_bytes() == complete


def test_needless_quotes_and_the_mode_of_the_file_stay(book: Book) -> None:
    right = book.path("claims").read_bytes().replace(b"north-rock-mark,", b'"north-rock-mark",', 1)
    found = anchors.locate(HARBOUR, "reads up … the mark")
    spoilt = right.replace(found.sha256.encode(), b"0" * 64).replace(f",2,{found.start},".encode(), b",2,1,")
    assert spoilt != right
    book.path("claims").write_bytes(spoilt)
    book.path("claims").chmod(0o640)
    assert mended(book) == ["data/claims.csv: 1 row anchored anew"]
    assert book.path("claims").read_bytes() == right
    assert book.path("claims").stat().st_mode & 0o777 == 0o640


def test_anchors_of_sources_whose_text_is_absent_stay(book: Book) -> None:
    for path in book.texts.iterdir():
        if "lamp" in path.read_text("utf-8"):
            path.unlink()
    book.write("claims", [row | dict.fromkeys(anchors.COLUMNS, "") for row in book.rows("claims")])
    assert mended(book) == ["data/claims.csv: 1 row anchored anew"]
    assert [bool(row["sha256"]) for row in book.rows("claims")] == [True, False, False, False]


def test_anchors_are_computed_though_both_tables_had_to_be_mended(book: Book) -> None:
    book.edit("claims", 3, start="1")
    for table in ("claims", "sources"):
        book.change_bytes(table, lambda data: data.replace(b"\n", b"\r\n"))
    assert mended(book) == [
        "data/sources.csv: 3 line ends mended",
        "data/claims.csv: 5 line ends mended, 1 row anchored anew",
    ]


def test_fragments_that_find_nothing_are_listed_and_all_others_mended(book: Book) -> None:
    book.edit("claims", 3, fragment="no such … words")
    book.edit("claims", 4, fragment="nor … these", start="")
    book.edit("claims", 5, start="")
    assert mended(book) == ["data/claims.csv: 1 row anchored anew"]
    assert [one.split(":")[1:3] for one in book.messages()] == [["3", " fragment"], ["4", " fragment"]]


def test_rows_of_two_sources_with_one_id_are_not_anchored(book: Book) -> None:
    book.edit("sources", 2, source_id="harbour-2019")
    book.edit("claims", 3, start="1")
    assert mended(book) == []


def test_failed_write_is_a_problem_and_leaves_the_old_file_and_no_litter(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.edit("claims", 3, start="1")
    before = book.path("claims").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evidencebook.tables.files.os.replace", fail)
    with pytest.raises(BadData, match=r"data/claims\.csv: the file cannot be written \(No space left on device\)"):
        mending.mend(book.root, book.texts)
    assert book.path("claims").read_bytes() == before
    assert [path.name for path in book.path("claims").parent.glob(".*")] == []


def test_file_behind_a_link_is_mended_and_the_link_stays(book: Book, tmp_path: Path) -> None:
    real = book.path("places").rename(tmp_path / "places.csv")
    book.path("places").symlink_to(real)
    book.change_bytes("places", lambda data: data.replace(b"\n", b"\r\n"))
    mended(book)
    assert book.path("places").is_symlink() and b"\r" not in real.read_bytes()


def test_command_says_per_file_what_it_did_and_lists_the_rest(book: Book) -> None:
    book.change_bytes("places", lambda data: data.replace(b"\n", b"\r\n"))
    book.edit("claims", 5, low="70")
    result = CliRunner().invoke(cli.main, ["check", "--fix", "--root", str(book.root)], env={"EVIDENCE_TEXTS": ""})
    assert (result.exit_code, result.stdout) == (1, "data/places.csv: 3 line ends mended\n")
    assert "data/claims.csv:5: low: 70 is above high 60" in result.stderr
    result = CliRunner().invoke(cli.main, ["check", "--fix", "--root", str(book.root)], env={"EVIDENCE_TEXTS": ""})
    assert result.stdout == "There was nothing to mend.\n"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_in_a_file_mending_settles_and_no_cell_is_lost(book: Book, data: st.DataObject) -> None:
    path = book.path("claims")
    before = path.read_bytes()
    try:
        for _ in range(data.draw(st.integers(1, 4))):
            old = path.read_bytes()
            start = data.draw(st.integers(0, len(old)))
            end = data.draw(st.integers(start, min(len(old), start + 30)))
            signs = [b",", b'"', b"\n", b"\r", b"\r\n", b" ", b"\n\n", b"\0", b";", b"\xff", b"=", b"\xef\xbb\xbf", b""]
            path.write_bytes(old[:start] + data.draw(st.sampled_from(signs) | st.binary(max_size=4)) + old[end:])
        spoilt = path.read_bytes()
        mended(book, book.root / "none")
        assert sorted(bare(path.read_bytes())) == sorted(bare(spoilt))
    finally:
        path.write_bytes(before)


def bare(data: bytes) -> str:
    """The signs of a file but for those that mending may add or take away: its mark, spaces and line ends."""
    kept = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return "".join(kept.split())
