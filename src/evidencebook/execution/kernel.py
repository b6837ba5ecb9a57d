"""A page's kernel in a fork: ipykernel's own, with its sockets and its loop, where a lot has been imported ahead.

Libraries look for a shell when they are imported, and for variables of the environment. So the shell is there before
them, and it is told whether a page has set a variable after somebody had asked for it.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import select
import struct
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ipykernel.debugger  # noqa: F401 - as the two before: what a kernel imports late
import IPython.core.completer
import IPython.core.oinspect  # noqa: F401
from ipykernel.compiler import XCachingCompiler
from ipykernel.iostream import PIPE_BUFFER_SIZE, OutStream
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"  # as ipykernel sets it, too late for what was imported ahead
# Asked for by compiled code, of which nobody hears: in how many threads it may compute.
THREADS = ("OPENBLAS_", "OMP_", "MKL_", "BLIS_", "GOTO_", "VECLIB_", "KMP_", "NUMEXPR_")

_asked: set[str] = set()
_before: dict[str, str] = {}


class Stream(OutStream):
    """A kernel's stream, on which texts of programs and of Python come in the order in which they were written.

    ipykernel has a thread read what programs write, which may come too late: after Python's next text, or the cell.
    """

    def _setup_stream_redirects(self, name: str) -> None:
        self._taking, self._is_taking = threading.RLock(), False
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        super()._setup_stream_redirects(name)  # type: ignore[no-untyped-call]

    def _watch_pipe_fd(self) -> None:
        while self._should_watch and self._fid is not None:
            select.select([self._fid], [], [])
            self._take()

    def _take(self) -> None:
        """Take over what programs have written so far."""
        if self._fid is None or not self._is_master_process():  # type: ignore[no-untyped-call]
            return
        with self._taking:
            while not self._is_taking and struct.unpack("i", fcntl.ioctl(self._fid, termios.FIONREAD, b"\0\0\0\0"))[0]:
                self._is_taking = True
                try:
                    self.write(self._decoder.decode(os.read(self._fid, PIPE_BUFFER_SIZE)))
                finally:
                    self._is_taking = False

    @property
    def parent_header(self) -> Any:
        """Return the message that is being answered; `write` asks for it before it does anything else.

        Overriding `write` itself would show in tracebacks that a page prints.
        """
        self._take()
        return super().parent_header

    @parent_header.setter
    def parent_header(self, value: Any) -> None:
        OutStream.parent_header.fset(self, value)  # type: ignore[attr-defined]

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        # A lone surrogate cannot be sent; ipykernel stumbles over it, and every later flush waits for ten seconds.
        for parent, text in super()._flush_buffers():  # type: ignore[no-untyped-call]
            yield parent, text.encode("utf-8", "replace").decode("utf-8")

    def flush(self) -> None:
        """Send everything, of programs too."""
        self._take()
        super().flush()  # type: ignore[no-untyped-call]


Stream.__name__ = Stream.__qualname__ = OutStream.__name__  # a page may print it


class _Asked(dict[bytes, bytes]):
    """The environment's own dictionary, which notes the names that somebody asks for."""

    def __getitem__(self, name: bytes) -> bytes:
        _asked.add(os.fsdecode(name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        if isinstance(name, bytes):
            _asked.add(os.fsdecode(name))
        return super().__contains__(name)


def import_ahead(imports: Callable[[], None]) -> None:
    """Import libraries as a page would: in a shell, with the variables of a kernel."""
    environ: Any = os.environ
    plain = environ._data
    os.environ.setdefault("MPLBACKEND", INLINE)
    environ._data = _Asked(plain)
    try:
        with _shell().builtin_trap:
            imports()
    finally:
        plain.clear()
        plain.update(environ._data)
        environ._data = plain


def _shell() -> ZMQInteractiveShell:
    if not ZMQInteractiveShell.initialized():
        config = Config()
        config.HistoryManager.enabled = False  # its thread would not survive a fork: see below
        ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)
    return ZMQInteractiveShell.instance()


def run(command: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    """Be the kernel that a command line starts, until it is told to end."""
    os.chdir(folder)
    added = {name: value for name, value in os.environ.items() if _started_with().get(name) != value}
    os.environ.clear()
    os.environ.update({**environment, **added})
    sys.orig_argv = list(command)
    launcher = sys.modules.get("ipykernel_launcher")
    sys.argv = [launcher.__file__ if launcher and launcher.__file__ else "", *command[command.index("-f") :]]
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # or all pages would draw the same numbers
    shell = _shell()
    app = IPKernelApp.instance(parent_handle=os.getppid(), outstream_class=f"{__name__}.Stream")
    app.initialize(sys.argv[1:])  # type: ignore[no-untyped-call]
    # What a shell gets from its kernel, had that been there before it.
    shell.parent = shell.kernel = app.kernel
    shell.profile_dir = app.profile_dir
    shell.config = app.config
    shell.init_history()  # type: ignore[no-untyped-call]
    shell.init_user_ns()  # type: ignore[no-untyped-call]
    _before.clear()
    _before.update(os.environ)
    app.start()  # type: ignore[no-untyped-call]
    # It is still answering whoever has the kernel end. At exit ipykernel first stops what the answer goes through, and
    # then waits for the answer: one kernel in five would hang until it is ended by force.
    if app.control_thread and app.control_thread.is_alive():
        app.control_thread.stop()
        app.control_thread.join()


def _started_with() -> dict[str, str]:
    with open("/proc/self/environ", "rb") as file:
        pairs = (os.fsdecode(pair).partition("=") for pair in file.read().split(b"\0"))
    return {name: value for name, _, value in pairs}


def set_too_late() -> list[str]:
    """Return the variables that the page has set after a library had asked for them."""
    names = {name for name in {*_before, *os.environ} if _before.get(name) != os.environ.get(name)}
    return sorted(name for name in names if name in _asked or name.startswith(THREADS))
