"""Decides which pages have to be executed, has them executed, and says why."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from evidencebook.execution import environment, kernels, order, unheard
from evidencebook.execution.ahead import Ahead, Start
from evidencebook.execution.decisions import Decision
from evidencebook.execution.environment import can_fork, processors
from evidencebook.execution.inputs import ABSENT, UNSTEADY, Read, changed_since, fingerprint
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.store import Entry, Known, Store
from evidencebook.execution.workers import Workers, variables
from evidencebook.folders import files_below

LOCK = "requirements.txt"
TRIES = 3  # of a page whose inputs change while it runs
CHAIN = 15  # of one that reads what others write

Done: TypeAlias = Callable[[Page, Outcome], None]


class Runner:
    """Executes pages of the report in `root`, never without need; `folders` hold the report and its modules.

    `told` is called with each decision when it has been carried out. With `use_kernels` everything runs in real
    Jupyter kernels; otherwise in `workers`, which are made by `start` when they are needed if none are given. `seen` is
    what all pages that were run depend on, `wrote` what those that were executed have written; `is_resting` says that
    of those looked at before none seemed to need it.
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
        self._known: dict[str, Known] = {}
        self._resting: dict[str, tuple[Page, Outcome]] = {}
        self._ahead: Ahead | None = None
        self.is_resting = False
        self.seen: dict[Read, str] = {}
        self.wrote: set[str] = set()

    def expect_work(self, drawers: int = 0) -> None:
        """Start what takes time to start, if it is likely to be needed, and so many of those that draw."""
        if self._workers is None and not self._use_kernels:
            self._workers = self._start()
        if drawers and self._workers is not None:
            self._workers.wake(drawers)

    def look(self, pages: Sequence[Page]) -> None:
        """Begin with the pages that have to be executed, as far as can be told now.

        Whoever called reads files meanwhile. So only pages begin of which nothing went unheard last time: the watch
        tells that a file was opened, and not by whom. For others the warm process gets ready.
        """
        self._known = {page.name: Known(self._store.entries(page.name)) for page in pages}
        latest = {name: next(iter(known), None) for name, known in self._known.items()}
        now = order.look(order.written_by_several(filter(None, latest.values())))
        fitting = {page.name: self._fitting(page, self._known[page.name], now) for page in pages}
        lacking = [page for page in pages if fitting[page.name] is None]
        self._resting = {page.name: (page, fits.outcome) for page in pages if (fits := fitting[page.name])}
        self.is_resting = not lacking
        if self.is_resting:
            return
        self.expect_work()
        next_ones = order.next_of({page.name: page for page in pages}, latest)
        heard = {name: old for name, old in latest.items() if old and old.outcome.is_heard and name in next_ones}
        early = _longest_first(page for page in lacking if page.name in heard and not self._is_slow(page))
        if early and self._workers is not None and processors() > 1:
            reasons = {page.name: tuple(self._differences(heard[page.name], page, now)) for page in early}
            run = partial(self._workers.run, done=lambda *_: None)
            self._ahead = Ahead(early, run, self._start_of(early), reasons)

    def resting(self, page: Page) -> Outcome | None:
        """Return the result of a page that need not be executed, if that was so when it was looked at."""
        known, outcome = self._resting.get(page.name, (None, None))
        return outcome if known == page else None

    def run(self, asked: Iterable[Page]) -> dict[str, Outcome]:
        """Return the outcome of every page by its name; a page that failed has a failure and is not remembered.

        Pages that read what others write come after them, as far as that is known; where it turns out too late, they
        are executed again.
        """
        todo = {page.name: page for page in asked}
        known = {name: self._known.get(name) or Known(self._store.entries(name)) for name in todo}
        self._known = {}
        shared = order.written_by_several(filter(None, (next(iter(entries), None) for entries in known.values())))
        settled: dict[str, tuple[Page, Entry]] = {}
        tries: Counter[str] = Counter()
        told: set[str] = set()
        ahead, self._ahead = self._ahead, None
        early = {page.name: found for page in todo.values() if ahead and (found := ahead.outcome(page))}
        reasons = dict(ahead.reasons) if ahead else {}

        def tell(page: Page, outcome: Outcome) -> None:
            if page.name not in told:  # one executed again, because a file changed meanwhile, is told of once
                self._told(Decision(page.name, reasons[page.name], outcome.seconds))
            told.add(page.name)

        while todo:
            latest = {name: settled[name][1] if name in settled else next(iter(known[name]), None) for name in todo}
            now = order.look(shared)
            waiting: list[Page] = []
            for name in order.next_of(todo, latest):
                page = todo.pop(name)
                fits = None if tries[name] or name in early else self._fitting(page, known[name], now)
                if fits is not None:
                    self._store.note_use(name, fits)
                    settled[name] = page, fits
                else:
                    old = latest[name]
                    never = ("there is no earlier result",)
                    reasons.setdefault(name, tuple(self._differences(old, page, now)) if old else never)
                    waiting.append(page)
            if not waiting:
                continue
            done = [page for page in waiting if page.name in early]
            for page in done:
                assert ahead is not None
                outcome = early.pop(page.name)
                tell(page, outcome)
                self._settle(page, outcome, ahead.start, settled, tries)
            self._carry_out([page for page in waiting if page not in done], settled, tries, tell)
            # Somebody saved a file meanwhile, or a page wrote what another one had read already.
            now = order.look(shared | order.written_by_several(entry for _, entry in settled.values()))
            by_pages = order.Written(path for page in waiting for path in order.written(settled[page.name][1]))
            for name, (page, entry) in settled.items():
                news = order.changed(entry, now)
                limit = CHAIN if any(map(by_pages.meets, news)) else TRIES
                if news and tries[name] < limit:
                    todo[name] = page
                    reasons.setdefault(name, tuple(self._said(one, entry.fingerprints[one], now(one)) for one in news))
        now = order.look(shared | order.written_by_several(entry for _, entry in settled.values()))
        for name, (_, entry) in settled.items():
            self.seen |= {read: said for read, said in entry.fingerprints.items() if now(read) != "there"}
            self.wrote |= order.written(entry) if tries[name] else set()
            if not tries[name]:
                self._told(Decision(name, ()))
            elif entry.outcome.failure is None and not order.changed(entry, now):
                self._store.keep(name, entry)
        self._store.trim()
        return {name: entry.outcome for name, (_, entry) in settled.items()}

    def release(self) -> Workers | None:
        """Return the workers, if there are any, to whoever goes on with them; `close` does not end them then."""
        workers, self._workers = self._workers, None
        return workers

    def close(self) -> None:
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        if self._ahead is not None:
            self._ahead.end()
            self._ahead = None

    def _carry_out(
        self, waiting: list[Page], settled: dict[str, tuple[Page, Entry]], tries: Counter[str], tell: Done
    ) -> None:  # fmt: skip
        """Execute pages, side by side but for those that may have seen what others did meanwhile: they come alone."""
        waiting = _longest_first(waiting)
        alone = [[page] for page in waiting if tries[page.name]]
        for pages in [[page for page in waiting if not tries[page.name]], *alone]:
            start = self._start_of(pages)
            outcomes = self._execute(pages, tell) if pages else {}
            for page in pages:
                self._settle(page, outcomes[page.name], start, settled, tries)

    def _start_of(self, pages: Iterable[Page]) -> Start:
        began, listed = time.time(), {folder: _listed(folder) for folder in self._folders}
        return Start(began, listed, {page.name: _named(page) for page in pages})

    def _settle(
        self, page: Page, outcome: Outcome, start: Start, settled: dict[str, tuple[Page, Entry]], tries: Counter[str]
    ) -> None:  # fmt: skip
        before = settled[page.name][1] if page.name in settled else None
        outcome = replace(outcome, reads=(*start.named[page.name], *outcome.reads))
        settled[page.name] = page, self._entry(page, outcome, start, before)
        tries[page.name] += 1

    def _entry(self, page: Page, outcome: Outcome, start: Start, before: Entry | None) -> Entry:
        """Return a result with what it depends on.

        What nobody looked at while the page ran is looked at now. If it has changed since the page's `start`, the
        page may have seen either state; if that happens again, it is the page itself that changes it.
        """
        reads = list(outcome.reads)
        if not outcome.is_traced and outcome.failure is None:  # nobody heard anything
            root, code = str(self._root), "\n".join(cell.source for cell in page.cells)
            reads += [Read("anything", root), Read("below", root), Read("variables", "")]
            reads += unheard.named(code, page.folder)
        left = {read.path for read in reads if read.aspect == "written"}
        found: dict[Read, str] = {}
        for read in reads:
            if read.found or read.key not in found:
                is_doubtful = not read.found and changed_since(read, start.time)
                if read.aspect == "below":  # a program may have asked for what another page wrote just then
                    is_doubtful = not _listed(read.path) - start.listed.get(read.path, set()) <= left
                is_own = before is not None and before.fingerprints.get(read.key) == UNSTEADY
                found[read.key] = read.found or (UNSTEADY if is_doubtful and not is_own else fingerprint(read))
        store = f"{self._store.folder}{os.sep}"  # what was read from there is no input of the report
        found = {
            read: said
            for read, said in found.items()
            if not read.path.startswith(store) and (read.aspect == "written" or read.path not in left)
        }
        return Entry(self._conditions(page), found, replace(outcome, reads=()))

    def _execute(self, pages: list[Page], done: Done) -> dict[str, Outcome]:
        slow = [page for page in pages if self._is_slow(page)]
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
        return outcomes

    def _is_slow(self, page: Page) -> bool:
        """Return whether a page needs a kernel of its own from the start."""
        return self._use_kernels or page.kernel != "python3" or bool(_hidden(page.folder))

    def _conditions(self, page: Page) -> dict[str, str]:
        # What was read has whole paths: in a copy of the report they lead to the files of the original.
        folders = "\0".join([page.folder, *self._folders])
        named = json.dumps([page.inputs, page.is_always])
        hidden = " ".join(_hidden(page.folder))
        return {"code": page.code, **self._common, "folders": folders, "hidden": hidden, "inputs": named}

    def _fitting(self, page: Page, known: Iterable[Entry], now: order.Look) -> Entry | None:
        return next((one for one in known if not self._differences(one, page, now)), None)

    def _differences(self, entry: Entry, page: Page, now: order.Look) -> list[str]:
        found = [
            SAID.get(name, f"{name} changed")
            for name, value in self._conditions(page).items()
            if entry.conditions.get(name) != value
        ]
        changed = [read for read, before in entry.fingerprints.items() if not order.is_as(read, before, now)]
        return list(dict.fromkeys(found + [self._said(read, entry.fingerprints[read], now(read)) for read in changed]))

    def _said(self, read: Read, before: str, after: str) -> str:
        path = Path(read.path)
        name = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)
        if read.aspect == "always":
            return "it is to be executed in every build"
        if read.aspect == "variables":
            return "a variable of the environment changed"
        if read.aspect in ("names", "below") and ABSENT not in (before, after):
            where = "below" if read.aspect == "below" else "in"
            return f"the list of files {where} {'the report' if name == '.' else name} changed"
        if before == ABSENT:
            return f"{name} appeared"
        what = f"{name}, which it wrote," if read.aspect == "written" else name
        return f"{what} vanished" if after == ABSENT else f"{what} changed"


