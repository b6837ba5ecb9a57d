"""The web edition of the report itself, in a real browser and as files."""

from __future__ import annotations

import random
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from evidencebook.evidence.sources import short_citation
from evidencebook.tables import reading
from tests.pages import DESKTOP, PHONE, opened, pages, parsed, until

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def test_every_internal_link_lands_on_a_page_and_an_anchor(site: Path) -> None:
    ids = {path: {str(tag["id"]) for tag in parsed(path).select("[id]")} for path in pages(site)}
    broken = []
    for path in pages(site):
        for link in parsed(path).select("a[href]"):
            parts = urlsplit(str(link["href"]))
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target == site / "under-watch.pdf":
                continue  # typeset after the web edition and put beside it
            if not target.is_file() or (parts.fragment and unquote(parts.fragment) not in ids.get(target, set())):
                broken.append(f"{path.relative_to(site)}: {link['href']}")
    assert broken == []


def test_every_fact_on_every_page_leads_to_its_ledger_entry(site: Path) -> None:
    ledger = parsed(site / "book/appendix/ledger.html")
    entries = {str(e["id"]): e.get_text() for e in ledger.select(".ledger-entry")}
    shown = [link for path in pages(site) for link in parsed(path).select("a.fact")]
    assert len(shown) > 80
    for link in shown:
        assert str(link["href"]).partition("#")[2] in entries


def test_no_id_occurs_twice_on_a_page(site: Path) -> None:
    for path in pages(site):
        ids = [str(tag["id"]) for tag in parsed(path).select("article [id]")]
        assert sorted(ids) == sorted(set(ids)), path


def test_the_front_page_gives_the_finding_key_figures_and_a_picture(site: Path) -> None:
    front = parsed(site / "book/index.html")
    finding = front.select_one("article > section > p")
    assert finding and re.fullmatch(r".{80,}\.", " ".join(finding.get_text().split()))
    cards = front.select("ul.key-figures > li")
    assert 4 <= len(cards) <= 7
    assert all(card.select(".figure a.fact") and card.select(".caption a.source") for card in cards)
    assert front.select("figure svg[role=img]")
    assert not front.select(".cell_input")


def test_the_front_page_says_in_a_few_lines_who_made_it_and_leads_to_the_whole(site: Path) -> None:
    (about,) = parsed(site / "book/index.html").select("#about-this-report")
    said = " ".join(about.get_text(" ").split())
    assert len(said.split()) < 140
    assert re.search(r"contributors answer for it", said) and "Nobody was interviewed" in said
    assert re.search(r"dashed line under a number or a quotation means", said)
    (address,) = {str(link["href"]).split("#")[0] for link in about.select("a[href*='about.html']")}
    whole = parsed(site / "book" / address)
    heads = [h.get_text().rstrip("¶") for h in whole.select("article h2")]
    assert [*heads[:1], *heads[-2:]] == [
        "Who made this, and how to check it",
        "How to read it",
        "What this report cannot say",
    ]


def test_the_section_that_is_being_read_is_marked_in_the_list_of_sections(site: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, site / "book/wages.html", DESKTOP)
    here = tab.locator(".on-this-page [aria-current='location']")
    assert here.count() == 0  # the reader is above the first section
    for number in (1, 3):
        link = tab.locator(".on-this-page a").nth(number)
        link.click()
        until(
            tab, "text => document.querySelector('.on-this-page [aria-current]')?.innerText === text", link.inner_text()
        )
        assert here.count() == 1
    assert errors == []
    tab.context.close()


