"""Text of a cell to its value, by the types and constraints of Table Schema that the engine keeps.

https://datapackage.org/standard/table-schema/ allows more than other readers of a CSV file take (digits of any script,
1_000, TRUE): here a value has one spelling. A test holds the report's tables against the standard's own validator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

MOST_DIGITS = 30
_INTEGER = re.compile(r"-?[0-9]+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
LARGEST_INTEGER = 2**63 - 1  # what a data frame holds
_COMMON = ("required", "unique", "enum")
CONSTRAINTS: Mapping[str, tuple[str, ...]] = {
    "string": (*_COMMON, "pattern", "minLength", "maxLength"),
    **{name: (*_COMMON, "minimum", "maximum") for name in ("integer", "number", "date", "year")},
    "boolean": ("required",),
}
FORMATS: Mapping[str, tuple[str, ...]] = {"string": ("default", "uri")}
# A cell's value, None where it is missing or of the wrong type, and the first constraint that it breaks.
CellReader = Callable[[str], tuple[Any, str]]


def cast(type_: str, cell: str) -> Any:
    """Return the value of a cell; raises ValueError where it is not of the type."""
    return _CASTS[type_](cell)


def reader(field: Mapping[str, Any]) -> CellReader:
    """Return what reads a cell of the field: its value and the name of what it breaks, `type` or a constraint."""
    constraints = field.get("constraints", {})
    type_, missing = field["type"], frozenset(field.get("missingValues", [""]))
    is_required, rules = constraints.get("required", False), list(_rules(type_, constraints))

    def read(cell: str) -> tuple[Any, str]:
        if cell in missing:
            return None, "required" if is_required else ""
        try:
            value = cast(type_, cell)
        except ValueError:
            return None, "type"
        return value, next((name for name, holds in rules if not holds(value)), "")

    return read


def _rules(type_: str, constraints: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[Any], bool]]]:
    """Yield constraints on one value by name; raises ValueError where a bound or a value is not of the type."""
    if constraints.get("enum"):
        allowed = frozenset(cast(type_, str(one)) for one in constraints["enum"])
        yield "enum", lambda value: value in allowed
    if "pattern" in constraints:
        matches = re.compile(constraints["pattern"]).fullmatch
        yield "pattern", lambda value: matches(value) is not None
    for name, measure in (("minimum", _itself), ("maximum", _itself), ("minLength", len), ("maxLength", len)):
        if name in constraints:
            bound = cast("integer" if measure is len else type_, str(constraints[name]))
            yield name, _within(measure, bound, is_lowest=name.startswith("min"))


def _within(measure: Callable[[Any], Any], bound: Any, is_lowest: bool) -> Callable[[Any], bool]:
    return lambda value: bool(measure(value) >= bound if is_lowest else measure(value) <= bound)


def _itself(value: Any) -> Any:
    return value


def _number(cell: str) -> Decimal:
    if not NUMBER.fullmatch(cell) or len(cell) > MOST_DIGITS:
        raise ValueError(cell)
    return Decimal(cell)


def _integer(cell: str) -> int:
    if not _INTEGER.fullmatch(cell) or len(cell) > MOST_DIGITS or abs(int(cell)) > LARGEST_INTEGER:
        raise ValueError(cell)
    return int(cell)


def _boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(cell)
    return cell == "true"


def _date(cell: str) -> date:
    if not _DAY.fullmatch(cell):  # fromisoformat takes 20160701 and weeks too
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _year(cell: str) -> int:
    if not _YEAR.fullmatch(cell):
        raise ValueError(cell)
    return int(cell)


_CASTS: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "year": _year,
}
