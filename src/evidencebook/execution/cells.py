"""Cells of a CSV file: which of them a page asked for, and what they hold now.

Whoever reads tables says so by the audit event `READING`, with an object that `Asked` describes, and goes on to put in
there what it is asked for. What else opens such a file depends on all of it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from typing import Protocol

READING = "evidencebook.tables"


class Asked(Protocol):
    """What was asked for of tables: by path and column the numbers of their rows.

    It has ended when it is known whether they are read well; else whoever read them depends on all that they hold.
    """

    files: dict[str, dict[str, set[int]]]
    is_heard: bool  # set by who listens, or nothing is put in here
    is_good: bool | None


def part(asked: Mapping[str, set[int]]) -> str:
    """Return in one line what was asked for: by column the first and last of rows that follow each other."""

    def runs(numbers: set[int]) -> list[list[int]]:
        several = [list(run) for _, run in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])]
        return [[run[0][1], run[-1][1]] for run in several]

    return json.dumps({column: runs(numbers) for column, numbers in sorted(asked.items())}, ensure_ascii=False)


def held(data: bytes, asked: str) -> str:
    """Return a digest of these cells, and of what else is there of a row that nobody asked about: number and line."""
    try:
        header, *rows = _records(data)
        told: list[object] = [header]
        for column, runs in json.loads(asked).items():
            at = header[1].index(column)
            told.append([column, [[rows[number][1][at] for number in range(first, last + 1)] for first, last in runs]])
        told.append([line for line, _ in rows])
    except (ValueError, LookupError, csv.Error):  # no such table: nothing is equal to it but itself
        return f"no table {hashlib.sha256(data).hexdigest()}"
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@lru_cache(maxsize=16)  # each page of a report asks for cells of the same few
def _records(data: bytes) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    return [(reader.line_num, cells) for cells in reader]
