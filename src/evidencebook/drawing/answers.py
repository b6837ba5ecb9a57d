"""Tables of marks and words: what is given, vague or missing, as a grid, or as cards on phones."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from evidencebook.charts import ABOUT, COLOURS, FACTS, Size
from evidencebook.drawing import marks

GIVEN, VAGUE, MISSING, WORDS_ONLY = "given", "vague", "missing", "words"
KEY = {GIVEN: "given", VAGUE: "vague or estimated", MISSING: "not given"}


@dataclass(frozen=True)
class Answer:
    """One cell: whether the articles give it, in which words, and by which claims where not by all of its row."""

    standing: str
    text: str
    claim_ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Line:
    """One row: what it is about, smaller words below, the claims behind it, and its answers by column."""

    label: str
    detail: str
    claim_ids: tuple[str, ...]
    answers: dict[str, Answer]

    @property
    def named(self) -> dict[str, str]:
        """The columns by which the label is a mark of its own, or one with the answers that rest on the same claims."""
        return {FACTS: " ".join(self.claim_ids), ABOUT: self.label}

    def facts(self, column: str) -> str:
        """The ids behind an answer, parted by spaces."""
        own = self.answers[column].claim_ids
        return " ".join(self.claim_ids if own is None else own)

    def named_answer(self, column: str) -> dict[str, str]:
        """The same for an answer; one that rests on no claim is no mark and fades with its row."""
        facts = self.facts(column)
        if not facts:
            return {**self.named, ABOUT: ""}
        is_of_row = set(facts.split()) == set(self.claim_ids)
        return self.named if is_of_row else {FACTS: facts, ABOUT: f"{self.label}: {column.lower()}"}


def grid(shown: Sequence[Line], lefts: Sequence[float], row: float, size: Size) -> alt.LayerChart:
    """A table of marks and words, whose columns begin at `lefts`."""
    columns = list(shown[0].answers)
    edges = [*lefts, size.width]
    room = [int((right - left - 18) / 5.4) for left, right in pairwise(edges)]
    parts = _Parts()
    for n, line in enumerate(shown):
        y = row * (n + 0.5)
        label = textwrap.wrap(line.label, int(lefts[0] / 7))
        said = textwrap.wrap(line.detail, int(lefts[0] / 5.4))
        top = y - 7 * (len(label) + len(said) - 1)
        parts.name(line, top, label, said)
        for column, left, width in zip(columns, lefts, room, strict=True):
            parts.answer(line, column, (left, y), (left, y), width, is_centred=True)
    parts.heads = [{"across": left - 5, "down": -14.0, "text": each} for each, left in zip(columns, lefts, strict=True)]
    parts.rules = [row * n for n in range(len(shown) + 1)]
    return _drawn(parts, -28.0, row * len(shown) + 20, size)


def cards(shown: Sequence[Line], columns: Sequence[str], size: Size, across: int = 4) -> alt.LayerChart:
    """A block for each row: its name, the words below, and `across` answers side by side with headings."""
    step = (size.width - 8.0) / across
    parts = _Parts()
    y = 0.0
    for line in shown:
        parts.rules.append(y - 14)
        label, said = textwrap.wrap(line.label, 44), textwrap.wrap(line.detail, 56)
        parts.name(line, y, label, said)
        y += 14.5 * len(label) + 13 * len(said) + 9
        for first in range(0, len(columns), across):
            longest = 1
            for n, column in enumerate(columns[first : first + across]):
                if not line.answers[column].text:
                    continue  # a head alone would look as if its answer had been lost
                left = step * n + 5
                parts.heads.append({"across": left + 9, "down": y, "text": column, FACTS: line.named[FACTS]})
                count = parts.answer(line, column, (left, y), (left - 2, y + 15), int((step - 16) / 5.3))
                longest = max(longest, count)
            y += 15 + 13 * longest + 6
        y += 14
    return _drawn(parts, -18.0, y + 4, size)


class _Parts:
    """The words, marks and rules of a table while it is laid out, in pixels."""

    def __init__(self) -> None:
        self.labels: list[dict[str, Any]] = []
        self.details: list[dict[str, Any]] = []
        self.cells: list[dict[str, Any]] = []
        self.symbols: list[dict[str, Any]] = []
        self.heads: list[dict[str, Any]] = []
        self.rules: list[float] = []

    def name(self, line: Line, y: float, label: list[str], said: list[str]) -> None:
        """Add a row's label and the smaller words below it."""
        self.labels.append({"across": 0, "down": y, "text": "\n".join(label), **line.named})
        below = y + 14.5 * len(label)
        self.details.append({"across": 0, "down": below, "text": "\n".join(said), **line.named})

    def answer(
        self,
        line: Line,
        column: str,
        mark: tuple[float, float],
        words: tuple[float, float],
        width: int,
        is_centred: bool = False,
    ) -> int:
        """Add the mark and the words of an answer at these places; the number of its lines comes back."""
        answer, named = line.answers[column], line.named_answer(column)
        broken = textwrap.wrap(answer.text, width)
        rise = 6.5 * (len(broken) - 1) if is_centred else 0
        has_mark = answer.standing != WORDS_ONLY
        if has_mark:
            self.symbols.append({"across": mark[0], "down": mark[1], "standing": answer.standing, **named})
        indent = 11 if has_mark or not is_centred else -5
        place = {"across": words[0] + indent, "down": words[1] - rise}
        self.cells.append({**place, "text": "\n".join(broken), **named})
        return len(broken)


