"""How well intake finds claims: its candidates beside the rows that people made of articles whose texts are at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from evidencebook.check import anchors
from evidencebook.intake import proposing
from evidencebook.intake.adding import known, open_report
from evidencebook.intake.amounts import plain
from evidencebook.intake.candidates import Candidate, candidates, likely
from evidencebook.intake.suggesting import Habits
from evidencebook.tables.reading import Row


@dataclass(frozen=True)
class Score:
    """Of one article: its claims with a number, those found with the same bounds and qualifier, and how many
    candidates with a number were called likely, of which `right` are such claims."""

    source_id: str
    claims: int
    found: int
    likely: int
    right: int
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """Of one article: how many of its claims were found, and of how many a cell was proposed as its row has it.

    What is proposed comes from the article and from the rows of the other articles alone.
    """

    found: int
    right: Counter[str]


COLUMNS = ("kind", "unit", "per", "modality", "speaker_type", "theme", "topic", "place_id", "when")
OFFERED = "topic offered"


def scores(root: Path, texts: Path) -> Iterator[tuple[Score, Cells]]:
    """Yield the scores of each article whose text is at hand."""
    report, there = open_report(root), anchors.texts(texts)
    claims, every = report.agreed.resources["claims"], report.tables["claims"].rows
    for source in report.sources:
        one = there.get(source["file_sha256"])
        if one is None or one.text is None:
            continue
        source_id, outlet = str(source["source_id"]), str(source["outlet_original"])
        rows = [row for row in every if row["source_id"] == source_id]
        rows = [row for row in rows if row["low"] is not None or row["high"] is not None]
        habits = Habits.of([row for row in every if row["source_id"] != source_id], claims)
        made = candidates(one.text, known(report, str(source["published"]), outlet))
        numeric = [each for each in likely(made) if each.is_numeric]
        missed = tuple(str(row["claim_id"]) for row in rows if not any(_is(each, row) for each in numeric))
        right = sum(any(_is(each, row) for row in rows) for each in numeric)
        proposed = proposing.rows(one.text, source_id, made, claims, habits, {}, outlet)
        hits = [next((each for each in proposed if _is(each[0], row)), None) for row in rows]
        cells = Counter(
            name
            for row, hit in zip(rows, hits, strict=True) if hit
            for name in _right(row, hit[1], hit[2])
        )  # fmt: skip
        score = Score(source_id, len(rows), len(rows) - len(missed), len(numeric), right, missed)
        yield score, Cells(sum(hit is not None for hit in hits), cells)


def _right(row: Row, cells: Mapping[str, str], topics: Sequence[str]) -> Iterator[str]:
    yield from (name for name in COLUMNS if (cells.get(name) or None) == row.values.get(name))
    if row.values.get("topic") in topics:
        yield OFFERED


def table(scored: Sequence[tuple[Score, Cells]]) -> Iterator[str]:
    """Yield the scores as lines, the whole last."""
    found = [score for score, _ in scored]
    total = Score("all", *(sum(getattr(one, name) for one in found) for name in ("claims", "found", "likely", "right")))
    yield "article                claims  found  likely  right"
    for one in (*found, total):
        yield f"{one.source_id:<22} {one.claims:>6} {one.found:>6} {one.likely:>7} {one.right:>6}"
    yield f"recall {total.found / max(1, total.claims):.2f}, precision {total.right / max(1, total.likely):.2f}"
    missed = [claim_id for one in found for claim_id in one.missed]
    yield f"not found: {', '.join(missed) or 'none'}"
    number, right = sum(cells.found for _, cells in scored), Counter[str]()
    for _, cells in scored:
        right += cells.right
    told = ", ".join(f"{name} {right[name] / max(1, number):.2f}" for name in (*COLUMNS, OFFERED))
    yield f"cells proposed right by the rows of the other articles: {told}"


def _is(one: Candidate, row: Row) -> bool:
    """Whether a candidate is what the row says: in its passage, with its bounds and its qualifier."""
    if one.amount is None or not (one.amount.start < row["end"] and row["start"] < one.amount.end):
        return False
    bounds = tuple("" if row[name] is None else plain(Fraction(row[name])) for name in ("low", "high"))
    return (*bounds, row["qualifier"]) == (one.cells["low"], one.cells["high"], one.cells["qualifier"])
