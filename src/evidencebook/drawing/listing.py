"""What a chart says to those who do not see it: its rows as a table and, from the same cells, as a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import pandas as pd

from evidencebook.charts import Drawing, Size
from evidencebook.drawing.canvas import titled
from evidencebook.evidence import Evidence, Fact, doubt, short_citation, words
from evidencebook.evidence.doubts import DISPUTED, UNCONFIRMED
from evidencebook.evidence.facts import EXTERNAL
from evidencebook.tables import Row as Claim
from evidencebook.values import dates

Row = TypeVar("Row")


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """The rows of a chart, its columns by their headings, and how a row is told, with headings in braces.

    Where rows are told as {A}: {B}, a listener hears "a1: b1; a2: b2."; where as nothing, nothing of them.
    """

    rows: Sequence[Row]
    columns: Mapping[str, Callable[[Row], object]]
    told: str

    def table(self) -> pd.DataFrame:
        """Return the cells as they are printed; a dash stands for nothing."""
        return pd.DataFrame([{head: str(cell(row)) or "–" for head, cell in self.columns.items()} for row in self.rows])

    def spoken(self) -> str:
        """Return all rows in a sentence."""
        cells = [{head: str(cell(row)) for head, cell in self.columns.items()} for row in self.rows]
        return f"{'; '.join(self.told.format_map(row) for row in cells)}." if cells and self.told else ""


def drawing(
    chart: Any, size: Size, title: str, subtitle: str, listing: Listing[Any], opening: str, *closing: str, **extra: Any
) -> Drawing:
    """Return a titled chart with its table and its text: an opening, the rows, and what else a listener needs."""
    told = alt_text(opening, listing.spoken(), *closing)
    return Drawing(titled(chart, size, title, subtitle), told, listing.table(), **extra)


def alt_text(*sentences: str) -> str:
    """Return the sentences as one text, without the non-breaking spaces that printing needs."""
    return " ".join(sentence.strip() for sentence in sentences if sentence).replace("\u00a0", " ")


def value(fact: Fact) -> str:
    """Return the fact in words with what is doubtful about it: "up to 90%", "over 3,000 yuan, unconfirmed"."""
    if fact.quantity_interval is None:
        return "not put in figures"
    return ", ".join(filter(None, (words(fact), doubt(fact))))


def listed(parts: Iterable[str], conjunction: str = "and") -> str:
    """Return the parts as in a sentence: "a, b and c"."""
    *head, last = list(parts)
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def is_firm(fact: Fact) -> bool:
    """Return whether nothing is doubtful about the fact, so that its mark is filled: it is solid or credible."""
    return not fact.doubts


def claims_behind(evidence: Evidence, fact_id: str) -> Iterator[Claim]:
    """Yield the claims on which a fact rests, through all its inputs; of a claim, itself."""
    if fact_id in evidence.claims:
        yield evidence.claims[fact_id]
    elif fact_id in evidence.derived:
        for used in evidence.fact(fact_id).inputs:
            yield from claims_behind(evidence, used)


def provenance(evidence: Evidence, fact_id: str, column: str) -> str:
    """Return what the claims behind a fact have in `speaker`, `source_id` or `when`, in words, each once."""
    in_words: dict[str, Callable[[Any], str]] = {
        "source_id": partial(source, evidence),
        "when": lambda when: dates.words(when) if when else "–",
    }
    found = dict.fromkeys(in_words.get(column, str)(row[column]) for row in claims_behind(evidence, fact_id))
    said = listed(found) if column == "when" else "; ".join(found)
    return f"worked out here from: {said}" if column == "speaker" and fact_id in evidence.derived else said


def source(evidence: Evidence, source_id: str) -> str:
    """Return the short citation of a source: "Daily NK, 2018" or "Reuters via Another Site, 2024"."""
    return short_citation(evidence.sources[source_id])


def event_doubt(evidence: Evidence, event: Claim) -> str:
    """Return the word of doubt about an event, which may be about every claim of it; empty where there is none."""
    told = [each for each, row in evidence.claims.items() if row["event_id"] == event["event_id"]]
    is_told = any(is_firm(evidence.fact(each)) for each in told)
    if event["is_disputed"] and not is_told:  # else only what the event was is contested, and not that it took place
        return DISPUTED
    is_unsure = event["when_basis"] != EXTERNAL and told and not is_told
    return UNCONFIRMED if event["is_unverified"] or is_unsure else ""
