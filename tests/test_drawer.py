"""Pictures drawn by others: the same as one's own, whatever becomes of the drawer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from evidencebook.charts import drawer, fonts
from evidencebook.charts.renderer import VEGALITE_VERSION
from evidencebook.execution.workers import Workers
from tests.building import ENGINE

pytestmark = pytest.mark.slow


def spec(width: int) -> dict[str, Any]:
    return {"data": {"values": [{"x": "Dandong"}]}, "mark": "bar", "encoding": {"y": {"field": "x"}}, "width": width}


def drawn(width: int) -> str:
    return drawer.svg(spec(width), VEGALITE_VERSION)


class Drawers:
    """Drawers at work, those processes being known to the test."""

    def __init__(self, workers: Workers) -> None:
        self.processes: list[subprocess.Popen[str]] = workers._drawers
        self.address = str(Path(workers.folder, "drawer"))

    def signal(self, which: signal.Signals) -> None:
        for process in self.processes:
            os.kill(process.pid, which)
            if which == signal.SIGKILL:
                process.wait()


@pytest.fixture
def drawers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawers]:
    workers = Workers([str(tmp_path)])
    found = Drawers(workers)
    monkeypatch.setenv(drawer.ADDRESS, found.address)
    yield found
    found.signal(signal.SIGCONT) if all(one.poll() is None for one in found.processes) else None
    workers.close()


@pytest.fixture
def only_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise AssertionError("drawn by himself")

    monkeypatch.setattr(drawer.vl_convert, "vegalite_to_svg", refuse)


def own(width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as alone:
        alone.delenv(drawer.ADDRESS)
        return drawn(width)


def test_a_drawer_draws_what_one_draws_oneself(drawers: Drawers, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = [own(width, monkeypatch) for width in (100, 200)]
    monkeypatch.setattr(drawer.vl_convert, "vegalite_to_svg", None)  # nobody here can draw now
    with ThreadPoolExecutor(8) as pages:  # more at once than there are drawers
        theirs = list(pages.map(drawn, [100, 200] * 8))
    assert theirs == mine * 8


def test_what_a_drawer_cannot_draw_is_refused_with_the_reason(drawers: Drawers) -> None:
    with pytest.raises(ValueError, match="conversion failed"):
        drawer.svg({"data": {"values": []}, "mark": "nothing of the kind"}, VEGALITE_VERSION)
    assert drawn(100).startswith("<svg")  # and it goes on


@pytest.mark.usefixtures("only_others")
def test_nonsense_on_the_socket_does_not_end_a_drawer(drawers: Drawers) -> None:
    for nonsense in (b"", b"{", b"[]", b"{}", b'{"spec": 1, "version": "0"}'):
        for _ in drawers.processes:
            with drawer.Client(drawers.address, "AF_UNIX") as asking:
                asking.send_bytes(nonsense)
    assert drawn(100).startswith("<svg")


def test_if_all_drawers_die_everybody_draws_by_himself(drawers: Drawers, monkeypatch: pytest.MonkeyPatch) -> None:
    here: list[Any] = []
    draw = drawer.vl_convert.vegalite_to_svg
    monkeypatch.setattr(drawer.vl_convert, "vegalite_to_svg", lambda one, **more: here.append(one) or draw(one, **more))
    assert drawn(100).startswith("<svg")
    assert here == []
    drawers.signal(signal.SIGKILL)
    assert drawn(100).startswith("<svg")
    assert here == [spec(100)]


def test_nobody_waits_forever_for_a_drawer(drawers: Drawers, monkeypatch: pytest.MonkeyPatch) -> None:
    drawers.signal(signal.SIGSTOP)
    monkeypatch.setattr(drawer, "PATIENCE", 0.2)
    assert drawn(100).startswith("<svg")


def test_without_room_for_a_socket_pages_draw_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("x" * 120)  # a socket's address has at most 108 bytes
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    workers = Workers([str(tmp_path)])
    monkeypatch.setenv(drawer.ADDRESS, str(Path(workers.folder, "drawer")))
    assert drawn(100).startswith("<svg")
    workers.close()


def test_drawers_end_with_whoever_started_them(tmp_path: Path) -> None:
    workers = Workers([str(tmp_path)])
    processes = [*workers._drawers, workers._process]
    assert len(processes) > 1
    for process in processes:
        assert process.stdin
        process.stdin.close()  # as when the process that holds it dies
    for process in processes:
        process.wait(30)
    workers.close()


LETTERS = "Wages, £ ₩ € – “Tumen” AV To fi ffl éß 1,234 → ≥"


def test_smaller_files_of_the_faces_give_the_same_picture(drawers: Drawers, only_others: None) -> None:
    asked = spec(300) | {
        "data": {"values": [{"x": LETTERS}, {"x": LETTERS[::-1]}]},
        "title": {
            "text": LETTERS,
            "font": fonts.SANS,
            "fontWeight": 600,
            "subtitle": LETTERS,
            "subtitleFont": fonts.SANS,
        },
        "config": {"font": fonts.SANS, "axis": {"labelFontStyle": "italic", "labelLimit": 2000}},
    }
    with_smaller = drawer.svg(asked, VEGALITE_VERSION)
    assert (Path(drawers.address).parent / "drawing-fonts").is_dir()
    alone = f"from evidencebook.charts import drawer; print(drawer.svg({asked!r}, {VEGALITE_VERSION!r}), end='')"
    environment = {name: value for name, value in os.environ.items() if name != drawer.ADDRESS}
    environment["PYTHONPATH"] = str(ENGINE)
    with_whole = subprocess.run(
        [sys.executable, "-c", alone], env=environment, capture_output=True, text=True, check=True
    )
    assert with_whole.stdout == with_smaller
