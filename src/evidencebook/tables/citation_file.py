"""CITATION.cff: who wrote the report and where it is found, refused where an address in it is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from evidencebook.tables import addresses, settings
from evidencebook.tables.problems import BadData, Problem

LABEL = "CITATION.cff"
# https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md
ADDRESSES = frozenset({"url", "license-url", "repository", "repository-artifact", "repository-code", "website"})


def read(root: Path) -> dict[str, Any]:
    """Return what the file says, nothing where there is none; raises BadData where it cannot be used."""
    if not (root / LABEL).exists():
        return {}
    tree, said = settings.read(root / LABEL, LABEL)
    if not isinstance(said, dict):
        raise BadData([Problem(LABEL, None, None, "the file names no keys", 'begin it with "cff-version: 1.2.0"')])
    if problems := [*settings.faults(tree, LABEL), *_address_faults(tree), *_author_faults(said)]:
        raise BadData(problems)
    return said


def _address_faults(tree: yaml.Node | None) -> Iterator[Problem]:
    for node in settings.nodes(tree):
        for key, one in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in ADDRESSES and (fault := addresses.fault(str(one.value))):
                what = f"{str(one.value)!r} is not a web address: {fault}"
                yield Problem(LABEL, key.start_mark.line + 1, key.value, what, addresses.REMEDY)


def _author_faults(said: dict[str, Any]) -> Iterator[Problem]:
    authors = said.get("authors")
    named = isinstance(authors, list) and all(
        isinstance(one, dict) and ("name" in one or {"family-names", "given-names"} <= one.keys()) for one in authors
    )
    if not named or not authors:
        remedy = "list each with a name, or with family-names and given-names"
        yield Problem(LABEL, None, "authors", "there is no list of authors with names", remedy)
