"""Which files of a report were changed: by content, so that what was merely touched or saved again is no news."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from evidencebook.execution.inputs import Read, fingerprint
from evidencebook.folders import files_below, folders_below

QUIET = 0.04  # seconds without news: an editor writes, renames and removes files to save one
LOOK = 0.5  # seconds between looks where the system tells nothing


class Files:
    """The files below some folders, as they were when somebody last looked."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._roots = [str(folder) for folder in folders if folder.is_dir()]
        self._folders: dict[int, str] = {}
        self._notices = _inotify()
        for root in self._roots:
            self._follow(root)
        self._known = {path: _digest(path) for path in self._all()}
        self._signs = {} if self._notices else {path: _sign(path) for path in self._known}

    def changed(self, patience: float) -> set[str]:
        """Return the paths whose content is new, gone or other than before; wait for some for so many seconds."""
        deadline = time.monotonic() + patience
        while True:
            told = self._told(max(0.0, deadline - time.monotonic()))
            news = {path for path in told if _digest(path) != self._known.get(path, ABSENT)}
            if news or time.monotonic() >= deadline:
                self._known |= {path: _digest(path) for path in news}
                return news

    def close(self) -> None:
        """Watch no more."""
        if self._notices:
            self._notices.close()

    def _all(self) -> set[str]:
        return {str(path) for root in self._roots for path in files_below(root) if not _is_passing(path.name)}

    def _told(self, patience: float) -> set[str]:
        """Return the paths of which there may be news."""
        if not self._notices:  # look at all of them
            time.sleep(min(patience, LOOK))
            signs = {path: _sign(path) for path in {*self._all(), *self._known}}
            before, self._signs = self._signs, signs
            return {path for path, sign in signs.items() if sign != before.get(path)}
        told: set[str] = set()
        until = time.monotonic() + patience + LOOK  # somebody may write without an end
        while events := self._notices.read(timeout=int(1000 * (QUIET if told else patience))):
            for event in events:
                path = os.path.join(self._folders.get(event.wd, ""), event.name).rstrip(os.sep)
                if event.wd not in self._folders:  # too many at once for the system to tell
                    told |= {*self._all(), *self._known}
                elif os.path.isdir(path):
                    told |= self._follow(path)
                else:  # a file, or a folder that went with all that it held
                    told |= {one for one in self._known if one.startswith(f"{path}{os.sep}")}
                    if path in self._known or (self._is_below(path) and not _is_passing(event.name)):
                        told.add(path)
            if time.monotonic() > until:
                break
        return told

    def _is_below(self, path: str) -> bool:
        return any(path.startswith(f"{root}{os.sep}") for root in self._roots)

    def _follow(self, root: str) -> set[str]:
        """Watch a folder and those below it, and return the files there."""
        found = set()
        with suppress(OSError):  # made and taken away at once
            for folder, names in folders_below(root):
                self._watch(folder)
                found |= {os.path.join(folder, name) for name in names if not _is_passing(name)}
        return found

    def _watch(self, folder: str) -> None:
        if self._notices:
            from inotify_simple import flags

            mask = flags.CLOSE_WRITE | flags.CREATE | flags.DELETE | flags.MOVED_FROM | flags.MOVED_TO
            with suppress(OSError):
                self._folders[self._notices.add_watch(folder, mask)] = folder


ABSENT = fingerprint(Read("content", os.path.join(os.sep, "nowhere", "at", "all")))


def _inotify() -> Any:
    try:
        from inotify_simple import INotify

        return INotify()
    except (ImportError, OSError):
        return None


def _digest(path: str) -> str:
    return fingerprint(Read("content", path))


def _sign(path: str) -> tuple[int, int, int]:
    with suppress(OSError):
        found = os.stat(path)
        return found.st_ino, found.st_size, found.st_ctime_ns
    return 0, 0, 0


def _is_passing(name: str) -> bool:
    """Return whether an editor keeps a file of this name for itself, such as `.page.md.swp` or `page.md~`."""
    return name.startswith(".") or name.endswith(("~", ".tmp"))
