"""What directives show of the tables: contradictions by their standing, values that are blank for one reason alone."""

from __future__ import annotations

import re
from pathlib import Path

import pymupdf
import pytest
from bs4 import Tag
from playwright.sync_api import Browser

from evidencebook.evidence import phrases
from evidencebook.evidence.facts import Evidence
from tests.building import build, built_in, change, copy_book, soup
from tests.printed import read, squeezed
from tests.tabled import add_column

ROOT = Path(__file__).parents[1]
OPEN = "waiting,A wait,sum-paid,water-rise,value,Talk against a measure.,Open.,open\n"


def with_a_pair_that_is_open(folder: Path) -> Path:
    root = copy_book(folder)
    with (root / "data/contradictions.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(OPEN)
    return root


def pairs(page: Tag) -> list[tuple[str, list[str]]]:
    """The title of each pair of a page, with the terms below it."""
    found = page.select(".contradiction")
    return [(heading(one), [term.get_text() for term in one.select("dt")]) for one in found]


def heading(pair: Tag) -> str:
    """The title of a pair, without its number."""
    found = pair.select_one("h2, h3")
    assert found is not None
    return re.sub(r"^[\d.]+ |¶$", "", " ".join(found.get_text().split()))


@pytest.mark.slow
def test_pairs_of_one_standing_stand_together_and_do_not_repeat_it(tmp_path: Path) -> None:
    root = with_a_pair_that_is_open(tmp_path)
    every, some = "```{contradictions}\n```", "```{contradictions}\n:standing: "
    change(root / "book/tide.md", every, f"{some}open\n```\n\n{every}\n\n{some}likely, open\n```")
    built_in(root, "html")
    sides = ["One side", "Other side", "Our reading"]
    waiting, visits = ("A wait", ["Standing", *sides]), ("How many came", ["Standing", *sides])
    found = pairs(soup(root / "_build/html/book/tide.html"))
    assert found == [("A wait", sides), waiting, visits, waiting, visits]


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with two pairs, of which the one that comes later by its title weighs more; web and print edition."""
    root = with_a_pair_that_is_open(tmp_path_factory.mktemp("ranked"))
    add_column(root, "contradictions", "consequence", {"visitors": "The only count."})
    add_column(root, "contradictions", "rank", {"visitors": "2", "waiting": "3"}, "integer")
    change(root / "book/tide.md", "```{contradictions}", "## Where they differ\n\n```{contradictions}")
    built_in(root, "html", "pdf")
    return root


@pytest.mark.slow
def test_pairs_stand_in_the_order_of_their_consequence_and_say_it(ranked: Path) -> None:
    page = soup(ranked / "_build/html/book/tide.html")
    assert [title for title, _ in pairs(page)] == ["How many came", "A wait"]
    assert [terms[0] for _, terms in pairs(page)] == ["Why it matters", "Standing"]
    assert "The only count." in page.select(".contradiction")[0].get_text()


@pytest.mark.slow
def test_pairs_are_headings_that_the_contents_of_the_page_lead_to_and_print_has_as_bookmarks(ranked: Path) -> None:
    page = soup(ranked / "_build/html/book/tide.html")
    assert len(page.select("section.contradiction > h3")) == 2
    assert page.select_one('.on-this-page a[href="#contradiction-waiting"]')
    with pymupdf.open(ranked / "_build/pdf/tides.pdf") as document:
        assert (3, "1.1.2 A wait") in {(level, " ".join(title.split())) for level, title, _ in document.get_toc()}


@pytest.mark.slow
def test_pairs_can_be_filtered_like_the_ledger(ranked: Path, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto((ranked / "_build/html/book/tide.html").as_uri())
    assert page.get_by_role("status").inner_text() == "All 2 disagreements shown"
    page.get_by_label("Standing").select_option(label="Open")
    assert page.locator(".contradiction:visible").evaluate_all("all => all.map(e => e.id)") == ["contradiction-waiting"]
    assert page.url.endswith("tide.html?standing=open")
    page.get_by_label("Words in it").fill("no such word")
    assert page.locator("h2", has_text="Where they differ").is_hidden()
    assert page.locator("h1").is_visible()
    page.close()


@pytest.mark.slow
def test_print_has_the_numbers_of_a_sources_claims_in_place_of_the_claims(ranked: Path) -> None:
    listed = soup(ranked / "_build/html/seeds/harbour-log.html").select("table.inventory td")
    text = squeezed(read((ranked / "_build/pdf/tides.pdf").read_bytes()).text())
    assert listed
    assert "Entries1and3–5oftheledger." in text
    assert text.count("Thekeeperputtheriseofthewateratthreeorfourmetres.") == 2, "its entry, and a pair"


@pytest.mark.slow
def test_a_standing_that_no_pair_has_is_refused_at_its_place(tmp_path: Path) -> None:
    root = with_a_pair_that_is_open(tmp_path)
    page = root / "book/tide.md"
    line = page.read_text("utf-8").splitlines().index("```{contradictions}") + 1
    change(page, "```{contradictions}\n```", "```{contradictions}\n:standing: opne\n```")
    done = build(root)
    assert done.returncode != 0
    assert f"book/tide.md:{line}: WARNING: no pair has the standing 'opne' - did you mean open?" in done.stderr


def test_a_column_of_values_is_blank_wherever_there_is_no_figure() -> None:
    report = Evidence.load(ROOT)
    unquantified = [name for name in report.claims if phrases.value(report.fact(name)) == phrases.NO_FIGURE]
    assert unquantified
    for name in report.claims:
        shown = phrases.value(report.fact(name))
        assert phrases.number(report.fact(name)) == ("" if name in unquantified else shown)
