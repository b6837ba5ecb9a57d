"""A page's code, as a notebook gives it: lines of its cells, limits, kernels, and what its digest tells apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evidencebook.execution.inputs import Read
from evidencebook.execution.page import Cell, Failure, Outcome, Page, Ran

TEXT = "# Page\n\n```{code-cell} python\n:tags: [x]\n\n1 + 1\n  2\n```\n\nProse.\n\n```{code-cell} python\n1 + 1\n```\n"


def notebook(**metadata: Any) -> Any:
    cells = [
        nbformat.v4.new_markdown_cell("# Page"),
        nbformat.v4.new_code_cell("1 + 1\n2"),
        nbformat.v4.new_code_cell("1 + 1"),
        nbformat.v4.new_code_cell("gone"),
    ]
    return nbformat.v4.new_notebook(cells=cells, metadata={"source_map": [0, 2, 11, 13], **metadata})


def test_cells_are_found_at_the_lines_where_their_code_begins() -> None:
    page = Page.of(notebook(), "a/page", Path("a"), TEXT)
    assert page == Page("a/page", "a", (Cell("1 + 1\n2", 6), Cell("1 + 1", 13), Cell("gone", 14)))
    assert [cell.line for cell in Page.of(notebook(source_map=[]), "page", Path(), TEXT).cells] == [6, 6, 1]
    assert [cell.source for cell in page.notebook().cells] == ["1 + 1\n2", "1 + 1", "gone"]
    assert [Cell(source, 1).is_executed for source in ("1", " \n", "")] == [True, False, False]


def test_tags_and_settings_of_a_notebook_hold() -> None:
    tagged = notebook(kernelspec={"name": "ir", "display_name": "R"}, evidence={"inputs": ["../x", 7], "always": True})
    tagged.cells[1].metadata["tags"] = ["raises-exception"]
    tagged.cells[2].metadata["tags"] = ["skip-execution"]
    page = Page.of(tagged, "page", Path("a"), TEXT, 30, in_temp=True)
    assert [(cell.source, cell.may_fail) for cell in page.cells] == [("1 + 1\n2", True), ("", False), ("gone", False)]
    assert (page.kernel, page.inputs, page.is_always, page.in_temp, page.limit) == ("ir", ("../x", "7"), True, True, 30)
    own = notebook(execution={"timeout": 5, "allow_errors": True})
    page = Page.of(own, "page", Path(), TEXT, 30)
    assert page.limit == 5 and all(cell.may_fail for cell in page.cells)
    forbidding = Page.of(notebook(execution={"allow_errors": False}), "page", Path(), TEXT, allow_errors=True)
    assert not any(cell.may_fail for cell in forbidding.cells) and not forbidding.is_always and not forbidding.in_temp
    assert all(cell.may_fail for cell in Page.of(notebook(), "page", Path(), TEXT, allow_errors=True).cells)


PAGE = Page("page", "a", (Cell("1", 3), Cell("2", 9)), 5)


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (replace(PAGE, limit=9, name="other", folder="b"), True),
        (replace(PAGE, cells=(Cell("1", 4), Cell("2", 8))), True),
        (replace(PAGE, cells=(Cell("1", 3), Cell("3", 9))), False),
        (replace(PAGE, cells=(Cell("1", 3), Cell("2", 9, may_fail=True))), False),
        (replace(PAGE, kernel="ir"), False),
        (replace(PAGE, in_temp=True), False),
    ],
)
def test_only_what_is_executed_tells_the_code_of_pages_apart(other: Page, is_same: bool) -> None:
    assert (other.code == PAGE.code) is is_same


@pytest.mark.parametrize("failure", [None, Failure(1, None, "no"), Failure(0, 2, "no", "trace")])
def test_an_outcome_travels_whole(failure: Failure | None) -> None:
    ran = (Ran(None, ()), Ran(3, ({"output_type": "stream", "text": "x"},)))
    reads = (Read("content", "/x", "7"),)
    outcome = Outcome(ran, reads, 1.5, failure, True, {"language_info": {"name": "python"}}, False)
    assert Outcome.from_data(outcome.to_data()) == outcome
    plain = Outcome(ran, reads, 1.5)
    assert (plain.needs_kernel, plain.metadata, plain.is_traced) == (False, {}, True)
