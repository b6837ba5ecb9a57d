"""Questions of which Python raises no event: functions that tell a recorder before they answer."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from evidencebook.execution.environment import is_environment
from evidencebook.execution.inputs import SESSION, Aspect

try:
    import _posixsubprocess
except ImportError:  # Windows
    _posixsubprocess = None  # type: ignore[assignment]

# Whoever is called through these asks; they only pass the question on.
BETWEEN = {
    __file__, os.__file__, "<frozen os>", "<frozen _collections_abc>", "<frozen posixpath>", os.path.__file__,
    pkgutil.__file__, os.path.join(os.path.dirname(__file__), "reads.py"),
}  # fmt: skip
CTYPES = f"{os.sep}ctypes{os.sep}"


class Hearing(Protocol):
    """Who is told of questions."""

    def ask(self, aspect: Aspect, path: Any, folder: int | None = None) -> None: ...

    def start(self, words: Sequence[Any]) -> None: ...

    def open_in(self, folder: int | None) -> None: ...


def hear(hearing: Hearing) -> None:
    """Have this process tell of its questions, for the rest of its life."""
    os.stat, os.access = _asking(hearing, os.stat, "state"), _asking(hearing, os.access, "state")
    os.lstat, os.readlink = _asking(hearing, os.lstat, "link"), _asking(hearing, os.readlink, "link")
    os.open = _opening(hearing, os.open)
    os.scandir = _scanning(hearing, os.scandir)
    if _posixsubprocess is not None:  # what starts processes for multiprocessing, without an event
        _posixsubprocess.fork_exec = _starting(hearing, _posixsubprocess.fork_exec)
    _hear_variables(hearing)


def _asking(hearing: Hearing, ask: Callable[..., Any], aspect: Aspect) -> Callable[..., Any]:
    def asked(path: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(path, int):
            is_link = aspect == "link" or options.get("follow_symlinks") is False
            hearing.ask("link" if is_link else aspect, path, options.get("dir_fd"))
        return ask(path, *arguments, **options)

    return asked


def _opening(hearing: Hearing, opening: Callable[..., int]) -> Callable[..., int]:
    # The event says nothing of the folder to which a path is relative.
    def opened(path: Any, *arguments: Any, dir_fd: int | None = None, **options: Any) -> int:
        hearing.open_in(dir_fd)
        try:
            return opening(path, *arguments, dir_fd=dir_fd, **options)
        finally:
            hearing.open_in(None)

    return opened


def _starting(hearing: Hearing, start: Callable[..., int]) -> Callable[..., int]:
    def started(words: Sequence[Any], *arguments: Any) -> int:
        hearing.start(words)
        return start(words, *arguments)

    return started


def _scanning(hearing: Hearing, scan: Callable[..., Any]) -> Callable[..., Any]:
    class Entry:
        """An entry of a folder that tells when its size or time is asked for."""

        def __init__(self, entry: Any, folder: str) -> None:
            self._entry, self._path = entry, os.path.join(folder, os.fsdecode(entry.name))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._entry, name)

        def __fspath__(self) -> Any:
            return self._entry.path

        def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
            hearing.ask("state" if follow_symlinks else "link", self._path)
            return self._entry.stat(follow_symlinks=follow_symlinks)  # type: ignore[no-any-return]

    class Scan:
        """What `os.scandir` returns, of entries that tell."""

        def __init__(self, path: Any = ".") -> None:
            self._scan = scan(path)
            self._folder = absolute("." if path is None else path)

        def __enter__(self) -> Scan:
            return self

        def __exit__(self, *_: object) -> None:
            self._scan.close()

        def __iter__(self) -> Scan:
            return self

        def __next__(self) -> Entry:
            return Entry(next(self._scan), self._folder)

        def close(self) -> None:
            self._scan.close()

    return Scan


def _hear_variables(hearing: Hearing) -> None:
    get, walk = os._Environ.__getitem__, os._Environ.__iter__
    listed: set[str] = set()  # asked for with all others, as by a copy

    def asked(environment: Any, name: Any) -> Any:
        if isinstance(name, str | bytes):
            known = os.fsdecode(name)
            if known in listed:
                listed.discard(known)
            elif not (SESSION.fullmatch(known) and is_environment(asker())):
                hearing.ask("variable", known)
        return get(environment, name)

    def walked(environment: Any) -> Iterator[Any]:
        hearing.ask("variables", "")
        for name in walk(environment):
            listed.add(os.fsdecode(name))
            yield name

    os._Environ.__getitem__ = asked  # type: ignore[method-assign]
    os._Environ.__iter__ = walked  # type: ignore[method-assign]


def absolute(path: Any, folder: int | None = None) -> str:
    """Return the whole path of a name or of an open folder; `folder` is an open one to which the name is relative."""
    if isinstance(path, int):
        return os.readlink(f"/proc/self/fd/{path}") if os.path.exists(f"/proc/self/fd/{path}") else os.curdir
    here = absolute(folder) if folder is not None and folder >= 0 else os.getcwd()
    return os.path.normpath(os.path.join(here, os.fsdecode(path)))


def asker() -> str:
    """Return the file of the code that asks, past whatever only passes a question on."""
    frame = sys._getframe(1)
    while frame.f_back and (frame.f_code.co_filename in BETWEEN or CTYPES in frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_code.co_filename
