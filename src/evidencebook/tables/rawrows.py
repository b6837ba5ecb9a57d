"""A row of a CSV file as its raw cells, so that changing one leaves all other bytes of the row as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_CELL = re.compile(r'("(?:[^"]|"")*"|[^,]*)(,|$)')


def cells(line: str) -> list[str]:
    """The cells of a line with their quotes, which the csv module forgets; raises ValueError where there are none."""
    return list(_cells(line))


def joined(raw: Sequence[str]) -> str:
    """The line that these raw cells make."""
    return ",".join(raw)


def with_cells(line: str, wanted: Mapping[int, str]) -> str:
    """The line with other raw cells at some positions, from 0."""
    return joined([wanted.get(position, cell) for position, cell in enumerate(cells(line))])


def stripped(raw: str) -> str:
    """The raw cell without spaces around its text, within its quotes where it has some."""
    return f'"{raw[1:-1].strip()}"' if raw.startswith('"') else raw.strip()


def _cells(line: str) -> Iterator[str]:
    position = 0
    while True:
        match = _CELL.match(line, position)
        if match is None:
            raise ValueError("a line that csv read has no raw cells")
        yield match[1]
        if match[2] == "":
            return
        position = match.end()
