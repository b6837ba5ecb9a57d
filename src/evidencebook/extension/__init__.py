"""Sphinx extension: facts and sources in prose, tables of evidence, charts, and the print builder."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import console

from evidencebook import __version__

# What starts early comes first: the process for pages imports its libraries while this one imports the other parts.
PARTS = (
    "freshness", "execution", "garbage", "guard", "domain", "roles", "directives", "uses", "ledger", "parts", "figures",
    "below", "assets", "cards", "export", "markup", "pdf", "latex", "epub", "terms", "timing", "typed", "web",
    "lending", "writing", "private", "templates", "links",
)  # fmt: skip


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    if not console.color_terminal():
        console.nocolor()  # Sphinx settles it in its own command only, and Jupyter Book is another
    for part in PARTS:
        import_module(f"{__name__}.{part}").setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
