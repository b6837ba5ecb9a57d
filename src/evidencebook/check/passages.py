"""Whether what a claim's row says in figures stands in the words of its passage."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from evidencebook.check.measured import are_between, measured
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row
from evidencebook.values import numerals
from evidencebook.values.numerals import Numeral
from evidencebook.values.quantities import PLAIN, unit_named

BOUNDS = ("low", "high")
STATEMENT = "statement"
COLUMNS = (*BOUNDS, STATEMENT)
_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
_NEXT = re.compile(r"\b(?:the next|the following) (day|week|month|year)\b|\bthe (day|week|month|year) after\b", re.I)
YEAR = "write {0} into when as well, such as {0}, {0}-03 or {0}-03/{0}-05, with when_basis inferred, or leave it out"
REMEDY = "correct the row or its fragment"


@dataclass(frozen=True)
class Article:
    """A source text and all numbers in it, years and names with digits included."""

    text: str

    @cached_property
    def numbers(self) -> frozenset[Fraction]:
        """The values of all numbers in the text."""
        return frozenset(one.value for one in numerals.find(self.text))


def missing(passage: str, bounds: Mapping[str, Decimal | None], unit: str | None) -> tuple[str, ...]:
    """The names of the bounds that the passage gives neither in digits nor in words.

    "triple" gives 3, "half" gives 50 percent, "a year or two" gives 1 and 2, "sixth" gives 6, "the next day" 1 day.
    """
    given = {name: Fraction(bound) for name, bound in bounds.items() if bound is not None}
    found = said(passage, numerals.find(passage), unit) if given else set()
    found |= {Fraction(1) for match in _NEXT.finditer(passage) if f"{match[1] or match[2]}s".lower() == unit}
    return tuple(name for name, bound in given.items() if not (bound in found or is_part(bound, found, unit)))


def is_part(bound: Fraction, found: Collection[Fraction], unit: str | None) -> bool:
    """Whether the bound is one of the shares found, rounded: two thirds are 66.7 or 67 percent."""
    return unit == "percent" and any(one.denominator > 1 and abs(one - bound) < 1 for one in found)


def problems(label: str, row: Row, article: Article, columns: Collection[str] = COLUMNS) -> Iterator[Problem]:
    """The problems of a claim's bounds and of the digits in its statement, in the columns named.

    A message tells nothing of the passage, which is somebody else's text.
    """
    passage = article.text[row["start"] : row["end"]]
    bounds = {name: row[name] for name in BOUNDS if name in columns}
    for name in missing(passage, bounds, row.values.get("unit")):
        yield Problem(label, row.line, name, f"{row[name]} does not stand in its passage", REMEDY)
    if STATEMENT in columns and row[STATEMENT]:
        for words, place in _unsaid(row.values, passage, article):
            is_year = place == "article" and re.fullmatch(r"(?:19|20)\d\d", words)
            remedy = YEAR.format(words) if is_year else REMEDY
            yield Problem(label, row.line, STATEMENT, f"{words} does not stand in its {place}", remedy)


def _unsaid(row: Mapping[str, Any], passage: str, article: Article) -> Iterator[tuple[str, str]]:
    # Number words are left out: a statement is in our words and may count what the passage lists.
    statement = str(row[STATEMENT])
    if {*_DIGITS.findall(statement)} <= {*_DIGITS.findall(passage)}:
        return  # as in nearly all claims, of which there may be tens of thousands
    digits = [one for one in numerals.find(statement) if any(map(str.isdigit, statement[one.start : one.end]))]
    if not digits:
        return
    found = numerals.find(passage)
    spans = [(phrase.start, phrase.end) for phrase in measured(statement)]
    when = {Fraction(int(number)) for number in _years(str(row.get("when") or ""))}
    for one in digits:
        words = statement[one.start : one.end]
        if any(start <= one.start and one.end <= end for start, end in spans):
            if not (values_of(one, _unit(one)) & said(passage, found, _unit(one))):
                yield words, "passage"
        elif one.value not in article.numbers | when:
            yield words, "article"


def _unit(one: Numeral) -> str | None:
    return "percent" if one.is_percent else None


@cache
def _is_plain(unit: str | None) -> bool:
    try:
        return unit is None or unit_named(unit)[1] == PLAIN
    except ValueError:
        return False  # reported with the formula that needs the unit


def _years(edtf: str) -> Iterator[str]:
    return (part for part in edtf.replace("/", "-").split("-") if len(part) == 4 and part.isdigit())


def said(text: str, found: Sequence[Numeral], unit: str | None) -> set[Fraction]:
    """The values that the numbers found in a text may have as amounts of a unit."""
    values = {value for one in found for value in values_of(one, unit)}
    for left, right in pairwise(found):
        if numerals.linked(text, left, right) or are_between(text, left, right):
            # "20 to 40 percent", "between 70 and 85 percent", "three to five million": the end word belongs to both.
            values |= values_of(left, unit, right.is_percent)
            if unit != "percent" and left.scale == 1 < right.scale:
                values.add(left.value * right.scale)
    return values


def values_of(one: Numeral, unit: str | None, is_percent: bool = False) -> set[Fraction]:
    """The value of one number as an amount of a unit, if it can be one; `is_percent` where the word follows later."""
    if one.kind == "vague":
        return set()  # "thousands" is no figure
    if one.kind == "multiple" and not _is_plain(unit):
        return set()  # "triple" tells of no three years
    if unit == "percent":
        # A headcount beside a share must not pass for the share.
        if one.is_percent or is_percent:
            return {one.value}
        return {one.value * 100} if one.kind == "fraction" else set()
    return {one.value / 100} if one.is_percent or is_percent else {one.value}
