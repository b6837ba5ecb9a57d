"""The script for interactive charts: made once for an environment, and never taken from there if it was changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from evidencebook.charts import bundle


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setattr(bundle, "KEPT", folder)
    monkeypatch.setattr(bundle, "javascript", lambda: "made here")
    return folder


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a build finds when it asks for the bundle; a process that would have to make one says so."""
    maker = bundle.Maker(folder)

    def started(command: list[str], **_: object) -> None:
        maker.path.parent.mkdir(parents=True)
        maker.path.write_text("made anew", "utf-8")

    monkeypatch.setattr(bundle.subprocess, "Popen", started)
    return maker.made().read_text("utf-8")


def test_a_second_build_takes_what_the_first_one_made(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle.write(tmp_path / "first" / bundle.name())
    assert made(tmp_path / "second", monkeypatch) == "made here"


def test_what_was_changed_or_cut_short_is_made_anew(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle.write(tmp_path / "first" / bundle.name())
    for path in kept.iterdir():
        path.write_text("made", "utf-8")
    assert made(tmp_path / "second", monkeypatch) == "made anew"


def test_what_cannot_be_read_is_made_anew(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (kept / f"{bundle.name()}.ab").mkdir(parents=True)
    assert made(tmp_path / "second", monkeypatch) == "made anew"


def test_bundles_of_earlier_versions_do_not_pile_up(kept: Path, tmp_path: Path) -> None:
    kept.mkdir()
    (kept / "vega.0123456789.js.ab").write_text("old", "utf-8")
    bundle.write(tmp_path / "first" / bundle.name())
    assert [path.name.startswith(bundle.name()) for path in kept.iterdir()] == [True]


def test_an_environment_that_cannot_be_written_does_not_hinder_a_build(kept: Path, tmp_path: Path) -> None:
    kept.write_text("no folder", "utf-8")
    bundle.write(tmp_path / "first" / bundle.name())
    assert (tmp_path / "first" / bundle.name()).read_text("utf-8") == "made here"


def test_where_the_process_that_makes_it_fails_it_is_made_here_or_told_why(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle.subprocess, "Popen", lambda *_, **__: SimpleNamespace(wait=lambda: 1))
    assert bundle.Maker(tmp_path / "first").made().read_text("utf-8") == "made here"
    shutil.rmtree(kept)
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        bundle.Maker(tmp_path / "file" / "second").made()
