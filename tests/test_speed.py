"""How the pages of an edition are shared out among processors, and what a build leaves as it was."""

from __future__ import annotations

import gc
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from evidencebook.build import garbage, speed


def test_pages_are_shared_out_in_heaps_of_about_one_size() -> None:
    sizes = {"a": 5, "b": 9, "d": 3, "e": 4, "f": 5}
    heaps = speed._shared_out(sizes, 3)
    assert heaps == [["b"], ["a", "e"], ["f", "d"]]
    assert speed._shared_out({"a": 1}, 3) == [["a"]]
    assert speed._shared_out({"b": 1, "a": 1, "c": 3}, 2) == [["c"], ["a", "b"]]


class App:
    """An application that keeps who listens to what."""

    def __init__(self, builder: str) -> None:
        self.listeners: dict[str, list[Callable[..., None]]] = {}
        self.builder: Any = SimpleNamespace(name=builder, search=builder == "latex")
        self.parallel = 1
        self.evidence_memory: object = object()

    def connect(self, event: str, listener: Callable[..., None], priority: int = 500) -> None:
        self.listeners.setdefault(event, []).append(listener)


@pytest.mark.parametrize(
    ("builder", "processors", "is_known", "parallel", "is_ours"),
    [
        ("html", 2, True, 3, True), ("dirhtml", 4, True, 5, True), ("latex", 2, True, 3, False),
        ("html", 1, True, 1, False), ("html", 2, False, 1, False),
    ],
)  # fmt: skip
def test_only_pages_of_the_web_edition_are_written_so_and_only_where_there_are_processors(
    monkeypatch: pytest.MonkeyPatch, builder: str, processors: int, is_known: bool, parallel: int, is_ours: bool
) -> None:
    monkeypatch.setattr(speed, "processors", lambda: processors)
    app: Any = App(builder)
    if not is_known:
        del app.evidence_memory
    speed.write_side_by_side(app, app)
    assert app.parallel == parallel
    assert hasattr(app.builder, "_write_parallel") is is_ours


def test_a_search_that_sphinx_makes_itself_sees_every_page_in_one_process() -> None:
    app: Any = App("html")
    app.builder.search = True
    speed.write_side_by_side(app, app)
    assert not hasattr(app.builder, "_write_parallel")


def test_garbage_is_looked_for_as_before_when_the_build_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    before, frozen, registered = gc.get_threshold(), gc.get_freeze_count(), list[Callable[..., None]]()
    monkeypatch.setattr(garbage.atexit, "register", registered.append)
    app: Any = App("html")
    garbage.setup(app)
    try:
        assert gc.get_threshold()[0] > 10 * before[0]
        for event in ("config-inited", "env-check-consistency"):
            gc.unfreeze()
            for listener in app.listeners[event]:
                listener()
            assert gc.get_freeze_count() > frozen
    finally:
        for listener in app.listeners["build-finished"]:
            listener()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
    registered[0]()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
