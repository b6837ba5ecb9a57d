"""What a recorder hears of a process and takes for an input; each in a process of its own, since it stays on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from evidencebook.execution import unheard
from evidencebook.execution.inputs import Read, fingerprint, holds

RUN = """
import json, sys
from evidencebook.execution.reads import Recorder
recorder = Recorder()
with recorder:
    exec(compile(sys.argv[2], "cell", "exec"), {})
print(json.dumps(recorder.reads([sys.argv[1]])))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "report").mkdir()
    (tmp_path / "report/there.txt").write_text("7", "utf-8")
    return tmp_path / "report"


def reads(root: Path, code: str, **variables: str) -> dict[tuple[str, str], str]:
    """What was looked at below the folder, or in the environment: the aspect and the name lead to what was found."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root), dedent(code)], cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [Read(*read) for read in json.loads(done.stdout.splitlines()[-1])]
    return {
        (read.aspect, os.path.relpath(read.path, root) if os.path.isabs(read.path) else read.path): read.found
        for read in found
        if read.path.startswith(str(root)) or not os.path.isabs(read.path)
    }


@pytest.mark.parametrize("mode", ["r+", "a", "a+", "rb+"])
def test_a_file_that_stood_there_and_is_opened_to_be_changed_counts_as_read(root: Path, mode: str) -> None:
    assert ("content", "there.txt") in reads(root, f"open('there.txt', {mode!r}).close()")


@pytest.mark.parametrize("mode", ["r+", "a", "w"])
def test_a_file_that_the_page_changed_is_compared_with_what_it_left(root: Path, mode: str) -> None:
    found = reads(root, f"with open('there.txt', {mode!r}) as file: file.write('more')")
    left = Read("written", str(root / "there.txt"))
    assert found["written", "there.txt"] == fingerprint(left)
    assert ("content", "there.txt") not in found
    (root / "there.txt").write_text("edited", "utf-8")
    assert found["written", "there.txt"] != fingerprint(left)


def test_what_a_page_writes_and_reads_again_is_no_input(root: Path) -> None:
    found = reads(root, "open('new', 'w').write('x'); open('new').read(); import os; os.path.exists('new')")
    assert {aspect for aspect, name in found if name == "new"} == {"written"}


@pytest.mark.parametrize(
    "code",
    [
        "import os; open('part', 'w').close(); os.remove('part')",
        "import tempfile; tempfile.TemporaryFile(dir='.').close()",
        "import os; os.mkdir('part'); os.rmdir('part')",
    ],
)
def test_what_a_page_makes_and_takes_away_leaves_no_trace(root: Path, code: str) -> None:
    assert {name for aspect, name in reads(root, code) if aspect in ("content", "written")} == set()


def test_what_was_found_is_what_stood_there_at_the_first_look(root: Path) -> None:
    before = fingerprint(Read("content", str(root / "there.txt")))
    found = reads(
        root, "open('there.txt').read(); import subprocess; subprocess.call('echo 8 > there.txt', shell=True)"
    )
    assert found["content", "there.txt"] == before != fingerprint(Read("content", str(root / "there.txt")))


def test_a_folder_into_which_only_the_page_wrote_is_as_it_was(root: Path) -> None:
    found = reads(root, "import os; os.listdir('.'); open('new', 'w').close()")
    assert found["names", "."] == fingerprint(Read("names", str(root)))
    found = reads(root, "import os; os.listdir('.'); os.system('touch other')")
    assert found["names", "."] != fingerprint(Read("names", str(root)))


def test_virtual_files_are_no_input(root: Path) -> None:
    code = "import os; os.listdir('/proc'); open('/proc/self/status').read(); os.path.exists('/dev/null')"
    done = reads(root, code)
    assert not [name for _, name in done if name.startswith(("..", "/proc", "/dev"))]


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no files in memory on this system")
def test_a_report_in_memory_is_one_like_any_other() -> None:
    """/dev/shm is the only folder for files among those of devices."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder, "there.txt").write_text("7", "utf-8")
        asked = "import os; os.listdir('/proc'); open('there.txt').read(); open('new', 'w')"
        shared = "os.listdir('/dev/shm'); os.path.exists('/dev/shm/sem.nobodys'); os.path.exists('/dev/null')"
        found = reads(Path(folder), f"{asked}; {shared}")
        assert {("content", "there.txt"), ("written", "new")} <= found.keys()
        assert not [name for _, name in found if "proc" in name or name.startswith(".")]  # beside it is no input
        assert [read.path for read in unheard.named("/proc/self there.txt", folder)] == [f"{folder}/there.txt"]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.environ['ASKED']", "import os; os.getenv('ASKED')", "import os; 'ASKED' in os.environ",
        "import os; os.path.expandvars('$ASKED')", "import os; os.getenvb(b'ASKED')",
    ],
)  # fmt: skip
def test_a_variable_that_is_asked_for_is_an_input(root: Path, code: str) -> None:
    assert ("variable", "ASKED") in reads(root, code, ASKED="7")


