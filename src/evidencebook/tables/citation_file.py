"""CITATION.cff: who wrote the report and where it is found, refused where an address in it is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from evidencebook.tables import addresses
from evidencebook.tables.problems import BadData, Problem

LABEL = "CITATION.cff"
# https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md
ADDRESSES = frozenset({"url", "license-url", "repository", "repository-artifact", "repository-code", "website"})


def read(root: Path) -> dict[str, Any]:
    """Return what the file says, nothing where there is none; raises BadData where it cannot be used."""
    path = root / LABEL
    if not path.is_file():
        return {}
    try:
        tree = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        said = yaml.safe_load(path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise BadData([Problem(LABEL, None, None, "the file is not UTF-8", "save it as UTF-8")]) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = f"not YAML: {getattr(error, 'problem', None) or error}"
        raise BadData([Problem(LABEL, mark.line + 1 if mark else None, None, what, "correct it there")]) from None
    if not isinstance(said, dict):
        raise BadData([Problem(LABEL, None, None, "the file names no keys", 'begin it with "cff-version: 1.2.0"')])
    if problems := [*_faults(tree), *_author_faults(said)]:
        raise BadData(problems)
    return said


def _faults(node: yaml.Node | None) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _faults(one)
    elif isinstance(node, yaml.MappingNode):
        for key, one in node.value:
            if key.value in ADDRESSES and (fault := addresses.fault(str(one.value))):
                what = f"{str(one.value)!r} is not a web address: {fault}"
                yield Problem(LABEL, key.start_mark.line + 1, key.value, what, addresses.REMEDY)
            yield from _faults(one)


def _author_faults(said: dict[str, Any]) -> Iterator[Problem]:
    authors = said.get("authors")
    named = isinstance(authors, list) and all(
        isinstance(one, dict) and ("name" in one or {"family-names", "given-names"} <= one.keys()) for one in authors
    )
    if not named or not authors:
        remedy = "list each with a name, or with family-names and given-names"
        yield Problem(LABEL, None, "authors", "there is no list of authors with names", remedy)
