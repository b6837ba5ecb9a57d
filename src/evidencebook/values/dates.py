"""Uncertain dates in EDTF: their earliest and latest day, their distances, and their wording."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from evidencebook.values.intervals import Interval

# Year, month, day; None where the date is no finer.
_Stamp: TypeAlias = tuple[int, int | None, int | None]

# Months only: from 21 on, the second part is a season.
_PLAIN = re.compile(r"(\d{4})(?:-([01]\d)(?:-(\d\d))?)?", re.ASCII)
_DAY = r"\d{4}(?:-[01]\d(?:-\d\d)?)?"
# Forms that need no grammar to be recognised; the parser takes some fifty milliseconds for a set.
_STRETCH = r"\d{4}\.\.\d{4}|\d{4}-[01]\d\.\.\d{4}-[01]\d"  # the grammar wants both ends equally fine
_MEMBERS = rf"(?:{_STRETCH}|{_DAY})(?:,(?:{_STRETCH}|{_DAY}))+"
_UNKNOWN = "XXXX"
_END = rf"{_DAY}[~?%]?"
_SPANS = rf"{_END}(?:/(?:{_END}|\.\.)?)?|(?:\.\.)?/{_END}"
_FAMILIAR = re.compile(rf"{_UNKNOWN}|{_SPANS}|\[{_MEMBERS}\]|\{{{_DAY}(?:,{_DAY})+\}}", re.ASCII)
_HEDGES = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


@dataclass(frozen=True)
class DateSpan:
    """The days on which something may have happened, from the earliest to the latest (both included).

    An open or unknown end is `date.min` or `date.max`. `approximate` is true for any of the qualifiers
    ~, ? and %. `one_of` holds the alternatives of a set in square brackets, in the order given, and is
    empty for every other text.
    """

    earliest: date
    latest: date
    edtf: str
    approximate: bool = False
    one_of: tuple[DateSpan, ...] = ()


class NotRead(ValueError):
    """A date in EDTF that people or programs read in other ways; `remedy` says what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


@lru_cache(maxsize=4096)
def parse(text: str) -> DateSpan:
    """The span that an EDTF text (levels 0 to 2, https://www.loc.gov/standards/datetime/) stands for.

    Raises ValueError, with a message fit for the person who typed it, for anything that is not a date of the
    years 1 to 9999 or that ends before it starts.
    """
    if not _FAMILIAR.fullmatch(text):
        _validate(text)
    return _span(text)


def words(text: str) -> str:
    """The date in English: "1 July 2016", "between 9 and 31 August 2018", "about 2018", "2024 or later".

    Intervals read "between": EDTF does not say whether one is a duration or a doubt. Raises ValueError as
    `parse` does.
    """
    return _words(parse(text))


def days_between(a: DateSpan, b: DateSpan) -> Interval:
    """Days from a to b, from the closest to the farthest pair of days; negative where b comes first."""
    return _distance(a, b, lambda start, end: (end - start).days)


def months_between(a: DateSpan, b: DateSpan) -> Interval:
    """Whole calendar months from a to b, from the closest to the farthest pair of days.

    The difference of year and month, less one where the day of b is before the day of a: whole months are
    rounded down, so 31 January to 28 February is none.
    """
    return _distance(a, b, _months)


