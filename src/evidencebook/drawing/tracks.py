"""Uncertain dates one below another: a row for each thing, in groups that each bring their own ruler of years."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import ABOUT, COLOURS, FACTS, Size
from evidencebook.drawing import marks, spans
from evidencebook.values import dates

FONT, SMALL = 12, 11
CHARACTER = 5.2  # pixels per character at SMALL, on the safe side
LINE = 14  # from one line of a label to the next
SHORTEST = 6.0  # pixels from which a stretch is a bar; shorter ones are dots
DOT, HALF = 4.3, 4.5  # radius of a dot, half the height of a bar
GAP = 5.0  # pixels between a mark and its date
PLAIN, CHOICE, DOUBTFUL = "plain", "choice", "doubtful"
# A stretch of possible days must not look like something that lasted: its ends are firm, what lies between is pale.
BARS = {
    PLAIN: {"fillOpacity": 0.3, "strokeWidth": 0},
    CHOICE: {"fillOpacity": 0.15, "strokeWidth": 0},
    DOUBTFUL: {"fillOpacity": 0, "strokeWidth": 1.2, "strokeDash": [3, 2]},
}
DOTS = {
    PLAIN: {"strokeWidth": 0},
    CHOICE: {"fillOpacity": 0.35, "strokeWidth": 1.2},
    DOUBTFUL: {"fillOpacity": 0, "strokeWidth": 1.6, "strokeDash": [2.2, 1.6]},
}


@dataclass(frozen=True)
class Track:
    """One row: what it is, its EDTF date, whether it is in doubt, its anchor in the ledger, its claims."""

    label: str
    when: str
    is_doubtful: bool = False
    fact: str = ""
    facts: str = ""

    @property
    def parts(self) -> tuple[spans.Stretch, ...]:
        """The stretches of time in which it is likeliest to lie, or all of its dates."""
        return spans.stretches(self.when)

    @property
    def is_choice(self) -> bool:
        """Whether only one of the stretches is meant."""
        return bool(dates.parse(self.when).one_of)

    @property
    def date(self) -> str:
        """The date in few letters."""
        return spans.short(self.when)

    @property
    def data(self) -> dict[str, str]:
        """What marks and words of the row hold."""
        return {"fact": self.fact, FACTS: self.facts, ABOUT: f"{self.label}, {self.date}"}


@dataclass(frozen=True)
class Group:
    """A heading with its colour and the rows below it."""

    heading: str
    colour: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class _Row:
    track: Track
    colour: str
    lines: tuple[str, ...]
    text: float  # pixel of the label's first line
    mark: float  # and of the mark's middle


@dataclass(frozen=True)
class _Ruler:
    """A group's heading and its years: pixels from the heading's line to the end of the last row."""

    group: Group
    top: float
    bottom: float


@dataclass(frozen=True)
class _Stretch:
    """One mark: when, at which height, in which paint; `until` is where its line to other alternatives ends."""

    part: spans.Stretch
    row: float
    colour: str
    kind: str
    is_bar: bool
    until: float | None = None
    track: Track | None = None  # none for samples in the key

    def data(self, start: float) -> dict[str, Any]:
        """What any mark of it holds."""
        return {"start": start, "row": self.row, "colour": self.colour, **(self.track.data if self.track else {})}


@dataclass(frozen=True)
class Layout:
    """Where everything stands, in pixels: rows, rulers, the whole height and the ends of the time axis."""

    rows: tuple[_Row, ...]
    rulers: tuple[_Ruler, ...]
    height: float
    left: float
    right: float
    years: tuple[int, int]

    def at(self, year: float) -> float:
        """The pixel of a moment in decimal years."""
        first, last = self.years
        return self.left + (year - first) / (last - first) * (self.right - self.left)

    def reach(self, track: Track) -> tuple[float, float, bool]:
        """The pixels at which the row's marks begin and end, and whether its date fits to their right."""
        first, last = track.parts[0], track.parts[-1]
        start = min(self.at(first.start), self.at(first.middle) - DOT)
        end = max(self.at(last.end), self.at(last.middle) + DOT)
        return start, end, end + GAP + len(track.date) * CHARACTER <= self.right

    def is_bar(self, part: spans.Stretch) -> bool:
        """Whether the stretch is long enough to be seen as one."""
        return self.at(part.end) - self.at(part.start) >= SHORTEST


