"""A chart as files to take away: its data as CSV, its picture as SVG, and what a reader explores as a script."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from html import escape
from typing import Any

from evidencebook.charts.figures import Figure, Picture, Table
from evidencebook.charts.palette import LIGHT, themed
from evidencebook.evidence.wording import NBSP
from evidencebook.tables.casting import NUMBER
from evidencebook.tables.reading import FORMULA_STARTS


def table(shown: Table) -> str:
    """Return the table as CSV, its cells as printed; none of them is run as a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_harmless(str(cell)) for cell in row] for row in (shown.columns, *shown.rows))
    return text.getvalue()


def _harmless(cell: str) -> str:
    cell = cell.replace(NBSP, " ")
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell) else cell


def picture(figure: Figure) -> str:
    """Return the drawing for wide pages as a file of its own: on paper, and with its text for those who cannot see."""
    opening, _, rest = figure.wide.svg.partition(">")
    opening += f' role="img" style="background:{LIGHT["paper"]}"><title>{escape(figure.alt)}</title>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{rest}\n'


def script(figure: Figure, facts: Mapping[str, Any]) -> str:
    """Return the script with both specifications and what each mark's fact says, in the colours of the page."""
    specs = {"wide": _without_address(figure.wide), "narrow": _without_address(figure.narrow)}
    data = json.dumps({**specs, "facts": facts}, ensure_ascii=False, sort_keys=True)
    return f"document.currentScript.chart = {themed(data)};\n"  # SVG takes custom properties wherever it takes a colour


def _without_address(drawn: Picture) -> dict[str, Any]:
    """Return the specification without its schema's address, which nobody is to ask."""
    return {name: value for name, value in drawn.spec.items() if name != "$schema"}
