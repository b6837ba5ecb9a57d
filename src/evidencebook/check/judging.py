"""The rows of every table against the rules that its contract states for columns beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from evidencebook.check.readings import NUMBER, TYPES, Book
from evidencebook.tables.contract import LABEL, Resource
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row, Table
from evidencebook.tables.rules import Bounds
from evidencebook.values import dates

# What the two bounds must be for each qualifier; None stands for a bound that the source does not give.
POINT, SPAN, FLOOR, CEILING, NOTHING = "low equal to high", "low below high", "only low", "only high", "no bounds"
QUALIFIERS = {
    "exact": POINT,
    "about": POINT,
    "range": SPAN,
    "at_least": FLOOR,
    "over": FLOOR,
    "up_to": CEILING,
    "under": CEILING,
    "unquantified": NOTHING,
    None: NOTHING,
}


def problems(book: Book) -> Iterator[Problem]:
    """Yield what breaks a rule; a cell with a fault of its own is judged by none."""
    for name, resource in book.contract.resources.items():
        table = book.readings[name].table
        if table is not None:
            yield from _table_problems(book, table, resource)


def contract_problems(resource: Resource) -> Iterator[Problem]:
    """Yield the rules by which no row can be judged, since their columns are of a kind that cannot be compared."""
    for one in resource.rules.bounds:
        for name in (one.low, one.high):
            if _kind(resource, name) != "number" and (resource.name, name) not in TYPES:
                what = "the column is a bound, but no number"
                yield Problem(LABEL, None, f"{resource.name}.{name}", what, "give it the type number or integer")
    for first, second in resource.rules.order:
        kinds = {_kind(resource, first), _kind(resource, second)}
        if len(kinds) > 1 or kinds == {""}:
            what = f"{first} and {second} cannot be put in order"
            yield Problem(LABEL, None, f"{resource.name}.rules", what, "name two numbers or two dates")


def _kind(resource: Resource, name: str) -> str:
    field = resource.field(name)
    if field is None:
        return ""
    return "date" if field.is_edtf or field.type == "date" else "number" if field.type in NUMBER else ""


def _table_problems(book: Book, table: Table, resource: Resource) -> Iterator[Problem]:
    rules = resource.rules
    bounds = [name for one in rules.bounds for name in (one.low, one.high)]
    if any(contract_problems(resource)) or any(_kind(resource, name) != "number" for name in bounds):
        return  # told of the contract
    for row in table.rows:
        for one in rules.bounds:
            yield from _bounds_problems(book, table, row, one)
        for first, second in rules.together:
            if book.sound(table, row, first, second) and (row[first] is None) != (row[second] is None):
                given, empty = (second, first) if row[first] is None else (first, second)
                what = f"{given} is {row[given]}, and {empty} is empty"
                yield Problem(table.label, row.line, empty, what, f"fill it in, or empty {given}")
        for first, second in rules.distinct:
            if row[first] is not None and row[first] == row[second]:
                yield Problem(table.label, row.line, second, f"{row[second]} is also {first}", "name another")
        for first, second in rules.order:
            if book.sound(table, row, first, second) and _is_after(row[first], row[second]):
                what = f"{row[second]} is before {first} {row[first]}"
                yield Problem(table.label, row.line, second, what, "swap them or correct the row")
    for column in rules.tree:
        yield from _circles(book, table, resource, column)


def _bounds_problems(book: Book, table: Table, row: Row, one: Bounds) -> Iterator[Problem]:
    low, high = row[one.low], row[one.high]
    if not book.sound(table, row, one.low, one.high):
        return
    if low is not None and high is not None and low > high:
        what = f"{low} is above {one.high} {high}"
        yield Problem(table.label, row.line, one.low, what, "swap them or correct the row")
    elif one.qualifier and book.sound(table, row, one.qualifier) and row[one.qualifier] in QUALIFIERS:
        given = _given(low, high)
        if QUALIFIERS[row[one.qualifier]] != given:
            yield _qualifier_problem(table, row, one, given)
    number = low if low is not None else high
    if one.unit is None or number is None or not book.sound(table, row, one.unit):
        return
    if row[one.unit] is None:
        remedy = f"say what {number} counts or is measured in"
        yield Problem(table.label, row.line, one.unit, "there is a number without a unit", remedy)
    least, most = one.limits.get(row[one.unit], (None, None))
    for name, bound in ((one.low, low), (one.high, high)):
        if bound is None or ((least is None or bound >= least) and (most is None or bound <= most)):
            continue
        told = f"less than {least}" if least is not None and bound < least else f"more than {most}"
        what = f"{bound} {row[one.unit]} is {told}, which cannot be"
        yield Problem(table.label, row.line, name, what, "correct the number or its unit")


def _given(low: Any, high: Any) -> str:
    if low is None or high is None:
        return NOTHING if low is high else FLOOR if high is None else CEILING
    return POINT if low == high else SPAN


def _qualifier_problem(table: Table, row: Row, one: Bounds, given: str) -> Problem:
    named = ((name, row[name]) for name in (one.low, one.high))
    bounds = " and ".join(f"{name} {cell}" for name, cell in named if cell is not None)
    fitting = " or ".join(name if name else "nothing" for name, needs in QUALIFIERS.items() if needs == given)
    qualifier = row[str(one.qualifier)]
    if qualifier is None:
        what = f"there is no qualifier for {bounds}"
    else:
        what = f"{qualifier} asks for {QUALIFIERS[qualifier]}, but the row has {bounds or 'no bounds'}"
    return Problem(table.label, row.line, one.qualifier, what, f"write {fitting}, or correct the bounds")


def _is_after(first: Any, second: Any) -> bool:
    """Whether the first is after the second for sure: what is uncertain has the benefit of the doubt."""
    if first is None or second is None:
        return False
    (earliest, _), (_, latest) = _ends(first), _ends(second)
    return bool(earliest > latest)


def _ends(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, str):
        return value, value
    try:
        span = dates.parse(value)
    except ValueError:  # a column that the contract does not call a date
        return date.min, date.max
    return span.earliest, span.latest


def _circles(book: Book, table: Table, resource: Resource, column: str) -> Iterator[Problem]:
    (key,) = resource.primary_key
    times = Counter(row[key] for row in table.rows)  # of which row an id speaks that two have, nobody knows
    sound = (row for row in table.rows if times[row[key]] == 1 and book.sound(table, row, key, column))
    above = {row[key]: row[column] for row in sound}
    lines = {row[key]: row.line for row in table.rows}
    done: set[Any] = {None}
    for start in above:
        trail = [start]
        while (following := above.get(trail[-1])) not in done and following not in trail:
            trail.append(following)
        if following in trail and following not in done:
            circle = [*trail[trail.index(following) :], following]
            what = f"it goes round in a circle: {' -> '.join(map(str, circle[:6]))}"
            yield Problem(table.label, lines[start], column, what, "name what is larger, or empty the cell")
        done.update(trail)
