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
    EDITIONS,
    ENGINE,
    JUPYTER_BOOK,
    STRICT,
    build,
    built,
    built_in,
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
def test_a_process_that_lives_on_after_its_build_leaves_alone_what_the_next_one_makes(book: Path) -> None:
    part = book / "_build/.html.part"
    build_and_wait = f"""
from pathlib import Path
from jupyter_book.cli.main import main
main(["build", {str(book)!r}], standalone_mode=False)
Path({str(part)!r}).mkdir()
"""
    done = subprocess.run([sys.executable, "-c", build_and_wait], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert part.is_dir()


def test_a_build_with_a_warning_warns_again_although_nothing_changed(book: Path) -> None:
    change(book / "book/free.md", "Some prose.", "Some prose, {ref}`nowhere`.")
    for _ in range(2):
        done = build(book, *STRICT)
        assert done.returncode != 0
        assert "nowhere" in done.stderr


def test_a_failing_cell_is_told_with_page_line_and_error(book: Path) -> None:
    built(book)
    change(book / "book/free.md", "from pathlib import Path\n", "from pathlib import Path\n1 / 0\n")
    done = build(book, *STRICT)
    assert done.returncode == 1
    assert "book/free.md:11: WARNING: cell 1, line 2: ZeroDivisionError: division by zero" in done.stderr
    assert "Traceback (most recent call last):\n  File" not in done.stderr
    assert "Traceback" not in done.stdout


@pytest.mark.thorough
def test_an_edit_of_an_engine_that_lies_in_the_report_is_noticed(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in the report itself: among its folders, and left out of its pages.
    shutil.copytree(ENGINE, book / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    change(book / "_config.yml", str(ENGINE), "src")
    change(book / "_config.yml", "only_build_toc_files: true", "only_build_toc_files: true\nexclude_patterns: [src]")
    monkeypatch.setenv("PYTHONPATH", str(book / "src"))  # before an engine that is installed
    built(book)
    change(book / "src/evidencebook/editions/web/static/evidence.css", ".chart { ", ".edited, .chart { ")
    built(book)
    assert ".edited, .chart" in (book / "_build/html/book/tide.html").read_text("utf-8")
    change(book / "src/evidencebook/evidence/wording.py", '"about ', '"roughly ')
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


# What makes a build fail: a page, what stands there, and what somebody wrote instead.
SPOILT = {
    "a value in a table": ("data/claims.csv", ",90,", ",9O,"),
    "an unknown fact": ("book/free.md", "Some prose.", "Some {fact}`prose`."),
    "a typed number": ("book/free.md", "Some prose.", "Some fifty lamps."),
    "a cell that raises": ("book/free.md", "from pathlib import Path\n", "from pathlib import Path\n1 / 0\n"),
    "a cell that ends its process": ("book/free.md", "from pathlib", "import os; os._exit(3)\nfrom pathlib"),
    "a reference that leads nowhere": ("book/free.md", "Some prose.", "Some {ref}`prose`."),
    "a contents with a page that is not there": ("_toc.yml", "book/free", "book/gone"),
    "settings that cannot be read": ("_config.yml", "title:", "title: ["),
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with its three editions."""
    root = copy_book_with_notes(tmp_path_factory.mktemp("finished"))
    built_in(root, "html", "pdf", "epub")
    return root


@pytest.mark.parametrize("edition", ["html", "pdf", "epub"])
@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_build_that_fails_leaves_the_last_good_edition_whole(finished: Path, spoilt: str, edition: str) -> None:
    name, old, new = SPOILT[spoilt]
    before = tree(finished / "_build" / edition)
    text = (finished / name).read_text("utf-8")
    assert before and old in text
    (finished / name).write_text(text.replace(old, new), "utf-8")
    try:
        assert build(finished, *STRICT, *EDITIONS[edition]).returncode != 0
        assert differences(tree(finished / "_build" / edition), before) == []
        assert [path.name for path in (finished / "_build").glob(".*.part")] == []
    finally:
        (finished / name).write_text(text, "utf-8")


def test_a_build_that_is_killed_leaves_the_last_edition_and_the_next_one_is_right(book: Path, tmp_path: Path) -> None:
    built(book)
    before = tree(book / "_build/html")
    change(book / "book/free.md", "Some prose.", "Other prose.")
    # Killed when all pages are written and the editions are about to change places, and once more right after.
    for moment, expected in (("before", before), ("after", None)):
        killing = (
            "import os, signal\nfrom evidencebook.build import swap\nput = swap.put_in_place\n"
            "def killed(new, place):\n"
            f"    {'put(new, place)' if moment == 'after' else 'pass'}\n    os.kill(os.getpid(), signal.SIGKILL)\n"
            "swap.put_in_place = killed\n"
        )
        (tmp_path / "hook").mkdir(exist_ok=True)
        (tmp_path / "hook/sitecustomize.py").write_text(killing, "utf-8")
        paths = os.pathsep.join([str(tmp_path / "hook"), str(ENGINE)])
        done = subprocess.run(
            [JUPYTER_BOOK, "build", *STRICT, str(book)], env={**os.environ, "PYTHONPATH": paths}, check=False,
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        left = tree(book / "_build/html")
        if expected is not None:
            assert differences(left, expected) == []
    wanted = from_nothing(book, tmp_path / "scratch")
    assert differences(left, wanted) == [".buildinfo"] or differences(left, wanted) == []
    change(book / "book/free.md", "Other prose.", "Some prose.")  # as it was when the last note was made
    built(book)
    assert differences(tree(book / "_build/html"), before) == []


def test_pages_offer_a_print_edition_only_where_one_of_the_same_inputs_stands(book: Path) -> None:
    def offered() -> tuple[bool, bool]:
        name = next((book / "_build/pdf").glob("*.pdf")).name
        page = (book / "_build/html/book/index.html").read_text("utf-8")
        return f'href="../{name}"' in page, (book / "_build/html" / name).exists()

    built_in(book, "pdf")
    (pdf,) = (book / "_build/pdf").glob("*.pdf")
    for options in (STRICT, ()):  # also where settings are not those with which the PDF was made
        assert build(book, *options).returncode == 0
        assert offered() == (True, True)
        assert (book / "_build/html" / pdf.name).read_bytes() == pdf.read_bytes()
    change(book / "book/free.md", "Some prose.", "Other prose.")
    built(book)
    assert offered() == (False, False)
    built_in(book, "pdf")
    built(book)
    assert offered() == (True, True)
    pdf.write_bytes(pdf.read_bytes()[:1000])  # somebody spoilt it
    change(book / "book/free.md", "Other prose.", "More prose.")
    change(book / "book/free.md", "More prose.", "Other prose.")
    built(book)
    assert offered() == (False, False)


def test_a_look_at_links_takes_no_edition_away(book: Path) -> None:
    built(book)
    before = tree(book / "_build/html")
    (book / "_config.yml").write_text(
        (book / "_config.yml").read_text("utf-8") + "    linkcheck_ignore: ['.*']\n", "utf-8"
    )
    done = build(book, "--builder", "linkcheck")
    assert done.returncode == 0, done.stderr
    assert (book / "_build/linkcheck/output.json").is_file()
    assert differences(tree(book / "_build/html"), before) == []


def test_an_environment_of_python_in_the_folder_is_no_content(book: Path) -> None:
    built(book)
    before = tree(book / "_build/html")
    (book / "env/lib").mkdir(parents=True)
    (book / "env/pyvenv.cfg").write_text("home = /usr\n", "utf-8")
    (book / "env/lib/readme.md").write_text("Words without a title.\n", "utf-8")
    for is_known in (False, True):
        done = build(book, *STRICT)
        assert (done.returncode, done.stderr, executed(done.stdout)) == (0, "", set())
        assert is_known is ("reading sources... [" not in done.stdout)
    assert differences(tree(book / "_build/html"), before) == []


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
