"""Numbers and dates as a spreadsheet or a habit writes them: what was meant, and what to type instead."""

from __future__ import annotations

import datetime
import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EXCEL_DAY_ZERO = datetime.date(1899, 12, 30)  # Excel counts 1900 as a leap year, hence not 31 December

# A sign that parts thousands has three digits after it each time; Indian lakhs have two, and three at the end.
_IN_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|-?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?", re.ASCII)
_DOTTED_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})", re.ASCII)
_SPACES = " \u00a0\u2009\u202f'’"
_SPACED_THOUSANDS = re.compile(rf"-?[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?", re.ASCII)
_UNDERSCORED = re.compile(r"-?\d+(?:_\d+)+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)


def number(cell: str, is_whole: bool) -> str:
    """What to type for a number with grouping signs or a decimal comma, as the end of a message; empty if unclear.

    A comma that may be either is told both readings, since nobody but the curator knows which was meant.
    """
    decimal, grouped = cell.replace(",", "."), cell.replace(",", "")
    if _IN_THOUSANDS.fullmatch(cell):
        if is_whole or "." in cell or cell.count(",") > 1:
            return _written(grouped, is_whole)
        return f"write {grouped} if the comma parts thousands, or {decimal} if it is a decimal comma"
    if _DOTTED_THOUSANDS.fullmatch(cell):
        return _written(cell.replace(".", "").replace(",", "."), is_whole)
    if _SPACED_THOUSANDS.fullmatch(cell):
        return _written(re.sub(f"[{_SPACES}]", "", cell).replace(",", "."), is_whole)
    if _UNDERSCORED.fullmatch(cell):
        return _written(cell.replace("_", ""), is_whole)
    if not _DECIMAL_COMMA.fullmatch(cell):
        return ""
    return _written(decimal, is_whole)


def _written(plain: str, is_whole: bool) -> str:
    return "" if is_whole and "." in plain else f"write {plain}"


def date(cell: str) -> str:
    """What to type for a date that a spreadsheet or a habit has mangled, or an empty string."""
    words = re.fullmatch(r"(?:(\d{1,2})[-/ .])?([A-Za-z]{3,9})\.?[-/ ,]+(\d{4})", cell)
    if words and words[2].lower()[:3] in MONTHS:
        return _iso(int(words[3]), MONTHS.index(words[2].lower()[:3]) + 1, int(words[1]) if words[1] else None)
    american = re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", cell)
    if american and american[1].lower()[:3] in MONTHS:
        return _iso(int(american[3]), MONTHS.index(american[1].lower()[:3]) + 1, int(american[2]))
    short = re.fullmatch(r"(\d{1,2})[- ]([A-Za-z]{3})|([A-Za-z]{3})[- ](\d{1,2})", cell)
    if short and (short[2] or short[3]).lower() in MONTHS:
        month = MONTHS.index((short[2] or short[3]).lower()) + 1
        return f"the year too, as YYYY-{month:02d} or YYYY-{month:02d}-DD (a spreadsheet has changed this cell)"
    if re.fullmatch(r"[2-5]\d{4}", cell):
        day = EXCEL_DAY_ZERO + datetime.timedelta(days=int(cell))
        return f"{day.isoformat()} ({cell} is a spreadsheet's number for that day)"
    year_first = re.fullmatch(
        r"(\d{4})(?:[/.]\s*(\d{1,2})(?:[/.]\s*(\d{1,2})\.?)?|-(\d{1,2})-(\d{1,2})|(\d\d)(\d\d))", cell
    )
    if year_first and not re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        month_text, day_text = (
            year_first[2] or year_first[4] or year_first[6],
            year_first[3] or year_first[5] or year_first[7],
        )
        return _iso(int(year_first[1]), int(month_text), int(day_text) if day_text else None)
    year_last = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", cell)
    if year_last:
        first, second, year = (int(part) for part in year_last.groups())
        readings = dict.fromkeys(filter(None, (_iso(year, second, first), _iso(year, first, second))))
        return " or ".join(readings)
    return ""


def _iso(year: int, month: int, day: int | None) -> str:
    try:
        found = datetime.date(year, month, day or 1)
    except ValueError:
        return ""
    return found.isoformat() if day else f"{year:04d}-{month:02d}"