def test_variables_that_the_page_sets_are_none_and_a_copy_asks_for_all(root: Path) -> None:
    assert ("variable", "ASKED") not in reads(root, "import os; os.environ['ASKED'] = '1'; os.environ['ASKED']")
    found = reads(root, "import os; dict(os.environ)", ASKED="7")
    assert ("variables", "") in found and ("variable", "ASKED") not in found


def test_variables_of_a_session_count_where_the_page_asks_and_not_where_a_library_does(root: Path) -> None:
    asked = dict.fromkeys(("COLUMNS", "LINES", "TERM"), "7")
    assert ("variable", "COLUMNS") in reads(root, "import os; os.environ.get('COLUMNS')", **asked)
    for code in (
        "import shutil; shutil.get_terminal_size()",
        "import curses; curses.has_key; import pydoc; pydoc.pager",
    ):
        assert not [name for aspect, name in reads(root, code, **asked) if aspect == "variable" and name in asked]


def test_modules_that_the_page_lists_count_and_those_that_a_library_looks_for_do_not(root: Path) -> None:
    (root / "listing.py").write_text("import pkgutil\nfound = list(pkgutil.iter_modules(['.']))\n", "utf-8")
    assert ("names", ".") in reads(root, "import sys; sys.path.insert(0, '.'); import listing")
    assert ("names", ".") not in reads(root, "import pkgutil, os; os.path.exists('there.txt')")


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ("os.rename('there.txt', 'new')", {"there.txt", "new"}),
        ("os.replace('there.txt', 'new')", {"there.txt", "new"}),
        ("os.link('there.txt', 'new')", {"new"}),
        ("os.symlink('there.txt', 'new')", {"new"}),
        ("os.remove('there.txt')", {"there.txt"}),
        ("os.truncate('there.txt', 0)", {"there.txt"}),
        ("os.mkdir('new')", {"new"}),
        ("os.rmdir('folder')", {"folder"}),
        ("os.mkdir('new', dir_fd=os.open('folder', os.O_RDONLY))", {"folder/new"}),
        ("os.rename('there.txt', 'new', dst_dir_fd=os.open('folder', os.O_RDONLY))", {"there.txt", "folder/new"}),
        ("os.symlink('x', 'new', dir_fd=os.open('folder', os.O_RDONLY))", {"folder/new"}),
        ("os.close(os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=os.open('folder', os.O_RDONLY)))", {"folder/new"}),
    ],
)
def test_whatever_changes_files_leaves_something_written(root: Path, code: str, left: set[str]) -> None:
    (root / "folder").mkdir()
    found = reads(root, f"import os; {code}")
    assert {name for aspect, name in found if aspect == "written"} == left
    for name in left:
        assert found["written", name] == fingerprint(Read("written", str(root / name)))


