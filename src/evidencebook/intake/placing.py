"""Where a claim is: places that an article names, and the one that is most likely meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evidencebook.intake.english import VERBS
from evidencebook.intake.sentences import Sentence

_THERE = re.compile(
    r"(?<!\bsource )(?<!\bsources )\b(?:in|at|to|from|near|across|around|of|into|outside|throughout)\s+"
    r"(?:the (?:[\w-]+ ){1,4}(?:of )?)?(?:[A-Z]\w+,? )?$"
)
_SENT = re.compile(
    r"\b(?:pa(?:y|ys|id)|transfer\w*|remit\w*|wire[sd]?|send(?:s|ing)? (?:money|home|it)|sent (?:money|it)|goes|hand(?:s|ed)? over|report(?:s|ed)? back)\b"
    r"[^.;]{0,80}\bto (?:an?|the|its|their|his|her|some) (?:[\w-]+ ){1,5}?(?:in|at|of) (?:the )?$"
)
_GOVERNS = re.compile(
    r"[A-Z]\w+ (?:do(?:es)? not (?:want|wish|like|say)|want(?:s|ed)|hopes|insists|denies|denied|says|said|argues|fears|agreed|lets|asks|asked|calls|called|demand(?:s|ed)|refus(?:es|ed)|should|may|might|will|would|could|has (?:not )?(?:said|asked|agreed|denied))\b"
)
_FROM = re.compile(r"\bfrom\s+$")
_ACTS = re.compile(
    rf"[A-Z][\w]+(?: [A-Z]\w+)? (?:\w+ly )?(?:(?:{VERBS})\b|[a-z]{{4,}}(?:s|ed) (?:the|an?|its|their|that|to|no|all|up|from|most|much)\b)"
)
Place = tuple[int, str, bool]  # where a name stands, the place's id, and whether something is told to be there


_MOVED = re.compile(r"\b(?:return|fle[ed]|escap|mov|came|come|went|travel|settl|from)\w*\b[^,;]{0,30}$")


@dataclass(frozen=True)
class Places:
    """The places that an article names, in order, and the one that it names most often as where something is."""

    found: Sequence[Place]
    usual: str


def places_of(text: str, places: Sequence[tuple[str, str]]) -> Places:
    """Return where the text names places; of names within one another the longest."""
    taken = bytearray(len(text))
    found: list[Place] = []
    for place_id, name in places:
        for match in re.finditer(rf"\b{re.escape(name)}\b", text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                # "The Paris office" may lie elsewhere, what is "in Paris" does not.
                found.append((start, place_id, bool(_THERE.search(text[max(0, start - 60) : start]))))
    if dated := next((place_id for place_id, name in places if _is_dateline(text, name)), ""):
        return Places(sorted(found), dated)
    # What comes from a place is elsewhere.
    usual = Counter(one for at, one, is_there in found if is_there and not _FROM.search(text[max(0, at - 8) : at]))
    return Places(sorted(found), next((one for one, times in usual.most_common(1) if times > 1), ""))


def _is_dateline(text: str, name: str) -> bool:
    return bool(re.search(rf"^\W*{re.escape(name.upper())}\b[^.\n]{{0,30}}(?:[.:—–-]|\))", text[:1500], re.M))


def place_of(
    text: str, one: Sentence, at: int, passage: tuple[int, int], aside: tuple[int, int], is_local: bool, places: Places
) -> str:
    """Return the place named nearest in the passage or before it in its sentence; else the last before in the
    paragraph; else the one of the dateline, or that the article names most often as where something is.

    Where a voice is that `is_local`, the matter may be; where another is, something goes, or a government that is called by its city, is not where the matter is.
    """
    begin = text.rfind("\n", 0, one.start) + 1
    here = places.found[bisect_left(places.found, (begin,)) : bisect_left(places.found, (one.end,))]
    theirs = [each for each in here if aside[0] <= each[0] < aside[1]]
    here = [each for each in here if each not in theirs and not _is_elsewhere(text, each[0])]
    lives = [one for start, one, _ in theirs if is_local and not _MOVED.search(text[aside[0] : start])]
    own = [each for each in here if one.start <= each[0] < passage[1]]
    tiers: tuple[list[tuple[int, str]], ...] = ([], [], [], [])
    for start, place_id, is_there in own:
        if _FROM.search(text[max(0, start - 8) : start]):
            tier = 3
        else:
            tier = 0 if is_there else 2 if _ACTS.match(text, start) else 1
        tiers[tier].append((abs(start - at) - 300 * (passage[0] <= start), place_id))
    if named := tiers[0] or tiers[1]:
        return min(named)[1]
    before = [place_id for start, place_id, is_there in here if is_there and start < one.start]
    rest = [
        *lives,
        *reversed(before),
        *(place_id for _, place_id in sorted(tiers[2])),
        places.usual,
        *(each for _, each in tiers[3]),
    ]
    return next(filter(None, rest), "")


def _is_elsewhere(text: str, at: int) -> bool:
    """Whether a name is of a recipient, as in "pays a firm in Paris", or of a government: "Paris wants"."""
    begin = max(text.rfind("\n", 0, at), text.rfind(". ", 0, at)) + 1
    return bool(_SENT.search(text[begin:at]) or _GOVERNS.match(text, at))
