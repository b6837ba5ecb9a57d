"""What some tests need that not every machine has: a run without it leaves them out and says so in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from evidencebook.check import anchors

ROOT = Path(__file__).parents[1]
TEX = ("make", "latexmk", "xelatex")
MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && ! touch "$1/x" 2>/dev/null && shift && "$@"'


@dataclass(frozen=True)
class Need:
    """A need: what its tests would verify and why they could not, to follow "Not verified: 2 tests of"."""

    what: str
    is_met: Callable[[], bool]


def has_texts() -> bool:
    return any(anchors.texts_dir(ROOT).glob("*.txt"))


def has_tex() -> bool:
    return all(map(shutil.which, TEX))


@cache
def has_mounts() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return (
            bool(shutil.which("unshare"))
            and not subprocess.run(read_only(Path(folder), "true"), capture_output=True, check=False).returncode
        )


def read_only(folder: Path, *command: str) -> list[str]:
    """Return the command that runs another one while nobody can write into the folder."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--mount", "sh", "-c", MOUNT, "sh", str(folder), *command]


NEEDS = {
    "texts": Need("passages against the articles, whose texts are not here (set EVIDENCE_TEXTS)", has_texts),
    "r": Need("the first lines for R, which is not installed", lambda: shutil.which("Rscript") is not None),
    "datasette": Need("Datasette, which is not installed", lambda: shutil.which("datasette") is not None),
    "jupyterlab": Need("JupyterLab, which `make lab` installs", lambda: find_spec("jupyterlab") is not None),
    "tex": Need("the LaTeX edition as TeX sets it, which is not installed (README.md names the packages)", has_tex),
    "mounts": Need("a checkout that cannot be written, since this machine mounts no folder read-only", has_mounts),
}


def line(name: str, number: int) -> str:
    """Return what a run says of the tests that it has left out."""
    return f"Not verified: {number} {'test' if number == 1 else 'tests'} of {NEEDS[name].what}"