def layout(size: Size, groups: Sequence[Group], years: tuple[int, int]) -> Layout:
    """The places of all rows: labels beside the time axis on wide pages, above it on narrow ones."""
    left, right = size.choose((280.0, 666.0), (6.0, 324.0))
    top = 8.0
    rows, rulers = [], []
    for group in groups:
        start = top
        # On a narrow page the years stand below the heading.
        top += size.choose(21, 40)
        for track in group.tracks:
            lines = tuple(textwrap.wrap(track.label, 54))
            if size.is_narrow:
                mark = top + LINE * len(lines) + 4
                rows.append(_Row(track, group.colour, lines, top + 4, mark))
                top = mark + 15
            else:
                rows.append(_Row(track, group.colour, lines, top + 4, top + 4 + LINE * (len(lines) - 1) / 2))
                top += 18 + LINE * (len(lines) - 1)
        rulers.append(_Ruler(group, start, top - size.choose(4, 3)))
        top += size.choose(10, 18)
    return Layout(tuple(rows), tuple(rulers), top, left, right, years)


def chart(size: Size, groups: Sequence[Group], years: tuple[int, int], doubtful: str) -> alt.LayerChart:
    """The rows with their marks, dates and rulers, and the key below; `doubtful` says what a hollow mark is."""
    placed = layout(size, groups, years)
    samples, meanings, height = _key(size, placed, doubtful)
    x, y = _axis(placed), _down(height)
    layers = [
        *_frame(size, placed, y),
        *_marks([*_drawn(placed), *samples], x, y),
        *_labels(placed, y),
        marks.text_layer(meanings, _pixels(), y, fontSize=SMALL, color=COLOURS["muted"]),
    ]
    return alt.layer(*layers).properties(height=height)


def _axis(placed: Layout) -> alt.X:
    # Years and not pixels, so that a mark's own data say when it is.
    first, last = placed.years
    scale = alt.Scale(domain=[first, last], range=[placed.left, placed.right], nice=False)
    return alt.X("start:Q", scale=scale, axis=None)


