"""Uncertain dates as stretches of time, and in few letters."""

from __future__ import annotations

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date

from evidencebook.values import dates

_MONTHS = re.compile("|".join(f"({name})" for name in month_name[1:]))


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in decimal years, from the first day to the end of the last one."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """The place of a mark that is too short to be seen as a bar."""
        return (self.start + self.end) / 2


def decimal_year(day: date) -> float:
    """Return the day as a position in years: no time zone can shift it, unlike a browser's date."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def stretches(edtf: str) -> tuple[Stretch, ...]:
    """Return the alternatives of a set in brackets or all dates of one in braces, in order; else one stretch."""
    span = dates.parse(edtf)
    if edtf.startswith("{"):
        return tuple(_stretch(dates.parse(each.strip())) for each in edtf.strip("{}").split(","))
    return tuple(_stretch(each) for each in span.one_of or (span,))


def short(edtf: str) -> str:
    """Return the date as `dates.words` has it, in fewer letters: "9–31 Aug 2018", "~2018", "Apr or Jul 2022"."""
    text = _MONTHS.sub(lambda month: month.group()[:3], dates.words(edtf))
    text = re.sub(r"(^|\bor )between (.*) and (.*)$", r"\1\2 – \3", text)
    # Bare days and bare years need no air around the dash: 9–31 Aug 2018, but 5 Sep – 20 Oct 2025.
    text = re.sub(r"^(\d+) – (\d+)\b", r"\1–\2", text)
    return text.replace("about ", "~")


def unbroken(text: str) -> str:
    """Return the text with each of its dates kept on one line."""
    return re.sub(r"(?<=\d) (?=[A-Z])|(?<=[a-z]) (?=\d{4})", "\u00a0", text)


def _stretch(span: dates.DateSpan) -> Stretch:
    return Stretch(decimal_year(span.earliest), decimal_year(span.latest) + 1 / 365.25)
