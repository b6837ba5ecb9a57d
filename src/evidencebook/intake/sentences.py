"""An article as paragraphs and sentences with their places, page furniture told from the article's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What stands on a page beside an article: invitations, credits, notes on the copy, forms.
_FURNITURE = re.compile(
    r"^\W*(?:share|tweet|follow us|subscribe|sign up|log in|advertis|related|read (?:more|in|also|next)|see also|most read|"
    r"menu|home|search|print|e-?mail|comments?\b|add your comment|leave a (?:reply|comment)|article rating|inline feedbacks|"
    r"notify of|tags?:|filed under|copyright|©|all rights reserved|disclaimer|terms of use|privacy policy|cookies?|"
    r"contact us|please direct|newsletter|donate|view all)\b"
    r"|\b(?:votes?|comments?) *$|\b(?:terms of use|all rights reserved|cookie policy|moderator|auto[ -]aggregated)\b"
    r"|\bplease (?:direct|send|contact|subscribe)\b|\bcomments? or questions?\b",
    re.I,
)  # fmt: skip
_CREDIT = re.compile(
    r"\b(?:image|photo|picture|graphic|video|illustration)s?(?: (?:courtesy|credit|by))? ?[:/]|\(photo\b|\bgetty images\b"
    r"|\.(?:jpe?g|png|webp)\b|^\W*(?:file )?(?:photo|image|caption)\b|^(?:taken|pictured|seen) in [A-Z]",
    re.I,
)
_BIOGRAPHY = re.compile(
    r"\b(?:is|are|was) (?:an?|one of)\b.{0,60}\b(?:reporters?|correspondents?|journalists?|editors?|contributors?)\b"
    r"|\b(?:reported|written|translated|edited|reporting|editing) (?:in \w+ )?by [A-Z]|^by [A-Z]\S+(?: [A-Z]\S+){1,3}$",
    re.I,
)
_END = re.compile(r"(?<=[.!?。！？])[\"'”’»)\]]*(?:\s+|(?=[가-힣「“]))|(?<=[.!?][\"”’])\s+")
LONGEST = 1500  # characters that are read as one sentence; patterns look back, and a page may be one line
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|St|Jr|Sr|No|Nos|vs|etc|approx|est|Co|Ltd|Inc|Corp|Jan|Feb|Mar|Apr|"
    r"Jun|Jul|Aug|Sept?|Oct|Nov|Dec|i\.e|e\.g|a\.m|p\.m)|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence: its place, the ordinal of its paragraph from 1, and what else than the article's prose it is."""

    start: int
    end: int
    para: int
    apart: str = ""  # heading, furniture, credit or biography; empty for prose


def paragraphs(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield each non-blank line: its ordinal, its place, and what it is; empty for prose."""
    start, para = 0, 0
    lines = text.split("\n")
    for line in lines:
        if line.strip():
            para += 1
            yield para, start, start + len(line), _apart(line.strip(), para)
        start += len(line) + 1


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of the text, in order."""
    found = []
    for para, start, end, apart in paragraphs(text):
        for a, b in _split(text, start, end):
            found += [Sentence(at, min(at + LONGEST, b), para, apart) for at in range(a, b, LONGEST)]
    return found


def apart(text: str) -> Sequence[tuple[int, str]]:
    """Return the paragraphs that are no prose of the article, with what they are."""
    return [(para, kind) for para, _, _, kind in paragraphs(text) if kind]


def _apart(line: str, para: int) -> str:
    if _FURNITURE.search(line):
        return "furniture"
    if _CREDIT.search(line):
        return "credit"
    if _BIOGRAPHY.search(line):
        return "biography"
    is_sentence = re.search(r"[.!?。！？:][\"'”’»)\]]*\s*$", line)
    return "" if is_sentence or (len(line) > 100 and para > 1) else "heading"


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _END.finditer(text, start, end):
        if match.start() <= at or _ABBREVIATED.search(text, max(at, match.start() - 20), match.start()):
            continue
        if match.end() < end and text[match.end()].islower():
            continue
        if text[at : match.end()].strip():
            yield at, match.end()
        at = match.end()
    if text[at:end].strip():
        yield at, end
