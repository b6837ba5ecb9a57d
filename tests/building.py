"""Real builds of books, as a reader of Jupyter Book's manual would start them, and what comes of them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from tests.starting import JUPYTER_BOOK as JUPYTER_BOOK
from tests.starting import alone
from tests.starting import run as build

REPORT = Path(__file__).parents[1]
ENGINE = REPORT / "src"
TIDES = Path(__file__).parent / "roots" / "tides"
STRICT = ("-W", "-n", "--keep-going")
EDITIONS: dict[str, tuple[str, ...]] = {
    "html": (),
    "latex": ("--builder", "latex"),
    **{name: ("--builder", "custom", "--custom-builder", name) for name in ("pdf", "epub")},
}
FREE = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# Notes in a folder

Some prose.

```{code-cell} python
from pathlib import Path
from figures import counting
print(counting.WORD, [(path.name, path.read_text()) for path in sorted(Path("../notes").glob("*.txt"))])
```
"""
TIDE, FREE_LINE = "      - file: book/tide\n", "      - file: book/free\n"


def copy_book(folder: Path, name: str = "tides") -> Path:
    root = folder / name
    shutil.copytree(TIDES, root)
    config = root / "_config.yml"
    config.write_text(config.read_text("utf-8").replace("../../../src", str(ENGINE)), "utf-8")
    return root


def copy_report(root: Path) -> None:
    for name in ("book", "data", "seeds", "src"):
        shutil.copytree(REPORT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt"):
        shutil.copy(REPORT / name, root / name)


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def one(found: BeautifulSoup | Tag, selector: str) -> Tag:
    nodes = found.select(selector)
    assert len(nodes) == 1, f"{selector}: {len(nodes)}"
    return nodes[0]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def executed(output: str) -> set[str]:
    return set(re.findall(r"^(\S+): executed in", output, re.MULTILINE))


def built_in(root: Path, *editions: str) -> set[str]:
    """Build editions one after the other, without a warning; return the pages that were executed."""
    told = ""
    for edition in editions:
        done = build(root, *STRICT, *EDITIONS[edition])
        assert done.returncode == 0, done.stdout + done.stderr
        told += done.stdout
    return executed(told)


def built(root: Path) -> set[str]:
    return built_in(root, "html")


def built_once(
    factory: pytest.TempPathFactory, name: str, copy: Callable[[Path], object], other: Path | None = None
) -> Path:
    """Build the web edition of a book once for all processes of a run, in a folder of this name or another one."""
    folder = factory.getbasetemp()
    own = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    root = other or own
    with own.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not own.with_suffix(".built").exists():
            if root == own:
                copy(root)
            built(root)
            own.with_suffix(".built").touch()
    return root


def from_nothing(root: Path, elsewhere: Path) -> dict[str, str]:
    done = alone(root, *STRICT, "--path-output", str(elsewhere))
    assert done.returncode == 0, done.stdout + done.stderr
    return tree(elsewhere / "_build/html")


def differences(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


def copy_book_with_notes(folder: Path) -> Path:
    """The book with one page more, which reads files that nobody declares."""
    root = copy_book(folder)
    (root / "book/free.md").write_text(FREE, "utf-8")
    (root / "book/figures/counting.py").write_text('WORD = "one"\n', "utf-8")
    (root / "notes").mkdir()
    (root / "notes/a.txt").write_text("a", "utf-8")
    (root / "requirements.txt").write_text("pandas==3.0.0\n", "utf-8")
    (root / "book/_static").mkdir(exist_ok=True)
    (root / "book/_static/own.css").write_text("p { margin: 0 }\n", "utf-8")
    change(root / "_config.yml", "html_static_path: []", "html_static_path: [book/_static]")
    change(root / "_toc.yml", TIDE, FREE_LINE + TIDE)
    return root
