"""Pages executed in real Jupyter kernels, several at once: where forking is not safe, or a page needs a frontend."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from evidencebook import ENGINE
from evidencebook.execution.page import Failure, Outcome, Page, Ran
from evidencebook.execution.reads import Read

# What the page's own kernel is told before its first cell, and asked after its last; neither is part of its history.
WATCH = """
import sys as _sys
_sys.path.insert(0, {engine!r})
from evidencebook.charts import plain as _plain
from evidencebook.execution import imports as _imports, reads as _reads
_sys.path.pop(0)
_imports.import_from_source({project!r})
_sys.modules["evidencebook_recorder"] = _reads.Recorder()
_sys.modules["evidencebook_recorder"].follow(get_ipython().events)
_plain.show_in(get_ipython())
del _imports, _plain, _reads, _sys
"""
TELL = """
import json as _json, sys as _sys
_recorder = _sys.modules.pop("evidencebook_recorder")
_recorder.__exit__()
with open({path!r}, "w") as _file:
    _json.dump(_recorder.reads({project!r}), _file)
"""


def run(
    pages: Sequence[Page], project: tuple[str, ...], at_once: int, done: Callable[[Page, Outcome], None],
    environment: Mapping[str, str] | None = None,
) -> dict[str, Outcome]:  # fmt: skip
    """Return the outcome of each page by its name, and call `done` as they end."""

    async def all_of_them() -> dict[str, Outcome]:
        room = asyncio.Semaphore(at_once)

        async def one(page: Page) -> tuple[str, Outcome]:
            async with room:
                outcome = await _execute(page, project, environment or {})
            done(page, outcome)
            return page.name, outcome

        return dict(await asyncio.gather(*map(one, pages)))

    return asyncio.run(all_of_them())


async def _execute(page: Page, project: tuple[str, ...], environment: Mapping[str, str]) -> Outcome:
    started = time.monotonic()
    notebook = page.notebook()
    cells = notebook.cells
    client = NotebookClient(
        notebook,
        timeout=page.limit,
        kernel_name=page.kernel,
        resources={"metadata": {"path": page.folder}},
        record_timing=False,
        coalesce_streams=True,
    )
    failure = None
    reads: list[Read] | None = None
    language: Mapping[str, Any] = {}
    number = 0
    try:
        async with client.async_setup_kernel(env={**os.environ, "PYTHONHASHSEED": "0", **environment}):
            language = await _language(client)
            if is_python := page.kernel.startswith("python"):
                await _aside(client, WATCH.format(engine=str(ENGINE.parent), project=project))
            for number, (cell, node) in enumerate(zip(page.cells, cells, strict=True)):
                if cell.may_fail:
                    node.metadata["tags"] = ["raises-exception"]
                if cell.is_executed:
                    await client.async_execute_cell(node, number)
            if is_python:
                reads = await _reads(client, project)
    except CellExecutionError as error:
        failure = Failure(number, None, f"{error.ename}: {error.evalue}", error.traceback)
    except CellTimeoutError:
        failure = Failure(number, None, f"it took longer than {page.limit:g} seconds and was stopped")
    except DeadKernelError:
        failure = Failure(number, None, "its process died without a word (killed, or a crash in a library)")
    ran = tuple(Ran(node.get("execution_count"), tuple(node.outputs)) for node in cells)
    seconds = time.monotonic() - started
    return Outcome(ran, tuple(reads or ()), seconds, failure, language=language, is_traced=reads is not None)


async def _aside(client: NotebookClient, code: str) -> None:
    assert client.kc is not None
    ask = client.kc.execute_interactive  # type: ignore[attr-defined]
    await ask(code, silent=True, store_history=False, allow_stdin=False)


async def _language(client: NotebookClient) -> Mapping[str, Any]:
    assert client.kc is not None
    told = await client.kc.kernel_info(reply=True)  # type: ignore[misc,call-arg]
    language: Mapping[str, Any] = told["content"]["language_info"]
    return language


async def _reads(client: NotebookClient, project: tuple[str, ...]) -> list[Read] | None:
    """Return what the page looked at; None if its kernel does not say, as one that the page has meddled with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reads.json"
        await _aside(client, TELL.format(path=str(path), project=project))
        with suppress(OSError, ValueError):
            return [Read(*read) for read in json.loads(path.read_text("utf-8"))]
    return None
