"""Uncertain dates one below another: a row for each thing, in groups that each bring their own ruler of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, pi
from types import MappingProxyType
from typing import Any

import altair as alt

from evidencebook.charts import Size
from evidencebook.drawing.canvas import BODY, HEAD, SMALL, Canvas, Named, Scale, Symbol, named
from evidencebook.drawing.stretches import Stretch, short, stretches
from evidencebook.values import dates

LABELS = 272.0  # pixels of the labels on wide pages
SHORTEST = 6.0  # pixels from which a stretch is a bar; shorter ones are dots
DOT, HALF = 4.3, 4.5  # radius of a dot, half the height of a bar
GAP = 5.0  # pixels between a mark and its date
PLAIN, CHOICE, DOUBTFUL = "plain", "choice", "doubtful"
# A stretch of possible days must not look like something that lasted: its ends are firm, what lies between is pale.
BARS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {PLAIN: {"opacity": 0.3}, CHOICE: {"opacity": 0.15}, DOUBTFUL: {"opacity": 0, "line": 1.2, "dash": (3, 2)}}
)
DOTS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        PLAIN: {"line": 0},
        CHOICE: {"opacity": 0.35, "line": 1.2},
        DOUBTFUL: {"opacity": 0, "line": 1.6, "dash": (2.2, 1.6)},
    }
)


@dataclass(frozen=True)
class Track:
    """One row: what it is, its EDTF date, whether it is in doubt, smaller words below, and the ids of its facts."""

    label: str
    when: str
    is_doubtful: bool = False
    detail: str = ""
    facts: str = ""

    @property
    def parts(self) -> tuple[Stretch, ...]:
        """The stretches of time in which it is likeliest to lie, or all of its dates."""
        return stretches(self.when)

    @property
    def is_choice(self) -> bool:
        """Whether only one of the stretches is meant."""
        return bool(dates.parse(self.when).one_of)

    @property
    def kind(self) -> str:
        """How its marks look."""
        is_doubtful = self.is_doubtful or dates.parse(self.when).approximate
        return DOUBTFUL if is_doubtful else CHOICE if self.is_choice else PLAIN

    @property
    def named(self) -> Named:
        """What stands for the row's facts."""
        return named(self.facts, f"{self.label}, {short(self.when)}")


@dataclass(frozen=True)
class Group:
    """A heading with its colour and the rows below it."""

    heading: str
    colour: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True)
class Limit:
    """A day that parts before from after, drawn as a rule through all rows, and what it is."""

    when: str
    label: str
    colour: str = "vermilion"

    @property
    def at(self) -> float:
        """The day in decimal years."""
        return stretches(self.when)[0].middle


def chart(
    size: Size, groups: Sequence[Group], years: tuple[float, int], doubtful: str, limit: Limit | None = None
) -> alt.LayerChart:
    """Return the rows with their marks, dates and rulers, and the key below; `doubtful` says what a hollow mark is."""
    canvas = Canvas(size)
    time = Scale(*years, 4.0 if size.is_narrow else LABELS + 8, canvas.room - 4)
    y = 8.0
    if limit:
        y = canvas.text(time.at(limit.at) + 5, y, limit.label, HEAD.tinted(limit.colour)) + 6
        _rule(canvas, time, limit, 0, y + 18)
    for group in groups:
        y = _group(canvas, time, group, y, limit) + (18 if size.is_narrow else 10)
    return canvas.chart(canvas.key(y, _key(canvas, doubtful)))


def _group(canvas: Canvas, time: Scale, group: Group, top: float, limit: Limit | None) -> float:
    """Draw a group and return where its last row ends."""
    canvas.rule(0, top - 4, time.right, top - 4)
    named_at = top + 8
    if group.heading:
        canvas.text(0, named_at, group.heading, HEAD.tinted(group.colour))
        named_at += 18 if canvas.size.is_narrow else 0  # on narrow pages the years stand below the heading
    y = named_at + 18
    for track in group.tracks:
        above, y = y, _row(canvas, time, track, group.colour, y)
        if limit:  # on narrow pages words run across, so it is drawn beside the marks only
            _rule(canvas, time, limit, *((y - 28, y - 12) if canvas.size.is_narrow else (above - 8, y - 6)))
    first, last = ceil(time.low), int(time.high)
    for year in range(first, last + 1):
        canvas.rule(time.at(year), named_at - 6, time.at(year), y - 6, width=0.8)
        if year < last and (year - first) % canvas.size.choose(1, 2) == 0:
            canvas.text(time.at(year) + 3, named_at, str(year), SMALL)
    return y - 4


