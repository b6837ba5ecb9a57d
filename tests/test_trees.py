"""Trees of pages are walked as docutils walks them, only quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.build import trees

KINDS = (nodes.section, nodes.paragraph, nodes.emphasis, nodes.image)
theirs = trees._findall  # kept from before anybody put ours in its place


def tree(shape: Any) -> nodes.Element:
    """Return a tree whose nodes are numbered in document order."""
    numbers = iter(range(10**6))

    def grown(part: Any) -> nodes.Node:
        number = next(numbers)
        if isinstance(part, int):
            return nodes.Text(f"{number}")
        kind, children = part
        made: nodes.Element = KINDS[kind]("", ids=[str(number)])
        made += [grown(child) for child in children]
        return made

    root = nodes.section("", ids=["root"])
    root += [grown(part) for part in shape]
    return root


shapes = st.lists(
    st.recursive(
        st.integers(0, 1),
        lambda below: st.tuples(st.integers(0, len(KINDS) - 1), st.lists(below, max_size=4)),
        max_leaves=25,
    ),
    max_size=5,
)
conditions: list[Any] = [
    None, nodes.Node, nodes.Text, nodes.paragraph, nodes.Inline, lambda node: len(node.children) == 1,
]  # fmt: skip


def named(node: nodes.Node) -> str:
    return str(node) if isinstance(node, nodes.Text) else str(node["ids"])  # type: ignore[index]


@given(shapes, st.sampled_from(conditions))
def test_the_same_nodes_come_in_the_same_order(shape: Any, condition: Any) -> None:
    root = tree(shape)
    assert list(map(id, trees.findall(root, condition))) == list(map(id, theirs(root, condition)))


@given(shapes, st.sampled_from(conditions), st.data())
def test_so_they_do_while_the_tree_is_changed(shape: Any, condition: Any, data: st.DataObject) -> None:
    """Sphinx and its extensions replace, unwrap and remove what they are at, which docutils leaves undefined."""
    what = data.draw(st.lists(st.integers(0, 3), max_size=12))

    def seen(walk: Callable[..., Any]) -> list[str]:
        found = []
        changes = iter(what)
        root = tree(shape)
        for node in walk(root, condition):
            found.append(named(node))
            change = next(changes, 0)
            if node.parent is None or node not in node.parent.children:
                continue
            if change == 1:
                node.parent.replace(node, nodes.emphasis("", "", nodes.Text("new"), ids=["made"]))
            elif change == 2:
                node.parent.remove(node)
            elif change == 3 and node.children:
                node.parent.replace(node, list(node.children))
        return found

    assert seen(trees.findall) == seen(theirs)


@pytest.mark.parametrize("given_", [{"include_self": False}, {"siblings": True}, {"ascend": True}, {"descend": False}])
def test_what_is_seldom_asked_is_answered_by_docutils(given_: dict[str, bool]) -> None:
    root = tree([(1, [0, (2, [0])]), 0, (1, [])])
    start: Any = root.children[0].children[1]
    assert list(trees.findall(start, None, **given_)) == list(theirs(start, None, **given_))