def test_the_front_page_opens_its_contents_over_the_page_at_any_width(site: Path, chromium: Browser) -> None:
    for width in (PHONE, DESKTOP):
        tab, errors = opened(chromium, site / "book/index.html", width)
        contents = tab.locator("nav.contents")
        assert not contents.is_visible()
        tab.get_by_role("button", name="Contents").click()
        assert contents.get_by_role("link", name="Wages").is_visible()
        tab.keyboard.press("Escape")
        assert not contents.is_visible()
        assert errors == []
        tab.context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_runs_off_the_side_or_raises_an_error(site: Path, chromium: Browser, width: int) -> None:
    wide = []
    for path in pages(site):
        tab, errors = opened(chromium, path, width)
        assert errors == [], path
        if tab.evaluate("document.scrollingElement.scrollWidth") > width:
            wide.append(str(path.relative_to(site)))
        tab.context.close()
    assert wide == []


@pytest.mark.parametrize("number", [4, pytest.param(20, marks=pytest.mark.thorough)])
def test_facts_taken_at_random_open_their_entries_without_scripts(site: Path, chromium: Browser, number: int) -> None:
    shown = [(path, n) for path in pages(site) for n, _ in enumerate(parsed(path).select("article a.fact"))]
    context = chromium.new_context(java_script_enabled=False, viewport={"width": DESKTOP, "height": 900})
    for path, n in random.Random(7).sample(shown, number):
        tab = context.new_page()
        tab.goto(path.as_uri())
        link = tab.locator("article a.fact").nth(n)
        text, classes = link.inner_text(), str(link.get_attribute("class"))
        link.click()
        entry = tab.locator(".ledger-entry:target")
        entry.wait_for(state="visible")
        number = re.sub(r"\s|\(\w+\)$", " ", text).split()[-1]
        if "quote" in classes:  # leads to the claim that rests on the words
            number = ""
        assert number in re.sub(r"\s", " ", entry.locator(".head").inner_text()), (path, text)
        tab.close()
    context.close()


def test_on_a_phone_wide_tables_are_lists_and_remain_tables_to_who_listens(site: Path, chromium: Browser) -> None:
    for path in (site / "seeds/rfa-2016.html", site / "book/appendix/checks.html"):
        tab, _ = opened(chromium, path, PHONE)
        table = tab.locator("table.stacks").first
        assert table.get_by_role("columnheader").count() >= 3
        assert table.get_by_role("row").count() > 5
        assert tab.evaluate(
            "[...document.querySelectorAll('.scroll')].every(box => box.scrollWidth <= box.clientWidth)"
        )
        labels = table.locator("tbody tr").first.locator("td").evaluate_all("cells => cells.map(c => c.dataset.label)")
        assert labels == table.locator("thead th").all_text_contents()
        tab.context.close()


# Letters that the glossary does not explain, each for a reason.
UNEXPLAINED = {
    "AND": "the name of the AND Center for North Korean Human Rights, which stands for nothing",
    "NK": "part of a name, Daily NK",
    "ASIAPRESS": "a name",
    "COVID": "a word by now",
    "PDF": "known to whoever opens one",
    "SC": "part of the number of a press release of the United Nations",
    "AFP": "a name",
    "HNGN": "a name",
    "TNBC": "a name",
    "USA": "part of a name",
    "CNY": "a unit of the dictionary, named there",
    "USD": "a unit of the dictionary, named there",
    "DEXCHUS": "the name of a series",
    "XXXX": "digits that are not known, in a pattern of dates that is explained where it stands",
}


def test_every_abbreviation_is_explained_at_its_first_use_on_every_page(site: Path) -> None:
    """In reading order, links, titles, tables and what is folded included; drawings and code have no words to mark."""
    glossary = {
        term.get_text().strip("¶ ") for term in parsed(site / "book/appendix/glossary.html").select("dl.glossary dt")
    }
    for path in [path for path in pages(site) if path.stem != "glossary"]:
        article = BeautifulSoup(path.read_text("utf-8"), "html.parser").select("article")[0]
        for part in article.select("script, style, svg, code, pre"):
            part.decompose()
        # What the template says of the edition stands on the front page below the text.
        for part in article.select(".front-part, .edition-line"):
            part.decompose()
        for term in article.select(".term"):
            term.replace_with(f"\ue000{term.get_text()}\ue001")
        text = article.get_text()
        seen = set()
        for found in re.finditer(r"(?<![\w$-])(\ue000)?([A-Z]{2,}(?:[ -](?:BY|\d+)(?!\w))?)(?![\w$]|-[a-z])", text):
            words = next(
                (one for one in (found[2], found[2][:6], re.split("[ -]", found[2])[0]) if one in glossary), None
            )
            if words is None:
                assert re.split("[ -]", found[2])[0] in UNEXPLAINED, (path, found[2])
            elif words not in seen:
                assert found[1], (path, text[found.start() - 60 : found.end() + 20])
                seen.add(words)


