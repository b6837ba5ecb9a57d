"""The opening and closing words by which a passage is found in its text again."""

from __future__ import annotations

import re

from evidencebook.check.anchors import SEPARATOR, PassageNotFound, locate
from evidencebook.check.copying import LONGEST_RUN, words

SHORT = 5  # words of a passage that stands alone
_WORD = re.compile(r"\S+")
_EDGES = " \t\r\f\u00a0.,;:!?…–—-\"'“”‘’()[]«»「」。、"


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without spaces and punctuation at its ends; a percent or currency sign stays."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def fragment(text: str, start: int, end: int) -> str | None:
    """Return the words that find the passage from `start` to `end`; None where none of ten words at most do."""
    passage = text[start:end]
    if "\n" in passage or not passage.strip():
        return None
    spans = [(start + match.start(), start + match.end()) for match in _WORD.finditer(passage)]
    if len(spans) <= SHORT and _finds(text, passage, start, end):
        return passage
    for opening in range(2, min(LONGEST_RUN, len(spans) - 1) + 1):
        head = text[start : spans[opening - 1][1]]
        if text.find(head) != start or text.find(head, start + 1) >= 0:
            continue
        for closing in range(1 if len(spans) - opening < 2 else 2, min(LONGEST_RUN, len(spans) - opening) + 1):
            candidate = f"{head}{SEPARATOR}{text[spans[-closing][0] : end]}"
            if _finds(text, candidate, start, end):
                return candidate
    return passage if len(spans) <= LONGEST_RUN and _finds(text, passage, start, end) else None


def _finds(text: str, candidate: str, start: int, end: int) -> bool:
    if any(sum(1 for _ in words(part)) > LONGEST_RUN for part in candidate.split(SEPARATOR)):
        return False  # so many of an article's words in a row stand nowhere
    try:
        found = locate(text, candidate)
    except PassageNotFound:
        return False
    return (found.start, found.end) == (start, end)
