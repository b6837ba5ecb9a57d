"""Results on disk: a damaged one is thrown away, and where none can be kept the page is executed again."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evidencebook.execution.store import KEPT
from tests.executing import Book, book, project, warm

__all__ = ["book", "project", "warm"]  # fixtures
pytestmark = pytest.mark.slow


def results(book: Book) -> list[Path]:
    return sorted(book.store.folder.rglob("*.json"))


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "foreign"])
def test_a_damaged_result_is_thrown_away_and_said(book: Book, damage: str) -> None:
    assert book.shown("'right'") == "'right'"
    (path,) = results(book)
    content = path.read_bytes()
    path.write_bytes({
        "truncate": content[: len(content) // 2],
        "flip": content.replace(b"right", b"wrong"),
        "empty": b"",
        "foreign": b'{"not": "ours"}',
    }[damage])  # fmt: skip
    assert book.shown("'right'") == "'right'"
    assert book.executed == ["page"]
    assert any("damaged" in complaint for complaint in book.store.complaints)
    assert book.shown("'right'") == "'right'"
    assert book.executed == []


@contextmanager
def full_disk() -> Iterator[None]:
    # No file may grow: what a full disk does to a write, without one.
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_costs_time_and_nothing_else(book: Book) -> None:
    with full_disk():
        assert book.shown("'right'") == "'right'"
    assert any("could not be kept" in complaint for complaint in book.store.complaints)
    assert [path for path in book.store.folder.rglob("*") if path.is_file()] == []
    assert book.shown("'right'") == "'right'"
    assert book.executed == ["page"]


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(book: Book) -> None:
    book.write("_build/executed", "a file stands where the folder should be")
    assert book.shown("'right'") == "'right'"
    assert any("could not be kept" in complaint for complaint in book.store.complaints)


def test_the_store_does_not_grow_without_bound(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(KEPT + 3):
        book.shown(str(number))
    assert len(results(book)) == KEPT
    book.shown("0")
    assert book.executed == ["page"]
    monkeypatch.setattr("evidencebook.execution.store.LARGEST", 1)
    book.shown("0")
    assert results(book) == []
