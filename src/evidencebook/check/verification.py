"""The sources and claims of a report against the texts at hand: hashes, lengths, anchors, and values in passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidencebook.check import anchors, notes, passages
from evidencebook.check.readings import Book
from evidencebook.tables.csvfile import FIX
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row, Table

Cell = tuple[str, int | None, str | None]  # file, line, column
ROW = (*passages.COLUMNS, "unit", "when")  # of a claim, on which it depends what its passage must say


@dataclass(frozen=True)
class Verification:
    """What the texts confirm: how many anchors fit, how many have no text, how many bounds stand in their passage."""

    problems: tuple[Problem, ...]
    anchors_verified: int
    anchors_unverified: int
    values_verified: int


def source_problems(book: Book, found: Mapping[str, anchors.SourceText]) -> Iterator[Problem]:
    """The problems of the sources' hashes and lengths beside the texts found, and the texts that no source names."""
    table = book.table("sources", "source_id", "file_sha256", "chars")
    if table is None:
        return
    named = {row["file_sha256"] for row in table.rows}
    spare = [one for digest, one in found.items() if digest not in named]
    told = set()
    fragments = _fragments(book) if found else {}
    for row in table.rows:
        if not book.sound(table, row, "source_id", "file_sha256"):
            continue
        one = found.get(row["file_sha256"])
        own = fragments.get(row["source_id"], [])
        is_unread = one is not None and (one.text is None or not anchors.holds_any(one, own))
        likely = anchors.likely_text(spare, own) if one is None or is_unread else None
        if likely is not None:
            told.add(likely.sha256)
        if one is not None and one.text is None:
            what = f"{one.path.name} is not UTF-8, so no passage of it can be verified"
            yield Problem(table.label, row.line, "file_sha256", what, "save the text as UTF-8, with its new hash")
        elif likely is not None:
            what = f"{_absence(one)}, but {likely.path.name} holds passages of the source"
            remedy = f"write {likely.sha256}, or put back the text as received"
            yield Problem(table.label, row.line, "file_sha256", what, remedy)
        elif one is not None and row["chars"] != len(one.text or "") and book.sound(table, row, "chars"):
            what = f"{row['chars']} is not the length of {one.path.name}"
            yield Problem(table.label, row.line, "chars", what, f"write {len(one.text or '')}")
    if _may_tell_spare(book, table, spare, found):
        waiting = notes.pending(book.contract.root)
        for one in spare:
            if one.sha256 not in told and one.path.stem not in waiting:
                remedy = f"add a row to {table.label} with file_sha256 {one.sha256}, or take the file away"
                yield Problem(_label(book, one), None, None, "no source names this text", remedy)


def _may_tell_spare(
    book: Book, sources: Table, spare: Sequence[anchors.SourceText], found: Mapping[str, anchors.SourceText]
) -> bool:
    """Whether a text that no source names is one too many, and not that of a row at fault or of another report."""
    rows_are_sound = all(book.sound(sources, row, "source_id", "file_sha256") for row in sources.rows)
    if book.readings[sources.name].ragged or not rows_are_sound:
        return False
    own = anchors.own_texts_dir(book.contract.root)
    return len(spare) < len(found) or all(one.path.parent == own for one in spare)


def _label(book: Book, one: anchors.SourceText) -> str:
    root = book.contract.root
    return one.path.relative_to(root).as_posix() if one.path.is_relative_to(root) else one.path.as_posix()


