"""What the machine refuses to a build, told in one line with what to do, and never as a traceback."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sphinx.application import Sphinx

from evidencebook.tables.text import printable
from evidencebook.writing import full_temporary_folder

_WRITABLE = "make it yours to read and write, or build in a copy of the report"
REMEDIES = {
    errno.ENOSPC: "make room there, and start again",
    errno.EDQUOT: "make room there, and start again",
    errno.EACCES: _WRITABLE,
    errno.EPERM: _WRITABLE,
    errno.EROFS: _WRITABLE,
    errno.EFBIG: "allow larger files (`ulimit -f`), and start again",
    errno.EMFILE: "allow more open files (`ulimit -n`), and start again",
    errno.ENFILE: "end other programs, which have too many files open",
    errno.EAGAIN: "allow more processes (`ulimit -u`), or end others, and start again",
    errno.ENOMEM: "end other programs, or build where there is more memory",
    errno.EIO: "the disk is failing: build elsewhere",
}
FILES = 128  # that a build may have open at once: sockets of kernels above all
# Of an error that another process had; a copy names where from and where to.
_NUMBERED = re.compile(r"\[Errno (\d+)\] [^:\n]+(?:: (?:'[^'\n]+' -> )?'([^'\n]+)')?")


def told(error: BaseException | None, place: str = "the disk") -> str | None:
    """Return what the machine refused, if that is what lies behind an error, and what to do.

    `place` is named where the error itself names none, as when there is no room for what was opened before.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        number: Any = getattr(error, "errno", None)
        # ZeroMQ's errors are none of the system's: "again" is a reply that did not come, and not a lack of processes.
        if number in (REMEDIES if isinstance(error, OSError) else {errno.EMFILE, errno.ENFILE}):
            names = (getattr(error, name, None) for name in ("filename2", "filename"))
            return _line(number, next(filter(None, names), place))
        if isinstance(error, FileNotFoundError) and "usable temporary directory" in str(error):
            return "there is no folder for temporary files - make room in one, or name one in TMPDIR"
        if isinstance(error, MemoryError):
            return f"there is not enough memory - {REMEDIES[errno.ENOMEM]}"
        if (found := _NUMBERED.search(str(error))) and int(found[1]) in REMEDIES:
            return _line(int(found[1]), found[2] or place)
        error = getattr(error, "orig_exc", None) or error.__cause__ or error.__context__
    if seen and (full := full_temporary_folder()):
        return _line(errno.ENOSPC, full)
    return None


def _line(number: int, where: object) -> str:
    shown = os.fsdecode(where) if isinstance(where, str | bytes) else "a file"
    return printable(f"{shown}: {os.strerror(number)} - {REMEDIES[number]}")


@contextmanager
def plainly(app: Sphinx) -> Iterator[None]:
    """End the program with a line, where it is the machine that refuses something to a build."""
    try:
        yield
    except Exception as error:
        if (line := told(error, os.path.dirname(app.doctreedir))) is None:
            raise
        print(line, file=sys.stderr)
        # Sphinx and Jupyter Book would wrap an exception in a traceback, which tells nobody what to do.
        raise SystemExit(1) from None


def setup(app: Sphinx) -> None:
    """Watch over what the extensions of a build do while it is prepared, and over the build itself."""
    if wrong := _unusable(str(app.srcdir)):
        print(printable(f"{app.srcdir}: {wrong}"), file=sys.stderr)
        raise SystemExit(1)
    with plainly(app):  # before processes are started that would each have to say so
        if full := full_temporary_folder():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), full)
        if _most_files() < FILES:  # or ZeroMQ would end the process without a word
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    app.events.emit = _watched(app, app.events.emit)  # type: ignore[method-assign]
    app.build = _watched(app, app.build)  # type: ignore[method-assign]


def _most_files() -> int:
    """Return how many files a process may have open, where the system has such a limit."""
    try:
        import resource
    except ImportError:  # Windows
        return FILES
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return FILES if most == resource.RLIM_INFINITY else most


def _unusable(path: str) -> str:
    """Return what is wrong with the path of a report."""
    if {"[", "]"} & set(path):  # sphinx-external-toc takes them for a pattern, and finds no page
        return "no folder of a report's path may have [ or ] in its name - rename it"
    if any("\ud800" <= sign <= "\udfff" for sign in path):
        return "Python cannot read this path in the locale that is set - set LC_ALL=C.UTF-8"
    return ""


def _watched(app: Sphinx, call: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        with plainly(app):
            return call(*given, **named)

    return watched
