"""Rows of values on one scale: headings beside the marks on wide pages, above them on narrow ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from evidencebook.charts import Size
from evidencebook.drawing.canvas import ASIDE, HEAD, SMALL, Canvas, Named, Scale, named
from evidencebook.drawing.listing import is_firm, provenance, value
from evidencebook.drawing.marks import Mark
from evidencebook.evidence import Evidence, Fact
from evidencebook.values import Interval

LABELS = (0.0, 226.0)  # pixels of the headings on wide pages


@dataclass(frozen=True)
class Line:
    """One row: its fact, its heading, smaller text below it, and the name of its colour.

    A part of a sum is drawn where it lies in the sum: `drawn` then stands for the fact's own interval, `start` is
    where the part begins, and `facts` are the ids of all that placed it. A fact without an id, such as a row of a
    reference table, leads to no entry; `origin` then says who gives it, `source` where, and `when` of what time.
    """

    fact: Fact
    heading: str
    detail: str
    colour: str = "blue"
    drawn: Interval | None = None
    start: float | None = None
    facts: str = ""
    origin: str = ""
    source: str = ""
    when: str = ""

    @property
    def mark(self) -> Mark | None:
        """What is drawn; a part placed in a sum is as loose as the placing."""
        interval = self.drawn or self.fact.quantity_interval
        if interval is None:
            return None
        return Mark(interval, is_firm(self.fact) and self.drawn is None, self.colour, self.start)

    @property
    def named(self) -> Named | None:
        """What stands for the row's facts."""
        facts = self.facts or self.fact.fact_id
        return named(facts, self.heading) if facts else None


@dataclass(frozen=True)
class Group:
    """A heading above several rows."""

    heading: str


@dataclass(frozen=True)
class Axis:
    """The scale below the rows: its ends, its ticks and how they are written, and its title with the unit."""

    low: float
    high: float
    ticks: Sequence[float]
    write: Callable[[float], str]
    title: str
    is_log: bool = False


def chart(size: Size, items: Sequence[Line | Group], axis: Axis) -> alt.LayerChart:
    """Return the rows in the order given, each with its heading, its mark and its value in words."""
    canvas = Canvas(size)
    left, right = (0.0, canvas.room - 22) if size.is_narrow else (LABELS[1] + 12, canvas.room - 34)
    scale = Scale(axis.low, axis.high, left, right, axis.is_log)
    y = 10.0
    for number, item in enumerate(items):
        if isinstance(item, Group):
            y = canvas.text(0, y + (8 if number else 0), item.heading, ASIDE, room=canvas.room) + 6
        else:
            y = (_above if size.is_narrow else _beside)(canvas, scale, item, y)
    for tick in axis.ticks:
        canvas.rule(scale.at(tick), 0, scale.at(tick), y)
        align = "center" if scale.at(tick) > 10 else "left"
        canvas.text(scale.at(tick), y + 14, axis.write(tick), SMALL, align=align)
    canvas.rule(left, y, right, y, "muted")
    y = canvas.text(left, y + 34, axis.title, SMALL.tinted("ink"), room=canvas.room - left)
    return canvas.chart(y - 4)


def columns(evidence: Evidence, **heads: str) -> Mapping[str, Callable[[Line], object]]:
    """Return what a table says of rows; `heading`, `value` and `scope` name their columns as the chart needs."""

    def behind(line: Line, column: str, own: str) -> str:
        return own or (provenance(evidence, line.fact.fact_id, column) if line.fact.fact_id else "")

    return {
        heads.get("heading", "Account"): lambda line: line.heading,
        heads.get("value", "Value"): lambda line: value(line.fact),
        "Who says so": lambda line: behind(line, "speaker", line.origin),
        heads.get("scope", "Scope or caveat"): lambda line: line.fact.row.get("scope") or line.fact.row.get("caveat"),
        "Source": lambda line: behind(line, "source_id", line.source),
        "Date": lambda line: behind(line, "when", line.when),
    }


def _beside(canvas: Canvas, scale: Scale, line: Line, y: float) -> float:
    """Draw a row with its heading at the left, and return where the next may begin."""
    below = canvas.text(LABELS[0], y, line.heading, HEAD, room=LABELS[1], named=line.named)
    below = canvas.text(LABELS[0], below, line.detail, SMALL, room=LABELS[1], named=line.named)
    said, letters = value(line.fact), HEAD.tinted(line.colour if line.mark else "muted")
    begin, end = line.mark.ends(scale) if line.mark else (scale.left, scale.right)
    half = letters.width(said) / 2
    at = min(max((begin + end) / 2, scale.left + half), canvas.room - half)
    canvas.text(at, y + (2 if line.mark else 12), said, letters, align="center", named=line.named)
    if line.mark:
        line.mark.draw(canvas, scale, y + 20, line.named)
    return max(below + 10, y + 48)


def _above(canvas: Canvas, scale: Scale, line: Line, y: float) -> float:
    """Draw a row with its heading above the mark, the value at the right end of its line or below it."""
    said, letters = value(line.fact), HEAD.tinted(line.colour if line.mark else "muted")
    fits = HEAD.width(line.heading) + 14 + letters.width(said) <= canvas.room
    below = canvas.text(0, y, line.heading, HEAD, room=canvas.room, named=line.named)
    below = canvas.text(0, below, line.detail, SMALL, room=canvas.room, named=line.named)
    place = (canvas.room, y, "right") if fits else (0.0, below + 3, "left")
    canvas.text(place[0], place[1], said, letters, align=place[2], named=line.named)
    below += 0 if fits else letters.leading
    if line.mark:
        line.mark.draw(canvas, scale, below + 5, line.named)
    return below + (34 if line.mark else 20)
