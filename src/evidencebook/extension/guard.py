"""What keeps a wrong book from being built: tables are checked first, and refused facts fail the build."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from evidencebook import anchors, checking
from evidencebook.extension.domain import domain_of
from evidencebook.extension.freshness import NEVER, is_known_good

LOGGER = getLogger(__name__)


def refuse(env: BuildEnvironment, message: str, subtype: str, location: Any, docname: str = "") -> None:
    """Report something that must not be published, at its place; the build finds the others first, then fails.

    `docname` names the page where none is being read.
    """
    domain_of(env).note_refusal(docname or env.docname)
    LOGGER.warning(message, type="evidence", subtype=subtype, location=location)


def did_you_mean(suggestions: Iterable[str]) -> str:
    """Return the nearest known ids as the end of a message, or nothing."""
    names = list(suggestions)
    return f" - did you mean {', '.join(names)}?" if names else ""


def check_first(app: Sphinx) -> None:
    """Stop before anything is built when tables or pages hold a problem, and list all problems."""
    if wrong := anchors.unusable_texts():
        print(f"{wrong}; nothing was built.", file=sys.stderr)
        raise SystemExit(1)
    # The very same inputs have been checked, or are being checked by whoever asks what pages hold.
    if is_known_good(app) or app.config.evidence_execution == NEVER:
        return
    root = Path(app.srcdir)
    report = checking.check(root, anchors.texts_dir(root))
    if report.problems:
        for problem in report.problems:
            print(problem, file=sys.stderr)
        count = len(report.problems)
        print(f"{count} problem{'s' * (count != 1)} in tables and pages; nothing was built.", file=sys.stderr)
        # Sphinx and Jupyter Book would wrap an exception in a traceback, which tells a curator nothing.
        raise SystemExit(1)


def fail_if_refused(app: Sphinx, error: Exception | None) -> None:
    """End the build with a failure when a page holds something that was refused."""
    refused = sum(domain_of(app.env).data["refused"].values()) if error is None else 0
    if refused and app.config.evidence_execution != NEVER:
        faults = "1 fault" if refused == 1 else f"{refused} faults"
        LOGGER.error("%s in pages, told above: nothing of this may be published, and no edition is made.", faults)
        app.statuscode = 1


def setup(app: Sphinx) -> None:
    """Register the checks."""
    app.connect("builder-inited", check_first, priority=50)  # before anything is written
    app.connect("build-finished", fail_if_refused)