def test_the_code_of_a_figure_stands_behind_it(site: Path) -> None:
    for path in pages(site):
        for cell in parsed(path).select("div.cell:has(figure):has(> details.hide)"):
            assert [part for part in cell.find_all(recursive=False)][-1].name == "details", path


def test_no_table_shows_the_codes_that_stand_in_the_csv(site: Path) -> None:
    rows = parsed(site / "book/appendix/checks.html").select("table.table-resolutions tbody tr")
    effects = [row.select("td, th")[3].get_text(strip=True) for row in rows]
    assert "a ban on new authorisations" in effects
    assert not {"none", "cap", "vigilance", "repatriate", "ban new"} & set(effects)
    bases = {row.select("td, th")[2].get_text(strip=True) for row in events(site)}
    assert bases == {"stated in an article", "inferred", "outside the articles"}


def events(site: Path) -> list[Tag]:
    """Return the rows of the table of events."""
    return parsed(site / "book/events.html").select("table.table-events tbody tr")


def test_the_card_of_a_source_names_the_others_that_come_from_its_newsroom(site: Path) -> None:
    kin = {
        "dailynk-2018": {"dailynk-undated.html", "dailynk-2025.html"},
        "dailynk-undated": {"dailynk-2018.html", "dailynk-2025.html"},
        "dailynk-2025": {"dailynk-2018.html", "dailynk-undated.html"},
        "rfa-2016": set(),
        "intlmonitor-2024": set(),
    }
    for name, others in kin.items():
        terms = parsed(site / f"seeds/{name}.html").select("dl.source-card dt")
        (said,) = (term.find_next_sibling("dd") for term in terms if term.get_text(strip=True) == "Same newsroom")
        assert {str(link["href"]).partition("#")[0] for link in said.select("a")} == others, name
        assert others or "no other article" in said.get_text()


def test_every_check_stands_in_the_section_of_its_verdict(site: Path) -> None:
    page, checks = parsed(site / "book/appendix/checks.html"), reading.read(ROOT)["checks"].rows
    for verdict in {str(row["verdict"]) for row in checks}:
        anchor = page.select_one(f"#checks-{verdict}")
        section = anchor if anchor and anchor.name == "section" else anchor and anchor.find_parent("section")
        rows = section.select("table.checks tbody tr") if section else []
        assert len(rows) == sum(row["verdict"] == verdict for row in checks), verdict


def test_the_table_of_sources_has_the_names_by_which_pages_cite_them(site: Path) -> None:
    cited = [
        row.td.get_text(strip=True) for row in parsed(site / "book/appendix/sources.html").select("tbody tr") if row.td
    ]
    assert sorted(cited) == sorted(short_citation(source) for source in reading.read(ROOT)["sources"].rows)


def test_a_value_from_outside_the_articles_leads_to_its_row_with_its_reference(site: Path) -> None:
    assert not [path for path in pages(site) if parsed(path).select("span.value")]
    links = [(path, link) for path in pages(site) for link in parsed(path).select("article a.value")]
    assert links
    for path, link in links:
        where, _, anchor = unquote(str(link["href"])).partition("#")
        spot = parsed((path.parent / where).resolve()).select_one(f"[id='{anchor}']")
        row = spot.find_parent("tr") if spot else None
        assert row and row.select("a[href^='http']"), link
        words = "".join(link.find_all(string=True, recursive=False))  # beside those of its doubt
        assert words in row.get_text(" "), link
