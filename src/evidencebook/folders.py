"""Which folders belong to a report: what a walk over its files leaves out, said once for all who walk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# What tools make beside the sources, and make again: never an input.
MADE = frozenset({"__pycache__", "node_modules", "_build", ".git", ".ipynb_checkpoints"})


def is_made(name: str) -> bool:
    """Return whether a folder of this name holds what tools make."""
    return name in MADE or name.endswith(".egg-info") or (name.startswith(".") and name.endswith("_cache"))


def is_left_out(folder: str) -> bool:
    """Return whether nothing below the folder counts: tools made it, or it is an environment of Python."""
    marks = (os.path.join(folder, name) for name in ("pyvenv.cfg", "conda-meta"))
    return is_made(os.path.basename(folder)) or any(map(os.path.exists, marks))


def folders_below(
    root: str | Path, hidden: bool = False, but: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, list[str]]]:
    """Yield every folder of a report with the names of its files, both in order.

    Links are followed, each folder once. With `hidden` come also folders whose names begin with a full stop; `but` says
    which others to leave out.
    """
    seen: set[tuple[int, int]] = set()
    for folder, names, files in os.walk(root, followlinks=True):
        status = os.stat(folder)
        if (known := (status.st_dev, status.st_ino)) in seen:
            names.clear()
            continue
        seen.add(known)
        names[:] = sorted(
            name
            for name in names
            if (hidden or not name.startswith("."))
            and not is_left_out(path := os.path.join(folder, name))
            and not but(path)
        )
        yield folder, sorted(files)


def files_below(root: str | Path, hidden: bool = False, but: Callable[[str], bool] = lambda _: False) -> Iterator[Path]:
    """Yield every file of a report, in order."""
    for folder, files in folders_below(root, hidden, but):
        yield from (Path(folder, name) for name in files)


def names_to_ignore(folder: str, names: list[str]) -> set[str]:
    """Return what a copy of a report leaves out, as `shutil.copytree` asks for it."""
    return {name for name in names if is_left_out(os.path.join(folder, name))}


BASE = "evidencebook-base-"  # begins the name of a folder with a report as it once was, built to be compared


def is_base(root: Path) -> bool:
    """Whether a report is the copy of an older state, which today's rules need not suit and which nobody publishes."""
    return root.resolve().parent.name.startswith(BASE)
