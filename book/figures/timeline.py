"""The chain of events of ten years, each at the dates it can have, beside the articles that tell of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import altair as alt
import pandas as pd

from evidencebook import charts, dates
from evidencebook.charts import COLOURS, Drawing, Size
from figures import EVIDENCE, dodge, marks, spans

FONT = 12
CHARACTER = 5.9  # pixels per character at FONT, on the safe side
ROW = 17
LINE = 14.5
YEARS, RIGHT = -2.6, 23.5  # ends of the narrow picture's other axis, in columns of marks
SHORTEST_YEAR = 34


@dataclass(frozen=True)
class Lane:
    """A strip of the picture: its heading, its colour and the kinds of event in it."""

    heading: str
    colour: str
    kinds: tuple[str, ...]


LANES = (
    Lane("Weapons tests", COLOURS["grey"], ("weapons-test",)),
    Lane("Sanctions and answers to them", COLOURS["ochre"], ("resolution", "deadline", "sanctions-response")),
    Lane("Diplomacy, border and dispatch", COLOURS["teal"], ("diplomacy", "border", "dispatch")),
    Lane("Control of workers", COLOURS["blue"], ("control",)),
    Lane(
        "Departure, escape, disappearance, unrest",
        COLOURS["vermilion"],
        ("defection", "escape", "disappearance", "unrest"),
    ),
    Lane("The articles themselves", COLOURS["purple"], ("publication",)),
)

DOUBTFUL = "disputed or unverified"


@dataclass(frozen=True)
class Entry:
    """One event, or one article on the day or days on which it can have been published."""

    label: str
    when: str
    lane: int
    doubt: str
    basis: str
    tellers: tuple[str, ...]

    @property
    def start(self) -> float:
        """The earliest moment in decimal years."""
        return min(part.start for part in spans.stretches(self.when))

    @property
    def end(self) -> float:
        """The latest moment in decimal years."""
        return max(part.end for part in spans.stretches(self.when))

    @property
    def text(self) -> str:
        """The label as drawn: the word stands beside the hollow mark, so that neither has to be looked up."""
        return f"{self.label} ({self.doubt})" if self.doubt else self.label

    @property
    def colour(self) -> str:
        """The colour of its lane."""
        return LANES[self.lane].colour


def entries() -> list[Entry]:
    """All events and articles, by lane and then by their earliest possible day."""
    lane_of = {kind: number for number, lane in enumerate(LANES) for kind in lane.kinds}
    found = [
        Entry(
            row["label"],
            row["when"],
            lane_of[row["kind"]],
            marks.event_doubt(row),
            row["when_basis"],
            EVIDENCE.event_sources.get(event_id, ()),
        )
        for event_id, row in EVIDENCE.events.items()
    ]
    found += [
        Entry(_outlet(source_id), row["published"], lane_of["publication"], "", "", (source_id,))
        for source_id, row in EVIDENCE.sources.items()
    ]
    return sorted(found, key=lambda entry: (entry.lane, entry.start, entry.end, entry.label))


@charts.figure
def chain(size: Size) -> Drawing:
    """What happened when, so far as it can be told, in lanes by kind, the articles in one of their own."""
    shown = entries()
    picture = _down(shown, size) if size.is_narrow else _across(shown, size)
    chart = marks.titled(
        picture,
        size,
        "Sanctions can be dated to the day; what happened to the workers mostly cannot",
        f"Events told in the articles or needed to date them, {_years(shown)}, in lanes by kind"
        + size.choose("", "; years with more events are drawn longer"),
    )
    return Drawing(chart, _alt(shown), _table(shown))


def _outlet(source_id: str) -> str:
    return marks.source_label(source_id).rpartition(",")[0]


def _domain(shown: Sequence[Entry]) -> tuple[int, int]:
    return floor(min(entry.start for entry in shown)), ceil(max(entry.end for entry in shown))


def _years(shown: Sequence[Entry]) -> str:
    first, last = _domain(shown)
    return f"{first} to {last - 1}"


def _across(shown: Sequence[Entry], size: Size) -> alt.LayerChart:
    """Lanes one above another, time from left to right, each label beside its mark."""
    first, last = _domain(shown)
    per_year = (size.width - 16) / (last - first)
    axis = spans.Axis(is_down=False, pixels=per_year, thickness=0.5)
    items, texts, headings, rules = [], [], [], []
    top = 0.0
    for number, lane in enumerate(LANES):
        members = [entry for entry in shown if entry.lane == number]
        if not members:
            continue
        sides = [_side(entry, per_year, first, last) for entry in members]
        rows = dodge.packed([reach for _, reach in sides])
        headings.append({"start": first, "lane": top + 0.75, "text": lane.heading, "colour": lane.colour})
        rules.append({"lane": top + 0.1})
        for entry, (is_right, _), row in zip(members, sides, rows, strict=True):
            y = top + 1.9 + row
            items.append(spans.Dated(entry.when, y, entry.colour, bool(entry.doubt)))
            at = entry.end + 7 / per_year if is_right else entry.start - 7 / per_year
            texts.append({"start": at, "lane": y, "text": entry.text, "is_right": is_right})
        top += 2.6 + max(rows)
    key_items, key_texts = _key(axis, [first + step / per_year for step in (6, 196, 380, 546)], [top + 1] * 4)
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(format="d", values=list(range(first, last)), title=None, orient="top", labelAlign="left"),
    )
    y = alt.Y("lane:Q", scale=alt.Scale(domain=[0, top + 1.6], reverse=True, nice=False), axis=None)
    separators = alt.Chart(pd.DataFrame([*rules, {"lane": top + 0.1}])).mark_rule(color=COLOURS["grid"])
    layers = [
        separators.encode(y=y),
        *spans.layers([*items, *key_items], axis, x, y),
        *_sided(texts, x, y),
        marks.text_layer(key_texts, x, y, fontSize=FONT, color=COLOURS["muted"]),
        _headings(headings, x, y),
    ]
    return alt.layer(*layers).properties(height=(top + 1.6) * ROW)


def _side(entry: Entry, per_year: float, first: int, last: int) -> tuple[bool, tuple[float, float]]:
    """Whether the label fits to the right of the mark, and the pixels that mark and label take."""
    start, end = (entry.start - first) * per_year, (entry.end - first) * per_year
    width = len(entry.text) * CHARACTER + 12
    if end + width <= (last - first) * per_year:
        return True, (start - 8, end + width)
    return False, (start - width, end + 8)


def _down(shown: Sequence[Entry], size: Size) -> alt.LayerChart:
    """Time from top to bottom in pixels, lanes as columns, labels to the right with a line to their mark."""
    first, last = _domain(shown)
    ordered = sorted(shown, key=lambda entry: (entry.start, entry.lane, entry.end))
    lines = [textwrap.wrap(entry.text, 28) for entry in ordered]
    heights = [LINE * len(each) + 4 for each in lines]
    edges = year_edges(first, last, ordered, heights)
    axis = spans.Axis(is_down=True, pixels=1, thickness=0.5, place=lambda year: _between(edges, year - first))
    column, middles_of_lanes = _columns(ordered)
    edge = max(column) + 1.4
    heads = [_head(entry, axis) for entry in ordered]
    # Vega hangs further lines below the first, so that one is what the line leads to.
    anchors = [
        middle - LINE * (len(each) - 1) / 2
        for middle, each in zip(dodge.spread(heads, heights, -6), lines, strict=True)
    ]
    grid, faint = COLOURS["grid"], COLOURS["grey"]
    leads = [
        {"lane": at + 0.5, "start": head, "lane2": edge, "end": head, "colour": grid}
        for head, at in zip(heads, column, strict=True)
    ] + [
        {"lane": edge, "start": head, "lane2": edge + 0.9, "end": anchor, "colour": faint}
        for head, anchor in zip(heads, anchors, strict=True)
    ]
    texts = [
        {"lane": edge + 1.1, "start": anchor, "text": "\n".join(each)}
        for anchor, each in zip(anchors, lines, strict=True)
    ]
    letters = {number: chr(ord("A") + place) for place, number in enumerate(middles_of_lanes)}
    tops = [
        {"lane": middles_of_lanes[number], "start": -18.0, "text": letter, "colour": LANES[number].colour}
        for number, letter in letters.items()
    ]
    names = [
        {
            "lane": YEARS,
            "start": -42.0 - 16 * (len(letters) - 1 - place),
            "text": f"{letter}  {LANES[number].heading}",
            "colour": LANES[number].colour,
        }
        for place, (number, letter) in enumerate(letters.items())
    ]
    items = [
        spans.Dated(entry.when, at + 0.5, entry.colour, bool(entry.doubt))
        for entry, at in zip(ordered, column, strict=True)
    ]
    bottom = max(edges[-1], anchors[-1] + heights[-1])
    key_items, key_texts = _key(axis, [bottom + 20 + 20 * step for step in range(4)], [YEARS + 0.4] * 4)
    years = [{"lane": YEARS, "start": at + 8, "text": str(first + n)} for n, at in enumerate(edges[:-1])]
    rules = [{"lane": YEARS, "start": at, "lane2": edge, "end": at, "colour": grid} for at in edges]
    y = alt.Y("start:Q", axis=None, scale=alt.Scale(domain=[names[0]["start"] - 10, bottom + 90], reverse=True))
    x = alt.X("lane:Q", axis=None, scale=alt.Scale(domain=[YEARS, RIGHT], nice=False))
    lines_drawn = alt.Chart(pd.DataFrame(rules + leads)).mark_rule(strokeWidth=0.8)
    layers = [
        lines_drawn.encode(x=x, y=y, x2=alt.X2("lane2"), y2=alt.Y2("end"), color=alt.Color("colour:N", scale=None)),
        *spans.layers([*items, *key_items], axis, x, y),
        marks.text_layer(years, x, y, fontSize=FONT, color=COLOURS["muted"]),
        marks.text_layer(texts, x, y, fontSize=FONT),
        marks.text_layer(key_texts, x, y, fontSize=FONT, color=COLOURS["muted"]),
        _headings(tops, x, y, align="center"),
        _headings(names, x, y),
    ]
    return alt.layer(*layers).properties(height=bottom + 100 - names[0]["start"])


def year_edges(first: int, last: int, ordered: Sequence[Entry], heights: Sequence[float]) -> list[float]:
    """Where each year begins and the last one ends, in pixels: each as long as the labels in it need."""
    edges = [0.0]
    for year in range(first, last):
        needed = sum(height for entry, height in zip(ordered, heights, strict=True) if floor(entry.start) == year)
        edges.append(edges[-1] + max(SHORTEST_YEAR, needed + 6))
    return edges


def _between(edges: Sequence[float], years: float) -> float:
    """The pixel at that many years after the first edge."""
    whole = min(floor(years), len(edges) - 2)
    return edges[whole] + (years - whole) * (edges[whole + 1] - edges[whole])


def _columns(ordered: Sequence[Entry]) -> tuple[list[int], dict[int, float]]:
    """The column of each entry, as many to a lane as it needs, and the middle of each lane's columns."""
    columns = {}
    tops = {}
    start = 0
    for number in range(len(LANES)):
        members = [entry for entry in ordered if entry.lane == number]
        if members:
            rows = dodge.packed([(entry.start - 0.02, entry.end + 0.06) for entry in members])
            columns |= {id(entry): start + row for entry, row in zip(members, rows, strict=True)}
            tops[number] = start + (max(rows) + 1) / 2
            start += max(rows) + 1
    return [columns[id(entry)] for entry in ordered], tops


