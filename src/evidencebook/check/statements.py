"""Whether a row's statement says the same as its bounds, without the article: "around 30,000" beside 35000 does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

from evidencebook.check import passages
from evidencebook.check.measured import Names, Phrase, measured
from evidencebook.check.readings import NUMBER, Book
from evidencebook.tables.contract import Resource
from evidencebook.tables.problems import Problem
from evidencebook.values import numerals
from evidencebook.values.quantities import PLAIN, Unit, unit_named

COLUMNS = ("statement", "low", "high", "qualifier", "unit")
REMEDY = "correct the statement or the bounds"
MOST = 6  # numbers in a statement among which a bound may be a sum, a difference or a product

_DAYS, _MONTHS = unit_named("days")[1], unit_named("months")[1]
_MONEY = {
    **{"yuan": "CNY", "renminbi": "CNY", "yen": "JPY", "euro": "EUR", "euros": "EUR", "won": "W"},
    **{"dollar": "D", "dollars": "D", "pound": "P", "pounds": "P"},  # how the codes of all such currencies end
}
_SIGNS = re.compile(r"[$€£¥₩]|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW)\b")
_WORD_AFTER = re.compile(r"[\s\u00a0-]+([^\W\d_]+)")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s\u00a0]+$")
_COUNTING = frozenset({"the", "these", "those", "all", "only", "its", "their", "his", "her", "of", "just", "and", "or"})
_ENDS_NOUN = frozenset(
    {
        *("a", "an", "the", "of", "in", "on", "at", "by", "for", "from", "to", "per", "each", "every"),
        *("who", "that", "which", "and", "or", "as", "with", "within"),
    }
)
# Amounts that are no numeral: where one stands, nobody can say what the statement gives.
_UNCOUNTED = re.compile(
    r"\b(?:decades?|centur(?:y|ies)|fortnights?|couples?|pairs?|score|quarters? of an?)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:no|not|nor|never|little|slightly|just)\s+$", re.IGNORECASE)
_FLOOR, _CEILING = ("more than", "at least", "over"), ("fewer than", "less than", "at most", "up to", "under")
_EMPHATIC = ("as many as", "as much as")
_FLOOR_ANYWHERE = re.compile(
    r"\b(?:over|more|above|least|exceed\w*|beyond|upwards?|minimum|plus|past)\b", re.IGNORECASE
)
_CEILING_ANYWHERE = re.compile(
    r"\b(?:under|fewer|less|below|most|up to|maximum|within|limit\w*|as (?:many|much) as|no more|not more)\b",
    re.IGNORECASE,
)
# Hedges that no reading of the qualifier bears; "about", "over" and "under" have other meanings beside a plain number.
_AGAINST = {
    "over": (*_CEILING, *_EMPHATIC),
    "at_least": (*_CEILING, *_EMPHATIC),
    "up_to": _FLOOR,
    "under": _FLOOR,
    "exact": ("more than", "at least", "fewer than", "less than", "at most", "up to"),
    "about": ("at least", "at most", "up to"),
}
_SAVED_BY = {
    "over": _FLOOR_ANYWHERE,
    "at_least": _FLOOR_ANYWHERE,
    "up_to": _CEILING_ANYWHERE,
    "under": _CEILING_ANYWHERE,
}


@dataclass(frozen=True)
class Bounds:
    """What a row asserts in numbers: bounds in its unit, None where one is open."""

    low: Fraction | None
    high: Fraction | None
    qualifier: str | None
    unit: str | None

    @property
    def given(self) -> dict[str, Fraction]:
        """The bounds that there are, by the name of their column."""
        return {name: one for name, one in (("low", self.low), ("high", self.high)) if one is not None}


def problems(
    book: Book, told: Collection[tuple[str, int | None, str | None]], naming: Sequence[str] = ()
) -> Iterator[Problem]:
    """The statements that disagree with the bounds of their row, in all tables that have both.

    A row with a problem in one of these columns is passed over: (file, line, column) in `told`.
    """
    for name, resource in book.contract.resources.items():
        table = book.readings[name].table
        if table is None or not _is_judged(resource):
            continue
        units = _enum(resource, "unit")
        for row in table.rows:
            if any((table.label, row.line, column) in told for column in COLUMNS):
                continue
            if row["statement"] is None or not book.sound(table, row, *COLUMNS):
                continue
            bounds = Bounds(_fraction(row["low"]), _fraction(row["high"]), row["qualifier"], row["unit"])
            wrong = disagreement(row["statement"], bounds, units, naming) if bounds.given else None
            if wrong is not None:
                yield Problem(table.label, row.line, "statement", wrong, REMEDY)


def disagreement(statement: str, bounds: Bounds, units: Collection[str] = (), naming: Sequence[str] = ()) -> str | None:
    """How the statement contradicts the bounds; None where it does not, or where that cannot be said for sure.

    `units` are the names of all units of the table: a number that counts one of them is none of another.
    """
    if _UNCOUNTED.search(statement):
        return None
    phrases = [
        (one, factor)
        for one in measured(statement, Names(naming))
        if (factor := _factor(statement, one, bounds, units))
    ]
    if not phrases:
        return None
    values = {
        value * factor for one, factor in phrases for value in passages.said(statement, one.numerals, bounds.unit)
    }
    missing = [bound for bound in bounds.given.values() if not _is_said(bound, values, bounds.unit)]
    if missing:  # "one" and "both", ordinals and years are no measured values, but may stand for a bound
        values |= passages.said(statement, numerals.find(statement), bounds.unit)
        missing = [bound for bound in missing if not _is_said(bound, values, bounds.unit)]
    first, factor = phrases[0]
    is_none = len(missing) == len(bounds.given)
    is_wrong = is_none if len(phrases) > 1 else bool(missing) or _goes_beyond(first, factor, bounds)
    if is_wrong and not (is_none and _are_reckoned(missing, values)):
        shown = " and ".join(f"{name} {_plain(one)}" for name, one in bounds.given.items())
        return f'"{first.text}" does not fit {shown}'
    if len(phrases) == 1 and (hedge := _wrong_hedge(statement, first, bounds)):
        return f'"{hedge}" does not fit the qualifier {bounds.qualifier}'
    return None


def _is_judged(resource: Resource) -> bool:
    if not resource.has(*COLUMNS):
        return False
    types = {name: field.type for name in COLUMNS if (field := resource.field(name))}
    return all(types[name] in (NUMBER if name in ("low", "high") else ("string",)) for name in COLUMNS)


def _enum(resource: Resource, name: str) -> tuple[str, ...]:
    field = resource.field(name)
    return tuple(map(str, field.enum)) if field else ()


def _fraction(cell: Any) -> Fraction | None:
    return None if cell is None else Fraction(cell)


def _plain(one: Fraction) -> str:
    return str(one.numerator) if one.denominator == 1 else f"{float(one):g}"


def _factor(statement: str, phrase: Phrase, bounds: Bounds, units: Collection[str]) -> Fraction | None:
    """By what a number of the phrase is multiplied to be one of the row's unit; None where it is of another kind."""
    if _is_label(statement, phrase):
        return None
    one = phrase.numerals[-1]
    nouns = _nouns(statement, phrase.end)
    money = [_MONEY[noun] for noun in nouns if noun in _MONEY]
    has_sign = _SIGNS.search(statement, phrase.start, phrase.end) is not None
    unit = (bounds.unit or "").partition("/")[0]
    kind = _dimension(unit)
    if unit == "percent":
        return Fraction(1) if one.is_percent or one.kind == "fraction" else None
    if one.is_percent and kind != PLAIN:
        return None
    if re.fullmatch("[A-Z]{3}", unit):
        return Fraction(1) if has_sign or any(unit.endswith(end) for end in money) else None
    if money or has_sign:
        return None
    times = [noun for noun in nouns if _dimension(noun) in (_DAYS, _MONTHS)]
    if kind in (_DAYS, _MONTHS):
        same = [noun for noun in times if _dimension(noun) == kind]
        return unit_named(same[0])[0] / unit_named(unit)[0] if same else None
    if one.kind == "vague" or (one.kind in ("fraction", "multiple") and kind != PLAIN):
        return None
    others, own = _others(tuple(units), unit), _singular(unit)
    is_other = times or any(_singular(noun) in others or _is_multiple(_singular(noun), own) for noun in nouns)
    return None if is_other else Fraction(1)


