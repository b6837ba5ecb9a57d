"""What somebody may have meant who wrote a name that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(wrong: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names nearest to a wrong one, best first; three at most."""
    # A row whose key is missing is known by None.
    return tuple(difflib.get_close_matches(wrong, [one for one in known if one], n=3, cutoff=0.55))


def did_you_mean(names: Iterable[str]) -> str:
    """Return the names as a question; an empty string where there are none."""
    found = " or ".join(names)
    return f"did you mean {found}?" if found else ""
