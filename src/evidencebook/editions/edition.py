"""What identifies an edition: version, date, a digest of the tables, and how it is cited."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml


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


@dataclass(frozen=True)
class Citation:
    """Who wrote the report and where it is found, from CITATION.cff."""

    authors: str
    url: str

    def sentence(self, book: Edition) -> str:
        """Return the citation as one sentence."""
        title = f"{book.title}: {book.subtitle}" if book.subtitle else book.title
        where = f" {self.url}" if self.url else ""
        return f"{self.authors} ({book.date.year}). {title}. Version {book.version}, data {book.digest}.{where}"


def edition(root: Path) -> Edition:
    """Return the edition that the tables at the root make; the digest covers every table and the contract."""
    folder = root / "data"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".csv", ".json", ".geojson"}):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    title, _, subtitle = str(package["title"]).partition(": ")
    licences = ", ".join(str(licence.get("title", licence["name"])) for licence in package.get("licenses", ()))
    return Edition(
        name=package["name"],
        title=title,
        subtitle=subtitle,
        description=package.get("description", ""),
        version=package.get("version", "0"),
        date=date.fromisoformat(package["created"][:10]),
        digest=digest.hexdigest()[:12],
        licence=licences,
        keywords=tuple(package.get("keywords", ())),
    )


def citation(root: Path) -> Citation:
    """Return the citation data of CITATION.cff; without the file the contributors stay unnamed."""
    path = root / "CITATION.cff"
    if not path.is_file():
        return Citation("The contributors", "")
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [author.get("name") or f"{author['family-names']}, {author['given-names']}" for author in data["authors"]]
    return Citation("; ".join(names), str(data.get("url", "")))
