"""The offline pack: all editions and tables in one archive, the same bytes, and a script that finds changes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evidencebook.edition import edition
from evidencebook.editions import pack
from tests.building import copy_book
from tests.test_private import COLUMN, PRIVATE, fill, mark

pytestmark = pytest.mark.slow

NAME = "tides-0.3.0"


def packed(root: Path, **environment: str) -> Path:
    command = [sys.executable, "-m", "evidencebook", "pack", "--root", str(root)]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build" / f"{NAME}.zip"


def private_book(folder: Path) -> Path:
    root = copy_book(folder)
    fill(root / "data/claims.csv", COLUMN, PRIVATE)
    mark(root, "claims", COLUMN)
    return root


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(private_book(tmp_path_factory.mktemp("pack")))


@pytest.fixture
def folder(archive: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(archive) as found:
        found.extractall(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    return tmp_path / NAME


def verified(folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_it_holds_every_edition_the_tables_and_how_to_use_them(archive: Path, folder: Path) -> None:
    root = archive.parents[1]
    assert {path.name for path in folder.iterdir()} == {
        "web", "data", "tides.pdf", "tides.epub", "SHA256SUMS", "README.txt", "verify.py",
    }  # fmt: skip
    assert (folder / "web/index.html").is_file()
    assert (folder / "web/tides.pdf").read_bytes() == (root / "_build/pdf/tides.pdf").read_bytes()
    assert (folder / "tides.epub").read_bytes() == (root / "_build/epub/tides.epub").read_bytes()
    tables = {path.name for path in (root / "data").iterdir() if path.suffix in {".csv", ".json"}}
    assert {path.name for path in (folder / "data").iterdir()} == tables
    assert not [path for path in folder.rglob(".*")]
    for words in ("web/index.html", "python3 verify.py", edition(root).digest):
        assert words in (folder / "README.txt").read_text("utf-8")


def test_nothing_private_is_in_it(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert path.is_dir() or PRIVATE.encode() not in path.read_bytes(), path
    assert COLUMN not in (folder / "data/claims.csv").read_text("utf-8").splitlines()[0]


def test_the_script_and_the_checksums_agree_with_what_was_packed(folder: Path) -> None:
    code, said = verified(folder)
    assert (code, len(said)) == (0, 1)
    assert re.fullmatch(r"All \d+ files are as they were made\.", said[0])
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        known, _, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == known


def test_the_script_names_what_is_changed_missing_and_extra(folder: Path) -> None:
    (folder / "data/claims.csv").write_bytes((folder / "data/claims.csv").read_bytes() + b"\n")
    (folder / "tides.pdf").unlink()
    (folder / "web/more.html").write_text("more", "utf-8")
    code, said = verified(folder)
    assert code == 1
    assert said[:-1] == ["data/claims.csv: changed", "tides.pdf: missing", "web/more.html: extra"]
    (folder / "SHA256SUMS").unlink()
    assert verified(folder) == (1, ["SHA256SUMS: missing"])
    (folder / "SHA256SUMS").write_bytes(b"\xff\xfe")
    assert verified(folder) == (1, ["SHA256SUMS: cannot be read"])


def test_a_link_in_place_of_a_file_is_a_change(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "tides.epub", tmp_path / "elsewhere")
    (folder / "tides.epub").symlink_to(tmp_path / "elsewhere")
    assert verified(folder) == (1, ["tides.epub: changed", *verified(folder)[1][1:]])


@pytest.mark.thorough  # verification compares two packs as well
def test_two_packs_have_the_same_bytes_whatever_the_place_and_the_time(archive: Path, tmp_path: Path) -> None:
    elsewhere = private_book(tmp_path / "a far/away place")
    assert packed(elsewhere, TZ="Pacific/Kiritimati", LC_ALL="C").read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as found:
        entries = found.infolist()
        day = edition(elsewhere).date
        assert {entry.date_time for entry in entries} == {(day.year, day.month, day.day, 0, 0, 0)}
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert pack.file_name(edition(elsewhere)) == archive.name
