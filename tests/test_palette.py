"""Colours stand in one place, from which charts, the web, paper and the e-book take them."""

from __future__ import annotations

import re

from tests.building import ENGINE

OWN = {
    "palette.py": "the place itself",
    "mark.svg": "a file that browsers take as it is",
    "charts.js": "the light value of a custom property, as in the drawing that it saves",
    "page.py": "the page of differences, which is no part of an edition",
    "review.css": "the page of intake, which is no part of an edition",
    "preview.js": "what the preview lays over a page",
    "minisearch.js": "foreign",
}


def test_no_other_file_of_an_edition_names_a_colour() -> None:
    kinds = {".py", ".css", ".typ", ".html", ".js", ".svg"}
    files = (path for path in ENGINE.rglob("*") if path.suffix in kinds and path.name not in OWN)
    found = {path.name: re.findall(r"#[0-9a-f]{6}\b", path.read_text("utf-8"), re.IGNORECASE) for path in files}
    assert {name: colours for name, colours in found.items() if colours} == {}
