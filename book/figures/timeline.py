"""The chain of events of ten years, each at its likeliest dates, beside the articles that tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import pandas as pd

from evidencebook import charts
from evidencebook.charts import COLOURS, Drawing, Size
from evidencebook.values import dates
from figures import EVIDENCE, marks, spans, tracks


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
    Lane("Seen in public", COLOURS["grey"], ("sighting",)),
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
    """One event, or one article on the likeliest day or days of its publication."""

    label: str
    when: str
    lane: int
    doubt: str
    basis: str
    tellers: tuple[str, ...]
    fact: str = ""  # the anchor of the event's entry in the ledger
    facts: str = ""  # the ids of the claims that refer to the event, parted by spaces

    @property
    def start(self) -> float:
        """The earliest of the likeliest moments, in decimal years."""
        return min(part.start for part in spans.stretches(self.when))

    @property
    def end(self) -> float:
        """The latest of the likeliest moments, in decimal years."""
        return max(part.end for part in spans.stretches(self.when))

    @property
    def text(self) -> str:
        """The label as drawn: the word stands beside the hollow mark, so that neither has to be looked up."""
        return f"{self.label} ({self.doubt})" if self.doubt else self.label


def entries() -> list[Entry]:
    """All events and articles, by lane and then by their earliest likely day."""
    lane_of = {kind: number for number, lane in enumerate(LANES) for kind in lane.kinds}
    found = [
        Entry(
            row["label"],
            row["when"],
            lane_of[row["kind"]],
            marks.event_doubt(row),
            row["when_basis"],
            EVIDENCE.event_sources.get(event_id, ()),
            f"event-{event_id}",
            " ".join(claim_id for claim_id, claim in EVIDENCE.claims.items() if claim["event_id"] == event_id),
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
    chart = marks.titled(
        tracks.chart(size, _groups(shown), _domain(shown), DOUBTFUL),
        size,
        "Sanctions can be dated to the day; what happened to the workers mostly cannot",
        f"Events told in the articles or needed to date them, {_years(shown)}, each at its likeliest days or spans",
    )
    return Drawing(
        chart, _alt(shown), _table(shown),
    )  # fmt: skip


def _groups(shown: Sequence[Entry]) -> list[tracks.Group]:
    """The lanes that hold anything."""
    members = [(lane, [entry for entry in shown if entry.lane == number]) for number, lane in enumerate(LANES)]
    return [
        tracks.Group(
            lane.heading,
            lane.colour,
            tuple(tracks.Track(entry.text, entry.when, bool(entry.doubt), entry.fact, entry.facts) for entry in found),
        )
        for lane, found in members
        if found
    ]


def _outlet(source_id: str) -> str:
    return marks.source_label(source_id).rpartition(",")[0]


def _domain(shown: Sequence[Entry]) -> tuple[int, int]:
    return floor(min(entry.start for entry in shown)), ceil(max(entry.end for entry in shown) - 1 / 366)


def _years(shown: Sequence[Entry]) -> str:
    first, last = _domain(shown)
    return f"{first} to {last - 1}"


def _alt(shown: Sequence[Entry]) -> str:
    events = [entry for entry in shown if LANES[entry.lane].kinds != ("publication",)]
    articles = [entry for entry in shown if entry not in events]
    exact = [entry for entry in events if entry.start + 1 / 300 > entry.end]
    doubtful = [f"{entry.text}, {dates.words(entry.when)}" for entry in events if entry.doubt]
    return marks.alt_text(
        f"Time line, {_years(shown)}, with {len(events)} events by kind and {len(articles)} articles.",
        f"Dated to a day: {marks.listed(entry.label for entry in exact)}; the others have several days, a range "
        "or a set of likely dates."
        if exact
        else "",
        f"Disputed or unverified, and drawn hollow: {'; '.join(doubtful)}." if doubtful else "",
        "The articles: " + "; ".join(f"{entry.label}, {dates.words(entry.when)}" for entry in articles) + ".",
    )


def _table(shown: Sequence[Entry]) -> pd.DataFrame:
    basis = marks.labels("events", "when_basis")
    return pd.DataFrame(
        {
            "Lane": [LANES[entry.lane].heading for entry in shown],
            "Event or article": [entry.label for entry in shown],
            "Date": [dates.words(entry.when) for entry in shown],
            "Date known from": [basis.get(entry.basis, "see the source’s card") for entry in shown],
            "Doubt": [entry.doubt or "–" for entry in shown],
            "Told by": ["; ".join(map(marks.source_label, entry.tellers)) or "reference only" for entry in shown],
        }
    )
