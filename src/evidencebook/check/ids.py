"""Ids of rows that figure modules name: an unknown one is found without executing anything."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from evidencebook.check import literals
from evidencebook.check.keys import Ids
from evidencebook.check.literals import FOLDER
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import Tables
from evidencebook.tables.spelling import did_you_mean, nearest

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ASKING = frozenset({"fact", "has"})  # methods of Evidence that take an id
KEYED = frozenset({"claims", "derived", "events", "sources", "places"})  # its mappings by id


@dataclass(frozen=True)
class Literal:
    """A text in a module that has the form of an id, with its line and the places at which it stands.

    Two texts with a place in common play the same part: the same argument of the same function, members of one list.
    """

    text: str
    line: int
    places: tuple[str, ...]
    is_asked_for: bool


def problems(root: Path, tables: Tables, known: Ids) -> Iterator[Problem]:
    """Yield the unknown ids in the figure modules of the report in `root`.

    `tables` are sound rows; `known` are all ids, those of rows that are reported already among them.

    A text counts as an id where the evidence is asked for it, where one that stands at the same place is an id, or
    where it nearly is one. Modules that cannot be read are reported elsewhere.
    """
    ids = {str(part) for key in known.known for part in key if part}
    cells = {value for table in tables.values() for row in table.rows for value in row.values.values()}
    for path in sorted((root / FOLDER).rglob("*.py")):
        found = list(_literals(literals.module(path)))
        meant = {place for one in found if one.text in ids for place in one.places}
        for one in found:
            if one.text in ids or one.text in cells or known.explains(one.text):
                continue
            is_like_those = "-" in one.text and (meant.intersection(one.places) or _is_nearly(one.text, ids))
            if one.is_asked_for or is_like_those:
                hint = did_you_mean(nearest(one.text, sorted(ids)))
                remedy = hint or "correct it, or add the row"
                yield Problem(path.relative_to(root).as_posix(), one.line, None, f'unknown id "{one.text}"', remedy)


def _is_nearly(text: str, ids: Collection[str]) -> bool:
    # One letter more, less or other in a long id is a slip; a short word may be anything.
    return text.count("-") > 1 and any(
        abs(len(text) - len(one)) <= 1 and _differing(text, one) <= 1 for one in ids if one[:2] == text[:2]
    )


def _differing(text: str, other: str) -> int:
    """Return at how many letters two texts differ, of which one may have a letter more."""
    start = next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    end = next((at for at, (a, b) in enumerate(zip(text[::-1], other[::-1], strict=False)) if a != b), 0)
    return max(len(text), len(other)) - start - end


def _literals(tree: ast.AST) -> Iterator[Literal]:
    places: dict[ast.AST, list[str]] = defaultdict(list)
    asked: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            for position, argument in enumerate(node.args):
                places[argument].append(f"{name} {position}")
            for keyword in node.keywords:
                places[keyword.value].append(f"{name} {keyword.arg}")
            if isinstance(node.func, ast.Attribute) and node.func.attr in ASKING and node.args:
                asked.add(node.args[0])
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for element in node.elts:
                places[element] += [f"in line {node.lineno}:{node.col_offset}"]
        elif isinstance(node, ast.Dict):
            for key in filter(None, node.keys):
                places[key].append(f"key in line {node.lineno}:{node.col_offset}")
        elif isinstance(node, ast.Subscript):
            places[node.slice].append(f"of {ast.unparse(node.value)}")
            if isinstance(node.value, ast.Attribute) and node.value.attr in KEYED:
                asked.add(node.slice)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ID.fullmatch(node.value):
            yield Literal(node.value, node.lineno, tuple(places[node]), node in asked)
