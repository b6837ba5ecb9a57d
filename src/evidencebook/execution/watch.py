"""Which files of a report anybody opens, as the Linux kernel tells it (inotify): also what Python never hears of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from inotify_simple import INotify, flags

from evidencebook.execution.environment import is_environment


class Watch:
    """Watches all folders under `roots`; without inotify, or with too many folders for it, it sees nothing.

    Audit events miss what compiled libraries and other programs open. inotify misses nothing, and does not say who.
    """

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = roots
        self._folders: dict[int, str] = {}
        try:
            self._inotify: INotify | None = INotify()
        except OSError:
            self._inotify = None
        self.look_around()

    def look_around(self) -> None:
        """Watch the folders that are there now."""
        try:
            for folder in _folders(self._roots) if self._inotify else ():
                assert self._inotify is not None
                self._folders[self._inotify.add_watch(folder, flags.OPEN)] = folder
        except OSError:
            self._inotify = None

    @property
    def descriptor(self) -> int | None:
        """Return what to wait for until there is something to `opened`."""
        return None if self._inotify is None else self._inotify.fileno()

    def opened(self) -> set[str]:
        """Return the files opened since the last call."""
        if self._inotify is None:
            return set()
        events = self._inotify.read(timeout=0)
        is_file = (
            event for event in events if event.name and not event.mask & flags.ISDIR and event.wd in self._folders
        )
        return {os.path.join(self._folders[event.wd], event.name) for event in is_file}


def _folders(roots: Sequence[str]) -> Iterator[str]:
    for root in roots:
        for folder, names, _ in os.walk(root):
            names[:] = [
                name
                for name in names
                if not name.startswith(".")
                and name not in ("__pycache__", "_build", "node_modules")
                and not is_environment(os.path.join(folder, name))
                and not (Path(folder) / name / "pyvenv.cfg").exists()
            ]
            yield folder