SAID = {
    "code": "its code changed",
    "Python": "Python is another version",
    "packages": "the installed packages changed",
    "folders": "the report or its engine is in another folder",
    "hidden": "a file beside the page hides a package, or no longer does",
    "inputs": "what it names as its inputs changed",
}


def _longest_first(pages: Iterable[Page]) -> list[Page]:
    """Return pages so that what takes longest does not begin last, while other processors have nothing left to do."""
    return sorted(pages, key=lambda page: -sum(cell.is_executed for cell in page.cells))


def _named(page: Page) -> list[Read]:
    """Return what the page itself says that it depends on, and what is there now."""
    reads = [Read("always", page.name)] if page.is_always else []
    for said in page.inputs:
        if said.startswith("$"):
            reads.append(Read("variable", said[1:].strip("{}")))
        else:
            path = os.path.join(page.folder, os.path.expanduser(said))
            reads.append(Read("all", os.path.normpath(path)))
    return [Read(read.aspect, read.path, fingerprint(read)) for read in reads]


def _needs_kernel(outcome: Outcome) -> bool:
    return outcome.needs_kernel and not outcome.failure


def _hidden(folder: str) -> tuple[str, ...]:
    """Return the modules of Python or of packages that a file in the folder takes the place of when imported there."""
    here = list(Path(folder).iterdir())
    importable = {path.stem for path in here if path.suffix == ".py"}
    importable |= {path.name for path in here if (path / "__init__.py").exists()}
    return tuple(sorted(importable & environment.importable()))


def _listed(folder: str) -> set[str]:
    return set() if environment.is_environment(folder) else {str(path) for path in files_below(folder, hidden=True)}


def _digest(path: Path) -> str:
    return fingerprint(Read("content", str(path)))