def _drawn(parts: _Parts, top: float, bottom: float, size: Size) -> alt.LayerChart:
    """The layers of a table with the key of its marks below."""
    places = size.choose(((6, 0), (92, 0), (330, 0)), ((6, 0), (6, 20), (6, 40)))
    key = [
        {"across": float(x), "down": bottom + y, "standing": standing}
        for (x, y), standing in zip(places, KEY, strict=True)
    ]
    names = [{"across": each["across"] + 11, "down": each["down"], "text": KEY[each["standing"]]} for each in key]
    rules = [{"across": 0.0, "end": size.width - 8.0, "down": at} for at in parts.rules]
    end = key[-1]["down"] + 14
    x = alt.X("across:Q", axis=None, scale=alt.Scale(domain=[0, size.width - 8], nice=False))
    y = alt.Y("down:Q", axis=None, scale=alt.Scale(domain=[top, end], reverse=True, nice=False))
    muted = COLOURS["muted"]
    layers = [
        alt.Chart(pd.DataFrame(rules)).mark_rule(color=COLOURS["grid"]).encode(x=x, x2=alt.X2("end"), y=y),
        *_symbols([*parts.symbols, *key], x, y),
        marks.text_layer(parts.labels, x, y, fontSize=12.5, fontWeight=600, lineHeight=14.5),
        marks.text_layer(parts.details, x, y, fontSize=11, lineHeight=13, color=muted),
        marks.text_layer(parts.cells, x, y, fontSize=11.5, lineHeight=13),
        marks.text_layer(parts.heads, x, y, fontSize=11, color=muted),
        marks.text_layer(names, x, y, fontSize=12, color=muted),
    ]
    return alt.layer(*layers).properties(height=end - top)


def _symbols(rows: Sequence[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """A disc for given, a ring for vague, a short dash for not given."""
    styles = {
        GIVEN: {"shape": "circle", "size": 100, "filled": True, "color": COLOURS["vermilion"]},
        VAGUE: {
            "shape": "circle",
            "size": 90,
            "filled": False,
            "strokeWidth": 1.6,
            "color": COLOURS["vermilion"],
        },
        MISSING: {
            "shape": "stroke",
            "size": 70,
            "strokeWidth": 1.6,
            "color": COLOURS["grey"],
            "filled": False,
        },
    }
    layers = []
    for standing, style in styles.items():
        chosen = [
            {column: r.get(column, "") for column in ("across", "down", FACTS, ABOUT)}
            for r in rows
            if r["standing"] == standing
        ]
        if chosen:
            layers.append(alt.Chart(pd.DataFrame(chosen)).mark_point(opacity=1, **style).encode(x=x, y=y))
    return layers
