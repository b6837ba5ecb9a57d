"""Which pages are executed, in which order, and what is kept of them: with pages that are plain functions."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from evidencebook.execution import runner
from evidencebook.execution.decisions import Decision
from evidencebook.execution.inputs import ABSENT, Read, fingerprint
from evidencebook.execution.page import Cell, Failure, Outcome, Page, Ran
from evidencebook.execution.runner import Runner
from evidencebook.execution.store import KEPT, Store
from evidencebook.writing import PART

Work = Callable[["Desk"], str]
Patch = pytest.MonkeyPatch


class Desk:
    """What a page does to files, and what would be heard of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.found, self.written = folder, dict[Read, str](), set[str]()

    def read(self, name: str, is_heard: bool = True) -> str:
        path = str(self.folder / name)
        if path not in self.written:
            read = Read("content", path)
            self.found.setdefault(read, fingerprint(read) if is_heard else "")
        return Path(path).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        self.written.add(str(self.folder / name))
        (self.folder / name).write_text(text, "utf-8")

    def reads(self) -> tuple[Read, ...]:
        found = [Read(*read[:2], said) for read, said in self.found.items() if read.path not in self.written]
        found += [Read("written", path, fingerprint(Read("written", path))) for path in self.written]
        return tuple(sorted(found))


