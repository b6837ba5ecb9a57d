"""The sheets in which a person reviews an article: one for its card, one with a row for each candidate claim."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidencebook.intake.candidates import LIKELY, POSSIBLE, Candidate
from evidencebook.intake.card import Proposal
from evidencebook.intake.journal import FOLDER
from evidencebook.intake.receiving import decoded
from evidencebook.tables.contract import Resource
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import FORMULA_STARTS
from evidencebook.writing import write_whole

DECISION = "decision"
ACCEPT, EDIT, DROP = "accept", "edit", "drop"
SHOWN = (DECISION, "likely", "found", "passage", "topics")  # what stands before the columns of the table
COMPUTED = ("para", "start", "end", "sha256")  # from the fragment, on acceptance


def accepted(label: str) -> str:
    """Return where a sheet lies once it is merged, so that nothing waits for review any more."""
    path = Path(label)
    return (path.parent / "accepted" / path.name).as_posix()


@dataclass(frozen=True)
class Line:
    """A row of a sheet with the line of the file on which it begins."""

    line: int
    cells: Mapping[str, str]


def claims_label(source_id: str) -> str:
    """Return the path of the sheet of candidates, from the root."""
    return (FOLDER / f"{source_id}.csv").as_posix()


def card_label(source_id: str) -> str:
    """Return the path of the sheet of the card, from the root."""
    return (FOLDER / f"{source_id}.card.csv").as_posix()


def lists_label(source_id: str) -> str:
    """Return the path of the closed lists that the columns of claims know, from the root."""
    return (FOLDER / f"{source_id}.lists.csv").as_posix()


def claims_sheet(
    text: str, claims: Resource, rows: Sequence[tuple[Candidate, Mapping[str, str], Sequence[str]]]
) -> bytes:
    """Return the sheet of candidates, the likely ones first and else in the order of the article.

    A spreadsheet opens it by its byte order mark, and an editor does too.
    """
    own = [one.name for one in claims.fields if one.name not in ("source_id", *COMPUTED)]
    order = sorted(own, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    lines = [[*SHOWN, *order]]
    for one, cells, topics in sorted(rows, key=lambda row: (_GRADES.index(_grade(row[0])), row[0].start)):
        passage = " ".join(text[one.start : one.end].split())
        shown = ["", f"{_grade(one)}: {', '.join(one.why)}", one.words, passage, " or ".join(topics)]
        lines.append([*map(_inert, shown), *(cells.get(name, "") for name in order)])
    return _written(lines)


_GRADES = ("likely", "possible", "unlikely")


def _grade(one: Candidate) -> str:
    return _GRADES[(one.likelihood < LIKELY) + (one.likelihood < POSSIBLE)]


# As a person reviews: what is said, its value, who says it and how well; ids and anchors last.
_ORDER = ("statement", "low", "high", "qualifier", "unit", "per", "scope", "theme", "topic", "kind", "modality",
          "speaker", "speaker_type", "place_id", "when", "when_basis", "reliability", "credibility", "rating_reason",
          "note", "claim_id", "event_id", "repeats", "fragment")  # fmt: skip


def card_sheet(sources: Resource, source_id: str, card: Mapping[str, Proposal]) -> bytes:
    """Return the sheet of the card: each field with its value, why it is proposed, and what it means."""
    lines = [["field", "value", "why", "meaning"], ["source_id", source_id, "outlet and year", ""]]
    for one in sources.fields:
        if one.name == "source_id":
            continue
        made = card.get(one.name, Proposal("", ""))
        why = made.why or ("only you can know it" if one.required and not made.value else "")
        allowed = f" One of: {', '.join(map(str, one.enum))}." if one.enum else ""
        lines.append([one.name, made.value, _inert(why), f"{one.description}{allowed}"])
    return _written(lines)


def lists_sheet(claims: Resource, named: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the closed lists of the columns with what each value means; `named` has the rows that columns name."""
    lists = {one.name: one.meanings for one in claims.fields if one.enum} | {**named}
    order = sorted(lists, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    told = [[name, value, _inert(label)] for name in order for value, label in lists[name].items()]
    return _written([["column", "value", "meaning"], *told])


def read(root: Path, label: str, *needed: str) -> list[Line]:
    """Return the rows of a sheet as a spreadsheet or an editor left it; raises BadData where it cannot be used."""
    path = root / label
    if not path.is_file():
        remedy = "run `evidencebook add` with its article first, or correct the source's id"
        raise BadData([Problem(label, None, None, "there is no such sheet", remedy)])
    text = decoded(label, path.read_bytes())[0].removeprefix("\ufeff")
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [one.strip() for one in next(reader, [])]
    if absent := [name for name in needed if name not in header]:
        remedy = "put its first line back as it was; `evidencebook add` writes the sheet anew"
        raise BadData([Problem(label, 1, absent[0], "the sheet has no such column", remedy)])
    found, line = [], reader.line_num + 1
    for cells in reader:
        if any(map(str.strip, cells)):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            found.append(Line(line, {name: cell.strip() for name, cell in zip(header, padded, strict=False)}))
        line = reader.line_num + 1
    return found


def write(root: Path, label: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Write a sheet anew, whole, with these rows."""
    write_whole(root / label, _written([[*rows[0]], *([*row.values()] for row in rows)]))


def _inert(cell: str) -> str:
    """Return words of an article so that no spreadsheet takes them for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _written(lines: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()
