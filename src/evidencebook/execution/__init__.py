"""Pages executed as the notebooks that they are: never without need, never stale, several at once.

As a Sphinx extension it is all that a Jupyter Book needs for that: no tables, charts or theme of this engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Have the pages of a book executed here, unless the whole engine does so already."""
    if "evidence_execution" not in app.config:
        from evidencebook.build import execution, freshness, machine

        machine.setup(app)
        freshness.setup(app)
        with machine.plainly(app):
            execution.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
