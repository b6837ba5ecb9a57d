"""Pages executed while Sphinx reads others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Outcome, Page

SWITCH = 0.0005  # seconds after which Sphinx lets go of the interpreter: a kernel's client waits a hundred times for it


@dataclass(frozen=True)
class Start:
    """When some pages began, and what was there then: files by folder, and what each page names as its inputs."""

    time: float
    listed: Mapping[str, set[str]]
    named: Mapping[str, list[Read]]


class Ahead:
    """Has `run` execute pages beside all else, from now on; `reasons` say why each of them has to be."""

    def __init__(
        self, pages: Sequence[Page], run: Callable[[Sequence[Page]], dict[str, Outcome]], start: Start,
        reasons: Mapping[str, tuple[str, ...]],
    ) -> None:  # fmt: skip
        self.start, self.reasons = start, reasons
        self._pages = {page.name: page for page in pages}
        self._found: dict[str, Outcome] = {}
        self._interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        self._thread = Thread(target=self._run, args=(run, pages), daemon=True)
        self._thread.start()

    def outcome(self, page: Page) -> Outcome | None:
        """Wait, and return what came of a page; None if it did what nobody hears, while others opened files."""
        self.end()
        found = self._found.get(page.name) if self._pages.get(page.name) == page else None
        return found if found and found.is_heard and not found.needs_kernel else None

    def end(self) -> None:
        """Wait until nothing is under way any more."""
        self._thread.join()
        sys.setswitchinterval(self._interval)

    def _run(self, run: Callable[[Sequence[Page]], dict[str, Outcome]], pages: Sequence[Page]) -> None:
        with suppress(Exception):  # they are executed again as all others are, and that says what is wrong
            self._found = run(pages)
