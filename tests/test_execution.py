"""Execution of pages: never a stale result, none without need, each page on its own, and what a kernel would give."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencebook.execution import environment, workers
from evidencebook.execution.runner import Runner
from evidencebook.execution.workers import Workers
from tests.executing import Book, book, project, text_of, warm
from tests.small import small_report_in

__all__ = ["book", "project", "warm"]  # fixtures
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


def edit(text: str) -> Callable[[Path], None]:
    return lambda path: void(path.write_text(text, "utf-8"))


def void(_: object) -> None:
    return None


def edit_and_set_time_back(text: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        before = path.stat()
        path.write_text(text, "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def query(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("update t set a = 2")
    database.close()


READERS = {
    "open": "open('../data/a.txt').read()",
    "pathlib": "from pathlib import Path\nPath('../data/a.txt').read_text()",
    "descriptor": "import os\nos.read(os.open('../data/a.txt', os.O_RDONLY), 99)",
    "pandas": "import pandas as pd\npd.read_csv('../data/a.txt', header=None)",
    "numpy": "import numpy as np\nnp.fromfile('../data/a.txt', dtype='u1')",
    "memory map": "import numpy as np\nnp.memmap('../data/a.txt', dtype='u1').tolist()",
    "another program": "import subprocess\nsubprocess.run(['cat', '../data/a.txt'], capture_output=True).stdout",
    "the shell": "!cat ../data/a.txt",
    "a C library": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nfd = libc.open(b'../data/a.txt', 0)\n"
        "space = ctypes.create_string_buffer(99)\nlibc.read(fd, space, 99)\nspace.value"
    ),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_a_page_is_executed_again_when_what_it_read_has_changed_and_only_then(book: Book, reader: str) -> None:
    path = book.write("data/a.txt", "7")
    other = book.write("data/b.txt", "7")
    before = book.shown(reader)
    assert book.executed == ["page"]
    other.write_text("8", "utf-8")
    path.touch()
    assert book.shown(reader) == before
    assert book.executed == [], book.reasons
    edit_and_set_time_back("8")(path)
    after = book.shown(reader)
    assert book.executed == ["page"]
    assert "data/a.txt changed" in book.reasons
    assert after != before
    assert after == before.replace("7", "8").replace("55", "56")


@pytest.mark.parametrize(
    ("code", "file", "change", "before", "after", "reason"),
    [
        pytest.param(
            "import glob\nsorted(glob.glob('../data/*.csv'))", "data/b.csv", edit(""), "[]", "['../data/b.csv']",
            "list of files in data changed", id="a new file that a glob finds",
        ),
        pytest.param(
            "import os\nsorted(os.listdir('../data'))", "data/a.txt", Path.unlink, "['a.txt']", "[]",
            "list of files in data changed", id="a file deleted from a listed folder",
        ),
        pytest.param(
            "from pathlib import Path\nPath('../data/b.csv').exists()", "data/b.csv", edit(""), "False", "True",
            "data/b.csv appeared", id="a file whose existence is asked",
        ),
        pytest.param(
            "import os\nos.path.getsize('../data/a.txt')", "data/a.txt", edit("12345"), "1", "5",
            "data/a.txt changed", id="a file whose size is asked",
        ),
        pytest.param(
            "try:\n    shown = open('../data/b.csv').read()\nexcept OSError:\n    shown = 'none'\nshown",
            "data/b.csv", edit("some"), "'none'", "'some'", "data/b.csv appeared", id="a file that was missing",
        ),
        pytest.param(
            "import sqlite3\nsqlite3.connect('../store/d.db').execute('select a from t').fetchone()[0]", "store/d.db",
            query, "1", "2", "store/d.db changed", id="a database",
        ),
        pytest.param(
            "from helpers import outer\nouter.VALUE", "book/helpers/inner.py", edit_and_set_time_back("VALUE = 2\n"),
            "1", "2", "book/helpers/inner.py changed", id="a module behind a module, of the same size and time",
        ),
    ],
)  # fmt: skip
def test_whatever_a_page_looked_at_counts(
    book: Book, code: str, file: str, change: Callable[[Path], None], before: str, after: str, reason: str
) -> None:
    book.write("data/a.txt", "1")
    book.write("book/helpers/__init__.py", "")
    book.write("book/helpers/outer.py", "from helpers.inner import VALUE\n")
    book.write("book/helpers/inner.py", "VALUE = 1\n")
    book.write("store/d.db", "").unlink()
    with sqlite3.connect(book.folder / "store/d.db") as database:
        database.execute("create table t (a)")
        database.execute("insert into t values (1)")
    database.close()
    assert book.shown(code) == before
    assert book.shown(code) == before
    assert book.executed == [], book.reasons
    change(book.folder / file)
    assert book.shown(code) == after
    assert reason in book.reasons
    book.shown(code)
    assert book.executed == []


def test_of_tables_only_the_cells_count_that_a_page_asked_for(book: Book) -> None:
    report = small_report_in(book.folder)
    cells = (
        "from pathlib import Path\nfrom evidencebook.tables import read",
        "print(read(Path('../lighthouses'))['claims'].rows[0]['statement'])",
    )
    before = book.shown(*cells)
    assert book.executed == ["page"]
    report.edit("claims", 2, note="Read again.")
    report.edit("claims", 3, statement="The other log says so.")
    assert (book.shown(*cells), book.executed) == (before, []), book.reasons
    report.edit("claims", 2, statement="The log says more.")
    assert "The log says more." in book.shown(*cells)
    assert (book.executed, book.reasons) == (["page"], "lighthouses/data/claims.csv changed")


def test_nothing_is_started_where_no_page_has_to_be_executed(book: Book) -> None:
    started = []

    def start() -> Workers:
        started.append(1)
        return book.warm

    page = book.page("1 + 1")
    book.build(page)
    runner = Runner(book.folder, book.store, [book.root], void, start=start)
    runner.look([page])
    assert runner.is_resting and text_of(runner.run([page])["page"]) == "2"
    assert started == []
    runner.look([book.page("1 + 2")])
    assert not runner.is_resting and started == [1]


def test_going_back_to_an_earlier_state_executes_nothing(book: Book) -> None:
    path = book.write("data/a.txt", "1")
    code = "open('../data/a.txt').read()"
    for text in ("1", "2"):
        path.write_text(text, "utf-8")
        assert book.shown(code) == repr(text)
    path.write_text("1", "utf-8")
    assert book.shown(code) == "'1'"
    assert book.executed == []


def test_a_copy_of_the_report_is_not_shown_what_the_original_holds(book: Book, project: Path, warm: Workers) -> None:
    book.write("data/a.txt", "one")
    read = "open('../data/a.txt').read()"
    assert book.shown(read) == "'one'"
    assert book.shown(read) == "'one'" and book.executed == []
    copied = project / f"{book.folder.name}-copied"
    shutil.copytree(book.folder, copied)
    copy = Book(project, copied, warm)
    (copied / "data/a.txt").write_text("of the copy", "utf-8")
    assert copy.shown(read) == "'of the copy'"
    assert "another folder" in copy.reasons


def test_code_the_lock_file_and_hidden_packages_count(book: Book) -> None:
    assert book.shown("1 + 1") == "2"
    assert book.shown("1 + 2") == "3"
    assert "its code changed" in book.reasons
    book.write("requirements.txt", "pandas==9\n")
    book.shown("1 + 2")
    assert "requirements.txt changed" in book.reasons
    book.write("book/pandas.py", "VALUE = 'mine'\n")
    assert book.shown("import pandas\npandas.VALUE") == "'mine'"
    assert "a file beside the page hides a package" in book.reasons


def test_a_file_saved_while_a_page_runs_does_not_leave_a_stale_result(book: Book) -> None:
    path = book.write("data/a.txt", "1")
    # The page itself plays the editor who saves just after the file was read.
    code = f"""
        shown = open({str(path)!r}).read()
        import subprocess
        if shown == "1":
            subprocess.run(["sh", "-c", "printf 2 > " + {str(path)!r}])
        shown
    """
    assert book.shown(code) == "'2'"
    assert book.shown(code) == "'2'"


def test_a_page_cannot_touch_another(book: Book) -> None:
    spoiling = """
        import os, sys, warnings
        import pandas as pd
        os.environ["SPOILT"] = "yes"
        os.chdir("/")
        pd.set_option("display.max_rows", 1)
        sys.path.insert(0, "/spoilt")
        pd.DataFrame.spoilt = True
        warnings.simplefilter("ignore")
        sys.stdout.write = None
    """
    asking = """
        import os, sys
        import pandas as pd
        print(os.environ.get("SPOILT"), os.getcwd() == sys.path[0] or os.path.basename(os.getcwd()),
              pd.get_option("display.max_rows"), "/spoilt" in sys.path, hasattr(pd.DataFrame, "spoilt"))
    """
    pages = [book.page(spoiling, name=f"spoiling-{n}", may_fail=True) for n in range(3)]
    outcomes = book.build(*pages, *(book.page(asking, name=f"asking-{n}") for n in range(3)))
    for n in range(3):
        assert text_of(outcomes[f"asking-{n}"]) == "None book 60 False False"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os\nos.abort()", "died without a word"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "died without a word"),
        ("import os\nos._exit(0)", "died without a word"),
        ("import time\ntime.sleep(60)", "took longer than 5 seconds and was stopped"),
        pytest.param(
            "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 60))\nwhile True: pass",
            "took longer",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_a_page_that_crashes_or_hangs_is_named_and_harms_no_other(book: Book, code: str, said: str) -> None:
    # Only what hangs is to be stopped by the clock: on a busy machine a crash may take as long.
    bad = book.page("1", code, name="bad", limit=5 if "took" in said else None)
    outcomes = book.build(bad, book.page("'fine'", name="good"))
    failure = outcomes["bad"].failure
    assert failure is not None
    assert said in failure.error
    assert failure.cell == 1
    assert text_of(outcomes["good"]) == "'fine'"
    if "took" not in said:  # which would take as long again
        book.build(bad)
        assert book.executed == ["bad"]  # a failure is nothing to remember


def test_text_that_is_no_unicode_is_shown_with_marks_and_holds_nothing_up(book: Book) -> None:
    started = time.monotonic()
    assert book.shown("print('a\\ud800b')", "print('after')", "print('end')") == "a?b\nafter\nend"
    assert time.monotonic() - started < 10  # the time that ipykernel would wait for each


def test_a_kernel_whose_messages_get_lost_is_not_waited_for(book: Book) -> None:
    # As after a message that it could not send: it never says that it is idle, and its client gives up reading.
    mute = "kernel = get_ipython().kernel\nkernel._publish_status = lambda *_, **__: None\nprint('said')"
    outcome = book.build(book.page(mute, limit=30))["page"]
    assert outcome.failure is None and "said" in text_of(outcome)


def test_a_kernel_that_answers_no_more_is_stopped_at_the_limit(book: Book) -> None:
    stuck = """\
        import time
        kernel = get_ipython().kernel
        kernel.do_execute_before, kernel.do_execute = kernel.do_execute, lambda *_, **__: time.sleep(600)
        """
    outcome = book.build(book.page(stuck, limit=4))["page"]
    assert outcome.failure is not None and "longer than 4 seconds" in outcome.failure.error


def test_a_failing_cell_is_told_with_its_line(book: Book) -> None:
    failure = book.build(book.page("1", "x = 1\n\n\nx / 0\n"))["page"].failure
    assert failure is not None
    assert (failure.cell, failure.line, failure.error) == (1, 4, "ZeroDivisionError: division by zero")
    failure = book.build(book.page("def f():\n    raise ValueError('no')\n\nf()\n"))["page"].failure
    assert failure is not None
    assert (failure.line, failure.error) == (4, "ValueError: no")
    failure = book.build(book.page("x = 1\nx = = 2\n"))["page"].failure
    assert failure is not None
    assert failure.line == 2
    assert failure.error.startswith("SyntaxError")


def test_what_fails_as_its_result_is_shown_is_told_by_its_name(book: Book) -> None:
    shown = "class Wrong:\n    def _repr_mimebundle_(self, **_):\n        raise LookupError('no')\nWrong()"
    failure = book.build(book.page("print('x')", shown))["page"].failure
    assert failure is not None and (failure.cell, failure.error) == (1, "LookupError: no")


def test_a_page_is_told_the_command_line_of_a_kernel(book: Book) -> None:
    asking = "import sys\nprint(sys.argv[0].rpartition('/')[2], sys.argv[1], *sys.orig_argv[1:4])"
    for use_kernels in (False, True):
        runner = Runner(
            book.folder, book.store, [book.root], book.decisions.append, use_kernels=use_kernels, workers=book.warm
        )
        (outcome,) = runner.run([book.page(asking, f"# {use_kernels}")]).values()
        assert text_of(outcome).strip() == "ipykernel_launcher.py -f -m ipykernel_launcher -f"


def test_what_pages_have_in_common_is_imported_once_before_they_begin(book: Book) -> None:
    own = Workers([str(book.root)], ahead=["wave", "mailbox"])
    runner = Runner(book.folder, book.store, [book.root], book.decisions.append, workers=own)
    asking = "import sys\nprint([name in sys.modules for name in ('wave', 'mailbox')])\nimport wave"
    outcomes = runner.run([book.page(asking, name="one"), book.page(f"{asking}\nimport mailbox", name="two")])
    runner.close()
    assert [text_of(outcomes[name]) for name in ("one", "two")] == ["[True, False]"] * 2


def test_what_a_page_starts_and_leaves_behind_is_ended(book: Book) -> None:
    book.shown("import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid, file=open('pid', 'w'))")
    process = int((book.folder / "book/pid").read_text())
    for _ in range(1_000):  # as long as a busy machine takes; nothing else would end it so soon
        if not Path(f"/proc/{process}").exists() or "(sleep) Z" in Path(f"/proc/{process}/stat").read_text():
            return
        time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    raise AssertionError("a program that a page had started was still running")


def test_byte_code_that_python_writes_is_no_change_of_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment.sysconfig, "get_path", lambda _: str(tmp_path))
    (tmp_path / "pandas-3.0.dist-info").mkdir()
    before = environment.packages.__wrapped__()
    (tmp_path / "__pycache__").mkdir()
    assert environment.packages.__wrapped__() == before
    (tmp_path / "altair-6.0.dist-info").mkdir()
    assert environment.packages.__wrapped__() != before


def test_no_folder_is_left_behind(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    own = Workers([str(book.root)])
    runner = Runner(book.folder, book.store, [book.root], book.decisions.append, workers=own)
    assert text_of(runner.run([book.page("'shown'")])["page"]) == "'shown'"
    runner.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("use_kernels", [False, True])
def test_the_time_zone_of_whoever_builds_does_not_show(
    book: Book, monkeypatch: pytest.MonkeyPatch, use_kernels: bool
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    runner = Runner(book.folder, book.store, [book.root], book.decisions.append, use_kernels=use_kernels)
    assert text_of(runner.run([book.page("import time; time.tzname[0]")])["page"]) == "'UTC'"
    runner.close()


def test_if_the_warm_process_dies_the_pages_are_executed_all_the_same(book: Book) -> None:
    code = """
        import os, signal
        parent = os.getppid()
        if "evidencebook.execution" in open(f"/proc/{parent}/cmdline").read():
            os.kill(parent, signal.SIGKILL)
        "done"
    """
    own = Workers([str(book.root)])
    runner = Runner(book.folder, book.store, [book.root], book.decisions.append, workers=own)
    outcomes = runner.run([book.page(code, name="killer"), book.page("'other'", name="other")])
    runner.close()
    assert [text_of(outcomes[name]) for name in ("killer", "other")] == ["'done'", "'other'"]


def test_the_workers_outlive_nobody(project: Path) -> None:
    found = Workers([str(project)])
    process = found._process.pid
    found.close()
    assert not Path(f"/proc/{process}").exists()
    assert workers.processors() >= 1


def test_what_programs_write_stands_between_what_the_page_prints(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # else kernels take nothing over of what programs write
    # With the interpreter's lock held, so that no thread can read it before the next print.
    write = "_ = ctypes.PyDLL(None).write(1, f'{n + 1} '.encode(), len(f'{n + 1} '))"
    often = f"for n in range(0, 40, 2):\n    print(n)\n    {write}"
    programs = (
        "_ = subprocess.run(['echo', '40 ä'])\n_ = os.system('printf 41')\nprint(' 42')\n_ = os.write(1, b'43\\xff')"
    )
    said = book.shown(
        f"import ctypes, os, subprocess\n{often}\n{programs}", "_ = subprocess.run(['printf', '44'])", "print(45)"
    )
    assert said.split() == [*map(str, range(40)), "40", "ä", "41", "42", "43\ufffd", "44", "45"]
