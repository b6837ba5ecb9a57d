"""Which line of a page holds something that is wrong, from what Sphinx and MyST-NB know of lines."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

CELL_LINES = 10_000  # MyST-NB counts lines of a notebook in steps of this from cell to cell
BEFORE, AFTER = 4, 80  # lines around the beginning of a block in which a phrase is looked for


def line_of(file: str, line: int, words: str, around: str = "") -> int:
    """Return the line of a file that holds the words and most of those around them, of several the nearest one.

    What Sphinx knows of lines is where a block begins, or the cell or directive in whose settings the words stand; in
    notebooks written as text MyST-NB counts a line too many or too few.
    """
    lines = _lines(file, _changed(file))
    near = [at for at in range(max(1, line - BEFORE), min(len(lines), line + AFTER) + 1) if words in lines[at - 1]]
    company = set(around.split())
    return max(near, key=lambda at: (len(company.intersection(lines[at - 1].split())), -abs(at - line)), default=line)


def _changed(file: str) -> int:
    return os.stat(file).st_mtime_ns if os.path.isfile(file) else 0


@lru_cache(maxsize=4)
def _lines(file: str, changed: int) -> list[str]:
    try:
        return Path(file).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
