"""Keys of tables: ids that are missing, doubled or out of order, and references to rows that are not there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from evidencebook.check.readings import Book
from evidencebook.tables.contract import ForeignKey, Resource
from evidencebook.tables.csvfile import FIX
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Row, Table
from evidencebook.tables.spelling import did_you_mean, nearest

Key = tuple[Any, ...]
MOST_SUGGESTIONS = 50  # nearest ids are looked for among thousands; after so many the table is wrong as a whole
SHORTEST = 3  # letters of an id by which a spoilt one is still recognised
ALIKE = 0.8  # https://docs.python.org/3/library/difflib.html#difflib.SequenceMatcher.ratio


@dataclass(frozen=True)
class Ids:
    """The keys of a table, and those in rows that are reported already and may have meant another.

    `spoilt` holds what stands for an id in a row that cannot be read or whose id is at fault, empty where nothing does.
    """

    known: frozenset[Key]
    spoilt: tuple[str, ...] = ()

    def unexplained(self, wanted: Iterable[Key]) -> set[Key]:
        """Those of the wanted keys that no row has, and that no spoilt row explains: one fault is told once."""
        absent = {key for key in wanted if key not in self.known}
        spoilt = [_folded(one) for one in self.spoilt if one]
        absent = {key for key in absent if not _resembles(_folded("".join(map(str, key))), spoilt)}
        return absent if len(absent) > self.spoilt.count("") else set()

    def explains(self, one: str) -> bool:
        """True where a row has this id, or one that is reported may have meant it."""
        return not self.unexplained([(one,)])

    def __or__(self, other: Ids) -> Ids:
        return Ids(self.known | other.known, self.spoilt + other.spoilt)


def of(book: Book, name: str, columns: Sequence[str]) -> Ids | None:
    """The keys of a table in these columns; None where the table or one of the columns cannot be read."""
    reading = book.readings[name]
    table = reading.table
    if table is None or any(problem.row == 1 and problem.column in columns for problem in reading.problems):
        return None
    known: set[Key] = set()
    spoilt = []
    for row in table.rows:
        key = tuple(row[column] for column in columns)
        is_sound = None not in key and book.sound(table, row, *columns)
        if not is_sound or key in known:
            spoilt.append("" if is_sound else "".join(str(cell) for cell in key if cell is not None))
        known.add(key)
    for _, cells in reading.ragged:
        key = tuple(cells.get(column, "") for column in columns)
        spoilt.append("".join(key))
        known.add(key)
    return Ids(frozenset(known), tuple(spoilt))


def everywhere(book: Book) -> Ids:
    """The ids of all tables together, of those whose key is one column."""
    found = Ids(frozenset())
    for name, resource in book.contract.resources.items():
        if len(resource.primary_key) == 1 and (own := of(book, name, resource.primary_key)) is not None:
            found |= own
    return found


def problems(book: Book) -> Iterator[Problem]:
    """The problems of all primary keys, unique columns and foreign keys."""
    for name, resource in book.contract.resources.items():
        table = book.readings[name].table
        if table is not None:
            yield from _primary_key_problems(book, resource, table)
            yield from _unique_problems(book, resource, table)
            for key in resource.foreign_keys:
                yield from _foreign_key_problems(book, table, key)


def misplaced(keys: Sequence[Key]) -> list[int]:
    """The positions of the fewest keys that must move for all to be in order."""
    if all(above <= below for above, below in pairwise(keys)):
        return []
    kept = _longest_in_order(keys)
    return [at for at in range(len(keys)) if at not in kept]


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _resembles(wanted: str, spoilt: Sequence[str]) -> bool:
    # A row with a comma too few or too many has its id run into the next cell, or cut off.
    longest = [one for one in spoilt if min(len(one), len(wanted)) >= SHORTEST]
    if any(one.startswith(wanted) or wanted.startswith(one) for one in longest):
        return True
    return bool(get_close_matches(wanted, longest, n=1, cutoff=ALIKE))


def _primary_key_problems(book: Book, resource: Resource, table: Table) -> Iterator[Problem]:
    columns = resource.primary_key
    if not columns:
        return
    first: dict[Key, int] = {}
    for row in table.rows:
        key = tuple(row[column] for column in columns)
        if not book.sound(table, row, *columns):
            continue
        if any(cell is None for cell in key):
            yield Problem(table.label, row.line, columns[0], "the primary key is empty", "give the row an id")
        elif key in first:
            what = f"{_shown(key)} is already the id of line {first[key]}"
            yield Problem(table.label, row.line, columns[0], what, "give this row an id of its own, or delete it")
        else:
            first[key] = row.line
    ordered, lines = list(first), list(first.values())  # rows whose id is at fault have no place yet
    wrong = misplaced(ordered)
    if wrong:
        more = f", and {len(wrong) - 1} more rows are out of order" if len(wrong) > 1 else ""
        what = f"{_out_of_order(ordered, wrong[0])}{more}"
        remedy = f"{FIX}, or sort the rows by {', '.join(columns)}"
        yield Problem(table.label, lines[wrong[0]], columns[0], what, remedy)


def _out_of_order(keys: Sequence[Key], at: int) -> str:
    above = max(keys[:at], default=keys[at])
    if above > keys[at]:
        return f"{_shown(keys[at])} comes after {_shown(above)}"
    return f"{_shown(keys[at])} comes before {_shown(min(keys[at:]))}"


def _longest_in_order(keys: Sequence[Key]) -> set[int]:
    # Patience sorting (https://en.wikipedia.org/wiki/Longest_increasing_subsequence) from the end, so that of two
    # rows in each other's place the first one counts as right.
    backwards = [_Reversed(key) for key in reversed(keys)]
    tops: list[_Reversed] = []
    at_top: list[int] = []
    before: list[int | None] = []
    for position, key in enumerate(backwards):
        pile = bisect_right(tops, key)
        before.append(at_top[pile - 1] if pile else None)
        tops[pile : pile + 1] = [key]
        at_top[pile : pile + 1] = [position]
    kept = set()
    last = at_top[-1] if at_top else None
    while last is not None:
        kept.add(len(keys) - 1 - last)
        last = before[last]
    return kept


@dataclass(frozen=True)
class _Reversed:
    key: Key

    def __lt__(self, other: _Reversed) -> bool:
        return other.key < self.key


def _unique_problems(book: Book, resource: Resource, table: Table) -> Iterator[Problem]:
    for field in resource.fields:
        if not field.unique or resource.primary_key == (field.name,):
            continue
        first: dict[str, int] = {}
        for row in table.rows:
            cell = row[field.name]
            if cell is None or not book.sound(table, row, field.name):
                continue
            if first.setdefault(str(cell), row.line) != row.line:
                what = f"{cell} stands already in line {first[str(cell)]}"
                yield Problem(table.label, row.line, field.name, what, "every value of this column must differ")


def _foreign_key_problems(book: Book, table: Table, key: ForeignKey) -> Iterator[Problem]:
    target = of(book, key.resource, key.reference_fields)
    if target is None:
        return  # the table itself is the problem; every row of this one would repeat it
    label = book.contract.resources[key.resource].label
    single = sorted(str(one[0]) for one in target.known if one[0] is not None) if len(key.fields) == 1 else []
    pointing = [(row, cells) for row in table.rows if (cells := _pointed(book, table, row, key.fields)) is not None]
    unknown = target.unexplained(cells for _, cells in pointing)
    remedies: dict[Key, str] = {}
    for row, cells in pointing:
        if cells in unknown:
            if cells not in remedies:
                hint = did_you_mean(nearest(str(cells[0]), single)) if len(remedies) < MOST_SUGGESTIONS else ""
                remedies[cells] = f"{hint} Otherwise add it there first" if hint else f"add it to {label} first"
            what = f"{_shown(cells)} is not a {', '.join(key.reference_fields)} in {label}"
            yield Problem(table.label, row.line, key.fields[0], what, remedies[cells])


def _pointed(book: Book, table: Table, row: Row, columns: Sequence[str]) -> Key | None:
    cells = tuple(row[column] for column in columns)
    return cells if None not in cells and book.sound(table, row, *columns) else None


def _shown(key: Key) -> str:
    return ", ".join(map(str, key))
