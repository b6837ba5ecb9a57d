"""Evidence: the rows of the tables as facts, whether claimed by a source or derived from such claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from evidencebook.evidence import quoting
from evidencebook.evidence.doubts import UNTESTED, UNVERIFIED, in_order, of_claim
from evidencebook.tables import reading
from evidencebook.tables.reading import Row, Table, Tables
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.values import dates, formulas
from evidencebook.values.formulas import FormulaError
from evidencebook.values.intervals import Interval
from evidencebook.values.quantities import Quantity

# From the weakest to the strongest: a derived value is no stronger than its weakest input.
MODALITIES = ("disputed", "rumoured", "projected", "hearsay", "inferred", "stated")

DEEPEST = 40  # derived values that rest on each other

EXTERNAL = "external"  # the basis of a date that no source of the report gives
MEASURED = frozenset({"low", "high", "qualifier", "unit"})  # the columns that together are a value

# Qualifier -> (has a low, has a high, the bound it has is closed).
_BOUNDS = {
    "exact": (True, True, True),
    "about": (True, True, True),
    "range": (True, True, True),
    "at_least": (True, False, True),
    "over": (True, False, False),
    "up_to": (False, True, True),
    "under": (False, True, False),
}


_TOO_DEEP = f"it rests on more than {DEEPEST} derived values, one upon the other: work it out from fewer"


class UnknownFact(LookupError):
    """No claim and no derived value has this id; `suggestions` holds the nearest ids, best first."""

    def __init__(self, fact_id: str, suggestions: tuple[str, ...]) -> None:
        self.fact_id = fact_id
        self.suggestions = suggestions
        super().__init__(f"there is no fact {fact_id!r}{_hint(suggestions)}")


@dataclass(frozen=True)
class Fact:
    """One claim or derived value, ready to be worded or charted.

    `quantity_interval` holds numbers in `unit` as shown (80 for 80 percent), not rounded, and is None
    where no number is asserted. `decimals` is None for claims, which are shown as their source gives them.
    `is_approximate` says that the value or one of its inputs is hedged with "about". `inputs` are the ids in the
    formula of a derived value, apart from those of reference tables. `when` is EDTF. `unverified` are the ids of
    the events behind the fact that their own publishers could not verify. `doubts` are all that apply, those of
    inputs included, strongest first.
    """

    fact_id: str
    origin: Literal["claim", "derived"]
    label: str
    quantity_interval: Interval | None
    unit: str | None
    per: str | None
    qualifier: str | None
    is_approximate: bool
    modality: str
    decimals: int | None
    when: str | None
    row: Mapping[str, Any]
    inputs: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The rows of a report by id, and the facts that they give."""

    sources: Mapping[str, Row]
    claims: Mapping[str, Row]
    derived: Mapping[str, Row]
    events: Mapping[str, Row]
    places: Mapping[str, Row]
    verdicts: Mapping[str, frozenset[str]]
    tables: Tables
    outside: Mapping[str, Row]  # rows of reference tables that hold a value, with which formulas may reckon
    written: Tables  # with the ids that `tables` has values for

    @classmethod
    def load(cls, root: Path) -> Evidence:
        """The evidence of the report in `root`; raises BadData with all that is wrong with its tables."""
        return cls.from_tables(reading.read(root))

    @classmethod
    def from_tables(cls, read: Tables) -> Evidence:
        """The evidence in these tables; a table that the report does not have counts as empty.

        Free text in which ids stand in braces has the values in their places (`quoting`).
        """
        written = cls.as_written(read)
        resolved = quoting.tables(written)
        return written if resolved is None else replace(cls.as_written(resolved), written=read)

    @classmethod
    def as_written(cls, read: Tables) -> Evidence:
        """The evidence in these tables, with every cell as its curator wrote it."""
        claims = _by_id(read, "claims", "claim_id")
        return cls(
            sources=_by_id(read, "sources", "source_id"),
            claims=claims,
            derived=_by_id(read, "derived", "derived_id"),
            events=_by_id(read, "events", "event_id"),
            places=_by_id(read, "places", "place_id"),
            verdicts=_verdicts(read["checks"].rows if "checks" in read else ()),
            tables=read,
            written=read,
            outside={
                row[table.fields[0].name]: row for table in read.values() if is_outside(table) for row in table.rows
            },
        )

    @cached_property
    def assertions(self) -> Mapping[str, Row]:
        """The claims without those that only say another again: what is to be counted."""
        return {claim_id: row for claim_id, row in self.claims.items() if row.values.get("repeats") is None}

    def has(self, fact_id: str) -> bool:
        """True where there is a claim or a derived value of that id."""
        return fact_id in self.claims or fact_id in self.derived

    def fact(self, fact_id: str) -> Fact:
        """The fact of that id.

        Raises UnknownFact for an unknown id, FormulaError where a derived value cannot be worked out, and
        ValueError where a claim's bounds do not fit its qualifier.
        """
        return self._fact(fact_id, ())

    def used_sources(self, fact_id: str) -> tuple[str, ...]:
        """The ids of the sources behind a fact, through all its inputs, each once in the order met.

        The sources behind the date of an event are those whose claims tell of it, unless the date is
        external. Raises as `fact` does.
        """
        return self._sources_of(self.claims_behind(fact_id))

    def claims_behind(self, fact_id: str) -> tuple[str, ...]:
        """The ids of the claims behind a fact, as `used_sources` has their sources; raises as `fact` does."""
        return tuple(dict.fromkeys(self._claims(fact_id, set())))

    @cached_property
    def event_sources(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the sources whose claims tell of each event."""
        return {event_id: self._sources_of(told_by) for event_id, told_by in self._telling.items()}

    def theme(self, name: str) -> str:
        """Return a theme of claims in the words that readers see: its label, or its name where it has none."""
        return self.label("claims", "theme", name) or name.replace("-", " ")

    def label(self, table: str, column: str, value: str) -> str:
        """Return the words that the contract has for a value of the column; empty where it has none."""
        labels = next((field.labels for field in self.tables[table].fields if field.name == column), {})
        return str(labels.get(value, ""))

    def origins(self, fact_id: str) -> frozenset[str]:
        """The origin clusters behind a fact: their number is that of its independent origins."""
        used = self.used_sources(fact_id)
        return frozenset(self.sources[source_id]["origin_cluster"] for source_id in used)

    def dated_outside(self, fact_id: str) -> tuple[str, ...]:
        """The ids of the events in the fact's own formula that no source dates."""
        used = [self.events[used_id] for used_id in self.fact(fact_id).inputs if used_id in self.events]
        return tuple(event["event_id"] for event in used if event["when_basis"] == EXTERNAL)

    def _fact(self, fact_id: str, trail: tuple[str, ...]) -> Fact:
        if fact_id in trail:
            raise FormulaError(f"it goes round in a circle: {' -> '.join([*trail, fact_id])}")
        if len(trail) > DEEPEST:
            raise FormulaError(_TOO_DEEP)
        if fact_id in self.claims:
            claim = self.claims[fact_id]
            return _claimed(claim, self._unverified(claim["event_id"]), self._doubts(claim))
        if fact_id in self.derived:
            if fact_id not in self._known:
                self._known[fact_id] = self._worked_out(self.derived[fact_id], (*trail, fact_id))
            return self._known[fact_id][0]
        raise UnknownFact(fact_id, nearest(fact_id, [*self.claims, *self.derived]))

    def _worked_out(self, row: Row, trail: tuple[str, ...]) -> tuple[Fact, int]:
        references = formulas.references(row["formula"])
        resolved = {reference: self._resolved(reference, trail) for reference in references}
        level = 1 + max((self._known[one][1] for one in references if one in self._known), default=0)
        if level > DEEPEST:
            raise FormulaError(_TOO_DEEP)
        result = formulas.evaluate(row["formula"], lambda reference: resolved[reference].value)
        try:
            interval = result.to(row["unit"]).interval
        except ValueError as error:
            raise FormulaError(str(error)) from None
        is_approximate = any(used.is_approximate for used in resolved.values())
        fact = Fact(
            fact_id=row["derived_id"],
            origin="derived",
            label=row["label"],
            quantity_interval=interval,
            unit=row["unit"],
            per=None,
            qualifier=_qualifier(interval, is_approximate),
            is_approximate=is_approximate,
            modality=min((used.modality for used in resolved.values()), key=_strength, default="stated"),
            decimals=row["decimals"],
            when=None,
            row=row.values,
            inputs=tuple(
                dict.fromkeys(one.removesuffix("@when") for one in references if not self._is_outside(one)),
            ),
            unverified=tuple(dict.fromkeys(event for used in resolved.values() for event in used.unverified)),
            doubts=in_order(one for used in resolved.values() for one in used.doubts),
        )
        return fact, level

    def _is_outside(self, reference: str) -> bool:
        return reference in self.outside and not self.has(reference)

    def _resolved(self, reference: str, trail: tuple[str, ...]) -> _Input:
        if reference.endswith("@when"):
            return self._dated(reference.removesuffix("@when"))
        try:
            is_outside = self._is_outside(reference)
            fact = measured(self.outside[reference]) if is_outside else self._fact(reference, trail)
        except UnknownFact as error:
            raise FormulaError(str(error)) from None
        if fact.quantity_interval is None or fact.unit is None:
            missing = "number" if fact.quantity_interval is None else "unit"
            raise FormulaError(f"{reference!r} has no {missing} to reckon with")
        quantity = Quantity.of(fact.quantity_interval, fact.unit)
        return _Input(quantity, fact.is_approximate, fact.modality, fact.unverified, fact.doubts)

    def _dated(self, dated_id: str) -> _Input:
        row = self.claims.get(dated_id) or self.events.get(dated_id)
        if row is None:
            suggestions = nearest(dated_id, [*self.claims, *self.events])
            raise FormulaError(f"there is no claim and no event {dated_id!r}{_hint(suggestions)}")
        if row["when"] is None:
            raise FormulaError(f"{dated_id!r} has no date to reckon with")
        span = dates.parse(row["when"])
        # An event has no voice: what is doubtful about it stands in columns of its own. Where its nature is disputed
        # its date stands, since nobody disputes how many days lie between two dates.
        is_claim, unverified = dated_id in self.claims, self._unverified(row["event_id"])
        doubts = self._doubts(row) if is_claim else (UNVERIFIED,) if unverified else ()
        return _Input(span, span.approximate, row["modality"] if is_claim else "stated", unverified, doubts)

    def _unverified(self, event_id: str | None) -> tuple[str, ...]:
        event = self.events.get(event_id) if event_id else None
        return (event["event_id"],) if event and event.values.get("is_unverified") else ()

    def _doubts(self, claim: Row) -> tuple[str, ...]:
        verdicts = self.verdicts.get(claim["claim_id"], frozenset())
        return of_claim(claim.values, verdicts, bool(self._unverified(claim["event_id"])))

    @cached_property
    def _known(self) -> dict[str, tuple[Fact, int]]:
        """The derived values worked out so far, each once, with how many stand below it, one upon the other."""
        return {}

    @cached_property
    def _telling(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for claim_id, row in self.claims.items():
            if row["event_id"] is not None:
                found.setdefault(row["event_id"], []).append(claim_id)
        return found

    def _sources_of(self, claim_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.claims[claim_id]["source_id"] for claim_id in claim_ids))

    def _claims(self, used_id: str, met: set[str]) -> Iterable[str]:
        if used_id in met:
            return
        met.add(used_id)
        if used_id in self.claims:
            yield used_id
        elif used_id in self.derived:
            # Working it out first refuses circles, which would never end here.
            for input_id in self.fact(used_id).inputs:
                yield from self._claims(input_id, met)
        elif used_id in self.events:
            if self.events[used_id]["when_basis"] != EXTERNAL:
                yield from self._telling.get(used_id, ())
        else:
            raise UnknownFact(used_id, nearest(used_id, [*self.claims, *self.derived]))


@dataclass(frozen=True)
class _Input:
    value: formulas.Value
    is_approximate: bool
    modality: str
    unverified: tuple[str, ...]
    doubts: tuple[str, ...]


def is_outside(table: Table) -> bool:
    """Whether a table holds values that no source of the report gives, one in a row and known by its first cell."""
    return table.name != "claims" and {field.name for field in table.fields} >= MEASURED


def bounds(low: Decimal | None, high: Decimal | None, qualifier: str | None) -> Interval | None:
    """The interval that a claim's cells assert; None where they assert no number.

    Raises ValueError, in words for the curator, where the bounds do not fit the qualifier.
    """
    has = (low is not None, high is not None)
    if qualifier not in _BOUNDS:
        if any(has):
            raise ValueError(f"a value stands beside the qualifier {qualifier or '(none)'}")
        return None
    *needs, closed = _BOUNDS[qualifier]
    if has != tuple(needs):
        wanted = " and ".join(name for name, need in zip(("low", "high"), needs, strict=True) if need)
        raise ValueError(f"the qualifier {qualifier} needs {wanted}{'' if all(needs) else ' alone'}")
    if qualifier in ("exact", "about") and low != high:
        raise ValueError(f"the qualifier {qualifier} needs low equal to high")
    return Interval(low, high, closed, closed)


def measured(row: Row) -> Fact:
    """The value in any row that has low, high, qualifier and unit, such as one of a reference table; it is untested.

    Raises ValueError where the bounds do not fit the qualifier.
    """
    return Fact(
        fact_id="", origin="claim", label="", quantity_interval=bounds(row["low"], row["high"], row["qualifier"]),
        unit=row["unit"], per=None, qualifier=row["qualifier"], is_approximate=row["qualifier"] == "about",
        modality="stated", decimals=None, when=None, row=row.values, doubts=(UNTESTED,),
    )  # fmt: skip


def _claimed(row: Row, unverified: tuple[str, ...], doubts: tuple[str, ...]) -> Fact:
    return Fact(  # not from `measured`: of tens of thousands of claims each is asked for several times
        fact_id=row["claim_id"],
        origin="claim",
        label=row["statement"],
        quantity_interval=bounds(row["low"], row["high"], row["qualifier"]),
        unit=row["unit"],
        per=row["per"],
        qualifier=row["qualifier"],
        is_approximate=row["qualifier"] == "about",
        modality=row["modality"],
        decimals=None,
        when=row["when"],
        row=row.values,
        unverified=unverified,
        doubts=doubts,
    )


def _qualifier(interval: Interval, is_approximate: bool) -> str:
    if interval.is_point:
        return "about" if is_approximate else "exact"
    if interval.low is not None and interval.high is not None:
        return "range"
    if interval.low is not None:
        return "at_least" if interval.low_closed else "over"
    if interval.high is not None:
        return "up_to" if interval.high_closed else "under"
    raise FormulaError("its inputs leave the result without any bound")


def _strength(modality: str) -> int:
    return MODALITIES.index(modality)


def _by_id(read: Tables, name: str, key: str) -> dict[str, Row]:
    return {row[key]: row for row in read[name].rows} if name in read else {}


def _verdicts(checks: Iterable[Row]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in checks:
        found.setdefault(str(row.values.get("claim_id")), set()).add(str(row.values.get("verdict")))
    return {claim_id: frozenset(verdicts) for claim_id, verdicts in found.items()}


def _hint(suggestions: tuple[str, ...]) -> str:
    return f"; {did_you_mean(suggestions)}" if suggestions else ""
