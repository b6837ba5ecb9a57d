"""The written pages of the web edition, read once: what they say by section, where they lead, what they load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from posixpath import normpath
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from lxml import html

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CELLS = {"td", "th", "dt"}  # parted in the text, where they would run together
UNREAD = {"script", "style", "svg", "pre", "template"}
# The last is "open the passage", which stands in hundreds of entries.
UNREAD_CLASSES = {"headerlink", "twin", "chart-tools", "number", "passage"}
ENTRIES = {"ledger-entry", "contradiction"}  # what a reader looks for by itself, as if it were a section
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


class _Reader:
    """Reads one page; `root` is the path that its addresses begin with, where they hang on none of its own."""

    def __init__(self, address: str, root: str) -> None:
        self.page, self._root = Page(address), root

    def read(self, tree: html.HtmlElement) -> Page:
        self.page.title = (tree.findtext(".//title") or "").strip()
        for node in tree.iter(html.etree.Element):
            if "id" in node.attrib:
                self.page.ids.add(str(node.attrib["id"]))
            self._note_addresses(node)
        for article in tree.iter("article"):
            self._said(article, None, False)
        return self.page

    def _said(self, node: html.HtmlElement, section: Section | None, is_heading: bool) -> None:
        """Take up the text of a node below the article, in the section that it begins or that it stands in."""
        tag = node.tag
        if not isinstance(tag, str) or tag in UNREAD:  # what is no text is a comment
            return
        classes = set(node.get("class", "").split())
        if classes & UNREAD_CLASSES:
            return
        is_entry = bool(classes & ENTRIES)
        if (tag == "section" or is_entry) and "id" in node.attrib:
            section = Section(str(node.attrib["id"]), is_entry=is_entry)
            self.page.sections.append(section)
        if section is not None:
            is_heading = is_heading or (tag in HEADINGS and not section.title)
            section.words += ["·"] if tag in CELLS else []
        _add(section, node.text, is_heading)
        for child in node:
            self._said(child, section, is_heading)
            _add(section, child.tail, is_heading)
        if section is not None and tag == "dt":
            section.words.append(":")

    def _note_addresses(self, node: html.HtmlElement) -> None:
        leads = node.tag in LEADING or (node.tag == "link" and not FETCHED & set(node.get("rel", "").split()))
        for name in ADDRESSES & set(node.keys()):
            given = node.get(name, "")
            parts = urlsplit(given)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                (self.page.outside if leads else self.page.remote).append(given)
                continue
            here = "" if self._root else PurePosixPath(self.page.address).parent.as_posix()
            within = unquote(parts.path).removeprefix(self._root)
            path = normpath(f"{here}/{within}".lstrip("/")) if parts.path else self.page.address
            if leads:
                self.page.links.append((path, unquote(parts.fragment)))
            else:
                self.page.loaded.append(path)


def _add(section: Section | None, text: str | None, is_heading: bool) -> None:
    if section is None or not text:
        return
    if is_heading:
        section.title = re.sub(r" (?=[.,;:)])", "", " ".join(f"{section.title} {text}".split()))
    else:
        section.words.append(text)


def read(folder: Path, at_once: int = 1, roots: Mapping[str, str] = MappingProxyType({})) -> dict[str, Page]:
    """Return every page in the folder by its address; with `at_once` above 1, read in so many forks of this process.

    `roots` has the path of the edition for those pages whose addresses begin with it.
    """
    paths = sorted(folder.rglob("*.html"))
    if at_once == 1:
        found = [_read(path, folder, roots) for path in paths]
    else:
        large_first = sorted(paths, key=lambda path: -path.stat().st_size)
        with ProcessPoolExecutor(at_once, mp_context=get_context("fork")) as pool:
            found = list(pool.map(_read, large_first, repeat(folder), repeat(dict(roots))))
    return {page.address: page for page in sorted(found, key=lambda page: page.address)}


def _read(path: Path, folder: Path, roots: Mapping[str, str]) -> Page:
    address = path.relative_to(folder).as_posix()
    tree = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    return _Reader(address, roots.get(address, "")).read(tree)


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
