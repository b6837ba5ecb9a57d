"""Whole builds after edits, kills and warnings: always what a build from nothing gives, byte for byte."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_extension import build, change, copy_book

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("EVIDENCE_EDITS", "5"))  # a hundred for an issue of the engine: EVIDENCE_EDITS=100
KILLS = int(os.environ.get("EVIDENCE_KILLS", "2"))  # fifty then
SEED = int(os.environ.get("EVIDENCE_SEED", "20261122"))
STRICT = ("-W", "-n", "--keep-going")
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


@pytest.fixture
def book(tmp_path: Path) -> Path:
    root = copy_book(tmp_path)
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


def tree(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def executed(output: str) -> set[str]:
    return set(re.findall(r"^(\S+): executed in", output, re.MULTILINE))


def built(root: Path) -> set[str]:
    done = build(root, *STRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    return executed(done.stdout)


def from_nothing(root: Path, elsewhere: Path) -> dict[str, str]:
    done = build(root, *STRICT, "--path-output", str(elsewhere))
    assert done.returncode == 0, done.stdout + done.stderr
    return tree(elsewhere / "_build/html")


def differences(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


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
            "a cell of a table": lambda: self.replace(
                "data/claims.csv", r"The keeper( \w+)? counted", "The keeper {w} counted"
            ),
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
        parts = [f"{name}\0{(self.root / name).read_text('utf-8')}" for name in names]
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
        elsewhere = tmp_path / f"scratch-{number}"
        assert differences(tree(book / "_build/html"), from_nothing(book, elsewhere)) == [], history


def test_after_a_kill_at_any_moment_the_next_build_is_right(book: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "jupyter-book"
    chance = random.Random(SEED)
    started = time.monotonic()
    built(book)
    usual = time.monotonic() - started
    for number in range(KILLS):
        (book / "notes/a.txt").write_text(str(number), "utf-8")
        old, new = (f"The keeper{' again' * times} counted" for times in (number, number + 1))
        change(book / "data/claims.csv", old, new)
        process = subprocess.Popen(
            [str(program), "build", *STRICT, str(book)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        time.sleep(chance.uniform(0, usual))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        built(book)
        assert differences(tree(book / "_build/html"), from_nothing(book, tmp_path / f"scratch-{number}")) == [], number


def test_two_builds_at_once_do_not_disturb_each_other(book: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "jupyter-book"
    both = [
        subprocess.Popen([str(program), "build", *STRICT, str(book)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(len(executed(one)) for one in said) == [0, 2]  # the second one finds what the first one did
    assert differences(tree(book / "_build/html"), from_nothing(book, tmp_path / "scratch")) == []


def test_a_build_with_a_warning_warns_again_although_nothing_changed(book: Path) -> None:
    change(book / "book/free.md", "Some prose.", "Some prose, {ref}`nowhere`.")
    for _ in range(2):
        done = build(book, *STRICT)
        assert done.returncode != 0
        assert "nowhere" in done.stderr


def test_a_failing_cell_is_told_with_page_line_and_error_and_nothing_stale_is_left(book: Path) -> None:
    built(book)
    change(book / "book/free.md", "from pathlib import Path\n", "from pathlib import Path\n1 / 0\n")
    done = build(book, *STRICT)
    assert done.returncode == 1
    assert "book/free.md:11: WARNING: cell 1, line 2: ZeroDivisionError: division by zero" in done.stderr
    assert "Traceback (most recent call last):\n  File" not in done.stderr
    assert not (book / "_build/html/book/free.html").exists()


@pytest.mark.parametrize("spoil", ["remove a page", "cut a page short", "remove everything"])
def test_an_edition_that_somebody_spoilt_is_made_whole(book: Path, tmp_path: Path, spoil: str) -> None:
    built(book)
    page = book / "_build/html/book/free.html"
    if spoil == "remove a page":
        page.unlink()
    elif spoil == "cut a page short":
        page.write_bytes(page.read_bytes()[:1000])
    else:
        shutil.rmtree(book / "_build/html")
    assert built(book) == set()
    assert differences(tree(book / "_build/html"), from_nothing(book, tmp_path / "scratch")) == []


def test_a_build_that_is_killed_while_it_removes_what_is_old_leaves_nothing_that_looks_finished(book: Path) -> None:
    built(book)
    prose = (book / "book/free.md").read_text("utf-8")
    change(book / "book/free.md", "Some prose.", "Other prose.")
    # The page cannot be removed: the build ends in the midst of removing, as by a kill.
    killing = "import shutil, os, signal; shutil.rmtree = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    (book / "sitecustomize.py").write_text(killing, "utf-8")
    program = Path(sys.executable).parent / "jupyter-book"
    done = subprocess.run(
        [str(program), "build", *STRICT, str(book)], env={**os.environ, "PYTHONPATH": str(book)}, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    (book / "sitecustomize.py").unlink()
    (book / "book/free.md").write_text(prose, "utf-8")
    built(book)
    assert "Some prose." in (book / "_build/html/book/free.html").read_text("utf-8")


def test_the_last_decision_about_a_page_can_be_asked_for(book: Path) -> None:
    built(book)
    (book / "notes/a.txt").write_text("other", "utf-8")
    built(book)
    program = Path(sys.executable).parent / "evidencebook"
    asked = [
        subprocess.run(
            [str(program), "book", "--root", str(book), "--why", page], capture_output=True, text=True, check=False
        )
        for page in ("book/free", "book/tide", "book/nope")
    ]
    assert "executed" in asked[0].stdout and "notes/a.txt changed" in asked[0].stdout
    assert "not executed" in asked[1].stdout
    assert asked[2].returncode == 2
    assert "book/free" in asked[2].stderr


def test_a_checkout_that_cannot_be_written_builds_elsewhere(book: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "jupyter-book"
    elsewhere = tmp_path / "out"
    read_only = (
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 77; '
        'touch "$1/x" 2>/dev/null && exit 78; shift; "$@"'
    )
    command = [str(program), "build", *STRICT, str(book), "--path-output", str(elsewhere)]
    for expected in ({"book/free", "book/tide"}, set[str]()):
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", read_only, "sh", str(book), *command],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 77 or done.stderr.startswith("unshare:"):
            pytest.skip("this machine does not let a test mount a folder read-only")
        assert done.returncode == 0, done.stdout + done.stderr
        assert executed(done.stdout) == expected
    assert differences(tree(elsewhere / "_build/html"), from_nothing(book, tmp_path / "scratch")) == []
