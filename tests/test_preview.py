"""The live preview: a real server, a real browser, saves as an editor makes them, and a clean end."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

import psutil
import pytest
from playwright.sync_api import Browser, Page

from tests.building import change, copy_book_with_notes, differences, from_nothing, tree
from tests.pages import until
from tests.test_edits import Editor

pytestmark = pytest.mark.slow
EDITS = int(os.environ.get("EVIDENCE_EDITS", "6"))  # a hundred for an issue of the engine: EVIDENCE_EDITS=100
SEED = int(os.environ.get("EVIDENCE_SEED", "20261130"))
PATIENCE = 180
SHOWN = "said => document.body && document.body.innerText.includes(said)"


class Preview:
    """A preview that is running: what it said so far, and its address."""

    def __init__(self, root: Path) -> None:
        self.root = root
        command = [sys.executable, "-m", "evidencebook", "serve", "--port", "0", "--root", str(root)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()
        (found,) = re.findall(r"http://\S+", self.heard("Preview"))
        self.address = found
        self.host = found.split("/")[2]

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip())

    def heard(self, word: str) -> str:
        """Wait for the next line that begins with the word."""
        while True:
            try:
                self.said.append(self._lines.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"never said {word}: {self.said}") from None
            if self.said[-1].startswith(word):
                return self.said[-1]

    def forget(self) -> None:
        """Take note of all that was said before."""
        while not self._lines.empty():
            self.said.append(self._lines.get())

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", int(self.host.partition(":")[2]), timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest("GET", path, skip_host=True)
        for name, value in ({"Host": self.host} | named).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        is_stream = answer.getheader("Content-Type") == "text/event-stream"
        content = b"".join(iter(answer.readline, b"\n")) if is_stream else answer.read()
        connection.close()
        return answer.status, content

    def settle(self) -> list[str]:
        """Wait until the whole edition is made and nothing more is due, and return the problems."""
        deadline = time.monotonic() + PATIENCE
        time.sleep(0.5)  # until the save is noticed
        while time.monotonic() < deadline:
            said = self.get("/-preview/events?page=/nowhere")[1].decode()
            state = json.loads(said.partition("data: ")[2])
            if not state["note"].startswith("The whole edition is being made"):
                return list(state["problems"])
            time.sleep(0.1)
        raise AssertionError("the edition was never made")

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        return status


@contextmanager
def previewed(folder: Path) -> Iterator[Preview]:
    found = Preview(copy_book_with_notes(folder))
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.end()


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with previewed(tmp_path_factory.mktemp("preview")) as found:
        found.heard("Web edition")
        yield found


@pytest.fixture
def tab(preview: Preview, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    pages: list[Page] = []

    def opened(path: str) -> Page:
        preview.settle()
        page = chromium.new_page()
        pages.append(page)
        page.goto(f"{preview.address}{path}")
        until(page, "() => document.querySelector('#evidence-preview')")
        return page

    yield opened
    for page in pages:
        page.close()


def is_shown(tab: Page, said: str) -> None:
    """Wait until the page shows it, through loads of the page."""
    for _ in range(600):
        try:
            if tab.evaluate(SHOWN, said):
                return
        except Exception as error:  # the page was just being loaded
            if "context was destroyed" not in str(error) and "navigat" not in str(error):
                raise
        time.sleep(0.05)
    raise AssertionError(f"never shown: {said}")


def panel(tab: Page) -> str:
    return str(tab.evaluate("() => document.querySelector('#evidence-preview').innerText"))


def test_saved_prose_shows_before_the_whole_edition_is_made(preview: Preview, tab: Callable[[str], Page]) -> None:
    page = tab("book/free.html")
    change(preview.root / "book/free.md", "Some prose", "Some better prose")
    is_shown(page, "Some better prose")
    assert "Some better prose" not in (preview.root / "_build/html/book/free.html").read_text("utf-8")
    assert preview.settle() == []
    assert "Some better prose" in (preview.root / "_build/html/book/free.html").read_text("utf-8")
    until(page, "() => document.querySelector('#evidence-preview').innerText === ''")  # the page is told a moment later


def test_what_was_rewritten_is_what_the_whole_edition_has(preview: Preview, tab: Callable[[str], Page]) -> None:
    tab("book/tide.html")
    path = preview.root / "data/claims.csv"
    preview.forget()
    change(path, "The keeper counted", "The old keeper counted")
    preview.heard("Saved")
    quick = preview.get("/book/tide.html")[1]
    assert preview.settle() == []
    assert preview.get("/book/tide.html")[1] == quick


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("notes/a.txt", "a", "a text that nobody declared", id="a file that a page reads"),
        pytest.param("book/figures/counting.py", '"one"', '"a word of the module"', id="a module"),
    ],
)
def test_a_saved_file_shows_on_the_page_that_read_it(
    preview: Preview, tab: Callable[[str], Page], name: str, old: str, new: str
) -> None:
    page = tab("book/free.html")
    change(preview.root / name, old, new)
    is_shown(page, new.strip('"'))


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        pytest.param("book/free.md", "Some", "{fact}`no-such-fact` some", "book/free.md:8: ", id="a role"),
        pytest.param("book/free.md", "from pathlib", "1 / 0; from pathlib", "book/free.md:10: ", id="a cell"),
        pytest.param("data/places.csv", "place_id,", "place,", "data/places.csv:1: ", id="a table"),
        pytest.param("_toc.yml", "book/tide", "book/ebb", "book/ebb", id="the contents"),
    ],
)
def test_a_problem_is_shown_above_the_last_good_page_until_it_is_mended(
    preview: Preview, tab: Callable[[str], Page], name: str, old: str, new: str, told: str
) -> None:
    page, path = tab("book/free.html"), preview.root / name
    before = page.inner_text("article")
    good = path.read_text("utf-8")
    path.write_text(good.replace(old, new, 1), "utf-8")
    is_shown(page, told)
    assert page.inner_text("article") == before
    assert preview.settle()
    assert told in panel(page)
    assert page.inner_text("article") == before
    path.write_text(good, "utf-8")
    until(page, "told => !document.querySelector('#evidence-preview')?.innerText.includes(told)", told)
    assert preview.settle() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_it_answers_to_its_own_name_and_its_own_pages_only(preview: Preview, headers: dict[str, str]) -> None:
    status, content = preview.get("/-preview/events?page=/", **headers)
    assert status == 403
    assert b"data:" not in content
    if "Sec_Fetch_Site" not in headers:  # whoever follows a link from another site may see a page
        assert preview.get("/book/tide.html", **headers)[0] == 403


@pytest.mark.parametrize(
    "path", ["/../_config.yml", "/%2e%2e/%2e%2e/_config.yml", "/book/..%2f..%2f..%2f_config.yml", "//etc/passwd"]
)
def test_nothing_but_the_edition_is_served(preview: Preview, path: str) -> None:
    assert preview.get(path)[0] == 404


def test_nobody_else_can_reach_it(preview: Preview) -> None:
    listening = [one for one in psutil.Process(preview.process.pid).net_connections() if one.status == "LISTEN"]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_a_port_that_is_taken_is_told(preview: Preview, tmp_path: Path) -> None:
    port = preview.host.partition(":")[2]
    command = [sys.executable, "-m", "evidencebook", "serve", "--port", port, "--root", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {port} is taken - name another" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("is_making", [True, False])
def test_it_ends_cleanly(tmp_path: Path, number: int, is_making: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with previewed(tmp_path) as found:
        if not is_making:
            found.heard("Web edition")
        time.sleep(1)
        family = psutil.Process(found.process.pid).children(recursive=True)
        assert family
        assert found.end(number) == 0
        _, alive = psutil.wait_procs(family, 10)
        assert alive == []
        assert [path.name for path in folder.iterdir() if not path.name.startswith("pytest")] == []
        assert not list((found.root / "_build").glob(".*.part"))
        with pytest.raises(ConnectionRefusedError):
            found.get("/")


@pytest.mark.thorough
def test_after_random_edits_under_preview_the_edition_is_that_of_a_build_from_nothing(
    tmp_path: Path, chromium: Browser
) -> None:
    chance = random.Random(SEED)
    with previewed(tmp_path) as found:
        found.heard("Web edition")
        editor = Editor(found.root, chance)
        page = chromium.new_page()
        page.goto(f"{found.address}book/tide.html")
        history = []
        for number in range(1, EDITS + 1):
            history.append(editor.edit())
            time.sleep(chance.choice([0, 0.1, 0.5, 2]))
            if number % 10 == 0 or number == EDITS:
                assert found.settle() == [], history
                made = from_nothing(found.root, tmp_path / f"scratch-{number}")
                assert differences(tree(found.root / "_build/html"), made) == [], history
        page.close()
