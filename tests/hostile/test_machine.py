"""What machines do to builds: each is told in one line with what to do, and the next build is right."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidencebook.execution.store import Store
from tests.building import JUPYTER_BOOK, STRICT, build, change, copy_book_with_notes, differences, tree

pytestmark = pytest.mark.slow
EVIDENCEBOOK = str(Path(sys.executable).parent / "evidencebook")
# Where the clock is another: a shared library that shifts it (libfaketime makes waits of threads endless).
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*ask)(clockid_t, struct timespec *);
    if (!ask) ask = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = ask(id, at);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += atol(getenv("CLOCK_SHIFT"));
    return failed;
}
int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
"""


class Report:
    """A small book that was built once, and then changed, so that the next build has something to do."""

    def __init__(self, folder: Path) -> None:
        self.root = copy_book_with_notes(folder)
        self.html = self.root / "_build/html"
        assert build(self.root, *STRICT).returncode == 0
        self.last = tree(self.html)
        (self.root / "notes/a.txt").write_text("more", "utf-8")
        self.wanted = folder / "wanted"
        assert build(self.root, *STRICT, "--path-output", str(self.wanted)).returncode == 0
        assert differences(self.last, tree(self.wanted / "_build/html"))

    def is_kept(self) -> bool:
        return tree(self.html) == self.last

    def is_right(self) -> bool:
        return tree(self.html) == tree(self.wanted / "_build/html")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return Report(tmp_path_factory.mktemp("machine"))


@pytest.fixture
def report(made: Report) -> Iterator[Report]:
    """The book as it was before what other tests did to it."""
    before = made.root.with_name("before")
    if not before.exists():
        shutil.copytree(made.root, before, symlinks=True)
    yield made
    shutil.rmtree(made.root)
    shutil.copytree(before, made.root, symlinks=True)


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    given = {"capture_output": True, "text": True, "check": False, "timeout": 300, **options}
    return subprocess.run(command, **given)  # type: ignore[call-overload,no-any-return]


