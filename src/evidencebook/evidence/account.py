"""The account of a claim, derived value or event: all that the tables say of it, once and in one vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from evidencebook.evidence import phrases, sources
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence, measured
from evidencebook.evidence.history import CHANGED, STATED, Change, History, history
from evidencebook.evidence.phrases import capital
from evidencebook.evidence.wording import rounding, words
from evidencebook.tables.reading import NoColumn, Row
from evidencebook.values import dates, formulas

LEDGER, SOURCE, EVENT = "ledger", "source", "event"  # kinds of entries that others may point to
SENTENCES = ". "  # between cells that are sentences of their own

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


@dataclass(frozen=True)
class Reference:
    """Words that lead to the entry of that kind and id."""

    kind: str
    entry_id: str
    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead to an address outside the report: that of a claim's passage, or any other."""

    text: str
    address: str
    is_passage: bool = False


@dataclass(frozen=True)
class Strong:
    """Words that stand out."""

    text: str


Part: TypeAlias = str | Reference | Link | Strong
Cell: TypeAlias = tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """A term and what it says, in cells; `between` parts them where all stand in one line.

    `brief` has the cells that there is room for on a card, where those are others: none leaves the line out.
    """

    term: str
    cells: tuple[Cell, ...]
    between: str = "; "
    brief: tuple[Cell, ...] | None = None

    @property
    def on_card(self) -> tuple[Cell, ...]:
        """The cells that a card shows."""
        return self.cells if self.brief is None else self.brief


@dataclass(frozen=True)
class Account:
    """All that the tables say: the value, what is doubtful about it, a sentence, and lines that are never empty.

    An event has its date as value, and no number, since no sentence shows it as a value.
    """

    kind: str
    entry_id: str
    number: int | None
    value: str
    stance: str
    text: str
    lines: tuple[Line, ...]


