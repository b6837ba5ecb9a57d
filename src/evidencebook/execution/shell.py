"""One page executed in this process, by the code that ipykernel itself runs, without a kernel around it."""

from __future__ import annotations

import builtins
import io
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, TextIO

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from evidencebook.charts import plain
from evidencebook.execution.imports import import_from_source
from evidencebook.execution.page import Failure, Outcome, Page, Ran
from evidencebook.execution.reads import Recorder

Message = dict[str, Any]


class Messages(Session):
    """A session that hands every message to `heard` instead of sending it."""

    heard: Callable[[Message], None]

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> Any:
        """Hand over a message given as a whole or as type and content."""
        told = message(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        if isinstance(data := told["content"].get("data"), dict):  # as on its way to a notebook: bytes become text
            told["content"]["data"] = json.loads(json.dumps(data, default=json_default))
        self.heard({**told, "parent_header": {}})
        return told


def message(kind: str, content: Any) -> Message:
    """Return a kernel's message, https://jupyter-client.readthedocs.io/en/stable/messaging.html."""
    return {
        "msg_type": kind,
        "header": {"msg_type": kind},
        "parent_header": {},
        "content": content or {},
        "metadata": {},
    }


class Stream(io.TextIOBase):
    """Standard output or error of a cell, told in messages as a kernel does."""

    def __init__(self, name: str, heard: Callable[[Message], None], descriptor: int) -> None:
        self._name, self._heard, self._descriptor = name, heard, descriptor

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Return the encoding that a kernel's streams have."""
        return "UTF-8"

    def write(self, text: str) -> int:
        """Tell of the text at once."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._heard(message("stream", {"name": self._name, "text": text}))
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        """Return the descriptor to which programs that the page starts may write."""
        return self._descriptor


def execute(page: Page, recorder: Recorder, project: tuple[str, ...], cell_starts: Callable[[int], None]) -> Outcome:
    """Return what came of the page; this process is not fit for another one afterwards.

    `project` names the folders whose modules count as read; `cell_starts` is called with each cell's number.
    """
    started = time.monotonic()
    os.chdir(page.folder)
    import_from_source(project)
    notebook = page.notebook()
    cells = notebook.cells
    client = NotebookClient(notebook, coalesce_streams=True)
    shell, hear_for = _new_shell(client)
    failure = None
    for number, (cell, node) in enumerate(zip(page.cells, cells, strict=True)):
        if not cell.is_executed:
            continue
        cell_starts(number)
        hear_for(node, number)
        with _descriptors(), recorder:
            result = shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
        node["execution_count"] = result.execution_count
        if not result.success and not cell.may_fail:
            failure = _failure(result, node, number)
            break
    _coalesce(cells)
    return Outcome(
        ran=tuple(Ran(node.get("execution_count"), tuple(node.outputs)) for node in cells),
        reads=tuple(recorder.reads(project)),
        seconds=time.monotonic() - started,
        failure=failure,
        needs_kernel="ipywidgets" in sys.modules,
        language=IPythonKernel.language_info,
    )


def _new_shell(client: NotebookClient) -> tuple[ZMQInteractiveShell, Callable[[NotebookNode, int], None]]:
    current: list[Any] = [None, 0]

    def heard(told: Message) -> None:
        if current[0] is not None:  # before the first cell there is nobody to show it to
            # nbclient's own reading of a kernel's messages: clearing, display ids, outputs.
            client.process_message(told, *current)

    def hear_for(node: NotebookNode, number: int) -> None:
        current[:] = node, number
        client.clear_before_next_output = False

    config = Config()
    config.HistoryManager.enabled = False  # a database in the home folder, shared by all kernels
    sys.path[0:0] = [""]
    shell = ZMQInteractiveShell.instance(config=config, user_module=None)
    plain.show_in(shell)
    session = Messages()
    session.heard = heard
    for teller in (shell.displayhook, shell.display_pub):
        teller.session = session  # type: ignore[union-attr]
    sys.stdout, sys.stderr = Stream("stdout", heard, 1), Stream("stderr", heard, 2)

    def refuse(*_: Any, **__: Any) -> str:
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )  # as a kernel says it

    builtins.input = refuse
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return shell, hear_for


@contextmanager
def _descriptors() -> Iterator[None]:
    # What libraries and other programs write past Python's streams belongs to the cell too.
    with ExitStack() as ended:
        for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
            file = ended.enter_context(tempfile.TemporaryFile())
            ended.callback(_tell, file, stream)
            before = os.dup(descriptor)
            ended.callback(os.close, before)
            ended.callback(os.dup2, before, descriptor)
            os.dup2(file.fileno(), descriptor)
        yield


def _tell(file: IO[bytes], stream: TextIO) -> None:
    file.seek(0)
    stream.write(file.read().decode("utf-8", "replace"))


def _coalesce(cells: list[NotebookNode]) -> None:
    """Join neighbouring texts of the same stream, which arrive in as many pieces as there were writes."""
    for cell in cells:
        joined: list[NotebookNode] = []
        for output in cell.outputs:
            last = joined[-1] if joined else None
            if last and output.output_type == last.output_type == "stream" and output.name == last.name:
                last.text += output.text
            else:
                joined.append(output)
        cell.outputs = joined


def _failure(result: ExecutionResult, node: NotebookNode, number: int) -> Failure:
    error = result.error_before_exec or result.error_in_exec
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    walked = error.__traceback__ if error is not None else None
    while walked is not None:
        # The cell's own frame carries the only name that IPython made for it.
        if walked.tb_frame.f_globals.get("__name__") == "__main__" and walked.tb_frame.f_code.co_name == "<module>":
            line = walked.tb_lineno
        walked = walked.tb_next
    told = next((one for one in node.outputs if one.output_type == "error"), None)
    said = f"{type(error).__name__}: {error}" if error is not None else "the cell failed"
    return Failure(number, line, said, "\n".join(told.traceback) if told else "")
