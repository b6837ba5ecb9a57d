"""What is wrong with the files of tables and can be mended without a choice; all else stays as it is, byte for byte."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencebook.check import anchors, keys
from evidencebook.tables import csvfile, rawrows
from evidencebook.tables.contract import Contract, Resource, load
from evidencebook.tables.csvfile import Piece
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import FORMULA_STARTS
from evidencebook.writing import write_whole

UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
BOM = "\ufeff"


@dataclass(frozen=True)
class Mended:
    """What was done to one file."""

    label: str
    done: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.label}: {', '.join(self.done)}"


def mend(root: Path, texts_folder: Path) -> list[Mended]:
    """What was done to the tables of the report in `root`, each of which is replaced in one step or not at all.

    Anchors are written anew from their fragments for sources whose text is in the folder. What needs a choice stays.
    Raises BadData for a contract that cannot be used and a file that cannot be written.
    """
    contract = load(root)
    found = {resource.path: _mended(resource) for resource in contract.resources.values() if resource.path.is_file()}
    claims = contract.resources.get("claims")
    if claims is not None and claims.path in found:
        text, done = found[claims.path]
        if text is not None:
            text, more = _anchored(claims, text, _texts_by_source(contract, found, texts_folder))
            found[claims.path] = text, [*done, *more]
    mended = []
    for resource in contract.resources.values():
        text, done = found.pop(resource.path, (None, []))
        if text is not None and done:
            _replace(resource, text.encode("utf-8"))
            mended.append(Mended(resource.label, tuple(done)))
    return mended


def _mended(resource: Resource) -> tuple[str | None, list[str]]:
    """The text of a file, mended, and what was done; None where its bytes or its header cannot be read."""
    done: list[str] = []
    text = _decoded(resource.path.read_bytes(), done)
    if text is None or not text.strip():
        return None, []
    text = _with_plain_line_ends(text, done)
    is_ended = text.endswith("\n")
    lines = text.removesuffix("\n").split("\n")
    lines = _with_commas(lines, resource, done)
    if csvfile.other_delimiter(lines) is not None:
        return None, []  # nothing is known of its cells
    lines = _without_blanks(lines, done)
    lines = _without_spaces(lines, resource, done)
    lines = _in_order(lines, resource, done)
    if not is_ended:
        done.append("final line end added")
    return "\n".join(lines) + "\n", done


def _decoded(data: bytes, done: list[str]) -> str | None:
    encoding = UTF16.get(data[:2])
    try:
        text = data[2:].decode(encoding) if encoding else data.decode("utf-8")
        text.encode("utf-8")
    except UnicodeError:
        return None
    if encoding:
        done.append("UTF-16 made UTF-8")
    elif text.startswith(BOM):
        text = text.removeprefix(BOM)
        done.append("byte order mark taken out")
    return None if "\0" in text else text


def _with_plain_line_ends(text: str, done: list[str]) -> str:
    if text.endswith("\r"):
        text += "\n"  # which ends the last line as all others
    count = text.count("\r\n")
    lines = text.replace("\r\n", "\n").split("\n")
    first = _cells(lines[0].split("\r")[0])
    for at, line in enumerate(lines):
        parts = line.split("\r")
        # Within a cell nobody knows what the sign was to be.
        if len(parts) > 1 and all(not one.strip() or _fits(_cells(one), first) for one in parts):
            lines[at] = "\n".join(parts)
            count += len(parts) - 1
    if count:
        done.append(_counted(count, "line end") + " mended")
    return "\n".join(lines)


def _with_commas(lines: list[str], resource: Resource, done: list[str]) -> list[str]:
    sign = csvfile.other_delimiter(lines)
    if sign is None:
        return lines
    rows = lines[1:] if lines[0].lower().startswith("sep=") else lines
    try:
        parsed = [next(csv.reader([line], delimiter=sign, strict=True)) if line.strip() else [] for line in rows]
    except csv.Error:
        return lines
    header = next((cells for cells in parsed if cells), [])
    fits = header == [field.name for field in resource.fields]
    if not fits or any(cells and len(cells) != len(header) for cells in parsed):
        return lines
    done.append(f"cells parted by commas instead of {csvfile.DELIMITERS[sign]}")
    return [_line(cells) for cells in parsed]


def _without_blanks(lines: list[str], done: list[str]) -> list[str]:
    pieces = list(csvfile.pieces(lines))
    if any(piece.cells is None and piece.count == 1 and lines[piece.at].strip() for piece in pieces):
        return lines  # the line may belong to a cell that is not closed
    blank = {piece.at for piece in pieces if not lines[piece.at].strip()}
    if blank:
        done.append(_counted(len(blank), "blank line") + " taken out")
    return [line for at, line in enumerate(lines) if at not in blank]


def _without_spaces(lines: list[str], resource: Resource, done: list[str]) -> list[str]:
    pieces = _rows(lines)
    if not pieces:
        return lines
    header = pieces[0].cells or []
    declared = {field.name for field in resource.fields}
    mended = list(lines)
    count = 0
    for piece in pieces:
        cells = piece.cells or []
        wanted = {}
        for position, cell in enumerate(cells):
            plain = cell.strip()
            is_name = piece is not pieces[0] or (plain in declared and plain not in header)
            # Without the space before it, a spreadsheet would run the text.
            if (
                plain != cell
                and is_name
                and not cell.startswith(FORMULA_STARTS)
                and not plain.startswith(FORMULA_STARTS)
            ):
                wanted[position] = rawrows.stripped(rawrows.cells(lines[piece.at])[position])
        if wanted:
            mended[piece.at] = rawrows.with_cells(lines[piece.at], wanted)
            count += len(wanted)
    if count:
        done.append(_counted(count, "cell") + " freed of spaces around")
    return mended


def _in_order(lines: list[str], resource: Resource, done: list[str]) -> list[str]:
    pieces = _rows(lines)
    fields = [resource.field(name) for name in resource.primary_key]
    if not fields or not pieces or len(pieces) < len(lines):
        return lines  # a row that cannot be read may belong anywhere
    header = pieces[0].cells or []
    if not {*resource.primary_key} <= {*header}:
        return lines
    readers = [(header.index(field.name), field.cell_reader()) for field in fields if field is not None]
    found = []
    for piece in pieces[1:]:
        cells = [reader((piece.cells or [])[position]) for position, reader in readers]
        if any(value is None or broken for value, broken in cells):
            return lines
        found.append(tuple(value for value, _ in cells))
    moved = len(keys.misplaced(found))
    if not moved:
        return lines
    done.append(_counted(moved, "row") + " put in order")
    order = sorted(range(len(found)), key=lambda at: found[at])
    return [lines[pieces[0].at], *(lines[pieces[at + 1].at] for at in order)]


def _anchored(claims: Resource, text: str, by_source: Mapping[str, str]) -> tuple[str, list[str]]:
    needed = ("source_id", "fragment", *anchors.COLUMNS)
    lines = text.removesuffix("\n").split("\n")
    pieces = _rows(lines)
    header = (pieces[0].cells or []) if pieces else []
    if not {*needed} <= {*header}:
        return text, []
    count = 0
    for piece in pieces[1:]:
        cells = dict(zip(header, piece.cells or [], strict=True))
        article = by_source.get(cells["source_id"])
        wanted = anchors.filled(cells, article) if article is not None else {}
        if wanted:
            raw = {header.index(name): value for name, value in wanted.items()}
            lines[piece.at] = rawrows.with_cells(lines[piece.at], raw)
            count += 1
    return "\n".join(lines) + "\n", [_counted(count, "row") + " anchored anew"] if count else []


def _texts_by_source(
    contract: Contract, found: Mapping[Path, tuple[str | None, list[str]]], folder: Path
) -> dict[str, str]:
    sources = contract.resources.get("sources")
    text = found.get(sources.path, (None, []))[0] if sources else None
    pieces = _rows(text.removesuffix("\n").split("\n")) if text else []
    rows = [dict(zip((pieces[0].cells or []), (piece.cells or []), strict=True)) for piece in pieces]
    texts = anchors.texts(folder)
    named = [(row.get("source_id", ""), texts.get(row.get("file_sha256", ""))) for row in rows[1:]]
    times = Counter(source_id for source_id, _ in named)
    return {
        source_id: one.text
        for source_id, one in named
        if one is not None and one.text is not None and times[source_id] == 1
    }


def _rows(lines: Sequence[str]) -> list[Piece]:
    """The header and the rows that have as many cells."""
    pieces = [piece for piece in csvfile.pieces(lines) if piece.cells is not None]
    return [piece for piece in pieces if _fits(piece.cells, pieces[0].cells)]


def _cells(line: str) -> list[str] | None:
    return next(csvfile.pieces([line])).cells


def _fits(cells: Sequence[str] | None, header: Sequence[str] | None) -> bool:
    return cells is not None and header is not None and len(cells) == len(header)


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _replace(resource: Resource, data: bytes) -> None:
    try:
        write_whole(resource.path.resolve(), data)
    except OSError as error:
        what = f"the file cannot be written ({error.strerror or error})"
        raise BadData([Problem(resource.label, None, None, what, "make it and its folder writable")]) from None