def test_questions_about_links_and_words_of_commands_and_of_modules_count(root: Path) -> None:
    (root / "link").symlink_to("there.txt")
    for code in ("os.lstat('link')", "os.readlink('link')", "os.stat('link', follow_symlinks=False)"):
        assert reads(root, f"import os; {code}")["link", "link"] == "link there.txt"
    assert ("state", "link") in reads(root, "import os; os.stat('link')")
    found = reads(root, "import subprocess; subprocess.run(['cat', 'there.txt', 'maybe.txt'], capture_output=True)")
    assert {("content", "there.txt"), ("content", "maybe.txt"), ("below", "."), ("variables", "")} <= found.keys()
    (root / "own.py").write_text("import ctypes\nctypes.CDLL(None)\nNAMES = 'x/maybe.csv', '/srv/of/others'\n", "utf-8")
    found = reads(root, "import sys; sys.path.insert(0, '.'); import own")
    assert ("content", "x/maybe.csv") in found and ("below", ".") not in found


def test_a_module_that_is_not_there_is_asked_for_wherever_it_may_appear(root: Path) -> None:
    found = reads(root, "try:\n    import not_there\nexcept ImportError:\n    pass")
    assert found["state", "not_there.py"] == found["state", "not_there"] == "absent"


@pytest.mark.parametrize(
    ("code", "is_doubtful"),
    [
        ("open('there.txt').read()", False),
        ("import subprocess; subprocess.check_output(['cat', 'there.txt'])", True),
        ("import os; os.system('true')", True),
        ("import os; os.waitpid(os.fork() or os._exit(0), 0)", True),
        ("from multiprocessing.util import spawnv_passfds as s; s(b'/bin/true', [b'true'], ())", True),
        ("import ctypes; ctypes.CDLL(None)", True),
        ("import sqlite3; sqlite3.connect(':memory:')", True),
        ("import subprocess; subprocess.call(['uname'])", False),
        ("import json, csv, zipfile, decimal, ssl", False),
    ],
)
def test_a_page_that_may_have_read_unheard_has_read_anything(root: Path, code: str, is_doubtful: bool) -> None:
    assert (("anything", ".") in reads(root, code)) is is_doubtful


def change_mode(path: Path) -> None:
    path.chmod(0o600)


def grow(path: Path) -> None:
    path.write_text("77", "utf-8")


@pytest.mark.parametrize(
    ("aspect", "change", "is_same"),
    [
        ("content", Path.touch, True), ("state", Path.touch, True), ("content", change_mode, True),
        ("state", change_mode, False), ("content", grow, False), ("state", grow, False), ("written", grow, False),
        ("content", Path.unlink, False), ("state", Path.unlink, False), ("link", grow, False), ("all", grow, False),
    ],
)  # fmt: skip
def test_a_fingerprint_tells_what_a_page_could_see(root: Path, aspect: str, change: object, is_same: bool) -> None:
    path = root / "there.txt"
    path.chmod(0o644)
    read = Read(aspect, str(path))  # type: ignore[arg-type]
    before = {read: fingerprint(read)}
    assert holds(before)
    change(path)  # type: ignore[operator]
    assert holds(before) is is_same


def test_fingerprints_of_folders_patterns_links_and_pipes(root: Path) -> None:
    def all_of_them() -> dict[str, str]:
        folder, pattern = Read("all", str(root)), Read("all", str(root / "*.csv"))
        return {"names": fingerprint(Read("names", str(root))), "all": fingerprint(folder), "*": fingerprint(pattern)}

    before = all_of_them()
    (root / "__pycache__").mkdir()
    (root / "__pycache__/x.pyc").write_bytes(b"")
    assert all_of_them() == before
    (root / "deep").mkdir()
    (root / "deep/x.csv").write_text("7", "utf-8")
    after = all_of_them()
    assert (after["names"] != before["names"], after["all"] != before["all"], after["*"]) == (True, True, before["*"])
    (root / "x.csv").symlink_to("deep/x.csv")
    assert all_of_them()["*"] != before["*"]
    link = fingerprint(Read("link", str(root / "x.csv")))
    assert link == "link deep/x.csv" and fingerprint(Read("state", str(root / "x.csv"))).startswith("1 bytes")
    os.mkfifo(root / "pipe")
    assert fingerprint(Read("content", str(root / "pipe"))) == "no file"  # and nobody waits for a writer
    assert fingerprint(Read("always", "page")) != fingerprint(Read("always", "page"))
