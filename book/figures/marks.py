"""Pieces that the figures of all chapters share: titles, labels, and marks that keep open bounds open."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import ABOUT, COLOURS, FACTS, Size
from evidencebook.evidence import Fact, short_citation, stance, words
from evidencebook.tables import Row
from evidencebook.values import Interval, dates
from figures import EVIDENCE, TABLES

# How a voice can stand to what it does not state or conclude as so; whether a fact is doubtful is the engine's `doubt`.
UNFIRM = ("rumoured", "projected", "disputed")
TAIL_DASH = [5, 3]
BAR_END = 15  # height of the bar that ends a bounded side, in pixels
# The same bar end as an outline, for values that are not firm; Vega scales paths by half the root of the size.
HOLLOW_END = "M-0.16,-1L0.16,-1L0.16,1L-0.16,1Z"

RIM = 3  # pixels, half of them outside the letters
APOSTROPHE = re.compile(r"(?<=\w)'")

Position = Callable[[str], Any]  # column name -> encoding of one axis


def _lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def wrap(text: str, size: Size, wide: int = 80, narrow: int = 42) -> list[str]:
    """The text in lines of at most that many characters; non-breaking spaces keep their words together."""
    return _lines(text, size.choose(wide, narrow))


def typeset(text: str) -> str:
    """The text with apostrophes as printers set them; tables hold them as typewriters do."""
    return APOSTROPHE.sub("\u2019", text)


def balanced(text: str, width: int) -> list[str]:
    """The lines of a title, as few as fit into so many letters and as even as can be: no word is left alone."""
    lines = _lines(text, width)
    for narrower in range(width - 1, 0, -1):
        tried = _lines(text, narrower)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def titled(chart: Any, size: Size, title: str, subtitle: str = "") -> Any:
    """The chart with a wrapped title (what is seen) and subtitle (unit and scope)."""
    lines = wrap(typeset(subtitle), size, 112, 56) if subtitle else alt.Undefined
    # In place: `properties()` would copy every layer of the chart, three times over.
    chart["title"] = alt.Title(balanced(typeset(title), size.choose(90, 44)), subtitle=lines, frame="bounds")
    return chart


def source_label(source_id: str) -> str:
    """The short citation of a source: "Daily NK, 2018" or "Reuters via Another Site, 2024"."""
    return short_citation(EVIDENCE.sources[source_id])


def sources_label(fact_id: str) -> str:
    """The short citations of all sources behind a claim or derived value."""
    return "; ".join(source_label(source_id) for source_id in EVIDENCE.used_sources(fact_id))


def labels(table: str, column: str) -> Mapping[str, str]:
    """The words that readers see for the values of a column, from the table's contract; a value without has none."""
    return next(field.labels for field in TABLES[table].fields if field.name == column)


def theme_label(theme: str) -> str:
    """The name of a theme of claims: that of the contract, or its own."""
    return capital(EVIDENCE.theme(theme))


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def claims(number: int) -> str:
    """So many claims: "1 claim", "12 claims"."""
    return f"{number} claim{'' if number == 1 else 's'}"


def date_label(edtf: str | None) -> str:
    """The EDTF date in words, or a dash where a row has none."""
    return dates.words(edtf) if edtf else "–"


def value_label(fact: Fact) -> str:
    """The fact in words, with a tilde for "about": "~800", "up to 90%", "not put in figures"."""
    if fact.quantity_interval is None:
        return "not put in figures"
    text = words(fact)
    return f"~{text.removeprefix('about ')}" if text.startswith("about ") else text


def spoken(fact: Fact) -> str:
    """The fact in words for alternative texts, its doubt included: a tilde is read out as a sign or not at all."""
    value = "not put in figures" if fact.quantity_interval is None else words(fact)
    return value + doubt(fact)


def doubt(fact: Fact) -> str:
    """What a label says after a doubtful value: ", rumoured", or ", if the rumour holds" for what rests on one."""
    said = stance(fact)
    return f", {said}" if said else ""