def _down(height: float) -> alt.Y:
    return alt.Y("row:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)


def _pixels() -> alt.X:
    return alt.X("x:Q", scale=None, axis=None)


def _drawn(placed: Layout) -> list[_Stretch]:
    """A mark for each stretch of each row."""
    found = []
    for row in placed.rows:
        parts = row.track.parts
        kind = DOUBTFUL if row.track.is_doubtful else CHOICE if row.track.is_choice else PLAIN
        if dates.parse(row.track.when).approximate:
            kind = DOUBTFUL
        for number, part in enumerate(parts):
            # Alternatives that adjoin, as two years do, leave no room for a line between them.
            is_joined = number == 0 and row.track.is_choice and not placed.is_bar(part)
            until = parts[-1].middle if is_joined else None
            found.append(_Stretch(part, row.mark, row.colour, kind, placed.is_bar(part), until, row.track))
    return found


def _marks(drawn: Sequence[_Stretch], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Dots for days, pale bars between two ends for stretches, pale joined dots for alternatives."""
    colour = alt.Color("colour:N", scale=None, legend=None)
    fill, stroke = (channel("colour:N", scale=None, legend=None) for channel in (alt.Fill, alt.Stroke))
    links = [{**one.data(one.part.middle), "until": one.until} for one in drawn if one.until is not None]
    ends = [one.data(at) for one in drawn if one.is_bar for at in (one.part.start, one.part.end)]
    layers = []
    if links:
        layers.append(_of(links).mark_rule(strokeWidth=1.2).encode(x=x, x2=alt.X2("until"), y=y, color=colour))
    for kind, style in BARS.items():
        rows = [
            {**one.data(one.part.start), "end": one.part.end, "row": one.row - HALF, "row2": one.row + HALF}
            for one in drawn
            if one.is_bar and one.kind == kind
        ]
        if rows:
            bar = _of(rows).mark_rect(**style)
            layers.append(bar.encode(x=x, x2=alt.X2("end"), y=y, y2=alt.Y2("row2"), fill=fill, stroke=stroke))
    if ends:
        ticks = _of(ends).mark_tick(orient="vertical", thickness=2, size=2 * HALF + 3, opacity=1)
        layers.append(ticks.encode(x=x, y=y, color=colour))
    for kind, style in DOTS.items():
        rows = [one.data(one.part.middle) for one in drawn if not one.is_bar and one.kind == kind]
        if rows:
            dot = _of(rows).mark_point(shape="circle", size=pi * DOT**2, filled=True, opacity=1, **style)
            layers.append(dot.encode(x=x, y=y, fill=fill, stroke=stroke))
    return layers


def _of(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(pd.DataFrame(list(rows)))


def _labels(placed: Layout, y: alt.Y) -> list[alt.Chart]:
    """Each row's label and, beside its mark, its date."""
    labels, right, left = [], [], []
    for row in placed.rows:
        labels.append({"row": row.text, "text": "\n".join(row.lines), **row.track.data})
        start, end, is_right = placed.reach(row.track)
        said = {"row": row.mark, "text": row.track.date, **row.track.data}
        (right if is_right else left).append({**said, "x": end + GAP if is_right else start - GAP})
    layers = [marks.text_layer(labels, alt.XValue(0), y, fontSize=FONT, lineHeight=LINE)]
    for rows, align in ((right, "left"), (left, "right")):
        if rows:
            style = {"fontSize": SMALL, "color": COLOURS["muted"]}
            layers.append(marks.text_layer(rows, _pixels(), y, align=align, **style))
    return layers


def _frame(size: Size, placed: Layout, y: alt.Y) -> list[alt.Chart]:
    """Headings, years, a line for each year, and on wide pages a faint line that leads from label to mark."""
    first, last = placed.years
    heads, years, lines = [], [], []
    for ruler in placed.rulers:
        heads.append({"row": ruler.top + 8, "text": ruler.group.heading, "colour": ruler.group.colour})
        named = ruler.top + size.choose(8, 25)
        lines.append(_line(0, placed.right, ruler.top - 4, ruler.top - 4, 1))
        for year in range(first, last + 1):
            at = placed.at(year)
            lines.append(_line(at, at, named - 6, ruler.bottom, 0.8))
            if year < last and (year - first) % size.choose(1, 2) == 0:
                years.append({"x": at + 3, "row": named, "text": str(year)})
    if not size.is_narrow:
        for row in placed.rows:
            start, _, is_right = placed.reach(row.track)
            end = start if is_right else start - GAP - len(row.track.date) * CHARACTER
            lines.append(_line(placed.left, max(end - GAP, placed.left), row.mark, row.mark, 0.6))
    rules = _of(lines).mark_rule(color=COLOURS["grid"])
    heading = marks.text_layer(heads, alt.XValue(0), y, fontSize=FONT + 0.5, fontWeight=600)
    return [
        rules.encode(
            x=_pixels(), x2=alt.X2("x2"), y=y, y2=alt.Y2("row2"), strokeWidth=alt.StrokeWidth("width:Q", scale=None)
        ),
        marks.text_layer(years, _pixels(), y, fontSize=SMALL, color=COLOURS["muted"]),
        heading.encode(color=alt.Color("colour:N", scale=None)),
    ]


def _line(x: float, x2: float, row: float, row2: float, width: float) -> dict[str, float]:
    return {"x": x, "x2": x2, "row": row, "row2": row2, "width": width}


def _key(size: Size, placed: Layout, doubtful: str) -> tuple[list[_Stretch], list[dict[str, Any]], float]:
    """Samples of the four kinds of mark with what they mean, below the rows, and the height with them."""
    first, last = placed.years
    per_pixel = (last - first) / (placed.right - placed.left)
    columns = size.choose((0, 172, 372, 520), (0, 0, 0, 0))
    meanings = (("a day, or too short for a bar", PLAIN, False), ("some or all of this time", PLAIN, True),
                ("likeliest dates", CHOICE, False), (doubtful, DOUBTFUL, False))  # fmt: skip
    samples, texts = [], []
    top = placed.height + 6
    for number, (meaning, kind, is_bar) in enumerate(meanings):
        row = top + size.choose(0, 20 * number)
        at = columns[number] + 8

        def stretch(pixel: float, width: float = 0) -> spans.Stretch:
            start = first + (pixel - placed.left) * per_pixel
            return spans.Stretch(start, start + width * per_pixel)

        shapes = (
            [stretch(at - 4, 24)] if is_bar else [stretch(at), stretch(at + 16)] if kind == CHOICE else [stretch(at)]
        )
        until = shapes[-1].middle if len(shapes) > 1 else None
        samples += [
            _Stretch(shape, row, COLOURS["muted"], kind, is_bar, None if n else until) for n, shape in enumerate(shapes)
        ]
        texts.append({"x": at + size.choose(30 if is_bar or kind == CHOICE else 12, 30), "row": row, "text": meaning})
    return samples, texts, top + size.choose(0, 60) + 14
