"""A process that has imported what pages import, and forks a child of itself for each page, which becomes its kernel.

It reads orders from its standard input and answers on its standard output, one JSON object a line: `{"import": names}`
(without an answer), `{"fork": {"command", "environment", "folder"}}` gives `{"process"}`, `{"poll": process}` gives
`{"status"}` (null while it is alive), and `{"end": process}` gives `{"opened"}`: the files of the report that were
opened by anybody since it was forked. The end of its input, and so of whoever started it, ends it and all that it
began.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import ipykernel_launcher  # type: ignore[import-untyped] # noqa: F401 - where a kernel's command line says that it begins

from evidencebook.execution import kernel
from evidencebook.execution.ending import end_children
from evidencebook.execution.imports import import_from_source
from evidencebook.execution.watch import Watch

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Child:
    """A page's kernel: its exit status, once it has one, and what was opened by anybody meanwhile."""

    status: int | None = None
    opened: set[str] = field(default_factory=set)


class Server:
    """Forks kernels as it is told; `project` are the folders whose modules count as read by a page."""

    def __init__(self, project: tuple[str, ...], imported: Sequence[str]) -> None:
        self._project = project
        self._watch = Watch(project)
        self._children: dict[int, Child] = {}
        self._import(imported)
        # Charts are built of very many small objects, which live as long as the page.
        gc.set_threshold(200_000, 20, 100)

    def note_opened(self) -> None:
        """Count what was opened lately as opened while each of the living children ran."""
        if opened := self._watch.opened():
            for child in self._children.values():
                child.opened |= opened

    @property
    def watched(self) -> int | None:
        """Return what to wait for until there is something to note."""
        return self._watch.descriptor

    def obey(self, order: dict[str, Any]) -> dict[str, Any] | None:
        """Carry out an order, and return the answer."""
        if "import" in order:
            self._import(order["import"])
            return None
        if "fork" in order:
            return {"process": self._fork(**order["fork"])}
        if "poll" in order:
            return {"status": self._poll(order["poll"])}
        self.note_opened()
        self._poll(order["end"])
        return {"opened": sorted(self._children.pop(order["end"]).opened)}

    def _import(self, names: Sequence[str]) -> None:
        def imports() -> None:
            for name in names:
                with suppress(Exception):  # the page that imports it will say what is wrong
                    importlib.import_module(name)

        kernel.import_ahead(imports)
        gc.freeze()  # https://docs.python.org/3/library/gc.html#gc.freeze: before forking, keeps memory shared

    def _fork(self, command: list[str], environment: dict[str, str], folder: str) -> int:
        self.note_opened()
        sys.stdout.flush()
        process = os.fork()
        if process:
            self._children[process] = Child()
            return process
        return self._be_kernel(command, environment, folder)

    def _be_kernel(self, command: list[str], environment: dict[str, str], folder: str) -> NoReturn:
        try:
            os.setsid()  # as jupyter_client starts a kernel: signals go to it and to all that it starts
            # The server's own input and output are not the page's.
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            for signum in (signal.SIGINT, signal.SIGTERM):
                signal.signal(signum, signal.SIG_DFL)
            import_from_source(self._project)
            kernel.run(command, environment, folder)
        except SystemExit:
            pass
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)
        sys.exit()  # as any program ends: what the page has registered for its end is called

    def _poll(self, process: int) -> int | None:
        child = self._children[process]
        if child.status is None:
            with suppress(ChildProcessError):
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended:
                    child.status = os.waitstatus_to_exitcode(status)
        return child.status


def serve(project: tuple[str, ...], imported: Sequence[str], folder: str) -> None:
    """Obey until there are no more orders; then remove `folder`, in which whoever started this has put things."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this is told too, and will say what to do
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # What pages start and leave behind becomes a child of this process.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    owner = os.getpid()
    try:
        server = Server(project, imported)
        unread = b""
        with selectors.DefaultSelector() as selector:
            selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
            if server.watched is not None:
                selector.register(server.watched, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                server.note_opened()
                if sys.stdin.fileno() not in ready:
                    continue
                piece = os.read(sys.stdin.fileno(), 1 << 16)
                if not piece:
                    return
                *lines, unread = (unread + piece).split(b"\n")
                for line in lines:
                    answer = server.obey(json.loads(line))
                    if answer is not None:
                        print(json.dumps(answer), flush=True)
    finally:
        if os.getpid() == owner:
            end_children()
            shutil.rmtree(folder, ignore_errors=True)
