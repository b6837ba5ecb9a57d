"""What the rows that a report has already suggest for a new one: theme and topic by its words, ratings by its voice."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencebook.tables.reading import Row

_WORD = re.compile(r"[^\W\d_]{4,}")
NEAREST = 7  # rows that decide


@dataclass(frozen=True)
class Habits:
    """How the rows of a table go together: their words by weight, their subjects, and how voices are rated."""

    rows: Sequence[tuple[Mapping[str, float], str, str]]
    weights: Mapping[str, float]
    ratings: Mapping[str, Counter[tuple[str, str]]]

    @classmethod
    def of(cls, claims: Iterable[Row]) -> Habits:
        """Return the habits of a table of claims."""
        told = [(_stems(f"{row['statement']} {row['scope']}") + _form(row["kind"], row["unit"]), row) for row in claims]
        seen = Counter(word for stems, _ in told for word in {*stems})
        weights = {word: math.log((len(told) + 1) / count) for word, count in seen.items()}
        ratings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for _, row in told:
            ratings[str(row["speaker_type"])][str(row["reliability"]), str(row["credibility"])] += 1
        rows = [(_vector(stems, weights), str(row["theme"]), str(row.values.get("topic") or "")) for stems, row in told]
        return cls(rows, weights, ratings)

    def subject(self, passage: str, kind: str, unit: str) -> tuple[str, str]:
        """Return theme and topic of the rows nearest in words, kind and unit; empty without rows."""
        own = _vector(_stems(passage) + _form(kind, unit), self.weights)
        near = sorted(((sum(weight * row.get(word, 0) for word, weight in own.items()), theme, topic)
                       for row, theme, topic in self.rows), reverse=True)[:NEAREST]  # fmt: skip
        themes: Counter[str] = Counter()
        for likeness, theme, _ in near:
            themes[theme] += likeness  # type: ignore[assignment]
        if not themes:
            return "", ""
        best = themes.most_common(1)[0][0]
        return best, next(topic for _, theme, topic in near if theme == best)

    def rating(self, speaker_type: str) -> tuple[str, str]:
        """Return how such voices are mostly rated here; one that cannot be judged where there are none."""
        found = self.ratings.get(speaker_type)
        return found.most_common(1)[0][0] if found else ("F", "6")


def _form(kind: str, unit: str | None) -> list[str]:
    """Return what a row asserts as words that no text has."""
    return [f"kind {kind}", f"unit {unit or ''}"]


def _vector(stems: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    found = {word: weights.get(word, 0.0) for word in stems}
    length = math.sqrt(sum(weight**2 for weight in found.values())) or 1.0
    return {word: weight / length for word, weight in found.items()}


def _stems(text: str) -> list[str]:
    return [re.sub(r"(?:ing|ed|es|s)$", "", one) for one in _WORD.findall(text.lower())]
