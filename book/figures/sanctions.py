"""What the Security Council asked of states that host workers; `deadline` draws what is told after its deadline."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import COLOURS, Drawing, Size
from evidencebook.tables import Row
from evidencebook.values import dates
from figures import TABLES, marks, spans
from figures.deadline import DEADLINE, after_deadline, reports

__all__ = ["DEADLINE", "after_deadline", "reports", "resolutions"]

# The effects on workers from the weakest to the strictest, in the words of the table: the steps of the figure.
STEPS = marks.labels("resolutions", "effect")
BASES = {"utc": "universal time", "local": "Korean time", "un_text": "the text of the resolution"}
RISE = 68  # pixels from step to step
DEADLINE_LABEL = 116  # pixels beside the rule of the deadline


@charts.figure
def resolutions(size: Size) -> Drawing:
    """The resolutions as steps: what each did about workers, the test before it, and the deadline."""
    rows = sorted(TABLES["resolutions"].rows, key=lambda row: row["adopted"])
    chart = marks.titled(
        _ladder(rows, size) if size.is_narrow else _stairs(rows, size),
        size,
        "Each resolution listed went further on workers than the last and followed a weapons test",
        "What the Security Council did about North Koreans working abroad, by day of adoption in New York"
        + size.choose("", "; not to scale in time"),
    )
    return Drawing(
        chart,
        _resolutions_alt(rows),
        _resolutions_table(rows),
        drawn_from="tab-resolutions",
    )


def _day(day: date) -> str:
    return dates.words(day.isoformat())


def _test(row: Row) -> str:
    """The test that came before, with its day or days."""
    return spans.unbroken(f"After: {_trigger(row)}")


def _trigger(row: Row) -> str:
    return f"{row['trigger']}, {dates.words(row['trigger_date'])}"


def _effect(row: Row) -> str:
    known = "" if row["effect"] != "none" or row["confirmation"] != "unconfirmed" else ", to our knowledge"
    return STEPS[row["effect"]] + known


def _level(row: Row) -> int:
    return list(STEPS).index(row["effect"])


def _dots(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    chart = alt.Chart(pd.DataFrame(list(rows))).mark_point(
        shape="circle", size=95, strokeWidth=2, opacity=1, stroke=COLOURS["ochre"]
    )
    return chart.encode(x=x, y=y, fill=alt.Fill("fill:N", scale=None))


def _triangles(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    chart = alt.Chart(pd.DataFrame(list(rows))).mark_point(
        shape="triangle-up", size=60, filled=True, opacity=1, color=COLOURS["grey"]
    )
    return chart.encode(x=x, y=y)


def _fill(row: Row) -> str:
    return COLOURS["ochre"] if row["is_binding"] else spans.HOLLOW


def _stairs(rows: Sequence[Row], size: Size) -> alt.LayerChart:
    """Time from left to right, steps upwards; the room below the stairs holds the labels."""
    at = [spans.decimal_year(row["adopted"]) for row in rows]
    level = [float(_level(row)) * RISE for row in rows]
    deadlines = [row["deadline"] for row in rows if row["deadline"]]
    limits = [spans.decimal_year(day) for day in deadlines]
    first, end = int(min(at)), max([*at, *limits]) + 0.55
    pixels = (size.width - 8) / (end - first)
    treads, texts, details, tests, threads = [], [], [], [], []
    for n, row in enumerate(rows):
        is_last = n == len(rows) - 1
        until = end if is_last else at[n + 1]
        treads.append({"start": at[n], "end": until, "level": level[n], "level2": level[n]})
        if not is_last:
            treads.append({"start": until, "end": until, "level": level[n], "level2": level[n + 1]})
        # The room is to the right of the next riser; the last step has it above its tread.
        left = at[n] + 0.09 if is_last else until + 0.06
        y = level[n] + (50 if is_last else 6)
        right = end if is_last else max(limits, default=end) - (DEADLINE_LABEL / pixels if n == 0 else 0)
        lines = textwrap.wrap(_test(row), int((right - left) * pixels / 5.5))
        texts.append({"start": left, "level": y, "text": f"{row['resolution']}: {_effect(row)}"})
        details.append({"start": left, "level": y - 16, "text": "\n".join([_day(row["adopted"]), *lines])})
        # Each test has its own day.
        for part in spans.stretches(row["trigger_date"]):
            tests.append({"start": part.middle, "level": level[n]})
            threads.append({"start": part.middle, "end": at[n], "level": level[n], "level2": level[n]})
    top = max(level) + 64
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[first, end], nice=False),
        axis=alt.Axis(format="d", values=list(range(first, int(end) + 1)), title=None, grid=False),
    )
    y_axis = alt.Y("level:Q", scale=alt.Scale(domain=[-56, top], nice=False), axis=None)
    dots = [{"start": a, "level": b, "fill": _fill(row)} for a, b, row in zip(at, level, rows, strict=True)]
    key = [{"start": first + 0.04, "level": top - 8 - 19 * n} for n in range(3)]
    meanings = ("weapons test or launch", "resolution that binds on workers", "resolution that does not bind on them")
    names = [
        {"start": place["start"] + 0.07, "level": place["level"], "text": text}
        for place, text in zip(key, meanings, strict=True)
    ]
    samples = [{**key[1], "fill": COLOURS["ochre"]}, {**key[2], "fill": spans.HOLLOW}]
    steps = alt.Chart(pd.DataFrame(treads)).mark_rule(color=COLOURS["ochre"], strokeWidth=2.5)
    thin = alt.Chart(pd.DataFrame(threads)).mark_rule(color=COLOURS["grey"], strokeDash=[2, 2])
    layers = [
        thin.encode(x=x, x2=alt.X2("end"), y=y_axis, y2=alt.Y2("level2")),
        steps.encode(x=x, x2=alt.X2("end"), y=y_axis, y2=alt.Y2("level2")),
        _triangles([*tests, key[0]], x, y_axis),
        _dots([*dots, *samples], x, y_axis),
        marks.text_layer(names, x, y_axis, color=COLOURS["muted"]),
        marks.text_layer(texts, x, y_axis, fontSize=12.5, fontWeight=600),
        marks.text_layer(details, x, y_axis, fontSize=11.5, lineHeight=14, color=COLOURS["muted"]),
        *_deadline_layers(deadlines, max(level), x, y_axis),
    ]
    return alt.layer(*layers).properties(height=top + 56)


def _deadline_layers(days: Sequence[date], top: float, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if not days:
        return []
    red = COLOURS["vermilion"]
    rules = [{"start": spans.decimal_year(day), "level": -56.0, "level2": top} for day in days]
    names = [
        {"start": spans.decimal_year(day) - 0.04, "level": -20.0, "text": f"Deadline\n{_day(day)}"} for day in days
    ]
    rule = alt.Chart(pd.DataFrame(rules)).mark_rule(color=red, strokeWidth=2, strokeDash=[6, 3])
    return [
        rule.encode(x=x, y=y, y2=alt.Y2("level2")),
        marks.text_layer(names, x, y, align="right", color=red, fontWeight=600),
    ]


def _ladder(rows: Sequence[Row], size: Size) -> alt.LayerChart:
    """One row to a resolution: its text above, its step along a scale of steps."""
    width = size.width - 8.0
    step = width / (len(STEPS) - 1)
    texts, details, dots, boxes = [], [], [], []
    y_at = 0.0
    for row in rows:
        lines = [_day(row["adopted"]), *textwrap.wrap(_test(row), 54)]
        texts.append({"across": 0.0, "down": y_at, "text": f"{row['resolution']}: {_effect(row)}"})
        details.append({"across": 0.0, "down": y_at + 17, "text": "\n".join(lines)})
        bar = y_at + 17 + 14 * len(lines) + 4
        boxes += [
            {
                "across": step * n + 1,
                "across2": step * (n + 1) - 1,
                "down": bar - 8,
                "down2": bar + 8,
                "fill": COLOURS["ochre"] if n < _level(row) else spans.HOLLOW,
            }
            for n in range(len(STEPS) - 1)
        ]
        if _level(row):
            dots.append({"across": step * (_level(row) - 0.5), "down": bar, "fill": _fill(row)})
        if row["deadline"]:
            bar += 25
            texts.append({"across": 0.0, "down": bar, "text": f"Deadline: {_day(row['deadline'])}"})
        y_at = bar + 33
    x = alt.X("across:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    bottom = y_at
    key = [
        {"across": 6.0, "down": bottom, "fill": COLOURS["ochre"]},
        {"across": 170.0, "down": bottom, "fill": spans.HOLLOW},
    ]
    meanings = [
        {"across": each["across"] + 12, "down": bottom, "text": text}
        for each, text in zip(key, ("binds on workers", "does not bind"), strict=True)
    ]
    bottom += 22
    meanings.append(
        {"across": 0.0, "down": bottom, "text": "Boxes: vigilance, cap, ban, return; shaded as far as it goes"}
    )
    if not all(map(_level, rows)):
        bottom += 18
        meanings.append({"across": 0.0, "down": bottom, "text": "No circle: nothing on workers"})
    y = alt.Y("down:Q", axis=None, scale=alt.Scale(domain=[-12, bottom + 12], reverse=True, nice=False))
    filled = alt.Chart(pd.DataFrame(boxes)).mark_rect(
        fillOpacity=0.3, stroke=COLOURS["grey"], strokeWidth=0.7, cornerRadius=2
    )
    layers = [
        filled.encode(x=x, x2=alt.X2("across2"), y=y, y2=alt.Y2("down2"), fill=alt.Fill("fill:N", scale=None)),
        _dots([*dots, *key], x, y),
        marks.text_layer(texts, x, y, fontSize=12.5, fontWeight=600),
        marks.text_layer(details, x, y, fontSize=11.5, lineHeight=14, color=COLOURS["muted"]),
        marks.text_layer(meanings, x, y, color=COLOURS["muted"]),
    ]
    return alt.layer(*layers).properties(height=bottom + 24)


def _resolutions_alt(rows: Sequence[Row]) -> str:
    told = [
        f"Resolution {row['resolution']} of {_day(row['adopted'])}: {_effect(row)} (after: {_trigger(row)})"
        for row in rows
    ]
    deadlines = [f"{row['resolution']} by {_day(row['deadline'])}" for row in rows if row["deadline"]]
    loose = [str(row["resolution"]) for row in rows if not row["is_binding"]]
    return marks.alt_text(
        f"Time line of {len(rows)} Security Council resolutions as rising steps.",
        "; ".join(told) + ".",
        f"Deadline set: {marks.listed(deadlines)}." if deadlines else "",
        f"Without a binding paragraph on workers: {marks.listed(loose)}." if loose else "",
    )


def _resolutions_table(rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Resolution": [str(row["resolution"]) for row in rows],
            "Adopted": [_day(row["adopted"]) for row in rows],
            "After": [marks.capital(_trigger(row)) for row in rows],
            "Test dated by": [BASES[row["trigger_date_basis"]] for row in rows],
            "About workers": [row["summary"] for row in rows],
            "Binding": ["yes" if row["is_binding"] else "no" for row in rows],
            "Deadline": [_day(row["deadline"]) if row["deadline"] else "–" for row in rows],
            "Read at": [row["url"] for row in rows],
            "Confirmed": [row["confirmation"] for row in rows],
        }
    )
