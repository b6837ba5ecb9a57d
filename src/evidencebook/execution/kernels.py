"""Pages executed in Jupyter kernels, several at once: who starts a kernel, and how, is for its manager to say."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext, suppress
from itertools import groupby
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from evidencebook import ENGINE
from evidencebook.execution import ending
from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Failure, Outcome, Page, Ran
from evidencebook.writing import full_temporary_folder

# What the page's own kernel is told before its first cell, and asked after its last; neither is part of its history.
WATCH = """
import sys as _sys
_sys.path.insert(0, {engine!r})
from evidencebook.execution import imports as _imports, reads as _reads
_sys.path.pop(0)
_imports.import_from_source({project!r})
_sys.modules["evidencebook_recorder"] = _reads.Recorder()
_sys.modules["evidencebook_recorder"].follow(get_ipython().events)
del _imports, _reads, _sys
"""
TELL = """
import json as _json, sys as _sys
_recorder = _sys.modules.pop("evidencebook_recorder")
_recorder.__exit__()
_forked = _sys.modules.get("evidencebook.execution.kernel")
with open({path!r}, "w") as _file:
    _json.dump([_recorder.reads({project!r}), _forked.set_too_late() if _forked else []], _file)
"""
PRINTED, SHOWN = 2_000_000, 100_000_000  # letters that a cell may print, and that one output may have
CUT = "\n[Cut here: what a cell prints is kept up to {:,} letters.]\n"
TOO_LARGE = "[An output of {:,} letters is not kept: there may be {:,}.]"
NOBODY = "its process died without a word (killed, or a crash in a library)"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run(
    pages: Sequence[Page], project: tuple[str, ...], at_once: int, done: Callable[[Page, Outcome], None],
    environment: Mapping[str, str] | None = None, manager: Callable[[Page], AsyncKernelManager] | None = None,
) -> dict[str, Outcome]:  # fmt: skip
    """Return the outcome of each page by its name, and call `done` as they end; their kernels are gone by then."""

    async def all_of_them() -> dict[str, Outcome]:
        # A kernel waits for its client most of the time in which it starts and ends: another page may go on meanwhile.
        kernels, room = asyncio.Semaphore(at_once + 2), asyncio.Semaphore(at_once)

        async def one(page: Page) -> tuple[str, Outcome] | None:
            async with kernels:
                outcome = await _Execution(page, project, {**(environment or {}), **own}, manager or _plain).run(room)
            if outcome is None:
                return None
            done(page, outcome)
            return page.name, outcome

        return dict(filter(None, await asyncio.gather(*map(one, pages))))

    with tempfile.TemporaryDirectory(prefix="evidencebook-") as folder:
        own = {"IPYTHONDIR": folder} if "IPYTHONDIR" not in (environment or {}) else {}
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(all_of_them())
        with ThreadPoolExecutor(1) as thread:  # Sphinx was called by a program that has a loop of its own
            return thread.submit(asyncio.run, all_of_them()).result()


def _plain(page: Page) -> AsyncKernelManager:
    return AsyncKernelManager(kernel_name=page.kernel)


class Client(NotebookClient):
    """Takes what a kernel tells, up to a size that a page can bear."""

    _printed = 0
    _cell: int | None = None

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: Any, cell_index: int) -> Any:
        if self._cell != cell_index:
            self._cell, self._printed = cell_index, 0
        content = msg["content"]
        if msg["msg_type"] == "stream":
            left = PRINTED - self._printed
            if left < 0:
                return None
            self._printed += len(content["text"])
            if self._printed > PRINTED:
                content["text"] = content["text"][:left] + CUT.format(PRINTED)
        elif (size := sum(len(data) for data in content.get("data", {}).values() if isinstance(data, str))) > SHOWN:
            content["data"] = {"text/plain": TOO_LARGE.format(size, SHOWN)}
        return super().output(outs, msg, display_id, cell_index)


class _Execution:
    """One page and its kernel."""

    def __init__(
        self, page: Page, project: tuple[str, ...], environment: Mapping[str, str],
        manager: Callable[[Page], AsyncKernelManager],
    ) -> None:  # fmt: skip
        self._page, self._project = page, project
        self._environment = {**os.environ, "PYTHONHASHSEED": "0", **environment}
        self._is_traced = page.kernel.startswith("python")
        self._notebook = page.notebook()
        self._manager = manager(page)
        self._client = Client(self._notebook, self._manager, timeout=page.limit, record_timing=False)
        self._number = 0
        self._reads: list[Read] | None = None
        self._set_too_late: list[str] = []

    async def run(self, room: asyncio.Semaphore) -> Outcome | None:
        """Return what comes of the page; None if whoever starts kernels is gone."""
        started = time.monotonic()
        failure = None
        try:
            with tempfile.TemporaryDirectory() if self._page.in_temp else nullcontext(self._page.folder) as folder:
                async with self._kernel(folder):
                    if self._is_traced:
                        await self._aside(WATCH.format(engine=str(ENGINE.parent), project=self._project))
                    gone = folder if self._page.in_temp else None
                    try:
                        async with room:
                            started = time.monotonic()
                            await self._cells()
                    except CellExecutionError:
                        await self._tell(gone)  # what it missed may be there when others have written
                        raise
                    await self._tell(gone)
        except CellExecutionError as error:
            failure = self._failed(error)
        except CellTimeoutError:
            failure = Failure(self._number, None, f"it took longer than {self._page.limit:g} seconds and was stopped")
        except NoSuchKernel as error:
            failure = Failure(0, None, f"there is no kernel named {error.name!r} here")
        except (DeadKernelError, RuntimeError, OSError) as error:
            if getattr(self._manager, "is_gone", False):
                return None
            if isinstance(error, OSError):
                raise
            failure = Failure(self._number, None, _death() if isinstance(error, DeadKernelError) else str(error))
        known = self._notebook.metadata
        return Outcome(
            ran=tuple(Ran(cell.get("execution_count"), tuple(_tidied(cell.outputs))) for cell in self._notebook.cells),
            reads=tuple(self._reads or ()),
            seconds=time.monotonic() - started,
            failure=failure,
            needs_kernel=bool(self._set_too_late),
            metadata={name: known[name] for name in ("language_info", "widgets") if name in known},
            is_traced=self._reads is not None,
        )

    @asynccontextmanager
    async def _kernel(self, folder: str) -> AsyncIterator[None]:
        """Start the kernel, and have it end with all that it began: kindly when the page is done, else at once."""
        client = self._client
        is_done = False
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            await client.async_start_new_kernel(cwd=folder, env=self._environment, **quiet)
            await client.async_start_new_kernel_client()
            assert client.kc is not None
            told = await client.kc.kernel_info(reply=True)  # type: ignore[misc,call-arg]
            self._notebook.metadata["language_info"] = told["content"]["language_info"]
            yield
            is_done = True
        except CellExecutionError:
            is_done = True
            raise
        finally:
            group = getattr(self._manager.provisioner, "pid", None)
            begun = ending.family(group) if group else []
            if not is_done:
                ending.kill(begun, group)
            client.shutdown_kernel = "graceful" if is_done else "immediate"
            if client.km is not None:  # else it is cleaned up already, since it would not start
                await client._async_cleanup_kernel()
            ending.kill(begun, group)

    async def _cells(self) -> None:
        for number, (cell, node) in enumerate(zip(self._page.cells, self._notebook.cells, strict=True)):
            self._number = number
            if cell.may_fail:
                node.metadata["tags"] = ["raises-exception"]
            if cell.is_executed:
                await self._client.async_execute_cell(node, self._number)
        self._client.set_widgets_metadata()

    async def _aside(self, code: str) -> None:
        """Have the kernel run what is not of the page, and wait for its reply alone.

        What it shows may never come: a message that it could not send takes later ones with it.
        """
        client = self._client.kc
        assert client is not None
        asked = client.execute(code, silent=True, store_history=False, allow_stdin=False)
        started = time.monotonic()
        while True:
            with suppress(Empty):
                told = await client.get_shell_msg(timeout=1)  # type: ignore[attr-defined]
                if told["parent_header"].get("msg_id") == asked:
                    return
            if not await self._manager.is_alive():
                raise DeadKernelError
            if self._page.limit and time.monotonic() - started > self._page.limit:
                raise CellTimeoutError

    async def _tell(self, temporary: str | None) -> None:
        """Ask what the page looked at; its kernel may not say, as one that the page has meddled with."""
        if not self._is_traced:
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "told.json"
            await self._aside(TELL.format(path=str(path), project=self._project))
            with suppress(OSError, ValueError):
                reads, self._set_too_late = json.loads(path.read_text("utf-8"))
                self._reads = [Read(*read) for read in reads if not (temporary and read[1].startswith(temporary))]

    def _failed(self, error: CellExecutionError) -> Failure:
        """Return the failure of the cell; IPython names its own lines by its number."""
        cell = self._notebook.cells[self._number]
        count = cell.get("execution_count")
        lines = re.findall(rf"Cell In\[{count}\], line (\d+)(?!.*, in )", COLOURS.sub("", error.traceback))
        # What fails as its result is shown, as charts do, is told as an output, and the reply knows no name for it.
        told = next((one for one in reversed(cell.get("outputs", ())) if one.output_type == "error"), error)
        said = f"{told.ename}: {told.evalue}"
        return Failure(self._number, int(lines[-1]) if lines else None, said, error.traceback)


def _death() -> str:
    full = full_temporary_folder()
    return f"{NOBODY}: {full} is full - make room there, or name another folder in TMPDIR" if full else NOBODY


def _tidied(outputs: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """Join texts that follow each other, standard output first: when each is sent is for the kernel's clock to say.

    nbclient can do so too, but joins texts across what is displayed between them, and takes hours for long lines.
    """
    for is_text, some in groupby(outputs, lambda one: one.output_type == "stream"):
        if not is_text:
            yield from some
            continue
        texts: dict[str, NotebookNode] = {}
        for one in some:
            if one.name in texts:
                texts[one.name].text += one.text
            else:
                texts[one.name] = one
        for _, one in sorted(texts.items(), reverse=True):
            one.text = "\n".join(map(_overwritten, one.text.split("\n")))
            yield one


def _overwritten(line: str) -> str:
    """Return what is left to see of a line after its carriage returns, as of a progress bar."""
    end = "\r" if line.endswith("\r") else ""
    return line.removesuffix("\r").rpartition("\r")[2] + end
