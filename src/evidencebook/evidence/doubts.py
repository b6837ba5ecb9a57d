"""What is doubtful about a fact: the one rule that decides its grade, line, mark and word in every edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidencebook.evidence.facts import Fact

UNVERIFIED = "unverified"
UNCONFIRMED = "unconfirmed"
UNTESTED = "untested"  # of a value that no source of the report gives, and that nobody has rated
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
    UNTESTED: "on an untested basis",
}
DOUBTS = tuple(_CONDITIONS)
# Doubts that the statement of a claim without a value has in its own words, or that need not touch what it says.
_OF_VALUES = ("hearsay", UNVERIFIED, UNCONFIRMED)
_RATED = {4: "doubtful", 5: "improbable"}
_POSSIBLY_TRUE, _CANNOT_BE_JUDGED = 3, 6
_NOT_ANSWERABLE = ("anonymous", "outlet")  # voices that nobody can ask: a source without a name, an outlet without one
# What speaks against a value itself, so that naming whoever says it does not mend it.
_AGAINST = ("contradicted", "improbable", "doubtful")


def of_claim(claim: Mapping[str, Any], verdicts: Collection[str], is_unverified: bool) -> tuple[str, ...]:
    """Return all that is doubtful about a claim, the strongest first.

    Its modality, the verdicts of its checks, its credibility, and whether it tells of an event that its own publishers
    could not verify. What cannot be judged is unconfirmed, and so is what is no more than possible if it is a
    conclusion or said by nobody who could be asked, so that nothing vouches for it.
    """
    worth = claim.get("credibility")
    found = {claim["modality"], *verdicts, _RATED.get(worth or 0, "")}
    is_loose = claim.get("speaker_type") in _NOT_ANSWERABLE or claim["modality"] == "inferred"
    if worth == _CANNOT_BE_JUDGED or (worth == _POSSIBLY_TRUE and is_loose):
        found.add(UNCONFIRMED)
    if is_unverified:
        found.add(UNVERIFIED)
    return in_order(found)


def in_order(doubts: Iterable[str]) -> tuple[str, ...]:
    """Return the doubts among these words, each once and the strongest first."""
    found = set(doubts)
    return tuple(one for one in DOUBTS if one in found)


def is_refuted(fact: Fact) -> bool:
    """Return whether something speaks against the fact itself, so that it should not be passed on under any name."""
    return any(one in _AGAINST for one in fact.doubts)


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
