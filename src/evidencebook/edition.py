"""What identifies an edition: version, date, a digest of all that it is made from, and how it is cited."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evidencebook import ENGINE
from evidencebook.folders import files_below
from evidencebook.tables import citation_file, descriptor
from evidencebook.values import dates

# What readers of an edition with numbered facts must know.
NOTICE_HEAD = "What this report is and is not"
NOTICE = (
    "A small number in brackets behind a value is its number in the evidence ledger at the end, where the claim, its "
    "voice, its source and its ratings stand. A dashed line marks a doubtful value."
)


@dataclass(frozen=True)
class Edition:
    """One edition of a report, as its data package describes it."""

    name: str
    title: str
    subtitle: str
    description: str
    version: str
    date: date
    digest: str
    licence: str
    keywords: tuple[str, ...]
    licence_url: str = ""
    notice: str = ""  # what readers must know of the whole before they use it

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def line(self) -> str:
        """What identifies the edition, in words."""
        return f"Version {self.version} of {dates.words(self.date.isoformat())}, digest {self.digest}"


@dataclass(frozen=True)
class Citation:
    """Who wrote the report and where it is found, from CITATION.cff."""

    authors: str
    url: str

    def sentence(self, book: Edition) -> str:
        """Return the citation as one sentence."""
        where = f" {self.url}" if self.url else ""
        edition = f"Version {book.version}, digest {book.digest}"
        return f"{self.authors} ({book.date.year}). {book.full_title}. {edition}.{where}"


def edition(root: Path) -> Edition:
    """Return the edition that the report at the root makes; raises BadData where its data package is not safe."""
    package = descriptor.read(root)
    title, _, subtitle = str(package.get("title") or package["name"]).partition(": ")
    licences = package.get("licenses", ())
    return Edition(
        name=package["name"],
        title=title,
        subtitle=subtitle,
        description=package.get("description", ""),
        version=package.get("version", "0"),
        date=descriptor.day(package) or date.min,  # of which the check tells
        digest=_digest(root),
        licence=", ".join(str(licence.get("title") or licence.get("name", "")) for licence in licences),
        keywords=tuple(package.get("keywords", ())),
        licence_url=next((str(licence["path"]) for licence in licences if "path" in licence), ""),
        notice=package.get("notice", ""),
    )


JUST_NOW = 2.0  # seconds in which a file may change again and have the same time
_read: dict[Path, tuple[tuple[int, ...], str]] = {}


def _digest_of(path: Path) -> str:
    """Return the digest of a file, which each process reads once while it stays the same one, unless it is too new."""
    found = path.stat()
    state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    known = _read.get(path)
    if known is not None and known[0] == state:
        return known[1]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if abs(time.time() - found.st_ctime) > JUST_NOW:
        _read[path] = state, digest
    return digest


def _digest(root: Path) -> str:
    """Return a digest of tables, pages, figures, engine, settings and the list of packages.

    It is one of what goes in, so that it can stand in what comes out; the same in always gives the same out, which
    `evidencebook verify` proves.
    """
    digest = hashlib.sha256()
    for name, path in sorted(_made_from(root)):
        digest.update(f"{name}\0{_digest_of(path)}\0".encode())
    return digest.hexdigest()[:12]


def _made_from(root: Path) -> Iterator[tuple[str, Path]]:
    folders = [(name, root / name) for name in ("book", "data", "seeds")] + [("engine", ENGINE)]
    for name, folder in folders:
        for path in files_below(folder):
            inside = path.relative_to(folder)
            # Articles, and what of them waits for review, may be at hand: nothing of an edition depends on that.
            if not {"texts", "review"} & {*inside.parts} and not inside.name.startswith("."):
                yield f"{name}/{inside.as_posix()}", path
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt"):
        if (root / name).is_file():
            yield name, root / name


def citation(root: Path) -> Citation:
    """Return the citation data of CITATION.cff; without the file the contributors stay unnamed; raises BadData."""
    data = citation_file.read(root)
    if not data:
        return Citation("The contributors", "")
    names = [author.get("name") or f"{author['family-names']}, {author['given-names']}" for author in data["authors"]]
    return Citation("; ".join(names), str(data.get("url", "")))
