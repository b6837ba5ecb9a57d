"""What finished cells have shown stays whatever happens later, and nothing that a page or build started outlives it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from evidencebook.execution.workers import Process, Workers
from tests.building import JUPYTER_BOOK
from tests.executing import Book, book, project, text_of, warm

__all__ = ["book", "project", "warm"]  # fixtures
pytestmark = [pytest.mark.slow, pytest.mark.thorough]
PLAIN = Path(__file__).parent / "roots" / "plain"
# Starts a child, a child in a session of its own and one that nobody waits for; their numbers stand in a file.
STARTED = """
import os, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
started = [subprocess.Popen(sleep).pid, subprocess.Popen(sleep, start_new_session=True).pid]
subprocess.run(["sh", "-c", "(sleep 601 & echo $! > orphan)"])
if (pid := os.fork()) == 0:
    os.setsid()
    import time
    time.sleep(602)
    os._exit(0)
with open("started", "w") as file:
    print(*started, pid, open("orphan").read(), os.getpid(), file=file)
"""


def shown(book: Book, *cells: str, limit: float = 60) -> tuple[list[str], str, int]:
    """What each cell shows, and how and in which cell the page failed."""
    outcome = book.build(book.page(*cells, limit=limit))["page"]
    texts = ["".join(one.get("text", "") for one in ran.outputs) for ran in outcome.ran]
    assert outcome.failure
    return texts, outcome.failure.error, outcome.failure.cell


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("import os\nprint('partly', flush=True)\nos._exit(7)", "died without a word", id="os._exit"),
        pytest.param("import os\nos.kill(os.getpid(), 9)", "died without a word", id="killed"),
        pytest.param("import ctypes\nctypes.string_at(0)", "died without a word", id="crash"),
        pytest.param("print('partly', flush=True)\nwhile True: pass", "longer than 2 seconds", id="endless"),
        pytest.param("import ctypes\nctypes.PyDLL(None).sleep(60)", "longer than 2 seconds", id="endless in C"),
        pytest.param("raise LookupError('x')", "LookupError: x", id="error"),
    ],
)
def test_what_finished_cells_have_shown_stays(book: Book, code: str, said: str) -> None:
    texts, error, cell = shown(book, "print('first')", "print('second')", code, "print('never')", limit=2)
    assert texts[:2] == ["first\n", "second\n"]
    assert texts[3] == ""
    assert said in error
    assert cell == 2


def test_a_kernel_ends_by_itself_when_its_page_is_done(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses: list[int | None] = []
    wait = Process.wait

    def waited(process: Process) -> int | None:
        statuses.append(wait(process))
        return statuses[-1]

    monkeypatch.setattr(Process, "wait", waited)
    for number in range(15):  # it was every fifth that hung until it was killed
        book.build(book.page(f"import time; time.sleep(0.3); {number}"))
    assert statuses == [0] * 15


def test_what_the_last_cell_printed_before_its_time_was_up_stays_too(book: Book) -> None:
    texts, _, _ = shown(book, "print('partly', flush=True)\nimport time; time.sleep(60)", limit=2)
    assert texts == ["partly\n"]


def test_a_cell_may_print_only_so_much_and_the_page_says_so(book: Book) -> None:
    started = time.monotonic()
    outcome = book.build(book.page("for _ in range(200): print('x' * 1_000_000)", "print('next')"))["page"]
    text = outcome.ran[0].outputs[0]["text"]
    assert len(text) < 2_100_000
    assert text.endswith("[Cut here: what a cell prints is kept up to 2,000,000 letters.]\n")
    assert outcome.ran[1].outputs[0]["text"] == "next\n"
    assert time.monotonic() - started < 60


def test_an_output_may_have_only_a_size_that_a_page_can_bear(book: Book) -> None:
    code = "from IPython.display import HTML\nHTML('x' * 110_000_000)"
    assert "An output of 110,000,0" in book.shown(code)


def test_unseeded_numbers_differ_from_page_to_page(book: Book) -> None:
    pages = [book.page("import random, numpy\nprint(numpy.random.rand(), random.random())", name=n) for n in "abc"]
    assert len({text_of(outcome) for outcome in book.build(*pages).values()}) == 3


def test_variables_that_come_too_late_have_their_effect(book: Book) -> None:
    threads = "import os\nos.environ['OPENBLAS_NUM_THREADS'] = '1'\nimport numpy, threadpoolctl"
    page = book.page(threads, "threadpoolctl.threadpool_info()[0]['num_threads']")
    beside = [book.page("import numpy", name=name) for name in "ab"]  # so that it is imported ahead
    assert text_of(book.build(page, *beside)["page"]) == "1"


def is_alive(number: int) -> bool:
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def alive(numbers: list[int]) -> list[int]:
    """Those of the processes that still live, after a moment in which they may end."""
    deadline = time.monotonic() + 5
    left = numbers
    while left and time.monotonic() < deadline:
        left = [one for one in left if is_alive(one)]
        time.sleep(0.05)
    return left


def test_a_page_that_is_done_leaves_nothing_alive(book: Book) -> None:
    book.build(book.page(STARTED))
    numbers = [int(one) for one in (book.folder / "book/started").read_text().split()]
    assert len(numbers) == 5
    assert alive(numbers) == []


def test_a_page_is_dead_before_it_is_told_of(book: Book) -> None:
    found: list[list[int]] = []
    living: list[list[int]] = []

    def told(*_: object) -> None:
        numbers = [int(one) for one in (book.folder / "book/started").read_text().split()]
        found.append(numbers)
        living.append([one for one in numbers if is_alive(one)])

    page = book.page(STARTED, "import time; time.sleep(60)", limit=2)
    outcome = book.warm.run([page], told)["page"]
    assert outcome.failure and "longer than 2 seconds" in outcome.failure.error
    assert found and living == [[]]


def test_what_leaves_its_page_for_good_ends_with_the_build(book: Book) -> None:
    page = book.page(
        "import subprocess\n_ = subprocess.run(['setsid', '-f', 'sh', '-c', 'echo $$ > daemon; sleep 603'])\n"
    )
    workers = Workers([str(book.root)])
    workers.run([page], lambda *_: None)
    number = int((book.folder / "book/daemon").read_text())
    workers.close()
    assert not is_alive(number)


def test_pages_run_where_the_path_of_a_socket_would_be_too_long(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = book.folder / ("x" * 120)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    workers = Workers([str(book.root)])
    outcome = workers.run([book.page("print('all the same')")], lambda *_: None)["page"]
    workers.close()
    assert text_of(outcome) == "all the same"
    assert list(deep.iterdir()) == []


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Path]:
    """An ordinary book, with a page that starts processes and goes on for minutes; it has its own temporary folder."""
    root = tmp_path / "plain"
    shutil.copytree(PLAIN, root)
    (tmp_path / "tmp").mkdir()
    page = root / "numbers.md"
    page.write_text(
        page.read_text("utf-8") + f"\n```{{code-cell}} python\n{STARTED}\nimport time; time.sleep(300)\n```\n"
    )
    yield root


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_ended_leaves_nothing_alive_and_no_folder(plain: Path, number: signal.Signals) -> None:
    temporary = plain.parent / "tmp"
    running = subprocess.Popen(
        [JUPYTER_BOOK, "build", str(plain)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not (plain / "started").exists() or not (plain / "started").read_text():
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        numbers = [one.pid for one in psutil.Process(running.pid).children(recursive=True)]
        numbers += [int(one) for one in (plain / "started").read_text().split()]
        running.send_signal(number)
        assert running.wait(30) != 0
        assert alive(numbers) == []
        left = [path.name for path in temporary.iterdir()]
        assert number == signal.SIGKILL or left == []
        assert not [
            name for name in left if name.startswith("evidencebook-") and (temporary / name / "drawer").exists()
        ]
    finally:
        if running.poll() is None:
            running.kill()
            running.wait()
