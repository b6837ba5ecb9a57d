"""What each source and each newsroom carries: the claims, derived values and events that fall if it is withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence, Fact
from evidencebook.evidence.firmness import AGREES, CONFIRMED
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import words
from evidencebook.tables import contract
from evidencebook.tables.withholding import without
from evidencebook.values.intervals import Interval


@dataclass(frozen=True)
class Carried:
    """What falls with some sources: ids of claims, derived values, events and pairs; `is_newsroom` with all of one."""

    name: str
    source_ids: tuple[str, ...]
    is_newsroom: bool
    claims: frozenset[str]
    derived: frozenset[str]
    events: frozenset[str]
    pairs: frozenset[str]

    @property
    def facts(self) -> frozenset[str]:
        """The ids of all that a sentence could show."""
        return self.claims | self.derived


def carried(root: Path, accounts: Accounts) -> list[Carried]:
    """Return what each newsroom carries, the largest first, and below it each of its articles where it has several."""
    evidence, agreed = accounts.evidence, contract.load(root)
    clusters: dict[str, list[str]] = {}
    for source_id, row in evidence.sources.items():
        clusters.setdefault(row["origin_cluster"], []).append(source_id)

    def lost(name: str, source_ids: Collection[str], is_newsroom: bool) -> Carried:
        left = Evidence.from_tables(without(evidence.tables, agreed, source_ids))
        pairs = (_ids(one, "contradictions") for one in (evidence, left))
        return Carried(
            name, tuple(source_ids), is_newsroom,
            frozenset(evidence.claims.keys() - left.claims), frozenset(evidence.derived.keys() - left.derived),
            frozenset(evidence.events.keys() - left.events), next(pairs) - next(pairs),
        )  # fmt: skip

    newsrooms = [lost(accounts.newsrooms[cluster], ids, True) for cluster, ids in clusters.items()]
    found: list[Carried] = []
    for newsroom in sorted(newsrooms, key=lambda one: (-len(one.claims), one.name)):
        found.append(newsroom)
        if len(newsroom.source_ids) > 1:
            found += [lost(short_citation(evidence.sources[one]), [one], False) for one in newsroom.source_ids]
    return found


def is_confirmed(accounts: Accounts, claim_id: str) -> bool:
    """Whether an independent origin or a check outside the articles confirms a claim."""
    agrees = any(row["verdict"] == AGREES for row in accounts.checks.get(claim_id, ()))
    return agrees or accounts.evidence.claims[claim_id]["credibility"] == CONFIRMED


def span(facts: Iterable[Fact]) -> str:
    """Return the lowest and the highest bound of facts of one unit in words; empty where units differ."""
    found = [fact for fact in facts if fact.quantity_interval is not None]
    if len({(fact.unit, fact.per) for fact in found}) != 1:
        return ""
    if len(found) == 1:
        return words(found[0])
    ends = [one for fact in found for one in _ends(fact)]
    one = replace(
        found[0], origin="derived", quantity_interval=Interval(min(ends), max(ends)), qualifier="range",
        decimals=max((one for fact in found if (one := fact.decimals) is not None), default=None), is_approximate=False,
    )  # fmt: skip
    return words(one)


def _ends(fact: Fact) -> list[Fraction]:
    interval = fact.quantity_interval
    return [one for one in (interval.low, interval.high) if one is not None] if interval else []


def _ids(evidence: Evidence, table: str) -> frozenset[str]:
    rows = evidence.tables[table].rows if table in evidence.tables else ()
    return frozenset(str(row[evidence.tables[table].fields[0].name]) for row in rows)
