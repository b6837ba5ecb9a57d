from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.edition import citation
from evidencebook.tables.problems import BadData
from tests.building import REPORT
from tests.small import Book

GOOD = "cff-version: 1.2.0\nauthors:\n  - name: The keepers\nurl: https://example.org/tides\n"


def said(root: Path, text: str) -> str:
    (root / "CITATION.cff").write_text(text, "utf-8")
    with pytest.raises(BadData) as caught:
        citation(root)
    return str(caught.value)


def test_names_and_address_are_read(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(GOOD, "utf-8")
    assert (citation(tmp_path).authors, citation(tmp_path).url) == ("The keepers", "https://example.org/tides")
    assert citation(REPORT).authors


def test_without_the_file_nobody_is_named(tmp_path: Path) -> None:
    assert citation(tmp_path).authors == "The contributors"


@pytest.mark.parametrize("key", ["url", "repository", "repository-code", "license-url"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///x", "https:foo", "http://a@b.org/", "12"])
def test_address_that_is_none_is_refused_with_its_line(tmp_path: Path, key: str, address: str) -> None:
    text = GOOD.replace("url: https://example.org/tides", f"{key}: {address}")
    assert said(tmp_path, text).startswith(f"CITATION.cff:4: {key}: {address!r} is not a web address: ")


def test_addresses_of_references_and_of_doubled_keys_are_judged_too(tmp_path: Path) -> None:
    references = (
        "references:\n  - type: book\n    authors:\n      - name: A\n        website: data:x\n    url: vbscript:x\n"
    )
    text = said(tmp_path, f"url: javascript:x\n{GOOD}{references}")
    assert [line.split(":")[1] for line in text.split("\n")] == ["1", "5", "10", "11"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [", "CITATION.cff:1: not YAML"),
        ("- a\n", "CITATION.cff: the file names no keys"),
        ("url: https://example.org\n", "CITATION.cff: authors: there is no list of authors"),
        ("authors: [{alias: x}]\n", "CITATION.cff: authors: there is no list of authors"),
    ],
)
def test_file_that_cannot_be_used_is_a_problem(tmp_path: Path, text: str, expected: str) -> None:
    assert said(tmp_path, text).startswith(expected)


def test_file_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_bytes(b"authors: \xff")
    with pytest.raises(BadData, match="not UTF-8"):
        citation(tmp_path)


def test_check_lists_it_with_all_other_problems(book: Book) -> None:
    (book.root / "CITATION.cff").write_text(GOOD.replace("https:", "javascript:"), "utf-8")
    assert book.problem().startswith("CITATION.cff:4: url: 'javascript://example.org/tides' is not a web address")
