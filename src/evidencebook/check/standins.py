"""What the check shows in place of a notebook's results, so that the names and captions of its figures are there."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
from myst_nb.core.execute.base import NotebookClientBase
from sphinx.application import Sphinx

from evidencebook.charts import MIME
from evidencebook.charts.figures import Figure, Table
from evidencebook.check.literals import FOLDER, module
from evidencebook.execution.clients import replace_clients
from evidencebook.pages.charts import NOTES, settings

# A chart that nobody has drawn; that it has a table tells it from what other libraries draw.
CHART = Figure("chart", table=Table((), ()))

DECORATOR = "figure"  # of evidencebook.charts


class StandIn(NotebookClientBase):  # type: ignore[misc]
    """Gives each cell that makes a figure something to show, so that its name and its caption are there."""

    drawing: frozenset[str]  # the functions that draw the charts of the report

    def start_client(self) -> None:
        """Put the stand-ins into the notebook."""
        for cell in self.notebook.cells:
            figure = settings(cell.metadata, self.nb_config.cell_metadata_key)
            if cell.cell_type == "code" and figure:
                is_chart = _called(cell["source"]) & self.drawing or NOTES.keys() & figure
                shown = {MIME: CHART.to_text()} if is_chart else {"text/plain": "figure"}
                cell["outputs"] = [nbformat.v4.new_output("display_data", shown)]  # type: ignore[no-untyped-call]
        self.notebook.metadata["language_info"] = nbformat.from_dict({"name": "python"})  # type: ignore[no-untyped-call]


def install(app: Sphinx) -> None:
    """Let the stand-ins be the results of all notebooks until this build has ended."""
    replace_clients(type("StandIn", (StandIn,), {"drawing": _functions(Path(app.srcdir))}))
    app.connect("build-finished", lambda *_: replace_clients(None))


def _functions(root: Path) -> frozenset[str]:
    """Return the names of the functions under `charts.figure` in the figure modules of the report in `root`."""
    return frozenset(
        node.name
        for path in (root / FOLDER).rglob("*.py")
        for node in ast.walk(module(path))
        if isinstance(node, ast.FunctionDef) and DECORATOR in {_last(one) for one in node.decorator_list}
    )


def _called(cell: str) -> set[str]:
    """Return the names of the functions that a cell calls, without the modules in which they are."""
    return {_last(node.func) for node in ast.walk(_tree(cell)) if isinstance(node, ast.Call)}


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _tree(source: str) -> ast.AST:
    """Return what can be read of the code of a cell, which may hold magics."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])
