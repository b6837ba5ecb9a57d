"""A Sphinx extension of the tests: execution of pages and freshness without tables, charts and editions."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    from evidencebook.build import execution, freshness

    freshness.setup(app)
    execution.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