def event_doubt(event: Row) -> str:
    """What is doubtful about an event: "disputed", "unverified", or nothing."""
    return "disputed" if event["is_disputed"] else "unverified" if event["is_unverified"] else ""


def listed(parts: Iterable[str], conjunction: str = "and") -> str:
    """The parts as in a sentence: "a, b and c"."""
    *head, last = list(parts)
    return f"{', '.join(head)} {conjunction} {last}" if head else last


@dataclass(frozen=True)
class Mark:
    """One value to draw: its row, its interval (None: no mark), and where the tail of an open side fades out.

    `tail` is a position on the value axis, for layout only: it says nothing about the value. A mark that is
    not `firm` (doubtful by the rule of the engine) is drawn hollow. `start` is where the amount is measured from,
    for parts of a sum: a pale band joins it to the lower bound. `facts` are the ids of what it stands for, `about` says
    in words what that is.
    """

    row: str | float
    interval: Interval | None
    tail: float | None = None
    firm: bool = True
    colour: str = COLOURS["blue"]
    start: float | None = None
    facts: str = ""
    about: str = ""

    @property
    def common(self) -> dict[str, Any]:
        """The columns of every part of the mark."""
        return {"row": self.row, "colour": self.colour, FACTS: self.facts, ABOUT: self.about}


def interval_layers(marks: Iterable[Mark], x: Position, y: Any) -> list[alt.Chart]:
    """Layers for points, ranges and open bounds; `y` encodes the column `row`, `x("value")` any position.

    A point is a disc; a range a bar between two bar ends; a bound a bar end with a dashed tail and an arrow
    towards its open side, which has no bar end.
    """
    marks = [mark for mark in marks if mark.interval is not None]
    layers = _bands([mark for mark in marks if mark.start is not None], x, y)
    for firm in (True, False):
        chosen = [mark for mark in marks if mark.firm is firm]
        layers += _ranges([mark for mark in chosen if _is_range(mark.interval)], x, y, firm)
        layers += _tails([mark for mark in chosen if _is_open(mark.interval)], x, y, firm)
        layers += _ends(chosen, x, y, firm)
        layers += _points([mark for mark in chosen if mark.interval and mark.interval.is_point], x, y, firm)
    return layers


def text_layer(rows: Iterable[dict[str, Any]], x: Any, y: Any, ground: str = "paper", **style: Any) -> alt.Chart:
    """Text marks from rows with a column `text` (line breaks as newlines) beside the encoded columns.

    A rim in the colour of the `ground` keeps grid lines and outlines out of the letters; none where it is empty.
    """
    rim = {"stroke": COLOURS[ground], "strokeWidth": RIM} if ground else {}
    style = {"align": "left", "baseline": "middle", "lineBreak": "\n", "color": COLOURS["ink"], **rim, **style}
    frame = pd.DataFrame([{**row, "text": typeset(row["text"])} for row in rows])
    return alt.Chart(frame).mark_text(**style).encode(x=x, y=y, text=alt.Text("text:N"))


def heat_layers(cells: pd.DataFrame, x: Any, y: Any, strongest: float = 0.5) -> list[alt.Chart]:
    """Shaded squares with their number in them, from the columns of x and y and `count`; empty cells stay blank.

    One hue by opacity, so that the order survives grey print and the dark page, and never so strong that the
    number loses contrast.
    """
    filled = cells[cells["count"] > 0]
    shade = alt.FillOpacity(
        "count:Q",
        scale=alt.Scale(type="sqrt", domain=[0, int(cells["count"].max())], range=[0, strongest]),
        legend=None,
    )
    squares = alt.Chart(filled).mark_rect(fill=COLOURS["blue"]).encode(x=x, y=y, fillOpacity=shade)
    frames = alt.Chart(cells).mark_rect(fill=None, stroke=COLOURS["grid"], strokeWidth=1).encode(x=x, y=y)
    numbers = alt.Chart(filled).mark_text(color=COLOURS["ink"], fontSize=12).encode(x=x, y=y, text=alt.Text("count:Q"))
    return [squares, frames, numbers]


