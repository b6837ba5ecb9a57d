"""Trees of pages walked in a loop: docutils recurses, and hands every node up through a generator for each level.

Each page is walked some seventy times by Sphinx, its extensions and ours, which was a sixth of the work of a build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from docutils import nodes

Condition: TypeAlias = "type[Any] | Callable[[nodes.Node], Any] | None"

_findall = nodes.Node.findall


def findall(
    self: nodes.Node, condition: Condition = None, include_self: bool = True, descend: bool = True,
    siblings: bool = False, ascend: bool = False,
) -> Iterator[nodes.Node]:  # fmt: skip
    """Return what `docutils.nodes.Node.findall` does, in the same order, while the tree is being changed too."""
    if not (include_self and descend) or siblings or ascend:
        return _findall(self, condition, include_self, descend, siblings, ascend)
    if condition is None or isinstance(condition, type):
        return _of_class(self, condition or nodes.Node)
    return (node for node in _of_class(self, nodes.Node) if condition(node))


def _of_class(root: nodes.Node, wanted: type[Any]) -> Iterator[nodes.Node]:
    levels = [iter((root,))]
    while levels:
        for node in levels[-1]:
            if isinstance(node, wanted):
                yield node
            if node.children:  # asked only now: whoever got the node may have changed it
                levels.append(iter(node.children))
                break
        else:
            levels.pop()


def setup() -> None:
    """Have all trees of this process walked so."""
    nodes.Node.findall = findall  # type: ignore[method-assign, assignment]
