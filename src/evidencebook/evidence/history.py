"""What the editions before this one said of each fact, from the tables in which editions are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidencebook.evidence import phrases
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence
from evidencebook.tables.reading import Row, Tables

EDITIONS, HISTORY = "editions", "history"
NEXT = "next"  # the version of what is recorded ahead of the edition that will have it
STATED, CHANGED, WITHDRAWN, RENAMED = "stated", "changed", "withdrawn", "renamed"


@dataclass(frozen=True)
class Change:
    """What happened to a fact in an edition; of one that was renamed `before` is the id that it had."""

    version: str
    fact_id: str
    kind: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class History:
    """The editions from the first to the last, what happened in each, and what stands after the last.

    `known` has what each fact read, `renamed` the id of today for each that was given up, `gone` the facts withdrawn.
    """

    editions: tuple[Row, ...] = ()
    changes: tuple[Change, ...] = ()
    known: Mapping[str, str] | None = None  # None where no editions are recorded
    renamed: Mapping[str, str] | None = None
    gone: Mapping[str, Change] | None = None

    @property
    def last(self) -> str:
        """The version of the last edition; empty where there is none."""
        return str(self.editions[-1]["version"]) if self.editions else ""

    def since(self, evidence: Evidence) -> Iterator[Change]:
        """Yield what happened after the last edition and is recorded in none."""
        if not self.editions or self.known is None:
            return
        for fact_id in (*evidence.claims, *evidence.derived):
            now, before = shown(evidence, fact_id), self.known.get(fact_id)
            if now != before:
                yield Change(NEXT, fact_id, STATED if before is None else CHANGED, before or "", now)
        for fact_id, before in self.known.items():
            if not evidence.has(fact_id):
                yield Change(NEXT, fact_id, WITHDRAWN, before, "")


def history(tables: Tables) -> History:
    """Return the history in these tables; an empty one where they record no edition."""
    if EDITIONS not in tables or HISTORY not in tables:
        return History()
    editions = sorted(tables[EDITIONS].rows, key=lambda row: (str(row["released"]), row.line))
    order = {str(row["version"]): place for place, row in enumerate(editions)}
    changes = sorted(map(_change, tables[HISTORY].rows), key=lambda one: order.get(one.version, len(order)))
    known: dict[str, str] = {}
    renamed: dict[str, str] = {}
    gone: dict[str, Change] = {}
    for one in changes:
        if one.kind == RENAMED:
            renamed = {old: one.fact_id if new == one.before else new for old, new in renamed.items()}
            renamed[one.before] = one.fact_id
            if one.before in known:
                known[one.fact_id] = known.pop(one.before)
        elif one.kind == WITHDRAWN:
            known.pop(one.fact_id, None)
            gone[one.fact_id] = one
        else:
            known[one.fact_id] = one.after
    return History(tuple(editions), tuple(changes), known, renamed, gone)


def shown(evidence: Evidence, fact_id: str) -> str:
    """Return what a fact reads: its value and stance, or its statement where it gives no figure."""
    fact = evidence.fact(fact_id)
    said, word = phrases.number(fact).replace("\u00a0", " ") or fact.label, doubt(fact)
    return f"{said} ({word})" if word else said


def _change(row: Row) -> Change:
    version, fact_id, kind, before, after, note = (
        str(row.values.get(name) or "") for name in ("version", "entry_id", "kind", "before", "after", "note")
    )
    return Change(version, fact_id, kind, before, after, note)
