"""What a build says of a page that failed: where, what, and its traceback in a file; and how it stops there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click
from myst_nb.core.execute import ExecutionError
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.logging import getLogger

from evidencebook.build.freshness import memory_of
from evidencebook.execution.page import Failure, Page

LOGGER = getLogger(__name__)


class Stopped(ExecutionError, SphinxError):  # type: ignore[misc]
    """A page failed, and the build is to stop there; Sphinx tells it without a traceback."""

    category = "Execution failed"


def tell(app: Sphinx, page: Page, failure: Failure, has_traceback: bool) -> None:
    """Warn of a failure at its line of the page; `has_traceback` shows the whole traceback there."""
    where = f"cell {failure.cell + 1}" + (f", line {failure.line}" if failure.line else "")
    line = page.cells[failure.cell].line if page.cells else 1
    location = (page.name, line + (failure.line or 1) - 1)
    shown = f"\n{failure.traceback}" if failure.traceback and has_traceback else ""
    report = f" (its traceback: {_report(app, page, failure)})" if failure.traceback else ""
    LOGGER.warning("%s: %s%s%s", where, failure.error, report, shown, type="mystnb", subtype="exec", location=location)


def forget(app: Sphinx) -> None:
    """Remove the tracebacks of builds before."""
    shutil.rmtree(_reports(app), ignore_errors=True)


def _report(app: Sphinx, page: Page, failure: Failure) -> str:
    """Write the traceback where MyST-NB does, and beside the editions: a failed build leaves none of its own."""
    name = f"{page.name}.err.log"
    for folder in (Path(app.outdir) / "reports", _reports(app)):
        with suppress(OSError):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(failure.traceback, "utf-8", "replace")
    return os.path.relpath(_reports(app) / name, app.srcdir)


def _reports(app: Sphinx) -> Path:
    memory = memory_of(app)
    return (memory.folder if memory else Path(app.outdir)).parent / "reports"


def stop(pages: Iterable[str]) -> None:
    """Stop the build if there are pages that must not fail."""
    names = ", ".join(pages)
    if names and click.get_current_context(silent=True):
        # Jupyter Book would end its command with the traceback of an exception, which tells an author nothing.
        raise SystemExit(1)
    if names:
        raise Stopped(names)
