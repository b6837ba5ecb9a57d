"""Contract to data/README.md: what every table, column and key means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evidencebook.contract import Contract, Field, Resource, load

LABEL = "data/README.md"
INTRODUCTION = (
    "The tables of the report are text files in UTF-8: comma-separated, one header row, rows sorted by "
    "primary key, an empty cell for a missing value. Dates marked EDTF follow the "
    "[Extended Date/Time Format](https://www.loc.gov/standards/datetime/). `datapackage.json` is the "
    "contract that the tables keep, a [Data Package](https://datapackage.org/), and what stands here was written "
    "from it."
)
# Characters that Markdown would read as markup inside a table cell or a sentence.
ESCAPES = str.maketrans({"|": r"\|", "*": r"\*", "<": "&lt;", ">": "&gt;", "\n": " "})


def render(contract: Contract) -> str:
    """The Markdown of data/README.md; the same contract always gives the same text."""
    return "\n".join(_lines(contract)) + "\n"


def is_current(root: Path) -> bool:
    """True where data/README.md is what `render` gives; raises BadData for a broken datapackage.json."""
    try:
        return (root / LABEL).read_bytes() == render(load(root)).encode("utf-8")
    except FileNotFoundError:
        return False


def _lines(contract: Contract) -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "<!-- Generated from datapackage.json by `evidencebook dictionary`: edit the descriptions there. -->"
    yield ""
    if contract.title:
        yield f"**{_text(contract.title)}.** {_text(contract.description)}".rstrip()
        yield ""
    yield INTRODUCTION
    yield ""
    yield "| table | file | what one row is |"
    yield "|---|---|---|"
    for resource in contract.resources.values():
        file = _file(resource)
        cells = (
            f"[{_text(resource.title)}](#{resource.name})",
            f"[`{file}`]({file})",
            _text(resource.description),
        )
        yield f"| {' | '.join(cells)} |"
    for resource in contract.resources.values():
        yield ""
        yield from _section(resource, contract)


def _section(resource: Resource, contract: Contract) -> Iterator[str]:
    # The heading is the table's name, so that the anchor is known without knowing who renders the page.
    yield f"## {resource.name}"
    yield ""
    yield f"{_text(resource.description) or _text(resource.title)} File: [`{_file(resource)}`]({_file(resource)})."
    yield ""
    yield "| column | type | constraints | meaning |"
    yield "|---|---|---|---|"
    for field in resource.fields:
        cells = (f"`{field.name}`", _type(field), _constraints(field), _text(field.description))
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"Primary key: {_columns(resource.primary_key) or 'none'}."
    for key in resource.foreign_keys:
        target = contract.resources[key.resource]
        yield ""
        there = f"{_columns(key.reference_fields)} of [{target.name}](#{target.name})"
        yield f"Foreign key: {_columns(key.fields)} points to {there}."


def _type(field: Field) -> str:
    if field.is_edtf:
        return "EDTF date"
    kind = field.type if field.format == "default" else f"{field.type} ({field.format})"
    return f"{kind} in {_text(field.unit)}" if field.unit else kind


def _constraints(field: Field) -> str:
    parts = [name for name, holds in (("required", field.required), ("unique", field.unique)) if holds]
    if field.is_private:
        # What it may hold stays private too.
        return "; ".join(["private: in no edition", *parts])
    if field.enum:
        named = (
            _code(value) + (f" ({_text(field.labels[value])})" if field.labels.get(value, value) != value else "")
            for value in field.enum
        )
        parts.append("one of " + ", ".join(named))
    if field.pattern is not None:
        parts.append(f"matches {_code(field.pattern)}")
    known = ("required", "unique", "enum", "pattern")
    for name, value in field.descriptor.get("constraints", {}).items():
        if name not in known:
            parts.append(f"{name} {value}")
    return "; ".join(parts)


def _file(resource: Resource) -> str:
    return resource.label.removeprefix("data/")


def _code(value: object) -> str:
    # Within a table the bar ends the cell even inside a code span; nothing else is markup there.
    escaped = str(value).replace("|", r"\|")
    return f"`{escaped}`"


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _text(text: str) -> str:
    return text.translate(ESCAPES).strip()