class Hands:
    """Executes pages one after the other in the place of processes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.works, self.executed = folder, dict[str, Work](), list[str]()
        self.unheard = set[str]()

    def run(self, pages: Sequence[Page], done: Callable[[Page, Outcome], None]) -> dict[str, Outcome]:
        outcomes = {}
        for page in pages:
            desk, failure, shown = Desk(self.folder), None, ""
            self.executed.append(page.name)
            try:
                shown = self.works[page.name](desk)
            except OSError as error:
                failure = Failure(0, None, str(error))
            ran, is_heard = (Ran(1, ({"text": shown},)),), page.name not in self.unheard
            outcomes[page.name] = Outcome(ran, desk.reads(), 0.0, failure, is_heard=is_heard)
            done(page, outcomes[page.name])
        return outcomes

    def close(self) -> None:
        pass


class Book:
    """Pages by name, and builds that tell what they executed; pages are looked at before if they may begin `ahead`."""

    def __init__(self, folder: Path, ahead: bool) -> None:
        self.ahead = ahead
        self.folder, self.store, self.hands = folder, Store(folder / "_build/executed"), Hands(folder)
        self.decisions: list[Decision] = []
        self.at_return = list[str]()
        self.meanwhile: Callable[[], object] = lambda: None

    def build(self, *, pages: dict[str, Page] | None = None, **works: Work) -> dict[str, str]:
        self.hands.works, self.hands.executed, self.decisions = works, [], []
        made = Runner(
            self.folder,
            self.store,
            [self.folder],
            self.decisions.append,
            workers=self.hands,  # type: ignore[arg-type]
        )
        asked = [(pages or {}).get(name, self.page(name)) for name in works]
        self.seen = made
        if self.ahead:
            made.look(asked)
            self.meanwhile()
        return {
            name: outcome.failure.error if outcome.failure else outcome.ran[0].outputs[0]["text"]
            for name, outcome in made.run(asked).items()
        }

    def page(self, name: str, code: str = "1", **more: object) -> Page:
        return Page(name, str(self.folder), (Cell(code, 1),), **more)  # type: ignore[arg-type]

    @property
    def reasons(self) -> dict[str, tuple[str, ...]]:
        return {one.page: one.reasons for one in self.decisions if one.is_executed}


@pytest.fixture(params=[False, True], ids=["in-turn", "ahead"])
def book(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr(runner, "processors", lambda: 2)
    (tmp_path / "x").write_text("7", "utf-8")
    return Book(tmp_path, ahead=request.param)


def copies(old: str, new: str) -> Work:
    def work(desk: Desk) -> str:
        desk.write(new, text := desk.read(old))
        return text

    return work


def shows(name: str) -> Work:
    return lambda desk: desk.read(name)


def test_a_page_is_executed_again_when_what_it_read_has_changed_and_only_then(book: Book) -> None:
    assert book.build(one=shows("x")) == {"one": "7"}
    assert book.build(one=shows("x")) == {"one": "7"} and book.hands.executed == []
    (book.folder / "x").write_text("8", "utf-8")
    assert book.build(one=shows("x")) == {"one": "8"}
    assert book.reasons == {"one": ("x changed",)}
    (book.folder / "x").write_text("7", "utf-8")
    assert book.build(one=shows("x")) == {"one": "7"} and book.hands.executed == []  # it was known


def test_a_page_that_writes_is_executed_once_and_again_where_what_it_left_has_changed(book: Book) -> None:
    works = {"one": copies("x", "out")}
    for _ in range(2):
        book.build(**works)
        assert book.hands.executed == (["one"] if _ == 0 else [])
    (book.folder / "out").write_text("edited", "utf-8")
    book.build(**works)
    assert book.reasons == {"one": ("out, which it wrote, changed",)}
    assert (book.folder / "out").read_text("utf-8") == "7"
    (book.folder / "out").unlink()
    book.build(**works)
    assert book.reasons == {"one": ("out, which it wrote, vanished",)}


def test_two_pages_that_write_the_same_file_rest(book: Book) -> None:
    works: dict[str, Work] = {
        "a": lambda desk: desk.write("out", "a") or "",
        "b": lambda desk: desk.write("out", "b") or "",
    }
    book.build(**works)
    book.build(**works)
    assert book.hands.executed == []


def test_a_page_that_appends_is_executed_once(book: Book) -> None:
    def work(desk: Desk) -> str:
        desk.write("x", (book.folder / "x").read_text("utf-8") + "+")
        return ""

    for _ in range(3):
        book.build(one=work)
    assert (book.folder / "x").read_text("utf-8") == "7+"


def test_pages_that_read_what_others_write_come_after_them(book: Book) -> None:
    works = {"a-last": shows("second"), "b-middle": copies("first", "second"), "c-first": copies("x", "first")}
    assert book.build(**works) == dict.fromkeys(works, "7")  # from nothing: who needed a file is asked again
    (book.folder / "x").write_text("8", "utf-8")
    assert book.build(**works) == dict.fromkeys(works, "8")
    assert book.hands.executed == ["c-first", "b-middle", "a-last"]
    assert book.build(**works) == dict.fromkeys(works, "8") and book.hands.executed == []
    (book.folder / "x").write_text("9", "utf-8")
    pages = {name: book.page(name, "other code") for name in works}
    assert book.build(pages=pages, **works) == dict.fromkeys(works, "9")
    assert book.hands.executed == ["c-first", "b-middle", "a-last"]  # each once, although all had to be from the start


def test_pages_begin_while_others_are_read_where_all_was_heard_of_them(tmp_path: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(runner, "processors", lambda: 2)
    book = Book(tmp_path, ahead=True)
    works: dict[str, Work] = {name: shows(name) for name in ("heard", "unheard", "resting")}
    works["later"] = shows("made")
    works["maker"] = copies("heard", "made")
    for name in works:
        (tmp_path / name).write_text("1", "utf-8")
    (tmp_path / "made").write_text("0", "utf-8")
    book.hands.unheard = {"unheard"}
    book.build(**works)
    begun = Event()
    book.build(**works)
    for name in ("heard", "unheard"):
        (tmp_path / name).write_text("2", "utf-8")

    def meanwhile() -> None:
        assert begun.wait(60)
        book.at_return = list(book.hands.executed)

    book.meanwhile = meanwhile
    works["maker"] = lambda desk: (copies("heard", "made")(desk), begun.set())[0]
    assert book.build(**works) == {"heard": "2", "unheard": "2", "resting": "1", "later": "2", "maker": "2"}
    assert sorted(book.at_return) == ["heard", "maker"]
    assert sorted(book.hands.executed) == ["heard", "later", "maker", "unheard"]  # each once
    assert book.reasons["heard"] == ("heard changed",)


def test_what_goes_unheard_for_the_first_time_while_others_are_read_is_executed_again(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(runner, "processors", lambda: 2)
    book = Book(tmp_path, ahead=True)
    (tmp_path / "x").write_text("1", "utf-8")
    book.build(one=shows("x"))
    (tmp_path / "x").write_text("2", "utf-8")
    book.hands.unheard = {"one"}
    assert book.build(one=shows("x")) == {"one": "2"} and book.hands.executed == ["one", "one"]
    assert len(book.decisions) == 1
    (tmp_path / "x").write_text("3", "utf-8")
    assert book.build(one=shows("x")) == {"one": "3"} and book.hands.executed == ["one"]  # it is known by now


def test_a_page_that_begins_to_write_what_another_reads_is_noticed(book: Book) -> None:
    works = {"a": shows("x"), "b": lambda _: ""}
    book.build(**works)
    works["b"] = lambda desk: desk.write("x", "8") or ""
    assert book.build(pages={"b": book.page("b", "other code")}, **works)["a"] == "8"


def test_going_back_to_earlier_code_writes_again_what_it_wrote(book: Book) -> None:
    def build(text: str) -> dict[str, str]:
        works = {"a": shows("out"), "b": lambda desk: desk.write("out", text) or ""}
        return book.build(pages={"b": book.page("b", text)}, **works)

    assert [build(text)["a"] for text in ("one", "two", "one")] == ["one", "two", "one"]


def test_a_file_saved_while_a_page_runs_leaves_no_stale_result(book: Book) -> None:
    def work(desk: Desk) -> str:
        text = desk.read("x")
        if text == "7":
            (book.folder / "x").write_text("8", "utf-8")  # an editor
        return text

    assert book.build(one=work) == {"one": "8"}


def test_what_nobody_looked_at_in_time_is_looked_at_twice_and_then_is_the_pages_own(book: Book) -> None:
    def work(desk: Desk) -> str:
        desk.read("x", is_heard=False)
        (book.folder / "x").write_text((book.folder / "x").read_text("utf-8") + "+", "utf-8")  # by a program
        return ""

    book.build(one=work)
    assert book.hands.executed == ["one", "one"]
    book.build(one=work)
    assert book.hands.executed == []


def test_a_page_whose_inputs_never_rest_is_given_up_for_this_build_and_not_kept(book: Book) -> None:
    def work(desk: Desk) -> str:
        text = desk.read("x")
        (book.folder / "x").write_text(text + "+", "utf-8")  # somebody else, each time
        return ""

    book.build(one=work)
    assert len(book.hands.executed) == 3
    book.build(one=work)
    assert book.hands.executed


def test_a_page_names_what_cannot_be_seen(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = {"one": book.page("one", inputs=("data/*.bin", "$REGION", "folder"))}
    for change in (
        lambda: (tmp_path / "data").mkdir() or (tmp_path / "data/x.bin").write_bytes(b"7"),
        lambda: (tmp_path / "data/x.bin").write_bytes(b"8"),
        lambda: monkeypatch.setenv("REGION", "north"),
        lambda: (tmp_path / "folder").mkdir() or (tmp_path / "folder/x").write_bytes(b""),
    ):
        book.build(pages=page, one=lambda _: "")
        book.build(pages=page, one=lambda _: "")
        assert book.hands.executed == []
        change()
        book.build(pages=page, one=lambda _: "")
        assert book.hands.executed == ["one"]
    page = {"one": book.page("one", is_always=True)}
    for _ in range(2):
        book.build(pages=page, one=lambda _: "")
        assert book.hands.executed == ["one"]
    assert book.reasons == {"one": ("it is to be executed in every build",)}


def test_a_failure_is_nothing_to_remember(book: Book) -> None:
    for _ in range(2):
        assert "No such file" in book.build(one=shows("gone"))["one"]
        assert book.hands.executed == ["one"]
    (book.folder / "gone").write_text("there", "utf-8")
    assert book.build(one=shows("gone")) == {"one": "there"}


def results(book: Book) -> list[Path]:
    return sorted(book.store.folder.rglob("*.json"))


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "foreign"])
def test_a_damaged_result_is_thrown_away_and_said(book: Book, damage: str) -> None:
    book.build(one=lambda _: "right")
    (path,) = results(book)
    content = path.read_bytes()
    path.write_bytes({
        "truncate": content[: len(content) // 2], "flip": content.replace(b"right", b"wrong"), "empty": b"",
        "foreign": json.dumps({"not": "ours"}).encode(),
    }[damage])  # fmt: skip
    assert book.build(one=lambda _: "right") == {"one": "right"}
    assert book.hands.executed == ["one"]
    assert any("damaged" in complaint for complaint in book.store.complaints)
    book.build(one=lambda _: "right")
    assert book.hands.executed == []


@contextmanager
def full_disk() -> Iterator[None]:
    # No file may grow: what a full disk does to a write, without one.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_costs_time_and_nothing_else(book: Book) -> None:
    with full_disk():
        assert book.build(one=lambda _: "right") == {"one": "right"}
    assert any("could not be kept" in complaint for complaint in book.store.complaints)
    assert [path for path in book.store.folder.rglob("*") if path.is_file()] == []
    book.build(one=lambda _: "right")
    assert book.hands.executed == ["one"]


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(book: Book) -> None:
    (book.folder / "_build").mkdir()
    (book.folder / "_build/executed").write_text("a file stands where the folder should be", "utf-8")
    assert book.build(one=lambda _: "right") == {"one": "right"}
    assert any("could not be kept" in complaint for complaint in book.store.complaints)


def test_the_store_does_not_grow_without_bound(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(KEPT + 3):
        book.build(pages={"one": book.page("one", str(number))}, one=lambda _: "")
    assert len(results(book)) == KEPT
    book.build(pages={"one": book.page("one", "0")}, one=lambda _: "")
    assert book.hands.executed == ["one"]
    monkeypatch.setattr("evidencebook.execution.store.LARGEST", 1)
    book.build(pages={"one": book.page("one", "0")}, one=lambda _: "")
    assert results(book) == []


def test_what_pages_depend_on_is_told_to_whoever_asks_before_the_next_build(book: Book) -> None:
    book.build(one=shows("x"), two=copies("x", "out"))
    seen = {(read.aspect, Path(read.path).name): found for read, found in book.seen.seen.items()}
    assert set(seen) == {("content", "x"), ("written", "out")} and ABSENT not in seen.values()


@pytest.mark.parametrize(
    ("aspect", "name", "before", "after", "said"),
    [
        ("names", "data", "1", "2", "the list of files in data changed"),
        ("below", "data", "1", "2", "the list of files below data changed"),
        ("names", "", "1", "2", "the list of files in the report changed"),
        ("names", "data", ABSENT, "2", "data appeared"),
        ("names", "data", "1", ABSENT, "data vanished"),
        ("content", "data/x", "1", "2", "data/x changed"),
        ("written", "data/x", "1", "2", "data/x, which it wrote, changed"),
        ("written", "data/x", "1", ABSENT, "data/x, which it wrote, vanished"),
        ("variables", "", "1", "2", "a variable of the environment changed"),
        ("always", "page", "1", "2", "it is to be executed in every build"),
    ],
)
def test_why_a_page_is_executed_is_said_in_words(
    book: Book, aspect: Any, name: str, before: str, after: str, said: str
) -> None:
    book.build(one=lambda _: "")
    path = str(book.folder / name) if aspect not in ("always", "variables") else name
    assert book.seen._said(Read(aspect, path), before, after) == said
    elsewhere = book.folder.parent / "elsewhere"
    assert book.seen._said(Read("content", str(elsewhere)), "1", "2") == f"{elsewhere} changed"


def test_what_appears_while_a_program_runs_is_looked_at_again_and_the_store_is_no_input(
    book: Book,
) -> None:
    def work(desk: Desk) -> str:
        desk.found[Read("below", str(book.folder))] = ""
        desk.found[Read("content", str(book.store.folder / "x.json"))] = ""
        if len(book.hands.executed) == 1:
            (book.folder / "of-another").write_text("7", "utf-8")
        return ""

    book.build(one=work)
    assert book.hands.executed == ["one", "one"]
    assert not [read for read in book.seen.seen if read.path.startswith(str(book.store.folder))]
    book.build(one=work)
    assert book.hands.executed == []


def test_results_of_use_are_kept_longest_and_parts_that_a_kill_left_go_in_time(book: Book) -> None:
    for number in range(KEPT):
        book.build(pages={"one": book.page("one", str(number))}, one=lambda _: "")
    for age, path in enumerate(sorted(results(book), key=lambda path: path.stat().st_mtime)):
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    first = min(results(book), key=lambda path: path.stat().st_mtime)
    parts = [first.with_name(f".{name}{PART}") for name in ("old", "new")]
    for path in parts:
        path.touch()
    os.utime(parts[0], (1_000_000, 1_000_000))
    book.build(pages={"one": book.page("one", "0")}, one=lambda _: "")
    assert book.hands.executed == [] and first.stat().st_mtime > 2_000_000
    assert [path.exists() for path in parts] == [False, True]
