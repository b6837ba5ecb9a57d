"""Rows of values on one axis: headings beside the marks on wide pages, above them on narrow ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from evidencebook.charts import ABOUT, COLOURS, FACTS, Size
from evidencebook.evidence import Fact, doubt
from evidencebook.values import Interval
from figures import marks

LINE_HEIGHT = 14
CHARACTER = 6.4  # mean width of a letter of the values, in pixels


@dataclass(frozen=True)
class Line:
    """One row: its fact, its heading, smaller text below it, and the colour name of its mark and value.

    A part of a sum is drawn where it lies in the sum: `drawn` then stands for the fact's own interval,
    `start` is where the part begins, and `facts` are the ids of all that placed it, parted by spaces.
    """

    fact: Fact
    heading: str
    detail: str
    colour: str = "blue"
    drawn: Interval | None = None
    start: float | None = None
    facts: str = ""

    @property
    def is_firm(self) -> bool:
        """Whether the mark is solid: a part placed in a sum is as loose as the placing."""
        return not doubt(self.fact) and self.drawn is None

    @property
    def interval(self) -> Interval | None:
        """What is drawn."""
        return self.drawn or self.fact.quantity_interval

    @property
    def named(self) -> dict[str, str]:
        """The columns by which everything in the row is one mark: the ids of what it stands for, and its heading."""
        return {FACTS: self.facts or self.fact.fact_id, ABOUT: self.heading}

    @property
    def value(self) -> str:
        """The value in words, followed by what is doubtful about it."""
        return f"{marks.value_label(self.fact)}{marks.doubt(self.fact)}"


@dataclass(frozen=True)
class Group:
    """A heading above several rows."""

    heading: str


@dataclass(frozen=True)
class Axis:
    """The value axis: its ends, its ticks with their label expression, its title, and how far open tails reach.

    `reach` is the length of a tail as a share of the axis; a tail never leaves the axis.
    """

    domain: tuple[float, float]
    ticks: tuple[float, ...]
    label: str
    title: str
    reach: float = 0.22
    is_log: bool = False


@dataclass(frozen=True)
class _Placed:
    """An item, the pixels of its top and its mark, and its smaller text in lines."""

    item: Line | Group
    top: float
    mark: float
    detail: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """Pixels: where each row, the text and the axis stand."""

    rows: tuple[_Placed, ...]
    height: float
    left: int
    right: int


def chart(size: Size, items: Sequence[Line | Group], axis: Axis, title: str, subtitle: str) -> alt.LayerChart:
    """The rows in the order given, each with its mark, its value and its heading."""
    plan = _planned(size, items)
    scale = alt.Scale(
        type="log" if axis.is_log else "linear",
        domain=list(axis.domain),
        range=[plan.left, plan.right],
        nice=False,
    )
    drawn_axis = alt.Axis(
        title=axis.title,
        values=list(axis.ticks) or alt.Undefined,
        tickCount=alt.Undefined if axis.ticks else 4,
        labelExpr=axis.label,
        titleAnchor="start",
        titleX=plan.left,
        titleAlign="left",
        labelFlush=False,
    )

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", scale=scale, axis=drawn_axis)

    lines = [placed for placed in plan.rows if isinstance(placed.item, Line)]
    drawn = [
        marks.Mark(
            placed.mark,
            placed.item.interval,
            _tail(placed.item.interval, axis),
            placed.item.is_firm,
            COLOURS[placed.item.colour],
            placed.item.start,
            placed.item.named[FACTS],
            placed.item.named[ABOUT],
        )
        for placed in lines
    ]
    layers = [
        *marks.interval_layers(drawn, x, _y(plan)),
        _values(size, lines, x, axis, plan),
        *_texts(size, plan),
    ]
    return marks.titled(alt.layer(*layers).properties(height=plan.height), size, title, subtitle)


def _planned(size: Size, items: Sequence[Line | Group]) -> _Plan:
    top, rows = 2.0, []
    for item in items:
        if isinstance(item, Group):
            top += 10 if rows else 0
            lines = tuple(marks.wrap(item.heading, size, 100, 60))
            rows.append(_Placed(item, top, top, lines))
            top += 10 + LINE_HEIGHT * len(lines)
            continue
        detail = tuple(marks.wrap(item.detail, size, 41, 58))
        text = 18 + LINE_HEIGHT * len(detail)
        mark = top + size.choose(27, text + 13)
        rows.append(_Placed(item, top, mark, detail))
        top += size.choose(max(text + 14, 50), text + 38)
    left, right = size.choose((236, 640), (8, 318))
    return _Plan(tuple(rows), top, left, right)


def _y(plan: _Plan) -> alt.Y:
    scale = alt.Scale(domain=[0, plan.height], range=[0, plan.height], nice=False)
    return alt.Y("row:Q", scale=scale, axis=None)


def _texts(size: Size, plan: _Plan) -> list[alt.Chart]:
    heads, details, groups = [], [], []
    for placed in plan.rows:
        if isinstance(placed.item, Group):
            groups.append({"row": placed.top + 6, "text": "\n".join(placed.detail)})
        else:
            named = placed.item.named
            heads.append({"row": placed.top + 6, "text": placed.item.heading, **named})
            details.append({"row": placed.top + 22, "text": "\n".join(placed.detail), **named})
    style = {"baseline": "top"}
    layers = [
        marks.text_layer(heads, alt.XValue(0), _y(plan), fontSize=12.5, fontWeight=600, **style),
        marks.text_layer(
            details,
            alt.XValue(0),
            _y(plan),
            fontSize=11,
            lineHeight=LINE_HEIGHT,
            color=COLOURS["muted"],
            **style,
        ),
    ]
    if groups:
        layers.append(
            marks.text_layer(
                groups,
                alt.XValue(0),
                _y(plan),
                fontSize=12,
                color=COLOURS["muted"],
                fontStyle="italic",
                **style,
            )
        )
    return layers


def _values(size: Size, lines: list[_Placed], x: Callable[[str], Any], axis: Axis, plan: _Plan) -> alt.LayerChart:
    """The values in words: above the mark, or at the right end of the heading's line."""
    layers = []
    for placed in lines:
        item = placed.item
        colour = COLOURS["muted" if item.interval is None else item.colour]
        style = {"fontWeight": 600, "fontSize": 12.5, "color": colour}
        if size.is_narrow:
            row = {"row": placed.top + 6, "text": item.value, **item.named}
            layers.append(marks.text_layer([row], alt.XValue(330), _y(plan), align="right", baseline="top", **style))
            continue
        at = plan.left + _label_place(item, axis) * (plan.right - plan.left)
        half = len(item.value) * CHARACTER / 2
        at = min(max(at, plan.left + half), size.width - 8 - half)
        above = 0 if item.interval is None else -15
        row = {"row": placed.mark + above, "text": item.value, **item.named}
        layers.append(marks.text_layer([row], alt.XValue(at), _y(plan), align="center", **style))
    return alt.layer(*layers)


def _label_place(line: Line, axis: Axis) -> float:
    """Where on the axis (0 to 1) the label of a value stands: the middle of what is drawn, for layout only."""
    if line.interval is None:
        return 0.5
    bounds = (line.start, line.interval.low, line.interval.high)
    ends = [_share(float(bound), axis) for bound in bounds if bound is not None]
    return sum(ends) / len(ends)


def _share(value: float, axis: Axis) -> float:
    low, high = axis.domain
    if axis.is_log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _tail(interval: Interval | None, axis: Axis) -> float | None:
    """The position at which the open side of a bound fades out; None for points, ranges and no numbers."""
    if interval is None or (interval.low is None) == (interval.high is None):
        return None
    bound = _share(float(interval.low if interval.high is None else interval.high), axis)
    share = min(bound + axis.reach, 0.99) if interval.high is None else max(bound - axis.reach, 0.01)
    low, high = axis.domain
    return low * (high / low) ** share if axis.is_log else low + share * (high - low)
