"""One small symbol for each claim, in blocks that can be counted: colour and shape tell the theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import ABOUT, COLOURS, FACTS

STROKE = 1.3


@dataclass(frozen=True)
class Kind:
    """What a symbol stands for: a heading for one or more themes, its colour and its shape."""

    heading: str
    themes: tuple[str, ...]
    colour: str
    shape: str


# Shapes as well as hues, so that themes stay apart in grey print and for those who see no hues.
KINDS = (
    Kind("Workforce", ("workforce",), "teal", "square"),
    Kind("Surveillance", ("surveillance",), "blue", "circle"),
    Kind("Wages", ("wages",), "purple", "diamond"),
    Kind("Sanctions", ("sanctions",), "ochre", "triangle-up"),
    Kind("Departures and unrest", ("defections", "unrest"), "vermilion", "cross"),
    Kind("Context", ("context",), "grey", "triangle-down"),
)


@dataclass(frozen=True)
class Symbol:
    """One claim: its id, its theme, and whether what it says is in doubt."""

    fact: str
    theme: str
    is_doubtful: bool

    @property
    def kind(self) -> Kind:
        """How its theme is drawn."""
        return next(kind for kind in KINDS if self.theme in kind.themes)


def ordered(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The symbols by theme, doubtful ones last within each."""
    return sorted(symbols, key=lambda one: (KINDS.index(one.kind), one.is_doubtful, one.theme, one.fact))


def columns(count: int) -> int:
    """How many symbols stand beside each other in a block that is a little wider than high."""
    return ceil(sqrt(count * 1.3))


def block(
    symbols: Sequence[Symbol], where: str, left: float, top: float, pitch: float, across: int
) -> Iterator[dict[str, Any]]:
    """A row of data for each symbol, in reading order from the pixel at the block's upper left corner."""
    for number, symbol in enumerate(ordered(symbols)):
        down, right = divmod(number, across)
        yield {
            **sample(symbol.kind, left + (right + 0.5) * pitch, top + (down + 0.5) * pitch, symbol.is_doubtful),
            FACTS: symbol.fact,
            ABOUT: f"{where}: {symbol.kind.heading.lower()}{', in doubt' if symbol.is_doubtful else ''}",
            "theme": symbol.theme,
        }


def sample(kind: Kind, x: float, y: float, is_hollow: bool = False) -> dict[str, Any]:
    """A row of data for a symbol that stands for no claim, as in a key."""
    colour = COLOURS[kind.colour]
    return {"x": x, "y": y, "colour": colour, "shape": kind.shape, "fill": COLOURS["paper"] if is_hollow else colour}


def layer(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y, pitch: float) -> alt.Chart:
    """The symbols, as large as the pitch allows."""
    chart = alt.Chart(pd.DataFrame(list(rows)))
    return chart.mark_point(size=(pitch * 0.66) ** 2, strokeWidth=STROKE, opacity=1, filled=True).encode(
        x=x,
        y=y,
        shape=alt.Shape("shape:N", scale=None, legend=None),
        fill=alt.Fill("fill:N", scale=None, legend=None),
        stroke=alt.Stroke("colour:N", scale=None, legend=None),
    )
