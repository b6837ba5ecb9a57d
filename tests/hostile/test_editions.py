"""What every string of every table says arrives as text in every edition, and nothing of it is run or followed."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pdfminer.high_level import extract_text

from evidencebook.tables import contract
from tests.building import copy_book

# What stands between braces as an id does is refused where no row has it (tests/test_quoting.py): roles have domains here.
# In HTML, MyST, templates, Typst, LaTeX, shells and regular expressions each of these would do something.
PAYLOADS = (
    "<script>alert()</script>", "<img src=x onerror=alert()>", "</style></title><svg onload=x>", "&lt;b&gt; &amp; &#x202E;", "{{ env.srcdir }}",
    "{% raw %}", "[a](javascript:x)", "![p](https://a.example/p.png)", "{evidence:fact}`nobody`", "```{std:glossary}", "*b* _i_ **c**", "$x^y$ \\(z\\)",
    '#read("/etc/passwd")', "#set text(fill: white)", "$ #link $ @ref <label>", "\\input{/etc/passwd}", "\\write18{rm x}", "%n ${HOME} `id` $(id)",
    "'; DROP TABLE claims; --", "]]>", "<!-- -->", "<?php x ?>", "https://a.example/x", "a|b||c", "\\\\ \\n \\u", "\"quoted\" 'so'",
    "a -- b --- c ... \\\"d\\\" \\- e", "&#34;x&#92; y",
)  # fmt: skip

STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def spoil(root: Path) -> list[str]:
    """Write a payload into every cell of text that is free to hold one, and return what was written."""
    turn = iter(range(10_000))
    said = []
    for resource in contract.load(root).resources.values():
        keys = {*resource.primary_key, *(name for key in resource.foreign_keys for name in key.fields)}
        free = {
            field.name
            for field in resource.fields
            if field.type == "string" and not (field.is_edtf or field.enum or field.pattern or field.format == "uri")
        } - keys - {"fragment", "formula", "unit", "theme", "topic", "kind", "origin_cluster", "speaker_type", "language"}  # fmt: skip
        with resource.path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for name in free & {name for name, cell in row.items() if cell}:
                row[name] = f"Text {PAYLOADS[next(turn) % len(PAYLOADS)]} end"
                said.append(row[name])
        with resource.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return said


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    root = copy_book(tmp_path_factory.mktemp("hostile"))
    said = spoil(root)
    for kind in ("html", "epub", "pdf"):
        builder = () if kind == "html" else ("--builder", "custom", "--custom-builder", kind)
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", *builder, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return root, said


def flat(text: str) -> str:
    """Text without blanks, and with quotation marks as they are typed, which printers curl."""
    return "".join(text.translate(STRAIGHT).split())


def pages(root: Path) -> Iterator[BeautifulSoup]:
    for path in sorted((root / "_build/html").rglob("*.html")):
        yield BeautifulSoup(path.read_text("utf-8"), "html.parser")
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        for name in book.namelist():
            if name.endswith(".xhtml"):
                yield BeautifulSoup(book.read(name).decode("utf-8"), "xml")


@pytest.mark.slow
@pytest.mark.thorough
def test_nothing_that_a_table_says_becomes_markup(hostile: tuple[Path, list[str]]) -> None:
    root, _ = hostile
    for page in pages(root):
        assert not [one for one in page.select("script:not([type$=json])") if "alert()" in one.get_text()]
        assert not page.select("[onerror], [onload], svg[onload], img[src=x], object, iframe, embed")
        links = [str(one.get("href") or one.get("src") or "") for one in page.select("[href], [src]")]
        assert not [one for one in links if one.startswith(("javascript:", "data:text", "https://a.example"))]
        assert "root:x:0" not in page.get_text()


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.slow
@pytest.mark.thorough
def test_what_arrives_is_text_as_it_was_written(hostile: tuple[Path, list[str]]) -> None:
    """Not every column is shown; what is shown of a payload is all of it."""
    root, said = hostile
    shown: dict[bool, list[str]] = {True: [], False: []}
    for page in pages(root):
        shown[page.is_xml].append(page.get_text())
    for texts in shown.values():
        exact, plain = flat("".join(texts)), letters("".join(texts))
        arrived = {one for one in said if f"{letters(one)}" in plain}
        assert len(arrived) >= len(PAYLOADS) // 2
        assert {one for one in arrived if flat(one) not in exact} == set()
    printed = letters(extract_text(next((root / "_build/pdf").glob("*.pdf"))))
    assert "rootx0" not in printed
    assert sum(letters(one) in printed for one in {*said}) >= len(PAYLOADS) // 2
