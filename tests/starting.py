"""Builds by Jupyter Book as a command starts them, forked from a process that has imported what each of them imports.

A quarter of the time of a tiny book's build is spent on imports. A build is a process of its own all the same, with the
arguments, variables, folder and streams of a command, and nothing of an earlier build.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

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
_LOCK = Lock()


class Forked:
    """The process that forks; there is one for each process of tests."""

    started: Forked | None = None

    def __init__(self) -> None:
        self.variables = _at_start()
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent
        )
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


def _at_start() -> dict[str, str]:
    """Return the variables that a process reads only as it starts."""
    return {name: said for name, said in os.environ.items() if name in STARTED_WITH or name.startswith("PYTHON")}


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book: alone where it has its own engine, or a variable that is read at the start has changed.

    With EVIDENCE_ALONE each build is a process started anew, as for coverage that tells the lines of one test from
    another's.
    """
    if os.environ.get("EVIDENCE_ALONE"):
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


def serve() -> None:
    """Fork a build for each line that comes in, and answer with its status."""
    for name in (*OTHERS, *OURS):
        import_module(name)
    sys.path[0] = str(Path(JUPYTER_BOOK).parent)
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
