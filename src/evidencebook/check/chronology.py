"""The dates of events beside those of the claims that tell of them: no event may lie where its claims rule it out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from evidencebook.check.readings import Book
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row
from evidencebook.values import dates
from evidencebook.values.dates import DateSpan

PRESENT = "article_date"  # the claim says how things were when its article appeared
PROJECTED = "projected"  # the claim speaks of what is still to come, which says nothing of when it began
QUARREL = ("claim_a", "claim_b", "kind")  # columns of a contradiction
REMEDY = "narrow the event, widen the claim, or record the two dates as a contradiction of kind date"


def problems(book: Book, troubled: Collection[tuple[str, str | None]] = ()) -> Iterator[Problem]:
    """The events whose date goes beyond what a claim on them allows, one problem for each claim.

    What happened lies within the date of a claim that dates it, and no later than the date of a claim that reports
    it as done. A claim that stands in a contradiction of dates is left out: its quarrel is on record. `troubled` are
    the columns (file, column) that hold a problem already; where a quarrel may hide behind one, nothing is judged.
    """
    events = book.table("events", "event_id", "when")
    claims = book.table("claims", "claim_id", "event_id", "when", "when_basis", "modality")
    if events is None or claims is None or _quarrels_are_unsure(book, troubled):
        return
    telling: dict[str, list[Row]] = {}
    quarrels = _quarrels(book)
    for claim in claims.rows:
        is_sound = book.sound(claims, claim, "claim_id", "event_id", "when", "when_basis", "modality")
        if is_sound and claim["modality"] != PROJECTED and claim["claim_id"] not in quarrels:
            telling.setdefault(claim["event_id"], []).append(claim)
    for event in events.rows:
        span = _span(event) if book.sound(events, event, "event_id", "when") else None
        for claim in telling.get(event["event_id"], ()) if span else ():
            allowed = _span(claim)
            if allowed is None or span is None:
                continue
            claimed = f"{claim['when']} ({claim['claim_id']})"
            if claim["when_basis"] == PRESENT:
                if span.latest > allowed.latest:
                    what = f"{event['when']} ends after {claimed}, which reports it"
                    yield Problem(events.label, event.line, "when", what, REMEDY)
            elif not _within(span, allowed):
                what = f"{event['when']} goes beyond {claimed}, which dates it"
                yield Problem(events.label, event.line, "when", what, REMEDY)


def _quarrels_are_unsure(book: Book, troubled: Collection[tuple[str, str | None]]) -> bool:
    resource = book.contract.resources.get("contradictions")
    return resource is not None and any((resource.label, column) in troubled for column in (None, *QUARREL))


def _quarrels(book: Book) -> set[str]:
    table = book.table("contradictions", *QUARREL)
    rows = [row for row in table.rows if row["kind"] == "date"] if table else []
    return {row[column] for row in rows for column in ("claim_a", "claim_b")}


def _span(row: Row) -> DateSpan | None:
    try:
        return dates.parse(row["when"]) if row["when"] is not None else None
    except ValueError:  # a column that the contract does not call a date was never checked as one
        return None


def _within(inner: DateSpan, outer: DateSpan) -> bool:
    """Whether each possible time of one lies in a possible time of the other."""
    allowed = [_ends(span) for span in outer.one_of or (outer,)]
    return all(
        any(first <= earliest and latest <= last for first, last in allowed)
        for earliest, latest in map(_ends, inner.one_of or (inner,))
    )


def _ends(span: DateSpan) -> tuple[date, date]:
    return span.earliest, span.latest
