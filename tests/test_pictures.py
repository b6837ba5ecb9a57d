"""Pictures drawn before: used again for the same specification only, and never damaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencebook import keeping
from evidencebook.charts import pictures


class Pen:
    """Draws, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, spec: dict[str, Any]) -> str:
        self.count += 1
        return f"<svg>{spec['mark']} {self.count} ä</svg>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(pictures.FOLDER, str(tmp_path / "pictures"))
    return tmp_path / "pictures"


def test_the_same_specification_is_drawn_once_and_another_one_anew(folder: Path) -> None:
    pen = Pen()
    first = pictures.drawn({"mark": "bar", "width": 1}, pen)
    assert pictures.drawn({"width": 1, "mark": "bar"}, pen) == first
    assert pen.count == 1
    assert pictures.drawn({"mark": "bar", "width": 2}, pen) != first
    assert len(list(folder.iterdir())) == 2


def test_other_versions_of_the_libraries_draw_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = Pen()
    pictures.drawn({"mark": "bar"}, pen)
    monkeypatch.setattr(keeping, "version", lambda name: "another")
    pictures.drawn({"mark": "bar"}, pen)
    assert pen.count == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"content": "YQ==", "sha256": "0"}', b"\xff\xfe"])
def test_a_damaged_picture_is_drawn_anew(folder: Path, damage: bytes) -> None:
    pen = Pen()
    pictures.drawn({"mark": "bar"}, pen)
    (path,) = folder.iterdir()
    path.write_bytes(damage)
    assert pictures.drawn({"mark": "bar"}, pen) == "<svg>bar 2 ä</svg>"
    assert pictures.drawn({"mark": "bar"}, pen) == "<svg>bar 2 ä</svg>"


def test_where_nothing_can_be_kept_everything_is_drawn(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pen = Pen()
    folder.write_text("a file stands where the folder should be")
    assert pictures.drawn({"mark": "bar"}, pen) == "<svg>bar 1 ä</svg>"
    monkeypatch.delenv(pictures.FOLDER)
    assert pictures.drawn({"mark": "bar"}, pen) == "<svg>bar 2 ä</svg>"
