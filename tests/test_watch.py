"""What Linux tells of folders: what was opened, read, changed and listed, also in folders that are made meanwhile."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from evidencebook.execution import watch
from evidencebook.execution.watch import Watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "report/deep/.hidden").mkdir(parents=True)
    for name in ("a", "deep/b", "deep/.hidden/c"):
        (tmp_path / "report" / name).write_text("7", "utf-8")
    return tmp_path / "report"


@pytest.fixture
def watching(root: Path) -> Iterator[Callable[[], Watch]]:
    made = list[Watch]()
    yield lambda: made.append(Watch([str(root)])) or made[-1]
    for one in made:
        if one._inotify is not None:
            one._inotify.close()


def told(found: Watch, root: Path) -> set[str]:
    return {one.replace(str(root), "") for one in found.opened()}


def test_what_was_opened_read_changed_and_listed_is_told_once(root: Path, watching: Callable[[], Watch]) -> None:
    found = watching()
    assert found.descriptor is not None and found.opened() == set()
    for name in ("a", "deep/b", "deep/.hidden/c"):
        (root / name).read_text("utf-8")
    assert told(found, root) == {
        f"{word} {name}" for word in ("opened", "read") for name in ("/a", "/deep/b", "/deep/.hidden/c")
    }
    assert found.opened() == set()
    (root / "a").write_text("8", "utf-8")
    assert told(found, root) == {"opened /a", "changed /a"}
    os.rename(root / "a", root / "deep/moved")
    assert told(found, root) == {"changed /deep/moved"}
    os.listdir(root / "deep")
    os.listdir(root)
    assert told(found, root) == {"listed /deep", "listed "}


def test_a_folder_that_is_made_meanwhile_is_watched_too(root: Path, watching: Callable[[], Watch]) -> None:
    found = watching()
    (root / "new").mkdir()
    assert told(found, root) <= {"listed /new"}  # by the watch itself
    found.opened()
    (root / "new/x").touch()
    assert "opened /new/x" in told(found, root)
    (root / "new").rename(root / "deep/new")
    found.opened()
    found.opened()
    (root / "deep/new/x").read_text("utf-8")
    assert "read /deep/new/x" in told(found, root)


def test_where_nothing_is_told_everything_may_have_been_read(
    watching: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    class None_:
        def __init__(self) -> None:
            raise OSError(24, "Too many open files")

    class Few(watch.INotify):  # type: ignore[misc]
        def add_watch(self, *_: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(watch, "INotify", None_)
    assert watching().opened() == {"lost"} and watching().descriptor is None
    monkeypatch.setattr(watch, "INotify", Few)
    found = watching()
    assert found.opened() == found.opened() == {"lost"}


def test_what_overflowed_is_lost_for_good(watching: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch) -> None:
    found = watching()
    event = SimpleNamespace(mask=watch.flags.Q_OVERFLOW, wd=-1, name="")
    monkeypatch.setattr(found._inotify, "read", lambda timeout: [event])
    assert found.opened() == {"lost"}
    monkeypatch.undo()
    assert found.opened() == {"lost"}
