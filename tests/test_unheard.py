"""What Python does not hear: which libraries are heard all the same; what words, watches and code say of files."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from evidencebook.execution import unheard, workers
from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Cell, Page

PURE = sysconfig.get_path("purelib")
# Of those that the tests have installed, what opens files through Python only, and what does not.
HEARD = (
    "charset_normalizer contourpy coverage fontTools greenlet kiwisolver markupsafe matplotlib.ft2font numpy orjson"
    " pandas psutil pydantic_core regex rpds scipy.linalg sklearn.utils tornado.speedups vl_convert wrapt yaml._yaml"
    " zmq.backend PIL._imaging PIL._imagingcms PIL._imagingmath PIL._imagingmorph PIL._webp"
)
ALONE = """
import importlib, sys
from evidencebook.execution import unheard
before, found = unheard.has_library("pyarrow polars lxml"), {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    found[name] = unheard.has_library("")
print(__import__("json").dumps([before, found]))
"""


def loaded(*names: str) -> tuple[bool, dict[str, bool]]:
    """Whether a fresh process is in doubt before and after it has imported each of what is installed."""
    command = [sys.executable, "-c", ALONE, *names]
    before, found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return before, found


def test_pages_of_usual_libraries_are_not_in_doubt() -> None:
    before, found = loaded(*HEARD.split())
    assert not before and len(found) > 15
    assert [name for name, is_doubtful in found.items() if is_doubtful] == []


@pytest.mark.parametrize("name", ["lxml.etree", "polars", "PIL._imagingft", "_gdbm", "_dbm"])
def test_pages_of_libraries_that_open_files_by_themselves_are(name: str) -> None:
    _, found = loaded(name)
    assert all(found.values())


@pytest.mark.parametrize(
    ("file", "is_unheard"),
    [
        (f"{PURE}/numpy/core/x.so", False), (f"{PURE}/_yaml.cpython-311.so", False), (f"{PURE}/other/x.so", True),
        (f"{PURE}/81d243bd2c585b0f4821__mypyc.so", False), ("/elsewhere/numpy/x.so", True), (os.__file__, False),
    ],
)  # fmt: skip
def test_a_library_is_known_by_the_package_that_it_belongs_to(file: str, is_unheard: bool) -> None:
    assert unheard.is_unheard(file) is is_unheard


def test_what_pandas_loads_for_its_own_sake_counts_where_the_page_speaks_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow.lib", "pyarrow._compute"):
        only = {"quiet": ModuleType("quiet"), name: SimpleNamespace(__file__=f"{PURE}/pyarrow/lib.abi3.so")}
        monkeypatch.setattr(unheard, "sys", SimpleNamespace(modules=only))
        assert [unheard.has_library(code) for code in ("import pandas", "import pyarrow.csv")] == [False, True]
    monkeypatch.setattr(unheard, "sys", SimpleNamespace(modules={"x": SimpleNamespace(__file__=f"{PURE}/other/x.py")}))
    assert not unheard.has_library("")


def test_code_is_that_of_cells_and_of_modules_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.py").write_bytes(b"open('data/\xff.csv')")
    (tmp_path / "own.txt").write_text("no code", "utf-8")
    paths = [tmp_path / name for name in ("own.py", "own.txt", "gone.py")]
    reads = [*(Read("content", str(path)) for path in paths), Read("state", str(tmp_path / "own.py"))]
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(In=["", "1 + 1", "two"]))
    assert unheard.code_of_page(reads) == ("\n1 + 1\ntwo", "open('data/\ufffd.csv')")
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(In=7))
    assert unheard.code_of_page([reads[3]]) == ("", "")
    assert unheard.quoted("x = 'a/b' + \"c.csv\" + 'word' + 'split\n/x'") == "a/b c.csv"


def test_what_a_watch_tells_takes_the_place_of_anything() -> None:
    own = (Read("anything", "/r"), Read("content", "/r/heard", "7"))
    told = [
        "opened /r/heard", "opened /r/read", "read /r/read", "opened /r/out", "changed /r/out", "listed /r/folder",
        "opened /r/both", "changed /r/both", "read /r/both",
    ]  # fmt: skip
    assert set(unheard.with_unheard(own, told)) == {
        Read("content", "/r/heard", "7"), Read("content", "/r/read"), Read("written", "/r/out"),
        Read("names", "/r/folder"), Read("content", "/r/both"),
    }  # fmt: skip
    assert unheard.with_unheard(own, ["lost"]) == own
    assert unheard.with_unheard(own[1:], told) == own[1:]  # all that this page does is heard


def test_words_of_a_command_that_are_paths_count_also_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "x.csv").write_text("7", "utf-8")
    words = "grep -r 7 data x.csv maybe.txt *.tsv /usr/share if /proc/ /usr"  # of /proc some files never end
    found = set(unheard.named(words, str(tmp_path)))
    assert not [read for read in found if read.path in ("/proc", "/usr")]
    paths = {(read.aspect, os.path.relpath(read.path, tmp_path)) for read in found}
    assert {("all", "data"), ("content", "x.csv"), ("content", "maybe.txt"), ("all", "*.tsv")} <= paths
    assert not [path for _, path in paths if path.endswith(("share", "if"))]


def test_words_that_are_no_paths_of_a_report_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder, home = tmp_path / "report/book", tmp_path / "home"
    for path in (folder / "deep", home):
        path.mkdir(parents=True)

    def named(*words: str) -> list[tuple[str, str]]:
        return [
            (read.aspect, os.path.relpath(read.path, folder)) for read in unheard.named(" ".join(words), str(folder))
        ]

    assert named("deep", "../x.csv", "~/y.csv", "deep/*.csv") == [
        ("all", "deep"), ("content", "../x.csv"), ("content", "../../home/y.csv"), ("all", "deep/*.csv")
    ]  # fmt: skip
    # Of what holds the report, and of a home, only the names: below them lies most of the machine.
    assert [read.aspect for read in unheard.named(f"{home} {tmp_path} {folder.parent}", str(folder))] == ["names"] * 3
    assert named("x" * 255, "y" * 256) == [("content", "x" * 255)]
    assert named(".", "/", "for", "--", "***", str(folder), sys.prefix) == []
    for place in ("bin", "etc", "lib", "lib64", "sbin", "usr", "proc", "sys"):
        assert named(f"/{place}/x", f"/{place}") == [], place
    assert named("a,b;c|d&e<f>g=h(i)j{k}l'm\"n`o\\\\p") == [("content", name) for name in "abcdefghijklmnop"]


@pytest.mark.parametrize("name", ["fc-list", "getconf", "ldconfig", "lscpu", "stty", "sysctl", "uname"])
def test_programs_that_libraries_ask_about_the_machine_read_nothing_of_a_report(name: str) -> None:
    assert name in unheard.PROGRAMS and importlib.util.find_spec(name.replace("-", "_")) is None


def test_what_two_pages_import_is_imported_ahead() -> None:
    def page(name: str, *cells: str) -> Page:
        return Page(name, ".", tuple(Cell(cell, 1) for cell in cells))

    ahead = frozenset({"pandas", "PIL", "numpy"})
    one = page("one", "import pandas as pd\nfrom PIL.Image import open", "  import own\nimport numpy")
    two = page("two", "import own", "if 1:\n\tfrom PIL.Image import new\nimport pandas\nx = 'import numpy'")
    assert workers.imported_by([one, two], ahead) == ["PIL.Image", "pandas"]
    assert workers.imported_by([one], ahead) == workers.imported_by([], ahead) == []


def test_pages_run_in_universal_time_and_pictures_are_kept_beside_results(tmp_path: Path) -> None:
    assert workers.variables(None) == {"TZ": "UTC"}
    assert workers.variables(tmp_path) == {"TZ": "UTC", "EVIDENCE_PICTURES": str(tmp_path / "pictures")}
