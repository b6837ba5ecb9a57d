"""Every kind of input that a page may have, edited and built: nothing stays old, and nothing is executed without need.

One book has a page for each kind. It is built from nothing, then again (everything rests), then after all its files
were touched (everything rests), and then after changes: at once where a build meets the files anyway, as what the
records say of each page tells whether its own input was noticed; and one by one with `EVIDENCE_INPUTS=each`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.building import ENGINE, JUPYTER_BOOK, executed, soup
from tests.inputs import FOLDER, Kind, Place
from tests.kinds import ASKS, BESIDE, KINDS, NEEDS, OWN, READS, WRITING

pytestmark = [pytest.mark.slow, pytest.mark.thorough]

CONFIG = f"""
title: Inputs
description: 7
only_build_toc_files: true
exclude_patterns: [left]
execute: {{execute_notebooks: force, timeout: 120}}
latex: {{use_jupyterbook_latex: false}}
sphinx:
  local_extensions: {{evidencebook.execution: {ENGINE}}}
  config: {{html_theme: basic, nb_execution_raise_on_error: true}}
"""
PAGE = (
    "---\nfile_format: mystnb\nkernelspec: {{name: python3, display_name: Python 3}}\n{line}---\n# {name}\n\n{body}\n"
)
CELL = "```{{code-cell}} python\n{code}\n```"
GENERAL = ("INPUT_", "variable of the environment", "list of files below the report")  # which say no path
READING = "reading sources... ["  # what Sphinx says where it reads any page
USED = [kind for kind in KINDS if not kind.needs or importlib.util.find_spec(kind.needs)]
WRITERS = [name for name in WRITING if name not in NEEDS or importlib.util.find_spec(NEEDS[name])]


@dataclass
class Book:
    """The book of all kinds, its builds, and what came of each."""

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)  # what was executed in a build, by its name
    reasons: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # and why, for each page
    shown: dict[str, dict[str, str]] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        return Place(self.root / FOLDER / name, self.root.parent / "outside" / name)

    def write(self, name: str, code: str, kind: Kind | None = None) -> None:
        place = self.place(name)
        place.here.mkdir(parents=True, exist_ok=True)
        prose = kind.prose if kind else ""
        named = prose.startswith("inputs:")
        body = CELL.format(code=place.filled(code)) if code else prose
        line = f"evidence: {{{place.filled(prose)}}}\n" if named else ""
        page = PAGE.format(line=line, name=name, body=body)
        if not code:  # prose is a page without a kernel, unless it has a cell
            page = page if "code-cell" in prose else page.partition("---\n#")[2].join(["#", ""])
        (place.here / "page.md").write_text(page, "utf-8")
        for file, content in {**OWN, **BESIDE.get(name, {})}.items() if name not in ("listdir-here",) else ():
            if kind and file in OWN:
                continue
            place.path(file).parent.mkdir(parents=True, exist_ok=True)
            place.path(file).write_bytes(content)
        if kind:
            kind.before(place, self.variables)

    def build(self, name: str) -> str:
        done = subprocess.run(
            [JUPYTER_BOOK, "build", str(self.root)], capture_output=True, text=True, check=False,
            env={**os.environ, **self.variables},
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        self.told[name] = {page.split("/")[1] for page in executed(done.stdout) if "/" in page}
        kept = json.loads((self.root / "_build/.doctrees/executed/decisions.json").read_text("utf-8"))
        self.reasons[name] = {page.split("/")[1]: one["reasons"] for page, one in kept.items() if "/" in page}
        pages = self.root / "_build/html" / FOLDER
        self.shown[name] = {page.parent.name: str(soup(page).get_text()) for page in pages.glob("*/page.html")}
        return said


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    found = Book(tmp_path_factory.mktemp("inputs") / "report")
    for kind in USED:
        found.write(kind.name, kind.code, kind)
    for name in WRITERS:
        found.write(f"w-{name}", WRITING[name])
    found.write("asks-only", ASKS)
    found.write("reads-only", READS)
    (found.root / "_config.yml").write_text(CONFIG, "utf-8")
    (found.root / "index.md").write_text("# Inputs\n", "utf-8")
    pages = sorted(path.parent.name for path in (found.root / FOLDER).glob("*/page.md"))
    contents = "".join(f"  - file: {FOLDER}/{name}/page\n" for name in pages)
    (found.root / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{contents}", "utf-8")
    found.build("cold")
    assert READING not in found.build("again")
    for path in found.root.parent.rglob("*"):
        if path.is_file() and "_build" not in path.parts:
            os.utime(path)
    assert READING not in found.build("touched")
    change_all(found)
    assert READING not in found.build("at rest")
    return found


def change_all(book: Book) -> None:
    """Change what every page shows, in as few builds as tell which change was noticed."""
    if os.environ.get("EVIDENCE_INPUTS") == "each":
        for kind in USED:
            kind.change(book.place(kind.name), book.variables)
            book.build(f"changed {kind.name}")
    else:
        for kind in USED:
            if kind.lies_in == "elsewhere":
                kind.change(book.place(kind.name), book.variables)
        book.build("changed elsewhere")
        for kind in USED:
            if kind.lies_in == "book":
                kind.change(book.place(kind.name), book.variables)
        book.build("changed book")


def names(which: str) -> list[str]:
    return [kind.name for kind in USED if which == "all" or kind.lies_in == which]


@pytest.mark.parametrize("name", [kind.name for kind in USED])
def test_a_page_shows_what_its_input_says(book: Book, name: str) -> None:
    kind = next(kind for kind in USED if kind.name == name)
    build = f"changed {name}" if f"changed {name}" in book.shown else f"changed {kind.lies_in}"
    before, after = kind.shows
    assert before in book.shown["cold"][name]
    assert after in book.shown[build][name]


@pytest.mark.parametrize("name", [kind.name for kind in USED] + [f"w-{name}" for name in WRITERS])
def test_a_page_rests_when_nothing_changed(book: Book, name: str) -> None:
    assert name not in book.told["again"], book.reasons["again"][name]
    assert name not in book.told["touched"], book.reasons["touched"][name]
    assert name not in book.told["at rest"], book.reasons["at rest"][name]


@pytest.mark.parametrize("name", [kind.name for kind in USED if kind.code])
def test_its_own_input_is_the_reason(book: Book, name: str) -> None:
    kind = next(kind for kind in USED if kind.name == name)
    build = f"changed {name}" if f"changed {name}" in book.shown else f"changed {kind.lies_in}"
    reasons = book.reasons[build][name]
    own = [reason for reason in reasons if name in reason or any(one in reason for one in GENERAL)]
    assert own or name in ("c-after-b", "b-after-a", "config", "lists-what-a-writes", "b-writes-too")
    if kind.is_exact and name not in ("c-after-b", "b-after-a", "config", "lists-what-a-writes", "b-writes-too"):
        assert own == reasons


def test_a_page_that_appends_is_executed_once(book: Book) -> None:
    assert (book.place("w-append").here / "out").read_text() == "x"
    assert (book.place("w-count-up").here / "number").read_text() == "8"
