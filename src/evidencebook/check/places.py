"""What lies in a report: regular files, of which none leads out of it; pipes and devices would never end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from evidencebook.check import anchors
from evidencebook.tables import files
from evidencebook.tables.problems import Problem

FOLDERS = ("book", "data", "seeds")
ALONE = ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt")
# Files by whose names others look for them; a folder of such a name is none.
SUFFIXES = {".cff", ".csv", ".geojson", ".ipynb", ".json", ".md", ".py", ".rst", ".txt", ".yml"}
LARGEST_PAGE = 16 * 2**20  # bytes


def problems(root: Path, texts: Path) -> Iterator[Problem]:
    """Yield what in a report, and in the folder of its texts, is not a file, leads out of it or is too large."""
    root = root.resolve()
    for path in sorted(_within(root)):
        label = path.relative_to(root).as_posix()
        found = path.lstat()
        if not path.exists():
            yield Problem(label, None, None, "the link leads nowhere", "take it away, or correct it")
        elif stat.S_ISLNK(found.st_mode) and not path.resolve().is_relative_to(root):
            yield Problem(label, None, None, "the link leads out of the report", "put the file itself there")
        elif path.is_dir() and path.suffix in SUFFIXES:
            yield Problem(label, None, None, "there is a folder in place of a file", "put a file there")
        elif not path.is_dir() and not path.is_file():
            yield Problem(label, None, None, files.kind(path.stat().st_mode), "take it away, or put a file there")
        elif path.suffix in (".md", ".ipynb", ".rst") and found.st_size > LARGEST_PAGE:
            what = f"{found.st_size:,} bytes are more than the {LARGEST_PAGE:,} of a page"
            yield Problem(label, None, None, what, "divide the page")
    for path in sorted(texts.glob("*.txt")):
        try:
            anchors.read_text(path)
        except OSError as error:
            what, remedy = files.told(error)
            yield Problem(path.name, None, None, f"no article can be read: {what}", remedy)


def _within(root: Path) -> Iterator[Path]:
    yield from (root / name for name in ALONE if os.path.lexists(root / name))
    for name in FOLDERS:
        for folder, inner, names in os.walk(root / name):
            # Whoever has the articles may keep them elsewhere; hidden files are no part of an edition.
            own = anchors.own_texts_dir(root)
            inner[:] = [one for one in inner if not one.startswith(".") and Path(folder, one) != own]
            yield from (Path(folder, one) for one in (*inner, *names) if not one.startswith("."))
