"""What the rows that a report has already suggest for a new one: theme and topic by its words, ratings by its voice."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from evidencebook.tables.reading import Row

_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass
class Habits:
    """How the rows of a table go together, counted once."""

    words: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    ratings: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, claims: Iterable[Row]) -> Habits:
        """Return the habits of a table of claims."""
        habits = cls()
        for row in claims:
            pair = (str(row["theme"]), str(row.values.get("topic") or ""))
            habits.rows[pair] += 1
            habits.words[pair].update(
                [*_stems(f"{row['statement']} {row['scope']}"), *_form(str(row["kind"]), str(row["unit"] or ""))]
            )
            habits.ratings[str(row["speaker_type"])][str(row["reliability"]), str(row["credibility"])] += 1
        return habits

    def subject(self, passage: str, kind: str, unit: str) -> tuple[str, str]:
        """Return the theme and topic whose rows have most of the passage's words (naive Bayes); empty without rows."""
        if not self.rows:
            return "", ""
        stems = [*_stems(passage), *_form(kind, unit)]
        total, size = sum(self.rows.values()), len({one for found in self.words.values() for one in found})

        def score(pair: tuple[str, str]) -> float:
            counted = self.words[pair]
            below = sum(counted.values()) + size
            return math.log(self.rows[pair] / total) + sum(math.log((counted[one] + 1) / below) for one in stems)

        return max(sorted(self.rows), key=score)

    def rating(self, speaker_type: str) -> tuple[str, str]:
        """Return how such voices are mostly rated here; one that cannot be judged where there are none."""
        found = self.ratings.get(speaker_type)
        return found.most_common(1)[0][0] if found else ("F", "6")


def _form(kind: str, unit: str) -> list[str]:
    """Return what a row asserts as words that no text has, as heavy as several of the text's."""
    return [f"kind {kind}", f"unit {unit}"] * 2


def _stems(text: str) -> list[str]:
    return [re.sub(r"(?:ing|ed|es|s)$", "", one) for one in _WORD.findall(text.lower())]
