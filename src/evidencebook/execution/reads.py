"""What a process looks at while it runs: contents of files, names in folders, and whether something exists."""

from __future__ import annotations

import hashlib
import os
import pkgutil
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from evidencebook.execution.environment import is_environment

Aspect = Literal["content", "names", "state"]
ABSENT = "absent"
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Virtual files change by themselves, and nothing of a report stands there.
VIRTUAL = ("/proc/", "/sys/", "/dev/")
IMPORTERS = {"<frozen importlib._bootstrap_external>", pkgutil.__file__}


class Read(NamedTuple):
    """One thing looked at: a file's bytes, a folder's names, or the kind and size of whatever has the path."""

    aspect: Aspect
    path: str


class Recorder:
    """Records what this process opens, lists and asks for while it is entered as a context.

    Audit events (https://docs.python.org/3/library/audit_events.html) tell of every file that Python opens, whatever
    library asks for it. They are silent about questions such as "does this exist?", so `os.stat` is wrapped too.
    """

    def __init__(self) -> None:
        self._seen: dict[Read, None] = {}
        self._written: set[str] = set()
        self._is_on = False
        self._is_installed = False
        self._exists = os.access

    def __enter__(self) -> None:
        if not self._is_installed:
            # An audit hook cannot be removed, hence one for the life of the process.
            sys.addaudithook(self._heard)
            os.stat = self._asking(os.stat)
            os.access = self._asking(os.access)
            self._is_installed = True
        self._is_on = True

    def __exit__(self, *_: object) -> None:
        self._is_on = False

    def follow(self, events: Any) -> None:
        """Record from the start to the end of each cell that a shell runs from now on; `events` are the shell's."""
        events.register("pre_run_cell", lambda *_: self.__enter__())
        events.register("post_run_cell", lambda *_: self.__exit__())

    def reads(self, folders: Iterable[str]) -> list[Read]:
        """Return what was looked at so far, with the sources of all loaded modules that lie in `folders`."""
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if file and any(Path(file).is_relative_to(folder) for folder in folders):
                self._note("content", file)
        opened = {read.path for read in self._seen if read.aspect == "content"}
        # Who reads a file sees its size as well.
        kept = (read for read in self._seen if read.aspect != "state" or read.path not in opened)
        return sorted(read for read in kept if read.path not in self._written and not is_environment(read.path))

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_on:
            return
        # The importer lists folders for its own sake; modules are told by sys.modules when all is done.
        if event in ("open", "os.listdir", "os.scandir") and sys._getframe(1).f_code.co_filename not in IMPORTERS:
            path = arguments[0]
            if event != "open":
                self._note("names", path)
            elif isinstance(path, int):
                pass  # an open descriptor: whoever opened it has been heard
            elif isinstance(flags := arguments[2], int) and flags & WRITING and not self._exists(path, os.F_OK):
                self._written.add(_absolute(path))
            else:
                self._note("content", path)
        elif event == "sqlite3.connect":
            self._note("content", arguments[0])

    def _asking(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any, *arguments: Any, **options: Any) -> Any:
            if self._is_on and options.get("dir_fd") is None:
                self._note("state", path)
            return ask(path, *arguments, **options)

        return asked

    def _note(self, aspect: Aspect, path: Any) -> None:
        if path is None:
            path = "."
        if isinstance(path, int):
            return
        full = _absolute(path)
        if not full.startswith(VIRTUAL):
            self._seen[Read(aspect, full)] = None


def _absolute(path: Any) -> str:
    return os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(path)))


def fingerprint(read: Read) -> str:
    """Return what is there now: equal fingerprints mean that a page would see the same again."""
    try:
        if read.aspect == "content":
            with open(read.path, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        if read.aspect == "names":
            return hashlib.sha256("\0".join(sorted(os.listdir(read.path))).encode()).hexdigest()
        found = os.stat(read.path)
    except IsADirectoryError:
        return "folder"
    except OSError:
        return ABSENT
    # Not the time: a file that was only touched is the same file. A folder's size depends on its past.
    return "folder" if stat.S_ISDIR(found.st_mode) else f"{found.st_size} bytes"


def changed_since(reads: Iterable[Read], start: float) -> str | None:
    """Return the path of a file whose content or state changed at or after `start` (seconds since 1970), if any.

    The change time is asked for and not the modification time, which anyone can set back.
    """
    for read in reads:
        try:
            found = os.stat(read.path)
        except OSError:
            continue
        # The clock of a file system ticks in steps of up to ten milliseconds.
        if read.aspect != "state" and found.st_ctime >= start - 0.02:
            return read.path
    return None
