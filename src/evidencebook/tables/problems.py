"""What a reader is told when data is wrong: one problem, or all of a run at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import total_ordering

from evidencebook.tables.text import printable

MOST_ALIKE = 100  # problems of one kind that are told one by one
_VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|[\w.-]*\d[\w.-]*")


@total_ordering
@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place, and what to do about it.

    `row` is the physical line in the file, from 1. `row` and `column` are None where the problem
    concerns the whole file or the whole row.
    """

    file: str
    row: int | None
    column: str | None
    what: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        if self.column is not None:
            place = f"{place}: {self.column}"
        return printable(f"{place}: {self.what} - {self.remedy}")

    def _order(self) -> tuple[str, int, str, str, str]:
        return (self.file, self.row or 0, self.column or "", self.what, self.remedy)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Problem):
            return NotImplemented
        return self._order() < other._order()


class BadData(Exception):
    """Data that cannot be used; `problems` holds every reason, sorted and without repeats."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield a line for each problem; of those that differ in nothing but values, a hundred and how many more."""
    told: Counter[tuple[str, str | None, str]] = Counter()
    last: dict[tuple[str, str | None, str], Problem] = {}
    for one in problems:
        kind = (one.file, one.column, _VALUES.sub("", one.what))
        told[kind] += 1
        last[kind] = one
        if told[kind] <= MOST_ALIKE:
            yield str(one)
    for kind, count in told.items():
        if count > MOST_ALIKE:
            more = count - MOST_ALIKE
            place = f"{kind[0]}: {kind[1]}" if kind[1] else kind[0]
            yield printable(
                f"{place}: {more:,} more of this kind, the last in line {last[kind].row}: {last[kind].what}"
            )
