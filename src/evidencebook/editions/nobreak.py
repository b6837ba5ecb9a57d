"""What no line of print may part: days and months, hedges and numbers, numbers and units."""

from __future__ import annotations

import re
from calendar import month_name

_MONTHS = "|".join(month_name[1:])
_BOUND = re.compile(rf"(\d) (?=(?:{_MONTHS}|yuan|percent|million|billion)\b)|\b(about|over|under|up to) (?=\d|US\$)")
_FIGURE = re.compile(r"\d")


def bound(text: str) -> str:
    """Return text in which no line parts a day from its month, or a hedge from its number."""
    if _FIGURE.search(text) is None:
        return text
    return _BOUND.sub(lambda found: f"{found[1] or found[2]}\u00a0", text)


def longest_bound(text: str) -> int:
    """Return how many letters the longest stretch has that is bound together; 0 if nothing is bound."""
    return max((len(part) for part in bound(text).split(" ") if "\u00a0" in part), default=0)