def _head(entry: Entry, axis: spans.Axis) -> float:
    """Where the line to the label leaves the mark: its first dot, or just inside its bar."""
    part = axis.placed(spans.stretches(entry.when)[0])
    return part.start + 4 / axis.pixels if axis.is_bar(part) else part.middle


def _key(
    axis: spans.Axis, starts: Sequence[float], lanes: Sequence[float]
) -> tuple[list[spans.Sample], list[dict[str, Any]]]:
    """Samples of the four kinds of mark at these places, and what they mean."""
    pixel = 1 / axis.pixels
    half = (5 if axis.is_down else 8) * pixel
    shapes = (((0, 0),), ((-half, half),), ((-half, -half), (half, half)), ((0, 0),))
    meanings = (
        "known to the day or nearly",
        "some or all of this time",
        "one of these dates",
        DOUBTFUL,
    )
    widths = (8, 14, 17, 8)
    samples = [
        spans.Sample(tuple((at + a, at + b) for a, b in shape), lane, COLOURS["muted"], meaning == DOUBTFUL)
        for at, lane, shape, meaning in zip(starts, lanes, shapes, meanings, strict=True)
    ]
    texts = [
        {
            "start": at + (0 if axis.is_down else width * pixel),
            "lane": lane + (0.9 if axis.is_down else 0),
            "text": text,
        }
        for at, lane, width, text in zip(starts, lanes, widths, meanings, strict=True)
    ]
    return samples, texts


