"""What a build says of a page that failed: where, what, and its traceback in a file; and how it stops there."""

from __future__ import annotations

import os
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


def _report(app: Sphinx, page: Page, failure: Failure) -> str:
    """Write the traceback where MyST-NB does, and into the edition that stands, which a failed build leaves there."""
    memory = memory_of(app)
    last = memory.folder if memory else Path(app.outdir)
    name = Path("reports", f"{page.name}.err.log")
    for folder in {Path(app.outdir), last}:
        with suppress(OSError):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(failure.traceback, "utf-8", "replace")
    return os.path.relpath(last / name, app.srcdir)


def stop(pages: Iterable[str]) -> None:
    """Stop the build if there are pages that must not fail."""
    names = ", ".join(pages)
    if names and click.get_current_context(silent=True):
        # Jupyter Book would end its command with the traceback of an exception, which tells an author nothing.
        raise SystemExit(1)
    if names:
        raise Stopped(names)
