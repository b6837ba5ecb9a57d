"""Uncertain dates on a time axis: positions, short labels, and marks for days, ranges and alternatives."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import ABOUT, FACTS
from evidencebook.values import dates

_MONTHS = re.compile("|".join(f"({name})" for name in month_name[1:]))
HOLLOW = "transparent"


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in decimal years, from the first day to the end of the last one."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """The place of a mark that is too short to be seen as a bar."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Dated:
    """Something with an EDTF date, to be drawn at `lane` (a position across the time axis).

    `facts` are the ids of the claims that the mark stands for, parted by spaces, and `about` is what it is in words.
    """

    when: str
    lane: float
    colour: str
    is_hollow: bool = False
    facts: str = ""
    about: str = ""


def decimal_year(day: date) -> float:
    """The day as a position in years: no time zone can shift it, unlike a browser's date."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def stretches(edtf: str) -> tuple[Stretch, ...]:
    """The alternatives of a set in brackets or all dates of one in braces, in order; otherwise one stretch."""
    span = dates.parse(edtf)
    if edtf.startswith("{"):
        return tuple(_stretch(dates.parse(each.strip())) for each in edtf.strip("{}").split(","))
    return tuple(_stretch(each) for each in span.one_of or (span,))


def short(edtf: str) -> str:
    """The date as `dates.words` has it, in fewer letters: "9–31 Aug 2018", "~2018", "Apr or Jul 2022"."""
    text = _MONTHS.sub(lambda month: month.group()[:3], dates.words(edtf))
    text = re.sub(r"(^|\bor )between (.*) and (.*)$", r"\1\2 – \3", text)
    # Bare days and bare years need no air around the dash: 9–31 Aug 2018, but 5 Sep – 20 Oct 2025.
    text = re.sub(r"^(\d+) – (\d+)\b", r"\1–\2", text)
    return text.replace("about ", "~")


def unbroken(label: str) -> str:
    """The label with each of its dates kept on one line."""
    return re.sub(r"(?<=\d) (?=[A-Z])|(?<=[a-z]) (?=\d{4})", "\u00a0", label)


def layers(items: Sequence[Dated], axis: Axis, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The marks of dated things: dots for days, bars for ranges, faint joined dots for alternative dates.

    `x` and `y` encode the columns `start` and `lane`, whichever way time runs. Hedged dates (about) have
    dashed bars; hollow marks are outlines only.
    """
    bars, dots, links = [], [], []
    for item in items:
        parts = tuple(axis.placed(part) for part in stretches(item.when))
        is_hedged = dates.parse(item.when).approximate
        is_choice = bool(dates.parse(item.when).one_of)
        named = {FACTS: item.facts, ABOUT: item.about}
        place = {"lane": item.lane, "colour": item.colour, **named}
        paint = {
            "fill": HOLLOW if item.is_hollow or is_hedged else item.colour,
            "strength": 0.5 if is_choice else 1,
        }
        # Alternatives that adjoin, as two years do, leave no room for a line between them.
        if is_choice and (parts[1].start - parts[0].end) * axis.pixels > 2:
            links.append({**place, "start": parts[0].middle, "end": parts[-1].middle, "lane2": item.lane})
        for part in parts:
            if axis.is_bar(part):
                half = axis.thickness / 2
                corners = {
                    "start": part.start,
                    "end": part.end,
                    "lane": item.lane - half,
                    "lane2": item.lane + half,
                }
                bars.append(({**place, **paint, **corners}, is_hedged))
            else:
                dots.append({**place, **paint, "start": part.middle})
    x2, y2 = alt.X2("end"), alt.Y2("lane2")
    made = [_links(links).encode(x=x, y=y, x2=x2, y2=y2)] if links else []
    for is_dashed in (False, True):
        rows = [row for row, dash in bars if dash is is_dashed]
        if rows:
            made.append(_bars(rows, is_dashed).encode(x=x, y=y, x2=x2, y2=y2))
    return [*made, _dots(dots).encode(x=x, y=y)] if dots else made


def _unchanged(year: float) -> float:
    return year


@dataclass(frozen=True)
class Axis:
    """How time runs across: the pixels of a unit, and how thick marks are.

    `place` turns decimal years into units of the axis, for axes that give some years more room than others.
    """

    pixels: float
    thickness: float
    place: Callable[[float], float] = _unchanged

    def placed(self, part: Stretch) -> Stretch:
        """The stretch in units of the axis."""
        return Stretch(self.place(part.start), self.place(part.end))

    def is_bar(self, part: Stretch) -> bool:
        """Whether the placed stretch is long enough for a bar; shorter ones would look like a fat dot."""
        return (part.end - part.start) * self.pixels >= 7


def _stretch(span: dates.DateSpan) -> Stretch:
    last = span.latest
    start = decimal_year(span.earliest)
    length = 1 / 365.25
    return Stretch(start, decimal_year(last) + length)


def _links(rows: list[dict[str, Any]]) -> alt.Chart:
    colour = alt.Color("colour:N", scale=None, legend=None)
    return alt.Chart(pd.DataFrame(rows)).mark_rule(strokeWidth=1).encode(color=colour)


def _bars(rows: list[dict[str, Any]], is_dashed: bool) -> alt.Chart:
    dash = [3, 2] if is_dashed else [1, 0]
    chart = alt.Chart(pd.DataFrame(rows)).mark_rect(strokeWidth=1.4, cornerRadius=2, strokeDash=dash)
    return chart.encode(**_paint())


def _dots(rows: list[dict[str, Any]]) -> alt.Chart:
    chart = alt.Chart(pd.DataFrame(rows)).mark_point(shape="circle", size=58, strokeWidth=1.5, filled=False)
    return chart.encode(**_paint())


def _paint() -> dict[str, Any]:
    return {
        "stroke": alt.Stroke("colour:N", scale=None, legend=None),
        "fill": alt.Fill("fill:N", scale=None, legend=None),
        "opacity": alt.Opacity("strength:Q", scale=None, legend=None),
    }
