"""Which places the articles speak of, how often, on which theme, and how finely they place it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from math import ceil

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import COLOURS, Drawing, Size
from evidencebook.evidence import doubt
from figures import EVIDENCE, ROOT, clusters, maps, marks
from figures.clusters import KINDS, Symbol
from figures.maps import Place

BORDERS = ROOT / "data" / "reference" / "borders.geojson"
NOWHERE = "no place given"
FINE = ("city", "province")
HEADINGS = {theme: kind.heading for kind in KINDS for theme in kind.themes}
DOUBTFUL = "hollow: the claim, or its event, is in doubt"
TITLE = "Most claims are no finer than a country; most cities named are at or near the border"
MAP_TITLE = "Of the cities that the articles name, most are at or near the border"
SYMBOLS = (
    "Each symbol is one claim; a soft disc stands for a whole city, an arrow for a city beyond the frame; provinces "
    "are named as such"
)


@charts.figure
def by_theme(size: Size) -> Drawing:
    """All claims by place and theme: cities and provinces on a map, whatever is wider in rows below it."""
    found = named()
    view = maps.View.of(size)
    chart = alt.vconcat(_key(view), _map(view, found), _rows(view, found), spacing=6)
    return Drawing(
        marks.titled(chart, size, TITLE, SYMBOLS),
        _alt(found, _wider(found)),
        _table(found),
        themes=HEADINGS,
    )


@charts.figure
def overview(size: Size) -> Drawing:
    """The map alone; the claims that name nothing finer than a country are counted below its title."""
    found = named()
    view = maps.View.of(size)
    wider = sum(place.claims for place in found if place.kind not in FINE)
    subtitle = f"{SYMBOLS}. A further {wider} claims are no finer than a country or name no place"
    chart = alt.vconcat(_key(view), _map(view, found), spacing=6)
    not_drawn = f"A further {wider} claims, no finer than a country or without a place, are not drawn."
    return Drawing(
        marks.titled(chart, size, MAP_TITLE, subtitle),
        _alt([place for place in found if place.kind in FINE], not_drawn),
        _table(found),
        themes=HEADINGS,
    )


def named() -> list[Place]:
    """The places of which claims speak, those with most claims first, and last the claims that name none."""
    symbols: dict[str | None, list[Symbol]] = {}
    sources: dict[str | None, set[str]] = {}
    for claim_id, row in EVIDENCE.assertions.items():
        symbols.setdefault(row["place_id"], []).append(Symbol(claim_id, row["theme"], _is_doubtful(claim_id)))
        sources.setdefault(row["place_id"], set()).add(row["source_id"])
    found = []
    for place_id, own in symbols.items():
        used = tuple(sorted(sources[place_id]))
        if place_id is None:
            found.append(Place("", NOWHERE, "none", None, None, tuple(own), used))
            continue
        row = EVIDENCE.places[place_id]
        lat, lon = (None if row[axis] is None else float(row[axis]) for axis in ("lat", "lon"))
        found.append(Place(place_id, row["name"], row["kind"], lat, lon, tuple(own), used))
    return sorted(found, key=lambda place: (place.kind == "none", -place.claims, place.name))


def _is_doubtful(claim_id: str) -> bool:
    event_id = EVIDENCE.claims[claim_id]["event_id"]
    is_of_doubtful_event = bool(event_id) and bool(marks.event_doubt(EVIDENCE.events[event_id]))
    return bool(doubt(EVIDENCE.fact(claim_id))) or is_of_doubtful_event


def _map(view: maps.View, found: Sequence[Place]) -> alt.LayerChart:
    return maps.drawn(view, maps.borders(BORDERS), found)


def _key(view: maps.View) -> alt.LayerChart:
    """The themes with their symbols, and what a hollow one means, in as many lines as the width asks for."""
    starts = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)] if view.is_narrow else [(n, 0) for n in range(6)]
    across = (0, 168) if view.is_narrow else (0, 92, 196, 266, 352, 506)
    rows, texts = [], []
    for kind, (column, line) in zip(KINDS, starts, strict=True):
        x, y = across[column] + 6, 8 + 17 * line
        rows.append(clusters.sample(kind, x, y))
        texts.append({"x": x + 10, "y": y, "text": kind.heading})
    height = 17 * (starts[-1][1] + 2)
    # Two shapes, so that hollow is not taken for one theme's sign.
    rows += [clusters.sample(kind, 6 + 12 * n, height - 9, True) for n, kind in enumerate(KINDS[:2])]
    texts.append({"x": 28, "y": height - 9, "text": DOUBTFUL})
    x, y = _pixels(view.width, height)
    text = marks.text_layer(texts, x, y, fontSize=12, color=COLOURS["muted"])
    return alt.layer(clusters.layer(rows, x, y, view.pitch), text).properties(width=view.width, height=height)


def _rows(view: maps.View, found: Sequence[Place]) -> alt.LayerChart:
    """The claims that are no finer than a country, a row of symbols for each place; wider regions share one."""
    wide = [place for place in found if place.kind not in FINE]
    strips = [(place.name, place.symbols) for place in wide if place.claims > 1 and place.kind != "none"]
    single = [place for place in wide if place.claims == 1 and place.kind != "none"]
    if single:
        strips.append((", ".join(place.name for place in single), tuple(s for place in single for s in place.symbols)))
    strips += [(place.name, place.symbols) for place in wide if place.kind == "none"]
    left = 0 if view.is_narrow else 172
    most = int((view.width - left) // view.pitch)
    rows, texts = [], []
    top = 24.0
    for name, symbols in strips:
        label = textwrap.wrap(f"{marks.capital(name)}\u00a0{len(symbols)}", 50 if view.is_narrow else 27)
        texts += [{"x": 0, "y": top + 5 + 14 * line, "text": text} for line, text in enumerate(label)]
        top += 14 if view.is_narrow else 0
        rows += clusters.block(symbols, marks.capital(name), left, top, view.pitch, most)
        lines = ceil(len(symbols) / most)
        top += max(lines * view.pitch, 0 if view.is_narrow else 14 * len(label) - 4) + 9
    x, y = _pixels(view.width, top)
    head = {"x": 0, "y": 9, "text": "No finer than a country"}
    return alt.layer(
        marks.text_layer([head], x, y, fontSize=12, color=COLOURS["muted"]),
        marks.text_layer(texts, x, y, fontSize=12, fontWeight=600),
        clusters.layer(rows, x, y, view.pitch),
    ).properties(width=view.width, height=top)


def _pixels(width: float, height: float) -> tuple[alt.X, alt.Y]:
    return (
        alt.X("x:Q", scale=alt.Scale(domain=[0, width], nice=False), axis=None),
        alt.Y("y:Q", scale=alt.Scale(domain=[0, height], nice=False, reverse=True), axis=None),
    )


def _alt(found: Sequence[Place], wider: str) -> str:
    """The text of a map of these places; `wider` says where the claims are that no city or province has."""
    rivers = marks.listed(river["properties"]["name"] for river in maps.borders(BORDERS)["river"])
    themes = "; ".join(f"{place.name}, {_themes(place)}" for place in found if place.kind in FINE and place.claims > 1)
    hollow = "; ".join(f"{_named(place)} {place.hollow}" for place in found if place.hollow)
    return marks.alt_text(
        "Map of the border between north-eastern China and North Korea with a block of symbols at each city and "
        f"province, one for each claim that speaks of it. Cities: {_counted(found, 'city')}.",
        f"Provinces: {_counted(found, 'province')}.",
        wider,
        f"By theme: {themes}.",
        f"Hollow, because the claim or its event is in doubt: {hollow}." if hollow else "",
        f"The {rivers} follow most of the border with North Korea. No position is finer than a city.",
    )


def _wider(found: Sequence[Place]) -> str:
    """The claims in the rows below the map, by place."""
    none = sum(place.claims for place in found if place.kind == "none")
    parts = [f"countries: {_counted(found, 'country')}", f"regions: {_counted(found, 'region')}"]
    return f"In rows below the map, {'; '.join([*parts, *([f'{none} claims name no place'] if none else [])])}."


def _named(place: Place) -> str:
    return "without a place" if place.kind == "none" else place.name


def _counted(found: Sequence[Place], kind: str) -> str:
    return marks.listed(f"{place.name} {place.claims}" for place in found if place.kind == kind)


def _themes(place: Place) -> str:
    counts = Counter(symbol.kind.heading.lower() for symbol in place.symbols)
    return " ".join(f"{heading} {counts[heading]}" for heading in (k.heading.lower() for k in KINDS) if counts[heading])


def _table(found: Sequence[Place]) -> pd.DataFrame:
    table = {
        "Place": [place.name for place in found],
        "Kind": ["–" if place.kind == "none" else place.kind for place in found],
        "Claims": [place.claims for place in found],
    }
    for kind in KINDS:
        table[kind.heading] = [sum(symbol.kind is kind for symbol in place.symbols) for place in found]
    table["Hollow"] = [place.hollow for place in found]
    table["Sources"] = ["; ".join(map(marks.source_label, place.source_ids)) for place in found]
    return pd.DataFrame(table)
