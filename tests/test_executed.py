"""What a build executes: which pages, in which order they are read and what is told, by a runner that runs nothing."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from myst_nb.core.config import NbParserConfig
from myst_parser.config.main import MdParserConfig

from evidencebook.build import execution
from evidencebook.build.execution import Execution
from evidencebook.execution import decisions
from evidencebook.execution.decisions import Decision
from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Failure, Outcome

PAGE = """---
file_format: mystnb
kernelspec: {{name: {kernel}, display_name: Python}}
{more}---
# Page

```{{code-cell}} python
1 + 1
```
"""


class Runner:
    """Says of each page what came of it."""

    def __init__(self, *given: Any, workers: Any, start: Any) -> None:
        self.root, self.store, self.folders, self.told = given
        self.seen: dict[Read, str] = {}
        self.wrote, self.ran = set[str](), list[list[str]]()
        self.failing, self.changing = set[str](), set[str]()
        self.looked_at = list[str]()
        self.resting_ones = dict[str, Outcome]()

    def resting(self, page: Any) -> Outcome | None:
        return self.resting_ones.get(page.name)

    def look(self, pages: Any) -> None:
        self.looked_at += [page.name for page in pages]

    def run(self, pages: Any) -> dict[str, Outcome]:
        self.ran.append([page.name for page in pages])
        for page in pages:
            self.told(Decision(page.name, ("one", "two", "three", "four") if page.name == "b" else (), 1.234))
        failure = Failure(0, 1, "no")
        made = {page.name: Outcome((), (), 1.0, failure if page.name in self.failing else None) for page in pages}
        return made | {name: one for name, one in self.resting_ones.items() if name not in self.changing}


class Builder:
    """A folder of pages, and what Sphinx would hand over."""

    def __init__(self, root: Path) -> None:
        self.root, self.purged, self.read, self.said = root, list[str](), list[str](), list[str]()
        config = SimpleNamespace(evidence_imported=[], evidence_imported_first=[], evidence_folders=[])
        self.app: Any = SimpleNamespace(srcdir=str(root), doctreedir=str(root / "_build/.doctrees"), config=config)
        self.app.outdir = str(root / "_build/html")
        self.app.emit = lambda event, env, docname: self.purged.append(f"{event} {docname}")
        self.app.builder = SimpleNamespace(read_doc=self.read.append)
        self.env: Any = SimpleNamespace(
            mystnb_config=NbParserConfig(execution_mode="force"), myst_config=MdParserConfig(), found_docs={"a", "b"},
            doc2path=lambda docname: str(root / f"{docname}.md"), dependencies={}, all_docs={"a", "b", "prose"},
            clear_doc=lambda docname: self.purged.append(f"clear {docname}"),
        )  # fmt: skip
        self.app.env = self.env
        self.execution = Execution(self.app)
        self.runner: Any = self.execution.runner

    def write(self, name: str, kernel: str = "python3", **settings: Any) -> None:
        more = f"mystnb: {json.dumps(settings)}\n" if settings else ""
        (self.root / f"{name}.md").write_text(PAGE.format(kernel=kernel, more=more), "utf-8")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    monkeypatch.setattr(execution, "Runner", Runner)
    book = Builder(tmp_path)
    monkeypatch.setattr(execution.LOGGER, "info", lambda text, *given: book.said.append(text % given))
    (tmp_path / "prose.md").write_text("# Prose\n", "utf-8")
    for name in "ab":
        book.write(name)
    return book


def test_pages_with_code_are_executed_at_once_and_read_last(book: Builder) -> None:
    listed = ["b", "prose", "a"]
    book.execution.prepare(book.app, book.env, listed)
    assert (listed, book.runner.looked_at, book.runner.ran) == (["prose", "a", "b"], ["a", "b"], [])
    book.execution.complete(book.app, book.env)
    book.execution.complete(book.app, book.env)  # there is nothing left to do
    assert book.runner.ran == [["a", "b"]]
    assert book.said[0] == "b: executed in 1.23 s, because one; two; three; …"
    assert book.said[1:] == ["1 pages executed in 0.0 s, 1 unchanged"]
    folder = book.root / "_build/.doctrees/executed"
    assert {page: len(one["reasons"]) for page, one in decisions.read(folder).items()} == {"a": 0, "b": 4}
    assert book.runner.store.folder == folder and book.runner.root == book.root


@pytest.mark.parametrize(
    ("settings", "is_executed"),
    [
        ({}, True),
        ({"execution_mode": "off"}, False),
        ({"execution_mode": "inline"}, False),
        ({"execution_mode": "cache"}, True),
    ],
)  # fmt: skip
def test_a_page_says_for_itself_how_it_is_executed(book: Builder, settings: dict[str, Any], is_executed: bool) -> None:
    book.write("a", **settings)
    book.execution.prepare(book.app, book.env, ["a"])
    book.execution.complete(book.app, book.env)
    assert book.runner.ran == ([["a"]] if is_executed else [])
    # What MyST-NB executes itself is executed in every build: nobody sees what it reads.
    inline = settings.get("execution_mode") == "inline"
    assert book.runner.seen == ({Read("always", "a"): ""} if inline else {})


def test_pages_may_be_left_out_by_pattern_and_kernels_have_other_names(book: Builder) -> None:
    book.write("b", kernel="own-3")
    book.env.mystnb_config = NbParserConfig(
        execution_mode="force",
        execution_excludepatterns=["a.md"],
        kernel_rgx_aliases={"own": "none", "own-.": "python3"},
    )
    book.execution.prepare(book.app, book.env, ["a", "b"])
    assert [(page.name, page.kernel) for page in book.execution._waiting] == [("b", "python3")]


@pytest.mark.parametrize(("outputs", "is_executed"), [([1, 1], False), ([1, 0], True), ([0, 0], True)])
def test_stored_results_are_taken_in_mode_auto_where_all_are_there(outputs: list[int], is_executed: bool) -> None:
    cells = [nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")] * n) for n in outputs]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Page"), *cells])
    assert execution._has_all_outputs(notebook) is not is_executed


@pytest.mark.parametrize(("timeout", "limit"), [(30, 30), (-1, None), (0, None), (1, 1)])
def test_limits_and_folders_of_a_page_are_those_of_its_settings(timeout: int, limit: int | None) -> None:
    config = NbParserConfig(execution_timeout=timeout, execution_allow_errors=True, execution_in_temp=True)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    page = execution.page_of(notebook, "deep/a", Path("/r/deep/a.md"), config, "1\n")
    assert (page.name, page.folder, page.limit, page.in_temp) == ("deep/a", "/r/deep", limit, True)
    assert page.cells[0].may_fail


def test_prose_that_includes_what_a_page_wrote_is_read_again(book: Builder) -> None:
    book.execution.prepare(book.app, book.env, ["a", "prose"])
    book.execution.complete(book.app, book.env)
    book.env.dependencies = {"prose": {"out.txt"}, "a": {"out.txt"}, "gone": {"out.txt"}, "b": {"other.txt"}}
    book.execution.read_again(book.app, book.env)
    assert book.read == []
    book.runner.wrote = {str(book.root / "out.txt")}
    book.execution.read_again(book.app, book.env)
    assert (book.read, book.purged) == (["prose"], ["env-purge-doc prose", "clear prose"])


@pytest.mark.parametrize("changing", [set(), {"a"}])
def test_pages_that_rest_are_read_before_and_again_where_others_turn_them(book: Builder, changing: set[str]) -> None:
    rests = Outcome((), (), 0.5)
    book.runner.resting_ones, book.runner.changing = {"a": rests}, changing
    listed = ["b", "prose", "a"]
    book.execution.prepare(book.app, book.env, listed)
    assert listed == ["prose", "a", "b"]
    one, other = book.execution._waiting
    assert book.execution.outcome(one) is rests and book.runner.ran == []  # nobody waits for it
    assert book.execution.outcome(other).seconds == 1.0 and book.runner.ran == [["a", "b"]]
    book.execution.read_again(book.app, book.env)
    assert book.read == sorted(changing)
    assert book.execution.outcome(one).seconds == (1.0 if changing else 0.5)


def test_a_page_that_rests_and_includes_what_another_wrote_is_read_again(book: Builder) -> None:
    book.runner.resting_ones = {"a": Outcome((), (), 0.5)}
    book.execution.prepare(book.app, book.env, ["a", "b"])
    book.execution.outcome(book.execution._waiting[0])
    book.execution.complete(book.app, book.env)
    book.env.dependencies, book.runner.wrote = {"a": {"out.txt"}}, {str(book.root / "out.txt")}
    book.execution.read_again(book.app, book.env)
    assert book.read == ["a"]


def test_a_page_whose_code_is_another_when_it_is_read_is_executed_then(book: Builder) -> None:
    book.execution.prepare(book.app, book.env, ["a"])
    (page,) = book.execution._waiting
    assert book.execution.outcome(page).failure is None and book.execution.outcome(page).seconds == 1.0
    assert book.runner.ran == [["a"]]
    book.write("b")
    book.execution.prepare(book.app, book.env, ["b"])
    other = book.execution._waiting[0]
    assert book.execution.outcome(other) and book.runner.ran == [["a"], ["b"]]


@pytest.mark.parametrize("raises", [False, True])
def test_a_page_that_failed_is_told_and_stops_the_build_where_it_is_to(
    book: Builder, monkeypatch: pytest.MonkeyPatch, raises: bool
) -> None:
    told = list[Any]()
    monkeypatch.setattr(execution.failures, "tell", lambda app, page, failure, shows: told.append((page.name, shows)))
    book.env.mystnb_config = NbParserConfig(
        execution_mode="force", execution_raise_on_error=raises, execution_show_tb=True
    )
    book.runner.failing = {"b"}
    book.execution.prepare(book.app, book.env, ["a", "b"])
    if raises:
        with pytest.raises(execution.failures.Stopped, match=r"^b$"):
            book.execution.complete(book.app, book.env)
    else:
        book.execution.complete(book.app, book.env)
    assert told == [("b", True)]


def test_complaints_about_stored_results_are_told_once(book: Builder) -> None:
    book.runner.store.complaints.append("a was damaged")
    book.execution.prepare(book.app, book.env, ["a"])
    book.execution.complete(book.app, book.env)
    assert book.said[0] == "stored results: a was damaged"
    assert book.runner.store.complaints == []


def test_a_build_that_is_told_to_end_ends_as_by_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = list[Any]()
    app: Any = SimpleNamespace(connect=lambda event, listener, priority: ended.append((event, priority, listener)))
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        execution.stop_on_termination(app)
        assert (ended, signal.getsignal(signal.SIGTERM)) == ([], signal.SIG_IGN)  # somebody else listens
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        execution.stop_on_termination(app)
        ((event, priority, listener),) = ended
        assert (event, priority > 1000) == ("build-finished", True)
        listener()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        execution.stop_on_termination(app)
        with pytest.raises(SystemExit) as told:
            os.kill(os.getpid(), signal.SIGTERM)
        assert told.value.code == 128 + signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        execution.stop_on_termination(app)
        if not (child := os.fork()):  # as Sphinx forks one to read or write
            os.kill(os.getpid(), signal.SIGTERM)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)
