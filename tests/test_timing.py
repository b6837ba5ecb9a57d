"""A build ends with a line that says where its time went, from the start of its process to its last byte."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import psutil
import pytest

from evidencebook.build import timing


def test_the_time_of_each_phase_is_told_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now, said = 100.0, list[str]()
    listeners: dict[str, list[tuple[int, Callable[..., None]]]] = {}

    def work(seconds: float) -> Callable[..., None]:
        def worked(*_: object) -> None:
            nonlocal now
            now += seconds

        return worked

    def connect(event: str, listener: Callable[..., None], priority: int = 500) -> None:
        listeners.setdefault(event, []).append((priority, listener))

    monkeypatch.setattr(timing, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(timing, "_age", lambda: 3.0)
    monkeypatch.setattr(timing.LOGGER, "info", lambda text, *given: said.append(text % given))
    timing.setup(SimpleNamespace(connect=connect))  # type: ignore[arg-type]
    # What is done at each event counts to the phase that ends with it; what is done at the first, to the one after.
    for event, seconds in (
        ("config-inited", 2.0), ("builder-inited", 4.0), ("env-updated", 8.0), ("env-updated", 0.5),
        ("build-finished", 16.0),
    ):  # fmt: skip
        connect(event, work(seconds))
        for _, listener in sorted(listeners[event], key=lambda one: one[0]):
            listener(None)
        listeners[event].pop()
    assert said == ["Time: starting 3.0 s, checking 6.0 s, executing and reading 8.5 s, writing 16.0 s"]


def test_a_process_knows_how_old_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timing._age() == pytest.approx(time.time() - psutil.Process().create_time(), abs=1.5)
    monkeypatch.setattr(timing, "open", lambda *_: (_ for _ in ()).throw(FileNotFoundError()), raising=False)
    assert timing._age() == 0  # a system that does not tell