def _is_label(statement: str, phrase: Phrase) -> bool:
    # "Log 7" and "day 3" name something; "these 13" and "about 13" count.
    before = _WORD_BEFORE.search(statement[: phrase.start])
    if before is None or not statement[phrase.start].isdigit() or before[1].lower() in _COUNTING:
        return False
    is_singular = before[1] == _singular(before[1])
    return before[1][0].isupper() or (is_singular and _dimension(before[1]) in (_DAYS, _MONTHS))


@cache
def _others(units: tuple[str, ...], unit: str) -> frozenset[str]:
    return frozenset(_singular(name) for name in units if name != unit and _dimension(name) != _dimension(unit))


def _nouns(statement: str, end: int) -> list[str]:
    """The words after a number that say what it counts, three at most."""
    nouns: list[str] = []
    while len(nouns) < 3 and (match := _WORD_AFTER.match(statement, end)):
        if match[1].lower() in _ENDS_NOUN:
            break
        nouns.append(match[1].lower())
        end = match.end()
    return nouns


@lru_cache(maxsize=4096)
def _dimension(name: str) -> Unit | None:
    try:
        return unit_named(name)[1]
    except ValueError:
        return None


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def _is_multiple(noun: str, own: str) -> bool:
    # Kilometres beside metres: another size of the same.
    return noun != own and bool(own) and (noun.endswith(own) or own.endswith(noun))