def _row(canvas: Canvas, time: Scale, track: Track, colour: str, y: float) -> float:
    """Draw a row, its label beside its marks or, on narrow pages, above them; return where the next stands."""
    is_narrow = canvas.size.is_narrow
    room = canvas.room if is_narrow else LABELS
    below = canvas.text(0, y, track.label, HEAD if track.detail else BODY, room=room, named=track.named)
    if track.detail:
        below = canvas.text(0, below, track.detail, SMALL, room=room, named=track.named)
    mark = below + 2 if is_narrow else y if track.detail else (y + below - BODY.leading) / 2
    parts, said = track.parts, short(track.when)
    start = min(time.at(parts[0].start), time.at(parts[0].middle) - DOT)
    end = max(time.at(parts[-1].end), time.at(parts[-1].middle) + DOT)
    needed = GAP + SMALL.width(said)
    is_right, is_left = end + needed <= canvas.room, start - needed >= 0
    x, align = (end + GAP, "left") if is_right else (start - GAP, "right") if is_left else (canvas.room, "right")
    below += 0 if is_right or is_left else SMALL.leading
    canvas.text(x, mark if is_right or is_left else below, said, SMALL, align=align, named=track.named)
    if not is_narrow:  # a faint line leads from the label to the mark
        canvas.rule(time.left, mark, max((start if is_right else start - needed) - GAP, time.left), mark, width=0.6)
    places = [(time.at(part.start), time.at(part.end)) for part in parts]
    _marks(canvas, places, mark, track.kind, colour, track.is_choice, track.named)
    return below + (22 if is_narrow else 8 if track.detail else 3)


def _rule(canvas: Canvas, time: Scale, limit: Limit, top: float, bottom: float) -> None:
    canvas.rule(time.at(limit.at), top, time.at(limit.at), bottom, limit.colour, 2, (6, 3))


def _marks(
    canvas: Canvas, parts: Sequence[tuple[float, float]], y: float, kind: str, colour: str, is_choice: bool,
    named: Named | None = None,
) -> None:  # fmt: skip
    """Draw dots for days, pale bars between two ends for stretches, and a line between alternatives."""
    # Alternatives that adjoin, as two years do, leave no room for a line between them.
    if is_choice and parts[0][1] - parts[0][0] < SHORTEST:
        canvas.rule(sum(parts[0]) / 2, y, sum(parts[-1]) / 2, y, colour, 1.2, named=named)
    for start, end in parts:
        if end - start < SHORTEST:
            canvas.symbol((start + end) / 2, y, Symbol("circle", pi * DOT**2, colour, **DOTS[kind]), named)
            continue
        canvas.box(start, y - HALF, end, y + HALF, colour, **BARS[kind], named=named)
        for edge in (start, end):
            canvas.box(edge - 1, y - HALF - 1.5, edge + 1, y + HALF + 1.5, colour, named=named)


def _key(canvas: Canvas, doubtful: str) -> list[tuple[float, Any, str]]:
    """Return samples of the four kinds of mark with what they mean."""

    def sample(width: float, kind: str, *starts: float) -> tuple[float, Any]:
        return starts[-1] + width, lambda x, y: _marks(
            canvas, [(x + start, x + start + width) for start in starts], y, kind, "muted", kind == CHOICE
        )

    dot = SHORTEST - 0.1
    return [
        (*sample(dot, PLAIN, 2), "a day, or too short for a bar"),
        (*sample(24, PLAIN, 2), "some or all of this time"),
        (*sample(dot, CHOICE, 2, 20), "likeliest dates"),
        (*sample(dot, DOUBTFUL, 2), doubtful),
    ]
