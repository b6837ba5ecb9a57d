"""Bytes of a CSV file to records with line numbers, and every way in which the bytes are not clean."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencebook.tables import files
from evidencebook.tables.problems import BadData, Problem

BOMS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
FIX = "run `evidencebook check --fix`"  # which mends what needs no choice
SAVE_AS_UTF8 = "save the file as UTF-8 without a byte order mark"
_CELL = r'(?:"(?:[^"]|"")*"|[^,"]*)'
_SOUND_QUOTES = re.compile(rf"{_CELL}(?:,{_CELL})*")  # the csv module takes a quotation mark inside a cell as it stands
LONGEST_LINE = 131_072  # characters; the csv module takes cells of no more
# What is checked in half a minute and a gigabyte, on a machine of 2026.
MOST_ROWS = 300_000
MOST_CELLS = 3_500_000
LONGEST_BROKEN_CELL = 20  # lines over which a cell with line breaks is looked for


@dataclass(frozen=True)
class Records:
    """Header and rows of a CSV file; each row comes with the physical line on which it starts."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Scan:
    """What could be read of a file, and what is wrong with it.

    `records` is None where no row can be trusted; its rows all have as many cells as the header.
    `ragged` holds the rows that do not, or whose cells cannot be told apart, with what can be guessed of their cells.
    """

    records: Records | None
    ragged: list[tuple[int, list[str]]]
    problems: list[Problem]


@dataclass(frozen=True)
class Piece:
    """A row of a file: the index of its first line, its number of lines, and its cells.

    `cells` is None for a blank line and for a row that cannot be parsed or that goes over several lines.
    """

    at: int
    count: int
    cells: list[str] | None


def read(path: Path, label: str) -> Records:
    """Header and rows of the file; raises BadData with every hygiene problem of the file at once."""
    found = scan(path, label)
    if found.problems or found.records is None:
        raise BadData(found.problems)
    return found.records


def scan(path: Path, label: str) -> Scan:
    """As much of the file as can be read, with all its problems; never raises for bad data."""
    try:
        data = files.read(path)
    except FileNotFoundError:
        remedy = "create it with one header row, or take it out of datapackage.json"
        return _unreadable(label, "the file is missing", remedy)
    except OSError as error:
        return _unreadable(label, *files.told(error))
    return parse(data, label)


def parse(data: bytes, label: str) -> Scan:
    """As much of a file's bytes as can be read, with all their problems."""
    problems: list[Problem] = []
    text = _decode(data, label, problems)
    if text is None:
        return Scan(None, [], problems)
    text = _plain_line_ends(text, label, problems)
    if not text.strip():
        return Scan(None, [], [*problems, _no_header(label)])
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > MOST_ROWS + 1:
        return _unreadable(label, f"{len(lines) - 1:,} rows are more than {MOST_ROWS:,}", "divide the table")
    if (sign := other_delimiter(lines)) is not None:
        what = f"the cells are parted by {DELIMITERS[sign]}, not by commas"
        remedy = f"{FIX}, or save the file as CSV with commas"
        return _unreadable(label, what, remedy)  # what else is wrong with it shows once it is parted by commas
    ragged: list[tuple[int, list[str]]] = []
    records = _records(lines, label, problems, ragged)
    first, header = next(records, (1, []))
    if first != 1 and lines[0].strip():
        return Scan(None, [], problems)  # the header row itself could not be parsed
    if not _header_is_sound(header, label, problems):
        return Scan(None, [], problems)
    if (count := (len(lines) - 1) * len(header)) > MOST_CELLS:
        return _unreadable(label, f"{count:,} cells are more than {MOST_CELLS:,}", "divide the table")
    rows: list[tuple[int, list[str]]] = []
    for line, cells in records:
        if len(cells) == len(header):
            rows.append((line, cells))
        else:
            ragged.append((line, cells))
            problems.append(_ragged(label, line, cells, header))
    return Scan(Records(header, rows), ragged, problems)


def other_delimiter(lines: Sequence[str]) -> str | None:
    """The sign that parts the cells where it is no comma, judged by the header row."""
    header = next((line for line in lines if line.strip()), "")
    if header.lower().startswith("sep="):  # a spreadsheet's own line before the header
        return header[4:5] if header[4:5] in DELIMITERS else None
    found = {sign: header.count(sign) for sign in DELIMITERS}
    sign = max(DELIMITERS, key=lambda one: found[one])
    return sign if found[sign] and "," not in header else None


def _unreadable(label: str, what: str, remedy: str) -> Scan:
    return Scan(None, [], [Problem(label, None, None, what, remedy)])


def _no_header(label: str) -> Problem:
    return Problem(label, None, None, "there is no header row", "write the column names in line 1")


