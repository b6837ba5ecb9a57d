"""What the Security Council asked of states that host workers, and what is told after its deadline."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from evidencebook import charts, dates
from evidencebook.charts import COLOURS, FACTS, Drawing, Size
from evidencebook.facts import Fact
from evidencebook.tables import Row
from evidencebook.wording import words
from figures import EVIDENCE, TABLES, marks, spans

# The effects on workers from the weakest to the strictest: the steps of the figure.
STEPS = {
    "none": "nothing on workers",
    "vigilance": "a call for vigilance",
    "cap": "a cap on work authorizations",
    "ban_new": "a ban on new authorizations",
    "repatriate": "workers to be sent home, with exceptions",
}
BASES = {"utc": "universal time", "local": "Korean time", "un_text": "the text of the resolution"}
DEADLINE = "repatriation-deadline-2019"
RISE = 68  # pixels from step to step
DEADLINE_LABEL = 116  # pixels beside the rule of the deadline


@charts.figure
def resolutions(size: Size) -> Drawing:
    """The resolutions as steps: what each did about workers, the test before it, and the deadline."""
    rows = sorted(TABLES["resolutions"].rows, key=lambda row: row["adopted"])
    chart = marks.titled(
        _ladder(rows, size) if size.is_narrow else _stairs(rows, size),
        size,
        "Of the resolutions listed, each went further on workers, each after a weapons test",
        "What the Security Council did about North Koreans working abroad, by day of adoption in New York"
        + size.choose("", "; not to scale in time"),
    )
    return Drawing(
        chart,
        _resolutions_alt(rows),
        _resolutions_table(rows),
        shows="What each resolution asked of states that host workers, by this report's table of resolutions.",
        omits="Whether states complied, and that a test caused a resolution: the chart shows only which came first.",
    )


def _day(day: date) -> str:
    return dates.words(day.isoformat())


def _test(row: Row) -> str:
    """The test that came before, with its day or days."""
    return spans.unbroken(f"After: {_trigger(row)}")


def _trigger(row: Row) -> str:
    return f"{row['trigger']}, {dates.words(row['trigger_date'])}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _effect(row: Row) -> str:
    known = "" if row["effect"] != "none" or row["confirmation"] == "seen" else ", to our knowledge"
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
        for part in _test_days(row):
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
    meanings = ("weapons test or launch", "resolution that binds on workers", "resolution that does not")
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


def _test_days(row: Row) -> list[spans.Stretch]:
    """The tests of a resolution, each on its own day: a list in braces means all of its dates."""
    texts = [text.strip() for text in row["trigger_date"].strip("{}").split(",")]
    return [part for text in texts for part in spans.stretches(text)]


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
        for each, text in zip(key, ("binds on workers", "does not"), strict=True)
    ]
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
            "After": [_capital(_trigger(row)) for row in rows],
            "Test dated by": [BASES[row["trigger_date_basis"]] for row in rows],
            "About workers": [row["summary"] for row in rows],
            "Binding": ["yes" if row["is_binding"] else "no" for row in rows],
            "Deadline": [_day(row["deadline"]) if row["deadline"] else "–" for row in rows],
            "Read at": [row["url"] for row in rows],
            "Confirmed": [row["confirmation"] for row in rows],
        }
    )


@dataclass(frozen=True)
class Report:
    """A claim on the time after the deadline, and how the figure names it; {} stands for its value.

    `caution` says what is uncertain about the voice.
    """

    claim_id: str
    label: str
    caution: str = ""


REPORTS = (
    Report("no-workers-repatriated-pandemic", "No workers abroad sent home"),
    Report("new-workers-sent-to-china", "New workers sent to China"),
    Report("china-workers-dailynk-total", "{} workers in China"),
    Report("unification-ministry-china-hosting", "China still hosts workers"),
    Report("cho-helong-violent-protests", "Violent protests in Helong"),
    Report("nis-repatriation-talks", "Talks on the workers' return"),
    Report("nis-repatriation-no-progress", "Talks have not advanced", "perhaps in the outlet’s words"),
    Report("state-department-workers-china", "{} workers in China"),
    Report("dispatch-preparations-sources", "Preparations to send more workers"),
    Report("evasion-two-countries", "Ways devised to avoid censure"),
    Report("new-dispatch-violates-resolution", "A new dispatch would be a breach"),
)
LOOSE = ("hearsay", "inferred", *marks.UNFIRM)


@dataclass(frozen=True)
class Told:
    """A report as drawn: when, in which words, by whom, and how firmly."""

    fact: Fact
    when: str
    label: str
    caution: str

    @property
    def voice(self) -> str:
        """Who says it, and through which article."""
        speaker = re.sub(r" \(.*?\)", "", self.fact.row["speaker"]).partition(",")[0]
        source = marks.source_label(self.fact.row["source_id"]).rpartition(",")[0]
        if source.startswith(speaker):
            return source
        return ", ".join(part for part in (speaker, self.caution, f"in {source}") if part)

    @property
    def doubt(self) -> str:
        """What keeps the report from being firm; empty where nothing does."""
        event = EVIDENCE.events.get(self.fact.row["event_id"] or "")
        if event and (doubt := marks.event_doubt(event)):
            return doubt
        return (
            {"inferred": "concluded"}.get(self.fact.modality, self.fact.modality) if self.fact.modality in LOOSE else ""
        )


def reports() -> list[Told]:
    """The reports in order of their earliest date; a timeless one stands at the dates of its article."""
    told = []
    for report in REPORTS:
        fact = EVIDENCE.fact(report.claim_id)
        value = "" if fact.quantity_interval is None else words(fact)
        label = report.label.format(value).strip()
        when = fact.when or EVIDENCE.sources[fact.row["source_id"]]["published"]
        told.append(Told(fact, when, _capital(label), report.caution))
    return sorted(told, key=lambda each: (spans.stretches(each.when)[0].start, dates.parse(each.when).latest))


@charts.figure
def after_deadline(size: Size) -> Drawing:
    """What is told of workers in China after the day by which all should have gone home."""
    told = reports()
    deadline = EVIDENCE.events[DEADLINE]
    chart = marks.titled(
        _dated_rows(told, deadline["when"], size),
        size,
        "Years after the deadline, workers are still reported, estimated and negotiated over",
        "What is reported of workers in China after the deadline; bars and joined marks: possible dates",
    )
    return Drawing(
        chart,
        _after_alt(told, deadline["when"]),
        _after_table(told),
        shows="What is reported of workers in China for the time after the deadline, with all dates that are possible.",
        omits="How many workers stayed or came: some reports are estimates or disputed, and several come from the same "
        "voice.",
    )


def _dated_rows(told: Sequence[Told], deadline: str, size: Size) -> alt.LayerChart:
    """Rows of words and marks: side by side on wide pages, words above marks on narrow ones."""
    limit = spans.stretches(deadline)[0].middle
    years = (int(limit), max(int(part.end) for each in told for part in spans.stretches(each.when)) + 1)
    label = size.choose(286, 12)
    end = size.width - 14.0
    per_year = (end - label) / (years[1] - limit + 0.1)
    # The deadline stands a little inside, so that its rule is not taken for the axis.
    axis = spans.Axis(False, 1, 10, place=lambda year: label + (year - limit + 0.1) * per_year)
    items, firsts, seconds = [], [], []
    y_at = 0.0
    for each in told:
        first = each.label + (f" ({each.doubt})" if each.doubt else "")
        second = textwrap.wrap(f"{_capital(each.voice)}; {spans.unbroken(spans.short(each.when))}", size.choose(52, 56))
        firsts.append({"start": 0.0, "lane": y_at, "text": first, FACTS: each.fact.fact_id})
        seconds.append({"start": 0.0, "lane": y_at + 15, "text": "\n".join(second)})
        block = 15 + 13 * len(second)
        mark_y = size.choose(y_at + 6, y_at + block + 4)
        items.append(spans.Dated(each.when, mark_y, COLOURS["ochre"], bool(each.doubt), each.fact.fact_id))
        y_at += block + size.choose(10, 28)
    bottom = y_at - size.choose(6, 12)
    ticks = [axis.place(year) for year in range(years[0] + 1, years[1] + 1)]
    # On narrow pages words run across, so rules are drawn beside the marks only.
    bands = size.choose([(-14.0, bottom)], [(-14.0, -10.0)] + [(item.lane - 9, item.lane + 9) for item in items])
    rules = [{"start": tick, "lane": low, "lane2": high} for tick in ticks for low, high in bands]
    names = [{"start": tick + 3, "lane": -22.0, "text": str(years[0] + 1 + n)} for n, tick in enumerate(ticks[:-1])]
    at = axis.place(limit)
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, end], nice=False))
    y = alt.Y("lane:Q", axis=None, scale=alt.Scale(domain=[-54, bottom + 4], reverse=True, nice=False))
    red = COLOURS["vermilion"]
    bands = [(-38.0, max(-10.0, bands[0][1])), *bands[1:]]
    line = alt.Chart(pd.DataFrame([{"start": at, "lane": low, "lane2": high} for low, high in bands]))
    layers = [
        alt.Chart(pd.DataFrame(rules)).mark_rule(color=COLOURS["grid"]).encode(x=x, y=y, y2=alt.Y2("lane2")),
        line.mark_rule(color=red, strokeWidth=2, strokeDash=[6, 3]).encode(x=x, y=y, y2=alt.Y2("lane2")),
        marks.text_layer(
            [{"start": at + 5, "lane": -42.0, "text": f"Deadline, {dates.words(deadline)}"}],
            x, y, color=red, fontWeight=600,
        ),
        marks.text_layer(names, x, y, color=COLOURS["muted"]),
        *spans.layers(items, axis, x, y),
        marks.text_layer(firsts, x, y, fontSize=12.5, fontWeight=600),
        marks.text_layer(seconds, x, y, fontSize=11, lineHeight=13, color=COLOURS["muted"]),
    ]  # fmt: skip
    return alt.layer(*layers).properties(height=bottom + 58)


def _after_alt(told: Sequence[Told], deadline: str) -> str:
    rows = [
        f"{each.label}{f' ({each.doubt})' if each.doubt else ''}: {each.voice}, {dates.words(each.when)}"
        for each in told
    ]
    return marks.alt_text(
        f"Time line of {len(told)} reports after the deadline of {dates.words(deadline)}.",
        "; ".join(rows) + ".",
        "Concluded, disputed or unverified reports are drawn as outlines, uncertain dates as bars or joined marks.",
    )


def _after_table(told: Sequence[Told]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "What is reported": [each.label for each in told],
            "When": [dates.words(each.when) for each in told],
            "Date of": ["what is told" if each.fact.when else "the article" for each in told],
            "Standing": [each.doubt or "stated" for each in told],
            "Who says it": [f"{each.fact.row['speaker']}{each.caution and f', {each.caution}'}" for each in told],
            "Source": [marks.source_label(each.fact.row["source_id"]) for each in told],
        }
    )
