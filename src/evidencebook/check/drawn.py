"""Which cells of a page show a chart of the report, known from the code alone."""

from __future__ import annotations

import ast
from pathlib import Path

from evidencebook.check.literals import FOLDER, module

DECORATOR = "figure"  # of evidencebook.charts


def functions(root: Path) -> frozenset[str]:
    """Return the names of the functions under `charts.figure` in the figure modules of the report in `root`."""
    return frozenset(
        node.name
        for path in (root / FOLDER).rglob("*.py")
        for node in ast.walk(module(path))
        if isinstance(node, ast.FunctionDef) and DECORATOR in {_last(one) for one in node.decorator_list}
    )


def called(cell: str) -> set[str]:
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
