"""Measured values that somebody typed: found in a text beside what may be typed, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, cached_property

from evidencebook.tables.problems import Problem
from evidencebook.values import numerals
from evidencebook.values.numerals import MEASURED, Numeral
from evidencebook.values.quantities import unit_named

# A number after one of these words names a thing and measures nothing; a report adds its own words to them.
NAMING = (
    *("Resolution", "Article", "Annex", "Section", "Chapter", "Paragraph", "Part", "Table", "Figure", "Appendix"),
    *("Step", "Version", "Edition", "Volume", "Page", "Line", "Row", "Note", "No.", "OP"),
    *("Python", "Attribution", "CC BY", "CC BY-SA", "ISO", "RFC", "WGS", "UTF", "SHA", "PDF/UA", "PDF/A", "WCAG"),
)
GAP = "\ufffc"  # stands for what is no text of its own: a role, code, a formatted value

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%]|[,.]\d)"
_AND = r"(?:\s*(?:,\s*(?:and|or)\s|,|–|-|/|\b(?:and|or|to|until)\b)\s*(?:(?:on|the)\s+)*)"
_NOT_DATE = r"(?!\s*(?:%|percent|per\s+cent|hundred|thousand|million|billion|dozen))"
_DATES = re.compile(
    rf"\b(?:{_DAY})(?:{_AND}{_DAY})*\s+(?:of\s+)?{_MONTH}"
    rf"|\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:{_AND}{_DAY})*\b{_NOT_DATE}(?!\s+[a-z]+s\b)"
    r"|\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b"
)
_YEAR = re.compile(r"(?<![\d,.$€£¥₩])(?:19|20)\d\d(?:s\b|(?:[–/-](?:(?:19|20)\d\d|\d\d))?(?![\d%]|[,.]\d))")
_NUMBER = r"#?\d{1,4}(?:\.\d+)*(?:\([^)\s]*\))?(?![\d%]|,\d)"
# "2000 Welsh pilots" counts; "of 2000 tells of pilots" does not.
_NOUN_AFTER = re.compile(
    r"\s*(?P<sign>%|per\s+cent\b)"
    r"|(?:\s+[A-Z][\w'’-]*)*(?:\s+(?!(?:that|which|who|where|when|and|or|of|the|with|by|for|from|on)\b)[a-z-]+(?<!s))?"
    r"\s+(?P<noun>[A-Za-z]+)\b"
)
_COUNTED = frozenset(
    {
        *("percent", "hundred", "thousand", "million", "billion", "people", "men", "women", "children"),
        *("dollars", "euros", "pounds", "yuan", "won", "yen", "hours", "days", "weeks", "months", "years"),
    }
)
_PLURAL_AFTER = re.compile(r"(?:\s+[a-z]+)?\s+(?!(?:was|is|has|this|its|does|as)\b)[a-z]{2,}(?<!s)s\b")
# Words before a number of four digits that show it to be a year.
_DATES_BEFORE = re.compile(
    r"\b(?:in|of|the|since|until|by|from|to|and|or|between|during|before|after|early|late|mid|this|that|its|their"
    rf"|\w+['’]s|\w+s['’]|{_MONTH})[\s-]+$|[–(/]\s*$",
    re.IGNORECASE,
)
_AMOUNTS_BEFORE = re.compile(
    r"\b(?:some|almost|nearly|(?:more|fewer|less)\s+than|as\s+many\s+as|(?:number|total)\s+of)\s+$", re.IGNORECASE
)
_HEDGES = re.compile(
    r"\b(?:(?:about|around|roughly|approximately|almost|nearly|some|over|under|up\s+to|at\s+(?:least|most)"
    r"|as\s+(?:many|much|few|little)\s+as|(?:more|fewer|less)\s+than)\s+|~\s*|between\s+)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+and\s+")
_WORD = re.compile(r"[a-z]{3,}")
MOST = 3  # ids that a message names


@dataclass(frozen=True)
class Phrase:
    """A measured value as it stands in a text, with its hedge: "about 3,000", "three or four"."""

    start: int
    end: int
    text: str
    numerals: tuple[Numeral, ...]


@dataclass(frozen=True)
class TypedException:
    """A number that somebody typed and justified: where, the words, and why they may be typed."""

    file: str
    line: int
    words: str
    reason: str


@dataclass
class Names:
    """Which numbers of a page are names: the words that make them so, and those that a page has introduced."""

    words: Sequence[str] = ()
    introduced: set[str] = field(default_factory=set)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The stretches of the text that a naming word covers; their numbers may then stand without it."""
        for match in _naming(tuple(self.words)).finditer(text):
            yield match.span()
            self.introduced |= {one for one in re.findall(r"\d+", match[0]) if len(one) > 2}
        for name in self.introduced:
            for match in re.finditer(rf"(?<![\d,.$€£¥₩]){name}(?![\d%]|[,.]\d)", text):
                if not _is_amount(text, match.end()):
                    yield match.span()


@cache
def _naming(words: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in sorted({*NAMING, *words}, key=len, reverse=True))
    one = rf"(?:{_NUMBER}|(?:{'|'.join([*numerals.ONES, *numerals.TENS])})\b)"
    many = rf"(?:\s*(?:,\s*(?:and|or)\b|,|–|-|\b(?:and|or|to)\b)\s*{_NUMBER}(?!\s+[a-z]+s\b))*"
    return re.compile(rf"\b(?:{listed})(?:s\b\.?\s*{one}{many}|\b\.?[\s-]*{one})", re.IGNORECASE)


