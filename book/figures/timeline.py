"""The chain of events of ten years, each at its likeliest dates, but for the tests of weapons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, event_doubt, listed, source, tracks
from evidencebook.drawing.stretches import stretches
from evidencebook.values import dates
from figures import EVIDENCE

# Strips of the picture: heading, colour, and the kinds of event in them. The tests stand beside the resolutions that
# answer them, in a picture of their own (figures/sanctions.py), and no strip tells of workers by them.
LANES = (
    ("Sanctions and answers to them", "ochre", ("resolution", "deadline", "sanctions-response")),
    ("Diplomacy, border and dispatch", "teal", ("diplomacy", "border", "dispatch")),
    ("Seen in public", "grey", ("sighting",)),
    ("Control of workers", "blue", ("control",)),
    ("Departure, escape, disappearance, unrest", "vermilion", ("defection", "escape", "disappearance", "unrest")),
)


@dataclass(frozen=True)
class Entry:
    """One event at its likeliest dates."""

    label: str
    when: str
    kind: str
    doubt: str
    basis: str
    tellers: tuple[str, ...]
    facts: str = ""  # the ids of the claims that refer to the event, parted by spaces

    @property
    def lane(self) -> int:
        """The number of its strip."""
        return next(number for number, (_, _, kinds) in enumerate(LANES) if self.kind in kinds)

    @property
    def ends(self) -> tuple[float, float]:
        """The earliest and the latest of the likeliest moments, in decimal years."""
        parts = stretches(self.when)
        return min(part.start for part in parts), max(part.end for part in parts)

    @property
    def text(self) -> str:
        """The label as drawn: the word stands beside the hollow mark, so that neither has to be looked up."""
        return f"{self.label} ({self.doubt})" if self.doubt else self.label


def entries() -> list[Entry]:
    """The events that have a lane, by lane and then by their earliest likely day."""
    claims: dict[str, list[str]] = {}
    for claim_id, row in EVIDENCE.claims.items():
        claims.setdefault(row["event_id"] or "", []).append(claim_id)
    found = [
        Entry(
            row["label"], row["when"], row["kind"], event_doubt(EVIDENCE, row),
            EVIDENCE.label("events", "when_basis", row["when_basis"]) or row["when_basis"],
            EVIDENCE.event_sources.get(event_id, ()), " ".join(claims.get(event_id, ())),
        )
        for event_id, row in EVIDENCE.events.items() if any(row["kind"] in kinds for _, _, kinds in LANES)
    ]  # fmt: skip
    return sorted(found, key=lambda entry: (entry.lane, entry.ends, entry.label))


@charts.figure
def chain(size: Size) -> Drawing:
    """What happened when, so far as it can be told, in lanes by kind."""
    shown = entries()
    first, last = floor(min(entry.ends[0] for entry in shown)), ceil(max(entry.ends[1] for entry in shown) - 1 / 366)
    groups = [(head, colour, [each for each in shown if each.kind in kinds]) for head, colour, kinds in LANES]
    drawn = [tracks.Group(head, colour, tuple(map(_track, members))) for head, colour, members in groups if members]
    columns = {
        "Lane": lambda entry: LANES[entry.lane][0],
        "Event": lambda entry: entry.label,
        "Date": lambda entry: dates.words(entry.when),
        "Date known from": lambda entry: entry.basis,
        "Doubt": lambda entry: entry.doubt,
        "Told by": lambda entry: "; ".join(source(EVIDENCE, each) for each in entry.tellers) or "reference only",
    }
    return drawing(
        tracks.chart(size, drawn, (first, last), "unconfirmed or disputed"),
        size,
        "Sanctions can be dated to the day; what happened to the workers mostly cannot",
        f"Events told in the articles or needed to date them, {first} to {last - 1}, each at its likeliest dates",
        Listing(shown, columns, ""),
        f"Time line, {first} to {last - 1}, of events by kind.",
        *_told(shown),
    )


def _track(entry: Entry) -> tracks.Track:
    return tracks.Track(entry.text, entry.when, bool(entry.doubt), facts=entry.facts)


def _told(shown: Sequence[Entry]) -> tuple[str, ...]:
    """What a listener hears of so many events: those dated to a day, and those in doubt."""
    exact = [entry.label for entry in shown if entry.ends[0] + 1 / 300 > entry.ends[1]]
    doubtful = [f"{entry.text}, {dates.words(entry.when)}" for entry in shown if entry.doubt]
    return (
        f"Dated to a day: {listed(exact)}; the others have several days, a range or a set of likely dates."
        if exact
        else "",
        f"Unconfirmed or disputed, and drawn hollow: {'; '.join(doubtful)}." if doubtful else "",
    )