def _is_said(bound: Fraction, values: Collection[Fraction], unit: str | None) -> bool:
    if bound in values or bound in (0, 1) or (unit == "percent" and bound == 100):  # "no keeper", "a day", "all"
        return True
    return passages.is_part(bound, values, unit)


def _are_reckoned(bounds: Sequence[Fraction], values: Collection[Fraction]) -> bool:
    """Whether the bounds are sums, differences or products of what is said: "two groups of twenty"."""
    if len(values) > MOST:
        return True  # too much is said to be sure
    known = {sum(values, Fraction(0))}
    for left, right in combinations(values, 2):
        known |= {left + right, abs(left - right), left * right}
    return all(bound in known for bound in bounds)


def _goes_beyond(phrase: Phrase, factor: Fraction, bounds: Bounds) -> bool:
    """Whether the phrase is a range of which one end lies outside the bounds: "three or four" beside 3."""
    if bounds.low is None or bounds.high is None or bounds.unit == "percent" or len(phrase.numerals) == 1:
        return False
    last = phrase.numerals[-1]
    low, high = bounds.low, bounds.high
    for one in phrase.numerals:
        values = {value * by for value in passages.values_of(one, bounds.unit) for by in (factor, factor * last.scale)}
        if values and not any(low <= value <= high for value in values):
            return True
    return False


def _wrong_hedge(statement: str, phrase: Phrase, bounds: Bounds) -> str:
    """The phrase with its hedge where that contradicts the qualifier, or an empty text."""
    qualifier = bounds.qualifier or ""
    hedges = statement[phrase.start : phrase.numerals[0].start].lower()
    if not any(re.search(rf"\b{hedge}\b", hedges) for hedge in _AGAINST.get(qualifier, ())):
        return ""
    saved = _SAVED_BY.get(qualifier)
    if _NEGATED.search(statement[: phrase.start]) or (saved and saved.search(statement)):
        return ""
    return phrase.text
