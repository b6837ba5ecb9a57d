"""Which columns of its data a chart uses: Altair carries along all of them, and readers get only these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FACTS = "facts"  # the ids of the claims and derived values that a mark stands for, parted by spaces
ABOUT = "about"  # what a mark is: its row, cell or event in a line, and in further lines what to know of it

# Under these keys every string may name a column; elsewhere only `field` does, and expressions about the datum.
_NAMING = {"transform", "repeat", "groupby", "fields"}
_DATA = {"datasets", "values"}
_COMPOSED = {"layer", "hconcat", "vconcat", "concat"}
_OTHER = {"labelExpr"}  # its datum is a tick or an entry of a legend
_WORD = re.compile(r"[\w-]+")
# datum.name, datum["name"], datum['name']
_MEMBER = re.compile(r"""\bdatum\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*["']([^"']+)["']\s*\])""")


def strip_unused(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification with only those data columns that its encodings use, and FACTS; without usermeta.

    Columns are told by their names: of two tables in one chart, each keeps what either uses.
    """
    spec = {key: value for key, value in spec.items() if key != "usermeta"}
    used = {FACTS, *_used(spec)}
    stripped: dict[str, Any] = _stripped(spec, used)
    # Altair names a table by a digest of all its columns, of those taken away too.
    names = {name: f"table-{number}" for number, name in enumerate(stripped.get("datasets", ()))}
    renamed: dict[str, Any] = _renamed(stripped, names)
    return renamed


def named(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification in which marks whose data have ABOUT give it as their description, as to listeners.

    Drawings have one text for the whole picture; to those who explore, each mark says what it is.
    """
    known = {name for name, rows in spec.get("datasets", {}).items() if any(ABOUT in row for row in rows)}

    def walk(part: Mapping[str, Any], inherited: Any) -> dict[str, Any]:
        data = part.get("data", inherited)
        found = {key: [walk(one, data) for one in value] if key in _COMPOSED else value for key, value in part.items()}
        if "mark" in part and isinstance(data, dict) and data.get("name") in known:
            said = {"field": ABOUT, "type": "nominal"}
            found["encoding"] = {"description": said, **part.get("encoding", {})}
        return found

    return walk(spec, None)


def fact_ids(spec: Mapping[str, Any]) -> list[str]:
    """Return the ids of all facts that marks stand for, each once, in the order of the data."""
    found: dict[str, None] = {}

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get(FACTS), str):
                found.update(dict.fromkeys(part[FACTS].split()))
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for one in part:
                look(one)

    look({key: value for key, value in spec.items() if key != "usermeta"})
    return list(found)


def _used(part: Any, is_naming: bool = False) -> set[str]:
    if isinstance(part, str):
        members = {name for match in _MEMBER.findall(part) for name in match if name}
        return members | (_names(part) if is_naming else set())
    if isinstance(part, list):
        return {name for one in part for name in _used(one, is_naming)}
    if not isinstance(part, dict):
        return set()
    found: set[str] = set()
    for key, value in part.items():
        if key in _OTHER or (key in _DATA and isinstance(value, list | dict)):
            continue
        found |= _used(value, is_naming or key in _NAMING or (key == "field" and isinstance(value, str)))
    return found


def _names(text: str) -> set[str]:
    """Return the name itself, and its parts where it leads into a value: "properties.name"."""
    return {text, *_WORD.findall(text)}


def _stripped(part: Any, used: set[str]) -> Any:
    if isinstance(part, dict):
        return {
            key: {name: _kept(rows, used) for name, rows in value.items()} if key == "datasets"
            else _kept(value, used) if key == "values" else _stripped(value, used)
            for key, value in part.items()
        }  # fmt: skip
    return [_stripped(item, used) for item in part] if isinstance(part, list) else part


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {
            key: {names[name]: rows for name, rows in value.items()} if key == "datasets"
            else {**value, "name": names.get(value["name"], value["name"])}
            if key == "data" and isinstance(value, dict) and isinstance(value.get("name"), str)
            else value if key == "values" else _renamed(value, names)
            for key, value in part.items()
        }  # fmt: skip
    return [_renamed(item, names) for item in part] if isinstance(part, list) else part


def _kept(data: Any, used: set[str]) -> Any:
    if isinstance(data, list):
        return [_row(row, used) if isinstance(row, dict) else row for row in data]
    if isinstance(data, dict) and isinstance(data.get("features"), list):
        return {**data, "features": _kept(data["features"], used)}
    return data


def _row(row: dict[str, Any], used: set[str]) -> dict[str, Any]:
    if "geometry" not in row:
        return {key: value for key, value in row.items() if key in used}
    # A feature of GeoJSON: its shape is drawn, and its properties are its columns.
    properties = {key: value for key, value in (row.get("properties") or {}).items() if key in used}
    return {**{key: row[key] for key in ("type", "geometry") if key in row}, "properties": properties,
            **{key: value for key, value in row.items() if key in used}}  # fmt: skip
