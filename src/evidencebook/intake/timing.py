"""Dates in a passage, absolute or relative to the day of publication, as EDTF with their basis."""

from __future__ import annotations

import re
from datetime import date, timedelta

from evidencebook.values import dates
from evidencebook.values.dates import DateSpan

_MONTHS = {name: at for at, names in enumerate(
    (("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
     ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
     ("december", "dec")), 1) for name in names}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|%|,\d|\.\d)"
_DATED = re.compile(
    rf"(?P<before>\b(?:by|until|since|from|before|after|early|mid|late|around|about)[ -]+(?:the +)?(?:end +of +|start +of +)?)?"
    rf"(?:\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? +{_MONTH}(?:,? +{_YEAR})?"
    rf"|\b{_MONTH.replace('month', 'month2')}(?: +(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d| *%))?(?:,? +{_YEAR.replace('year', 'year2')})?"
    rf"|(?P<iso>\b(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?\b)"
    rf"|(?P<yearko>(?:19|20)\d\d)년(?: ?(?P<monthko>1?\d)월)?(?: ?(?P<dayko>[0-3]?\d)일)?|\b{_YEAR.replace('year', 'year3')})",
    re.I,
)  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_RELATIVE = re.compile(
    rf"\b(?:(?P<which>this|last|next|past|previous|coming|the same) +(?P<unit>week|month|year|spring|summer|autumn|fall|winter|{'|'.join(_DAYS)})"
    rf"|(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) +(?P<ago>days?|weeks?|months?|years?) +(?:ago|earlier)"
    rf"|(?P<plain>today|yesterday|tomorrow)|on +(?P<weekday>{'|'.join(_DAYS)})"
    r"|(?P<recent>recently|in +recent +(?:days|weeks|months))|(?P<ko>올해|작년|지난해|지난달|이달|내년))\b",
    re.I,
)


def when(text: str, published: str | None) -> tuple[str, str] | None:
    """Return the date of what a passage tells, in EDTF, and its basis; None where the passage gives none.

    The basis is "stated" for a date that the passage prints in full, and "inferred" for one that needs the day of
    publication, without which relative dates are left out.
    """
    span = dates.parse(published) if published else None
    if span is not None and (span.earliest == date.min or span.latest == date.max):
        span = None
    found = [one for match in _DATED.finditer(text) if (one := _dated(match, span))]
    if found:
        return found[0]
    relative = _RELATIVE.search(text)
    said = _relative(relative, span) if relative and span else None
    return (said, "inferred") if said else None


def _dated(match: re.Match[str], span: DateSpan | None) -> tuple[str, str] | None:
    if match["iso"]:
        return _valid(match["iso"], "stated")
    year = match["year"] or match["year2"] or match["year3"] or match["yearko"]
    name = match["month"] or match["month2"]
    day = match["day"] or match["day2"] or match["dayko"]
    month = _MONTHS[name.lower()] if name else int(match["monthko"]) if match["monthko"] else None
    if name and name[0].islower():
        return None  # "may" and "march" are words
    if name and not year and name.lower() == "may" and not day and not match["before"]:
        return None
    basis = "stated" if year else "inferred"
    if not year:
        if span is None or month is None:
            return None
        year = str(span.latest.year if date(span.latest.year, month, 1) <= span.latest else span.latest.year - 1)
    found = year + (f"-{month:02}" if month else "") + (f"-{int(day):02}" if month and day else "")
    before = (match["before"] or "").lower()
    if before.startswith(("since", "from", "after")):
        found += "/"
    elif before.startswith(("by", "until", "before")):
        found = f"../{found}" if before.startswith("before") or "until" in before else found
    elif before.startswith(("around", "about")):
        found += "~"
    return _valid(found, basis)


def _relative(match: re.Match[str], span: DateSpan) -> str | None:
    first, last = span.earliest, span.latest
    if match["plain"]:
        step = timedelta({"today": 0, "yesterday": -1, "tomorrow": 1}[match["plain"].lower()])
        return _span(first + step, last + step)
    if match["recent"]:
        back = 7 if "days" in match["recent"] else 92
        return _span(first - timedelta(back), last)
    if match["count"]:
        count = _COUNTS.get(match["count"].lower()) or int(match["count"])
        return _ago(first, last, count, match["ago"].lower().rstrip("s"))
    if match["ko"]:
        word = {"올해": ("year", 0), "작년": ("year", -1), "지난해": ("year", -1), "지난달": ("month", -1),
                "이달": ("month", 0), "내년": ("year", 1)}[match["ko"]]  # fmt: skip
        return _shifted(first, last, *word)
    day = (match["weekday"] or match["unit"]).lower()
    if day in _DAYS:
        return _span(*(_weekday(one, _DAYS.index(day), (match["which"] or "").lower()) for one in (first, last)))
    shift = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(match["which"].lower(), 0)
    if match["which"].lower() == "the same":
        return None
    if day in ("week", "month", "year"):
        return _shifted(first, last, day, shift)
    return None  # of a season nobody knows which year is meant


def _ago(first: date, last: date, count: int, unit: str) -> str:
    if unit in ("day", "week"):
        step = timedelta(count * (7 if unit == "week" else 1))
        return _span(first - step, last - step)
    return _shifted(first, last, unit, -count)


def _shifted(first: date, last: date, unit: str, by: int) -> str:
    if unit == "week":
        starts = [one - timedelta(one.weekday()) + timedelta(7 * by) for one in (first, last)]
        return _span(starts[0], starts[1] + timedelta(6))
    if unit == "year":
        years = [one.year + by for one in (first, last)]
        return str(years[0]) if years[0] == years[1] else f"{years[0]}/{years[1]}"
    months = [divmod(one.year * 12 + one.month - 1 + by, 12) for one in (first, last)]
    named = [f"{year}-{month + 1:02}" for year, month in months]
    return named[0] if named[0] == named[1] else f"{named[0]}/{named[1]}"


def _weekday(one: date, wanted: int, which: str) -> date:
    if which in ("next", "coming"):
        return one + timedelta((wanted - one.weekday() - 1) % 7 + 1)
    if which in ("last", "past", "previous"):  # of the day on which the article appeared, the one a week before
        return one - timedelta((one.weekday() - wanted - 1) % 7 + 1)
    return one - timedelta((one.weekday() - wanted) % 7)


def _span(first: date, last: date) -> str:
    return str(first) if first == last else f"{first}/{last}"


def _valid(edtf: str, basis: str) -> tuple[str, str] | None:
    try:
        dates.parse(edtf)
    except ValueError:
        return None
    return edtf, basis