def mounted(script: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of the shell, to which mounts belong that nobody else sees and that end with it."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return run("unshare", *as_root, "--mount", "sh", "-c", script, "sh", *map(str, words))


def refused(said: str, where: str, what: str) -> str:
    """The one line that says what the machine refuses, where and what to do; nothing of a traceback beside it."""
    assert "Traceback" not in said, said
    lines = [line for line in said.splitlines() if what in line and " - " in line]
    assert len(lines) == 1 and where in lines[0], said
    return lines[0]


# The edition of before is carried onto a small disk that is filled but for some kilobytes; then there is room again.
FULL = """
cp -a "$1/_build" "$2" && mount -t tmpfs -o size=64m disk "$1/_build" && cp -a "$2/." "$1/_build" || exit 9
free=$(df -k --output=avail "$1/_build" | tail -n 1)
head -c "$(( (free - $3) * 1024 ))" /dev/zero >"$1/_build/filler"
shift 3; "$@" >"$OUT" 2>&1; echo "status $?" >>"$OUT"
cp -a "$ROOT/_build/html" "$OUT.full"; rm "$ROOT/_build/filler"
"$@" >>"$OUT" 2>&1 && cp -a "$ROOT/_build/html" "$OUT.then"
"""


def on_full_disk(report: Report, folder: Path, free: int, *command: str, wanted: Path | None = None) -> str:
    """What a build says where `free` kilobytes are left; the edition stays, and with room again it is right."""
    right = tree(wanted or report.wanted / "_build/html")
    out = folder / f"out-{free}"
    script = f"ROOT={shlex.quote(str(report.root))}; OUT={shlex.quote(str(out))}; {FULL}"
    done = mounted(script, report.root, folder / f"build-{free}", str(free), *command)
    assert done.returncode == 0, (done.stderr, out.read_text() if out.exists() else "")
    said, _, after = out.read_text("utf-8").partition("status ")
    status = int(after.splitlines()[0])
    assert tree(Path(f"{out}.full")) == (report.last if status else right), said
    assert tree(Path(f"{out}.then")) == right, after
    return said if status else ""


@pytest.mark.needs("mounts")
def test_a_full_disk_is_told_and_the_last_edition_stays(report: Report, tmp_path: Path) -> None:
    said = on_full_disk(report, tmp_path, 60, JUPYTER_BOOK, "build", *STRICT, str(report.root))
    refused(said, str(report.root), "No space left on device - make room there, and start again")


@pytest.mark.thorough
@pytest.mark.needs("mounts")
def test_a_disk_may_be_full_at_any_moment(report: Report, tmp_path: Path) -> None:
    told = []
    for free in (0, 8, 200, 500, 900, 1300, 1700, 2100, 2500, 4000):
        said = on_full_disk(report, tmp_path, free, JUPYTER_BOOK, "build", *STRICT, str(report.root))
        if said:
            told.append(refused(said, str(report.root.parent), "No space left on device - make room"))
    assert len(told) > 6


@pytest.mark.thorough
@pytest.mark.needs("mounts")
def test_the_command_tells_a_full_disk_too_and_can_keep_no_log(report: Report, tmp_path: Path) -> None:
    command = (EVIDENCEBOOK, "book", "--root", str(report.root))
    same = tmp_path / "same"  # its pages offer the print edition, which the command makes too
    shutil.copytree(report.root, same, symlinks=True)
    assert run(EVIDENCEBOOK, "book", "--root", str(same)).returncode == 0
    for free in (0, 100):
        said = on_full_disk(report, tmp_path, free, *command, wanted=same / "_build/html")
        assert "No space left on device - make room" in said


@pytest.mark.needs("mounts")
def test_a_folder_of_editions_that_cannot_be_written_is_told(report: Report) -> None:
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && "$@"'
    what = "Read-only file system - make it yours to read and write, or build in a copy of the report"
    for command in ((JUPYTER_BOOK, "build", str(report.root)), (EVIDENCEBOOK, "book", "--root", str(report.root))):
        done = mounted(script, report.root / "_build", *command)
        assert done.returncode == 1
        refused(done.stdout + done.stderr, str(report.root / "_build"), what)
    assert report.is_kept()


@pytest.mark.needs("mounts")
def test_a_full_folder_for_temporary_files_is_told_before_anything_is_started(report: Report, tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=100k disk "$1" && TMPDIR="$1" && export TMPDIR && shift && "$@"'
    for command in ((JUPYTER_BOOK, "build", str(report.root)), (EVIDENCEBOOK, "check", "--root", str(report.root))):
        done = mounted(script, tmp_path, *command)
        assert done.returncode == 1
        refused(done.stdout + done.stderr, str(tmp_path), "No space left on device - make room there")
    assert report.is_kept()


@pytest.mark.parametrize(
    ("limit", "what"),
    [
        ("-f 40", "File too large - allow larger files (`ulimit -f`)"),
        ("-n 20", "Too many open files - allow more open files (`ulimit -n`)"),
    ],
)
def test_limits_of_the_shell_are_told(report: Report, limit: str, what: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}  # which writes files
    command = (JUPYTER_BOOK, "build", *STRICT, str(report.root))
    done = run("bash", "-c", f'ulimit {limit} && "$@"', "bash", *command, env=own)
    assert done.returncode == 1
    refused(done.stdout + done.stderr, "", what)
    assert report.is_kept()


def test_an_output_that_takes_nothing_ends_the_command_in_a_line(report: Report) -> None:
    with Path("/dev/full").open("w") as full:
        done = run(EVIDENCEBOOK, "check", "--root", str(report.root), capture_output=False, stdout=full, stderr=-1)
    assert done.returncode == 1
    refused(done.stderr, "", "No space left on device")


NAMES = ["le é ‘x’ & ; $HOME", "a#b%20{c}*?", "-a\\'\"b", "한국\nline"]


@pytest.mark.needs("mounts")
@pytest.mark.parametrize("name", [NAMES[0], *(pytest.param(one, marks=pytest.mark.thorough) for one in NAMES[1:])])
def test_where_who_and_how_a_book_is_built_makes_no_difference(report: Report, name: str) -> None:
    """No home, no user of that number, no Git, the C locale, files that nobody else may read, and an odd path."""
    elsewhere = report.root.with_name(name)
    shutil.copytree(report.root, elsewhere)
    script = 'mount --bind /dev/null /etc/passwd && umask 077 && cd "$1" && shift && exec env -i "$@"'
    done = mounted(script, elsewhere, "PATH=", "LC_ALL=C", JUPYTER_BOOK, "build", *STRICT, ".")
    said = done.stdout + done.stderr
    found = tree(elsewhere / "_build/html")
    shutil.rmtree(elsewhere)
    assert done.returncode == 0, said
    assert differences(found, tree(report.wanted / "_build/html")) == []


@pytest.mark.parametrize(
    ("name", "what"), [("a[b]", "may have [ or ] in its name - rename it"), ("é", "locale that is set - set LC_ALL=C.UTF-8")]
)  # fmt: skip
def test_a_path_that_cannot_be_used_is_told(report: Report, name: str, what: str) -> None:
    """Jupyter Book takes brackets for a pattern, and a Python whose UTF-8 was switched off cannot read letters."""
    elsewhere = report.root.with_name(name)
    shutil.copytree(report.root, elsewhere)
    own = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for command in ((JUPYTER_BOOK, "build", str(elsewhere)), (EVIDENCEBOOK, "check", "--root", str(elsewhere))):
        done = run(*command, env=own)
        assert done.returncode == 1
        refused(done.stdout + done.stderr, "", what)
    shutil.rmtree(elsewhere)


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("cc") is None, reason="no compiler for what shifts the clock")
@pytest.mark.parametrize("year", [1970, 2100])
def test_the_clock_may_be_wrong_and_the_next_build_is_right(report: Report, tmp_path: Path, year: int) -> None:
    (tmp_path / "clock.c").write_text(CLOCK, "utf-8")
    library = tmp_path / "clock.so"
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "clock.c"), "-ldl"]
    assert run(*command).returncode == 0
    shift = int(time.mktime((year, 1, 3, 0, 0, 0, 0, 0, 0)) - time.time())
    own = {**os.environ, "LD_PRELOAD": str(library), "CLOCK_SHIFT": str(shift)}
    assert run("date", "+%Y", env=own).stdout.strip() == str(year)
    done = run(JUPYTER_BOOK, "build", *STRICT, str(report.root), env=own)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report.is_right()
    change(report.root / "book/free.md", "Some prose.", "Some other prose.")
    assert build(report.root, *STRICT).returncode == 0
    assert "Some other prose." in (report.html / "book/free.html").read_text("utf-8")


