"""Where tests put their files: in memory, where the machine has a file system for that and room enough.

Books and their builds are thousands of small files, which are made, compared and thrown away.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")  # of Linux
ROOM = 6 * 2**30  # bytes: several times what a run has had at once


def has_room(folder: Path) -> bool:
    """Return whether programs of tests may lie and be run there, and memory is left for them and for builds."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    is_for_programs = os.access(folder, os.W_OK) and not found.f_flag & getattr(os, "ST_NOEXEC", 0)
    free = min(found.f_bavail * found.f_frsize, psutil.virtual_memory().available // 2)
    return is_for_programs and free > ROOM


def use_memory() -> None:
    """Have temporary files of this process, and of all that it starts, lie in memory, unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
