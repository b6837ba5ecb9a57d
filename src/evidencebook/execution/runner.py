"""Decides which pages have to be executed, has them executed, and says why."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

from evidencebook.execution import environment, kernels
from evidencebook.execution.decisions import Decision
from evidencebook.execution.environment import can_fork, processors
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.reads import ABSENT, Read, changed_since, fingerprint
from evidencebook.execution.store import Entry, Store
from evidencebook.execution.workers import Workers, variables

LOCK = "requirements.txt"
TRIES = 3

Done: TypeAlias = Callable[[Page, Outcome], None]


class Runner:
    """Executes pages of the report in `root`, never without need; `folders` hold the modules that count as read.

    `told` is called with each decision when it has been carried out. With `use_kernels` everything runs in real
    Jupyter kernels; otherwise in `workers`, which are made by `start` when they are needed if none are given.
    """

    def __init__(
        self, root: Path, store: Store, folders: Sequence[str | Path], told: Callable[[Decision], None],
        use_kernels: bool = False, workers: Workers | None = None, start: Callable[[], Workers] | None = None,
    ) -> None:  # fmt: skip
        self._root = root
        self._store = store
        self._folders = tuple(str(folder) for folder in folders)
        self._told = told
        self._use_kernels = use_kernels or not can_fork()
        self._workers = workers
        self._start = start or (lambda: Workers(self._folders, self._store.folder))
        self._common = {"Python": sys.version, "packages": environment.packages(), LOCK: _digest(root / LOCK)}

    def expect_work(self) -> None:
        """Start what takes time to start, if it is likely to be needed."""
        if self._workers is None and not self._use_kernels:
            self._workers = self._start()

    def run(self, pages: Iterable[Page]) -> dict[str, Outcome]:
        """Return the outcome of every page by its name; a page that failed has a failure and is not remembered."""
        now = cache(fingerprint)
        outcomes: dict[str, Outcome] = {}
        reasons: dict[str, tuple[str, ...]] = {}
        waiting: list[Page] = []
        for page in pages:
            known = list(self._store.entries(page.name))
            conditions = self._conditions(page)
            fits = next((entry for entry in known if not self._differences(entry, conditions, now)), None)
            if fits is not None:
                self._store.note_use(page.name, fits)
                outcomes[page.name] = fits.outcome
                self._told(Decision(page.name, ()))
            else:
                never = ("there is no earlier result",)
                reasons[page.name] = tuple(self._differences(known[0], conditions, now)) if known else never
                waiting.append(page)
        # What takes longest must not begin last, while other processors have nothing left to do.
        waiting.sort(key=lambda page: -sum(cell.is_executed for cell in page.cells))
        told: set[str] = set()

        def tell(page: Page, outcome: Outcome) -> None:
            if page.name not in told:  # one executed again, because a file changed meanwhile, is told of once
                self._told(Decision(page.name, reasons[page.name], outcome.seconds))
            told.add(page.name)

        outcomes |= self._execute_until_steady(waiting, tell)
        self._store.trim()
        return outcomes

    def close(self) -> None:
        """End all processes."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None

    def _execute_until_steady(self, pages: list[Page], done: Done) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        for _ in range(TRIES):
            if not pages:
                break
            started = time.time()
            outcomes |= self._execute(pages, done)
            again: list[Page] = []
            for page in pages:
                outcome = outcomes[page.name]
                if outcome.failure or not outcome.is_traced:
                    continue
                if changed_since(outcome.reads, started):
                    again.append(page)  # someone saved a file meanwhile: which of the two did the page see?
                    continue
                found = {read: fingerprint(read) for read in outcome.reads}
                self._store.keep(page.name, Entry(self._conditions(page), found, outcome))
            pages = again
        return outcomes

    def _execute(self, pages: list[Page], done: Done) -> dict[str, Outcome]:
        slow = [page for page in pages if self._use_kernels or page.kernel != "python3" or _hidden(page.folder)]
        quick = [page for page in pages if page not in slow]
        outcomes: dict[str, Outcome] = {}
        if quick:
            self.expect_work()
            assert self._workers is not None
            outcomes = self._workers.run(quick, done)
            gone = [page for page in quick if page.name not in outcomes]
            if gone:
                self._workers.close()
                self._workers = None  # it died; what it left is done the slow way
            slow += gone + [page for page in quick if page not in gone and _needs_kernel(outcomes[page.name])]
        if slow:
            outcomes |= kernels.run(slow, self._folders, processors(), done, variables(self._store.folder))
        return {name: self._without_own(outcome) for name, outcome in outcomes.items()}

    def _without_own(self, outcome: Outcome) -> Outcome:
        """Leave out what was read from the store: it is no input of the report."""
        own = f"{self._store.folder}{os.sep}"
        return replace(outcome, reads=tuple(read for read in outcome.reads if not read.path.startswith(own)))

    def _conditions(self, page: Page) -> dict[str, str]:
        # What was read has whole paths: in a copy of the report they lead to the files of the original.
        folders = "\0".join([page.folder, *self._folders])
        return {"code": page.code, **self._common, "folders": folders, "hidden": " ".join(_hidden(page.folder))}

    def _differences(self, entry: Entry, conditions: Mapping[str, str], now: Callable[[Read], str]) -> list[str]:
        found = [
            SAID.get(name, f"{name} changed")
            for name, value in conditions.items()
            if entry.conditions.get(name) != value
        ]
        return found + [
            self._said(read, before, now(read)) for read, before in entry.fingerprints.items() if now(read) != before
        ]

    def _said(self, read: Read, before: str, after: str) -> str:
        path = Path(read.path)
        name = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)
        if read.aspect == "names" and ABSENT not in (before, after):
            return f"the list of files in {name} changed"
        if before == ABSENT:
            return f"{name} appeared"
        return f"{name} vanished" if after == ABSENT else f"{name} changed"


SAID = {
    "code": "its code changed",
    "Python": "Python is another version",
    "packages": "the installed packages changed",
    "folders": "the report or its engine is in another folder",
    "hidden": "a file beside the page hides a package, or no longer does",
}


def _needs_kernel(outcome: Outcome) -> bool:
    return outcome.needs_kernel and not outcome.failure


def _hidden(folder: str) -> tuple[str, ...]:
    """Return the modules of Python or of packages that a file in the folder takes the place of when imported there."""
    here = list(Path(folder).iterdir())
    importable = {path.stem for path in here if path.suffix == ".py"}
    importable |= {path.name for path in here if (path / "__init__.py").exists()}
    return tuple(sorted(importable & environment.importable()))


def _digest(path: Path) -> str:
    return fingerprint(Read("content", str(path)))
