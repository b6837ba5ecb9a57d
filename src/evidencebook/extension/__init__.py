"""Sphinx extension: facts and sources in prose, tables of evidence, charts, and the print builder."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from evidencebook import __version__
from evidencebook.extension import assets, cards, directives, domain, export, figures, guard, ledger, pdf, roles, typed


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    for part in (guard, domain, roles, directives, ledger, figures, assets, cards, export, pdf, typed):
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
