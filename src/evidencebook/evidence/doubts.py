"""What is doubtful about a fact: the one rule that decides its line, its mark and its word in every edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidencebook.evidence.facts import Fact

UNVERIFIED = "unverified"
UNCONFIRMED = "unconfirmed"
# What a fact can suffer from, and what is said of a value worked out from such a fact, which nobody rumours: it holds
# as far as its input does. The strongest comes first, since one word stands beside a value.
_CONDITIONS = {
    "contradicted": "on a contradicted basis",
    "disputed": "on a disputed basis",
    "inconsistent": "on an inconsistent basis",
    "improbable": "on an improbable basis",
    "rumoured": "if the rumour holds",
    "projected": "if the projection holds",
    "doubtful": "on a doubtful basis",
    "hearsay": "if the hearsay holds",
    UNVERIFIED: "on an unverified account",
    UNCONFIRMED: "on an unconfirmed basis",
}
DOUBTS = tuple(_CONDITIONS)
# Doubts that the statement of a claim without a value has in its own words, or that need not touch what it says.
_OF_VALUES = ("hearsay", UNVERIFIED, UNCONFIRMED)
_RATED = {4: "doubtful", 5: "improbable"}
_NOT_JUDGED, _CANNOT_BE_JUDGED = "F", 6


def of_claim(claim: Mapping[str, Any], verdicts: Collection[str], is_unverified: bool) -> tuple[str, ...]:
    """Return all that is doubtful about a claim, the strongest first.

    Its modality, the verdicts of its checks, its credibility, and whether it tells of an event that its own publishers
    could not verify. Credibility 6 is mostly the absence of a rating; it is a doubt where the voice cannot be judged
    either, so that nothing vouches for what is said.
    """
    found = {claim["modality"], *verdicts, _RATED.get(claim.get("credibility") or 0, "")}
    if claim.get("credibility") == _CANNOT_BE_JUDGED and claim.get("reliability") == _NOT_JUDGED:
        found.add(UNCONFIRMED)
    if is_unverified:
        found.add(UNVERIFIED)
    return in_order(found)


def in_order(doubts: Iterable[str]) -> tuple[str, ...]:
    """Return the doubts among these words, each once and the strongest first."""
    found = set(doubts)
    return tuple(one for one in DOUBTS if one in found)


def doubt(fact: Fact) -> str:
    """Return the strongest doubt about a fact, one of DOUBTS; empty where there is none.

    A claim without number and date says in its own words that it is hearsay or what an unnamed voice alone says, and of
    an event that could not be verified it may tell what nobody doubts, such as who answered: such doubts are of values.
    """
    has_value = fact.quantity_interval is not None or fact.row.get("kind") == "date"
    return next((one for one in fact.doubts if has_value or one not in _OF_VALUES), "")


def stance(fact: Fact) -> str:
    """Return what to say beside a fact that is doubtful or rests on one that is; empty for any other."""
    found = doubt(fact)
    return _CONDITIONS[found] if found and fact.origin == "derived" else found
