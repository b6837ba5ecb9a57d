"""Whole builds that meet others, warnings, failures and spoilt files: always right, and they say what they did."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import (
    ENGINE,
    JUPYTER_BOOK,
    STRICT,
    build,
    built,
    change,
    copy_book_with_notes,
    differences,
    executed,
    from_nothing,
    tree,
)  # fmt: skip
from tests.needs import read_only

pytestmark = pytest.mark.slow


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return copy_book_with_notes(tmp_path)


@pytest.mark.thorough
def test_two_builds_at_once_do_not_disturb_each_other(book: Path, tmp_path: Path) -> None:
    both = [
        subprocess.Popen([JUPYTER_BOOK, "build", *STRICT, str(book)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(len(executed(one)) for one in said) == [0, 2]  # the second one finds what the first one did
    assert differences(tree(book / "_build/html"), from_nothing(book, tmp_path / "scratch")) == []


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_an_edit_of_an_engine_that_lies_in_the_report_is_noticed(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in the report itself: among its folders, and left out of its pages.
    shutil.copytree(ENGINE, book / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    change(book / "_config.yml", str(ENGINE), "src")
    change(book / "_config.yml", "only_build_toc_files: true", "only_build_toc_files: true\nexclude_patterns: [src]")
    monkeypatch.setenv("PYTHONPATH", str(book / "src"))  # before an engine that is installed
    built(book)
    change(book / "src/evidencebook/extension/static/evidence.css", ".chart { ", ".edited, .chart { ")
    built(book)
    assert ".edited, .chart" in (book / "_build/html/book/tide.html").read_text("utf-8")
    change(book / "src/evidencebook/wording.py", '"about ', '"roughly ')
    before = tree(book / "_build/html")
    built(book)
    assert differences(tree(book / "_build/html"), before) != []


@pytest.mark.parametrize("spoil", ["remove a page", "cut a page short", "remove everything"])
@pytest.mark.thorough
def test_an_edition_that_somebody_spoilt_is_made_whole(book: Path, spoil: str) -> None:
    built(book)
    whole = tree(book / "_build/html")
    page = book / "_build/html/book/free.html"
    if spoil == "remove a page":
        page.unlink()
    elif spoil == "cut a page short":
        page.write_bytes(page.read_bytes()[:1000])
    else:
        shutil.rmtree(book / "_build/html")
    assert built(book) == set()
    assert differences(tree(book / "_build/html"), whole) == []


@pytest.mark.thorough
def test_a_build_that_is_killed_while_it_removes_what_is_old_leaves_nothing_that_looks_finished(book: Path) -> None:
    built(book)
    prose = (book / "book/free.md").read_text("utf-8")
    change(book / "book/free.md", "Some prose.", "Other prose.")
    # The page cannot be removed: the build ends in the midst of removing, as by a kill.
    killing = "import shutil, os, signal; shutil.rmtree = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    (book / "sitecustomize.py").write_text(killing, "utf-8")
    done = subprocess.run(
        [JUPYTER_BOOK, "build", *STRICT, str(book)], env={**os.environ, "PYTHONPATH": str(book)}, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    (book / "sitecustomize.py").unlink()
    (book / "book/free.md").write_text(prose, "utf-8")
    built(book)
    assert "Some prose." in (book / "_build/html/book/free.html").read_text("utf-8")


@pytest.mark.thorough
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


@pytest.mark.thorough
@pytest.mark.needs("mounts")
def test_a_checkout_that_cannot_be_written_builds_elsewhere(book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "out"
    command = [JUPYTER_BOOK, "build", *STRICT, str(book), "--path-output", str(elsewhere)]
    for expected in ({"book/free", "book/tide"}, set[str]()):
        done = subprocess.run(read_only(book, *command), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert executed(done.stdout) == expected
    assert differences(tree(elsewhere / "_build/html"), from_nothing(book, tmp_path / "scratch")) == []


SLOW = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
# Slow

```{code-cell} python
import time
time.sleep(3)
```
"""


def test_a_page_has_not_read_what_sphinx_reads_while_it_could_run(book: Path) -> None:
    (book / "book/slow.md").write_text(SLOW, "utf-8")
    (book / "book/cited.md").write_text("# Cited\n\nVersion {edition}`version`, digest {edition}`digest`.\n", "utf-8")
    listed = "      - file: book/free\n"
    change(book / "_toc.yml", listed, f"{listed}      - file: book/slow\n      - file: book/cited\n")
    assert built(book) == {"book/free", "book/slow", "book/tide"}
    for name in ("book/cited.md", "book/index.md", "book/ledger.md", "book/free.md"):
        with (book / name).open("a", encoding="utf-8") as page:
            page.write("\nOne sentence more.\n")
    done = build(book, *STRICT)
    assert executed(done.stdout) == set(), done.stdout
