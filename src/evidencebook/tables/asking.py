"""Rows that tell which of their cells were asked for, to whoever listens while a page is executed.

A page depends on the cells that it asked for and on no others. In a build itself nobody listens, and rows are plain.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READING = "evidencebook.tables"  # the audit event, as who listens knows it


class Asked:
    """What was asked for of the tables in `files`: by path and column the numbers of their rows."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files: dict[str, dict[str, set[int]]] = {str(path): {} for path in files}
        self.is_heard = False  # set by who listens
        self.is_good: bool | None = None  # how reading them ended

    def of(self, path: Path, row: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values of a row so that they tell what is asked of them."""
        return Telling(values, self.files[str(path)], row) if self.is_heard else values


class Values(Mapping[str, Any]):
    """The values of a row, looked up one by one when they are asked for; whoever copies them gets all of them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, column: str) -> Any:
        return self._values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self.copy())

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self}

    def __reduce__(self) -> Any:
        return dict, (self.copy(),)

    def copy(self) -> dict[str, Any]:
        return dict(self)


class Telling(Values):
    """Values that tell of each that is asked for; no dictionary, whose content C code could look at unheard."""

    def __init__(self, values: Mapping[str, Any], asked: dict[str, set[int]], row: int) -> None:
        super().__init__(values)
        self._asked, self._row = asked, row

    def __getitem__(self, column: str) -> Any:
        value = self._values[column]
        self._asked.setdefault(column, set()).add(self._row)
        return value


def unheard(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a row for a look that nothing depends on but how those that are asked for come about."""
    return values._values if isinstance(values, Telling) else values


@contextmanager
def listened(files: Iterable[Path]) -> Iterator[Asked]:
    """Tell who listens that these tables are read: whether they could be depends on every cell."""
    asked = Asked(files)
    sys.audit(READING, asked)
    try:
        yield asked
        asked.is_good = True
    finally:
        asked.is_good = bool(asked.is_good)
