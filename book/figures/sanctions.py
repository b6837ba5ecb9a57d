"""What the Security Council asked of states that host workers: the resolutions as steps, and the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import HEAD, SMALL, Canvas, Listing, Scale, Symbol, drawing
from evidencebook.drawing.stretches import decimal_year, stretches, unbroken
from evidencebook.evidence import capital
from evidencebook.tables import Row
from evidencebook.values import dates
from figures import EVIDENCE, TABLES

# The effects on workers from the weakest to the strictest, in the words of the table: the steps of the figure.
STEPS = next(field.labels for field in TABLES["resolutions"].fields if field.name == "effect")
RISE = 70  # pixels from step to step
TEST = Symbol("triangle-up", 60, "grey", line=0)
BINDING, LOOSE = Symbol("circle", 95, "ochre", line=2), Symbol("circle", 95, "ochre", opacity=0, line=2)
KEY = [(TEST, "weapons test or launch"), (BINDING, "binding on workers"), (LOOSE, "not binding on them")]


@charts.figure
def resolutions(size: Size) -> Drawing:
    """The resolutions as steps: what each did about workers, the test before it, and the deadline."""
    rows = sorted(TABLES["resolutions"].rows, key=lambda row: row["adopted"])
    columns = {
        "Resolution": lambda row: row["resolution"],
        "Adopted": lambda row: _day(row["adopted"]),
        "After": lambda row: capital(_trigger(row)),
        "Test dated by": lambda row: EVIDENCE.label("resolutions", "trigger_date_basis", row["trigger_date_basis"]),
        "Effect": _effect,
        "About workers": lambda row: row["summary"],
        "Binding": lambda row: "yes" if row["is_binding"] else "no",
        "Deadline": lambda row: _day(row["deadline"]) if row["deadline"] else "",
        "Read at": lambda row: row["url"],
        "Confirmed": lambda row: row["confirmation"],
    }
    deadlines = [f"{row['resolution']} by {_day(row['deadline'])}" for row in rows if row["deadline"]]
    loose = [str(row["resolution"]) for row in rows if not row["is_binding"]]
    return drawing(
        _ladder(rows, size) if size.is_narrow else _stairs(rows, size),
        size,
        "Each resolution listed went further on workers than the last and followed a weapons test",
        "What the Security Council did about North Koreans working abroad, by day of adoption in New York"
        + size.choose("", "; not to scale in time"),
        Listing(rows, columns, "Resolution {Resolution} of {Adopted}: {Effect} (after: {After})"),
        f"Time line of {len(rows)} Security Council resolutions as rising steps.",
        f"Deadline set: {', '.join(deadlines)}." if deadlines else "",
        f"Without a binding paragraph on workers: {', '.join(loose)}." if loose else "",
        drawn_from="tab-resolutions",
    )


def _day(day: date) -> str:
    return dates.words(day.isoformat())


def _trigger(row: Row) -> str:
    return f"{row['trigger']}, {dates.words(row['trigger_date'])}"


def _effect(row: Row) -> str:
    is_known = row["effect"] != "none" or row["confirmation"] != "unconfirmed"
    return STEPS[row["effect"]] + ("" if is_known else ", to our knowledge")


def _level(row: Row) -> int:
    return list(STEPS).index(row["effect"])


def _words(canvas: Canvas, row: Row, x: float, y: float, room: float) -> float:
    y = canvas.text(x, y, f"{row['resolution']}: {_effect(row)}", HEAD)
    y = canvas.text(x, y, _day(row["adopted"]), SMALL)
    return canvas.text(x, y, unbroken(f"After: {_trigger(row)}"), SMALL, room=room)


def _stairs(rows: Sequence[Row], size: Size) -> alt.LayerChart:
    """Time from left to right, steps upwards; the room below the stairs holds the labels."""
    canvas = Canvas(size)
    ends = [decimal_year(day) for row in rows for day in (row["adopted"], row["deadline"]) if day]
    time = Scale(int(min(ends)), max(ends) + 0.55, 6, canvas.room)
    limits = [(time.at(decimal_year(row["deadline"])), _day(row["deadline"])) for row in rows if row["deadline"]]
    bottom = 74 + RISE * max(map(_level, rows))
    floor = bottom + 62
    at = [time.at(decimal_year(row["adopted"])) for row in rows]
    for number, row in enumerate(rows):
        y, is_last = bottom - RISE * _level(row), number == len(rows) - 1
        until = canvas.room if is_last else at[number + 1]
        canvas.rule(at[number], y, until, y, "ochre", 2.5)
        if not is_last:
            canvas.rule(until, y, until, bottom - RISE * _level(rows[number + 1]), "ochre", 2.5)
        for part in stretches(row["trigger_date"]):  # each test has its own day
            canvas.rule(time.at(part.middle), y, at[number], y, "grey", 1, (2, 2))
            canvas.symbol(time.at(part.middle), y, TEST)
        canvas.symbol(at[number], y, BINDING if row["is_binding"] else LOOSE)
        # The room is to the right of the next riser; the last step has it above its tread.
        left = at[number] + 12 if is_last else until + 9
        right = canvas.room if is_last or not limits else limits[0][0] - (120 if number == 0 else 6)
        _words(canvas, row, left, y - 58 if is_last else y - 2, right - left)
    for x, day in limits:
        canvas.rule(x, bottom - RISE * max(map(_level, rows)), x, floor, "vermilion", 2, (6, 3))
        canvas.text(x - 8, floor - 30, ["Deadline", day], HEAD.tinted("vermilion"), align="right")
    canvas.rule(time.left, floor, time.right, floor, "muted")
    for year in range(int(time.low), int(time.high) + 1):
        canvas.rule(time.at(year), floor, time.at(year), floor + 5, "muted")
        canvas.text(time.at(year), floor + 15, str(year), SMALL, align="center" if year > time.low else "left")
    y = 8.0
    for symbol, meaning in KEY:  # in the empty corner above the stairs
        y = canvas.symbols_key(y - 8, [(symbol, meaning)]) + 7
    return canvas.chart(floor + 24)


def _ladder(rows: Sequence[Row], size: Size) -> alt.LayerChart:
    """One row to a resolution: its text above, its step along a scale of steps."""
    canvas = Canvas(size)
    step = canvas.room / (len(STEPS) - 1)
    y = 8.0
    for row in rows:
        y = _words(canvas, row, 0, y, canvas.room) + 4
        for number in range(len(STEPS) - 1):
            box = (step * number + 1, y - 8, step * (number + 1) - 1, y + 8)
            canvas.box(*box, "ochre", 0.3 if number < _level(row) else 0, radius=2)
            canvas.box(*box, "grey", 0, 0.7, radius=2)
        if _level(row):
            canvas.symbol(step * (_level(row) - 0.5), y, BINDING if row["is_binding"] else LOOSE)
        if row["deadline"]:
            y = canvas.text(0, y + 25, f"Deadline: {_day(row['deadline'])}", HEAD.tinted("vermilion")) - 14
        y += 34
    y = canvas.symbols_key(y - 8, KEY[1:]) + 8
    y = canvas.text(0, y, "Boxes: vigilance, cap, ban, return; shaded as far as it goes", SMALL, room=canvas.room)
    if not all(map(_level, rows)):
        y = canvas.text(0, y, "No circle: nothing on workers", SMALL)
    return canvas.chart(y - 4)
