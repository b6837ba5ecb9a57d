"""Charts of the report as data: drawn once for all rules that only read them, or anew from tables that were changed."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from figures import EVIDENCE, TABLES

from evidencebook.charts import FACTS
from evidencebook.charts.renderer import attached
from evidencebook.drawing import Letters
from evidencebook.evidence.facts import Evidence
from evidencebook.tables.reading import Row

PAGES = Path(__file__).parents[1] / "book"
CELLS = sorted(
    {cell for page in PAGES.glob("*.md") for cell in re.findall(r"^(\w+\.\w+)\(\)$", page.read_text(), re.M)}
)

Spec = dict[str, Any]


@cache
def spec_of(cell: str) -> Spec:
    """The chart of a cell, drawn once."""
    module, name = cell.split(".")
    found: Spec = getattr(importlib.import_module(f"figures.{module}"), name)().to_dict()
    return found


def forms(spec: Spec) -> tuple[Spec, Spec]:
    """The chart for wide pages and for narrow ones."""
    return spec, attached(spec).narrow.spec


def rows(spec: Spec) -> list[dict[str, Any]]:
    """All rows of data of one form."""
    return [row for table in spec["datasets"].values() for row in table if isinstance(row, dict)]


def texts(spec: Spec) -> str:
    """All words of one form, as they are read."""
    words = " | ".join(str(row["text"]) for row in rows(spec) if "text" in row)
    return re.sub(r"[\n\u00a0]", " ", words)


Box = tuple[float, float, float, float]


def boxes(spec: Spec) -> list[tuple[str, Box]]:
    """The words of one form with the pixels that they take, by the measure of their typeface."""
    found = []
    for layer in spec["layer"]:
        mark = layer["mark"]
        if mark["type"] == "text":
            letters = Letters(mark["fontSize"], mark["fontWeight"])
            for row in spec["datasets"][layer["data"]["name"]]:
                lines = row["text"].split("\n")
                across = max(map(letters.width, lines))
                left = row["x"] - {"left": 0, "right": across, "center": across / 2}[mark["align"]]
                top = row["y"] - letters.leading / 2
                found.append((row["text"], (left, top, left + across, top + letters.leading * len(lines))))
    return found


def symbols(spec: Spec, fact_id: str) -> list[dict[str, Any]]:
    """The point marks that stand for a fact."""
    return [row for row in rows(spec) if "shape" in row and fact_id in row.get(FACTS, "").split()]


def table(spec: Spec) -> list[dict[str, str]]:
    """The rows of the table below a chart."""
    found = attached(spec).table
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def changed(row_id: str, name: str = "claims", **cells: object) -> Evidence:
    """The evidence with some cells of one row of a table replaced."""
    key = {"claims": "claim_id", "events": "event_id", "checks": "check_id"}[name]
    found = tuple(Row(row.line, {**row.values, **cells}) if row[key] == row_id else row for row in TABLES[name].rows)
    return Evidence.from_tables({**TABLES, name: replace(TABLES[name], rows=found)})


def without(claim_id: str) -> Evidence:
    """The evidence without one claim."""
    return replace(EVIDENCE, claims={key: row for key, row in EVIDENCE.claims.items() if key != claim_id})