def measured(text: str, names: Names | None = None) -> list[Phrase]:
    """The measured values in the text: numbers that are no year, date, ordinal, name or ordinary word."""
    every = numerals.find(text)
    if not every and not any(map(str.isdigit, text)):
        return []  # nothing to judge, and no digits that would introduce a name
    known = names or Names()
    free = [match.span() for match in _DATES.finditer(text)]
    free += [match.span() for match in _YEAR.finditer(text) if _is_year(text, match)]
    free += known.spans(text)
    found = [one for one in every if not any(a <= one.start and one.end <= b for a, b in free)]
    return [_phrase(text, group) for group in _groups(text, found) if any(one.kind in MEASURED for one in group)]


def _is_year(text: str, match: re.Match[str]) -> bool:
    if _AMOUNTS_BEFORE.search(text[: match.start()]):
        return False
    if _is_amount(text, match.end()) and not re.search(r"\b(?:in|since|the)\s$", text[: match.start()], re.IGNORECASE):
        return False
    # "about 2000 visitors came" counts, "the 2000 visitors" and "in 2000 visitors came" date.
    return bool(_DATES_BEFORE.search(text[: match.start()])) or not _PLURAL_AFTER.match(text, match.end())


def _is_amount(text: str, end: int) -> bool:
    """True where a unit follows, or a word for persons: such a number is no name and no year."""
    match = _NOUN_AFTER.match(text, end)
    if match is None:
        return False
    return match["sign"] is not None or match["noun"] in _COUNTED or _is_for_persons(match["noun"].lower())


@cache
def _is_for_persons(noun: str) -> bool:
    return noun.endswith(("s", "e")) and unit_named(noun)[1] == unit_named("persons")[1]


def _groups(text: str, found: Sequence[Numeral]) -> Iterator[list[Numeral]]:
    group: list[Numeral] = []
    for one in found:
        if one.kind == "ordinal" or (one.kind == "fraction" and _is_half_of_time(text, one)):
            continue
        if group and not (numerals.linked(text, group[-1], one) or are_between(text, group[-1], one)):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _is_half_of_time(text: str, one: Numeral) -> bool:
    # "the second half of 2021" dates and measures nothing.
    return re.search(r"\b(?:first|second|other|latter)\s+$", text[: one.start]) is not None


def are_between(text: str, left: Numeral, right: Numeral) -> bool:
    before = re.search(r"\bbetween\s+$", text[: left.start], re.IGNORECASE)
    return before is not None and _BETWEEN.fullmatch(text, left.end, right.start) is not None


def _phrase(text: str, group: Sequence[Numeral]) -> Phrase:
    start, end = group[0].start, group[-1].end
    while hedge := _HEDGES.search(text[:start]):
        start = hedge.start()
    return Phrase(start, end, re.sub(r"\s+", " ", text[start:end]), tuple(group))


@dataclass(frozen=True)
class Known:
    """A fact, or a table by its number of rows, that a typed value may stand for; `words` are those that tell of it."""

    id: str
    values: tuple[Fraction, ...]
    words: str
    is_percent: bool = False


@dataclass(frozen=True)
class Suggestions:
    """What may be written instead of a typed value; facts and tables are only looked up once one is found."""

    facts: Callable[[], Iterable[Known]]
    tables: Callable[[], Iterable[Known]]

    def remedy(self, phrase: Phrase, context: str, justify: str) -> str:
        """What to write instead of the phrase, best matching words first, or how to justify it."""
        near = _words(context)
        sought = {one.value / 100 if one.is_percent else one.value for one in phrase.numerals if one.kind in MEASURED}
        scores = {fact_id: len(near & words) for value in sought for fact_id, words in self._by_value.get(value, ())}
        best = sorted(scores, key=lambda fact_id: (-scores[fact_id], fact_id))[:MOST]
        tables = [table for table in self.tables() if table.values[0] in sought and near & _words(table.words)]
        counts = [f"{{count}}`{table.id}`" for table in tables]
        if best:
            others = ", ".join([*best[1:], *counts])
            listed = f"{{fact}}`{best[0]}`" + (f" or another of {others}" if others else "")
            return f"write {listed}, or justify it: {justify}"
        if counts:
            return f"write {' or '.join(counts)}, or justify it: {justify}"
        roles = "write {fact} with the id of a row that holds it, or {count} for rows of a table"
        return f"{roles} (no fact has this value), or justify it: {justify}"

    @cached_property
    def _by_value(self) -> Mapping[Fraction, list[tuple[str, set[str]]]]:
        found: dict[Fraction, list[tuple[str, set[str]]]] = {}
        for fact in self.facts():
            for value in set(fact.values):
                # "80%" and "four fifths" are looked up as shares.
                key = value / 100 if fact.is_percent else value
                found.setdefault(key, []).append((fact.id, _words(fact.words)))
        return found


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower().replace("_", " ")))


def problem(file: str, line: int, phrase: Phrase, remedy: str) -> Problem:
    """The problem that a phrase is at its place."""
    return Problem(file, line, None, f'untraced number "{phrase.text}"', remedy)
