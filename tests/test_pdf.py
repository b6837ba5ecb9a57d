"""The print edition of a tiny book: structure, links, numbers and the bytes."""

from __future__ import annotations

import io

import pikepdf
import pytest
from docutils import nodes
from pdfminer.high_level import extract_text
from sphinx import addnodes

from evidencebook.extension.pdf import hoist, make_ids_unique
from tests.building import build, copy_book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = copy_book(tmp_path_factory.mktemp("pdf"))
    done = build(root, "-W", "-n", "--builder", "custom", "--custom-builder", "pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in (root / "_build/pdf").iterdir()] == ["tides.pdf"]
    return (root / "_build/pdf/tides.pdf").read_bytes()


def test_the_pdf_has_cover_contents_and_every_page_of_the_book(pdf: bytes) -> None:
    text = extract_text(io.BytesIO(pdf))
    for words in (
        "High Water",
        "tides at North Rock",
        "version 0.3.0",
        "Contents",
        "1. Who came",
        "Evidence",
        "Letter",
    ):
        assert words in text


def test_facts_carry_evidence_numbers_that_lead_to_the_ledger(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        targets = {
            str(annotation.Dest) if "/Dest" in annotation else str(annotation.A.get("/D", ""))
            for page in document.pages
            for annotation in page.get("/Annots", [])
        }
    assert "ledger-lookers" in targets
    assert "ledger-counted-share" in targets


def test_the_pdf_is_tagged_titled_and_names_its_language(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert str(document.docinfo.Title) == "High Water: tides at North Rock"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_a_chart_keeps_its_alternative_text_in_print(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = {
            str(item.Alt)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure and "/Alt" in item
        }
    assert "Points: 40 and up to 90 people." in texts


def test_only_the_pinned_faces_are_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {
            str(item.FontName).partition("+")[2]
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.FontDescriptor
        }
    assert names
    assert all(name.startswith("Source-S") for name in names), names


def test_code_and_screen_controls_stay_out_of_print(pdf: bytes) -> None:
    text = extract_text(io.BytesIO(pdf))
    assert "from figures import" not in text
    assert "Show code cell" not in text
    assert "Data of this figure" not in text


def part(docname: str, *ids: str) -> addnodes.start_of_file:
    sections = [nodes.section("", nodes.title("", name), ids=[name]) for name in ids]
    return addnodes.start_of_file("", *sections, docname=docname)


def test_ids_that_several_pages_share_become_unique_and_their_references_follow() -> None:
    first, second = part("a", "limits", "own"), part("b", "limits")
    second += nodes.reference("", "", refid="limits")
    renamed = make_ids_unique([first, second])
    ids = [i for p in (first, second) for s in p.findall(nodes.section) for i in s["ids"]]
    assert ids == ["a-limits", "own", "b-limits"]
    assert next(second.findall(nodes.reference))["refid"] == "b-limits"
    assert renamed == {("a", "limits"): "a-limits", ("b", "limits"): "b-limits"}


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
