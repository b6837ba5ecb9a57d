"""Cells and descriptors of whoever wants the report to be wrong, each in the small report."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from evidencebook.tables import contract
from tests.hostile import inputs
from tests.small import PACKAGE, Book


def spoiled(book: Book, cell: inputs.Cell) -> list[str]:
    table, line, column, text, _ = cell
    book.edit(table, line, **{column: text})
    return book.messages()


def judged(messages: list[str], cell: inputs.Cell) -> None:
    table, line, _, _, said = cell
    if not said:
        assert messages == []
        return
    told = [one for one in messages if one.startswith(f"data/{table}.csv:{line}: ") and said in one]
    assert told, messages
    assert all(one.isprintable() and " - " in one for one in messages)  # no line obeys, each has a remedy


@pytest.mark.parametrize(
    "cell", [pytest.param(one, id=f"{kind}-{at}") for kind, ones in inputs.CELLS.items() for at, one in enumerate(ones)]
)
def test_cell_is_refused_at_its_row_or_harmless(book: Book, cell: inputs.Cell) -> None:
    judged(spoiled(book, cell), cell)


@pytest.mark.parametrize("cell", inputs.ANCHORS, ids=lambda cell: f"{cell[2]}={cell[3]}")
def test_anchor_that_no_text_can_have_is_refused_without_the_texts(book: Book, cell: inputs.Cell) -> None:
    for path in book.texts.iterdir():
        path.unlink()
    judged(spoiled(book, cell), cell)


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    inputs.DESCRIPTOR,
    ids=lambda one: "-".join(map(str, one[-2:])) if isinstance(one, tuple) else None,
)
def test_descriptor_is_data_and_promises_what_is_kept(book: Book, keys: inputs.Keys, value: Any, said: str) -> None:
    package = copy.deepcopy(PACKAGE)
    inside: Any = package
    for key in keys[:-1]:
        inside = inside[key]
    inside[keys[-1]] = value
    if not said:
        book.write_package(package)
        assert book.messages() == []
        return
    (book.root / contract.LABEL).write_text(json.dumps(package), "utf-8")
    messages = [one for one in book.messages() if "is not what datapackage.json says now" not in one]
    assert any(one.startswith("data/datapackage.json: ") and said in one for one in messages), messages
    assert all(one.isprintable() and " - " in one for one in messages)


def test_each_kind_of_input_is_tried_and_there_are_hundreds() -> None:
    cells = sum(map(len, inputs.CELLS.values()))
    assert cells + len(inputs.ANCHORS) + len(inputs.DESCRIPTOR) >= 300
