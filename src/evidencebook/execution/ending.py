"""Ends processes with all that they have begun."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress

import psutil

PATIENCE = 5.0  # seconds until a process that was killed is gone


def family(process: int) -> list[psutil.Process]:
    """Return a process and what it has begun, as far as one can still tell whose child is whose."""
    with suppress(psutil.Error):
        first = psutil.Process(process)
        return [first, *first.children(recursive=True)]
    return []


def kill(processes: Iterable[psutil.Process], group: int | None = None) -> None:
    """Kill processes, what they have begun meanwhile, and whoever is left of a process group."""
    for process in processes:
        with suppress(psutil.Error):
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    one.kill()
    if group is not None:
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def end_children() -> None:
    """Kill all that this process and its children have begun."""
    for _ in range(3):  # a process that is just being begun is no child yet
        children = psutil.Process().children(recursive=True)
        if not children:
            break
        kill(children)
        psutil.wait_procs(children, PATIENCE)
