"""What a build knows of those before it: nothing is called unchanged before the records of all pages were asked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.build import freshness
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
        self.wrote_into = root

    def build(
        self, *reads: Read, warnings: int = 0, error: Exception | None = None, writes: str = "", page: str = "page",
        **more: Any,
    ) -> tuple[bool, bool]:  # fmt: skip
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
        vars(app).update(more)
        memory = Memory(app)
        memory.begin()
        memory.step_aside(app)
        told = memory.is_read, memory.is_written
        if writes and not memory.is_read:  # a page that is executed
            (self.root / writes).write_text("7", "utf-8")
        seen.update({read.key: read.found or fingerprint(read) for read in reads})
        self.wrote_into = Path(app.outdir)
        self.wrote_into.mkdir(parents=True, exist_ok=True)
        (self.wrote_into / "index.html").write_text(page, "utf-8")
        (self.wrote_into / ".buildinfo").touch()
        memory.end(app, error)
        assert app.outdir == app.builder.outdir and not out.with_name(".html.part").exists()
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


@pytest.mark.parametrize("option", ["html_static_path", "html_extra_path", "templates_path"])
def test_folders_that_settings_name_are_asked_for(book: Book, option: str) -> None:
    book.settings[option] = ["left"]
    assert [book.build(), book.build()] == [OLD, SAME]
    (book.root / "left/own.css").write_text("p { margin: 0 }", "utf-8")
    time.sleep(STEP)
    assert [book.build(), book.build()] == [OLD, SAME]


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


def stands(book: Book) -> str:
    return (book.root / "_build/html/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "is_made", "is_remembered"),
    [
        ({}, True, True),
        ({"warnings": 1}, True, False),
        ({"warnings": 1, "keep_going": True}, False, False),
        ({"warnings": 1, "warningiserror": True}, False, False),
        ({"keep_going": True, "warningiserror": True}, True, True),
        ({"statuscode": 1}, False, False),
        ({"error": ValueError()}, False, False),
    ],
)
def test_only_a_good_build_takes_the_place_of_the_edition_that_stands(
    book: Book, more: dict[str, Any], is_made: bool, is_remembered: bool
) -> None:
    book.build(page="first")
    edit(book.root / "page.md")
    book.build(page="other", **more)
    assert book.wrote_into.name == ".html.part"
    assert stands(book) == ("other" if is_made else "first")
    assert not (book.root / "_build/html/.buildinfo").exists()
    assert book.build() == (SAME if is_remembered else OLD)


def test_an_edition_that_was_made_from_the_same_inputs_is_left_as_it_is(book: Book) -> None:
    book.build(page="first")
    book.build(page="again")
    assert stands(book) == "first" and book.wrote_into.name == ".html.part"


def test_a_folder_of_somebody_else_is_written_into_and_not_exchanged(book: Book) -> None:
    out = book.root / "_build/html"
    out.mkdir(parents=True)
    (out / "own.txt").touch()
    assert book.build() == OLD
    assert book.wrote_into == out and {path.name for path in out.iterdir()} == {"own.txt", "index.html"}
    assert book.build() == SAME  # what is known to be an edition now
    assert book.wrote_into.name == ".html.part" and (out / "own.txt").exists()


@pytest.mark.parametrize(
    ("names", "is_one"),
    [
        ([], True), ([".buildinfo", "x"], True), (["objects.inv", "x"], True), (["x.pdf"], True), (["x.epub"], True),
        (["x.pdf", "x.epub"], True),
        (["x.pdf", "x.txt"], False), (["index.html"], False), (["own"], False),
    ],
)  # fmt: skip
def test_a_folder_is_an_edition_where_a_build_left_its_marks(tmp_path: Path, names: list[str], is_one: bool) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert freshness._is_an_edition(tmp_path) is is_one
    assert freshness._is_an_edition(tmp_path / "none")


def test_settings_packages_and_python_count(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.build()
    book.settings["title"] = "Other"
    assert [book.build(), book.build()] == [OLD, SAME]
    monkeypatch.setattr(freshness.environment, "packages", lambda: "other")
    assert [book.build(), book.build()] == [OLD, SAME]
    monkeypatch.setattr(freshness.sys, "version", "other")
    assert [book.build(), book.build()] == [OLD, SAME]
    (book.root / "own/env").mkdir(parents=True)
    (book.root / "own/env/pyvenv.cfg").touch()  # an environment, as the contents tell it page by page
    book.settings["exclude_patterns"] = ["left", "own/env/lib/readme.md"]
    book.build()
    book.settings["exclude_patterns"] = ["left", "own/env/lib/other.md"]
    assert book.build() == SAME
    book.settings["exclude_patterns"] = ["left", "own/other.md"]
    assert book.build() == OLD


def test_what_sphinx_remembers_of_other_inputs_is_forgotten(book: Book) -> None:
    book.build()
    doctrees = book.root / "_build/.doctrees"
    (doctrees / "deep").mkdir()
    kept = [doctrees / name for name in ("environment.pickle", "page.doctree", "deep/page.doctree")]
    for path in kept:
        path.touch()
    assert book.build() == SAME and all(path.exists() for path in kept)
    edit(book.root / "page.md")
    assert book.build() == OLD and not any(path.exists() for path in kept)


def test_a_second_build_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said, ended = list[str](), list[str]()
    monkeypatch.setattr(freshness.LOGGER, "info", lambda text, *given: said.append(text % given))
    first = freshness._locked(tmp_path / "lock")
    assert first is not None and said == []

    def second() -> None:
        own = freshness._locked(tmp_path / "lock")
        ended.append("second")
        assert own is not None
        own.close()

    waiting = Thread(target=second)
    waiting.start()
    waiting.join(0.2)
    ended.append("first")
    first.close()
    waiting.join()
    assert ended == ["first", "second"]
    assert said == [f"Another build is at work in {tmp_path}; waiting for it to end."]


def test_environments_in_the_folder_are_left_out_of_the_contents(tmp_path: Path) -> None:
    for name in ("env", "own/.venv", "too/deep/env"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pyvenv.cfg").touch()
    app: Any = SimpleNamespace(srcdir=tmp_path)
    config: Any = SimpleNamespace(exclude_patterns=["left"])
    freshness.leave_out_environments(app, config)
    assert config.exclude_patterns == ["left", "env", "own/.venv"]


@pytest.mark.parametrize(
    ("is_read", "added", "removed", "left"),
    [
        (True, set(), set(), set()),
        (False, set(), set(), {"a"}),
        (True, {"b"}, set(), {"a"}),
        (True, set(), {"b"}, {"a"}),
    ],
)
def test_pages_that_were_merely_touched_are_not_read_again(is_read: bool, added: str, removed: str, left: str) -> None:
    app: Any = SimpleNamespace(evidence_memory=SimpleNamespace(is_read=is_read, is_written=is_read))
    changed = {"a"}
    assert freshness.ignore_times(app, app, set(added), changed, set(removed)) == []
    assert changed == set(left)
    assert freshness.is_written(app) is freshness.is_known_good(app) is is_read
    nothing: Any = SimpleNamespace()
    assert not freshness.is_written(nothing) and not freshness.is_known_good(nothing)
