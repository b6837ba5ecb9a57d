"""Folders that change places in one step: a reader finds the edition that was there before or the next one."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_HERE = -100  # AT_FDCWD of <fcntl.h>: paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
ASIDE = ".last"  # ends the name of a folder while another takes its place in two steps


def put_in_place(new: Path, place: Path) -> None:
    """Move a folder to a place where another may stand, and remove that one.

    The two change places in one step where the system can do that (Linux, macOS). Elsewhere there is a moment between
    two steps; `recover` puts back what a kill in that moment took away.
    """
    if not _exchanged(new, place):
        aside = place.with_name(f"{place.name}{ASIDE}")
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(FileNotFoundError):
            place.rename(aside)
        new.rename(place)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def recover(place: Path) -> None:
    """Put a folder back that stood at the place when `put_in_place` was killed."""
    aside = place.with_name(f"{place.name}{ASIDE}")
    if aside.is_dir():
        if place.is_dir() and any(place.iterdir()):
            shutil.rmtree(aside, ignore_errors=True)
        else:
            with suppress(FileNotFoundError):
                place.rmdir()
            aside.rename(place)


def _exchanged(new: Path, place: Path) -> bool:
    """Return whether the two folders could change places in one step."""
    if not place.is_dir():
        return False
    system: Any = ctypes.CDLL(None) if sys.platform != "win32" else None
    one, other = os.fsencode(new), os.fsencode(place)
    if hasattr(system, "renameat2"):  # https://man7.org/linux/man-pages/man2/rename.2.html
        return bool(system.renameat2(_HERE, one, _HERE, other, _EXCHANGE) == 0)
    if hasattr(system, "renamex_np"):
        return bool(system.renamex_np(one, other, _EXCHANGE) == 0)
    return False
