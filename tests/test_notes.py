"""Sources and their notes, and texts that no source names."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from evidencebook.check import checking
from tests.small import TEXTS, Book


def test_source_without_a_note_is_a_problem_at_its_row(book: Book) -> None:
    (book.root / "seeds/harbour-2019.md").unlink()
    assert book.problem() == (
        "data/sources.csv:3: source_id: harbour-2019 has no note seeds/harbour-2019.md"
        " - write what the article reports, and how reliably"
    )


def test_note_without_a_source_is_a_problem(book: Book) -> None:
    (book.root / "seeds/ship-1901.md").write_text("# A ship\n", "utf-8")
    assert book.problem() == (
        "seeds/ship-1901.md: no source has the id ship-1901"
        " - add a row to data/sources.csv with this source_id, or take the note away"
    )


def test_misspelt_note_is_one_problem(book: Book) -> None:
    (book.root / "seeds/harbour-2019.md").rename(book.root / "seeds/harbor-2019.md")
    assert book.problem().endswith("no note seeds/harbour-2019.md - is it harbor-2019.md? Otherwise write it")


def test_report_without_a_folder_of_notes_needs_none(book: Book, tmp_path: Path) -> None:
    shutil.move(book.texts, tmp_path / "texts")
    shutil.rmtree(book.root / "seeds")
    assert checking.check(book.root, tmp_path / "texts").problems == ()


def test_report_without_sources_needs_no_note(book: Book) -> None:
    package = book.package()
    package["resources"] = [one for one in package["resources"] if one["name"] == "places"]
    book.write_package(package)
    (book.texts / "new.txt").write_text("A text.", "utf-8")
    assert book.messages() == []


@pytest.mark.parametrize("data", [b"A new log.", "등대".encode("cp949")])
def test_text_that_no_source_names_is_told_with_its_hash(book: Book, data: bytes) -> None:
    (book.texts / "new.txt").write_bytes(data)
    (book.texts / "new.pdf").write_bytes(data)
    assert book.problem() == (
        "seeds/texts/new.txt: no source names this text - add a row to data/sources.csv with file_sha256"
        f" {hashlib.sha256(data).hexdigest()}, or take the file away"
    )


def test_text_in_a_named_folder_is_told_beside_texts_of_the_report(book: Book, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("A new log.", "utf-8")
    assert checking.check(book.root, tmp_path).problems == (), "the texts of another report"
    (tmp_path / "old.txt").write_bytes(TEXTS["harbour-2019"].encode())
    (found,) = checking.check(book.root, tmp_path).problems
    assert str(found).startswith(f"{tmp_path.as_posix()}/new.txt: no source names this text")


def test_first_text_of_a_report_is_told(book: Book) -> None:
    for table in ("sources", "claims", "derived", "contradictions"):
        book.write(table, [])
    book.write_notes()
    assert [one.split(":")[0] for one in book.messages()] == [
        "seeds/texts/9102-ruobrah.txt",
        "seeds/texts/detadnu-canamla.txt",
    ]


def test_text_of_a_row_at_fault_is_not_told(book: Book) -> None:
    book.change_bytes("sources", lambda data: data.replace(b",2019-03~", b"2019-03~"))
    assert book.problem().startswith("data/sources.csv:3: 6 cells")
