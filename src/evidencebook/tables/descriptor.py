"""datapackage.json as it is written: JSON without a key too many, whose names and addresses can be used safely."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from evidencebook.tables import files, text
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.tables.vocabulary import KNOWN, fault, shown

LABEL = "data/datapackage.json"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
VERSION = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.+_-]{0,38}[0-9A-Za-z])?")
PATH = re.compile(r"(?:\w[\w .,()+-]*/)*\w[\w .,()+-]*")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: with any extension
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


class _Object(dict[str, Any]):
    """An object of JSON that remembers which of its keys are written more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.doubled = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


def read(root: Path) -> dict[str, Any]:
    """Return datapackage.json of the report in `root`; raises BadData where it is not JSON or not safe to use.

    A build asks for it at every turn: whoever changes what comes back copies it before.
    """
    try:
        return _package(files.read(root / LABEL))
    except FileNotFoundError:
        raise BadData([problem(None, "the file is missing", "write the contract of the tables there")]) from None
    except OSError as error:
        raise BadData([problem(None, *files.told(error))]) from None


def problem(where: str | None, what: str, remedy: str) -> Problem:
    """Return a problem of datapackage.json at a place such as `claims.note`."""
    return Problem(LABEL, None, where or None, what, remedy)


@lru_cache(maxsize=4)
def _package(content: bytes) -> dict[str, Any]:
    try:
        package = json.loads(content.decode("utf-8"), object_pairs_hook=_Object, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadData([problem(None, "the file is not UTF-8", "save it as UTF-8")]) from None
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg} at character {error.colno}"
        raise BadData([Problem(LABEL, error.lineno, None, what, "correct the JSON there")]) from None
    except (RecursionError, ValueError):
        raise BadData([problem(None, "not JSON that can be read", "correct the JSON")]) from None
    if not isinstance(package, dict):
        raise BadData([problem(None, "not a JSON object", 'start it with {"resources": [...]}')])
    if problems := [*_walk("package", package, ""), *_names(package)]:
        raise BadData(problems)
    return package


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _walk(kind: str, value: Any, where: str) -> Iterator[Problem]:
    """Yield what is wrong with keys and texts of a value and all that it holds; without a `kind` any key may be."""
    if isinstance(value, str):
        for wrong in filter(None, map(text.fault, value.expandtabs().split("\n"))):
            yield problem(where, *wrong)
    elif isinstance(value, list):
        for position, one in enumerate(value):
            below = _place(kind, one, where) or f"{where or 'resources'}[{position}]"
            if kind and not isinstance(one, dict):
                yield problem(below, f"{shown(one)} is not an object", "write {...}")
            yield from _walk(kind, one, below)
    elif isinstance(value, _Object):
        for key in value.doubled:
            yield problem(where, f"the key {key!r} stands there more than once", "keep one of them")
        for key, one in value.items():
            below = where if key in ("resources", "schema") else _under(where, key)
            # A table and its columns are named as they are in all messages: claims, claims.low.
            if kind and key not in KNOWN[kind]:
                known = list(KNOWN[kind])
                meant = nearest(key, known) or nearest(key.lower(), known)
                remedy = did_you_mean(meant) or f"use one of {', '.join(known)}"
                yield problem(where, f"{key!r} is not a key of a {kind}", remedy)
                continue
            shape = KNOWN[kind][key] if kind else "any"
            if odd := fault(kind, key, shape, one):
                yield problem(_under(where, key), *odd)
            else:
                yield from _walk(shape.strip("[]{}") if shape[:1] in ("[", "{") else "", one, below)


def _place(kind: str, one: Any, where: str) -> str:
    name = one.get("name") if isinstance(one, dict) and kind in ("resource", "field") else None
    if not isinstance(name, str) or not name:
        return ""
    return name if kind == "resource" else f"{where.removesuffix('.fields')}.{name}"


def _under(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _names(package: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the names and paths of which names of files are made."""
    name, version = package.get("name"), package.get("version", "0")
    if not is_name(name):
        yield problem("name", f"{name!r} cannot be the name of a file", _name_remedy("tide-gauges"))
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        remedy = "write it in letters, digits and . + _ -, such as 1.0.0"
        yield problem("version", f"{version!r} cannot stand in the name of a file", remedy)
    listed = package.get("resources")
    for one in listed if isinstance(listed, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("name"), str) or not one["name"]:
            continue  # the contract asks for it
        if not is_name(one["name"]):
            yield problem(one["name"], f"{one['name']!r} cannot be the name of a file", _name_remedy("claims"))
        if not is_inside(one.get("path")):
            what = f"{one.get('path')!r} is not a path inside data/"
            yield problem(f"{one['name']}.path", what, "name one CSV file under data/")


def day(package: Mapping[str, Any]) -> date | None:
    """Return the day on which the edition was made; None where none is given that is one."""
    try:
        return date.fromisoformat(str(package.get("created", ""))[:10])
    except ValueError:
        return None


def lacking(package: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what an edition needs and the package does not say."""
    if not package.get("title"):
        yield problem("title", "the report has no title", "write one, which every edition shows")
    if day(package) is None:
        yield problem("created", "there is no day on which the edition was made", "write one, such as 2026-11-30")


def _name_remedy(example: str) -> str:
    return f"write small letters, digits and . _ -, at most a hundred, such as {example}"


def is_name(name: Any) -> bool:
    """Return whether a name of a package or a resource can be part of a file's name on any machine."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return False
    return not name.endswith(".") and not DEVICE.fullmatch(name)


def is_inside(path: Any) -> bool:
    """Return whether a path stays in the folder of the data on any machine."""
    if not isinstance(path, str) or not PATH.fullmatch(path):
        return False
    return not any(part.endswith((".", " ")) or DEVICE.fullmatch(part) for part in path.split("/"))
