"""Builds of editions by Jupyter Book, each in a process of its own, told in the few lines that a person reads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Protocol, TextIO

import click

from evidencebook.execution import decisions
from evidencebook.tables.text import printable

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main(prog_name='jupyter-book')"  # that of this very Python
LOG = "build.log"  # in _build: all that the last builds said
STRICT = ("-W", "-n", "--keep-going")  # a warning fails the build, and so does a reference that leads nowhere
EDITIONS: Mapping[str, tuple[str, Sequence[str]]] = {
    "html": ("Web edition", ()),
    "pdf": ("Print edition", ("--builder", "custom", "--custom-builder", "pdf")),
    "epub": ("E-book", ("--builder", "custom", "--custom-builder", "epub")),
}
MOST_NAMED = 4  # pages that one line names
WIDTH = 15  # letters of the longest name of a step, and a gap
# ECMA-48: colours and whatever else a program says to a terminal.
_CONTROL = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # a sequence, such as a colour
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # a command with a text, such as a title
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_TRACEBACK = "Traceback (most recent call last):"


@contextmanager
def teller(root: Path, *, is_verbose: bool = False, is_quiet: bool = False) -> Iterator[Teller]:
    """Give what tells of the builds of a report, and keeps all that is said in its log."""
    path = root / "_build" / LOG
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8") as log:
        yield Teller(root, log, is_verbose, is_quiet)


class Teller:
    """Tells what is being done: results and problems in full, progress on a terminal only, everything in the log."""

    def __init__(self, root: Path, log: TextIO, is_verbose: bool, is_quiet: bool) -> None:
        self.root = root
        self.log = root / "_build" / LOG
        self._log = log
        self._is_verbose, self._is_quiet = is_verbose, is_quiet
        self._is_terminal = sys.stderr.isatty() and not is_quiet
        self._lock = Lock()
        self._told: set[str] = set()  # problems of editions before: the pages are the same
        self._tells: set[str] = set()

    def say(self, name: str, text: str, seconds: float | None = None) -> None:
        """Tell a result, with the time that it took."""
        took = "" if seconds is None else f"{seconds:6.1f} s"
        line = printable(f"{name:<{WIDTH}}{text:<{80 - WIDTH}}{took}".rstrip())
        self._log.write(f"{line}\n")
        if not self._is_quiet:
            with self._lock:
                self._wipe()
                click.echo(line)

    def complain(self, line: str) -> None:
        """Tell a problem, unless it was told of an edition before."""
        self._log.write(f"{line}\n")
        self._tells.add(line)
        if line in self._told:
            return
        with self._lock:
            self._wipe()
            click.echo(line, err=True)

    def begin(self) -> None:
        self._told |= self._tells
        self._tells = set()

    def note(self, line: str) -> None:
        """Keep in the log what only somebody who looks for it wants to know."""
        self._log.write(f"{line}\n")
        if self._is_verbose:
            with self._lock:
                self._wipe()
                click.echo(line)

    @contextmanager
    def progress(self, name: str) -> Iterator[None]:
        """Show on a terminal for how long a step has been running."""
        started, is_over = time.monotonic(), False

        def tick() -> None:
            while not is_over:
                with self._lock:
                    self._wipe()
                    click.echo(f"{name} … {time.monotonic() - started:.0f} s", nl=False, err=True)
                time.sleep(0.5)

        if self._is_terminal:
            thread = Thread(target=tick, daemon=True)
            thread.start()
        try:
            yield
        finally:
            is_over = True
            if self._is_terminal:
                thread.join()
                self._wipe()

    def _wipe(self) -> None:
        if self._is_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


class BuildFailed(Exception):
    """An edition could not be made; what is wrong has been told."""


def build(teller: Teller, kind: str) -> None:
    """Make an edition, and tell which pages were executed for it, why, and how long that took.

    Raises BuildFailed where the edition could not be made; the last good one then stands as before.
    """
    teller.begin()
    name, options = EDITIONS[kind]
    results = teller.root / "_build" / ".doctrees" / decisions.FOLDER
    before = decisions.stamp(results)
    started = time.monotonic()
    with teller.progress(name):
        status = _run([sys.executable, "-P", "-c", JUPYTER_BOOK, "build", *STRICT, *options, str(teller.root)], teller)
    if decisions.stamp(results) != before:
        for line in _executed(decisions.read(results)):
            teller.say("", line)
    if status:
        stands = " The last good one stands as before." if any((teller.root / "_build" / kind).glob("*")) else ""
        teller.complain(f"{name}: not made.{stands} All that was said is in {teller.log}.")
        raise BuildFailed(name)
    teller.say(name, f"{teller.root / '_build' / kind}", time.monotonic() - started)


def _executed(known: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each reason for which pages were executed, and one for those that were not."""
    by_reasons: dict[str, list[str]] = {}
    for page, said in known.items():
        reasons = list(said["reasons"])
        shown = "; ".join(reasons[:2]) + (f"; and {len(reasons) - 2} more" if len(reasons) > 2 else "")
        by_reasons.setdefault(shown, []).append(page)
    unchanged = by_reasons.pop("", [])
    for why, pages in by_reasons.items():
        seconds = sum(known[page]["seconds"] for page in pages)
        named = ", ".join(pages) if len(pages) <= MOST_NAMED else f"{len(pages)} pages"
        yield f"executed {named} ({seconds:.1f} s): {why}"
    if unchanged:
        yield f"{len(unchanged)} page{'s' * (len(unchanged) != 1)} unchanged, not executed"


def _run(command: Sequence[str], teller: Teller) -> int:
    """Return the exit status of a program: its errors are told as problems, the rest is noted."""
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        reading = Thread(target=tell_rest, args=(process.stdout, teller))
        reading.start()
        tell_errors(process.stderr, teller)
        reading.join()
    return process.returncode


def _plain(line: str) -> str:
    return printable(_CONTROL.sub("", line).expandtabs().rstrip())


class Listener(Protocol):
    """Who is told what a build says."""

    def complain(self, line: str) -> None: ...

    def note(self, line: str) -> None: ...


def tell_rest(lines: Iterable[str], teller: Listener) -> None:
    """Note what a program says besides."""
    for line in lines:
        if plain := _plain(line):
            teller.note(plain)


def tell_errors(lines: Iterable[str], teller: Listener) -> None:
    """Tell what a program says is wrong; of a traceback, which is for those who look into the log, its last line."""
    is_traceback = has_told = False
    for line in lines:
        plain = _plain(line)
        if plain == _TRACEBACK:
            is_traceback = True
        if not is_traceback:
            if plain:
                teller.complain(plain)
            continue
        teller.note(plain)
        if not has_told and plain and not plain.startswith((" ", "Traceback")):
            has_told = True
            teller.complain(plain)
