"""Nothing private leaves the tables: canaries in a private and in an unused column, looked for in every output byte."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from pdfminer.high_level import extract_text

from evidencebook.build import privacy
from evidencebook.tables import contract, dictionary, handout, reading
from evidencebook.tables.problems import BadData
from tests.building import STRICT, build, built_in, change, copy_book
from tests.small import Book

PRIVATE, UNUSED = "canaryprivate", "canaryunused"
COLUMN = "contact"


def mark(root: Path, resource: str, name: str, **more: object) -> None:
    """Add a private column to the contract."""
    path = root / contract.LABEL
    package = json.loads(path.read_text("utf-8"))
    schema = next(one["schema"] for one in package["resources"] if one["name"] == resource)
    schema["fields"].append({"name": name, "type": "string", "description": "Whom we asked.", "private": True, **more})
    path.write_text(json.dumps(package), "utf-8")
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")


def fill(path: Path, name: str, value: str) -> None:
    """Add a column with a value of its own in each row."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*rows[0], name])
    writer.writerows([*row, f"{value}{number}"] for number, row in enumerate(rows[1:]))
    path.write_text(text.getvalue(), "utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book with canaries, and pages that offer its tables for download."""
    found = copy_book(tmp_path_factory.mktemp("private"))
    fill(found / "data/claims.csv", COLUMN, PRIVATE)
    mark(found, "claims", COLUMN, constraints={"enum": [f"{PRIVATE}{n}" for n in range(9)]})
    people = found / "book/figures/people.py"
    # The column is named in the title, which is no reason to keep it.
    change(people, 'rows["unused"] = "canary"', f'rows["tide"] = rows["unused"] = "{UNUSED}"')
    change(people, ".mark_point()", '.mark_point().properties(title="The tide, and datum.people")')
    files = " ".join(
        f"{{download}}`{name} <../data/{name}>`" for name in ("claims.csv", "places.csv", "datapackage.json")
    )
    change(found / "book/tide.md", "More.", f"More. {files}")
    (found / "book/data.md").write_text("# Dictionary\n\n```{literalinclude} ../data/README.md\n```\n", "utf-8")
    change(found / "_toc.yml", "      - file: book/ledger\n", "      - file: book/ledger\n      - file: book/data\n")
    return found


def built(root: Path, builder: str) -> Path:
    built_in(root, builder)
    return root / "_build" / builder


def leaks(data: bytes) -> list[str]:
    lower = data.lower()
    return [word for word in (PRIVATE, UNUSED) if word.encode() in lower or word.encode("utf-16-be") in lower]


def parts(pdf: bytes) -> Iterator[bytes]:
    """Every stream decompressed, every string, all text and the metadata."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    yield item.read_bytes()
                except pikepdf.PdfError:
                    yield item.read_raw_bytes()
            yield repr(item).encode()
        with document.open_metadata() as metadata:
            yield str(metadata).encode()
        yield str(dict(document.docinfo.items())).encode()
    yield extract_text(io.BytesIO(pdf)).encode()


@pytest.mark.slow
def test_no_byte_of_the_web_edition_holds_a_canary(root: Path) -> None:
    site = built(root, "html")
    names = {path.relative_to(site).parts[0] for path in site.rglob("*") if path.is_file()}
    assert {"_charts", "data", "_sources", "_static", "claims.json"} <= names
    found = [(str(p.relative_to(site)), leaks(p.read_bytes())) for p in sorted(site.rglob("*")) if p.is_file()]
    assert [entry for entry in found if entry[1]] == []


@pytest.mark.slow
def test_downloads_come_without_the_private_column_and_fit_their_contract(root: Path, tmp_path: Path) -> None:
    site = built(root, "html")
    claims, places, package = (site / "data" / name for name in ("claims.csv", "places.csv", "datapackage.json"))
    assert list(site.glob("_downloads/*/*.csv")) == []
    original = list(csv.reader(io.StringIO((root / "data/claims.csv").read_text("utf-8"))))
    assert list(csv.reader(io.StringIO(claims.read_text("utf-8")))) == [row[:-1] for row in original]
    assert places.read_bytes() == (root / "data/places.csv").read_bytes()
    (tmp_path / "data").mkdir()
    for path in (root / "data").iterdir():
        (tmp_path / "data" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "data/claims.csv").write_bytes(claims.read_bytes())
    (tmp_path / contract.LABEL).write_bytes(package.read_bytes())
    assert len(reading.read(tmp_path)["claims"].rows) == len(original) - 1
    assert "Whom we asked" not in package.read_text("utf-8")


@pytest.mark.slow
def test_no_byte_of_the_print_edition_holds_a_canary(root: Path) -> None:
    pdf = (built(root, "pdf") / "tides.pdf").read_bytes()
    assert "lookers" in extract_text(io.BytesIO(pdf))
    assert [found for part in parts(pdf) for found in leaks(part)] == []


@pytest.mark.slow
def test_no_byte_of_the_e_book_holds_a_canary(root: Path) -> None:
    with zipfile.ZipFile(built(root, "epub") / "tides.epub") as archive:
        found = {name: leaks(archive.read(name)) for name in archive.namelist()}
        assert "lookers" in archive.read("EPUB/book-ledger.xhtml").decode() or len(found) > 10
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.slow
def test_no_byte_of_the_latex_source_holds_a_canary(root: Path) -> None:
    files = [path for path in built(root, "latex").rglob("*") if path.is_file()]
    assert any(path.suffix == ".tex" for path in files)
    assert [(path.name, found) for path in files if (found := leaks(path.read_bytes()))] == []


@pytest.mark.slow
def test_what_a_page_takes_from_the_raw_table_fails_the_build(root: Path, tmp_path: Path) -> None:
    page = root / "book/data.md"
    before = page.read_text("utf-8")
    page.write_text("# Rows\n\n```{literalinclude} ../data/claims.csv\n```\n", "utf-8")
    try:
        done = build(root, *STRICT, "--path-output", str(tmp_path))
    finally:
        page.write_text(before, "utf-8")
    assert done.returncode
    assert "book/data.html holds values of the private claims.contact" in done.stdout + done.stderr


def test_private_columns_read_as_empty_and_are_checked_all_the_same(book: Book) -> None:
    mark(book.root, "places", COLUMN, constraints={"pattern": "[a-z]+"})
    fill(book.path("places"), COLUMN, "asked")
    assert [message for message in book.messages() if COLUMN in message]  # digits break the pattern
    fill_in = book.path("places").read_text("utf-8")
    book.path("places").write_text(fill_in.replace("asked0", "asked").replace("asked1", "someone"), "utf-8")
    assert book.messages() == []
    read = reading.read(book.root)["places"]
    assert [row[COLUMN] for row in read.rows] == [None, None]
    assert COLUMN not in read.frame().columns
    agreed = contract.load(book.root)
    assert handout.telling_values(agreed) == {"asked": "places.contact", "someone": "places.contact"}


SUFFIXES = (".html", ".js", ".json", ".csv", ".svg", ".txt", ".md", ".tex", ".css", ".xml")


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".xhtml", ".opf"])
def test_a_last_look_finds_what_came_into_any_text_of_an_edition(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    mark(book.root, "places", COLUMN)
    fill(book.path("places"), COLUMN, "Änne & Co ")  # its rows: Änne & Co 0, and 1
    told, looks, out = list[str](), list[Callable[..., None]](), tmp_path / "html"
    monkeypatch.setattr(privacy, "warn", lambda said, subtype: told.append(f"{said} {subtype.value}"))
    app: Any = SimpleNamespace(srcdir=book.root, outdir=out, statuscode=0)
    app.connect = lambda event, look, priority: looks.append(look)
    privacy.prepare(app)
    (look,) = looks
    (out / "deep").mkdir(parents=True)
    content = "about &Auml;nne &amp; Co 1" if suffix in (".html", ".xhtml") else "about Änne & Co 1"
    (out / "picture.png").write_text(content, "utf-8")
    (out / "clean.html").write_text("about nobody", "utf-8")
    for name in ("picture.png", f"deep/a{suffix}"):
        with zipfile.ZipFile(out / "book.epub", "a") as packed:
            packed.writestr(name, content)
        if name == "picture.png":
            look(app, None)
            assert (told, app.statuscode) == ([], 0)
    name = f"book.epub/deep/a{suffix}"
    if suffix in SUFFIXES:
        (out / f"deep/a{suffix}").write_text(content, "utf-8")
        name += f" deep/a{suffix}"
    look(app, ValueError())
    assert told == []
    look(app, None)
    said = "holds values of the private places.contact private"
    assert (told, app.statuscode) == ([f"{one} {said}" for one in name.split()], 1)


def test_a_report_without_private_columns_is_not_looked_through(book: Book) -> None:
    privacy.prepare(SimpleNamespace(srcdir=book.root))  # type: ignore[arg-type]
    privacy.prepare(SimpleNamespace(srcdir=book.root / "nowhere"))  # type: ignore[arg-type]
    mark(book.root, "places", COLUMN, private=False)
    privacy.prepare(SimpleNamespace(srcdir=book.root))  # type: ignore[arg-type]


def test_a_value_that_is_public_elsewhere_or_too_short_tells_nothing(book: Book) -> None:
    mark(book.root, "places", COLUMN)
    fill(book.path("places"), COLUMN, "x")
    change(book.path("places"), "x1", "North Rock")
    assert handout.telling_values(contract.load(book.root)) == {}


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("claims", "claim_id", True, "a key cannot be private"),
        ("claims", "place_id", True, "a key cannot be private"),
        ("claims", "note", "yes", "claims.note.private: 'yes' is not true or false"),
    ],
)
def test_a_key_cannot_be_private_and_the_mark_is_true_or_false(
    book: Book, table: str, column: str, value: object, said: str
) -> None:
    package = book.package()
    schema = next(one["schema"] for one in package["resources"] if one["name"] == table)
    next(one for one in schema["fields"] if one["name"] == column)["private"] = value
    (book.root / contract.LABEL).write_text(json.dumps(package), "utf-8")
    with pytest.raises(BadData, match=said):
        contract.load(book.root)


def test_the_dictionary_names_a_private_column_without_what_it_may_hold(book: Book) -> None:
    mark(book.root, "places", COLUMN, constraints={"enum": ["secretword"], "required": True})
    text = dictionary.render(contract.load(book.root))
    assert "| `contact` | string | private: in no edition; required | Whom we asked. |" in text
    assert "secretword" not in text