def _decode(data: bytes, label: str, problems: list[Problem]) -> str | None:
    encoding = "utf-8"
    for bom, name in BOMS.items():
        if data.startswith(bom):
            data, encoding = data[len(bom) :], name
            if name == "utf-8":
                what = "the file starts with a byte order mark (BOM)"
                problems.append(Problem(label, 1, None, what, f"{FIX}, or {SAVE_AS_UTF8}"))
            break
    if encoding != "utf-8" or _looks_like_utf16(data):
        what = "the file is UTF-16, not UTF-8"
        remedy = f"{FIX}, or {SAVE_AS_UTF8}" if encoding != "utf-8" else SAVE_AS_UTF8  # without a mark it is a guess
        problems.append(Problem(label, None, None, what, remedy))
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        what = f"byte 0x{byte:02x} is not UTF-8; the file looks like {_guess(data)}"
        problems.append(Problem(label, line, None, what, SAVE_AS_UTF8))
        return None
    for number, line_text in enumerate(text.split("\n"), 1):
        if "\0" in line_text:
            problems.append(Problem(label, number, None, "there is a NUL byte in this line", "delete it"))
    return text.replace("\0", "")


def _looks_like_utf16(data: bytes) -> bool:
    # ASCII text in UTF-16 without a mark is valid UTF-8 in which every other byte is NUL.
    return len(data) >= 4 and data.count(0) >= len(data) // 4


def _guess(data: bytes) -> str:
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        return "Latin-1 or Windows-1252"
    if any("가" <= character <= "힣" for character in text):
        return "CP949 (Korean Windows)"
    return "Latin-1 or Windows-1252"


def _plain_line_ends(text: str, label: str, problems: list[Problem]) -> str:
    windows = text.count("\r\n")
    lone = text.count("\r") - windows
    for count, name in ((windows, "Windows line ends (CRLF)"), (lone, "old Mac line ends (CR)")):
        if count:
            what = f"{count} {'line has' if count == 1 else 'lines have'} {name}"
            problems.append(Problem(label, None, None, what, f"{FIX}, or save the file with LF line ends"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def pieces(lines: Sequence[str]) -> Iterator[Piece]:
    """The lines of a file cut into rows; each line is parsed by itself, so that a stray quote spoils one row only."""
    index = 0
    width: int | None = None
    while index < len(lines):
        cells = _parse(lines[index : index + 1])
        count = 1
        if not lines[index].strip():
            cells = None
        elif cells is not None:
            width = len(cells) if width is None else width
        else:
            count = _lines_of_broken_cell(lines, index, width)
        yield Piece(index, count, cells)
        index += count


def _records(
    lines: Sequence[str], label: str, problems: list[Problem], broken: list[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    for piece in pieces(lines):
        number, last = piece.at + 1, piece.at + piece.count
        if piece.cells is not None:
            yield number, piece.cells
        elif not lines[piece.at].strip():
            problems.append(Problem(label, number, None, "the line is blank", f"{FIX}, or delete it"))
        else:
            what = "a quotation mark is not closed or stands inside a cell"
            remedy = 'put the cell in quotes and double the quotes within: "a ""b"" c"'
            if len(lines[piece.at]) > LONGEST_LINE:
                what, remedy = f"the line has {len(lines[piece.at]):,} characters", "shorten its cells"
            elif piece.count > 1:
                what = f"a cell holds a line break (lines {number} to {last})"
                remedy = "write the row on one line"
            problems.append(Problem(label, number, None, what, remedy))
            broken.append((number, _parse(lines[piece.at : last]) or lines[piece.at].split(",")))


def _parse(lines: Sequence[str]) -> list[str] | None:
    if any(len(line) > LONGEST_LINE for line in lines):
        return None
    if any('"' in line for line in lines) and not _SOUND_QUOTES.fullmatch("\n".join(lines)):
        return None
    try:
        rows = list(csv.reader([f"{line}\n" for line in lines[:-1]] + list(lines[-1:]), strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lines_of_broken_cell(lines: Sequence[str], start: int, width: int | None) -> int:
    for count in range(2, LONGEST_BROKEN_CELL + 1):
        if start + count > len(lines):
            break
        cells = _parse(lines[start : start + count])
        if cells is not None and width in (None, len(cells)):
            return count
    return 1


def _header_is_sound(header: list[str], label: str, problems: list[Problem]) -> bool:
    sound = bool(header)
    if not header:
        problems.append(_no_header(label))
    for position, name in enumerate(header, 1):
        if not name.strip():
            sound = False
            remedy = "name it, or delete it with all its cells"
            problems.append(Problem(label, 1, None, f"column {position} has no name", remedy))
    for name, count in Counter(header).items():
        if count > 1 and name.strip():
            sound = False
            what = f"the column stands {count} times in the header"
            problems.append(Problem(label, 1, name, what, "keep one of them"))
    return sound


def _ragged(label: str, line: int, cells: list[str], header: list[str]) -> Problem:
    what = f"{len(cells)} cells where the header has {len(header)}"
    if len(cells) > len(header):
        remedy = "put a cell that holds a comma in quotes, or delete the surplus comma"
    else:
        remedy = f"add the missing cells (the row ends in column {header[len(cells) - 1]})"
    return Problem(label, line, None, what, remedy)
