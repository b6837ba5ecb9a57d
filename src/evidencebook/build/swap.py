"""Folders that change places in one step: a reader finds the edition that was there before or the next one."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from evidencebook.tables.files import exchanged

ASIDE = ".last"  # ends the name of a folder while another takes its place in two steps


def put_in_place(new: Path, place: Path) -> None:
    """Move a folder to a place where another may stand, and remove that one.

    The two change places in one step where the system can do that (Linux, macOS). Elsewhere there is a moment between
    two steps; `recover` puts back what a kill in that moment took away.
    """
    if not exchanged(new, place):
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