def years_between(a: DateSpan, b: DateSpan) -> Interval:
    """Whole years from a to b, from the closest to the farthest pair of days: twelve whole months each."""
    return _distance(a, b, lambda start, end: _months(start, end) // 12)


# What the grammar allows and people, or the parser, read in other ways.
_REFUSED = (
    (re.compile(r"[^\x00-\x7f]"), "has signs that no date has", "write it in the digits 0 to 9"),
    (re.compile(r"S\d"), "tells how many of its digits count", "write a span, such as 1950/1959"),
    (
        re.compile(r"\d{4}-(?:2[4-9]|3\d|4[01])(?![\d-])"),
        "is a winter or part of a year, of which nobody knows the months",
        "write them, such as 2016-12/2017-02",
    ),
    (re.compile(r"XXXX/|/XXXX"), "has an unknown end", "leave that end empty, as in 1953/"),
    (re.compile(r"-(?:\dX|X\d)"), "has half a month or day", "write XX, or a span"),
)
LONGEST = 200  # characters


def _validate(text: str) -> None:
    if not text:
        raise ValueError("the date is empty")
    if len(text) > LONGEST:
        raise ValueError(f"{text[:20]!r}... is not a date: it has {len(text):,} characters")
    for pattern, why, remedy in _REFUSED:
        if pattern.search(text):
            raise NotRead(f"{text!r} {why}", remedy)
    if text != text.strip():
        raise ValueError(f"{text!r} is not a date: leave out the blanks around it")
    _parsed(text)


def _parsed(text: str) -> Any:
    """Return what the grammar makes of the text; raises ValueError for text that is no date in EDTF."""
    from edtf import EDTFParseException, parse_edtf  # here: the grammar is built by the import, in a third of a second

    try:
        return parse_edtf(text)
    except (EDTFParseException, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        examples = "2018-08-09, 2018-08, 2018~ or 2018/2020"
        raise ValueError(f"{text!r} is not a date in EDTF, such as {examples}") from None


def _span(text: str) -> DateSpan:
    approximate = any(mark in text for mark in _HEDGES)
    members = _members(text)
    if members:
        spans = tuple(_span(member) for member in members)
        return DateSpan(
            min(span.earliest for span in spans),
            max(span.latest for span in spans),
            text,
            approximate,
            spans if text.startswith("[") else (),
        )
    ends = _ends(text)
    if ends is None:
        earliest, latest = _single(text)
        return DateSpan(earliest, latest, text, approximate)
    lower, upper = ends
    earliest = lower.earliest if lower else date.min
    latest = upper.latest if upper else date.max
    if lower and upper and lower.earliest > upper.latest:
        raise ValueError(f"{text!r} ends before it starts: swap the two dates")
    return DateSpan(earliest, latest, text, approximate)


def _members(text: str) -> tuple[str, ...]:
    """The dates of a set or list; empty for any other text."""
    return tuple(part.strip() for part in text[1:-1].split(",")) if text[:1] in ("[", "{") else ()


def _ends(text: str) -> tuple[DateSpan | None, DateSpan | None] | None:
    """Both ends of an interval, None for an open one; None where the text is a single date."""
    separator = "/" if "/" in text else ".."
    if separator not in text:
        return None
    # An unknown end (2024/) is left open too: the edtf package would put it ten years away.
    lower, upper = (None if half in ("", "..") else _span(half) for half in text.split(separator, 1))
    return lower, upper


def _single(text: str) -> tuple[date, date]:
    # Most dates are plain; the edtf parser takes about 5 ms for each, too long for tens of thousands of rows.
    if text == _UNKNOWN:
        return date.min, date.max
    plain = _PLAIN.fullmatch(text[:-1] if text[-1:] in _HEDGES else text)
    try:
        if plain:
            year, month, day = int(plain[1]), plain[2], plain[3]
            first_day = date(year, int(month or 1), int(day or 1))
            last_month = int(month or 12)
            return first_day, date(year, last_month, int(day or monthrange(year, last_month)[1]))
        found = _parsed(text)
        first, last = found.lower_strict()[:3], found.upper_strict()[:3]
        # XXXX reaches down to a year 0 that Python's calendar lacks.
        return date.min if first[0] < 1 and "X" in text else date(*first), date(*last)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a day of the calendar: {error}") from None


def _distance(a: DateSpan, b: DateSpan, count: Callable[[date, date], int]) -> Interval:
    nearest_is_open = a.latest == date.max or b.earliest == date.min
    farthest_is_open = a.earliest == date.min or b.latest == date.max
    return Interval(
        None if nearest_is_open else count(a.latest, b.earliest),
        None if farthest_is_open else count(a.earliest, b.latest),
    )


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _words(span: DateSpan) -> str:
    members = _members(span.edtf)
    if members:
        return _listed([_span(member) for member in members], "or" if span.one_of else "and")
    ends = _ends(span.edtf)
    if ends is not None:
        return _between(span, *ends)
    if (span.earliest, span.latest) == (date.min, date.max):
        return "an unknown date"
    stamp = _stamp(span.earliest, span.latest)
    return _hedge(span) + _dated(stamp) if stamp else _stretch(span)


def _listed(spans: list[DateSpan], conjunction: str) -> str:
    stamps = [None if _ends(span.edtf) else _stamp(span.earliest, span.latest) for span in spans]
    texts = [
        _hedge(span) + _dated(stamp, following) if stamp else _words(span)
        for span, stamp, following in zip(spans, stamps, [*stamps[1:], None], strict=True)
    ]
    return f" {conjunction} ".join([text for text in (", ".join(texts[:-1]), texts[-1]) if text])


def _between(span: DateSpan, lower: DateSpan | None, upper: DateSpan | None) -> str:
    if lower is None or upper is None:
        known = lower or upper
        if known is None:
            return "an unknown date"
        return f"{_words(known)} or {'later' if lower else 'earlier'}"
    first = _stamp(lower.earliest, lower.latest)
    last = _stamp(upper.earliest, upper.latest)
    if first is None or last is None or (lower.latest >= upper.earliest and first != last):
        # One end lies inside the other (2018/2018-05): only the outermost days or months say what is meant.
        return _stretch(span)
    if first == last:
        return _hedge(span) + _dated(first)
    return f"between {_hedge(lower)}{_dated(first, last)} and {_hedge(upper)}{_dated(last)}"


def _stretch(span: DateSpan) -> str:
    """A span of no single year, month or day, by the coarsest calendar units that fit it exactly."""
    from_new_year = (span.earliest.month, span.earliest.day) == (1, 1)
    to_new_year = (span.latest.month, span.latest.day) == (12, 31)
    to_month_end = span.latest.day == monthrange(span.latest.year, span.latest.month)[1]
    depth = 1 if from_new_year and to_new_year else 2 if span.earliest.day == 1 and to_month_end else 3
    first, last = (_cut(day, depth) for day in (span.earliest, span.latest))
    return f"between {_hedge(span)}{_dated(first, last)} and {_dated(last)}"


def _cut(day: date, depth: int) -> _Stamp:
    return day.year, day.month if depth > 1 else None, day.day if depth > 2 else None


def _stamp(earliest: date, latest: date) -> _Stamp | None:
    """The one day, month or year that the span is; None for any other span."""
    if earliest == latest:
        return _cut(earliest, 3)
    if earliest.year != latest.year or earliest.day != 1:
        return None
    if (earliest.month, latest.month, latest.day) == (1, 12, 31):
        return _cut(earliest, 1)
    whole_month = earliest.month == latest.month and latest.day == monthrange(latest.year, latest.month)[1]
    return _cut(earliest, 2) if whole_month else None


def _dated(stamp: _Stamp, following: _Stamp | None = None) -> str:
    """The date, less the month and year that the following date repeats."""
    year, month, day = stamp
    next_year, next_month, next_day = following or (None, None, None)
    # Only units that both dates carry can be left out: "2018 and May 2018" keeps both years.
    shares_year = next_year == year and bool(month and next_month)
    shares_month = shares_year and next_month == month and bool(day and next_day)
    parts = [
        str(day) if day else "",
        month_name[month] if month and not shares_month else "",
        "" if shares_year else str(year),
    ]
    return " ".join(part for part in parts if part)


def _hedge(span: DateSpan) -> str:
    marks = [_HEDGES[mark] for mark in _HEDGES if mark in span.edtf]
    return marks[0] if len(marks) == 1 else _HEDGES["%"] if marks else ""