class Accounts:
    """The accounts of one report, with their indexes, each of which is made once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def of(self, kind: str, entry_id: str) -> Account:
        """Return the account of a fact or event; raises as `Evidence.fact` does."""
        return self.event(entry_id) if kind == EVENT else self.fact(entry_id)

    def fact(self, fact_id: str) -> Account:
        """Return the account of a claim or derived value, made once; raises as `Evidence.fact` does."""
        if fact_id not in self._facts:
            self._facts[fact_id] = self._fact(fact_id)
        return self._facts[fact_id]

    @cached_property
    def _facts(self) -> dict[str, Account]:
        return {}

    def _fact(self, fact_id: str) -> Account:
        fact = self.evidence.fact(fact_id)
        value = phrases.value(fact)
        if value == phrases.NO_FIGURE:
            value = capital(value)
        elif value and fact.row.get("per"):
            value += f" per {fact.row['per']}"
        is_claim = fact_id in self.evidence.claims
        text = fact.label if is_claim else f"{capital(fact.label)}."
        lines = self._claim(self.evidence.claims[fact_id]) if is_claim else self._derived(fact_id)
        return Account(LEDGER, fact_id, self.numbers[fact_id], value, doubt(fact), text, _filled(lines))

    def event(self, event_id: str) -> Account:
        """Return the account of an event."""
        event = self.evidence.events[event_id]
        when = capital(phrases.when(self.evidence, event))
        return Account(EVENT, event_id, None, when, "", f"{capital(event['label'])}.", _filled(self._event(event)))

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each fact in the order of the ledger: claims by theme, source date and place; then derived."""
        fields = {field.name: field for field in self.evidence.tables["claims"].fields}
        if "theme" not in fields:
            raise NoColumn("theme")
        themes = {name: index for index, name in enumerate(fields["theme"].enum)}
        days = {one: dates.parse(source["published"]).earliest for one, source in self.evidence.sources.items()}
        places = {
            claim_id: (themes[row["theme"]], days[row["source_id"]], row["start"] or 0, claim_id)
            for claim_id, row in self.evidence.claims.items()
        }
        order = [*sorted(places, key=lambda one: places[one]), *sorted(self.evidence.derived)]
        return {fact_id: number for number, fact_id in enumerate(order, 1)}

    @cached_property
    def events(self) -> tuple[str, ...]:
        """The ids of all events, by the first and then the last day on which each can have happened."""
        spans = {one: dates.parse(event["when"]) for one, event in self.evidence.events.items()}
        return tuple(sorted(spans, key=lambda one: (spans[one].earliest, spans[one].latest, one)))

    @cached_property
    def checks(self) -> Mapping[str, Sequence[Row]]:
        """The checks of each claim that has any."""
        return _grouped((row["claim_id"], row) for row in self._rows("checks"))

    @cached_property
    def rivals(self) -> Mapping[str, Sequence[tuple[Row, str]]]:
        """The contradictions in which each claim stands, with the id of the claim on the other side."""
        rows = self._rows("contradictions")
        sides = (("claim_a", "claim_b"), ("claim_b", "claim_a"))
        return _grouped((row[one], (row, row[other])) for row in rows for one, other in sides)

    @cached_property
    def told_of(self) -> Mapping[str, Sequence[str]]:
        """The claims that tell of each event, in the order of the ledger."""
        claims = [self.evidence.claims[one] for one in self.numbers if one in self.evidence.claims]
        return _grouped((claim["event_id"], claim["claim_id"]) for claim in claims if claim["event_id"])

    @cached_property
    def repeated(self) -> Mapping[str, Sequence[str]]:
        """The claims that only say each claim again, in the order of the ledger."""
        claims = [self.evidence.claims[one] for one in self.numbers if one in self.evidence.claims]
        return _grouped((said, claim["claim_id"]) for claim in claims if (said := claim.values.get("repeats")))

    @cached_property
    def goes_into(self) -> Mapping[str, Sequence[str]]:
        """The derived values that are worked out with each fact or event."""
        derived = sorted(self.evidence.derived)
        return _grouped((used_id, one) for one in derived for used_id in self.evidence.fact(one).inputs)

    @cached_property
    def newsrooms(self) -> Mapping[str, str]:
        """The name of each origin cluster: that of its outlet, or of all of them."""
        found = _grouped((row["origin_cluster"], row["outlet_original"]) for row in self.evidence.sources.values())
        return {cluster: " / ".join(dict.fromkeys(names)) for cluster, names in found.items()}

    @cached_property
    def history(self) -> History:
        """What the editions before this one said."""
        return history(self.evidence.tables)

    @cached_property
    def _moved(self) -> Mapping[str, Change]:
        """What happened to each fact in the last edition, where there was one before it, and after it."""
        last = self.history.last if len(self.history.editions) > 1 else ""
        recorded = [one for one in self.history.changes if one.version == last and last]
        return {one.fact_id: one for one in (*recorded, *self.history.since(self.evidence))}

    def _history(self, fact_id: str) -> Iterator[Line]:
        one = self._moved.get(fact_id)
        if one is not None and one.kind in (CHANGED, STATED):
            last = self.history.last
            when = f"in version {last}" if one.version == last else f"since version {last}"
            said = f"{when}; before, it read: {one.before}" if one.kind == CHANGED else f"new {when}"
            yield _texts("Changed", f"{said}. {one.note}".rstrip(" .") if one.note else said)

    def _rows(self, table: str) -> Sequence[Row]:
        return self.evidence.tables[table].rows if table in self.evidence.tables else ()

    def _claim(self, claim: Row) -> Iterator[Line]:
        evidence, claim_id = self.evidence, claim["claim_id"]
        voice = capital(phrases.voice(evidence, claim))
        said = f"{voice}, {phrases.modality(evidence, claim['modality'])}"
        when = phrases.when(evidence, claim)
        yield _texts("Who says so", claim["speaker"], said)
        yield _texts("Rated", sources.in_words(claim), claim["rating_reason"])
        yield from self._history(claim_id)
        yield from self._repeats(claim)
        yield _source(claim, evidence.sources[claim["source_id"]])
        when += " (stated in the passage)" if when and claim["when_basis"] == "stated" else ""
        yield _texts("When, where", when, phrases.place(evidence, claim), between=", ")
        yield _texts("About", claim["scope"])
        yield Line("Tells of", (self._told(claim["event_id"]),) if claim["event_id"] else ())
        yield self._origins(claim_id)
        yield Line("Checked", tuple(map(_check, self.checks.get(claim_id, ()))))
        yield self._against(claim_id)
        yield Line("Note", (self._linked(claim["note"]),) if claim["note"] else (), brief=())
        yield self._into(claim_id)

    def _repeats(self, claim: Row) -> Iterator[Line]:
        if said := claim.values.get("repeats"):
            statement = str(self.evidence.claims[said]["statement"]).rstrip(".")
            yield Line("Repeats", ((self._numbered(said, f": {statement}"),),))
        again = self.repeated.get(claim["claim_id"], ())
        yield Line("Said again", tuple((self._numbered(one),) for one in again), ", ")

    def _derived(self, derived_id: str) -> Iterator[Line]:
        fact = self.evidence.fact(derived_id)
        formula, unit = fact.row["formula"], fact.row["unit"]
        letters = formulas.letters(formulas.references(formula))
        yield from self._history(derived_id)
        yield _texts("Formula", formulas.in_words(formula, letters, unit))
        full, brief = (tuple(self._input(*one, is_brief) for one in letters.items()) for is_brief in (False, True))
        yield Line("With", full, SENTENCES, brief)
        yield _texts("Rounded", capital(rounding(fact)))
        yield _texts("Caveat", fact.row["caveat"])
        weakest = "" if fact.modality == "stated" else phrases.modality(self.evidence, fact.modality)
        yield _texts("Weakest input", weakest)
        yield Line("Rests on", tuple(map(self._told, fact.unverified)))
        yield self._origins(derived_id)
        yield self._into(derived_id)

    def _event(self, event: Row) -> Iterator[Line]:
        yield _texts("What", event.values.get("description"))
        yield _texts("Standing", capital(phrases.event_standing(event)))
        yield _texts("How dated", event.values.get("date_note"))
        yield _texts("Where", phrases.place(self.evidence, event))
        yield Line("Told of in", tuple((self._numbered(one),) for one in self.told_of.get(event["event_id"], ())), ", ")
        yield self._into(event["event_id"])

    def _numbered(self, fact_id: str, more: str = "") -> Reference:
        return Reference(LEDGER, fact_id, f"entry {self.numbers[fact_id]}{more}")

    def _labelled(self, event_id: str) -> Reference:
        return Reference(EVENT, event_id, self.evidence.events[event_id]["label"])

    def _told(self, event_id: str) -> Cell:
        standing = phrases.event_standing(self.evidence.events[event_id])
        return (self._labelled(event_id), *([f", {standing}"] if standing else []))

    def _input(self, reference: str, letter: str, is_brief: bool) -> Cell:
        evidence, used_id = self.evidence, reference.removesuffix("@when")
        if used_id in evidence.events:
            event = evidence.events[used_id]
            note = event.values.get("date_note")
            opening = f"{letter}: {phrases.when(evidence, event)}. "
            return (opening, self._labelled(used_id), *([f". {note}"] if note else []))
        if not evidence.has(used_id):
            row = evidence.outside[used_id]
            return (
                f"{letter}: {words(measured(row))}, from outside the articles: {row.values.get('scope') or used_id}",
            )
        fact, is_dated = evidence.fact(used_id), reference != used_id
        value = phrases.when(evidence, evidence.claims[used_id]) if is_dated else phrases.value(fact)
        name = capital(fact.label).rstrip(".")
        if is_brief:
            value += f" ({doubt(fact)})" if doubt(fact) else ""  # in the ledger the reference says it
            return (f"{letter}: {value}. ", Reference(LEDGER, used_id, name))
        return (f"{letter}: {value}, ", self._numbered(used_id, f": {name}"))

    def _origins(self, fact_id: str) -> Line:
        names = sorted(self.newsrooms[cluster] for cluster in self.evidence.origins(fact_id))
        counted = f"{len(names)} independent origin{'s' if len(names) > 1 else ''}: {', '.join(names)}"
        cells: list[Cell] = [(counted if names else "none among the sources",)]
        if outside := self.evidence.dated_outside(fact_id):
            named = [part for event_id in outside for part in (" and ", self._labelled(event_id))][1:]
            cells.append((*named, ", dated from outside the articles"))
        return Line("Origins", tuple(cells))

    def _against(self, claim_id: str) -> Line:
        cells: list[Cell] = []
        rivals = self.rivals.get(claim_id, ())
        for row, other in rivals:
            claim = self.evidence.claims[other]
            cited = sources.short_citation(self.evidence.sources[claim["source_id"]])
            cells.append((f"{row['title']}: ", self._numbered(other, f", {claim['speaker']}"), f" ({cited})"))
        titles = "; ".join(row["title"] for row, _ in rivals)
        counted = f"{len(rivals)} contradiction{'s' if len(rivals) > 1 else ''}: {titles}"
        return Line("Against", tuple(cells), brief=((counted,),))

    def _into(self, used_id: str) -> Line:
        into = self.goes_into.get(used_id, ())
        cells = tuple((Reference(LEDGER, one, self.evidence.derived[one]["label"]),) for one in into)
        return Line("Goes into", cells, brief=())

    def _linked(self, text: str) -> Cell:
        """Return a text in which ids have become references, since a reader looks for no fact or event by its id."""
        found: list[Part] = []
        read = 0
        for named in _ID.finditer(text):
            if named[0] in self.numbers or named[0] in self.evidence.events:
                leads = self._numbered(named[0]) if named[0] in self.numbers else self._labelled(named[0])
                found += [text[read : named.start()], leads]
                read = named.end()
        return (*found, text[read:])


def _grouped(pairs: Iterable[tuple[str, Any]]) -> Mapping[str, Sequence[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return dict(found)


def _filled(lines: Iterator[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.cells)


def _texts(term: str, *texts: str | None, between: str = SENTENCES) -> Line:
    return Line(term, tuple((text,) for text in texts if text), between)


def _source(claim: Row, source: Row) -> Line:
    outlet, published = source["outlet_original"], sources.publication(source)
    if source["is_copy"]:
        published += f"; only a copy or rewrite. From: {source['derived_from'] or outlet}"
        outlet = source["outlet_served_by"]
    cited = Reference(SOURCE, source["source_id"], sources.short_citation(source))
    passage = Link("open the passage", sources.claim_url(claim, source), is_passage=True)
    cells: tuple[Cell, ...] = (cited, f", paragraph {claim['para']} (", passage, ")"), (capital(published),)
    return Line("Source", cells, SENTENCES, brief=((f"{outlet}, {published}",),))


def _check(row: Row) -> Cell:
    opened, url, more = phrases.reference(row)
    cell = (f"{phrases.question(row)}: ", Strong(row["verdict"]), f". {phrases.finding(row)} ")
    return (*cell, *([Link(opened, url)] if url else []), *([more] if more else []))
