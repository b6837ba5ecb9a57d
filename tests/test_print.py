"""The print edition of the report itself, compared with its web edition word by word."""

from __future__ import annotations

import io
import re
from copy import copy
from pathlib import Path
from urllib.parse import urlsplit

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest
from bs4 import Tag

from evidencebook.evidence import Evidence
from tests.building import built_in
from tests.pages import pages, parsed
from tests.printed import Printed, read, squeezed
from tests.printed import Tag as PdfTag
from tests.test_doubts import check_lines

pytestmark = pytest.mark.slow

# Of use on a screen only: print has a cover, contents and an imprint, and no files to take away.
SCREEN_ONLY = (
    ".headerlink, .chart, .chart-tools, .cell_input, details, script, style, button, template, nav, .toctree-wrapper, "
    ".front-part, .edition-line, table.inventory"
)
NOTED = "\ue000"  # stands where print has the number of a footnote
BLOCKS = "h1, h2, h3, p, figcaption, caption, li, dt, dd, td, th, pre"


@pytest.fixture(scope="module")
def path(site: Path) -> Path:
    root = site.parents[1]
    assert built_in(root, "pdf") == set(), "what the web edition has executed is not executed again"
    return root / "_build/pdf/under-watch.pdf"


@pytest.fixture(scope="module")
def printed(path: Path) -> Printed:
    return read(path.read_bytes())


def bare(url: str) -> str:
    return re.sub(r"#:~:text=.*$", "", re.sub(r"^https?://(www\.)?", "", url)).removesuffix("/")


def as_printed(article: Tag, numbers: dict[str, str]) -> Tag:
    """The text of a page of the web edition with what print adds to it: numbers of entries, and addresses."""
    for node in article.select(SCREEN_ONLY):
        node.decompose()
    for link in article.select("a[href]:not(.permanent)"):  # an entry's link to itself is its id on paper
        address = str(link["href"])
        entry = urlsplit(address).fragment.removeprefix("ledger-")
        if entry in numbers and "#ledger-" in address and not re.match(r"entry \d", link.get_text()):
            stances = [mark.extract().get_text() for mark in link.select(".modality")]
            link.append("".join([f"[{numbers[entry]}]", *stances]))
        elif "passage" in link.get("class", []):
            link.string = bare(address)
        elif urlsplit(address).scheme in {"http", "https"} and link.get_text() != address:
            is_beside = link.find_parent(["td", "dd", "figcaption", "caption"]) is not None
            link.append(f"({bare(address)})" if is_beside else NOTED)
    for number in article.select(".section-number"):
        number.string = number.get_text().removeprefix("Chapter ").strip(" .")  # print has numerals alone
    return article


def test_no_heading_sentence_caption_table_or_entry_of_the_web_edition_is_missing_or_different(
    site: Path, printed: Printed
) -> None:
    ledger = parsed(site / "book/appendix/ledger.html")
    numbers = {
        str(entry["id"]).removeprefix("ledger-"): number.get_text()
        for entry in ledger.select(".ledger-entry")
        if (number := entry.select_one(".number")) is not None
    }
    assert len(numbers) > 300
    # Print names pages beside links; a note is tagged where its number stands, which may be in the midst of a sentence.
    text = re.sub(r",p\.\d+|\(p\.\d+\)", "", squeezed(printed.text(but="Note")))
    compared, missing = 0, []
    for page in pages(site):
        article = parsed(page).select_one("article")
        assert article is not None
        for block in as_printed(copy(article), numbers).select(BLOCKS):  # parsed pages are shared by all tests
            said = squeezed(own_text(block))
            if not said or is_use(block):
                continue
            compared += 1
            if said not in text and not (NOTED in said and re.search(re.escape(said).replace(NOTED, r"\d+"), text)):
                missing.append(f"{page.name}: {said[:150]}")
    assert compared > 8_000
    assert missing == []


def is_use(block: Tag) -> bool:
    """Whether the block names the uses of a fact, which are sections on the web and pages in print."""
    inside = block if block.name == "dd" else block.find_parent("dd")
    term = inside.find_previous_sibling("dt") if inside is not None else None
    return term is not None and term.get_text() == "Used on"


def own_text(block: Tag) -> str:
    """The words of a block that no block within it has."""
    own = copy(block)
    for inner in own.select(BLOCKS):
        inner.decompose()
    return own.get_text()


def test_every_fact_reads_as_on_the_web(site: Path, printed: Printed) -> None:
    text = squeezed(printed.text())
    shown = [link for page in pages(site) for link in parsed(page).select("a.fact")]
    assert len(shown) > 80
    for link in shown:
        shown_words = copy(link)
        for mark in shown_words.select(".modality"):
            mark.decompose()
        assert re.search(re.escape(squeezed(shown_words.get_text())) + r"\[\d{1,3}\]", text), link.get_text()


def test_a_dashed_line_stands_under_what_is_doubtful_and_nothing_else(site: Path, path: Path) -> None:
    assert check_lines(path, Evidence.load(site.parents[1])) > 200


def test_no_page_but_the_last_of_a_part_is_nearly_empty(path: Path) -> None:
    with pymupdf.open(path) as document:
        begins = {page for level, _, page in document.get_toc() if level == 1}
        for page in list(document)[min(begins) - 1 : -1]:
            top, bottom = 0.09 * page.rect.height, 0.92 * page.rect.height  # between the head and the page number
            ends = [place[3] for place in [*page.get_text("blocks"), *(one["rect"] for one in page.get_drawings())]]
            filled = (max(end for end in ends if end < bottom) - top) / (bottom - top)
            assert filled > 1 / 3 or page.number + 2 in begins, page.number + 1


