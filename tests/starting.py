"""Builds by Jupyter Book as a command starts them, forked from a process that has imported what each of them imports.

Half of the time of a tiny book's build is spent on imports, of the build and of the process for its pages. Each is a
process of its own all the same, with the arguments, variables, folder and streams of a command, and nothing of a former
build; there is one to fork builds from, and one to fork processes for pages from.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from evidencebook.execution import workers
from evidencebook.execution.environment import can_fork

JUPYTER_BOOK = str(Path(sys.executable).parent / "jupyter-book")
STARTED_WITH = {"LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "XDG_DATA_HOME", "HOME"}
OTHERS = (
    *("bs4", "fastparquet", "jupyter_book.cli.main", "jupyter_book.sphinx", "myst_nb.sphinx_ext"),
    *("pydata_sphinx_theme", "sphinx.builders._epub_base", "sphinx_book_theme", "sphinx_comments"),
    *("sphinx_copybutton", "sphinx_design", "sphinx_external_toc.parsing", "sphinx_jupyterbook_latex"),
    *("sphinx_thebe", "sphinx_togglebutton"),
)
ROOMS = ("build", "changes", "check", "editions/ebook", "editions/latex", "editions/print", "editions/web", "pages")
ENGINE = Path(__file__).parents[1] / "src"
OURS = tuple(
    ".".join(path.relative_to(ENGINE).with_suffix("").parts)
    for room in ROOMS
    for path in sorted((ENGINE / "evidencebook" / room).glob("*.py"))
)
# A process for pages before there are any, which forks one for each that asks: its modules are those of a real one, and
# what libraries set in the environment as they were imported is kept.
FOR_PAGES = """
import json, os, signal, socket, time
start = dict(os.environ)
warm.kernel.import_ahead(lambda: __import__("evidencebook.drawing.ahead"))
warm.gc.freeze()
own = {name: said for name, said in os.environ.items() if start.get(name) != said}
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
asking = socket.socket(fileno=int(sys.argv[1]))
while True:
    said, streams, _, _ = socket.recv_fds(asking, 2**20, 3)
    if not said:
        os._exit(0)
    process = os.fork()
    if not process:
        break
    asking.send(str(process).encode())
    for stream in streams:
        os.close(stream)
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
asking.close()
os.setsid()
for number, stream in enumerate(streams):
    os.dup2(stream, number)
    os.close(stream)
asked = json.loads(said)
os.chdir(asked["folder"])
os.environ.clear()
os.environ.update(asked["environment"], **own)
time.tzset()
exec(asked["then"], {"warm": warm})
"""
_LOCK = Lock()


class Forked:
    """The process that forks; there is one for each process of tests."""

    started: Forked | None = None

    def __init__(self) -> None:
        self.variables = _at_start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        begin = workers.BEGIN.format(engine=str(ENGINE), package="execution", module="warm")
        with ours, theirs:
            self._for_pages = subprocess.Popen(
                [sys.executable, "-Xfrozen_modules=off", "-c", begin + FOR_PAGES, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONHASHSEED": "0"}, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(ours.fileno())], pass_fds=[ours.fileno()], cwd=Path(__file__).parent,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        atexit.register(self._end)

    def run(self, command: list[str], folder: Path) -> int:
        """Return the status of a build whose streams go into files of the folder."""
        assert self._process.stdin is not None and self._process.stdout is not None
        asked = {"argv": command, "env": dict(os.environ), "cwd": os.getcwd(), "folder": str(folder)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate()
        self._for_pages.wait()


def _at_start() -> dict[str, str]:
    """Return the variables that a process reads only as it starts."""
    return {name: said for name, said in os.environ.items() if name in STARTED_WITH or name.startswith("PYTHON")}


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book: alone where it has its own engine, or a variable that is read at the start has changed.

    With EVIDENCE_ALONE each build is a process started anew, as for coverage that tells the lines of one test from
    another's; so it is where processes cannot be forked so.
    """
    if os.environ.get("EVIDENCE_ALONE") or not can_fork():
        return alone(root, *options)
    with _LOCK:
        Forked.started = Forked.started or Forked()
        if (root / "src").exists() or Forked.started.variables != _at_start():
            return alone(root, *options)
        command = _command(root, *options)
        with tempfile.TemporaryDirectory() as folder:
            status = Forked.started.run(command, Path(folder))
            out, err = (Path(folder, name).read_text("utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess(command, status, out, err)


def alone(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book in a process that is started anew, whose sets have an order of their own."""
    return subprocess.run(_command(root, *options), capture_output=True, text=True, check=False)


def _command(root: Path, *options: str) -> list[str]:
    return [JUPYTER_BOOK, "build", *options, str(root)]


class Warm:
    """A process for pages, which is a child of another process, with the face of `subprocess.Popen`."""

    def __init__(self, for_pages: socket.socket, then: str, environment: Mapping[str, str]) -> None:
        orders, answers = os.pipe(), os.pipe()
        said = json.dumps({"then": then, "environment": dict(environment), "folder": os.getcwd()})
        socket.send_fds(for_pages, [said.encode()], [orders[0], answers[1], 2])
        self.pid = int(for_pages.recv(32))
        for stream in (orders[0], answers[1]):
            os.close(stream)
        self.stdin, self.stdout = os.fdopen(orders[1], "w", encoding="utf-8"), os.fdopen(answers[0], encoding="utf-8")
        self._ended = os.pidfd_open(self.pid)

    def poll(self) -> int | None:
        return 0 if select.select([self._ended], [], [], 0)[0] else None

    def wait(self) -> None:
        select.select([self._ended], [], [])

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def serve() -> None:
    """Fork a build for each line that comes in, and answer with its status."""
    for name in (*OTHERS, *OURS):
        import_module(name)
    sys.path[0] = str(Path(JUPYTER_BOOK).parent)
    for_pages = socket.socket(fileno=int(sys.argv[1]))
    start: Callable[..., Any] = workers._started

    def started(package: str, module: str, then: str, environment: Mapping[str, str], *share: Any) -> Any:
        return (
            Warm(for_pages, then, environment)
            if module == "warm"
            else start(package, module, then, environment, *share)
        )

    workers._started = started  # type: ignore[assignment]
    while line := sys.stdin.buffer.readline():
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            sys.exit(import_module("jupyter_book.cli.main").main())
        _, status = os.waitpid(child, 0)
        sys.stdout.buffer.write(b"%d\n" % os.waitstatus_to_exitcode(status))
        sys.stdout.buffer.flush()
    os._exit(0)  # the run is over, and nobody would take up what this process itself has covered


def _become(asked: dict[str, Any]) -> None:
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    sys.argv = asked["argv"]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(Path(asked["folder"], name), os.O_WRONLY | os.O_CREAT), stream)


if __name__ == "__main__":
    serve()
