"""Settings in YAML as data: every key once, plain text, no deeper than a person writes; nothing in them is run."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evidencebook.tables import files, text
from evidencebook.tables.problems import BadData, Problem

DEEPEST = 40  # levels; Python's own limit would end in a traceback
LARGEST = 2**20  # bytes


def read(path: Path, label: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes of a file, which know their lines, and what they say; raises BadData where it cannot be used."""
    try:
        written = files.read(path, LARGEST).decode("utf-8")
        tree, said = _parsed(written, label)
        return tree, deepcopy(said)
    except OSError as error:
        raise BadData([Problem(label, None, None, *files.told(error))]) from None
    except UnicodeDecodeError:
        raise BadData([Problem(label, None, None, "the file is not UTF-8", "save it as UTF-8")]) from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        what = f"not YAML: {getattr(error, 'problem', None) or error}"
        raise BadData([Problem(label, mark.line + 1 if mark else None, None, what, "correct it there")]) from None


@lru_cache(maxsize=8)
def _parsed(written: str, label: str) -> tuple[yaml.Node | None, Any]:
    # A build asks thirty times for files that stay as they are, and this parser is slow.
    _refuse_depth(written, label)
    return yaml.compose(written, Loader=yaml.SafeLoader), yaml.safe_load(written)


def problems(root: Path, label: str) -> tuple[list[Problem], bool]:
    """Return what is wrong with a file of settings, whatever its keys mean, and whether it can be used at all."""
    if not (root / label).exists():
        return [], True
    try:
        tree, _ = read(root / label, label)
    except BadData as error:
        return list(error.problems), False
    return list(faults(tree, label)), True


def faults(tree: yaml.Node | None, label: str) -> Iterator[Problem]:
    """Yield the keys that stand twice in one place, and the texts that hold what may not stand in one."""
    for node in nodes(tree):
        if isinstance(node, yaml.ScalarNode):
            for wrong in filter(None, map(text.fault, node.value.expandtabs().splitlines())):
                yield Problem(label, node.start_mark.line + 1, None, *wrong)
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if (said := str(key.value)) in seen:
                what = f"{said} stands there a second time, and what stood below the first is lost"
                yield Problem(label, key.start_mark.line + 1, None, what, "put both below one")
            seen.add(said)


def nodes(tree: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield all nodes, each once: a name for a node may stand in many places, and in what it names."""
    waiting, met = [tree] if tree is not None else [], set()
    while waiting:
        node = waiting.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _refuse_depth(written: str, label: str) -> None:
    depth = 0
    for event in yaml.parse(written, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            what = f"there are more than {DEEPEST} levels within each other"
            mark = event.start_mark
            raise BadData([Problem(label, mark.line + 1 if mark else None, None, what, "write it with fewer")])
