"""The manifest of a built edition: every sentence, figure, value and row as the edition shows them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidencebook.changes.sentences import Sentence, Shown
from evidencebook.writing import write_whole

FORM = 2  # of the file; a manifest of another form is made again
FOLDER = "manifests"  # in _build
LATEST = "latest"  # there: the digest of the edition that stands
ENDING = ".json.gz"
LEVEL = 4  # of gzip: a third of the time, and hardly larger
MOVED = "moved.txt"  # in _build: the line on what moved since the build before
KEPT = 12  # editions; older ones are built again when somebody asks for them

Key = tuple[str, str]  # table and id of a row


@dataclass(frozen=True)
class Drawn:
    """A figure as it stands on a page: its data and alternative text, its picture, and the facts that it draws."""

    anchor: str
    label: str  # such as "Fig. 3.1"
    title: str
    alt: str
    facts: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    svg: str
    drawn_from: str = ""

    @property
    def name(self) -> str:
        return f"{self.label}: {self.title}" if self.label and self.title else self.title or self.label or self.anchor


@dataclass(frozen=True)
class PageSaid:
    """What a page says and shows; `number` is that of its chapter."""

    title: str
    address: str
    number: str
    source: str  # a digest of the file that its author wrote
    sentences: Sequence[Sentence]
    figures: Sequence[Drawn]


@dataclass(frozen=True)
class Manifest:
    """What an edition shows: pages in reading order, facts with value and stance, and rows by table and id."""

    version: str
    digest: str
    pages: Mapping[str, PageSaid]
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    rows: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How it is told from others."""
        return f"version {self.version} ({self.digest})"


def packed(manifest: Manifest) -> bytes:
    """Return the bytes of the file: always the same for the same manifest."""
    tables: dict[str, dict[str, Any]] = {}
    for (table, row_id), cells in manifest.rows.items():
        tables.setdefault(table, {})[row_id] = cells
    pages = {name: page_json(page) for name, page in manifest.pages.items()}
    what = {
        "form": FORM, "version": manifest.version, "digest": manifest.digest, "pages": pages,
        "facts": manifest.facts, "tables": tables,
    }  # fmt: skip
    return gzip.compress(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL, mtime=0)


def page_json(page: PageSaid) -> dict[str, Any]:
    return {**vars(page), "figures": [vars(one) for one in page.figures]}


def page_of(found: Mapping[str, Any]) -> PageSaid:
    """Return the page that `page_json` gave."""
    said = [
        Sentence(at, block, said, tuple(Shown(*one) for one in shown)) for at, block, said, shown in found["sentences"]
    ]
    return PageSaid(**{**found, "sentences": said, "figures": [Drawn(**one) for one in found["figures"]]})


class NoManifest(Exception):
    """A file is no manifest that this engine reads."""


def unpacked(data: bytes) -> Manifest:
    """Return the manifest in a file; raises NoManifest."""
    try:
        found = json.loads(gzip.decompress(data))
        if found["form"] != FORM:
            raise NoManifest("it was made by another version of the engine")
        rows = {(table, row_id): cells for table, known in found["tables"].items() for row_id, cells in known.items()}
        pages = {name: page_of(page) for name, page in found["pages"].items()}
        facts = {fact_id: (value, stance) for fact_id, (value, stance) in found["facts"].items()}
        return Manifest(found["version"], found["digest"], pages, facts, rows)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoManifest(f"it is no manifest of an edition ({type(error).__name__})") from None


class Kept:
    """The manifests in the folder of what was built."""

    def __init__(self, build: Path) -> None:
        self._folder = build / FOLDER

    def of(self, digest: str) -> Manifest | None:
        """Return the manifest of the edition of that digest, if it is kept and can be read."""
        try:
            is_digest = re.fullmatch(r"[0-9a-f]{12}", digest)
            return unpacked((self._folder / f"{digest}{ENDING}").read_bytes()) if is_digest else None
        except (OSError, NoManifest):
            return None

    def latest(self) -> Manifest | None:
        """Return that of the last edition that was built."""
        try:
            return self.of((self._folder / LATEST).read_text("utf-8").strip())
        except OSError:
            return None

    def keep(self, manifest: Manifest, *, is_latest: bool) -> None:
        """Keep a manifest, and the newest others."""
        self.keep_packed(manifest.digest, packed(manifest), is_latest=is_latest)

    def keep_packed(self, digest: str, content: bytes, *, is_latest: bool) -> None:
        """Keep the manifest of the edition of that digest as `packed` gave it, and the newest others."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{digest}{ENDING}"
        write_whole(path, content)
        if is_latest:
            write_whole(self._folder / LATEST, digest.encode())
        kept = sorted(self._folder.glob(f"*{ENDING}"), key=lambda one: (one != path, -one.stat().st_mtime_ns))
        for old in kept[KEPT:]:
            old.unlink(missing_ok=True)
