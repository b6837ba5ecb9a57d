"""Sphinx extension: facts and sources in prose, tables of evidence, charts, and the print builder."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from evidencebook import __version__
from evidencebook.extension import (
    assets,
    cards,
    directives,
    domain,
    execution,
    export,
    figures,
    freshness,
    guard,
    ledger,
    pdf,
    roles,
    timing,
    typed,
)  # fmt: skip


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    parts = (
        freshness, execution, guard, domain, roles, directives, ledger, figures, assets, cards, export, pdf, timing,
        typed,
    )  # fmt: skip
    for part in parts:
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
