"""How many workers the articles put in China and its provinces."""

from __future__ import annotations

import re
from typing import Any

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, rows
from evidencebook.drawing.rows import Group, Line
from evidencebook.values import dates
from figures import EVIDENCE

AREAS = ("country", "province")
ONE = re.compile(r"\b(?:an?|one|two|three|each|every|some|several)\b", re.I)  # in the scope of a group or a plant


@charts.figure
def estimates(size: Size) -> Drawing:
    """Estimates of the workforce as intervals on one scale, grouped by the date for which they speak."""
    counted = [_line(claim_id) for claim_id in headcounts()]
    items: list[Line | Group] = []
    for line in counted:
        group = Group(_when(line))
        items += [line] if group in items else [group, line]
    bounds = [float(each) for line in counted for each in _bounds(line) if each is not None]
    axis = rows.Axis(
        min(bounds) / 1.6, max(bounds) * 1.6, (1_000, 10_000, 100_000), "{:,.0f}".format,
        "Workers (logarithmic scale)", is_log=True,
    )  # fmt: skip
    columns = rows.columns(EVIDENCE, heading="Place", value="Workers", scope="Scope")
    return drawing(
        rows.chart(size, items, axis),
        size,
        "The estimates differ in place, speaker and date, so they form no series",
        "North Korean workers said to be in China or in one of its provinces; hollow: unconfirmed or disputed",
        Listing(counted, columns, "{Place}, {Date}, {Who says so}: {Workers}"),
        "Chart of estimates of the workforce on a logarithmic scale, one row for each, grouped by date.",
        "No line joins them: they speak of different places, sectors and dates.",
    )


def headcounts() -> list[str]:
    """The counts of workers in China or one of its provinces, by date, the largest first.

    A count per something, of an event, of one group or plant, or of a smaller place is no estimate of the workforce.
    """
    kind = ("count", "headcount", "persons")
    found = [
        i
        for i, row in EVIDENCE.assertions.items()
        if (row["kind"], row["topic"], row["unit"]) == kind
        and EVIDENCE.fact(i).quantity_interval is not None
        and row["when"] and not row["per"] and not row["event_id"] and not ONE.search(row["scope"])
        and row["place_id"] and EVIDENCE.places[row["place_id"]]["kind"] in AREAS
    ]  # fmt: skip

    def order(claim_id: str) -> tuple[Any, ...]:
        row = EVIDENCE.claims[claim_id]
        return dates.parse(row["when"]).earliest, -float(row["low"] or row["high"])

    return sorted(found, key=order)


def _when(line: Line) -> str:
    basis = "Article published" if line.fact.row["when_basis"] == "article_date" else "For"
    # A set of possible dates is our own dating of an article that prints none.
    probably = "probably " if dates.parse(line.fact.when or "").one_of else ""
    return f"{basis} {probably}{dates.words(line.fact.when or '')}"


def _line(fact_id: str) -> Line:
    row = EVIDENCE.claims[fact_id]
    sector = "sector unclear, seafood likely" if "seafood" in row["scope"] else "sector not given"
    return Line(EVIDENCE.fact(fact_id), EVIDENCE.places[row["place_id"]]["name"], f"{row['speaker']}; {sector}", "blue")


def _bounds(line: Line) -> tuple[Any, Any]:
    interval = line.fact.quantity_interval
    return (interval.low, interval.high) if interval else (None, None)
