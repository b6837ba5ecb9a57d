"""What is doubtful about a fact: the one rule that decides its grade, line, mark and word in every edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evidencebook.evidence.facts import Fact

DISPUTED = "disputed"  # something speaks against it: a document, another voice, the article itself
UNCONFIRMED = "unconfirmed"  # nothing outside its own words vouches for it
UNTESTED = "untested"  # of a value that no source of the report gives, and that nobody has rated
UNVERIFIED = "unverified"
# What a fact can suffer from, the strongest first, and the one word of three that says it beside a value.
_WORDS = {
    "contradicted": DISPUTED,
    DISPUTED: DISPUTED,
    "inconsistent": DISPUTED,
    "improbable": DISPUTED,
    "doubtful": DISPUTED,
    "rumoured": UNCONFIRMED,
    "projected": UNCONFIRMED,
    "hearsay": UNCONFIRMED,
    UNVERIFIED: UNCONFIRMED,
    UNCONFIRMED: UNCONFIRMED,
    UNTESTED: UNTESTED,
}
DOUBTS = tuple(_WORDS)
_RATED = {4: "doubtful", 5: "improbable"}
_POSSIBLY_TRUE, _CANNOT_BE_JUDGED = 3, 6
_NOT_ANSWERABLE = ("anonymous", "outlet")  # voices that nobody can ask: a source without a name, an outlet without one


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


def doubt(fact: Fact) -> str:
    """Return the word to say beside a fact: "disputed", "unconfirmed", "untested", or nothing."""
    return _WORDS[fact.doubts[0]] if fact.doubts else ""
