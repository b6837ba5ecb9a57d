"""Reports of other sizes, made from a real one."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MOST_CLAIMS_FOR_STOCK = 2_000
MOST_ENTRIES = 400  # on one page of the ledger, about as many as the report's own has


@dataclass(frozen=True)
class Size:
    """How large a report is measured: so many chapters, claims and sources; None leaves the report's own."""

    chapters: int | None = None
    claims: int | None = None
    sources: int | None = None

    @property
    def name(self) -> str:
        told = [f"{self.chapters} chapters" if self.chapters != 1 else "1 chapter"] if self.chapters else []
        told += [
            f"{number:,} {what}" for number, what in ((self.claims, "claims"), (self.sources, "sources")) if number
        ]
        return ", ".join(told) or "the report as it is"

    @property
    def is_for_stock(self) -> bool:
        """Return whether Jupyter Book's own ways are measured too; with very many claims only growth is of interest."""
        return (self.claims or 0) <= MOST_CLAIMS_FOR_STOCK


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a table as the report's own are written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def resize(root: Path, size: Size) -> None:
    """Make the report in `root` as large as said, from its own rows and chapters."""
    sources = _multiply_sources(root / "data" / "sources.csv", size.sources) if size.sources is not None else {}
    if size.claims is not None:
        _multiply_claims(root / "data" / "claims.csv", size.claims, sources)
        _divide_ledger(root, -(-size.claims // MOST_ENTRIES))
    if size.chapters is not None:
        _multiply_chapters(root, size.chapters)


def _multiply_sources(path: Path, number: int) -> dict[str, list[str]]:
    """Add copies of the sources, each an article and a newsroom of its own; return the copies of each by its id."""
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    found = list(rows)
    copies: dict[str, list[str]] = {row["source_id"]: [row["source_id"]] for row in rows}
    for copy in range(2, -(-number // len(rows)) + 1):
        for row in rows[: number - len(found)]:
            name = f"{row['source_id']}-copy-{copy}"
            copies[row["source_id"]].append(name)
            (path.parents[1] / "seeds" / f"{name}.md").write_text("# A copy\n", "utf-8")
            found.append(
                {
                    **row,
                    "source_id": name,
                    "origin_cluster": f"{row['origin_cluster']}-copy-{copy}",
                    "file_sha256": hashlib.sha256(name.encode()).hexdigest(),
                }
            )
    write_rows(path, sorted(found, key=lambda row: row["source_id"]))
    settings = yaml.safe_load((path.parents[1] / "_config.yml").read_text("utf-8"))
    settings["exclude_patterns"] = [*settings.get("exclude_patterns", []), "seeds/*-copy-*"]  # the contents lack them
    (path.parents[1] / "_config.yml").write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), "utf-8")
    return copies


def _multiply_claims(path: Path, number: int, sources: Mapping[str, Sequence[str]]) -> None:
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    found = list(rows)
    copy = 1
    while len(found) < number:
        copy += 1
        for place, row in enumerate(rows):
            from_ = sources.get(row["source_id"]) or [row["source_id"]]
            source_id = from_[(copy + place) % len(from_)]
            copied = {"claim_id": f"{row['claim_id']}-copy-{copy}", "source_id": source_id}
            found.append({**row, **dict.fromkeys({"event_id", "repeats"} & row.keys(), ""), **copied})
    write_rows(path, sorted(found[: max(number, len(rows))], key=lambda row: row["claim_id"]))


def _multiply_chapters(root: Path, number: int) -> None:
    """Give the report as many executed chapters as asked for, by copying or leaving out its own.

    Chapters without cells stay beside copies, since others refer to them.
    """
    toc_path = root / "_toc.yml"
    toc = yaml.safe_load(toc_path.read_text("utf-8"))
    chapters = toc["parts"][0]["chapters"]
    files = [chapter["file"] for chapter in chapters]
    own = [name for name in files if "{code-cell}" in (root / f"{name}.md").read_text("utf-8")]
    names = files if number >= len(own) else own[:number]
    copied = 0
    for copy in range(2, number // len(own) + 2):
        for name in own[: number - len(own) - copied]:
            text = (root / f"{name}.md").read_text("utf-8")
            # Labels and the names of figures and tables must stay unique; references may lead to the first copy.
            text = re.sub(r"^\((ch-[\w-]+)\)=", rf"(\1-{copy})=", text, flags=re.MULTILINE)
            for label in set(re.findall(r"^(?:\(| *:?name: *)((?:fig|tab)-[\w-]+)", text, flags=re.MULTILINE)):
                text = re.sub(rf"\b{label}(?![\w-])", f"{label}-{copy}", text)
            (root / f"{name}-{copy}.md").write_text(text, "utf-8")
            names.append(f"{name}-{copy}")
            copied += 1
    toc["parts"][0]["chapters"] = [{"file": name} for name in names]
    toc_path.write_text(yaml.safe_dump(toc, sort_keys=False, allow_unicode=True), "utf-8")


def _divide_ledger(root: Path, number: int) -> None:
    """Spread the ledger over so many pages, which stand below its first in the contents."""
    toc_path = root / "_toc.yml"
    toc = yaml.safe_load(toc_path.read_text("utf-8"))
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    directive = "```{evidence-ledger}\n"
    first = next(one for one in chapters if directive in (root / f"{one['file']}.md").read_text("utf-8"))
    path = root / f"{first['file']}.md"
    title = "# Evidence ledger, part {{typed}}`{place} | counts the pages of the ledger`"
    for place in range(1, number + 1):
        text = path.read_text("utf-8") if place == 1 else f"{title.format(place=place)}\n\n{directive}```\n"
        name = first["file"] if place == 1 else f"{first['file']}-{place}"
        (root / f"{name}.md").write_text(text.replace(directive, f"{directive}:part: {place} of {number}\n"), "utf-8")
        if place > 1:
            first.setdefault("sections", []).append({"file": name})
    toc_path.write_text(yaml.safe_dump(toc, sort_keys=False, allow_unicode=True), "utf-8")