def verify(book: Book, found: Mapping[str, anchors.SourceText], reported: Collection[Cell]) -> Verification:
    """What the texts say of the claims; a value in one of the reported cells is not judged a second time."""
    claims = book.table("claims", "source_id", "fragment", *anchors.COLUMNS)
    sources = book.table("sources", "source_id", "file_sha256")
    if claims is None or sources is None:
        return Verification((), 0, 0, 0)
    lengths = {row["source_id"]: row.values.get("chars") for row in sources.rows}
    stated = [name for name in passages.COLUMNS if book.table("claims", name)]
    texts = _texts_by_source(sources, found, reported)
    articles = {source_id: passages.Article(text) for source_id, text in texts.items()}
    verified = unverified = values = 0
    problems: list[Problem] = []
    for row in claims.rows:
        text = texts.get(row["source_id"])
        recorded = (row["para"], row["start"], row["end"], row["sha256"])
        if text is None and None in recorded:
            problems += _unanchored(book, claims, row, recorded)
        elif text is None and (odd := _implausible(claims, row, recorded, lengths.get(row["source_id"]))):
            problems += [odd] if book.sound(claims, row, *anchors.COLUMNS) else []
        elif text is None:
            unverified += 1
        if text is None or not book.sound(claims, row, "source_id", "fragment"):
            continue
        mismatch = anchors.verify(text, row["fragment"], recorded)
        if mismatch is None:
            verified += 1
            judged = _judged(stated, {column for column in ROW if (claims.label, row.line, column) in reported})
            wrong = list(passages.problems(claims.label, row, articles[row["source_id"]], judged))
            problems += wrong
            values += sum(row[name] is not None for name in judged if name in passages.BOUNDS)
            values -= sum(problem.column in passages.BOUNDS for problem in wrong)
        elif book.sound(claims, row, *anchors.COLUMNS):
            problems.append(Problem(claims.label, row.line, mismatch.column, mismatch.what, mismatch.remedy))
    return Verification(tuple(problems), verified, unverified, values)


def _unanchored(book: Book, claims: Table, row: Row, recorded: Sequence[object]) -> Iterator[Problem]:
    """The problem of a claim that says where its passage stands to nobody: without the text, nobody can tell."""
    if book.sound(claims, row, *anchors.COLUMNS):
        column = anchors.COLUMNS[recorded.index(None)]
        remedy = f"put the article's text where texts are looked for, and {FIX}"
        yield Problem(claims.label, row.line, column, "the passage has no complete anchor", remedy)


def _implausible(claims: Table, row: Row, recorded: Sequence[Any], length: int | None) -> Problem | None:
    """The problem of an anchor that stands in no text of that length, whatever the text says."""
    para, start, end, _ = recorded
    faults = {
        "end": (end <= start, f"{end} is not after start {start}"),
        "start": (length is not None and end > length, f"{start} to {end} goes beyond a text of {length} characters"),
        "para": (length is not None and para * 2 - 1 > length, f"{para} paragraphs are more than the text can have"),
    }
    found = next(((column, what) for column, (is_wrong, what) in faults.items() if is_wrong), None)
    remedy = f"put the article's text where texts are looked for, and {FIX}"
    return Problem(claims.label, row.line, found[0], found[1], remedy) if found else None


def _judged(stated: Sequence[str], told: Collection[str]) -> list[str]:
    """The columns that may be judged beside those of the row that hold a problem already."""
    left_out = {*told}
    if left_out & {*passages.BOUNDS, "unit"}:  # such a problem concerns both bounds
        left_out |= {*passages.BOUNDS}
    if "when" in left_out:  # a statement may name its year
        left_out.add(passages.STATEMENT)
    return [name for name in stated if name not in left_out]


def _texts_by_source(
    sources: Table, found: Mapping[str, anchors.SourceText], reported: Collection[Cell]
) -> dict[str, str]:
    texts: dict[str, str] = {}
    rows_of = Counter(row["source_id"] for row in sources.rows)
    for row in sources.rows:
        one = found.get(row["file_sha256"])
        # A row whose id or hash is at fault may be another source's: its claims would all be blamed for that.
        is_sure = not any((sources.label, row.line, column) in reported for column in ("source_id", "file_sha256"))
        if is_sure and rows_of[row["source_id"]] == 1 and one is not None and one.text is not None:
            texts[row["source_id"]] = one.text
    return texts


def _absence(one: anchors.SourceText | None) -> str:
    return "no text has this hash" if one is None else f"{one.path.name} has this hash and no passage of the source"


def _fragments(book: Book) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    claims = book.table("claims", "source_id", "fragment")
    for row in claims.rows if claims else ():
        if row["fragment"] is not None:
            found.setdefault(row["source_id"], []).append(row["fragment"])
    return found
