"""Tables without their private columns: what may be handed to readers of an edition."""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from evidencebook.tables import csvfile, descriptor
from evidencebook.tables.contract import LABEL, Contract, Resource, load

SHORTEST_TELLING = 4  # characters; a shorter value may stand anywhere by chance


def has_private(resource: Resource) -> bool:
    """True where the table has a private column."""
    return any(field.is_private for field in resource.fields)


def public_csv(resource: Resource) -> bytes:
    """The file of a table without its private columns; raises BadData where it cannot be read."""
    records = csvfile.read(resource.path, resource.label)
    private = {field.name for field in resource.fields if field.is_private}
    kept = [position for position, name in enumerate(records.header) if name not in private]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        [row[position] for position in kept] for row in [records.header, *(row for _, row in records.rows)]
    )
    return text.getvalue().encode("utf-8")


def public_package(contract: Contract) -> bytes:
    """datapackage.json as it fits the files that `public_csv` makes."""
    package: dict[str, Any] = deepcopy(descriptor.read(contract.root))
    for resource in package["resources"]:
        schema = resource["schema"]
        private = {field["name"] for field in schema["fields"] if field.get("private")}
        schema["fields"] = [field for field in schema["fields"] if field["name"] not in private]
        for name, rules in schema.get("rules", {}).items():
            schema["rules"][name] = [one for one in rules if private.isdisjoint(_named(one))]
        for told in ("bytes", "hash"):  # of the file with all its columns
            resource.pop(told, None)
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _named(rule: Any) -> list[Any]:
    """Return what may be names of columns in a rule of the contract."""
    if isinstance(rule, dict):
        return [one for one in rule.values() if isinstance(one, str)]
    return rule if isinstance(rule, list) else [rule]


def telling_values(contract: Contract) -> dict[str, str]:
    """The cells of private columns by which a leak can be told, with `table.column`; raises BadData as `public_csv`.

    Left out are those that stand in a public column too, and those too short to be told from other text.
    """
    found: dict[str, str] = {}
    public: set[str] = set()
    for resource in contract.resources.values():
        fields = {field.name: field for field in resource.fields}
        records = csvfile.read(resource.path, resource.label)
        for _, row in records.rows:
            for name, cell in zip(records.header, row, strict=True):
                if name in fields and fields[name].is_private:
                    found[cell] = f"{resource.name}.{name}"
                else:
                    public.add(cell)
    return {cell: where for cell, where in found.items() if len(cell) >= SHORTEST_TELLING and cell not in public}


def files(root: Path) -> dict[str, tuple[bytes, str, str]]:
    """Return by path below the folder of data: content, media type and title of each table and of the description."""
    found = load(root)
    folder = (root / LABEL).parent
    tables = {
        resource.path.relative_to(folder).as_posix(): (public_csv(resource), "text/csv", resource.title)
        for resource in found.resources.values()
        if resource.path.suffix == ".csv"
    }
    about = "Description of the tables: Frictionless Data Package"
    return {**tables, Path(LABEL).name: (public_package(found), "application/json", about)}
