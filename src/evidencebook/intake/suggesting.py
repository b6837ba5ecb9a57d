"""What a report suggests for a new row: theme and topic by words and by what topics mean, ratings by the voice."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencebook.tables.contract import Resource
from evidencebook.tables.reading import Row

_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = frozenset(  # words that tell nothing of a topic
    ["about", "after", "all", "also", "and", "are", "been", "before", "but", "for", "from", "had", "has", "have", "her",
     "him", "his", "how", "into", "its", "many", "more", "not", "one", "other", "out", "said", "say", "says", "she",
     "some", "than", "that", "the", "their", "them", "there", "these", "they", "this", "those", "two", "was", "were",
     "what", "when", "which", "who", "will", "with", "would"]
)  # fmt: skip
MEANT = 3  # rows that the meaning of a topic weighs as much as
FORM = 0.4  # the weight of kind and unit beside that of words
OFFERED = 3  # topics that a sheet names
_PARAGRAPH = 0.1  # the weight of a word of the paragraph beside one of the sentence
_Form = tuple[str, str]


@dataclass(frozen=True)
class Habits:
    """How the rows of a table go together: the words and forms of each topic, its themes, and how voices are rated."""

    words: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, float]
    forms: Mapping[str, Counter[_Form]]
    themes: Mapping[str, Counter[str]]
    ratings: Mapping[str, Counter[tuple[str, str]]]

    @classmethod
    def of(cls, rows: Iterable[Row], claims: Resource) -> Habits:
        """Return the habits of a table of claims, whose column says what its topics mean."""
        words: dict[str, Counter[str]] = defaultdict(Counter)
        forms: dict[str, Counter[_Form]] = defaultdict(Counter)
        themes: dict[str, Counter[str]] = defaultdict(Counter)
        ratings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in rows:
            topic = str(row.values.get("topic") or "")
            words[topic].update({*_stems(f"{row['statement']} {row['scope']}")})
            forms[topic][str(row["kind"]), str(row["unit"] or "")] += 1
            themes[topic][str(row["theme"])] += 1
            ratings[str(row["speaker_type"])][str(row["reliability"]), str(row["credibility"])] += 1
        column = claims.field("topic")
        for topic, meaning in (column.meanings if column else {}).items():
            words[topic].update(dict.fromkeys(_stems(f"{topic.replace('-', ' ')} {meaning}"), MEANT))
        seen = Counter(word for found in words.values() for word in found)
        weights = {word: math.log((len(words) + 1) / count) for word, count in seen.items()}
        vectors = {topic: _vector(found, weights) for topic, found in words.items()}
        return cls(vectors, weights, forms, themes, ratings)

    def subject(self, passage: str, paragraph: str, kind: str, unit: str) -> tuple[str, list[str]]:
        """Return the theme and the likeliest topics, best first; empty without rows and meanings."""
        own: Counter[str] = Counter(_stems(passage))
        for word in _stems(paragraph):
            own[word] += _PARAGRAPH  # type: ignore[assignment]
        vector = _vector({word: count for word, count in own.items() if word in self.weights}, self.weights)
        likely: list[tuple[float, str]] = []
        for topic, words in self.words.items():
            forms = self.forms.get(topic, Counter())
            form = (forms[kind, unit] + 0.3) / (forms.total() + 3)
            likeness = sum(weight * words.get(word, 0) for word, weight in vector.items())
            likely.append(((likeness + 0.02) * form**FORM, topic))
        likely.sort(reverse=True)
        themes: defaultdict[str, float] = defaultdict(float)
        for likeness, topic in likely[: OFFERED + 2]:
            for theme, count in self.themes.get(topic, {}).items():
                if theme in self.themes.get(likely[0][1], {theme}):  # of the topic that is proposed
                    themes[theme] += likeness * count / self.themes[topic].total()
        offered = [topic for _, topic in likely if topic]
        usual = max(self.forms, key=lambda topic: self.forms[topic][kind, unit], default="")
        if unit and usual in offered[OFFERED:] and self.forms[usual][kind, unit] > 1:
            offered.insert(OFFERED - 1, usual)
        return max(themes, key=lambda one: themes[one], default=""), offered[:OFFERED]

    def rating(self, speaker_type: str) -> tuple[str, str]:
        """Return how such voices are mostly rated here; one that cannot be judged where there are none."""
        found = self.ratings.get(speaker_type)
        return found.most_common(1)[0][0] if found else ("F", "6")


def _vector(counts: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    found = {word: math.sqrt(count) * weights[word] for word, count in counts.items()}
    length = math.sqrt(sum(weight**2 for weight in found.values())) or 1.0
    return {word: weight / length for word, weight in found.items()}


def _stems(text: str) -> Sequence[str]:
    """Return the words that tell what a text is about, without their endings."""
    found = []
    for word in _WORD.findall(text.lower()):
        if word not in _EMPTY:
            word = re.sub(r"ies$", "y", word)
            found.append((re.sub(r"(?:ations?|ings?|ments?|ed|es|s|e)$", "", word) if len(word) > 4 else word)[:7])
    return found
