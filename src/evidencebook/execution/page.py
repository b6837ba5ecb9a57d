"""A page's code and what came of it, as plain data that travels between processes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat.v4
from nbformat import NotebookNode

from evidencebook.execution.inputs import Read

# As in nbclient, https://nbclient.readthedocs.io
SKIP, MAY_FAIL = "skip-execution", "raises-exception"


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, the line of the page where it starts, and whether an error is expected."""

    source: str
    line: int
    may_fail: bool = False

    @property
    def is_executed(self) -> bool:
        """Return whether there is anything to execute."""
        return bool(self.source.strip())


@dataclass(frozen=True)
class Page:
    """What is executed: cells in order, in a folder, each with at most `limit` seconds (None: no limit).

    With `in_temp` they are executed in a folder that is empty at first and then removed.
    `inputs` are what the page says that it depends on, beyond what is seen: paths, patterns, variables as `$NAME`. With
    `is_always` it is executed in every build.
    """

    name: str
    folder: str
    cells: tuple[Cell, ...]
    limit: float | None = None
    kernel: str = "python3"
    inputs: tuple[str, ...] = ()
    is_always: bool = False
    in_temp: bool = False

    def notebook(self) -> NotebookNode:
        """Return the cells as a notebook without results."""
        cells = [nbformat.v4.new_code_cell(cell.source) for cell in self.cells]  # type: ignore[no-untyped-call]
        notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
        return notebook

    @property
    def code(self) -> str:
        """Return a digest of what is executed; neither prose nor line numbers are in it."""
        said = [self.kernel, self.in_temp, [(cell.source, cell.may_fail) for cell in self.cells]]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @classmethod
    def of(
        cls, notebook: NotebookNode, name: str, folder: Path, text: str = "", limit: float | None = None,
        allow_errors: bool = False, in_temp: bool = False,
    ) -> Page:  # fmt: skip
        """Return the code of a notebook, as MyST-NB reads it from `text`; its `source_map` says where cells begin."""
        starts = notebook.metadata.get("source_map") or [0] * len(notebook.cells)
        lines = text.splitlines()
        own = notebook.metadata.get("execution", {})  # as jupyter-cache reads it
        allow_errors = own.get("allow_errors", allow_errors)
        cells = []
        for cell, start in zip(notebook.cells, starts, strict=True):
            if cell.cell_type == "code":
                tags = cell.metadata.get("tags", [])
                line = _line_of(cell.source, lines, start)
                cells.append(Cell("" if SKIP in tags else cell.source, line, allow_errors or MAY_FAIL in tags))
        kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
        said = notebook.metadata.get("evidence", {})
        inputs, is_always = tuple(map(str, said.get("inputs", ()))), bool(said.get("always", False))
        return cls(name, str(folder), tuple(cells), own.get("timeout", limit), kernel, inputs, is_always, in_temp)


def _line_of(source: str, lines: list[str], start: int) -> int:
    """Return the line, from 1, where a cell's first line of code stands at or after the line where the cell begins."""
    wanted = source.splitlines()
    for index in range(start, len(lines) - len(wanted) + 1):
        if [line.strip() for line in lines[index : index + len(wanted)]] == [line.strip() for line in wanted]:
            return index + 1
    return start + 1


@dataclass(frozen=True)
class Ran:
    """A cell's results: its number among the executed cells (None if it was not), and nbformat outputs."""

    count: int | None
    outputs: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Failure:
    """The error that stopped a page: in which cell (from 0), in which of its lines if known, and what it says."""

    cell: int
    line: int | None
    error: str
    traceback: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of executing a page: results of its code cells, what it looked at, and how long it took.

    `metadata` belongs to the notebook: what a kernel says of its language, and the state of widgets. `needs_kernel`
    says that the page has set up what had been imported already, so that only a kernel of its own gives its results.
    Without `is_traced` nobody knows what it looked at, and the outcome holds for this build only; `is_heard` says that
    Python told of all of it, so that it does not matter what others open meanwhile.
    """

    ran: tuple[Ran, ...]
    reads: tuple[Read, ...]
    seconds: float
    failure: Failure | None = None
    needs_kernel: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    is_traced: bool = True
    is_heard: bool = False

    def to_data(self) -> dict[str, Any]:
        """Return the outcome as what JSON can hold; the outputs are large, and nothing of them is copied."""
        return {
            **vars(self),
            "ran": [vars(one) for one in self.ran],
            "failure": asdict(self.failure) if self.failure else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Outcome:
        """Return the outcome of which `to_data` told."""
        return cls(
            ran=tuple(Ran(one["count"], tuple(one["outputs"])) for one in data["ran"]),
            reads=tuple(Read(*read) for read in data["reads"]),
            seconds=data["seconds"],
            failure=Failure(**data["failure"]) if data["failure"] else None,
            needs_kernel=data["needs_kernel"],
            metadata=data["metadata"],
            is_traced=data["is_traced"],
            is_heard=data["is_heard"],
        )
