"""A quiet map of the border region: land, border and rivers for orientation, and a block of symbols at each place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import COLOURS, Size
from evidencebook.drawing import marks
from figures import clusters


@dataclass(frozen=True)
class Spot:
    """Layout only: pixels from a city to the middle of its block, and the side of the block where its name stands."""

    right: float
    down: float
    side: str


# Cities lie closer together than their blocks are wide; a line joins each block to the soft disc of its city.
WIDE_SPOTS = {
    "tumen": Spot(-44, -32, "above"),
    "hunchun": Spot(32, -38, "above"),
    "helong": Spot(-62, -6, "left"),
    "dandong": Spot(-40, -30, "left"),
    "sinuiju": Spot(44, 26, "right"),
    "shenyang": Spot(22, 0, "right"),
    "pyongyang": Spot(22, 0, "right"),
}
NARROW_SPOTS = {
    "tumen": Spot(-16, -46, "above"),
    "hunchun": Spot(22, -34, "above"),
    "helong": Spot(-42, -4, "left"),
    "dandong": Spot(-36, -26, "above"),
    "sinuiju": Spot(36, 24, "right"),
    "shenyang": Spot(18, 0, "right"),
    "pyongyang": Spot(18, 0, "right"),
    "beijing": Spot(0, 40, "right"),
}
# Layout only: where names of large areas stand, as shares of the frame, wide and narrow.
AREAS = {
    "china": ((0.06, 0.2), (0.1, 0.16)),
    "north-korea": ((0.72, 0.7), (0.62, 0.68)),
    "russia": ((0.955, 0.06), (0.93, 0.08)),
    "liaoning": ((0.26, 0.44), (0.2, 0.34)),
    "jilin": ((0.56, 0.2), (0.42, 0.2)),
}
RIVER_LABELS = {"yalu": (0.62, 8, 16), "tumen": (0.25, 8, 16)}  # share of the course, pixels right and down


@dataclass(frozen=True)
class Place:
    """A named place with a symbol for each claim that speaks of it and the sources that make them."""

    place_id: str
    name: str
    kind: str
    lat: float | None
    lon: float | None
    symbols: tuple[clusters.Symbol, ...]
    source_ids: tuple[str, ...]

    @property
    def claims(self) -> int:
        """The number of claims that speak of it, and of nothing finer."""
        return len(self.symbols)

    @property
    def hollow(self) -> int:
        """How many of them are in doubt, or belong to an event that is."""
        return sum(symbol.is_doubtful for symbol in self.symbols)

    @property
    def label(self) -> str:
        """Name and number of claims."""
        return f"{self.name}\u00a0{self.claims}"


@dataclass(frozen=True)
class View:
    """A Mercator frame: degrees at its edges, its width and the pitch of symbols in pixels."""

    west: float
    east: float
    south: float
    north: float
    width: int
    pitch: float
    is_narrow: bool

    @classmethod
    def of(cls, size: Size) -> View:
        """The frame for a page: both provinces and the border when wide, without the far west when narrow."""
        west, east = size.choose((119.4, 131.6), (122.3, 132.1))
        south, north = size.choose((38.45, 44.3), (38.2, 44.8))
        return cls(west, east, south, north, size.width - 12, size.choose(9.5, 8), size.is_narrow)

    @property
    def disc(self) -> float:
        """The radius in pixels of what stands for a whole city."""
        return 7 if self.is_narrow else 9

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


@dataclass(frozen=True)
class Placed:
    """Where a place's block stands, in pixels, the corner and side of its name, and its city's disc, if on the map."""

    place: Place
    left: float
    top: float
    across: int
    pitch: float
    side: str
    disc: tuple[float, float] | None = None

    @property
    def right(self) -> float:
        """The right edge of the block."""
        return self.left + self.pitch * min(self.across, self.place.claims)

    @property
    def bottom(self) -> float:
        """The lower edge of the block."""
        return self.top + self.pitch * math.ceil(self.place.claims / self.across)

    def symbols(self) -> Iterator[dict[str, Any]]:
        """A row of data for each symbol of the block."""
        return clusters.block(self.place.symbols, self.place.name, self.left, self.top, self.pitch, self.across)

    @property
    def text(self) -> str:
        """The name as printed: a province says that it is one."""
        return f"{self.place.name} province {self.place.claims}" if self.place.kind == "province" else self.place.label

    @property
    def anchor(self) -> tuple[float, float, str]:
        """The pixel and the alignment of the name."""
        middle = (self.top + self.bottom) / 2
        if self.side == "left":
            return self.left - 5, middle, "right"
        if self.side == "right":
            return self.right + 5, middle, "left"
        return (self.left + self.right) / 2, self.top - 8, "center"


def borders(path: Path) -> dict[str, list[dict]]:
    """The features of a GeoJSON file by their kind."""
    found: dict[str, list[dict]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        found.setdefault(feature["properties"]["kind"], []).append(feature)
    return found


def placed(view: View, places: Sequence[Place]) -> list[Placed]:
    """The blocks of all cities and provinces; a city beyond the frame stands at the edge in its direction."""
    found = []
    spots = NARROW_SPOTS if view.is_narrow else WIDE_SPOTS
    for place in places:
        across = clusters.columns(place.claims)
        width, height = across * view.pitch, math.ceil(place.claims / across) * view.pitch
        if place.kind == "province":
            right, down = AREAS[place.place_id][view.is_narrow]
            x, y = right * view.width, down * view.height
            found.append(Placed(place, x - width / 2, y - height / 2, across, view.pitch, "above"))
        elif place.kind == "city" and view.holds(place):
            x, y = view.xy(place.lon, place.lat)
            spot = spots.get(place.place_id, Spot(20, 0, "right"))
            left, top = x + spot.right - width / 2, y + spot.down - height / 2
            found.append(Placed(place, left, top, across, view.pitch, spot.side, (x, y)))
        elif place.kind == "city":
            spot = spots.get(place.place_id, Spot(0, 0, "right"))
            x, y = view.xy(place.lon, place.lat)
            left = min(max(x - width / 2, 18), view.width - width - 18) + spot.right
            top = min(max(y - height / 2, 18), view.height - height - 8) + spot.down
            found.append(Placed(place, left, top, across, view.pitch, spot.side))
    return found


def drawn(view: View, shapes: dict[str, list[dict]], places: Sequence[Place]) -> alt.LayerChart:
    """The map with a block of symbols for each city and province, and the names of countries and rivers."""
    blocks = placed(view, places)
    rows = [row for one in blocks for row in one.symbols()]
    layers = [
        view.shapes(shapes["country"], "land", "grid"),
        view.shapes(shapes["province"], "province", "grey", 0.5),
        view.shapes(shapes["border"], None, "grey", 1.2, [4, 2]),
        view.shapes(shapes["river"], None, "water", 2),
        _area_labels(view, [place for place in places if place.kind == "country" and place.place_id in AREAS]),
        _river_labels(view, shapes["river"]),
        *_discs(view, blocks),
        clusters.layer(rows, view.x, view.y, view.pitch),
        *_names(view, blocks),
    ]
    frame = alt.ViewBackground(stroke=COLOURS["grid"])
    return alt.layer(*layers, view=frame).properties(width=view.width, height=view.height)


def _discs(view: View, blocks: Sequence[Placed]) -> list[alt.Chart]:
    """A soft disc for each city and the line to its block, and an arrow where a city lies beyond the frame."""
    discs, lines, arrows = [], [], []
    for one in blocks:
        middle = ((one.left + one.right) / 2, (one.top + one.bottom) / 2)
        if one.disc:
            x, y = one.disc
            discs.append({"x": x, "y": y})
            near = min(max(x, one.left), one.right), min(max(y, one.top), one.bottom)
            lines.append({"x": x, "y": y, "x2": near[0], "y2": near[1]})
        elif one.place.kind == "city":
            x, y = view.xy(one.place.lon, one.place.lat)
            is_west = x < 0
            arrows.append({"x": 9 if is_west else middle[0] - 16, "y": middle[1], "text": "←" if is_west else "↓"})
    disc = alt.Chart(pd.DataFrame(discs)).mark_point(
        filled=True, shape="circle", size=math.pi * view.disc**2, color=COLOURS["grey"], opacity=0.4, strokeWidth=0
    )
    line = alt.Chart(pd.DataFrame(lines)).mark_rule(color=COLOURS["muted"], strokeWidth=0.9)
    return [
        disc.encode(x=view.x, y=view.y),
        line.encode(x=view.x, y=view.y, x2=alt.X2("x2"), y2=alt.Y2("y2")),
        *([marks.text_layer(arrows, view.x, view.y, align="center", fontSize=13)] if arrows else []),
    ]


def _names(view: View, blocks: Sequence[Placed]) -> list[alt.Chart]:
    layers = []
    for is_city in (True, False):
        for align in ("left", "right", "center"):
            rows = []
            for one in blocks:
                x, y, own = one.anchor
                if own == align and (one.place.kind == "city") is is_city:
                    rows.append({"x": x, "y": y, "text": one.text})
            if rows:
                style = {"align": align, "fontSize": 12, "fontWeight": 600 if is_city else 400}
                layers.append(marks.text_layer(rows, view.x, view.y, ground="province", **style))
    return layers


def _area_labels(view: View, areas: Sequence[Place]) -> alt.Chart:
    rows = []
    for area in areas:
        across, down = AREAS[area.place_id][view.is_narrow]
        rows.append({"x": across * view.width, "y": down * view.height, "text": area.name})
    style = {"align": "center", "color": COLOURS["muted"], "fontSize": 12}
    return marks.text_layer(rows, view.x, view.y, ground="land", **style)


def _river_labels(view: View, rivers: Sequence[dict]) -> alt.Chart:
    rows = []
    for river in rivers:
        share, right, down = RIVER_LABELS[river["properties"]["id"]]
        course = river["geometry"]["coordinates"]
        x, y = view.xy(*course[round(share * (len(course) - 1))][:2])
        rows.append({"x": x + right, "y": y + down, "text": river["properties"]["name"]})
    style = {"color": COLOURS["muted"], "fontSize": 11, "fontStyle": "italic"}
    return marks.text_layer(rows, view.x, view.y, ground="land", **style)


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
