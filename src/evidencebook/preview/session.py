"""What happens on a save: the pages that are open are rewritten at once, and the whole edition is made after them."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple

from evidencebook import ENGINE
from evidencebook.build import telling
from evidencebook.check import anchors
from evidencebook.preview.server import Site
from evidencebook.preview.watching import Files
from evidencebook.preview.whole import Whole

SETTLED = 0.4  # seconds without a save until the whole edition is made: the browser paints meanwhile
PAGES = {".md", ".ipynb", ".rst"}
SHARED = {"_static", "_templates"}  # folders with what all pages have in common
MAKING = "The whole edition is being made …"
MOST_SHOWN = 100  # problems on a page


class News(NamedTuple):
    """Files that were changed, or what a build tells: None that it has ended."""

    files: set[str] = set()  # noqa: RUF012
    whole: Whole | None = None
    told: dict[str, Any] | None = None


class Session:
    """Keeps what `site` shows as the files of the report are."""

    def __init__(self, root: Path, site: Site, teller: telling.Teller) -> None:
        self._root, self._site, self._teller = root.absolute(), site, teller
        self._news: SimpleQueue[News] = SimpleQueue()
        self._good: Whole | None = None  # the one that has made the edition, and rewrites pages
        self._making: Whole | None = None
        self._due: float | None = None  # when the next one is to begin
        self._numbers = count(1)
        self._asked, self._saved = 0, 0.0  # the last order, and when that was
        self._pages: list[str] = []
        self._folder = Path(tempfile.mkdtemp(prefix="evidencebook-preview-"))
        self._files = Files([self._root, ENGINE, anchors.texts_dir(self._root)])
        self._is_over = Event()
        self._endings: list[Thread] = []

    def run(self) -> None:
        """Go on until this process is told to end."""
        watching = Thread(target=self._watch, daemon=True)
        watching.start()
        try:
            self._begin()
            while True:
                patience = None if self._due is None else max(0.0, self._due - time.monotonic())
                try:
                    self._take(self._news.get(timeout=patience))
                except Empty:
                    self._begin()
        finally:
            self._is_over.set()
            for whole in (self._good, self._making):
                self._end(whole)
            for thread in (watching, *self._endings):
                thread.join()
            self._files.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _watch(self) -> None:
        while not self._is_over.is_set():
            if changed := self._files.changed(0.5):
                self._news.put(News(files=changed))

    def _take(self, news: News) -> None:
        if news.whole is None:
            self._note_saved(news.files)
        elif news.whole is self._making:
            self._note_made(news.whole, news.told)
        elif news.whole is self._good and news.told is None:
            self._good = None
        elif news.whole is self._good and news.told and news.told["number"] == self._asked:
            self._note_rewritten(news.told["problems"])

    def _note_saved(self, files: set[str]) -> None:
        """Have the pages that are open rewritten, where they may show what was changed, and the edition after that."""
        self._saved = time.monotonic()
        self._end(self._making)  # what it would make is of yesterday
        self._making, self._due = None, self._saved + SETTLED
        self._site.show({}, note=MAKING)
        if self._good is None:
            return
        changed = self._good.changed
        changed |= files
        self._asked = next(self._numbers)  # what an order before would answer is stale
        self._pages = [page for page in self._site.viewed() if self._is_touched(page, changed)]
        if self._pages and not any(map(self._is_shared, changed)):
            self._due = None
            check = not all(Path(path).suffix in PAGES for path in changed)
            self._good.order(number=self._asked, pages=self._pages, folder=str(self._place), check=check)

    def _note_rewritten(self, problems: list[str]) -> None:
        """Show the pages that were rewritten, or what is wrong with them."""
        files = (path for path in self._place.rglob("*") if path.is_file() and not problems)
        self._show({path.relative_to(self._place).as_posix(): path for path in files}, problems, MAKING)
        self._due = time.monotonic() + SETTLED
        said = f"{len(problems)} problems" if problems else f"{', '.join(self._pages)} shown"
        self._teller.say("Saved", said, time.monotonic() - self._saved)

    def _note_made(self, whole: Whole, told: dict[str, Any] | None) -> None:
        """Show the edition, and have whoever made it rewrite pages from now on; or show why there is none."""
        self._making = None
        seconds = time.monotonic() - whole.began
        if told is None:
            problems = whole.heard.problems or [f"The build ended without a word; {self._teller.log} may tell more."]
            self._show({}, problems, "")
            for line in problems:
                self._teller.complain(line)
            self._teller.begin()
            self._teller.say("Web edition", "not made; the last good one stands as before", seconds)
            return
        whole.is_made = True
        self._end(self._good)
        self._good = whole
        self._show(None, [], "")
        self._teller.say("Web edition", str(self._root / "_build" / "html"), seconds)

    def _begin(self) -> None:
        self._due = None
        self._site.show({}, note=MAKING)
        self._making = Whole(self._root, self._teller.note, lambda *told: self._news.put(News(set(), *told)))

    def _end(self, whole: Whole | None) -> None:
        """End a process; nobody waits for it."""
        if whole is not None:
            self._endings = [thread for thread in self._endings if thread.is_alive()]
            self._endings.append(Thread(target=whole.end))
            self._endings[-1].start()

    def _show(self, fresh: dict[str, Path] | None, problems: Iterable[str], note: str) -> None:
        found = list(problems)
        number = f"{len(found)} problem{'s' * (len(found) != 1)}; below stands the last good page."
        self._site.show(fresh, problems=found[:MOST_SHOWN], note=number if found else note)

    @property
    def _place(self) -> Path:
        return self._folder / str(self._asked)

    def _is_touched(self, page: str, changed: Iterable[str]) -> bool:
        """Return whether a page may show any of the files: its own text, or whatever is no page."""
        own = self._root / page
        return any(Path(path).suffix not in PAGES or Path(path).with_suffix("") == own for path in changed)

    def _is_shared(self, path: str) -> bool:
        """Return whether a file is of settings or the engine, so that no page can be made without all others."""
        one = Path(path)
        is_top = one.parent == self._root and one.suffix not in PAGES
        return is_top or one.is_relative_to(ENGINE) or not SHARED.isdisjoint(one.parent.parts)
