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
class Row:
    """A heading and its claims: their ids, each with whether it is firm; `colour` sets a row apart."""

    heading: str
    claims: Sequence[tuple[str, bool]]
    colour: str = "blue"


def chart(size: Size, rows: Sequence[Row], hollow: str) -> alt.LayerChart:
    """Return a block of squares for each row, those in doubt last and hollow, as the key below says."""
    canvas = Canvas(size)
    heads = [f"{row.heading}\u00a0{len(row.claims)}" for row in rows]
    left = 0.0 if size.is_narrow else max(map(HEAD.width, heads)) + 14
    across = int((canvas.room - left) / PITCH)
    y = 8.0
    for row, head in zip(rows, heads, strict=True):
        what = named((claim_id for claim_id, _ in row.claims), "")
        below = canvas.text(0, y, head, HEAD.tinted(row.colour if row.colour != "blue" else "ink"), named=what)
        top = below if size.is_narrow else y
        for number, (claim_id, is_firm) in enumerate(sorted(row.claims, key=lambda claim: not claim[1])):
            down, right = divmod(number, across)
            square = Symbol("square", 58 if is_firm else 46, row.colour, float(is_firm), 0 if is_firm else 1.4)
            about = named(claim_id, row.heading if is_firm else f"{row.heading}, in doubt")
            canvas.symbol(left + (right + 0.5) * PITCH, top + down * PITCH, square, about)
        y = top + PITCH * ceil(len(row.claims) / across) + 8
    return canvas.chart(canvas.symbols_key(y - 6, [(Symbol("square", 46, "muted", 0, 1.4), hollow)]))
