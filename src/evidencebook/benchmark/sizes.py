"""Reports of other sizes, made from a real one."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Size:
    """How large a report is measured: so many chapters, so many claims; None leaves the report's own."""

    chapters: int | None = None
    claims: int | None = None

    @property
    def name(self) -> str:
        """Return the size in words."""
        told = [f"{self.chapters} chapters" if self.chapters != 1 else "1 chapter"] if self.chapters else []
        return ", ".join([*told, *([f"{self.claims:,} claims"] if self.claims else [])]) or "the report as it is"


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def resize(root: Path, size: Size) -> None:
    if size.claims is not None:
        _multiply_claims(root / "data" / "claims.csv", size.claims)
    if size.chapters is not None:
        _multiply_chapters(root, size.chapters)


def _multiply_claims(path: Path, number: int) -> None:
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    found = list(rows)
    copy = 1
    while len(found) < number:
        copy += 1
        found += [{**row, "claim_id": f"{row['claim_id']}-copy-{copy}", "event_id": ""} for row in rows]
    write_rows(path, sorted(found[: max(number, len(rows))], key=lambda row: row["claim_id"]))


def _multiply_chapters(root: Path, number: int) -> None:
    """Give the report as many executed chapters as asked for, by copying or leaving out its own."""
    toc_path = root / "_toc.yml"
    toc = yaml.safe_load(toc_path.read_text("utf-8"))
    chapters = toc["parts"][0]["chapters"]
    own = [
        chapter["file"] for chapter in chapters if "{code-cell}" in (root / f"{chapter['file']}.md").read_text("utf-8")
    ]
    names = own[:number]
    for copy in range(2, number // len(own) + 2):
        for name in own[: number - len(names)]:
            text = (root / f"{name}.md").read_text("utf-8")
            # Labels and figure names must stay unique; references may lead to the first copy.
            text = re.sub(r"^\((ch-[\w-]+)\)=", rf"(\1-{copy})=", text, flags=re.MULTILINE)
            text = re.sub(r"\bfig-([\w-]+)", rf"fig-\1-{copy}", text)
            (root / f"{name}-{copy}.md").write_text(text, "utf-8")
            names.append(f"{name}-{copy}")
    toc["parts"][0]["chapters"] = [{"file": name} for name in names]
    toc_path.write_text(yaml.safe_dump(toc, sort_keys=False, allow_unicode=True), "utf-8")
