"""Any edit, and a kill at any moment: the next build always gives what a build from nothing gives, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import (
    FREE_LINE,
    JUPYTER_BOOK,
    STRICT,
    TIDE,
    built,
    change,
    copy_book_with_notes,
    differences,
    from_nothing,
    tree,
)  # fmt: skip

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("EVIDENCE_EDITS", "2"))  # a hundred for an issue of the engine: EVIDENCE_EDITS=100
KILLS = int(os.environ.get("EVIDENCE_KILLS", "1"))  # fifty then
STATEMENT = r"The keeper( \w+)? counted"
SEED = int(os.environ.get("EVIDENCE_SEED", "20261122"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return copy_book_with_notes(tmp_path)


class Editor:
    """Edits of a book, each with the pages whose inputs it touches, by a fixed sequence of chances."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance, self.count = root, chance, 0
        self.removed: dict[str, bytes] = {}
        self.waiting: list[str] = []

    def edit(self) -> str:
        if not self.waiting:  # every kind comes up once before any comes up again
            self.waiting = self.chance.sample(sorted(self.kinds()), len(self.kinds()))
        self.count += 1
        kind = self.waiting.pop()
        self.kinds()[kind]()
        return kind

    def kinds(self) -> dict[str, Callable[[], None]]:
        return {
            "a cell of a table": lambda: self.replace("data/claims.csv", STATEMENT, "The keeper {w} counted"),
            "a helper function": lambda: self.replace("book/figures/counting.py", r'"\w*"', '"{w}"'),
            "a helper of the same size and time": self.same_size,
            "a page's prose": lambda: self.replace("book/free.md", r"Some prose.*", "Some prose, {w}."),
            "a page's title": lambda: self.replace("book/free.md", r"# Notes in a folder.*", "# Notes in a folder {w}"),
            "a page's code": lambda: self.replace("book/free.md", r"print\((\d, )?", "print({n}, "),
            "a file that is globbed": lambda: self.replace("notes/a.txt", r".*", "{w}"),
            "a new file": lambda: void((self.root / f"notes/{self.chance.choice('bcd')}.txt").write_text("x", "utf-8")),
            "a file deleted or restored": self.delete_or_restore,
            "the lock file": lambda: self.replace("requirements.txt", r"3\.0\.\d", "3.0.{n}"),
            "a style sheet": lambda: self.replace("book/_static/own.css", r"margin: \d", "margin: {n}"),
            "a page left out or taken in": self.leave_out_or_take_in,
            "everything touched": self.touch,
        }

    def replace(self, name: str, pattern: str, new: str) -> None:
        path = self.root / name
        text = path.read_text("utf-8") if path.exists() else self.removed.pop(name, b"").decode()
        number = self.count % 3
        edited = re.sub(pattern, new.format(n=number, w=("first", "then", "later")[number]), text, count=1)
        path.write_text(edited, "utf-8")
        if self.chance.random() < 0.5:  # as an archive or a checkout may leave it
            os.utime(path, (1_000_000_000, 1_000_000_000))

    def same_size(self) -> None:
        path = self.root / "book/figures/counting.py"
        before = path.stat()
        word = self.chance.choice(["one", "two", "six"])
        path.write_text(re.sub(r'"\w*"', f'"{word}"', path.read_text("utf-8")), "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def delete_or_restore(self) -> None:
        path = self.root / "notes/a.txt"
        if path.exists():
            self.removed["notes/a.txt"] = path.read_bytes()
            path.unlink()
        else:
            path.write_bytes(self.removed.pop("notes/a.txt"))

    def leave_out_or_take_in(self) -> None:
        path = self.root / "_toc.yml"
        text = path.read_text("utf-8")
        is_in = FREE_LINE in text
        path.write_text(text.replace(FREE_LINE, "") if is_in else text.replace(TIDE, FREE_LINE + TIDE), "utf-8")

    def touch(self) -> None:
        for path in self.root.rglob("*"):
            if "_build" not in path.parts:
                os.utime(path)

    def inputs(self) -> dict[str, str]:
        """A digest of what each executed page reads, by the page's name."""
        shared = ["book/figures/__init__.py", "requirements.txt"]
        data = sorted(str(path.relative_to(self.root)) for path in (self.root / "data").rglob("*.csv"))
        notes = sorted(str(path.relative_to(self.root)) for path in (self.root / "notes").glob("*.txt"))
        found = {"book/tide": self._digest([*shared, "book/figures/people.py", *data, "data/datapackage.json"], "")}
        if "book/free" in (self.root / "_toc.yml").read_text("utf-8"):
            code = (self.root / "book/free.md").read_text("utf-8").partition("```")[2]
            names = [*shared, "book/figures/counting.py", *data, "data/datapackage.json", *notes]
            found["book/free"] = self._digest(names, code)
        return found

    def _digest(self, names: list[str], code: str) -> str:
        # No page asks for the statement, the cell that is edited: all else of the tables counts as a whole.
        parts = [f"{name}\0{re.sub(STATEMENT, '', (self.root / name).read_text('utf-8'))}" for name in names]
        return hashlib.sha256("\0".join([code, *parts]).encode()).hexdigest()


def void(_: object) -> None:
    return None


def test_after_any_edit_a_plain_build_is_what_a_build_from_nothing_is_and_executes_no_page_without_need(
    book: Path, tmp_path: Path
) -> None:
    editor = Editor(book, random.Random(SEED))
    seen: dict[str, set[str]] = {}
    history = ["the first build"]
    for number in range(EDITS + 1):
        if number:
            history.append(editor.edit())
        needed = {page for page, digest in editor.inputs().items() if digest not in seen.setdefault(page, set())}
        assert built(book) == needed, history
        for page, digest in editor.inputs().items():
            seen[page].add(digest)
        if not number:  # the first build is one from nothing itself
            continue
        elsewhere = tmp_path / f"scratch-{number}"
        assert differences(tree(book / "_build/html"), from_nothing(book, elsewhere)) == [], history


@pytest.mark.thorough
def test_after_a_kill_at_any_moment_the_next_build_is_right(book: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    started = time.monotonic()
    built(book)
    usual = time.monotonic() - started
    for number in range(KILLS):
        (book / "notes/a.txt").write_text(str(number), "utf-8")
        old, new = (f"The keeper{' again' * times} counted" for times in (number, number + 1))
        change(book / "data/claims.csv", old, new)
        process = subprocess.Popen(
            [JUPYTER_BOOK, "build", *STRICT, str(book)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        time.sleep(chance.uniform(0, usual))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        built(book)
        assert differences(tree(book / "_build/html"), from_nothing(book, tmp_path / f"scratch-{number}")) == [], number
