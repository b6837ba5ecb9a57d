"""What a kernel has told is tidied: texts joined in their order, lines as they are left, and nothing without end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError

from evidencebook.execution import kernels
from evidencebook.execution.page import Cell, Failure, Page


def stream(name: str, text: str) -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


def shown(text: str) -> Any:
    return nbformat.v4.new_output("display_data", data={"text/plain": text})


def test_texts_that_follow_each_other_are_joined_standard_output_first() -> None:
    said = [
        stream("stderr", "a\n"), stream("stdout", "b"), stream("stdout", "c\n"), stream("stderr", "d"), shown("X"),
        stream("stdout", "e"), shown("Y"), shown("Z"),
    ]  # fmt: skip
    told = [(one.get("name"), one.get("text") or one.data["text/plain"]) for one in kernels._tidied(said)]
    assert told == [
        ("stdout", "bc\n"), ("stderr", "a\nd"), (None, "X"), ("stdout", "e"), (None, "Y"), (None, "Z")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("1%\r50%\r100%\ndone", "100%\ndone"), ("1%\r2%\r", "2%\r"), ("a\r\nb\rc\r\n", "a\r\nc\r\n"), ("\r", "\r"),
        ("", ""),
    ],
)  # fmt: skip
def test_of_a_line_stays_what_its_carriage_returns_leave(text: str, left: str) -> None:
    (one,) = kernels._tidied([stream("stdout", text)])
    assert one.text == left


def test_a_cell_prints_up_to_a_size_and_shows_no_output_above_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "PRINTED", 10)
    monkeypatch.setattr(kernels, "SHOWN", 6)
    client = kernels.Client(nbformat.v4.new_notebook(), AsyncKernelManager())
    client.reset_execution_trackers()
    client.clear_before_next_output = False
    outputs = list[Any]()

    def tell(kind: str, cell: int, **content: Any) -> None:
        told = {"msg_type": kind, "content": content, "header": {"msg_type": kind}, "parent_header": {}}
        client.output(outputs, told, None, cell)

    for text in ("12345", "67890", "abc", "def"):
        tell("stream", 0, name="stdout", text=text)
    tell("stream", 1, name="stdout", text="1234567890x")
    tell("display_data", 1, data={"a": "123", "b": "456", "application/json": {"no": "text"}}, metadata={})
    tell("display_data", 1, data={"a": "1234", "b": "567"}, metadata={})
    cut = "\n[Cut here: what a cell prints is kept up to 10 letters.]\n"
    assert "".join(one.text for one in outputs if one.output_type == "stream") == f"1234567890{cut}1234567890{cut}"
    data = [dict(one.data) for one in outputs if one.output_type == "display_data"]
    assert data[0] == {"a": "123", "b": "456", "application/json": {"no": "text"}}
    assert data[1] == {"text/plain": "[An output of 7 letters is not kept: there may be 6.]"}


@pytest.mark.parametrize(
    ("count", "traceback", "outputs", "failure"),
    [
        (3, "\x1b[31mCell In[3], line 4\x1b[0m", [], Failure(1, 4, "ValueError: no")),
        (3, "Cell In[2], line 1, in f()\nCell In[3], line 7\nCell In[13], line 9", [], Failure(1, 7, "ValueError: no")),
        (3, "Cell In[3], line 2, in g()\nCell In[3], line 5", [], Failure(1, 5, "ValueError: no")),
        (3, "Cell In[3], line 5\nCell In[3], line 2, in g()", [], Failure(1, 5, "ValueError: no")),
        (3, "elsewhere", [stream("stdout", "x")], Failure(1, None, "ValueError: no")),
        (3, "elsewhere", [
            nbformat.v4.new_output("error", ename="First", evalue="1", traceback=[]),
            nbformat.v4.new_output("error", ename="KeyError", evalue="'a'", traceback=[]), stream("stdout", "x"),
        ], Failure(1, None, "KeyError: 'a'")),
    ],
)  # fmt: skip
def test_a_failure_is_that_of_its_cell_and_told_by_the_name_that_was_shown(
    count: int, traceback: str, outputs: list[Any], failure: Failure
) -> None:
    page = Page("page", ".", (Cell("1", 1), Cell("2", 5)))
    one = kernels._Execution(page, (), {}, lambda _: AsyncKernelManager())
    one._number = 1
    one._notebook.cells[1].update(execution_count=count, outputs=outputs)
    found = one._failed(CellExecutionError(traceback, "ValueError", "no"))
    assert (found.cell, found.line, found.error) == (failure.cell, failure.line, failure.error)
    assert found.traceback == traceback


def test_a_death_says_that_the_temporary_folder_is_full_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = "its process died without a word (killed, or a crash in a library)"
    monkeypatch.setattr(kernels, "full_temporary_folder", lambda: None)
    assert kernels._death() == nobody
    monkeypatch.setattr(kernels, "full_temporary_folder", lambda: "/t")
    assert kernels._death() == f"{nobody}: /t is full - make room there, or name another folder in TMPDIR"


def test_a_kernel_runs_in_the_variables_of_the_build_and_a_fixed_order_of_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN", "1")
    for kernel, is_traced in (("python3", True), ("python-other", True), ("ir", False)):
        page = Page("page", ".", (), kernel=kernel)
        one = kernels._Execution(page, (), {"GIVEN": "2"}, lambda _: SimpleNamespace())  # type: ignore[arg-type,return-value]
        assert one._is_traced is is_traced
        assert {name: one._environment.get(name) for name in ("OWN", "GIVEN", "PYTHONHASHSEED")} == {
            "OWN": "1", "GIVEN": "2", "PYTHONHASHSEED": "0"
        }  # fmt: skip
    assert kernels._plain(Page("page", ".", (), kernel="ir")).kernel_name == "ir"
