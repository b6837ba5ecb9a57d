"""Small notebooks for a comparison with a real kernel: how they are written down, run and made comparable.

`tests/notebooks/*.txt` hold them. A line `=== name` begins one, `---` parts its cells. Those of a file are run one
after the other in one kernel, as a single page; those of a name in ALONE each in a kernel of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat.v4
from nbclient import NotebookClient

from evidencebook.execution.page import Cell, Outcome, Page

FOLDER = Path(__file__).parent / "notebooks"
ALONE = {"alone"}
AT_ONCE = 2

LONG = 2000  # letters of a line, such as a picture's, in which nothing differs and patterns would look for hours
# What differs between two runs of one and the same kernel.
DIFFERS = (
    (re.compile(r"0x[0-9a-f]{6,}"), "ADDRESS"),
    (re.compile(r"[^\s(\"']*ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|ipykernel_\d+"), "CELL"),
    (re.compile(r"\b\d+(\.\d+)?(e[+-]?\d+)? ?(ns|µs|μs|us|ms|s)\b( ± .*)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"(Thread-|process |Process-|PID |pid )\d+"), "NUMBER"),
    (re.compile(r"\S*/(ours|theirs)/"), "FOLDER/"),
    # A page that may have seen what others wrote meanwhile is executed again, and finds its own files.
    (re.compile(r"^Overwriting (?=\S+$)"), "Writing "),
    (re.compile(r"<dc:date>.*?</dc:date>"), "DATE"),
    (re.compile(r"File \S*/lib/python3\.\d+/"), "File LIB/"),
)


@dataclass(frozen=True)
class Case:
    """A notebook: where it is written down, its name and its cells."""

    file: str
    name: str
    cells: tuple[str, ...]

    @property
    def page(self) -> str:
        """Return the name of the page in which it is run."""
        return f"{self.file}-{re.sub(r'[^a-z]+', '-', self.name.lower())}" if self.file in ALONE else self.file


def cases() -> list[Case]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, text = part.partition("\n")
            cells = re.split(r"^---\n", text, flags=re.MULTILINE)
            found.append(Case(path.stem, name, tuple(cell.rstrip("\n") for cell in cells)))
    return found


def pages(found: Sequence[Case], folder: Path) -> list[Page]:
    """Return the pages of the cases, each in a folder of its own below the given one; every cell may fail."""
    made = []
    for name in dict.fromkeys(case.page for case in found):
        (folder / name).mkdir(parents=True)
        sources = [cell for case in found if case.page == name for cell in case.cells]
        cells = tuple(Cell(source, number, may_fail=True) for number, source in enumerate(sources, 1))
        made.append(Page(name, str(folder / name), cells, 120))
    return made


def of_cases(found: Sequence[Case], by_page: Mapping[str, Sequence[Any]]) -> dict[tuple[str, str], list[Any]]:
    """Return the part of each case in what came of the pages, cell by cell."""
    left = {name: list(cells) for name, cells in by_page.items()}
    parts = {}
    for case in found:
        mine = left[case.page]
        parts[case.file, case.name], left[case.page] = mine[: len(case.cells)], mine[len(case.cells) :]
    return parts


def shown(outcome: Outcome) -> list[Any]:
    """Return what came of each cell of a page, as the kernel's results are given."""
    found: list[Any] = [[ran.count, comparable(ran.outputs)] for ran in outcome.ran]
    return [*found, outcome.failure.error] if outcome.failure else found


def comparable(outputs: Sequence[Mapping[str, Any]]) -> Any:
    """Return outputs without what differs between two runs of the same kernel."""
    return _without(_joined(json.loads(json.dumps(outputs))))


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join texts between two displays, as frontends do: when a kernel sends them depends on its clock."""
    found: list[dict[str, Any]] = []
    for is_text, some in groupby(outputs, lambda one: one["output_type"] == "stream"):
        kept = list(some)
        for name in ("stdout", "stderr") if is_text else ():
            text = "".join(one["text"] for one in kept if one["name"] == name)
            if text:
                # As frontends show what is written over.
                text = re.sub(r"[^\n]*\r(?=[^\n])", "", text) if "\r" in text else text
                found.append({"output_type": "stream", "name": name, "text": text})
        found += [] if is_text else kept
    return found


def _without(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, word in DIFFERS:
            value = "".join(pattern.sub(word, one) if len(one) < LONG else one for one in value.splitlines(True))
        # nbformat knows no lone surrogates, and no edition could hold them.
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_without(one) for one in value]
    if isinstance(value, dict):
        return {key: _without(one) for key, one in value.items()}
    return value


def in_kernels(found: Sequence[Page]) -> dict[str, list[Any]]:
    """Return what real kernels give for the pages, run by nbclient alone."""
    return asyncio.run(_in_kernels(found))


async def _in_kernels(found: Sequence[Page]) -> dict[str, list[Any]]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(page: Page) -> tuple[str, list[Any]]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.source) for cell in page.cells])
        client = NotebookClient(
            notebook, timeout=120, kernel_name="python3", allow_errors=True, record_timing=False,
            resources={"metadata": {"path": page.folder}},
        )  # fmt: skip
        async with room:
            await client.async_execute(env={**os.environ, "PYTHONHASHSEED": "0", "TZ": "UTC"})
        return page.name, [[cell.execution_count, comparable(cell.outputs)] for cell in notebook.cells]

    return dict(await asyncio.gather(*map(one, found)))
