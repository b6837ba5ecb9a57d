"""Who opens or lists what below a report, as the Linux kernel tells it (inotify): also what Python never hears of.

inotify misses nothing, and does not say who it was. What happened while a page ran counts for the page if that may have
done what nobody heard.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from inotify_simple import INotify, flags

from evidencebook.execution.unheard import CHANGED, LISTED, LOST, OPENED, READ
from evidencebook.folders import folders_below

MASK = flags.OPEN | flags.CLOSE_NOWRITE | flags.MODIFY | flags.CREATE | flags.MOVED_TO


class Watch:
    """Watches all folders under `roots`; without inotify, or with too many folders for it, it is lost."""

    def __init__(self, roots: Sequence[str]) -> None:
        self._folders: dict[int, str] = {}
        self._is_lost = False
        try:
            self._inotify: INotify | None = INotify()
        except OSError:
            self._inotify = None
        for root in roots:
            self._add(root)
        self.opened()  # that was ourselves

    @property
    def descriptor(self) -> int | None:
        """Return what to wait for until there is something to `opened`."""
        return None if self._inotify is None else self._inotify.fileno()

    def opened(self) -> set[str]:
        """Return what happened since the last call: a word each for what, and where."""
        if self._inotify is None or self._is_lost:
            return {LOST}
        told = set()
        for event in self._inotify.read(timeout=0):
            if event.mask & flags.Q_OVERFLOW:
                self._is_lost = True
                return {LOST}
            if event.wd in self._folders:
                told |= self._told(os.path.join(self._folders[event.wd], event.name), event.mask)
        return told

    def _told(self, path: str, mask: int) -> set[str]:
        if mask & flags.ISDIR:
            if mask & (flags.CREATE | flags.MOVED_TO):
                self._add(path)
            return {f"{LISTED}{path.rstrip(os.sep)}"} if mask & flags.OPEN else set()
        words = {flags.OPEN: OPENED, flags.CLOSE_NOWRITE: READ}
        return {f"{words.get(flag, CHANGED)}{path}" for flag in flags.from_mask(mask & MASK)}

    def _add(self, root: str) -> None:
        try:
            for folder, _ in folders_below(root, hidden=True) if self._inotify else ():
                assert self._inotify is not None
                self._folders[self._inotify.add_watch(folder, MASK)] = folder
        except FileNotFoundError:
            pass  # made and taken away at once
        except OSError:
            self._is_lost = True
