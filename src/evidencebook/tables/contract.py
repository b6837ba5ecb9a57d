"""datapackage.json to the contract that the tables keep: resources, fields and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from evidencebook.tables import casting, descriptor, rules, text
from evidencebook.tables.descriptor import problem as _problem
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.rules import Rules
from evidencebook.tables.spelling import did_you_mean, nearest

LABEL = descriptor.LABEL
KEY_TYPES = ("string", "integer", "number", "date", "year")  # what can be sorted and looked up
EDTF = "http://id.loc.gov/datatypes/edtf"


@dataclass(frozen=True)
class Field:
    """One column of the contract, in the terms of Table Schema; a private one appears in no edition.

    `labels` has the words that readers see for allowed values, from the field's `categories`
    (https://datapackage.org/standard/table-schema/#categories).
    """

    name: str
    title: str
    type: str
    description: str
    format: str
    required: bool
    unique: bool
    enum: tuple[Any, ...]
    pattern: str | None
    minimum: Any
    maximum: Any
    unit: str | None
    is_edtf: bool
    is_private: bool
    descriptor: Mapping[str, Any] = field(repr=False, hash=False)
    labels: Mapping[Any, str] = field(default_factory=dict, hash=False)

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What each value of a closed list means: the words in brackets behind it in the description, or its label."""
        labels = {str(value).lower(): label for value, label in self.labels.items()}
        found = {}
        for value in map(str, self.enum):
            match = re.search(rf"(?<![\w/-]){re.escape(value)} \(([^()]+)\)", self.description)
            label = match[1] if match else labels.get(value.lower(), "")
            found[value] = label if label != value else ""
        return found

    def cell_reader(self) -> casting.CellReader:
        """Return what reads a cell: its value, None if missing or of the wrong type, and the name of what it breaks."""
        return casting.reader(self.descriptor)


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must occur in `reference_fields` of another resource."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    """One table of the contract; `label` is its path from the report's root, as messages print it."""

    name: str
    path: Path
    label: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    rules: Rules = field(default=Rules(), hash=False)
    size: int | None = None  # bytes of the file, where the contract promises them
    digest: str = ""  # algorithm:hash of the file, where the contract promises one

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((one for one in self.fields if one.name == name), None)

    def has(self, *names: str) -> bool:
        """True where the resource declares all these columns."""
        return set(names) <= {one.name for one in self.fields}


@dataclass(frozen=True)
class Contract:
    """The tables of a report as datapackage.json declares them, by name and in its order."""

    root: Path
    name: str
    title: str
    description: str
    resources: Mapping[str, Resource]


def load(root: Path) -> Contract:
    """The contract of the report in `root`; raises BadData for a datapackage.json that cannot be used."""
    package = descriptor.read(root)
    problems = list(_structure(package))
    if problems:
        raise BadData(problems)
    resources = {one["name"]: _resource(root, one) for one in package["resources"]}
    problems = [problem for one in resources.values() for problem in _keys(one, resources)]
    if problems:
        raise BadData(problems)
    text = {key: str(package.get(key, "")) for key in ("name", "title", "description")}
    return Contract(root, text["name"], text["title"], text["description"], resources)


def undescribed(contract: Contract) -> Iterator[Problem]:
    """Yield a problem for each column without description."""
    for resource in contract.resources.values():
        for one in resource.fields:
            if not one.description.strip():
                remedy = "say what one value means and what is left out"
                yield _problem(f"{resource.name}.{one.name}", "the column has no description", remedy)


def _structure(package: dict[str, Any]) -> Iterator[Problem]:
    resources = package.get("resources")
    if not resources:
        yield _problem("resources", "there is no list of resources", "list one resource per table")
        return
    seen: set[str] = set()
    for position, one in enumerate(resources):
        if not one.get("name"):
            yield _problem(f"resources[{position}]", "a resource needs a name", 'give it "name", "path" and "schema"')
            continue
        name = one["name"]
        if name in seen:
            yield _problem(name, "two resources have this name", "rename one of them")
        seen.add(name)
        fields = one.get("schema", {}).get("fields")
        if not fields:
            yield _problem(f"{name}.schema", "there is no list of fields", 'write "schema": {"fields": [...]}')
            continue
        yield from _field_structure(name, fields)


def _field_structure(table: str, fields: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, one in enumerate(fields):
        if not one.get("name"):
            yield _problem(f"{table}.fields[{position}]", "a field needs a name", 'give it "name" and "type"')
            continue
        where = f"{table}.{one['name']}"
        if one["name"] in seen:
            yield _problem(where, "two fields have this name", "rename one of them")
        seen.add(one["name"])
        if fault := text.id_fault(one["name"]):
            yield _problem(where, *fault)
        yield from _field_faults(where, one)


def _field_faults(where: str, one: dict[str, Any]) -> Iterator[Problem]:
    type_, constraints = one.get("type"), one.get("constraints", {})
    if not isinstance(type_, str) or type_ not in casting.CONSTRAINTS:
        remedy = f"use one of {', '.join(casting.CONSTRAINTS)}"
        yield _problem(where, f"{type_!r} is not a type of field that is read", remedy)
        return
    formats = casting.FORMATS.get(type_, ("default",))
    if one.get("format", "default") not in formats:
        what = f"a {type_} column has no format {one['format']!r}"
        yield _problem(where, what, f"use {' or '.join(formats)}, or leave it out")
    if fault := _category_fault(one.get("categories", []), constraints.get("enum") or []):
        yield _problem(where, fault, 'write {"value": ..., "label": "its words"} for each value of enum, in its order')
    for name in constraints:
        if name not in casting.CONSTRAINTS[type_]:
            remedy = f"use one of {', '.join(casting.CONSTRAINTS[type_])}"
            yield _problem(where, f"a {type_} column has no constraint {name!r}", remedy)
    try:
        # Bounds and allowed values are cast when the reader is made; a bad one shows here, not in a cell.
        casting.reader(one)
    except re.error as error:
        yield _problem(where, f"the pattern is not a regular expression: {error}", "correct it")
    except (ValueError, OverflowError):
        what = "the field cannot be used: a bound or an allowed value is not of the column's type"
        yield _problem(where, what, "correct its constraints")


def _category_fault(categories: Any, allowed: list[Any]) -> str:
    """Return what is wrong with the words for allowed values; an empty text if nothing is."""
    if not all({"value", "label"} <= one.keys() for one in categories):
        return "categories are not a list of values with labels"
    values = [one["value"] for one in categories]
    if categories and values != allowed:
        return f"categories name {', '.join(map(str, values))}, but enum allows {', '.join(map(str, allowed))}"
    return ""


def _resource(root: Path, one: dict[str, Any]) -> Resource:
    schema = one["schema"]
    missing = schema.get("missingValues", [""])
    label = f"data/{one['path']}"
    as_names = partial(_names, one["name"])
    keys = []
    foreign_keys = schema.get("foreignKeys", [])
    for key in foreign_keys:
        reference = key.get("reference")
        if reference is None:
            what = "a foreign key has no reference"
            raise BadData([_problem(one["name"], what, 'give it "fields" and "reference"')])
        target = reference.get("resource", "") or one["name"]  # Table Schema: "" is the table itself
        keys.append(ForeignKey(as_names(key.get("fields")), target, as_names(reference.get("fields"))))
    fields = tuple(_field({"missingValues": missing, **descriptor}) for descriptor in schema["fields"])
    return Resource(
        name=one["name"],
        path=root / label,
        label=label,
        title=str(one.get("title", one["name"])),
        description=str(one.get("description", "")),
        fields=fields,
        primary_key=as_names(schema.get("primaryKey", [])),
        foreign_keys=tuple(keys),
        rules=_rules(one["name"], schema.get("rules", {}), fields),
        size=one.get("bytes"),
        digest=one.get("hash", ""),
    )


def _rules(table: str, said: dict[str, Any], fields: tuple[Field, ...]) -> Rules:
    columns = frozenset(one.name for one in fields)
    try:
        found = rules.read(said, columns)
    except ValueError as error:
        what, _, remedy = str(error).partition(": ")
        raise BadData([_problem(f"{table}.rules", what, remedy)]) from None
    if unknown := sorted(found.columns - columns):
        hint = did_you_mean(nearest(unknown[0], sorted(columns))) or "name existing columns"
        raise BadData([_problem(f"{table}.rules", f"{', '.join(unknown)} is no column", hint)])
    return found


def _names(table: str, value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadData([_problem(table, f"a key names {value!r}", "name one column or a list of columns")])
    return tuple(names)


def _field(one: dict[str, Any]) -> Field:
    constraints = one.get("constraints", {})
    return Field(
        name=one["name"],
        title=str(one.get("title", one["name"])),
        type=one["type"],
        description=str(one.get("description", "")),
        format=str(one.get("format", "default")),
        required=bool(constraints.get("required", False)),
        unique=bool(constraints.get("unique", False)),
        enum=tuple(constraints.get("enum") or ()),
        labels={named["value"]: named["label"] for named in one.get("categories", ())},
        pattern=constraints.get("pattern"),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
        unit=one.get("unit"),
        is_edtf=one.get("rdfType") == EDTF,
        is_private=bool(one.get("private", False)),
        descriptor=one,
    )


def _keys(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[Problem]:
    if not resource.has(*resource.primary_key):
        what = f"primaryKey {', '.join(resource.primary_key)} is not among its fields"
        yield _problem(resource.name, what, "name existing columns")
    keyed = {*resource.primary_key, *(name for key in resource.foreign_keys for name in key.fields)}
    for one in resource.fields:
        if one.is_private and one.name in keyed:
            what = "a key cannot be private: every edition shows it"
            yield _problem(f"{resource.name}.{one.name}", what, "take the mark away, or use another key")
    for name in resource.primary_key:
        field = resource.field(name)
        if field is not None and field.type not in KEY_TYPES:
            what = f"a primary key cannot be of type {field.type}"
            yield _problem(f"{resource.name}.{name}", what, f"use one of {', '.join(KEY_TYPES)}")
    if resource.rules.tree and len(resource.primary_key) != 1:
        what = "columns of a tree name rows by one key"
        yield _problem(f"{resource.name}.rules", what, "give the table a primaryKey of one column")
    for key in resource.foreign_keys:
        target = resources.get(key.resource)
        if target is None:
            what = f"a foreign key points to {key.resource!r}, which is no resource"
            yield _problem(resource.name, what, f"use one of {', '.join(resources)}")
        elif not key.fields or not resource.has(*key.fields) or not target.has(*key.reference_fields):
            what = f"the foreign key from {', '.join(key.fields)} names columns that do not exist"
            yield _problem(resource.name, what, "name existing columns")
        elif not _joinable(resource, target, key):
            what = f"the foreign key from {', '.join(key.fields)} joins columns of different types or numbers"
            yield _problem(resource.name, what, "join columns of the same type, one to one")


def _joinable(resource: Resource, target: Resource, key: ForeignKey) -> bool:
    here = [one.type for name in key.fields if (one := resource.field(name)) is not None]
    there = [one.type for name in key.reference_fields if (one := target.field(name)) is not None]
    return here == there and set(here) <= set(KEY_TYPES)
