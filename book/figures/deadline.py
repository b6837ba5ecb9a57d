"""What is told of workers in China after the day by which the Security Council wanted them gone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, event_doubt, is_firm, source, tracks
from evidencebook.drawing.stretches import stretches
from evidencebook.evidence import Fact, capital, doubt, words
from evidencebook.evidence.doubts import UNCONFIRMED
from evidencebook.values import dates
from figures import EVIDENCE

DEADLINE = "repatriation-deadline-2019"
# Claims on workers in China after the deadline, and how the figure names them; {} stands for the value.
REPORTS = {
    "no-workers-repatriated-pandemic": "No workers abroad sent home",
    "new-workers-sent-to-china": "New workers sent to China",
    "china-workers-dailynk-total": "{} workers in China",
    "unification-ministry-china-hosting": "China still hosts workers",
    "cho-helong-violent-protests": "Violent protests in Helong",
    "state-department-workers-china": "{} workers in China",
    "liaoning-seafood-employee-headcount": "{} workers in Liaoning",
}


@dataclass(frozen=True)
class Told:
    """A report as drawn: when, in which words, by whom, and how firmly."""

    fact: Fact
    when: str
    label: str

    @property
    def voice(self) -> str:
        """Who says it, and through which article."""
        speaker = re.sub(r" \(.*?\)", "", self.fact.row["speaker"]).partition(",")[0]
        article = source(EVIDENCE, self.fact.row["source_id"]).rpartition(",")[0]
        return article if article.startswith(speaker) else f"{speaker}, in {article}"

    @property
    def dated_by(self) -> str:
        """Whose date it is."""
        return "what is told" if self.fact.when and self.fact.row["when_basis"] != "article_date" else "the article"

    @property
    def doubt(self) -> str:
        """What keeps the report from being firm; empty where nothing does."""
        event = EVIDENCE.events.get(self.fact.row["event_id"] or "")
        return (event and event_doubt(EVIDENCE, event)) or (
            "" if is_firm(self.fact) else doubt(self.fact) or UNCONFIRMED
        )


def reports() -> list[Told]:
    """The reports in order of their earliest date; a timeless one stands at the dates of its article."""
    told = []
    for claim_id, label in REPORTS.items():
        fact = EVIDENCE.fact(claim_id)
        value = "" if fact.quantity_interval is None else words(fact)
        when = fact.when or EVIDENCE.sources[fact.row["source_id"]]["published"]
        told.append(Told(fact, when, capital(label.format(value))))
    return sorted(told, key=lambda each: (stretches(each.when)[0].start, dates.parse(each.when).latest))


@charts.figure
def after_deadline(size: Size) -> Drawing:
    """What is told of workers in China after the day by which all should have gone home."""
    told, deadline = reports(), EVIDENCE.events[DEADLINE]["when"]
    # The deadline stands a little inside, so that its rule is not taken for the axis.
    until = max(int(part.end) for each in told for part in stretches(each.when)) + 1
    years = (stretches(deadline)[0].start - 0.15, until)
    drawn = [
        tracks.Track(f"{each.label} ({each.doubt})" if each.doubt else each.label, each.when, bool(each.doubt),
                     capital(each.voice), each.fact.fact_id)
        for each in told
    ]  # fmt: skip
    limit = tracks.Limit(deadline, f"Deadline, {dates.words(deadline)}")
    columns = {
        "What is reported": lambda each: each.label,
        "When": lambda each: dates.words(each.when),
        "Date of": lambda each: each.dated_by,
        "Standing": lambda each: each.doubt or "stated",
        "Who says it": lambda each: each.fact.row["speaker"],
        "Source": lambda each: source(EVIDENCE, each.fact.row["source_id"]),
    }
    return drawing(
        tracks.chart(size, [tracks.Group("", "ochre", tuple(drawn))], years, "unconfirmed or disputed", limit),
        size,
        "Years after the deadline, workers in China are still reported or estimated",
        "What is reported of workers in China after the deadline, at likely dates",
        Listing(told, columns, "{What is reported} ({Standing}): {Who says it}, {When}"),
        f"Time line of {len(told)} selected reports after the deadline of {dates.words(deadline)}.",
        "Unconfirmed or disputed reports are drawn as outlines, uncertain dates as bars or joined marks.",
    )
