"""What keeps a wrong book from being built: tables are checked first, and what pages may not hold fails the build."""

from __future__ import annotations

import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

from evidencebook.build.freshness import NEVER, is_known_good
from evidencebook.check import anchors, checking, prose, quotations, typed
from evidencebook.folders import is_base
from evidencebook.pages import refusals
from evidencebook.pages.domain import domain_of
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables import dictionary
from evidencebook.tables.problems import lines

LOGGER = getLogger(__name__)


def check_first(app: Sphinx) -> None:
    """Stop before anything is built when tables or pages hold a problem, and list all problems."""
    if wrong := anchors.unusable_texts():
        print(f"{wrong}; nothing was built.", file=sys.stderr)
        raise SystemExit(1)
    # The very same inputs have been checked, or are being checked by whoever asks what pages hold.
    root = Path(app.srcdir)
    if is_known_good(app) or app.config.evidence_execution == NEVER or is_base(root):
        return
    report = checking.check(root, anchors.texts_dir(root))
    if report.problems:
        for line in lines(report.problems):
            print(line, file=sys.stderr)
        count = len(report.problems)
        print(f"{count} problem{'s' * (count != 1)} in tables and pages; nothing was built.", file=sys.stderr)
        # Sphinx and Jupyter Book would wrap an exception in a traceback, which tells a curator nothing.
        raise SystemExit(1)


def fail_if_refused(app: Sphinx, error: Exception | None) -> None:
    """End the build with a failure when a page holds something that was refused."""
    refused = sum(domain_of(app.env).data["refused"].values()) if error is None else 0
    if refused and app.config.evidence_execution != NEVER and not is_base(Path(app.srcdir)):
        faults = "1 fault" if refused == 1 else f"{refused} faults"
        LOGGER.error("%s in pages, told above: nothing of this may be published, and no edition is made.", faults)
        app.statuscode = 1


def refuse_untraced(app: Sphinx, tree: nodes.document) -> None:
    """Refuse every measured value that was typed into the page."""
    root = Path(app.srcdir)
    suggestions = typed.suggestions(root, domain_of(app.env).evidence)
    for one in prose.untraced(tree, suggestions, app.config[typed.NAMING], [root / dictionary.LABEL]):
        where = f"cell {one.cell}: " if one.cell else ""
        message = f'{where}untraced number "{one.phrase.text}" - {one.remedy}'
        refusals.refuse(app.env, message, Subtype.UNTRACED, location=f"{one.file}:{one.line or ''}")


def refuse_misquoted(app: Sphinx, tree: nodes.document) -> None:
    """Refuse every quotation that is too long, or whose words do not stand in its passage, where that is at hand."""
    if quoted := quotations.found(tree):
        passages = quotations.Passages(domain_of(app.env).evidence, anchors.texts_dir(Path(app.srcdir)))
        for node in quoted:
            if message := quotations.fault(node, passages):
                refusals.refuse(app.env, message, Subtype.QUOTE, location=node)


def setup(app: Sphinx) -> None:
    """Register the checks, and the words after which a report's own numbers are names."""
    app.add_config_value(typed.NAMING, [], "env", [list])
    app.connect("builder-inited", check_first, priority=50)  # before anything is written
    app.connect("doctree-read", refuse_untraced)
    app.connect("doctree-read", refuse_misquoted)
    app.connect("build-finished", fail_if_refused)