@pytest.mark.thorough
def test_two_builds_of_one_folder_at_once_both_end_well(report: Report) -> None:
    commands = [[JUPYTER_BOOK, "build", *STRICT, str(report.root)]] * 2
    started = [subprocess.Popen(one, stdout=-1, stderr=subprocess.STDOUT, text=True) for one in commands]
    said = [one.communicate()[0] for one in started]
    assert [one.returncode for one in started] == [0, 0], said
    assert report.is_right()


FIGURES = {
    "raises": ("raise LookupError('none')", "LookupError: none"),
    "exits": ("import os; os._exit(3)", "its process died without a word"),
    "asks to exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "hangs": ("import time; time.sleep(900)", "longer than 8 seconds"),
    "prints without end": ("while True: print('x' * 10_000)", "longer than 8 seconds"),
    "eats memory": ("all = []\n    while True: all.append(bytearray(2**26))", ""),  # or time is up before
    "forks": ("import os, time\n    if not os.fork(): time.sleep(900)\n    raise LookupError('parent')", "parent"),
    "kills its group": ("import os; os.killpg(0, 9)", "its process died without a word"),
    "closes all": ("import os; os.closerange(0, 4096)", ""),
}


@pytest.mark.thorough
@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_that_goes_wrong_is_told_at_its_cell_and_the_last_edition_stays(report: Report, kind: str) -> None:
    code, said = FIGURES[kind]
    module = report.root / "book/figures/counting.py"
    before = module.read_text("utf-8")
    module.write_text(f"{before}\ndef draw():\n    {code}\n", "utf-8")
    change(report.root / "book/free.md", "print(counting", "counting.draw()\nprint(counting")
    change(report.root / "_config.yml", "timeout: 60", "timeout: 8")
    limit = "ulimit -v 6000000 && " if kind == "eats memory" else ""
    done = run("bash", "-c", f'{limit}"$@"', "bash", JUPYTER_BOOK, "build", *STRICT, str(report.root))
    assert done.returncode == 1
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "book/free.md:" in line and "WARNING" in line]
    assert any(said in line for line in lines), done.stdout + done.stderr
    assert report.is_kept()
    module.write_text(before, "utf-8")
    change(report.root / "book/free.md", "counting.draw()\n", "")
    change(report.root / "_config.yml", "timeout: 8", "timeout: 60")
    assert build(report.root, *STRICT).returncode == 0
    assert report.is_right()


SHAPES = [
    {}, [], None, 7, "text", {"conditions": 1}, {"conditions": [], "fingerprints": [], "outcome": []},
    {"conditions": {}, "fingerprints": [["a"]], "outcome": {}},
    {"conditions": {}, "fingerprints": [], "outcome": {"ran": 1}},
    {"conditions": {}, "fingerprints": [], "outcome": {"ran": [[1, 2]], "failure": 3, "metadata": None}},
    {"conditions": {}, "fingerprints": [], "outcome": {"ran": [{"count": "x", "outputs": [5]}], "seconds": "long"}},
]  # fmt: skip


def misshapen(folder: Path) -> None:
    """Put results of other shapes in the place of those of every page, each under the name that fits its content."""
    for path in list(folder.glob("*/*.json")):
        for shape in SHAPES:
            content = json.dumps(shape).encode()
            (path.parent / f"{hashlib.sha256(content).hexdigest()}.json").write_bytes(content)
        path.unlink()


def test_stored_results_of_other_shapes_are_thrown_away(tmp_path: Path) -> None:
    folder = Store(tmp_path)._folder("page")
    folder.mkdir(parents=True)
    (folder / "x.json").touch()
    misshapen(tmp_path)
    store = Store(tmp_path)
    assert list(store.entries("page")) == []
    assert len(store.complaints) == len(SHAPES) and list(folder.iterdir()) == []


def test_whatever_builds_remember_may_have_another_shape(report: Report) -> None:
    doctrees = report.root / "_build/.doctrees"
    misshapen(doctrees / "executed")
    for name, shape in (("inputs.json", [1]), ("executed/decisions.json", {"book/free": 3})):
        (doctrees / name).write_text(json.dumps(shape), "utf-8")
    (doctrees / "environment.pickle").write_bytes(pickle.dumps({"no": "environment"}))
    for path in doctrees.rglob("*.doctree"):
        path.write_bytes(b"no tree")
    for path in (doctrees / "executed/pictures").glob("*"):
        path.write_text("[]", "utf-8")
    done = build(report.root, *STRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert report.is_right()
