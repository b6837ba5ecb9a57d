"""Who meets what others have written, and whether what a page found is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencebook.execution import order
from evidencebook.execution.inputs import ABSENT, Read, fingerprint
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.store import Entry


def entry(**found: str) -> Entry:
    """A result of a page that read and wrote files: `x="read"`."""
    aspects: dict[str, Any] = {"read": "content", "wrote": "written"}
    reads = {Read(aspects[how], f"/r/{name}"): "as it was" for name, how in found.items()}
    return Entry({}, reads, Outcome((), (), 0.0))


@pytest.mark.parametrize(
    ("aspect", "path", "meets"),
    [
        ("content", "/r/out/x", True), ("state", "/r/out/x", True), ("link", "/r/out/x", True),
        ("content", "/r/out", False), ("content", "/r/other", False), ("written", "/r/out/x", False),
        ("variable", "/r/out/x", False), ("names", "/r/out", True), ("names", "/r", False),
        ("names", "/r/out/x", False),
        ("all", "/r/out", True), ("all", "/r", True), ("all", "/r/out/x", True), ("all", "/r/ou", False),
        ("anything", "/r", True), ("anything", "/other", False), ("below", "/r", False),
    ],
)  # fmt: skip
def test_who_looked_at_what_was_written_meets_it(aspect: Any, path: str, meets: bool) -> None:
    assert order.Written(["/r/out/x"]).meets(Read(aspect, path)) is meets
    assert not order.Written([]).meets(Read(aspect, path))


@pytest.mark.parametrize(
    ("latest", "first"),
    [
        ({"a": None, "b": None}, ["a", "b"]),
        ({"a": entry(x="read"), "b": entry(x="wrote")}, ["b"]),
        ({"a": entry(x="read"), "b": None}, ["a", "b"]),
        ({"a": None, "b": entry(x="wrote"), "c": entry(x="read")}, ["a", "b"]),
        ({"a": entry(x="wrote", y="read"), "b": entry(x="read", y="wrote")}, ["a"]),  # each waits for the other
        ({"a": entry(x="wrote"), "b": entry(x="wrote")}, ["a", "b"]),
    ],
)
def test_who_reads_nothing_of_the_others_comes_first(latest: dict[str, Entry | None], first: list[str]) -> None:
    todo = {name: Page(name, "", ()) for name in latest}
    assert order.next_of(todo, latest) == first


def test_what_several_write_need_only_be_there(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).write_text(name, "utf-8")
    reads = [Read("written", str(tmp_path / name)) for name in ("x", "y", "gone", "never")]
    found = {read: fingerprint(read) for read in reads} | {reads[2]: "as it was", Read("always", "page"): ""}
    one = Entry({}, found, Outcome((), (), 0.0))
    paths = {read.path for read in reads}
    assert order.written(one) == paths and order.written(None) == set()
    assert order.written_by_several([one, one, entry(x="wrote")]) == paths
    assert order.written_by_several([one]) == set()
    (tmp_path / "x").write_text("other", "utf-8")
    assert order.changed(one, order.look(set())) == [reads[0], reads[2]]
    assert order.changed(one, order.look(paths)) == [reads[2]]
    (tmp_path / "never").touch()  # it is written by several, and was not there
    assert found[reads[3]] == ABSENT and order.changed(one, order.look(paths)) == [reads[2], reads[3]]


def test_each_thing_is_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", "utf-8")
    look, read = order.look(set()), Read("content", str(tmp_path / "x"))
    before = look(read)
    (tmp_path / "x").write_text("other", "utf-8")
    assert look(read) == before != fingerprint(read)
