"""A square for each claim, in rows that can be counted and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import altair as alt

from evidencebook.charts import Size
from evidencebook.drawing.canvas import HEAD, Canvas, Symbol, named

PITCH = 11.0  # pixels from one square to the next


@dataclass(frozen=True)
class Unit:
    """One square: the id of the claim that it stands for, whether it is firm, and what it is in words."""

    claim_id: str
    is_firm: bool
    about: str


@dataclass(frozen=True)
class Row:
    """A heading and its squares; their colour sets a row apart."""

    heading: str
    units: Sequence[Unit]
    colour: str = "blue"


def chart(size: Size, rows: Sequence[Row], hollow: str) -> alt.LayerChart:
    """Return a block of squares for each row, those that are not firm last and hollow, as the key below says."""
    canvas = Canvas(size)
    heads = [f"{row.heading}\u00a0{len(row.units)}" for row in rows]
    left = 0.0 if size.is_narrow else max(map(HEAD.width, heads)) + 14
    across = int((canvas.room - left) / PITCH)
    y = 8.0
    for row, head in zip(rows, heads, strict=True):
        letters = HEAD if row.colour == "blue" else HEAD.tinted(row.colour)
        below = canvas.text(0, y, head, letters, named=named(unit.claim_id for unit in row.units))
        top = below if size.is_narrow else y
        for number, unit in enumerate(sorted(row.units, key=lambda unit: not unit.is_firm)):
            down, right = divmod(number, across)
            square = (
                Symbol("square", 58, row.colour, line=0) if unit.is_firm else Symbol("square", 46, row.colour, 0, 1.4)
            )
            place = (left + (right + 0.5) * PITCH, top + down * PITCH)
            canvas.symbol(*place, square, named(unit.claim_id, unit.about))
        y = top + PITCH * ceil(len(row.units) / across) + 8
    return canvas.chart(canvas.symbols_key(y - 6, [(Symbol("square", 46, "muted", 0, 1.4), hollow)]))
