"""The written pages of the web edition, read once: what they say by section, where they lead, what they load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CELLS = {"td", "th", "dt"}  # parted in the text, where they would run together
UNREAD = {"script", "style", "svg", "pre", "template"}
# The last is "open the passage", which stands in hundreds of entries.
UNREAD_CLASSES = {"headerlink", "twin", "chart-tools", "number", "passage"}
ENTRIES = {"ledger-entry", "contradiction"}  # what a reader looks for by itself, as if it were a section
ENTRY_TITLES = {"head", "rubric"}  # the paragraph that stands for its heading
ADDRESSES = {"src", "href", "poster", "data"}
LEADING = {"a", "area"}
FETCHED = {"stylesheet", "preload", "modulepreload", "icon", "manifest"}  # of <link rel>, what a browser fetches


@dataclass
class Section:
    """A stretch of a page under one heading, with the text that a reader sees there."""

    anchor: str
    title: str = ""
    words: list[str] = field(default_factory=list)
    is_entry: bool = False  # one of many of a list, such as the ledger

    @property
    def text(self) -> str:
        """Return the text in one line: cells and the pairs of a list of definitions parted by " · ", "label: value"."""
        text = re.sub(r" \( \)", "", " ".join(" ".join(self.words).split()))
        text = re.sub(r"(?: ·)+(?= ·|$)|^(?:· )+", "", text)
        return re.sub(r"(?<=[(\[]) | (?=[,.;:)\]])", "", text)


@dataclass
class Page:
    """One written page: `address` is relative to the edition's folder, as are all addresses that it names."""

    address: str
    title: str = ""
    ids: set[str] = field(default_factory=set)
    links: list[tuple[str, str]] = field(default_factory=list)  # page and anchor of this edition
    outside: list[str] = field(default_factory=list)  # where it leads elsewhere
    loaded: list[str] = field(default_factory=list)  # what the browser fetches to show it
    remote: list[str] = field(default_factory=list)  # and what it would fetch from elsewhere
    sections: list[Section] = field(default_factory=list)

    @property
    def said(self) -> list[Section]:
        """Return the sections that say anything."""
        return [section for section in self.sections if section.title or section.text]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page(address)
        self._open: list[tuple[str, Section | None, bool]] = []  # tag, section that it begins, whether it is unread
        self._current: list[Section] = []
        self._heading = ""  # the tag of the heading that is being read
        self._is_title = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        classes = set(given.get("class", "").split())
        if "id" in given:
            self.page.ids.add(given["id"])
        self._note_addresses(tag, given)
        if tag in VOID:
            return
        section = None
        in_article = any(name == "article" for name, _, _ in self._open)
        if (tag == "section" and in_article and "id" in given) or (classes & ENTRIES and "id" in given):
            section = Section(given["id"], is_entry=bool(classes & ENTRIES))
            self.page.sections.append(section)
            self._current.append(section)
        if (tag in HEADINGS or classes & ENTRY_TITLES) and self._current and not self._current[-1].title:
            self._heading = tag
        self._is_title = self._is_title or tag == "title"
        if tag in CELLS and self._current:
            self._current[-1].words.append("·")
        is_unread = tag in UNREAD or bool(classes & UNREAD_CLASSES)
        self._open.append((tag, section, is_unread))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not any(name == tag for name, _, _ in self._open):
            return
        if tag == self._heading:
            self._heading = ""
        if tag == "title":
            self._is_title = False
        while self._open:
            name, section, _ = self._open.pop()
            if name == "dt" and self._current:
                self._current[-1].words.append(":")
            if section is not None:
                self._current.remove(section)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._is_title and not self.page.title:
            self.page.title = data.strip()
        if not self._current or any(is_unread for _, _, is_unread in self._open):
            return
        section = self._current[-1]
        if self._heading:
            section.title = re.sub(r" (?=[.,;:)])", "", " ".join(f"{section.title} {data}".split()))
        else:
            section.words.append(data)

    def _note_addresses(self, tag: str, given: dict[str, str]) -> None:
        leads = tag in LEADING or (tag == "link" and not FETCHED & set(given.get("rel", "").split()))
        for name in ADDRESSES & given.keys():
            parts = urlsplit(given[name])
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                (self.page.outside if leads else self.page.remote).append(given[name])
                continue
            here = PurePosixPath(self.page.address).parent.as_posix()
            path = normpath(f"{here}/{unquote(parts.path)}") if parts.path else self.page.address
            if leads:
                self.page.links.append((path, unquote(parts.fragment)))
            else:
                self.page.loaded.append(path)


def read(folder: Path, at_once: int = 1) -> dict[str, Page]:
    """Return every page in the folder by its address; with `at_once` above 1, read in so many forks of this process."""
    paths = sorted(folder.rglob("*.html"))
    if at_once == 1:
        found = [_read(path, folder) for path in paths]
    else:
        large_first = sorted(paths, key=lambda path: -path.stat().st_size)
        with ProcessPoolExecutor(at_once, mp_context=get_context("fork")) as pool:
            found = list(pool.map(_read, large_first, repeat(folder)))
    return {page.address: page for page in sorted(found, key=lambda page: page.address)}


def _read(path: Path, folder: Path) -> Page:
    reader = _Reader(path.relative_to(folder).as_posix())
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader.page


def broken(pages: dict[str, Page], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield page and link for each link that leads to no file or no anchor."""
    for page in pages.values():
        for path, anchor in page.links:
            if (folder / path / "index.html").is_file():  # as a server finds the page of a folder
                path = normpath(f"{path}/index.html")
            if not (folder / path).is_file():
                yield page.address, path
            elif anchor and path in pages and anchor not in pages[path].ids:
                yield page.address, f"{path}#{anchor}"
        for path in page.loaded:
            if not (folder / path).is_file():
                yield page.address, path
