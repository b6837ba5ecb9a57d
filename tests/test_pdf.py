"""The print edition of a tiny book: what stands in it, where its links lead, its tags, its forms and its bytes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest
from docutils import nodes
from sphinx import addnodes

from evidencebook import cli
from evidencebook.build import telling
from evidencebook.edition import edition
from evidencebook.editions.print import typesetting
from evidencebook.editions.print.pdf import hoist
from evidencebook.evidence import wording
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from tests.building import EDITIONS, STRICT, build, built_in, change, copy_book
from tests.printed import Printed, Tag, read, squeezed

pytestmark = pytest.mark.slow

FORMS = """# All sorts

A note[^1] and a [page elsewhere](https://example.org/a/path_with-signs?x=1#part).
Signs: $ # *_~`<>@ = "so" // \\ [x] {y}.

[^1]: Said *below*, with **weight**.

1. First.
2. Second, with `code_name`.

> Somebody else's words.

```bash
make check && echo "done"
```

```{admonition} Mind this
It matters.
```

Term
: What it means.

| what | where |
|---|---|
| A [work](https://example.org/work) | North Rock |

----

The end.
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_book(tmp_path_factory.mktemp("pdf"))
    (root / "book/forms.md").write_text(FORMS, "utf-8")
    change(root / "_config.yml", "  config:\n", "  config:\n    myst_enable_extensions: [deflist]\n")
    change(root / "_toc.yml", "      - file: book/tide\n", "      - file: book/tide\n      - file: book/forms\n")
    built_in(root, "pdf")
    assert [path.name for path in (root / "_build/pdf").iterdir()] == ["tides.pdf"]
    return root


@pytest.fixture(scope="module")
def pdf(root: Path) -> bytes:
    return (root / "_build/pdf/tides.pdf").read_bytes()


@pytest.fixture(scope="module")
def printed(pdf: bytes) -> Printed:
    return read(pdf)


def form(root: Path, **options: str | bool) -> bytes:
    source = typesetting.Source(root / "_build/.doctrees" / typesetting.FOLDER)
    return typesetting.typeset(source, edition(root), typesetting.Form(**options))  # type: ignore[arg-type]


def first(printed: Printed, role: str, words: str) -> Tag:
    return next(tag for tag in printed.tree.walk() if tag.role == role and words in printed.text(tag))


def test_the_pdf_has_cover_contents_list_of_figures_and_every_page_of_the_book(printed: Printed) -> None:
    text = printed.text()
    places = [text.index(words) for words in ("High Water", "version 0.3.0", "Contents", "Figures", "The water rose")]
    assert places == sorted(places)
    for words in ("Who came", "All sorts", "Evidence", "Letter"):
        assert words in text[places[-1] :]


def test_every_sort_of_content_is_set_and_no_sign_is_read_as_markup(printed: Printed) -> None:
    for role, words in (
        ("Note", "Said below, with weight."),
        ("LI", "Second, with code_name."),
        ("BlockQuote", "Somebody else"),
        ("Code", 'make check && echo "done"'),
        ("P", "It matters."),
        ("LI", "What it means."),
        ("TD", "North Rock"),
        ("Em", "below"),
    ):
        assert first(printed, role, words)
    assert "Signs: $ # *_~`<>@ = “so” // \\ [x] {y}." in printed.text()


def test_an_address_outside_stands_in_a_footnote_or_beside_its_words_in_a_table(printed: Printed) -> None:
    assert squeezed(printed.text(first(printed, "Note", "example"))).endswith("example.org/a/path_with-signs?x=1#part")
    assert squeezed(printed.text(first(printed, "TD", "A work"))) == "Awork(example.org/work)"


def test_facts_carry_the_numbers_of_their_entries_and_lead_there(root: Path, pdf: bytes, printed: Printed) -> None:
    evidence = Evidence.load(root)
    numbers = Accounts(evidence).numbers
    text = squeezed(printed.text())
    for fact_id in ("visitors-counted", "lookers", "counted-share", "water-rise"):
        assert squeezed(f"{wording.words(evidence.fact(fact_id))}[{numbers[fact_id]}]") in text
    with pikepdf.open(io.BytesIO(pdf)) as document:
        places = {
            (page.objgen, float(top))
            for one in document.pages
            for annotation in one.get("/Annots", [])
            if "/Dest" in annotation
            for page, _, _, top, _ in [annotation.Dest]
        }
        ledger = {page.obj.objgen for n, page in enumerate(document.pages, 1) if "Origins: " in printed_on(printed, n)}
    assert len([page for page, _ in places if page in ledger]) >= len(numbers), "each entry has a place of its own"


def printed_on(printed: Printed, page: int) -> str:
    return "".join(text for (number, _), text in printed.texts.items() if number == page)


def test_an_entry_names_each_page_of_its_uses_once_in_their_order(printed: Printed) -> None:
    uses = re.findall(r"Used on:\s(pp?\.\s[\d, ]+)", printed.text())
    assert uses
    for one in uses:
        numbers = [int(number) for number in re.findall(r"\d+", one)]
        assert numbers == sorted(set(numbers)), one
        assert one.startswith("pp.") is (len(numbers) > 1)


def test_it_is_tagged_titled_dated_and_names_its_language(root: Path, pdf: bytes) -> None:
    day = edition(root).date
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == "High Water: tides at North Rock"
        assert str(document.docinfo.CreationDate).startswith(f"D:{day:%Y%m%d}000000")
        assert document.docinfo.CreationDate == document.docinfo.ModDate
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "High Water: tides at North Rock"
            assert metadata["xmp:CreateDate"].startswith(day.isoformat())
        for page in document.pages:
            assert page.get("/Tabs") == pikepdf.Name.S or "/Annots" not in page
            for annotation in page.get("/Annots", []):
                assert annotation.F & 4, "a link must be printed"
                assert str(annotation.Contents), "a link must say where it leads"


def test_bookmarks_reach_down_to_sections(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        chapters = {str(item.title): [str(inner.title) for inner in item.children] for item in outline.root}
    assert any("What it cannot show" in inner for inner in chapters.values())
    assert len(chapters) >= 5


def test_a_chart_is_a_figure_with_its_alternative_text_and_caption(printed: Printed) -> None:
    figures = [tag for tag in printed.tree.walk() if tag.role == "Figure"]
    assert [tag.attributes.get("Alt") for tag in figures] == ["Points: 40 and up to 90 people."]
    assert first(printed, "Caption", "Who came. Source: ")


def test_table_heads_have_a_scope_and_every_row_as_many_cells(printed: Printed) -> None:
    tables = [tag for tag in printed.tree.walk() if tag.role == "Table"]
    assert tables
    for table in tables:
        heads = [tag for tag in table.walk() if tag.role == "TH"]
        assert heads
        assert {tag.attributes["Scope"] for tag in heads} == {"/Column"}
        rows = [tag for tag in table.walk() if tag.role == "TR"]
        assert {len(row.held) for row in rows} == {len(heads)}


def test_reading_order_is_the_order_of_the_book_and_page_numbers_are_no_content(printed: Printed) -> None:
    text = printed.text()
    words = (
        "Who came",
        "Between ",
        "The share is",
        "Who came. Source: ",
        "More.",
        "All sorts",
        "Mind this",
        "The end.",
    )
    start = text.index("The water rose")
    for one in words:
        start = text.index(one, start)
    painted = re.sub(r"Evidence|entr(y|ies) ", "", "".join(printed.artifacts.values()))
    assert painted.strip(".0123456789–") == "", "nothing but heads, feet and leaders"


@pytest.mark.parametrize("options", [{}, {"is_archival": True}], ids=["edition", "archive"])
def test_two_checkers_of_pdf_ua_find_nothing(root: Path, tmp_path: Path, options: dict[str, bool]) -> None:
    path = tmp_path / "checked.pdf"
    path.write_bytes(form(root, **options))
    assert [str(finding) for finding in pdfua.validate(path).findings] == []
    found = outloud.check(str(path))
    assert found.errors == 0
    assert {finding.rule for finding in found.findings if finding.severity == "warning"} <= {"ORD-001"}


def test_only_the_pinned_faces_are_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.FontDescriptor
        ]
    names = {str(font.FontName).lstrip("/").partition("+")[2] for font in fonts}
    assert names
    # Typst brings the face of code.
    assert all(name.startswith("SourceS") or name == "DejaVuSansMono" for name in names), names


def test_code_and_screen_controls_stay_out_of_print(printed: Printed) -> None:
    for words in ("from figures import", "Show code cell", "Data of this figure", "open the passage"):
        assert words not in printed.text()


def test_letter_paper_has_its_own_size_and_the_same_words(root: Path, printed: Printed) -> None:
    made = form(root, paper="letter")
    with pikepdf.open(io.BytesIO(made)) as document:
        assert [float(side) for side in document.pages[0].mediabox[2:]] == [612, 792]
    ours, theirs = (squeezed(re.sub(r"\d", "", one.text())) for one in (read(made), printed))
    assert ours == theirs


def test_an_archival_form_carries_the_data_package_and_says_that_it_is_pdf_a(root: Path) -> None:
    with pikepdf.open(io.BytesIO(form(root, is_archival=True))) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
        files = {Path(name).name: spec for name, spec in document.attachments.items()}
        data = {path.name for path in (root / "data").iterdir() if path.suffix in {".csv", ".json"}}
        assert set(files) == data
        assert files["claims.csv"].get_file().read_bytes() == (root / "data/claims.csv").read_bytes()
        assert json.loads(files["datapackage.json"].get_file().read_bytes())["name"] == "tides"
        assert {str(spec.obj.AFRelationship) for spec in files.values()} == {"/Data"}


def test_every_form_has_the_same_bytes_in_another_place_and_time(root: Path, pdf: bytes, tmp_path: Path) -> None:
    elsewhere = copy_book(tmp_path / "a far/away place")
    for name in ("book/forms.md", "_config.yml", "_toc.yml"):
        (elsewhere / name).write_bytes((root / name).read_bytes())
    command = [sys.executable, "-m", "evidencebook", "pdf", "--root", str(elsewhere), "--archive"]
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / "_build/pdf/tides.pdf").read_bytes() == pdf
    assert (elsewhere / "_build/pdf/tides-archive.pdf").read_bytes() == form(root, is_archival=True)


def test_the_command_makes_other_forms_beside_the_edition(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "build", lambda *_: None)  # it was built above
    cli.main(["pdf", "--root", str(root), "--paper", "letter", "--archive"], standalone_mode=False)
    made = root / "_build/pdf/tides-letter-archive.pdf"
    assert made.read_bytes() == form(root, paper="letter", is_archival=True)
    made.unlink()


@pytest.mark.thorough
def test_content_without_a_form_in_print_fails_the_build_at_its_place(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    change(root / "book/index.md", "Much.", "Much.\n\n```{py:function} f(x)\nText.\n```\n")
    done = build(root, *STRICT, *EDITIONS["pdf"])
    assert done.returncode != 0
    assert re.search(r"book/index\.md:\d+: WARNING: desc_parameterlist has no form in the print edition", done.stderr)


def part(docname: str, *ids: str) -> addnodes.start_of_file:
    sections = [nodes.section("", nodes.title("", name), ids=[name]) for name in ids]
    return addnodes.start_of_file("", *sections, docname=docname)


def test_nested_pages_come_to_the_top_in_reading_order() -> None:
    inner, outer = part("inner", "i"), part("outer", "o")
    outer += nodes.compound("", inner, classes=["toctree-wrapper"])
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    tree += nodes.section(
        "", nodes.title("", "front"), nodes.compound("", outer, classes=["toctree-wrapper"]), ids=["f"]
    )
    parts = hoist(tree, "index")
    assert [p["docname"] for p in parts] == ["index", "outer", "inner"]
    assert all(p.parent is tree for p in parts)
    assert not list(tree.findall(nodes.compound))