def alt_text(*sentences: str) -> str:
    """The sentences as one text, without the non-breaking spaces that printing needs."""
    return " ".join(sentence.strip() for sentence in sentences if sentence).replace("\u00a0", " ")


def _is_range(interval: Interval | None) -> bool:
    return bool(interval and interval.low is not None and interval.high is not None and not interval.is_point)


def _is_open(interval: Interval | None) -> bool:
    return bool(interval and (interval.low is None) != (interval.high is None))


def _colour() -> alt.Color:
    return alt.Color("colour:N", scale=None, legend=None)


def _bands(marks: list[Mark], x: Position, y: Any) -> list[alt.Chart]:
    if not marks:
        return []
    rows = [{**m.common, "value": m.start, "value2": float(m.interval.low)} for m in marks]
    band = alt.Chart(pd.DataFrame(rows)).mark_rule(strokeWidth=BAR_END - 2, opacity=0.25)
    return [band.encode(x=x("value"), x2=alt.X2("value2:Q"), y=y, color=_colour())]


def _ranges(marks: list[Mark], x: Position, y: Any, firm: bool) -> list[alt.Chart]:
    if not marks:
        return []
    rows = [{**m.common, "value": float(m.interval.low), "value2": float(m.interval.high)} for m in marks]
    dash = alt.Undefined if firm else TAIL_DASH
    rule = alt.Chart(pd.DataFrame(rows)).mark_rule(strokeWidth=4, strokeDash=dash)
    return [rule.encode(x=x("value"), x2=alt.X2("value2:Q"), y=y, color=_colour())]


def _tails(marks: list[Mark], x: Position, y: Any, firm: bool) -> list[alt.Chart]:
    layers: list[alt.Chart] = []
    for shape, bound in (("triangle-left", "high"), ("triangle-right", "low")):
        rows = [
            {**m.common, "value": float(value), "value2": m.tail}
            for m in marks
            if (value := getattr(m.interval, bound)) is not None
        ]
        if any(row["value2"] is None for row in rows):
            raise ValueError("an open bound needs a tail: say where on the axis it fades out")
        if rows:
            frame = pd.DataFrame(rows)
            rule = alt.Chart(frame).mark_rule(strokeWidth=2, strokeDash=TAIL_DASH)
            tips = alt.Chart(frame[["row", "value2", "colour", FACTS, ABOUT]])
            arrow = tips.mark_point(shape=shape, size=60, filled=firm, opacity=1, strokeWidth=1.5)
            layers += [
                rule.encode(x=x("value"), x2=alt.X2("value2:Q"), y=y, color=_colour()),
                arrow.encode(x=x("value2"), y=y, color=_colour()),
            ]
    return layers


def _ends(marks: list[Mark], x: Position, y: Any, firm: bool) -> list[alt.Chart]:
    rows = [
        {**mark.common, "value": float(bound)}
        for mark in marks
        if mark.interval is not None and not mark.interval.is_point
        for bound in (mark.interval.low, mark.interval.high)
        if bound is not None
    ]
    if not rows:
        return []
    bars = alt.Chart(pd.DataFrame(rows))
    if firm:
        bars = bars.mark_tick(orient="vertical", thickness=3, size=BAR_END, opacity=1)
    else:
        bars = bars.mark_point(shape=HOLLOW_END, size=BAR_END**2, filled=False, strokeWidth=1.5, opacity=1)
    return [bars.encode(x=x("value"), y=y, color=_colour())]


def _points(marks: list[Mark], x: Position, y: Any, firm: bool) -> list[alt.Chart]:
    if not marks:
        return []
    rows = [{**m.common, "value": float(m.interval.low)} for m in marks]
    style = {"filled": True} if firm else {"filled": False, "strokeWidth": 2, "strokeDash": [3, 2]}
    dots = alt.Chart(pd.DataFrame(rows)).mark_point(shape="circle", size=110, opacity=1, **style)
    return [dots.encode(x=x("value"), y=y, color=_colour())]
