"""Files and folders change in one step: whoever looks, or kills the process, finds the old or the new."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from evidencebook.build import made_here, swap
from evidencebook.writing import write_whole


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("new", "place"):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "inner/page").write_text(name, "utf-8")
    return tmp_path / "new", tmp_path / "place"


@pytest.fixture(params=["in one step", "in two steps"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "in two steps":
        monkeypatch.setattr(swap, "exchanged", lambda *_: False)
    return str(request.param)


def test_a_folder_takes_the_place_of_another_and_leaves_nothing_behind(folders: tuple[Path, Path], way: str) -> None:
    new, place = folders
    swap.put_in_place(new, place)
    assert (place / "inner/page").read_text("utf-8") == "new"
    assert [path.name for path in place.parent.iterdir()] == ["place"]


def test_a_folder_takes_a_place_where_none_was(folders: tuple[Path, Path], way: str) -> None:
    new, place = folders
    swap.put_in_place(new, place.with_name("elsewhere"))
    assert place.with_name("elsewhere").joinpath("inner/page").read_text("utf-8") == "new"


def test_folders_change_places_in_one_step_here(folders: tuple[Path, Path]) -> None:
    new, place = folders
    assert swap.exchanged(new, place)
    assert (place / "inner/page").read_text("utf-8") == "new"
    assert (new / "inner/page").read_text("utf-8") == "place"


@pytest.mark.parametrize("answer", [0, -1, None])
def test_folders_change_places_as_each_system_can(
    folders: tuple[Path, Path], answer: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = list[tuple[object, ...]]()

    def rename(*arguments: object) -> int | None:
        called.append(arguments)
        return answer

    system = SimpleNamespace() if answer is None else SimpleNamespace(renamex_np=rename)  # macOS's; none elsewhere
    monkeypatch.setattr("evidencebook.tables.files.ctypes.CDLL", lambda _: system)
    assert swap.exchanged(*folders) is (answer == 0)
    assert called == ([] if answer is None else [(os.fsencode(folders[0]), os.fsencode(folders[1]), 2)])
    assert not swap.exchanged(folders[0], folders[1] / "none")


def test_what_a_kill_between_two_steps_took_away_is_put_back(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, place = folders
    monkeypatch.setattr(swap, "exchanged", lambda *_: False)
    rename = Path.rename

    def killed(path: Path, target: Path) -> Path:
        if path == new:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        swap.put_in_place(new, place)
    assert not place.exists()
    place.mkdir()  # as Sphinx makes it when it starts
    swap.recover(place)
    assert (place / "inner/page").read_text("utf-8") == "place"


def test_a_file_has_its_old_content_until_the_new_one_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"newer")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


def test_a_new_file_may_be_read_by_those_whom_the_mask_allows(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_whole(tmp_path / "new", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644


def test_the_secret_of_an_environment_is_its_owners_alone_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def secret() -> bytes:
        made_here._secret.cache_clear()
        return made_here._secret()

    def put(source: str, target: Path) -> None:
        placed.append(Path(source).stat().st_mode & 0o777)
        replace(source, target)

    placed, replace, path = list[int](), os.replace, tmp_path / "secret"
    monkeypatch.setattr(made_here, "PLACES", (tmp_path,))
    monkeypatch.setattr(os, "replace", put)
    monkeypatch.setattr(os, "chmod", None)  # there is no moment before
    umask = os.umask(0)
    try:
        first = secret()
    finally:
        os.umask(umask)
    assert placed == [0o600] and path.stat().st_mode & 0o777 == 0o600 and len(first) == 32
    assert secret() == first
    path.touch()
    monkeypatch.undo()
    monkeypatch.setattr(made_here, "PLACES", (tmp_path,))
    path.chmod(0o644)  # as earlier versions left it: whoever is on the machine may have read it
    second = secret()
    assert second != first and path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(Path, "chmod", lambda *_: None)
    path.write_bytes(second)
    os.chmod(path, 0o644)  # on a disk without modes
    assert secret() == secret() == second
    monkeypatch.setattr(made_here, "PLACES", (path / "none",))
    assert secret() == secret() != second  # nowhere to keep one
    made_here._secret.cache_clear()


def test_what_a_kill_left_beside_a_folder_that_stands_goes(folders: tuple[Path, Path]) -> None:
    new, place = folders
    left = new.rename(place.with_name(f"{place.name}{swap.ASIDE}"))
    swap.recover(place)
    assert not left.exists() and (place / "inner/page").read_text("utf-8") == "place"


def test_of_a_folder_that_was_made_elsewhere_nothing_is_believed_but_its_lock_and_the_folders_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_here, "PLACES", (tmp_path / "here",))
    made_here._secret.cache_clear()
    for name, left in ((".doctrees", {"lock", "made-here"}), ("named", {"lock", "made-here", "a.pickle", "results"})):
        folder = tmp_path / name
        (folder / "results").mkdir(parents=True)
        for file in ("a.pickle", "lock", "results/x"):
            (folder / file).touch()
        made_here.believe_own(folder)
        assert {path.name for path in folder.iterdir()} == left
        (folder / "b.pickle").touch()
        made_here.believe_own(folder)
        assert (folder / "b.pickle").exists()  # its own by now
    made_here._secret.cache_clear()
