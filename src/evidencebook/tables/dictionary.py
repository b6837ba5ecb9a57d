"""Contract to data/README.md: what every table, column and key means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from evidencebook.tables import files
from evidencebook.tables.contract import Contract, Field, Resource, load
from evidencebook.tables.markdown import code, inline, paragraph, row
from evidencebook.tables.rules import sentences

LABEL = "data/README.md"
LISTED = 6  # values with a meaning that become a list
INTRODUCTION = (
    "The tables of the report are text files in UTF-8: comma-separated, one header row, rows sorted by "
    "primary key, an empty cell for a missing value. Dates marked EDTF follow the "
    "[Extended Date/Time Format](https://www.loc.gov/standards/datetime/). `datapackage.json` is the "
    "contract that the tables keep, a [Data Package](https://datapackage.org/), and what stands here was written "
    "from it."
)


def render(contract: Contract) -> str:
    """The Markdown of data/README.md; the same contract always gives the same text."""
    return "\n".join(_lines(contract)) + "\n"


def is_current(root: Path) -> bool:
    """True where data/README.md is what `render` gives; raises BadData for a broken datapackage.json."""
    try:
        return files.read(root / LABEL) == render(load(root)).encode("utf-8")
    except OSError:
        return False


def _lines(contract: Contract) -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "<!-- Generated from datapackage.json by `evidencebook dictionary`: edit the descriptions there. -->"
    yield ""
    if contract.title:
        yield f"**{inline(contract.title)}.** {inline(contract.description)}".rstrip()
        yield ""
    yield INTRODUCTION
    yield ""
    yield "| table | file | what one row is |"
    yield "|---|---|---|"
    for resource in contract.resources.values():
        cells = (
            f"[{inline(resource.title)}](#{_anchor(resource)})",
            _file(resource),
            inline(resource.description),
        )
        yield row(cells)
    for resource in contract.resources.values():
        yield ""
        yield from _section(resource, contract)


def _section(resource: Resource, contract: Contract) -> Iterator[str]:
    # The heading is the table's name, so that the anchor is known without knowing who renders the page.
    yield f"## {inline(resource.name)}"
    yield ""
    yield f"{paragraph(resource.description) or paragraph(resource.title)} File: {_file(resource)}."
    yield ""
    yield "| column | type | constraints | meaning |"
    yield "|---|---|---|---|"
    for field in resource.fields:
        meaning = _beside_list(field) if _is_list(field) else field.description
        yield row((code(field.name), _type(field), _constraints(field), inline(meaning)))
    for field in filter(_is_list, resource.fields):
        yield from ("", f"{code(field.name)} is one of these:", "")
        yield from (f"- {_named(field, value)}: {inline(field.meanings[str(value)])}" for value in field.enum)
    yield ""
    yield f"Primary key: {_columns(resource.primary_key) or 'none'}."
    for key in resource.foreign_keys:
        target = contract.resources[key.resource]
        yield ""
        there = f"{_columns(key.reference_fields)} of [{inline(target.name)}](#{_anchor(target)})"
        yield f"Foreign key: {_columns(key.fields)} points to {there}."
    if told := " ".join(sentences(resource.rules)):
        yield ""
        yield f"Rules: {told}"


def _named(field: Field, value: Any) -> str:
    label = field.labels.get(value, value)
    return code(str(value)) + (f" ({inline(label)})" if label != value else "")


def _is_list(field: Field) -> bool:
    """Whether a description says of so many values what each means that they are read more easily as a list."""
    told = (f"{value} ({meaning})" in field.description for value, meaning in field.meanings.items())
    return len(field.enum) >= LISTED and not field.is_private and all(told)


def _beside_list(field: Field) -> str:
    """Return what a description says beside the meanings of its values, which stand in one row."""
    first, last = (list(field.meanings.items())[at] for at in (0, -1))
    before, _, _ = field.description.partition(f"{first[0]} (")
    _, _, after = field.description.partition(f"{last[0]} ({last[1]})")
    return f"{before.rstrip(': ')}{after}"


def _type(field: Field) -> str:
    if field.is_edtf:
        return "EDTF date"
    kind = field.type if field.format == "default" else f"{field.type} ({inline(field.format)})"
    return f"{kind} in {inline(str(field.unit))}" if field.unit else kind


def _constraints(field: Field) -> str:
    parts = [name for name, holds in (("required", field.required), ("unique", field.unique)) if holds]
    if field.is_private:
        # What it may hold stays private too.
        return "; ".join(["private: in no edition", *parts])
    if _is_list(field):
        parts.append("one of those below")
    elif field.enum:
        named = (_named(field, value) for value in field.enum)
        parts.append("one of " + ", ".join(named))
    if field.pattern is not None:
        parts.append(f"matches {code(str(field.pattern))}")
    known = ("required", "unique", "enum", "pattern")
    for name, value in field.descriptor.get("constraints", {}).items():
        if name not in known:
            parts.append(f"{name} {inline(str(value))}")
    return "; ".join(parts)


def _file(resource: Resource) -> str:
    file = resource.label.removeprefix("data/")
    return f"[{code(file)}]({quote(file)})"


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(map(code, names))


def _anchor(resource: Resource) -> str:
    return resource.name.replace(".", "")  # as GitHub and MyST make one of a heading
