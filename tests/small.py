"""A tiny report on tide gauges of lighthouses, which every test may spoil in its own way."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencebook.check import checking
from evidencebook.tables import contract, dictionary

TEXTS = {
    "harbour-2019": (
        "Menu Home About\n\n"
        "The gauge at North Rock reads up to 90 centimetres above the mark,\u00a0keepers say.\n\n"
        "About 3,000 readings were kept since \u201cthe great storm\u201d of 1953.\n   \n"
        "A lamp is lit at dusk. Between 40 and 60 visitors come each month. Share this page"
    ),
    "almanac-undated": (
        "Tides rose by three or four metres.\nThe keeper, 등대지기, left in January 2020; no one came.\n"
    ),
}
ID = r"[a-z0-9]+(-[a-z0-9]+)*"
QUALIFIERS = ["exact", "about", "at_least", "over", "up_to", "under", "range", "unquantified"]
UNITS = ["centimetres", "metres", "persons", "percent", "ratio", "days", "times"]


def field(name: str, type_: str = "string", **constraints: Any) -> dict[str, Any]:
    """A field descriptor; `edtf`, `format` and `description` are properties, the rest are constraints."""
    own: dict[str, Any] = {"name": name, "type": type_, "description": f"What {name} says of the row."}
    if constraints.pop("edtf", False):
        own["rdfType"] = "http://id.loc.gov/datatypes/edtf"
    for key in ("format", "description"):
        if key in constraints:
            own[key] = constraints.pop(key)
    if constraints:
        own["constraints"] = constraints
    return own


def resource(name: str, fields: list[dict[str, Any]], rules: object = None, **foreign: str) -> dict[str, Any]:
    """A resource descriptor keyed by its first field; `foreign` maps a column to the table it points to."""
    keys = [
        {"fields": column, "reference": {"resource": "" if table == name else table, "fields": KEYS[table]}}
        for column, table in foreign.items()
    ]
    schema: dict[str, Any] = {"fields": fields, "primaryKey": fields[0]["name"], "missingValues": [""]}
    if keys:
        schema["foreignKeys"] = keys
    if rules:
        schema["rules"] = rules
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": name.capitalize(),
        "description": f"One row per item of {name}.",
        "schema": schema,
    }


KEYS = {"sources": "source_id", "claims": "claim_id", "places": "place_id", "events": "event_id"}


def key_field(name: str) -> dict[str, Any]:
    return field(name, required=True, unique=True, pattern=ID)


PACKAGE: dict[str, Any] = {
    "name": "tide-gauges",
    "title": "Tide gauges of lighthouses",
    "created": "2020-01-31",
    "description": "What two logbooks say of the tides.",
    "resources": [
        resource(
            "sources",
            [
                key_field("source_id"),
                field("title", required=True),
                field("url", format="uri"),
                field("published", edtf=True, required=True),
                field("origin_cluster", required=True),
                field("file_sha256", required=True, pattern="[0-9a-f]{64}"),
                field("chars", "integer", required=True, minimum=1),
            ],
        ),
        resource(
            "claims",
            [
                key_field("claim_id"),
                field("source_id", required=True),
                field("statement", required=True),
                field("low", "number"),
                field("high", "number"),
                field("qualifier", enum=QUALIFIERS),
                field("modality", required=True, enum=["stated", "hearsay"]),
                field("unit", enum=UNITS),
                field("per"),
                field("place_id"),
                field("when", edtf=True),
                field("when_basis", enum=["stated", "inferred"]),
                field("event_id"),
                field("para", "integer", minimum=1),
                field("start", "integer", minimum=0),
                field("end", "integer", minimum=1),
                field("sha256", pattern="[0-9a-f]{64}"),
                field("fragment", required=True),
                field("credibility", "integer", required=True, minimum=1, maximum=6),
                field("note"),
            ],
            rules={"together": [["when", "when_basis"]]},
            source_id="sources",
            place_id="places",
            event_id="events",
        ),
        resource(
            "events",
            [
                key_field("event_id"),
                field("label", required=True),
                field("when", edtf=True, required=True),
                field("when_basis", required=True, enum=["stated", "external"]),
                field("is_disputed", "boolean", required=True),
            ],
            rules={"together": [["when", "when_basis"]]},
        ),
        resource(
            "places",
            [
                key_field("place_id"),
                field("name", required=True),
                field("part_of"),
                field("lat", "number", minimum=-90, maximum=90),
                field("surveyed", "date"),
            ],
            rules={"tree": ["part_of"]},
            part_of="places",
        ),
        resource(
            "derived",
            [
                key_field("derived_id"),
                field("label", required=True),
                field("formula", required=True),
                field("unit", required=True, enum=UNITS),
                field("decimals", "integer", required=True, minimum=0, maximum=3),
            ],
        ),
        resource(
            "contradictions",
            [
                key_field("contradiction_id"),
                field("claim_a", required=True),
                field("claim_b", required=True),
                field("tension", required=True),
            ],
            rules={"distinct": [["claim_a", "claim_b"]]},
            claim_a="claims",
            claim_b="claims",
        ),
    ],
}


def claim(claim_id: str, source_id: str, passage: str, fragment: str, **cells: str) -> dict[str, str]:
    """A row of claims whose anchor is worked out from the whole passage, not from the fragment."""
    text = TEXTS[source_id]
    start = text.index(passage)
    lines_before = text[:start].split("\n")[:-1]
    return {
        "claim_id": claim_id,
        "source_id": source_id,
        "statement": f"The log says so, {claim_id}.",
        "modality": "stated",
        "para": str(1 + sum(1 for line in lines_before if line.strip())),
        "start": str(start),
        "end": str(start + len(passage)),
        "sha256": hashlib.sha256(passage.encode()).hexdigest(),
        "fragment": fragment,
        "credibility": "3",
    } | cells


def point(value: str, qualifier: str = "exact") -> dict[str, str]:
    return {"low": value, "high": value, "qualifier": qualifier}


ROWS: dict[str, list[dict[str, str]]] = {
    "sources": [
        {
            "source_id": source_id,
            "title": "A log, kept daily",
            "url": f"https://example.org/{source_id}",
            "published": published,
            "origin_cluster": source_id.split("-")[0],
            "file_sha256": hashlib.sha256(TEXTS[source_id].encode()).hexdigest(),
            "chars": str(len(TEXTS[source_id])),
        }
        for source_id, published in (("almanac-undated", "2020/2021-07"), ("harbour-2019", "2019-03~"))
    ],
    "claims": [
        claim(
            "keeper-left",
            "almanac-undated",
            "The keeper, 등대지기, left",
            "The keeper … left",
            when="2020-01",
            when_basis="stated",
            event_id="departure",
        ),
        claim(
            "north-rock-mark",
            "harbour-2019",
            "reads up to 90 centimetres above the mark",
            "reads up … the mark",
            high="90",
            qualifier="up_to",
            unit="centimetres",
            place_id="north-rock",
            note='Keepers say "above the mark", not which mark',
        ),
        claim(
            "readings-kept",
            "harbour-2019",
            "About 3,000 readings",
            "About 3,000 readings",
            unit="times",
            **point("3000", "about"),
        ),
        claim(
            "visitors-monthly",
            "harbour-2019",
            "Between 40 and 60 visitors come each month",
            "Between 40 … each month",
            low="40",
            high="60",
            qualifier="range",
            unit="persons",
            per="month",
        ),
    ],
    "events": [
        {
            "event_id": "departure",
            "label": "The keeper leaves",
            "when": "2020-01",
            "when_basis": "stated",
            "is_disputed": "false",
        }
    ],
    "places": [
        {"place_id": "coast", "name": "The coast"},
        {
            "place_id": "north-rock",
            "name": "North Rock",
            "part_of": "coast",
            "lat": "-5.25",
            "surveyed": "2001-02-03",
        },
    ],
    "derived": [
        {
            "derived_id": "visitors-yearly",
            "label": "Visitors in a year",
            "formula": "{visitors-monthly} * 12",
            "unit": "persons",
            "decimals": "0",
        }
    ],
    "contradictions": [
        {
            "contradiction_id": "mark",
            "claim_a": "north-rock-mark",
            "claim_b": "readings-kept",
            "tension": "One is a bound.",
        }
    ],
}


@dataclass(frozen=True)
class Book:
    """A report in a folder: its tables as lists of rows, its texts, and the check of both."""

    root: Path

    @property
    def texts(self) -> Path:
        return self.root / "seeds" / "texts"

    def path(self, table: str) -> Path:
        return self.root / "data" / f"{table}.csv"

    def package(self) -> dict[str, Any]:
        package: dict[str, Any] = json.loads((self.root / contract.LABEL).read_text("utf-8"))
        return package

    def write_package(self, package: dict[str, Any]) -> None:
        """Write datapackage.json and, where it can be used, the dictionary that belongs to it."""
        (self.root / contract.LABEL).write_text(json.dumps(package, ensure_ascii=False), "utf-8")
        (self.root / dictionary.LABEL).write_text(dictionary.render(contract.load(self.root)), "utf-8")

    def columns(self, table: str) -> list[str]:
        schema = next(one["schema"] for one in self.package()["resources"] if one["name"] == table)
        return [one["name"] for one in schema["fields"]]

    def rows(self, table: str) -> list[dict[str, str]]:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[dict[str, str]]) -> None:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, self.columns(table), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.path(table).write_bytes(buffer.getvalue().encode())

    def write_notes(self) -> None:
        """Write a note for each source, and take those of others away."""
        for path in (self.root / "seeds").glob("*.md"):
            path.unlink()
        for row in self.rows("sources"):
            (self.root / "seeds" / f"{row['source_id']}.md").write_text("# A log\n", "utf-8")

    def edit(self, table: str, line: int, **cells: str) -> None:
        """Change cells of the row on that physical line (2 is the first below the header)."""
        rows = self.rows(table)
        rows[line - 2] |= cells
        self.write(table, rows)

    def change_bytes(self, table: str, change: Callable[[bytes], bytes]) -> None:
        self.path(table).write_bytes(change(self.path(table).read_bytes()))

    def check(self) -> checking.Report:
        return checking.check(self.root, self.texts)

    def messages(self) -> list[str]:
        return [str(problem) for problem in self.check().problems]

    def problem(self) -> str:
        """The one problem of the report; more than one would be a fault told twice."""
        (found,) = self.messages()
        return found


def small_report_in(folder: Path) -> Book:
    """A report without a single problem: six tables, two texts at hand with their notes, a current dictionary."""
    made = Book(folder / "lighthouses")
    (made.root / "data").mkdir(parents=True)
    made.texts.mkdir(parents=True)
    for source_id, text in TEXTS.items():
        # The name of a text plays no part, so it is not the source's id.
        (made.texts / f"{source_id[::-1]}.txt").write_bytes(text.encode())
    made.write_package(PACKAGE)
    for table, rows in ROWS.items():
        made.write(table, rows)
    made.write_notes()
    return made
