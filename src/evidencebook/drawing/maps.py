"""A quiet map: a Mercator frame with outlines for orientation, and pixels for positions."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt

from evidencebook.charts import COLOURS


@dataclass(frozen=True)
class Frame:
    """Degrees at the edges of a map, and its width in pixels."""

    west: float
    east: float
    south: float
    north: float
    width: float

    @property
    def scale(self) -> float:
        """Pixels per radian of longitude."""
        return self.width / math.radians(self.east - self.west)

    @property
    def height(self) -> int:
        return round(self.scale * (_mercator(self.north) - _mercator(self.south)))

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixel of a position."""
        x = self.scale * math.radians(lon - self.west)
        return x, self.scale * (_mercator(self.north) - _mercator(lat))

    def shapes(
        self, features: Sequence[Any], fill: str | None = None, stroke: str | None = None, width: float = 0.7,
        dash: Sequence[float] = (1, 0),
    ) -> alt.Chart:  # fmt: skip
        """Return outlines in palette colours, cut off at the chart."""
        # As text: Altair would walk through every coordinate each time the map is put together with something else.
        outlines = json.dumps([{"type": "Feature", "geometry": feature["geometry"]} for feature in features])
        translate = [-self.scale * math.radians(self.west), self.scale * _mercator(self.north)]
        style: dict[str, Any] = {
            "fill": COLOURS[fill] if fill else None, "stroke": COLOURS[stroke] if stroke else None,
            "strokeWidth": width, "strokeDash": list(dash), "clip": True,
        }  # fmt: skip
        data = alt.InlineData(values=outlines, format=alt.JsonDataFormat(type="json"))
        chart: alt.Chart = alt.Chart(data).mark_geoshape(**style)
        return chart.project(type="mercator", scale=self.scale, translate=translate)


def features(path: Path) -> dict[str, list[Any]]:
    """Return the features of a GeoJSON file by their kind."""
    found: dict[str, list[Any]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        found.setdefault(feature["properties"]["kind"], []).append(feature)
    return found


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