def _sided(texts: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    layers = []
    for is_right, align in ((True, "left"), (False, "right")):
        rows = [{"start": t["start"], "lane": t["lane"], "text": t["text"]} for t in texts if t["is_right"] is is_right]
        if rows:
            layers.append(marks.text_layer(rows, x, y, fontSize=FONT, align=align))
    return layers


def _headings(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, align: str = "left") -> alt.Chart:
    drawn = marks.text_layer(rows, x, y, fontSize=FONT, fontWeight=600, align=align)
    return drawn.encode(color=alt.Color("colour:N", scale=None))


def _alt(shown: Sequence[Entry]) -> str:
    events = [entry for entry in shown if LANES[entry.lane].kinds != ("publication",)]
    articles = [entry for entry in shown if entry not in events]
    exact = [entry for entry in events if entry.start + 1 / 300 > entry.end]
    doubtful = [f"{entry.text}, {dates.words(entry.when)}" for entry in events if entry.doubt]
    return marks.alt_text(
        f"Time line, {_years(shown)}, with {len(events)} events by kind and {len(articles)} articles.",
        f"Dated to a day: {marks.listed(entry.label for entry in exact)}; the others have a range or a set of "
        "possible dates."
        if exact
        else "",
        f"In doubt, and drawn hollow: {'; '.join(doubtful)}." if doubtful else "",
        "The articles: " + "; ".join(f"{entry.label}, {dates.words(entry.when)}" for entry in articles) + ".",
    )


def _table(shown: Sequence[Entry]) -> pd.DataFrame:
    basis = {
        "external": "reference sources",
        "inferred": "inferred from an article",
        "stated": "stated in an article",
    }
    return pd.DataFrame(
        {
            "Lane": [LANES[entry.lane].heading for entry in shown],
            "Event or article": [entry.label for entry in shown],
            "Date": [dates.words(entry.when) for entry in shown],
            "Date known from": [basis.get(entry.basis, "see the source's card") for entry in shown],
            "Doubt": [entry.doubt or "–" for entry in shown],
            "Told by": ["; ".join(map(marks.source_label, entry.tellers)) or "reference only" for entry in shown],
        }
    )
