"""What is told of workers in China after the day by which the Security Council wanted them gone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import ABOUT, COLOURS, FACTS, Drawing, Size
from evidencebook.evidence import Fact, words
from evidencebook.values import dates
from figures import EVIDENCE, marks, spans

DEADLINE = "repatriation-deadline-2019"


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
    def is_dated(self) -> bool:
        """Whether the date is that of what is told, and not that of the article."""
        return bool(self.fact.when) and self.fact.row["when_basis"] != "article_date"

    @property
    def doubt(self) -> str:
        """What keeps the report from being firm; empty where nothing does."""
        event = EVIDENCE.events.get(self.fact.row["event_id"] or "")
        if event and (doubt := marks.event_doubt(event)):
            return doubt
        return next(iter(self.fact.doubts), "concluded" if self.fact.modality == "inferred" else "")


def reports() -> list[Told]:
    """The reports in order of their earliest date; a timeless one stands at the dates of its article."""
    told = []
    for report in REPORTS:
        fact = EVIDENCE.fact(report.claim_id)
        value = "" if fact.quantity_interval is None else words(fact)
        label = report.label.format(value).strip()
        when = fact.when or EVIDENCE.sources[fact.row["source_id"]]["published"]
        told.append(Told(fact, when, marks.capital(label), report.caution))
    return sorted(told, key=lambda each: (spans.stretches(each.when)[0].start, dates.parse(each.when).latest))


@charts.figure
def after_deadline(size: Size) -> Drawing:
    """What is told of workers in China after the day by which all should have gone home."""
    told = reports()
    deadline = EVIDENCE.events[DEADLINE]
    chart = marks.titled(
        _dated_rows(told, deadline["when"], size),
        size,
        "Years after the deadline, workers are still reported or estimated, their return discussed",
        "What is reported of workers in China after the deadline, at likely dates; pale or joined marks: alternatives",
    )
    return Drawing(
        chart,
        _after_alt(told, deadline["when"]),
        _after_table(told),
    )


def _dated_rows(told: Sequence[Told], deadline: str, size: Size) -> alt.LayerChart:
    """Rows of words and marks: side by side on wide pages, words above marks on narrow ones."""
    limit = spans.stretches(deadline)[0].middle
    years = (int(limit), max(int(part.end) for each in told for part in spans.stretches(each.when)) + 1)
    label = size.choose(286, 12)
    end = size.width - 14.0
    per_year = (end - label) / (years[1] - limit + 0.1)
    # The deadline stands a little inside, so that its rule is not taken for the axis.
    axis = spans.Axis(1, 10, place=lambda year: label + (year - limit + 0.1) * per_year)
    items, firsts, seconds = [], [], []
    y_at = 0.0
    for each in told:
        first = each.label + (f" ({each.doubt})" if each.doubt else "")
        second = textwrap.wrap(
            f"{marks.capital(each.voice)}; {spans.unbroken(spans.short(each.when))}", size.choose(52, 56)
        )
        named = {FACTS: each.fact.fact_id, ABOUT: first}
        firsts.append({"start": 0.0, "lane": y_at, "text": first, **named})
        seconds.append({"start": 0.0, "lane": y_at + 15, "text": "\n".join(second), **named})
        block = 15 + 13 * len(second)
        mark_y = size.choose(y_at + 6, y_at + block + 4)
        items.append(spans.Dated(each.when, mark_y, COLOURS["ochre"], bool(each.doubt), each.fact.fact_id, first))
        y_at += block + size.choose(10, 28)
    bottom = y_at - size.choose(6, 12)
    ticks = [axis.place(year) for year in range(years[0] + 1, years[1] + 1)]
    # On narrow pages words run across, so rules are drawn beside the marks only.
    bands = size.choose([(-14.0, bottom)], [(-14.0, -10.0)] + [(item.lane - 9, item.lane + 9) for item in items])
    rules = [{"start": tick, "lane": low, "lane2": high} for tick in ticks for low, high in bands]
    # On narrow pages the years at the top are off the screen when the last rows are read.
    levels = size.choose((-22.0,), (-22.0, bottom + 12))
    names = [
        {"start": tick + 3, "lane": level, "text": str(years[0] + 1 + n)}
        for level in levels
        for n, tick in enumerate(ticks[:-1])
    ]
    at = axis.place(limit)
    end_at = bottom + size.choose(4, 22)
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, end], nice=False))
    y = alt.Y("lane:Q", axis=None, scale=alt.Scale(domain=[-54, end_at], reverse=True, nice=False))
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
    return alt.layer(*layers).properties(height=end_at + 54)


def _after_alt(told: Sequence[Told], deadline: str) -> str:
    rows = [
        f"{each.label}{f' ({each.doubt})' if each.doubt else ''}: {each.voice}, {dates.words(each.when)}"
        for each in told
    ]
    doubts = sorted({each.doubt for each in told if each.doubt})
    return marks.alt_text(
        f"Time line of {len(told)} selected reports after the deadline of {dates.words(deadline)}.",
        "; ".join(rows) + ".",
        f"{marks.capital(marks.listed(doubts, 'or'))} reports are drawn as outlines." if doubts else "",
        "Uncertain dates are drawn as bars or joined marks.",
    )


def _after_table(told: Sequence[Told]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "What is reported": [each.label for each in told],
            "When": [dates.words(each.when) for each in told],
            "Date of": ["what is told" if each.is_dated else "the article" for each in told],
            "Standing": [each.doubt or "stated" for each in told],
            "Who says it": [f"{each.fact.row['speaker']}{each.caution and f', {each.caution}'}" for each in told],
            "Source": [marks.source_label(each.fact.row["source_id"]) for each in told],
        }
    )
