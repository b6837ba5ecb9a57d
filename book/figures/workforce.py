"""How many workers the articles put in China, and which places they name."""

from __future__ import annotations

import pandas as pd

from evidencebook import charts, dates
from evidencebook.charts import Drawing, Size
from evidencebook.facts import Fact
from figures import EVIDENCE, ROOT, maps, marks, rows
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
        shows="Every estimate of the workforce in the articles, with its place, its voice and its date.",
        omits="A trend or a total: the estimates count different people in different places and at different times, "
        "and this report cannot tell how they were made.",
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


@charts.figure
def places(size: Size) -> Drawing:
    """The places that the articles name, as soft circles and labels on a quiet map, with their number of claims."""
    named = _named()
    shapes = maps.borders(ROOT / "data" / "reference" / "borders.geojson")
    rivers = marks.listed(river["properties"]["name"] for river in shapes["river"])
    off_map = [place for place in named if place.kind != "city" and place.place_id not in maps.AREAS]
    note = f"Not on the map: {', '.join(place.label for place in off_map)}"
    chart = marks.titled(
        maps.drawn(maps.View.of(size), shapes, named),
        size,
        "Most claims are no finer than a country; most of the cities named are at the border",
        f"Number of claims that speak of each place; circles stand for whole cities. {note}",
    )
    alternative = marks.alt_text(
        "Map of north-eastern China and Korea with a soft circle for each city, sized by the number of claims "
        f"that speak of it: {_counted(named, 'city')}.",
        f"By province: {_counted(named, 'province')}; by country: {_counted(named, 'country')}.",
        f"The {rivers} mark the border with North Korea. No position is finer than a city.",
    )
    cells = [
        [
            place.name,
            place.kind,
            place.claims,
            "; ".join(marks.source_label(used) for used in place.source_ids),
        ]
        for place in named
    ]
    return Drawing(chart, alternative, pd.DataFrame(cells, columns=["Place", "Kind", "Claims", "Sources"]))


def _counted(named: list[maps.Place], kind: str) -> str:
    return marks.listed(f"{place.name} {place.claims}" for place in named if place.kind == kind)


def _named() -> list[maps.Place]:
    """The places of which claims speak, those with most claims first."""
    found: dict[str, list[str]] = {}
    for row in EVIDENCE.claims.values():
        if row["place_id"] is not None:
            found.setdefault(row["place_id"], []).append(row["source_id"])
    named = []
    for place_id, source_ids in found.items():
        row = EVIDENCE.places[place_id]
        lat, lon = (None if row[axis] is None else float(row[axis]) for axis in ("lat", "lon"))
        sources = tuple(sorted(set(source_ids)))
        named.append(maps.Place(place_id, row["name"], row["kind"], lat, lon, len(source_ids), sources))
    return sorted(named, key=lambda place: (-place.claims, place.name))
