"""Python and what is installed with it: no input of a report by its files, but by version and names."""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path


def _folders() -> tuple[str, ...]:
    named = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")]
    if sys.prefix != sys.base_prefix:
        named.append(sys.prefix)
    return tuple(sorted({f"{Path(path).resolve()}{os.sep}" for path in named} | {f"{path}{os.sep}" for path in named}))


FOLDERS = _folders()


def is_environment(path: str) -> bool:
    """Return whether a path belongs to Python or its packages, or to what Python made of a source."""
    return f"{path}{os.sep}".startswith(FOLDERS) or f"{os.sep}__pycache__{os.sep}" in path


@cache
def packages() -> str:
    """Return a digest of the names of all that is installed; those of pip hold the versions.

    Byte code is none of it: Python writes it when it first imports a module, even while pages are executed.
    """
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = [name for folder in sorted(folders) for name in sorted(os.listdir(folder)) if name != "__pycache__"]
    return hashlib.sha256("\0".join(names).encode()).hexdigest()


@cache
def importable() -> frozenset[str]:
    """Return the names of the modules of Python and of all that is installed."""
    installed = os.listdir(sysconfig.get_path("purelib"))
    return sys.stdlib_module_names | {name.partition(".")[0] for name in installed}


def can_fork() -> bool:
    """Return whether forking a process with libraries loaded is safe here: on Linux; macOS and Windows say no."""
    return sys.platform == "linux"


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
