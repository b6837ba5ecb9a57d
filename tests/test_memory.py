"""What a build knows of those before it: nothing is called unchanged before the records of all pages were asked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.build.freshness import FOLDERS, Memory
from evidencebook.execution.inputs import Read, fingerprint


class Config(dict[str, Any]):
    """Settings as Sphinx has them: by name, as attributes, and one after the other."""

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __iter__(self) -> Iterator[Any]:
        return iter([SimpleNamespace(name=name, value=value) for name, value in self.items()])


class Book:
    """A folder and builds of it, of which nothing is real but the memory."""

    def __init__(self, root: Path) -> None:
        self.root, self.dependencies = root, dict[str, set[str]]()
        self.settings: dict[str, Any] = {}

    def build(
        self, *reads: Read, warnings: int = 0, error: Exception | None = None, writes: str = ""
    ) -> tuple[bool, bool]:
        """Whether all pages were read before, and whether the edition that stands was made from the same inputs."""
        out = self.root / "_build/html"
        out.mkdir(parents=True, exist_ok=True)
        config = Config({"exclude_patterns": ["left"], **{name: [] for name in FOLDERS}, **self.settings})
        seen: dict[Read, str] = {}
        app: Any = SimpleNamespace(
            outdir=out, doctreedir=self.root / "_build/.doctrees", srcdir=self.root, config=config, statuscode=0,
            builder=SimpleNamespace(name="html", format="html", outdir=out), keep_going=False, warningiserror=False,
            env=SimpleNamespace(dependencies=self.dependencies), _warncount=warnings,
            evidence_runner=SimpleNamespace(seen=seen),
        )  # fmt: skip
        memory = Memory(app)
        memory.begin()
        memory.step_aside(app)
        told = memory.is_read, memory.is_written
        if writes and not memory.is_read:  # a page that is executed
            (self.root / writes).write_text("7", "utf-8")
        seen.update({read.key: read.found or fingerprint(read) for read in reads})
        (Path(app.outdir) / "index.html").parent.mkdir(parents=True, exist_ok=True)
        (Path(app.outdir) / "index.html").write_text("page", "utf-8")
        memory.end(app, error)
        return told


STEP = 0.05  # seconds: more than a file system takes for one time
OLD, SAME = (False, False), (True, True)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    (tmp_path / "report/left").mkdir(parents=True)
    (tmp_path / "report/page.md").write_text("# Page", "utf-8")
    (tmp_path / "outside.csv").write_text("7", "utf-8")
    return Book(tmp_path / "report")


def edit(path: Path) -> None:
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("7", "8").replace("P", "Q"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_file_of_the_folder_is_compared_by_content(book: Book) -> None:
    assert [book.build(), book.build()] == [OLD, SAME]
    (book.root / "page.md").touch()
    assert book.build() == SAME
    edit(book.root / "page.md")
    assert [book.build(), book.build()] == [OLD, SAME]


@pytest.mark.parametrize("where", ["../outside.csv", "left/x.csv", ".hidden/x.csv", "_build/x.csv"])
def test_what_a_page_read_elsewhere_is_asked_for(book: Book, where: str) -> None:
    path = Path(os.path.normpath(book.root / where))
    path.parent.mkdir(exist_ok=True)
    path.write_text("7", "utf-8")
    read = Read("content", str(path))
    assert [book.build(read), book.build(read)] == [OLD, SAME]
    path.touch()
    assert book.build(read) == SAME
    edit(path)
    assert [book.build(read), book.build(read)] == [OLD, SAME]
    path.unlink()
    assert [book.build(read), book.build(read)] == [OLD, SAME]
    path.write_text("7", "utf-8")
    assert book.build(read) == OLD


def test_variables_missing_files_and_pages_for_every_build_are_asked_for(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Read("variable", "ASKED"), Read("state", str(book.root.parent / "maybe"))
    assert [book.build(*reads), book.build(*reads)] == [OLD, SAME]
    monkeypatch.setenv("ASKED", "7")
    assert [book.build(*reads), book.build(*reads)] == [OLD, SAME]
    (book.root.parent / "maybe").touch()
    assert [book.build(*reads), book.build(*reads)] == [OLD, SAME]
    assert [book.build(Read("always", "page")), book.build()] == [SAME, SAME]  # nobody asked the pages: all was known
    edit(book.root / "page.md")
    assert [book.build(Read("always", "page")) for _ in range(2)] == [OLD, OLD]


def test_what_sphinx_included_from_elsewhere_is_asked_for(book: Book) -> None:
    book.dependencies = {"page": {"../outside.csv", "_build/jupyter_execute/made.svg"}}
    time.sleep(STEP)
    book.build()
    assert book.build() == SAME
    edit(book.root.parent / "outside.csv")
    assert book.build() == OLD
    time.sleep(STEP)
    book.settings["html_static_path"] = ["left", "_build/.doctrees/made"]
    assert [book.build(), book.build()] == [OLD, SAME]
    (book.root / "left/own.css").write_text("p { margin: 0 }", "utf-8")
    assert book.build() == OLD


def test_a_file_that_a_page_wrote_into_the_folder_is_no_change(book: Book) -> None:
    written = Read("written", str(book.root / "out.csv"))
    assert [book.build(written, writes="out.csv"), book.build(written, writes="out.csv")] == [OLD, SAME]
    edit(book.root / "out.csv")
    assert [book.build(written, writes="out.csv"), book.build(written, writes="out.csv")] == [OLD, SAME]
    (book.root / "out.csv").unlink()
    assert book.build(written, writes="out.csv") == OLD


def test_a_file_that_somebody_saves_during_a_build_is_a_change(book: Book) -> None:
    assert [book.build(writes="page.md"), book.build()] == [OLD, OLD]


@pytest.mark.parametrize("spoil", ["warning", "error", "edition"])
def test_a_build_that_did_not_end_well_is_not_remembered(book: Book, spoil: str) -> None:
    book.build(warnings=spoil == "warning", error=ValueError() if spoil == "error" else None)
    if spoil == "edition":
        (book.root / "_build/html/index.html").write_text("cut", "utf-8")
    assert book.build() == ((True, False) if spoil == "edition" else OLD)
