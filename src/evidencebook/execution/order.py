"""Pages that write and pages that read it: in which order they come, and whether what they depend on is as it was."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeAlias

from evidencebook.execution.inputs import ABSENT, Read, fingerprint
from evidencebook.execution.page import Page
from evidencebook.execution.store import Entry

Look: TypeAlias = Callable[[Read], str]


class Written:
    """Files that pages wrote, to ask who may have read them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._folders = {os.path.dirname(path) for path in self._paths}

    def meets(self, read: Read) -> bool:
        """Return whether who looked at this would see that one of the files was written."""
        if read.aspect == "names":
            return read.path in self._folders
        if read.aspect in ("all", "anything"):
            return any(path == read.path or path.startswith(f"{read.path}{os.sep}") for path in self._paths)
        return read.aspect in ("content", "cells", "state", "link") and read.path in self._paths


def next_of(todo: Mapping[str, Page], latest: Mapping[str, Entry | None]) -> list[str]:
    """Return the pages that read nothing of what others of these write; if all do, the first of them."""
    all_written = Counter(path for entry in latest.values() for path in written(entry))

    def waits(entry: Entry | None) -> bool:
        if entry is None:
            return False
        others = Written((all_written - Counter(written(entry))).elements())
        return any(map(others.meets, entry.fingerprints))

    return [name for name in todo if not (all_written and waits(latest[name]))] or [next(iter(todo))]


def written(entry: Entry | None) -> set[str]:
    """Return the files that a page wrote."""
    return {read.path for read in entry.fingerprints if read.aspect == "written"} if entry else set()


def written_by_several(entries: Iterable[Entry]) -> set[str]:
    """Return the files of which nobody can say what they hold: it depends on who comes last."""
    times = Counter(path for entry in entries for path in written(entry))
    return {path for path, number in times.items() if number > 1}


def look(shared: set[str]) -> Look:
    """Return a look at what is there now, once each; of what several pages write, only whether it is there at all."""

    @cache
    def now(read: Read) -> str:
        found = fingerprint(read)
        return "there" if read.aspect == "written" and read.path in shared and found != ABSENT else found

    return now


def changed(entry: Entry, now: Look) -> list[Read]:
    """Return what is no longer as a page found or left it."""
    found = entry.fingerprints.items()
    return [read for read, before in found if read.aspect != "always" and not is_as(read, before, now)]


def is_as(read: Read, before: str, now: Look) -> bool:
    """Return whether something is as it was."""
    found = now(read)
    return found == before or (found == "there" and before != ABSENT)
