"""Sentences that no longer agree with the values they show: hedges, order of bounds, numbers that stayed behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from evidencebook.changes.sentences import Sentence, Shown
from evidencebook.values import numerals

if TYPE_CHECKING:
    from evidencebook.changes.comparing import Difference, Moved

_HEDGES = (
    ("at least", r"at\s+least|not\s+(?:fewer|less)\s+than|as\s+(?:few|little)\s+as|a\s+minimum\s+of"),
    ("over", r"over|above|(?:more|greater|higher)\s+than|in\s+excess\s+of|exceeds?|exceeding"),
    ("up to", r"up\s+to|at\s+most|no(?:t)?\s+more\s+than|as\s+(?:many|much)\s+as|a\s+(?:ceiling|maximum)\s+of"),
    ("under", r"under|below|(?:fewer|less|lower)\s+than"),
    ("about", r"about|around|roughly|approximately|some|nearly|almost"),
)
_BEFORE = tuple((name, re.compile(rf"\b(?:{words})\s+$", re.IGNORECASE)) for name, words in _HEDGES)
_OPENS = tuple((name, re.compile(rf"(?:{words})\b", re.IGNORECASE)) for name, words in _HEDGES)
_FROM_TO = re.compile(r"\b(?:(?P<verb>\w+)\s+)?(?P<from>between|from)\s+$", re.IGNORECASE)
_UP = re.compile(r"(?:r[io]se|risen|gr[eo]w|grown|increased?|climb\w*|went\s+up|up)$", re.IGNORECASE)
_DOWN = re.compile(r"(?:f[ea]ll|fallen|dropp?\w*|decreased?|declin\w*|cut|shr[aiu]nk|down)$", re.IGNORECASE)


def contradictions(difference: Difference) -> Iterator[tuple[Moved, str]]:
    """Yield what of the new edition contradicts itself and did not before, with the reason."""
    from evidencebook.changes.comparing import Moved

    known = {id(one.after): one for one in difference.sentences}
    stale = {
        one.fact_id: (_numbers(one.before), _numbers(one.after))
        for one in difference.facts if one.before and one.after
    }  # fmt: skip
    stale = {fact_id: (old, new) for fact_id, (old, new) in stale.items() if old - new}
    for name, page in difference.after.pages.items():
        for sentence in page.sentences:
            moved = known.get(id(sentence))
            before = set(_wrong(moved.before)) if moved and moved.before else set()
            reasons = [one for one in _wrong(sentence) if one not in before] if moved else []
            reasons += _stale(sentence, stale)
            if reasons:
                yield moved or Moved(name, sentence, sentence), "; ".join(dict.fromkeys(reasons))


def _wrong(sentence: Sentence) -> Iterator[str]:
    """Yield what a sentence says of its values that they do not say themselves, or the contrary."""
    text, at = sentence.text, 0
    values: list[tuple[int, int, Shown]] = []
    for one in sentence.shown:
        if one.kind in ("fact", "value") and one.words:
            start = text.find(one.words, at)
            if start >= 0:
                at = start + len(one.words)
                values.append((start, at, one))
    for start, _, one in values:
        typed = next((name for name, words in _BEFORE if words.search(text[:start])), "")
        brought = next((name for name, words in _OPENS if words.match(one.words)), "")
        if typed and brought and typed != brought:
            yield f"“{typed}” stands before “{one.words}”"
    for (start, end, one), (after, _, other) in pairwise(values):
        opening = _FROM_TO.search(text[:start])
        if opening is None or not re.fullmatch(r"\s*\S{0,20}\s*(?:to|and)\s+", text[end:after]):
            continue
        low, high = _numbers(one.words), _numbers(other.words)
        if len(low) != 1 or len(high) != 1:
            continue
        verb, (first,), (second,) = opening["verb"] or "", low, high
        falls = bool(_DOWN.search(verb))
        is_ordered = opening["from"].lower() == "between" or falls or bool(_UP.search(verb))
        if is_ordered and (first <= second if falls else first >= second):
            yield f"“{text[opening.start() : after + len(other.words)].strip()}” runs the other way"


def _stale(sentence: Sentence, moved: dict[str, tuple[set[Fraction], set[Fraction]]]) -> Iterator[str]:
    """Yield the numbers of a value as it was that a sentence about it still has."""
    about = {one.entry for one in sentence.shown if one.kind == "fact"}
    about |= {sentence.anchor.removeprefix("ledger-")}
    if not about & moved.keys():
        return
    rest = sentence.text
    for one in sentence.shown:  # what comes from the tables is as it is there
        rest = rest.replace(one.words, " \ufffc ") if one.kind in ("fact", "value", "count", "source") else rest
    numbers = {one.value: rest[one.start : one.end] for one in numerals.find(rest)}
    for fact_id in about & moved.keys():
        old, new = moved[fact_id]
        for number in (old - new) & numbers.keys():
            if number > 1:
                yield f"“{numbers[number]}” is what {fact_id} was before"


def _numbers(words: str) -> set[Fraction]:
    return {Fraction(one.value) for one in numerals.find(words)}
