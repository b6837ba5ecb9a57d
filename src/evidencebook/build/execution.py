"""Execution of pages under MyST-NB: all at once before the pages are read, each only if what it saw has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import myst_nb.core.execute
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
from evidencebook.build.freshness import NEVER, TRACED, is_known_good, memory_of
from evidencebook.charts import MIME
from evidencebook.charts.figures import Figure, Table
from evidencebook.check import drawn
from evidencebook.execution import decisions
from evidencebook.execution.decisions import Decision
from evidencebook.execution.environment import can_fork, processors
from evidencebook.execution.page import Failure, Outcome, Page
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import Store
from evidencebook.execution.workers import Workers
from evidencebook.pages.charts import NOTES, settings

LOGGER = getLogger(__name__)
MODES = ("force", "auto", "cache")  # MyST-NB's words for "execute"; here all mean: when needed
CLIENTS = ("NotebookClientDirect", "NotebookClientCache")
# A chart that nobody has drawn; that it has a table tells it from what other libraries draw.
CHART = Figure("chart", table=Table((), ()))


class Execution:
    """What one build executes: the runner, what came of the pages, and the decisions to tell about."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.folder = _results(app)
        self._store = Store(self.folder)
        self._decisions: list[Decision] = []
        self._done: dict[str, tuple[Page, Outcome]] = {}
        self._waiting: list[Page] = []
        root = Path(app.srcdir)
        self.runner = Runner(
            root, self._store, _folders(app), self._tell, workers=getattr(app, "evidence_workers", None)
        )

    def prepare(self, _: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Collect the pages that may have to be executed, of those about to be read.

        Pages without code are read first, while the warm process is still importing: Sphinx goes through the very list
        that it hands over. Nothing is executed before, since the kernel tells that a file was opened and not by whom:
        a page would seem to have read whatever Sphinx reads meanwhile.
        """
        self._waiting = [page for docname in sorted(docnames) if (page := self._page(env, docname)) is not None]
        names = {page.name for page in self._waiting}
        docnames.sort(key=lambda docname: (docname in names, docname))

    def complete(self, _: Sphinx, env: BuildEnvironment) -> None:
        """Execute what has to be executed of the pages, all at once, and stop the build if a cell failed."""
        pages, self._waiting = self._waiting, []
        if not pages:
            return
        started = time.monotonic()
        self._execute(pages)
        executed = sum(decision.is_executed for decision in self._decisions)
        spent = time.monotonic() - started
        LOGGER.info("%d pages executed in %.1f s, %d unchanged", executed, spent, len(self._decisions) - executed)
        decisions.remember(self.folder, self._decisions, env.found_docs)
        self._stop_if_failed(self._done)

    def outcome(self, page: Page) -> Outcome:
        """Return what came of a page, executing it now if it was not known before."""
        self.complete(self.app, self.app.env)
        known = self._done.get(page.name)
        if known is None or known[0].code != page.code:
            self._execute([page])
            self._stop_if_failed([page.name])
        return self._done[page.name][1]

    def finish(self, *_: Any) -> None:
        """End all processes."""
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
        excluded = any(PurePosixPath(path.as_posix()).match(p) for p in config.execution_excludepatterns)
        if config.execution_mode not in MODES or excluded:
            return None
        text = path.read_text("utf-8")
        reader = create_nb_reader(str(path), env.myst_config, config, text)  # type: ignore[attr-defined]
        if reader is None:
            return None
        notebook = reader.read(text)
        with suppress(Exception):  # MyST-NB reports settings that cannot be read when it reads the page
            config = config.copy(**nb_node_to_dict(notebook.metadata.get(config.metadata_key, {})))
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
            self._complain(page, failure)
        if failed and self.app.config.nb_execution_raise_on_error:
            # Sphinx and Jupyter Book would wrap an exception in a traceback, which tells an author nothing.
            raise SystemExit(1)

    def _complain(self, page: Page, failure: Failure) -> None:
        cell = page.cells[failure.cell]
        where = f"cell {failure.cell + 1}" + (f", line {failure.line}" if failure.line else "")
        location = (page.name, cell.line + (failure.line or 1) - 1)
        shown = f"\n{failure.traceback}" if failure.traceback and self.app.config.nb_execution_show_tb else ""
        LOGGER.warning("%s: %s%s", where, failure.error, shown, type="mystnb", subtype="exec", location=location)


def page_of(notebook: NotebookNode, docname: str, path: Path, config: NbParserConfig, text: str) -> Page:
    """Return the code of a notebook under the settings that hold for it."""
    limit = config.execution_timeout if config.execution_timeout and config.execution_timeout > 0 else None
    return Page.of(notebook, docname, path.parent, text, limit, config.execution_allow_errors)


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
        for cell, ran in zip(cells, outcome.ran, strict=False):  # a page that was stopped has no results
            cell["execution_count"] = ran.count
            cell["outputs"] = [nbformat.from_dict(dict(output)) for output in ran.outputs]  # type: ignore[no-untyped-call]
        self.notebook.metadata["language_info"] = nbformat.from_dict(dict(outcome.language))  # type: ignore[no-untyped-call]
        self.exec_metadata = {
            "mtime": datetime.now().timestamp(),
            "runtime": outcome.seconds,
            "method": self.nb_config.execution_mode,
            "succeeded": outcome.failure is None,
            "error": outcome.failure.error if outcome.failure else None,
            "traceback": None,  # told already, with the page's line
        }


class StandIn(NotebookClientBase):  # type: ignore[misc]
    """Gives each cell that makes a figure something to show, so that its name and its caption are there."""

    drawing: frozenset[str]  # the functions that draw the charts of the report

    def start_client(self) -> None:
        """Put the stand-ins into the notebook."""
        for cell in self.notebook.cells:
            figure = settings(cell.metadata, self.nb_config.cell_metadata_key)
            if cell.cell_type == "code" and figure:
                is_chart = drawn.called(cell["source"]) & self.drawing or NOTES.keys() & figure
                shown = {MIME: CHART.to_json()} if is_chart else {"text/plain": "figure"}
                cell["outputs"] = [nbformat.v4.new_output("display_data", shown)]  # type: ignore[no-untyped-call]
        self.notebook.metadata["language_info"] = nbformat.from_dict({"name": "python"})  # type: ignore[no-untyped-call]


def prepare(app: Sphinx, config: Config) -> None:
    """Let MyST-NB get its results here; it offers no setting for that, only the names of its classes."""
    if config.evidence_execution == NEVER:
        _replace_clients(type("StandIn", (StandIn,), {"drawing": drawn.functions(Path(app.srcdir))}))
    if memory_of(app) is None:
        return
    execution = Execution(app)
    app.evidence_execution = execution  # type: ignore[attr-defined]
    _replace_clients(type("Client", (Client,), {"execution": execution}))
    if is_known_good(app):
        execution.runner.close()
    else:
        execution.runner.expect_work()
    app.connect("env-before-read-docs", execution.prepare)
    app.connect("env-updated", execution.complete, priority=1)
    app.connect("build-finished", execution.finish)


def _replace_clients(client: type) -> None:
    for name in CLIENTS:
        setattr(myst_nb.core.execute, name, client)


def start_ahead(app: Sphinx) -> None:
    """Start the process for pages before it is known whether there are any to execute: it needs seconds to get ready.

    Not where it would take the only processor from this one.
    """
    if app.config.evidence_execution == TRACED and can_fork() and processors() > 1:
        app.evidence_workers = Workers(_folders(app), _results(app))  # type: ignore[attr-defined]


def _folders(app: Sphinx) -> tuple[str, ...]:
    return (str(app.srcdir), str(ENGINE.parent))


def _results(app: Sphinx) -> Path:
    return Path(app.doctreedir) / decisions.FOLDER


def setup(app: Sphinx) -> None:
    start_ahead(app)
    app.connect("config-inited", prepare, priority=950)  # after the inputs have been looked at
