"""Files that are none, settings that are no data, and tables of other people's programs, in the small report."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencebook.check import checking
from evidencebook.tables import csvfile, files, settings
from tests.building import copy_book
from tests.small import Book

Make = Callable[[Path], object]


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket has a hundred bytes at most
        one.bind(path.name)
        os.chdir(here)


NO_FILES: dict[str, tuple[Make, str]] = {
    "pipe": (os.mkfifo, "there is a pipe in place of a file"),
    "folder": (lambda path: path.mkdir(), "there is a folder in place of a file"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "leads nowhere"),
    "circle of links": (lambda path: path.symlink_to(path.name), "leads nowhere"),
    "link out": (lambda path: path.symlink_to("/etc/hostname"), "leads out of the report"),
    "link to a folder out": (lambda path: path.symlink_to("/etc"), "leads out of the report"),
    "device without end": (lambda path: path.symlink_to("/dev/zero"), "leads out of the report"),
    "socket": (socket_at, "there is a socket in place of a file"),
}
FILES = [
    "data/places.csv",
    "data/extra.csv",
    "book/page.md",
    "book/figures/module.py",
    "seeds/harbour-2019.md",
    "seeds/x.md",
]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("make", "said"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_told_where_it_lies(book: Book, file: str, make: Make, said: str) -> None:
    path = book.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)
    messages = book.messages()
    own = [one for one in messages if one.startswith(f"{file}:")]
    assert len(own) == 1 and said in own[0], messages


@pytest.mark.parametrize(("make", "said"), list(NO_FILES.values())[:4], ids=list(NO_FILES)[:4])
def test_article_that_is_no_file_is_told_and_the_others_are_read(book: Book, make: Make, said: str) -> None:
    make(book.texts / "x.txt")
    assert "x.txt: no article can be read: " in book.problem()


def test_link_within_the_report_is_fine(book: Book) -> None:
    (book.root / "data" / "again.csv").symlink_to("places.csv")
    assert book.messages() == []


@pytest.mark.parametrize("name", ["_config.yml", "_toc.yml", "CITATION.cff"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 600, "more than 40 levels"),
        ("a: " * 3 + "{" * 50 + "}" * 50, "not YAML"),
        ("".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(30)), ""),
        ("a: 1\na: 2\n", "a stands there a second time"),
        ("a: {b: 1, b: 2}\n", "b stands there a second time"),
        ('a: "\\e[31mred"\n', "U+001B (control character)"),
        ('a: "\\u202Egpj"\n', "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a: !!python/object/apply:os.system [id]\n", "not YAML"),
        ("a: b: c\n", "not YAML"),
        ("%TAG ! x\n--- a\n...\n--- b\n", "not YAML"),
        ("\x00", "not YAML"),
        ("? [a, b]\n: 1\n", ""),
        (f"a: {'x' * (2**20)}", "bytes are more than"),
        ("&a [*a]\n", ""),
    ],
)  # fmt: skip
def test_settings_are_data(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    messages = [str(one) for one in settings.problems(tmp_path, name)[0]]
    assert all(one.isprintable() and one.startswith(name) for one in messages)
    assert (said in messages[0]) if said else all("not YAML" in one for one in messages)


@pytest.mark.parametrize("text", [b"\xff\xfe[", "title: 등\n".encode("cp949"), b"\x80"])
def test_settings_in_other_encodings_are_told(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "_config.yml").write_bytes(text)
    assert "not UTF-8" in str(settings.problems(tmp_path, "_config.yml")[0][0])


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("book/tide.md", "# A\n\nturned \u202eback\n", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("book/tide.md", "# A\n\nturned &#x202E;back\n", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("book/tide.md", "# A\n\nbell \x07 rings\n", "U+0007 (control character)"),
        ("book/tide.md", "# A\n\na\u200bb\n", "U+200B ZERO WIDTH SPACE"),
        ("book/tide.md", "# A\n\n[x](ftp://example.org)\n", "target not found"),
        ("book/tide.md", "# A\n\n[x](https://gοοgle.com)\n", "is no address to link to"),
        ("book/tide.md", f"---\na: {'[' * 600}\n---\n# A\n", ""),
        ("_config.yml", "[" * 600, "more than 40 levels"),
    ],
)  # fmt: skip
def test_page_is_refused_where_it_stands_without_a_traceback(tmp_path: Path, file: str, text: str, said: str) -> None:
    root = copy_book(tmp_path)
    (root / file).write_text(text, "utf-8")
    messages = [str(one) for one in checking.check(root, with_pages=True).problems]
    assert any(one.startswith(file) and said in one for one in messages), messages
    assert all(one.isprintable() and "Traceback" not in one for one in messages)


def table(text: str | bytes) -> csvfile.Scan:
    return csvfile.parse(text.encode() if isinstance(text, str) else text, "x.csv")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no header row"), (b"\n\n\n", "no header row"), (b"a,a\n1,2\n", "stands 2 times"), (b"a,\n1,2\n", "has no name"),
        (b"a;b\n1;2\n", "parted by semicolons"), (b"a\tb\n1\t2\n", "parted by tabs"), (b"a|b\n", "parted by vertical bars"),
        (b"sep=;\na;b\n", "parted by semicolons"), (b"a,b\r\n1,2\r\n", "CRLF"), (b"a,b\r1,2\r", "(CR)"), (b"\xef\xbb\xbfa,b\n1,2\n", "BOM"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"), ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"), ("a,b\n등,2\n".encode("cp949"), "CP949"),
        (b"a,b\n\xe9,2\n", "Latin-1"), (b"a,b\n1\x00,2\n", "NUL byte"), (b"a,b\n1,2,3\n", "3 cells"), (b"a,b\n1\n", "1 cells"),
        (b'a,b\n"1,2\n', "not closed"), (b'a,b\n1,x"y"\n', "stands inside a cell"), (b'a,b\n"1\n2",3\n', "holds a line break"),
        (b"a,b\n" + b"1" * 200_000 + b",2\n", "the line has 200,002 characters"), (b"\xed\xa0\x80,b\n", "is not UTF-8"), (b"a,b\n\xc0\x80,2\n", "is not UTF-8"),
        (b"a,b\n" * 300_002, "rows are more than 300,000"), (b"PK\x03\x04" + b"\0" * 40, "UTF-16"), (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is not UTF-8"),
        (b"<html><body>,</body></html>\n", ""), (b"\x1f\x8b\x08\x08", "is not UTF-8"), (b"a,b\n1,2", ""), (b"a,b\n\n1,2\n", "blank"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_table_are_told(data: bytes, said: str) -> None:
    found = table(data)
    assert any(said in str(one) for one in found.problems) if said else not found.problems, found.problems
    assert all(str(one).isprintable() for one in found.problems)


def test_as_many_cells_as_can_be_checked_may_stand_in_a_table() -> None:
    header = ",".join(f"c{n}" for n in range(100))
    for rows, said in ((35_000, []), (35_001, ["x.csv: 3,500,100 cells are more than 3,500,000 - divide the table"])):
        assert [str(one) for one in table(header + f"\n{',' * 99}" * rows + "\n").problems] == said


def test_file_of_another_program_under_the_name_of_a_table_is_told(book: Book) -> None:
    with zipfile.ZipFile(book.path("places"), "w") as archive:
        archive.writestr("xl/worksheet.xml", "<x/>")
    assert any(one.startswith("data/places.csv") for one in book.messages())


def test_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as file:
        file.truncate(files.LARGEST + 1)  # a hole, which takes no room
    with pytest.raises(files.Unusable, match="bytes are more than"):
        files.read(path)


def test_problems_of_one_kind_are_summed_up_and_others_are_not_lost(book: Book) -> None:
    from evidencebook.tables import problems

    row = book.rows("claims")[3]
    book.write("claims", [row | {"claim_id": f"c-{n:05}", "low": f"x{n}"} for n in range(3000)])
    found = book.check().problems
    lines = list(problems.lines(found))
    assert len(found) > 3000 and len(lines) < 110
    assert any("2,900 more of this kind" in line and "data/claims.csv: low" in line for line in lines)
    assert any("data/contradictions.csv" in line for line in lines)


@pytest.mark.parametrize("levels", [41, 300, 5000])
def test_chain_of_derived_values_ends_in_one_problem(book: Book, levels: int) -> None:
    row = book.rows("derived")[0]
    formulas = ["{visitors-monthly}", *(f"{{d-{n:05}}} + {{d-{n:05}}}" for n in range(levels))]
    book.write("derived", [row | {"derived_id": f"d-{n:05}", "formula": one} for n, one in enumerate(formulas)])
    assert "rests on more than 40 derived values" in book.problem()


def test_values_that_each_rest_on_two_others_are_worked_out_once_each(book: Book) -> None:
    row = book.rows("derived")[0]
    formulas = ["{visitors-monthly}", "{visitors-monthly}", *(f"{{d-{n:05}}} + {{d-{n + 1:05}}}" for n in range(38))]
    book.write("derived", [row | {"derived_id": f"d-{n:05}", "formula": one} for n, one in enumerate(formulas)])
    assert book.messages() == []  # in the blink of an eye, and not after 2 to the power of 38 steps
    from evidencebook.evidence.facts import Evidence

    assert Evidence.load(book.root).used_sources("d-00039") == ("harbour-2019",)
