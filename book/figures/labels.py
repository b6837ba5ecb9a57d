"""Words of the tables that figures of all chapters use: sources, themes and labels of values."""

from __future__ import annotations

from collections.abc import Mapping

from evidencebook.drawing.marks import capital
from evidencebook.evidence import short_citation
from evidencebook.tables import Row
from figures import EVIDENCE, TABLES


def source_label(source_id: str) -> str:
    """The short citation of a source: "Daily NK, 2018" or "Reuters via Another Site, 2024"."""
    return short_citation(EVIDENCE.sources[source_id])


def sources_label(fact_id: str) -> str:
    """The short citations of all sources behind a claim or derived value."""
    return "; ".join(source_label(source_id) for source_id in EVIDENCE.used_sources(fact_id))


def labels(table: str, column: str) -> Mapping[str, str]:
    """The words that readers see for the values of a column, from the table's contract; a value without has none."""
    return next(field.labels for field in TABLES[table].fields if field.name == column)


def theme_label(theme: str) -> str:
    """The name of a theme of claims: that of the contract, or its own."""
    return capital(EVIDENCE.theme(theme))


def claims(number: int) -> str:
    """So many claims: "1 claim", "12 claims"."""
    return f"{number} claim{'' if number == 1 else 's'}"


def event_doubt(event: Row) -> str:
    """What is doubtful about an event: "disputed", "unverified", or nothing."""
    return "disputed" if event["is_disputed"] else "unverified" if event["is_unverified"] else ""
