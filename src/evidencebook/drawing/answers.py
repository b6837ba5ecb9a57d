"""A grid of answers: a row for each thing, a column for each who may tell of it, and a mark where one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from evidencebook.charts import FACTS, Size
from evidencebook.drawing.canvas import BODY, SMALL, Canvas, Named, Symbol, named

REPEATED = 9  # rows after which a narrow page needs the heads of the columns again
YES = Symbol("circle", 150)
LOOSELY = Symbol("circle", 130, opacity=0, line=2)
SILENT = Symbol("circle", 7, "grey", line=0)


@dataclass(frozen=True)
class Line:
    """A row: its label, and by column its mark with what stands for the facts behind it; it fades with all of these."""

    label: str
    cells: Mapping[str, tuple[Symbol, Named]]

    @property
    def named(self) -> Named:
        """What fades with the row."""
        return named(what[FACTS] for _, what in self.cells.values())


def chart(
    size: Size, heads: Mapping[str, str], lines: Sequence[Line], key: Sequence[tuple[Symbol, str]]
) -> alt.LayerChart:
    """Return the rows with the columns in the order of `heads`, which are broken at bars; the key stands below."""
    canvas = Canvas(size)
    left = 0.0 if size.is_narrow else max(BODY.width(line.label) for line in lines) + 14
    step = (canvas.room - left) / len(heads)
    middles = {column: left + step * (number + 0.5) for number, column in enumerate(heads)}
    y = _heads(canvas, heads, middles, step, 8)
    for number, line in enumerate(lines):
        if size.is_narrow and number and number % REPEATED == 0:
            y = _heads(canvas, heads, middles, step, y + 18)
        canvas.rule(0, y, canvas.room, y)
        below = canvas.text(0, y + (11 if size.is_narrow else 12), line.label, BODY, named=line.named)
        middle = below + 3 if size.is_narrow else y + 12
        for column, x in middles.items():
            canvas.symbol(x, middle, *line.cells.get(column, (SILENT, line.named)))
        y = middle + size.choose(12, 14)
    canvas.rule(0, y, canvas.room, y)
    return canvas.chart(canvas.symbols_key(y + 10, key))


def _heads(canvas: Canvas, heads: Mapping[str, str], middles: Mapping[str, float], step: float, y: float) -> float:
    ends = []
    for column, head in heads.items():
        lines = [line for part in head.split("|") for line in SMALL.lines(part, step - 4)]
        ends.append(canvas.text(middles[column], y, lines, SMALL, align="center"))
    return max(ends) - 2
