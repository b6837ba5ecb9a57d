"""Execution of pages under MyST-NB: all at once before the pages are read, each only if what it saw has changed."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

import nbformat
import nbformat.v4
from myst_nb.core.config import NbParserConfig
from myst_nb.core.execute import NotebookClientBase
from myst_nb.core.nb_to_tokens import nb_node_to_dict
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from evidencebook import ENGINE
from evidencebook.build import failures
from evidencebook.build.freshness import REMEMBERED, RUNNER, TRACED, is_known_good, memory_of, results_of
from evidencebook.build.state import Kept
from evidencebook.execution import decisions
from evidencebook.execution.clients import replace_clients
from evidencebook.execution.decisions import Decision
from evidencebook.execution.environment import can_fork, processors
from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from evidencebook.execution.workers import AHEAD, DRAWERS, Workers
from evidencebook.folders import files_below

LOGGER = getLogger(__name__)
AHEAD_OF_PAGES = Kept[Workers]("workers")
MODES = ("force", "auto", "cache")  # MyST-NB's words for "execute"; here all mean: when needed


class Execution:
    """What one build executes: the runner, what came of the pages, and the decisions to tell about."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.folder = results_of(app)
        self._store = Store(self.folder)
        self._decisions: list[Decision] = []
        self._done: dict[str, tuple[Page, Outcome]] = {}
        self._lent: dict[str, Outcome] = {}
        self._waiting: list[Page] = []
        self._settings: dict[str, NbParserConfig] = {}
        self.runner = Runner(
            Path(app.srcdir), self._store, _folders(app), self._tell,
            workers=AHEAD_OF_PAGES.of(app), start=partial(_workers, app),
        )  # fmt: skip

    def prepare(self, _: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Collect the pages that may have to be executed, of those about to be read.

        Those that need not be executed are read first, while what has to be begins: Sphinx goes through the very list
        that it hands over.
        """
        self._waiting = [page for docname in sorted(docnames) if (page := self._page(env, docname)) is not None]
        self.runner.look(self._waiting)
        lacking = {page.name: self.runner.resting(page) is None for page in self._waiting}
        docnames.sort(key=lambda docname: (docname in lacking, lacking.get(docname), docname))

    def complete(self, _: Sphinx, env: BuildEnvironment) -> None:
        """Execute what has to be executed of the pages, all at once, and stop the build if a cell failed."""
        pages, self._waiting = self._waiting, []
        if not pages:
            return
        started = time.monotonic()
        failures.forget(self.app)
        self._execute(pages)
        executed = sum(decision.is_executed for decision in self._decisions)
        spent = time.monotonic() - started
        LOGGER.info("%d pages executed in %.1f s, %d unchanged", executed, spent, len(self._decisions) - executed)
        decisions.remember(self.folder, self._decisions, env.found_docs)
        self._stop_if_failed(self._done)

    def read_again(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Read pages again that others have had executed since, or that include what others have written."""
        wrote, stale = self.runner.wrote, set()
        for docname, names in sorted(env.dependencies.items()):
            paths = {os.path.normpath(os.path.join(app.srcdir, name)) for name in names}
            if docname in env.all_docs and not paths.isdisjoint(wrote):
                stale.add(docname)
        stale -= {name for name in self._done if name not in self._lent}
        stale |= {name for name, lent in self._lent.items() if self._done[name][1] is not lent}
        for docname in sorted(stale):
            app.emit("env-purge-doc", env, docname)
            env.clear_doc(docname)
            app.builder.read_doc(docname)

    def outcome(self, page: Page) -> Outcome:
        """Return what came of a page, executing it now if it was not known before.

        One that rested before others were executed is lent its result, and read again if that turns out to be another.
        """
        if self._waiting and (resting := self.runner.resting(page)):
            return self._lent.setdefault(page.name, resting)
        self.complete(self.app, self.app.env)
        known = self._done.get(page.name)
        if known is None or known[0].code != page.code:
            self._execute([page])
            self._stop_if_failed([page.name])
        return self._done[page.name][1]

    def finish(self, *_: Any) -> None:
        self.runner.close()

    def _execute(self, pages: list[Page]) -> None:
        outcomes = self.runner.run(pages)
        self._done.update({page.name: (page, outcomes[page.name]) for page in pages})
        for complaint in self._store.complaints:
            LOGGER.info("stored results: %s", complaint)
        self._store.complaints.clear()

    def _page(self, env: BuildEnvironment, docname: str) -> Page | None:
        """Return the code of a page; None if it has none, or is not to be executed."""
        path = Path(env.doc2path(docname))
        config: NbParserConfig = env.mystnb_config  # type: ignore[attr-defined]
        if any(PurePosixPath(path.as_posix()).match(p) for p in config.execution_excludepatterns):
            return None
        text = path.read_text("utf-8")
        reader = create_nb_reader(str(path), env.myst_config, config, text)  # type: ignore[attr-defined]
        if reader is None:
            return None
        notebook = reader.read(text)
        with suppress(Exception):  # MyST-NB reports settings that cannot be read when it reads the page
            config = config.copy(**nb_node_to_dict(notebook.metadata.get(config.metadata_key, {})))
        if config.execution_mode == "inline":  # by MyST-NB, and nobody sees what it reads
            self.runner.seen[Read("always", docname)] = ""
        if config.execution_mode not in MODES or (config.execution_mode == "auto" and _has_all_outputs(notebook)):
            return None
        self._settings[docname] = config
        _use_alias(notebook, config)
        return page_of(notebook, docname, path, config, text)

    def _tell(self, decision: Decision) -> None:
        self._decisions.append(decision)
        if decision.is_executed:
            reasons = "; ".join(decision.reasons[:3]) + ("; …" if len(decision.reasons) > 3 else "")
            LOGGER.info("%s: executed in %.2f s, because %s", decision.page, decision.seconds, reasons)

    def _stop_if_failed(self, names: Iterable[str]) -> None:
        failed = [
            (page, failure) for page, outcome in map(self._done.__getitem__, names) if (failure := outcome.failure)
        ]
        for page, failure in failed:
            failures.tell(self.app, page, failure, self._config(page).execution_show_tb)
        failures.stop(page.name for page, _ in failed if self._config(page).execution_raise_on_error)

    def _config(self, page: Page) -> NbParserConfig:
        return self._settings.get(page.name, self.app.env.mystnb_config)  # type: ignore[attr-defined]


def page_of(notebook: NotebookNode, docname: str, path: Path, config: NbParserConfig, text: str) -> Page:
    """Return the code of a notebook under the settings that hold for it."""
    limit = config.execution_timeout if config.execution_timeout and config.execution_timeout > 0 else None
    return Page.of(notebook, docname, path.parent, text, limit, config.execution_allow_errors, config.execution_in_temp)


def _has_all_outputs(notebook: NotebookNode) -> bool:
    """Return whether MyST-NB takes the stored results of a notebook in mode `auto`."""
    return all(cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def _use_alias(notebook: NotebookNode, config: NbParserConfig) -> None:
    """Put another kernel in the place of one, as MyST-NB does when it reads the page."""
    name = notebook.metadata.get("kernelspec", {}).get("name")
    for pattern, alias in (config.kernel_rgx_aliases if name else {}).items():
        if re.fullmatch(pattern, name):
            notebook.metadata["kernelspec"]["name"] = alias
            break


class Client(NotebookClientBase):  # type: ignore[misc]
    """Fills a notebook with results that are known when MyST-NB asks for them."""

    execution: Execution

    def start_client(self) -> None:
        """Put the results into the notebook."""
        assert self.path is not None
        docname = self.execution.app.env.path2doc(str(self.path)) or self.path.stem
        page = page_of(self.notebook, docname, self.path, self.nb_config, self.path.read_text("utf-8"))
        outcome = self.execution.outcome(page)
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        for cell, ran in zip(cells, outcome.ran, strict=True):
            cell["execution_count"] = ran.count
            cell["outputs"] = [nbformat.from_dict(dict(output)) for output in ran.outputs]  # type: ignore[no-untyped-call]
        self.notebook.metadata.update(nbformat.from_dict(dict(outcome.metadata)))  # type: ignore[no-untyped-call]
        self.exec_metadata = {
            "mtime": datetime.now().timestamp(),
            "runtime": outcome.seconds,
            "method": self.nb_config.execution_mode,
            "succeeded": outcome.failure is None,
            "error": outcome.failure.error if outcome.failure else None,
            "traceback": None,  # told already, with the page's line
        }


def prepare(app: Sphinx, config: Config) -> None:
    """Let MyST-NB get its results here; it offers no setting for that, only the names of its classes."""
    app.connect("build-finished", lambda *_: replace_clients(None))  # another build of this process may be another's
    if (memory := memory_of(app)) is None:
        return
    execution = again(app)
    if is_known_good(app):
        execution.runner.close()
    elif not memory.is_as_seen and processors() > 1:  # while tables are checked and other pages are read
        execution.runner.expect_work(drawers=1 if results_of(app).is_dir() else DRAWERS)
    app.connect("env-before-read-docs", execution.prepare)
    app.connect("env-updated", execution.complete, priority=1)
    app.connect("env-updated", execution.read_again, priority=2)
    app.connect("build-finished", execution.finish)


def again(app: Sphinx) -> Execution:
    """Return an execution for pages that are read again after the build, by workers that `start_ahead` has started."""
    execution = Execution(app)
    RUNNER.put(app, execution.runner)
    replace_clients(type("Client", (Client,), {"execution": execution}))
    return execution


def start_ahead(app: Sphinx) -> None:
    """Start the process for pages before it is known whether there are any to execute: it needs seconds to get ready.

    Not where it would take the only processor from this one.
    """
    if app.config.evidence_execution == TRACED and can_fork() and processors() > 1:
        AHEAD_OF_PAGES.put(app, _workers(app))


def _has_news(app: Sphinx) -> bool:
    """Return whether pages are likely to be executed: nothing is known of them, or a file that is no page is newer.

    What has changed indeed is looked at when all settings are known, which takes as long as it takes to get ready.
    """
    try:
        since = (Path(app.doctreedir) / REMEMBERED).stat().st_mtime
        files = (path for path in files_below(app.srcdir) if path.suffix not in app.registry.source_suffix)
        return any(path.lstat().st_mtime > since for path in files)
    except OSError:
        return True


def _workers(app: Sphinx) -> Workers:
    imported, ahead = app.config.evidence_imported_first, app.config.evidence_imported
    return Workers(_folders(app), results_of(app), imported=imported, ahead=ahead, draws=bool(imported))


def _folders(app: Sphinx) -> tuple[str, ...]:
    return (str(app.srcdir), str(ENGINE.parent))


def stop_on_termination(app: Sphinx) -> None:
    """Let a build that is told to end do so as by an error: its processes end, and its folders go.

    Not where somebody else listens, as a program that calls Sphinx may, nor in the processes that Sphinx forks.
    """
    builder = os.getpid()

    def stop(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() == builder:
            raise SystemExit(128 + number)
        os.kill(os.getpid(), number)

    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)
        app.connect("build-finished", lambda *_: signal.signal(signal.SIGTERM, signal.SIG_DFL), priority=1001)


def setup(app: Sphinx, imported: tuple[str, ...] = ()) -> None:
    """Have pages executed here; `imported` are modules that nearly every page needs, to be imported at once."""
    app.add_config_value("evidence_imported", list(AHEAD), "", types=(list, tuple))
    app.add_config_value("evidence_imported_first", imported, "", types=(list, tuple))
    stop_on_termination(app)
    if _has_news(app):
        start_ahead(app)
    app.connect("config-inited", prepare, priority=950)  # after the inputs have been looked at
