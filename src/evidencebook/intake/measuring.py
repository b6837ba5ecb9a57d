"""How well intake finds claims: its candidates beside the rows that people made of articles whose texts are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from evidencebook.check import anchors
from evidencebook.intake.adding import known, open_report
from evidencebook.intake.amounts import plain
from evidencebook.intake.candidates import Candidate, candidates, likely
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


def scores(root: Path, texts: Path) -> Iterator[Score]:
    """Yield the score of each article whose text is at hand."""
    report, there = open_report(root), anchors.texts(texts)
    for source in report.sources:
        one = there.get(source["file_sha256"])
        if one is None or one.text is None:
            continue
        rows = [row for row in report.tables["claims"].rows if row["source_id"] == source["source_id"]]
        rows = [row for row in rows if row["low"] is not None or row["high"] is not None]
        made = candidates(one.text, known(report, str(source["published"]), str(source["outlet_original"])))
        numeric = [each for each in likely(made) if each.is_numeric]
        missed = tuple(str(row["claim_id"]) for row in rows if not any(_is(each, row) for each in numeric))
        right = sum(any(_is(each, row) for row in rows) for each in numeric)
        yield Score(str(source["source_id"]), len(rows), len(rows) - len(missed), len(numeric), right, missed)


def table(found: list[Score]) -> Iterator[str]:
    """Yield the scores as lines, the whole last."""
    total = Score("all", *(sum(getattr(one, name) for one in found) for name in ("claims", "found", "likely", "right")))
    yield "article                claims  found  likely  right"
    for one in (*found, total):
        yield f"{one.source_id:<22} {one.claims:>6} {one.found:>6} {one.likely:>7} {one.right:>6}"
    yield f"recall {total.found / max(1, total.claims):.2f}, precision {total.right / max(1, total.likely):.2f}"
    missed = [claim_id for one in found for claim_id in one.missed]
    yield f"not found: {', '.join(missed) or 'none'}"


def _is(one: Candidate, row: Row) -> bool:
    """Whether a candidate is what the row says: in its passage, with its bounds and its qualifier."""
    if one.amount is None or not (one.amount.start < row["end"] and row["start"] < one.amount.end):
        return False
    bounds = tuple("" if row[name] is None else plain(Fraction(row[name])) for name in ("low", "high"))
    return (*bounds, row["qualifier"]) == (one.cells["low"], one.cells["high"], one.cells["qualifier"])