def test_no_page_begins_or_ends_with_a_line_that_says_how_firm_its_neighbour_is(path: Path) -> None:
    with pymupdf.open(path) as document:
        for page in document:
            top, bottom = 0.06 * page.rect.height, 0.93 * page.rect.height
            blocks = sorted((one for one in page.get_text("blocks") if top < one[1] < bottom), key=lambda one: one[1])
            for one in (blocks[:1] + blocks[-1:]) if len(blocks) > 1 else []:
                assert not one[4].startswith("How firm?"), page.number + 1


def test_every_figure_is_there_with_its_text_and_its_size_in_the_column(site: Path, printed: Printed) -> None:
    charts = [chart for page in pages(site) for chart in parsed(page).select("figure .chart-wide svg")]
    figures = [tag for tag in printed.tree.walk() if tag.role == "Figure"]
    assert [tag.attributes["Alt"] for tag in figures] != []
    alts = [tag.attributes["Alt"] for tag in figures]
    cover = [alt for alt in alts if alt.startswith("Chart: ")]
    assert len(cover) == 1
    assert sorted(set(alts) - set(cover)) == sorted(str(chart["aria-label"]) for chart in charts)


def paints(tag: PdfTag, place: dict[tuple[int, int], int]) -> dict[int, list[int]]:
    """For each page, since a cell may go on before its neighbour: when what the tag holds is painted, in its order."""
    found: dict[int, list[int]] = {}
    for mark in tag.marks():
        if mark in place:
            found.setdefault(mark[0], []).append(place[mark])
    return found


def test_tags_run_in_the_order_of_the_painted_text_but_for_what_floats(printed: Printed) -> None:
    place = {mark: number for number, mark in enumerate(printed.painted)}
    tables = [tag for tag in printed.tree.walk() if tag.role == "Table" and tag.has("Caption")]
    floats = {  # these stand where the page has room
        mark
        for tag in printed.tree.walk()
        if tag.role in {"Caption", "Figure", "Note"} or tag in tables
        for mark in tag.marks()
    }
    by_page = paints(printed.tree, {mark: number for mark, number in place.items() if mark not in floats})
    assert sum(map(len, by_page.values())) > 10_000
    assert [page for page, order in by_page.items() if order != sorted(order)] == []
    assert len(tables) >= 4
    for table in tables:
        assert all(order == sorted(order) for order in paints(table, place).values())


def test_no_text_runs_off_its_page(path: Path) -> None:
    everywhere = pymupdf.INFINITE_RECT()
    with pymupdf.open(path) as document:
        words = [(page, word) for page in document for word in page.get_text("words", clip=everywhere, flags=0)]
        assert len(words) > 50_000
        assert [
            f"{page.number + 1}: {word[4]}" for page, word in words if not page.rect.contains(pymupdf.Rect(word[:4]))
        ] == []


def test_no_word_stands_on_another(path: Path) -> None:
    found = []
    with pymupdf.open(path) as document:
        for page in document:
            words = sorted(page.get_text("words", flags=0), key=lambda word: word[1])
            for place, (x0, y0, x1, y1, said, *_) in enumerate(words):
                for left, top, right, bottom, other, *_ in words[place + 1 :]:
                    if top > y1:
                        break
                    across, down = min(x1, right) - max(x0, left), min(y1, bottom) - max(y0, top)
                    if across > 1 and down > 0.6 * min(y1 - y0, bottom - top):
                        found.append(f"{page.number + 1}: {said} {other}")
    assert found == []


def test_heads_name_chapters_and_entries_and_feet_the_page(printed: Printed) -> None:
    texts = {number: squeezed(said) for number, said in printed.artifacts.items()}
    assert "Wages" in "".join(texts.values())
    heads = [match for said in texts.values() if (match := re.search(r"entries(\d+)–(\d+)", said))]
    spans = [(int(match[1]), int(match[2])) for match in heads]
    assert spans == sorted(spans)
    assert spans[-1][1] > 300


def test_it_is_light_and_conforms(path: Path) -> None:
    assert path.stat().st_size < 3_000_000
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []


@pytest.mark.thorough
def test_a_second_checker_finds_no_error(path: Path) -> None:
    found = outloud.check(str(path))
    assert found.errors == 0
    # ORD-001 counts a paragraph's text before its links; the test of the order above does not. PAG-001 takes a section
    # that opens several pages for a running head. HDG-011 finds a heading long that is an entry's value and statement.
    assert {one.rule for one in found.findings if one.severity == "warning"} <= {"HDG-011", "ORD-001", "PAG-001"}


def test_no_path_host_or_user_stands_in_it(path: Path) -> None:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as document:
        parts = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
        uris = [
            str(annotation.A.URI)
            for page in document.pages
            for annotation in page.get("/Annots", [])
            if "/A" in annotation and "/URI" in annotation.A
        ]
    root = str(path.parents[2]).encode()
    assert not any(root in part for part in parts)
    assert uris
    assert {urlsplit(uri).scheme for uri in uris} <= {"https", "http", "mailto"}
