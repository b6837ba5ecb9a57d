"""What a build says is wrong, as a list for the page."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


class Heard:
    """What a build says is wrong, with paths as seen from the report; all else goes to `note`."""

    def __init__(self, root: Path, note: Callable[[str], None] = lambda _: None) -> None:
        self.problems: list[str] = []
        self.note = note
        self._roots = tuple(f"{path}{os.sep}" for path in {root.absolute(), root.resolve()})

    def complain(self, line: str) -> None:
        """Take a line of standard error."""
        self.note(line)
        for root in self._roots:
            line = line.replace(root, "")
        if line not in self.problems:
            self.problems.append(line)
