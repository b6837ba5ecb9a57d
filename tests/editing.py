"""Edits of a tiny book's tables and pages, one by one or of every kind by chance."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path


def read(root: Path, table: str) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO((root / f"data/{table}.csv").read_text("utf-8")))
    return list(reader.fieldnames or ()), list(reader)


def write(root: Path, table: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row[columns[0]]))
    (root / f"data/{table}.csv").write_text(text.getvalue(), "utf-8")


def edit(root: Path, table: str, row_id: str, **cells: str) -> None:
    columns, rows = read(root, table)
    next(row for row in rows if row[columns[0]] == row_id).update(cells)
    write(root, table, columns, rows)


def counted(root: Path, number: int) -> None:
    value = {"low": str(number), "high": str(number), "statement": f"The mainland counted {number} visitors."}
    edit(root, "claims", "visitors-counted", **value)


class Editor:
    """Edits of every kind, by chance."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance, self.count = root, chance, 0

    def edit(self) -> str:
        self.count += 1
        kind = self.chance.choice(sorted(self.kinds()))
        self.kinds()[kind]()
        return kind

    def kinds(self) -> dict[str, Callable[[], None]]:
        return {
            "a value": lambda: counted(self.root, self.chance.randint(11, 99)),
            "a bound": self.bound,
            "a voice": lambda: self.claim("lookers", speaker=["the keeper", "a boy", "a guest"]),
            "a rating": lambda: self.claim("sum-paid", credibility=["2", "3", "4", "5"]),
            "a note": lambda: self.claim("lamps-lit", note=["From afar. Ebb! So lookers says.", "", "U.S. lamps."]),
            "an outlet": lambda: edit(self.root, "sources", "harbour-log", outlet_original=f"The {self.word()}"),
            "a doubt": lambda: self.claim("water-rise", modality=["stated", "hearsay", "disputed"]),
            "an event": lambda: edit(self.root, "events", "great-tide", label=f"The {self.word()} tide"),
            "a pair": lambda: edit(
                self.root, "contradictions", "visitors", likely_reason=f"{self.word()}? No. 5 nights."
            ),
            "a row more or less": self.row,
            "a sentence more": lambda: self.prose(
                "tide", "More.", f'More. {self.word()} came (so they say)! "Why?" Nobody knows.'
            ),
            "a sentence twice": lambda: self.prose("index", "Much.", "Much. Much.\n\nMuch."),
            "a sentence less": lambda: self.prose("index", "Much.", ""),
            "a heading": lambda: self.prose("index", r"# High \w+", f"# High {self.word()}"),
            "a paragraph elsewhere": lambda: self.prose("tide", r"(The share is[^\n]*)\n", r"\n\1\n\n"),
            "a caption": lambda: self.prose("tide", r'"Who \w+\.', f'"Who {self.word().lower()}.'),
            "a form": self.form,
        }  # fmt: skip

    def word(self) -> str:
        return self.chance.choice(["Ebb", "Neap", "Spring", "Rock", "Lamp"])

    def claim(self, claim_id: str, **cells: list[str]) -> None:
        edit(self.root, "claims", claim_id, **{name: self.chance.choice(known) for name, known in cells.items()})

    def form(self) -> None:
        new = self.chance.choice(["{fact}`water-rise`", "{fact}`water-rise|number` metres"])
        self.prose("index", r"\{fact\}`water-rise(\|number` metres|`)", new)

    def bound(self) -> None:
        high = str(self.chance.randint(50, 120))
        statement = f"The keeper gave {high} as the most people who came to look."
        edit(self.root, "claims", "lookers", high=high, statement=statement)

    def row(self) -> None:
        columns, rows = read(self.root, "claims")
        extra = "gulls-seen"
        if any(row["claim_id"] == extra for row in rows):
            rows = [row for row in rows if row["claim_id"] != extra]
        else:
            like = next(row for row in rows if row["claim_id"] == "lamps-lit")
            rows.append({**like, "claim_id": extra, "statement": "The keeper saw some 2,000 gulls.", "note": ""})
        write(self.root, "claims", columns, rows)

    def prose(self, page: str, pattern: str, new: str) -> None:
        path = self.root / f"book/{page}.md"
        path.write_text(re.sub(pattern, new, path.read_text("utf-8"), count=1), "utf-8")
