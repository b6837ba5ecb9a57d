"""How many workers the articles put in China and its provinces."""

from __future__ import annotations

import pandas as pd

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.evidence import Fact
from evidencebook.values import dates
from figures import EVIDENCE, marks, rows
from figures.rows import Group, Line

PROJECTION = "liaoning-projected-workers"
# A derived value has neither place nor date of its own: both stand with the claims behind it.
PROJECTED_FROM = "liaoning-seafood-employee-headcount"
PROJECTED_FOR = "liaoning-workers-growth-factor"


@charts.figure
def estimates(size: Size) -> Drawing:
    """Estimates of the workforce as intervals on one scale, grouped by the date for which they speak."""
    counted = [_line(EVIDENCE.fact(fact_id), EVIDENCE.claims[fact_id], "blue") for fact_id in _headcounts()]
    projected = _line(EVIDENCE.fact(PROJECTION), EVIDENCE.claims[PROJECTED_FROM], "vermilion")
    items: list[Line | Group] = []
    for line in counted:
        basis = "Article published" if line.fact.row["when_basis"] == "article_date" else "For"
        # A set of possible dates is our own dating of an article that prints none.
        probably = "probably " if dates.parse(line.fact.when).one_of else ""
        group = Group(f"{basis} {probably}{dates.words(line.fact.when)}")
        items += [line] if group in items else [group, line]
    until = dates.words(EVIDENCE.claims[PROJECTED_FOR]["when"])
    items += [Group(f"Projection for some time {until}, not a count"), projected]
    bounds = [
        float(bound)
        for line in [*counted, projected]
        for bound in (line.fact.quantity_interval.low, line.fact.quantity_interval.high)
        if bound is not None
    ]
    axis = rows.Axis(
        (min(bounds) / 1.6, max(bounds) * 1.6),
        (1_000, 10_000, 100_000),
        "format(datum.value, ',')",
        "Workers (logarithmic scale)",
        is_log=True,
    )
    chart = rows.chart(
        size,
        items,
        axis,
        "The estimates differ in place, speaker and date, so they form no series",
        "North Korean workers said to be in China or in one of its provinces",
    )
    said = "; ".join(
        f"{line.heading}, {dates.words(line.fact.when)}, {line.fact.row['speaker']}: {marks.spoken(line.fact)}"
        for line in counted
    )
    alternative = marks.alt_text(
        "Chart of estimates of the workforce on a logarithmic scale, one row for each, grouped by the date of "
        "the article.",
        f"{said}.",
        f"Drawn hollow and set apart, a projection for {projected.heading} {until}: {marks.spoken(projected.fact)}.",
        "No line joins them: they speak of different places, sectors and dates.",
    )
    return Drawing(
        chart,
        alternative,
        _table(counted, projected),
    )


def _headcounts() -> list[str]:
    """The counts of workers in China or parts of it, by date, the largest first."""
    found = [
        claim_id
        for claim_id, row in EVIDENCE.claims.items()
        if (row["kind"], row["topic"], row["unit"]) == ("count", "headcount", "persons")
    ]

    def order(claim_id: str) -> tuple:
        row = EVIDENCE.claims[claim_id]
        return dates.parse(row["when"]).earliest, -float(row["low"] or row["high"])

    return sorted(found, key=order)


def _line(fact: Fact, row: dict, colour: str) -> Line:
    where = EVIDENCE.places[row["place_id"]]["name"]
    sector = "sector unclear, seafood likely" if "seafood" in row["scope"] else "sector not given"
    return Line(fact, where, f"{row['speaker']}; {sector}", colour)


def _table(counted: list[Line], projected: Line) -> pd.DataFrame:
    cells = [
        [
            line.heading,
            line.value,
            row["speaker"],
            row["scope"],
            dates.words(when),
            marks.sources_label(line.fact.fact_id),
        ]
        for line, row, when in [
            *((line, line.fact.row, line.fact.when) for line in counted),
            (projected, EVIDENCE.claims[PROJECTED_FROM], EVIDENCE.claims[PROJECTED_FOR]["when"]),
        ]
    ]
    return pd.DataFrame(cells, columns=["Place", "Workers", "Who says so", "Scope", "Date", "Source"])
