"""Why pages were executed is kept for whoever asks, of the pages that there are."""

from __future__ import annotations

import json
from pathlib import Path

from evidencebook.execution import decisions
from evidencebook.execution.decisions import Decision


def test_decisions_are_kept_beside_earlier_ones_and_those_of_pages_that_went_are_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert (decisions.read(folder), decisions.stamp(folder)) == ({}, 0)
    decisions.remember(folder, [Decision("b", ("x changed", "é"), 1.238), Decision("a", ())], {"a", "b"})
    first = decisions.stamp(folder)
    assert first == (folder / "decisions.json").stat().st_mtime_ns > 0
    assert decisions.read(folder) == {
        "a": {"reasons": [], "seconds": 0}, "b": {"reasons": ["x changed", "é"], "seconds": 1.24}
    }  # fmt: skip
    assert list(decisions.read(folder)) == ["a", "b"]
    decisions.remember(folder, [Decision("c", ("new",), 2)], ["b", "c"])
    assert {page: one["reasons"] for page, one in decisions.read(folder).items()} == {
        "b": ["x changed", "é"],
        "c": ["new"],
    }
    assert [Decision("a", ()).is_executed, Decision("a", ("new",)).is_executed] == [False, True]


def test_what_is_kept_may_have_another_shape_or_no_place(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    for shape in ("{", "[1]", "7"):
        path.write_text(shape, "utf-8")
        assert decisions.read(tmp_path) == {}
    good = {"reasons": [], "seconds": 1}
    path.write_text(json.dumps({"a": 3, "b": {"reasons": []}, "c": {"seconds": 1}, "d": good}), "utf-8")
    assert decisions.read(tmp_path) == {"d": good}
    (tmp_path / "file").touch()
    decisions.remember(tmp_path / "file", [Decision("a", ())], ["a"])  # it only explains: no build fails for it
