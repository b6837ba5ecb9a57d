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
# The months of a season; winter begins in December.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
EARLIER = re.compile(
    r"\bused to\b|\b(?:before|prior to) the\b|\b(?:previously|formerly|originally|in the past|at (?:the|that) time|back then|at first)\b"
    r"|\b(?:years|months|weeks|decades|days) (?:ago|earlier|before)\b"
    r"|\bhad (?:(?:not|never|already|once|also) )?(?:been|come|gone|had|sent|paid|left|lost|kept|taken|given|made|sold|bought|fallen|risen|\w{3,}ed)\b",
    re.I,
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<which>this|last|next|past|previous|coming|the same) +(?P<unit>week|month|year|spring|summer|autumn|fall|winter|{'|'.join(_DAYS)})"
    rf"|(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) +(?P<ago>days?|weeks?|months?|years?) +(?:ago|earlier)"
    rf"|(?P<plain>today|yesterday|tomorrow)|on +(?P<weekday>{'|'.join(_DAYS)})"
    r"|(?P<recent>recently|in +recent +(?:days|weeks|months))"
    rf"|(?:in|over|for|during|within) +the +(?:past|last) +(?P<lately>\d{{1,2}}|{'|'.join(_COUNTS)}|few) +(?P<span>days|weeks|months|years)"
    rf"|(?:in|during|over|throughout|since|by|until) +(?:the +)?(?P<season>{'|'.join(_SEASONS)})(?! +of\b)"
    r"|(?P<nth>first|second|third|fourth) +(?P<part>half|quarter)(?: +of +(?:(?:(?P<ofyear>(?:19|20)\d\d)|(?P<of>this|last|the) +year)))?"
    r"|(?P<pandemic>before|during|since|in) +the +(?:covid(?:-19)? +|coronavirus +)?pandemic|"
    r"(?P<ko>올해|작년|지난해|지난달|이달|내년))\b",
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
    relative = _RELATIVE.search(text)
    if found and not (relative and (relative["part"] or relative["season"]) and relative["ofyear"]):
        return found[0]
    if relative and relative["pandemic"]:  # which everybody can date
        known = {"before": "2019", "since": "2020/"}.get(relative["pandemic"].lower(), "2020/2022")
        return known, "external"
    said = _relative(relative, span) if relative and span else None
    if relative and said and re.search(r"\bsince(?: the)? $|^since\b", text[: relative.start()] or relative[0], re.I):
        said = f"{said.partition('/')[0]}/"
    return (said, "inferred") if said else None


def dated(sentence: str, published: str | None, edtf: str) -> str:
    """Return a sentence with "last year" and the like as the year or month that they mean, where it is the row's own."""
    span = dates.parse(published) if published else None
    match = _RELATIVE.search(sentence)
    if not match or not span or span.earliest == date.min or not (match["unit"] or match["ago"]):
        return sentence
    unit = (match["unit"] or match["ago"]).lower().rstrip("s")
    said = _relative(match, span) if unit in ("month", "year") else None
    if not said or "/" in said or said not in edtf:
        return sentence
    words = said if unit == "year" else f"{date(int(said[:4]), int(said[5:7]), 1):%B} {said[:4]}"
    return f"{sentence[: match.start()]}in {words}{sentence[match.end() :]}"


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
        is_ahead = (match["before"] or "").lower().startswith(("by", "until")) and date(
            span.latest.year, month, 1
        ) > span.latest
        year = str(
            span.latest.year if is_ahead or date(span.latest.year, month, 1) <= span.latest else span.latest.year - 1
        )
    found = year + (f"-{month:02}" if month else "") + (f"-{int(day):02}" if month and day else "")
    before = (match["before"] or "").lower()
    if match.string.startswith(", when", match.end()):
        before = ""  # "since August, when nine came": they came in August
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
    if match["lately"]:
        count = _COUNTS.get(match["lately"].lower()) or (3 if match["lately"] == "few" else int(match["lately"]))
        begun = _ago(first, last, count, match["span"].lower().rstrip("s")).partition("/")[0]
        return f"{begun}/{last.isoformat()[: len(begun)]}"
    if match["season"]:
        return _season(last, match["season"].lower(), "")
    if match["part"]:
        return _part(last, match["nth"].lower(), match["part"].lower(), match["ofyear"] or match["of"] or "")
    day = (match["weekday"] or match["unit"]).lower()
    if day in _DAYS:
        return _span(*(_weekday(one, _DAYS.index(day), (match["which"] or "").lower()) for one in (first, last)))
    shift = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1}.get(match["which"].lower(), 0)
    if match["which"].lower() == "the same":
        return None
    if day in ("week", "month", "year"):
        return _shifted(first, last, day, shift)
    return _season(last, day, match["which"].lower())


def _season(today: date, name: str, which: str) -> str | None:
    """Return the months of the season that began last or, of the last one, ended; of the next, that is to begin.

    Nobody knows whether last summer, in autumn, is that of the same year.
    """
    month = _SEASONS[name]
    begun = today.year if date(today.year, month, 1) <= today else today.year - 1
    if which in ("next", "coming"):
        begun += 1
    elif (
        which in ("last", "past", "previous") and f"{begun + month // 12}-{(month + 1) % 12 + 1:02}" >= f"{today:%Y-%m}"
    ):
        begun -= 1  # it is not over yet
    elif which in ("last", "past", "previous") and begun == today.year:
        return None
    end = (begun + 1, 2) if month == 12 else (begun, month + 2)
    return f"{begun}-{month:02}/{end[0]}-{end[1]:02}"


def _part(today: date, nth: str, part: str, of: str) -> str | None:
    """Return the months of a half or a quarter of a year: of the one that is named, or the one that began last."""
    length, at = 6 if part == "half" else 3, ("first", "second", "third", "fourth").index(nth)
    if at * length >= 12:
        return None
    month = at * length + 1
    begun = today.year if date(today.year, month, 1) <= today else today.year - 1
    year = int(of) if of.isdigit() else today.year - 1 if of.lower() == "last" else begun
    return f"{year}-{month:02}/{year}-{month + length - 1:02}"


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
