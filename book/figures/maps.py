"""A quiet map of the border region: a fixed frame, soft circles for cities, labels for larger areas."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import COLOURS, Size
from figures import marks

# Layout only: pixels by which a circle or its label moves so that neighbours stay apart.
NUDGES = {"dandong": (-8, -6), "sinuiju": (8, 7)}
LABELS = {
    "tumen": ("center", "above"), "hunchun": ("left", "right"), "helong": ("right", "left"),
    "dandong": ("right", "left"), "sinuiju": ("left", "right"), "seoul": ("right", "left"),
}  # fmt: skip
NARROW_LABELS = {**LABELS, "hunchun": ("center", "below")}
# Layout only: where the names of large areas stand, as shares of the frame, wide and narrow.
AREAS = {
    "china": ((0.16, 0.14), (0.12, 0.23)),
    "north-korea": ((0.72, 0.60), (0.72, 0.55)),
    "south-korea": ((0.77, 0.955), (0.77, 0.955)),
    "russia": ((0.945, 0.06), (0.91, 0.05)),
    "liaoning": ((0.40, 0.36), (0.2, 0.32)),
    "jilin": ((0.62, 0.20), (0.45, 0.22)),
}
RIVER_LABELS = {"yalu": (0.7, 8, 14), "tumen": (0.3, 8, 16)}  # share of the course, pixels right and down


@dataclass(frozen=True)
class Place:
    """A named place with the number of claims that speak of it and the sources that make them."""

    place_id: str
    name: str
    kind: str
    lat: float | None
    lon: float | None
    claims: int
    source_ids: tuple[str, ...]

    @property
    def label(self) -> str:
        """Name and number of claims."""
        return f"{self.name}\u00a0{self.claims}"


@dataclass(frozen=True)
class View:
    """A Mercator frame: degrees at its edges and its width in pixels."""

    west: float
    east: float
    south: float
    north: float
    width: int
    is_narrow: bool

    @classmethod
    def of(cls, size: Size) -> View:
        """The frame for a page: the whole region when wide, without its far west when narrow."""
        west, east = size.choose((116.0, 132.0), (121.0, 131.6))
        return cls(west, east, 37.2, 45.0, size.width - 12, size.is_narrow)

    @property
    def scale(self) -> float:
        """Pixels per radian of longitude."""
        return self.width / math.radians(self.east - self.west)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return round(self.scale * (_mercator(self.north) - _mercator(self.south)))

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """The pixel of a position."""
        x = self.scale * math.radians(lon - self.west)
        return x, self.scale * (_mercator(self.north) - _mercator(lat))

    def holds(self, place: Place) -> bool:
        """Whether the place has a position inside the frame."""
        if place.lon is None or place.lat is None:
            return False
        return self.west <= place.lon <= self.east and self.south <= place.lat <= self.north

    def shapes(
        self,
        features: Sequence[dict],
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 0.7,
        dash: Any = None,
    ) -> alt.Chart:
        """Outlines in palette colours, cut off at the frame."""
        # As text: Altair would walk through every coordinate each time the map is put together with something else.
        outlines = json.dumps([{"type": "Feature", "geometry": feature["geometry"]} for feature in features])
        translate = [-self.scale * math.radians(self.west), self.scale * _mercator(self.north)]
        style = {
            "fill": COLOURS[fill] if fill else None, "stroke": COLOURS[stroke] if stroke else None,
            "strokeWidth": width, "strokeDash": dash or [1, 0], "clip": True,
        }  # fmt: skip
        return (
            alt.Chart(alt.Data(values=outlines, format=alt.DataFormat(type="json")))
            .mark_geoshape(**style)
            .project(type="mercator", scale=self.scale, translate=translate)
        )

    @property
    def x(self) -> alt.X:
        """Pixels from the left edge."""
        return alt.X("x:Q", scale=alt.Scale(domain=[0, self.width], nice=False), axis=None)

    @property
    def y(self) -> alt.Y:
        """Pixels from the top."""
        return alt.Y("y:Q", scale=alt.Scale(domain=[0, self.height], nice=False, reverse=True), axis=None)


def borders(path: Path) -> dict[str, list[dict]]:
    """The features of a GeoJSON file by their kind."""
    found: dict[str, list[dict]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        found.setdefault(feature["properties"]["kind"], []).append(feature)
    return found


def drawn(view: View, shapes: dict[str, list[dict]], places: Sequence[Place]) -> alt.ConcatChart:
    """The map with a circle for each city inside the frame and a label for each larger area that has room."""
    cities = [place for place in places if place.kind == "city"]
    layers = [
        view.shapes(shapes["country"], "land", "grid"),
        view.shapes(shapes["province"], "province", "grey", 0.5),
        view.shapes(shapes["border"], None, "grey", 1.2, [4, 2]),
        view.shapes(shapes["river"], None, "water", 2),
        _circles(view, [city for city in cities if view.holds(city)]),
        *_city_labels(view, cities),
        _area_labels(view, [place for place in places if place.place_id in AREAS]),
        _river_labels(view, shapes["river"]),
    ]
    frame = alt.ViewBackground(stroke=COLOURS["grid"])
    layered = alt.layer(*layers, view=frame).properties(width=view.width, height=view.height)
    # A composed chart keeps its size; a layered one would be fitted, and its circles would leave the land.
    return alt.concat(layered)


def _radius(view: View, place: Place) -> float:
    # Area, not radius, in proportion to the number.
    return (3.4 if view.is_narrow else 4.2) * math.sqrt(place.claims)


def _centre(view: View, place: Place) -> tuple[float, float]:
    x, y = view.xy(place.lon, place.lat)
    right, down = NUDGES.get(place.place_id, (0, 0))
    return x + right, y + down


def _circles(view: View, cities: Sequence[Place]) -> alt.Chart:
    rows = []
    for city in cities:
        x, y = _centre(view, city)
        rows.append({"x": x, "y": y, "area": math.pi * _radius(view, city) ** 2})
    circles = alt.Chart(pd.DataFrame(rows)).mark_point(filled=True, color=COLOURS["blue"], opacity=0.45, strokeWidth=0)
    return circles.encode(x=view.x, y=view.y, size=alt.Size("area:Q", scale=None, legend=None))


def _city_labels(view: View, cities: Sequence[Place]) -> list[alt.Chart]:
    layers = []
    for align in ("left", "right", "center"):
        rows = []
        for city in cities:
            own_align, side = (NARROW_LABELS if view.is_narrow else LABELS).get(city.place_id, ("left", "right"))
            if own_align != align:
                continue
            radius = _radius(view, city) + 4
            if view.holds(city):
                x, y = _centre(view, city)
                rows.append(
                    {
                        "x": x + {"right": radius, "left": -radius}.get(side, 0),
                        "y": y + {"above": -radius - 5, "below": radius + 5}.get(side, 0),
                        "text": city.label,
                    }
                )
            elif view.south <= city.lat <= view.north:
                rows.append({"x": 5, "y": view.xy(view.west, city.lat)[1], "text": f"← {city.label}"})
        if rows:
            layers.append(marks.text_layer(rows, view.x, view.y, align=align, fontWeight=600, fontSize=12))
    return layers


def _area_labels(view: View, areas: Sequence[Place]) -> alt.Chart:
    rows = []
    for area in areas:
        across, down = AREAS[area.place_id][view.is_narrow]
        rows.append({"x": across * view.width, "y": down * view.height, "text": area.label})
    return marks.text_layer(rows, view.x, view.y, align="center", color=COLOURS["muted"], fontSize=12)


def _river_labels(view: View, rivers: Sequence[dict]) -> alt.Chart:
    rows = []
    for river in rivers:
        share, right, down = RIVER_LABELS[river["properties"]["id"]]
        course = river["geometry"]["coordinates"]
        x, y = view.xy(*course[round(share * (len(course) - 1))][:2])
        rows.append({"x": x + right, "y": y + down, "text": river["properties"]["name"]})
    return marks.text_layer(rows, view.x, view.y, color=COLOURS["muted"], fontSize=11, fontStyle="italic")


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
