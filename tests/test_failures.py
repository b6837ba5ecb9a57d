"""A page that failed is told at its line, its traceback lies in a file, and the build stops where it is to."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from evidencebook.build import failures
from evidencebook.execution.page import Cell, Failure, Page

PAGE = Page("deep/page", "deep", (Cell("1", 5), Cell("\n2 / 0", 9)))


@pytest.fixture
def app(tmp_path: Path) -> Any:
    return SimpleNamespace(srcdir=tmp_path, outdir=tmp_path / "_build/html")


@pytest.mark.parametrize(
    ("failure", "line", "said"),
    [
        (Failure(1, 2, "no"), 10, "cell 2, line 2: no"),
        (Failure(1, 1, "no"), 9, "cell 2, line 1: no"),
        (Failure(0, None, "no"), 5, "cell 1: no"),
        (Failure(1, 2, "no", "its\ntraceback"), 10,
         "cell 2, line 2: no (its traceback: _build/reports/deep/page.err.log)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_shown", [False, True])
def test_a_failure_is_told_at_its_line(
    app: Any, monkeypatch: pytest.MonkeyPatch, failure: Failure, line: int, said: str, is_shown: bool
) -> None:
    told = []
    monkeypatch.setattr(failures.LOGGER, "warning", lambda text, *given, **more: told.append((text % given, more)))
    failures.tell(app, PAGE, failure, is_shown)
    shown = f"\n{failure.traceback}" if is_shown and failure.traceback else ""
    assert told == [(said + shown, {"type": "mystnb", "subtype": "exec", "location": ("deep/page", line)})]
    kept = [app.outdir / "reports/deep/page.err.log", app.outdir.parent / "reports/deep/page.err.log"]
    assert [path.read_text("utf-8") for path in kept if path.exists()] == [failure.traceback] * 2 * bool(
        failure.traceback
    )
    failures.forget(app)
    assert not kept[1].exists()
    failures.forget(app)  # there is none


def test_a_page_without_cells_fails_at_its_first_line(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(failures.LOGGER, "warning", lambda text, *given, location, **_: told.append(location))
    failures.tell(app, Page("page", ".", ()), Failure(0, None, "no kernel"), False)
    assert told == [("page", 1)]


def test_a_build_stops_for_pages_that_must_not_fail_and_for_no_other() -> None:
    failures.stop([])
    with pytest.raises(failures.Stopped, match=r"^a, b$") as told:
        failures.stop(["a", "b"])
    assert told.value.category == "Execution failed"
    with click.Context(click.Command("build")):
        failures.stop([])
        with pytest.raises(SystemExit) as ended:
            failures.stop(["a"])
    assert ended.value.code == 1
