"""What a build tells: a few lines for a person, problems without tracebacks, and everything else in a log."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import change, copy_book

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-m", "evidencebook"]


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    own = {**os.environ, "FORCE_COLOR": "1", "EVIDENCE_TEXTS": ""}
    command = [*PROGRAM, *options, "--root", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=own)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A book, and what its first build told."""
    root = copy_book(tmp_path_factory.mktemp("told"))
    change(root / "book/tide.md", "## What it cannot show", "## What it does not show")
    return root, run(root, "book")


def test_a_build_tells_in_a_dozen_lines_what_was_checked_executed_made_and_where_it_lies(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, done = first
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) <= 12
    assert re.search(r"^Check +No problems", done.stdout, re.M)
    assert re.search(r"^ +executed book/tide \([\d.]+ s\): there is no earlier result$", done.stdout, re.M)
    for name in ("Print edition", "Web edition"):
        assert re.search(rf"^{name} +\S+ +[\d.]+ s$", done.stdout, re.M)
    for name in ("To read", "To print"):
        (path,) = re.findall(rf"^{name} +(\S+)$", done.stdout, re.M)
        assert Path(path).is_file()
    (pdf,) = (root / "_build/pdf").glob("*.pdf")
    assert (root / "_build/html" / pdf.name).read_bytes() == pdf.read_bytes()  # the pages lead there


def test_the_log_holds_what_sphinx_said_and_no_control_codes_reach_files_or_pipes(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, done = first
    log = (root / "_build/build.log").read_text("utf-8")
    assert "Running Sphinx" in log and "build succeeded" in log
    assert "Running Sphinx" not in done.stdout
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", log + done.stdout + done.stderr)


def test_a_build_of_jupyter_book_itself_has_no_colours_in_a_pipe_once_the_engine_is_loaded(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    program = str(Path(sys.executable).parent / "jupyter-book")
    done = subprocess.run([program, "build", str(first[0])], capture_output=True, text=True, check=True)
    said = done.stdout.partition("building [")[2].partition("build succeeded")[0]
    assert said and "\x1b" not in said + done.stderr


@pytest.mark.thorough
def test_quiet_tells_nothing_of_what_went_well_and_verbose_everything(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    root, _ = first
    quiet = run(root, "book", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    verbose = run(root, "book", "--verbose")
    assert "Running Sphinx" in verbose.stdout
    assert "unchanged" not in verbose.stdout  # nothing was looked at: no input changed


def test_pages_that_were_not_executed_are_counted(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    root, _ = first
    change(root / "book/index.md", "\n\n", "\n\nOne sentence more.\n\n")
    done = run(root, "epub")
    assert re.search(r"^ +1 page unchanged, not executed$", done.stdout, re.M)


def test_a_failing_build_tells_what_is_wrong_and_where_to_look_without_a_traceback(root: Path) -> None:
    change(root / "book/tide.md", "from figures import", "1 / 0\nfrom figures import")
    done = run(root, "book")
    assert done.returncode == 1
    assert re.search(r"book/tide\.md:\d+: WARNING: cell 1, line 1: ZeroDivisionError", done.stderr)
    assert "Traceback (most recent call last):\n  File" not in done.stderr
    assert f"Web edition: not made. All that was said is in {root / '_build/build.log'}." in done.stderr


def test_what_no_check_foresees_is_told_in_one_line_and_its_traceback_is_kept(root: Path) -> None:
    (root / "broken.py").write_text(
        "def setup(app):\n    app.connect('builder-inited', lambda app: app.nonsense)\n", "utf-8"
    )
    change(root / "_config.yml", "sphinx:\n", "sphinx:\n  extra_extensions: [broken]\n")
    own = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([*PROGRAM, "epub", "--root", str(root)], capture_output=True, text=True, check=False, env=own)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "nonsense" in done.stderr
    assert "Traceback (most recent call last):" in (root / "_build/build.log").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
@pytest.mark.thorough
def test_a_terminal_shows_what_is_being_done(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PROGRAM, "book", "--root", str(first[0])], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:
            break
        if not read:
            break
        shown += read
    os.close(ours)
    assert process.wait() == 0
    assert "Web edition … 0 s" in shown.decode()
    assert shown.endswith(b"\r\x1b[K")  # and wipes it again
