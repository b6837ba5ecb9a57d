"""Files of a report: read only where they are files and of a bearable size."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from pathlib import Path
from typing import Any

LARGEST = 128 * 2**20  # bytes; a table of 100,000 claims has half of that
_HERE = -100  # AT_FDCWD of <fcntl.h>: paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS


class Unusable(OSError):
    """What stands at a path cannot be read as a file of a report; the remedy is its second argument."""


def read(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file; raises OSError for what is none: pipes and devices would never end.

    What `told` makes of the error says what to do.
    """
    # Without O_NONBLOCK opening a pipe waits for whoever writes into it.
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Unusable(kind(found.st_mode), "put a file there")
        if found.st_size > largest:
            raise Unusable(f"{found.st_size:,} bytes are more than the {largest:,} that are read", "divide the file")
        return file.read()


def told(error: OSError) -> tuple[str, str]:
    """Return why a file could not be read, and what to do."""
    if isinstance(error, Unusable):
        return error.args[0], error.args[1]
    return f"the file cannot be read ({error.strerror})", "make it a readable file"


def kind(mode: int) -> str:
    """Return what a path is that is no regular file."""
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe", stat.S_ISLNK: "a link", stat.S_ISSOCK: "a socket"}
    named = next((name for test, name in kinds.items() if test(mode)), "a device")
    return f"there is {named} in place of a file"


def exchanged(new: Path, place: Path) -> bool:
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
