"""Terms of a glossary: explained where they stand, abbreviations once a page, and a plain link without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from playwright.sync_api import Browser

from evidencebook.editions.web import abbreviations
from evidencebook.editions.web.markup import element
from tests.building import built_in, change, copy_book, one, soup
from tests.pages import DESKTOP, PHONE, hold_time, much_later, opened

pytestmark = pytest.mark.slow

GLOSSARY = """# Words

```{glossary}
MSL
  Mean sea level, the average height of the sea.
  Charts are drawn from it.

keeper
  Who tends a lighthouse.
```

Here MSL explains itself.
"""
PAGE = """# On the MSL

The MSL was high, and the MSL stayed high; MSL-based charts and `MSL` in code, {term}`keepers <keeper>` say.
"""
TABLE = """# Levels

| who | says |
|---|---|
| [The MSL board](https://example.org/board) | the *MSL* and the MSL |
"""
SAID = """# Given in words

By mean sea level (MSL) it was high.
"""
LINK = """# A link of several lines

[MSL tables, as the harbour board prints them each year for the keepers and boats of the whole coast](https://example.org/)
"""


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_book(tmp_path_factory.mktemp("terms"))
    (root / "book/words.md").write_text(GLOSSARY, "utf-8")
    (root / "book/levels.md").write_text(PAGE, "utf-8")
    (root / "book/table.md").write_text(TABLE, "utf-8")
    (root / "book/said.md").write_text(SAID, "utf-8")
    (root / "book/link.md").write_text(LINK, "utf-8")
    names = ("tide", "levels", "table", "said", "link", "words")
    change(root / "_toc.yml", "      - file: book/tide\n", "".join(f"      - file: book/{name}\n" for name in names))
    built_in(root, "html")
    return root / "_build/html"


MEANING = "Mean sea level, the average height of the sea. Charts are drawn from it."


def test_an_abbreviation_is_explained_in_a_title_and_leads_to_its_definition_from_running_text(html: Path) -> None:
    page = one(soup(html / "book/levels.html"), "article")
    title, link = (term for term in page.select(".term") if term.get_text() == "MSL")
    assert (title.name, title.parent and title.parent.name, title["title"]) == ("abbr", "h1", MEANING)
    assert title["data-expansion"] == "Mean sea level"
    assert (link.name, link["title"], link["href"]) == ("a", MEANING, "words.html#term-MSL")
    assert not link.has_attr("data-expansion")
    assert str(link.previous_sibling).endswith("The ")
    assert page.get_text().count("MSL") == 5


def test_within_a_link_no_other_link_is_made(html: Path) -> None:
    page = one(soup(html / "book/table.html"), "article")
    first, second = page.select("table .term")
    assert (first.name, first.parent and first.parent["href"]) == ("abbr", "https://example.org/board")
    assert first["data-expansion"] == "Mean sea level"
    assert (second.name, second.parent and second.parent.name) == ("a", "em")
    assert not page.select("a a")


def test_what_the_text_says_itself_is_not_said_again_in_print(html: Path) -> None:
    term = one(soup(html / "book/said.html"), "article a.term")
    assert term["title"] == MEANING
    assert not term.has_attr("data-expansion")


MEANINGS = {
    "SHA-1": abbreviations.Explained("Secure hash", "Secure hash, a fingerprint.", "g.html#sha"),
    "US": abbreviations.Explained("United States", "United States & more.", "g.html#us"),
}


@pytest.mark.parametrize(
    ("written", "marked"),
    [
        ("US$5, US-led, AUS, and $US", []),
        ("``US`` is code::\n\n  US\n\n.. US\n.. raw:: html\n\n   <p>US</p>\n", []),
        ("SHA-1 of the US, then the US", ["a", "a"]),
        ("`US <https://example.org>`_ and US", ["abbr", "a"]),
        ("US\n==\n\nThe *US*, and the US\n", ["abbr", "a"]),
        ("US\n  The US", ["a"]),
    ],
)
def test_words_are_marked_where_they_are_read(written: str, marked: list[str]) -> None:
    page = publish_doctree(written, settings_overrides={"doctitle_xform": False, "raw_enabled": True})
    before = page.astext()
    abbreviations.mark(page, MEANINGS)
    found = [node for node in page.findall(element) if "term" in node["classes"]]
    assert [node["tag"] for node in found] == marked
    assert page.astext() == before
    assert all(node["html"]["title"].startswith(("United States & more.", "Secure hash")) for node in found)


def test_a_link_that_an_author_has_marked_as_a_term_explains_itself() -> None:
    page = publish_doctree("`US <https://example.org>`_ and US")
    next(iter(page.findall(nodes.reference)))["classes"].append("term")
    abbreviations.mark(page, MEANINGS)
    assert [node["tag"] for node in page.findall(element)] == ["span"]


def test_a_term_that_an_author_marks_carries_its_definition(html: Path) -> None:
    link = one(soup(html / "book/levels.html"), 'a.term[href$="#term-keeper"]')
    assert link.get_text() == "keepers"
    assert link["title"] == "Who tends a lighthouse."


def test_the_glossary_does_not_link_to_itself(html: Path) -> None:
    assert soup(html / "book/words.html").select(".term") == []


def test_the_note_covers_no_line_of_the_link_that_has_the_focus(html: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, html / "book/link.html", PHONE)
    link = tab.locator("article a:has(abbr.term)")
    tab.keyboard.press("Tab")  # from here on the focus shows
    for corner in ("start", "end"):  # with room below, and above
        link.evaluate("(link, block) => { link.blur(); link.scrollIntoView({block}); link.focus(); }", corner)
        assert tab.locator(".term-note").is_visible()
        covered = link.evaluate("""link => [...link.getClientRects()].map(line =>
            link.contains(document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2)))""")
        assert len(covered) > 2 and all(covered)
    tab.context.close()


def test_a_press_shows_the_definition_in_place_and_escape_closes_it(html: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, html / "book/levels.html", DESKTOP)
    term = tab.locator("a.term").first
    assert term.get_attribute("title") is None
    assert term.get_attribute("aria-description") == MEANING
    term.focus()
    tab.keyboard.press("Enter")
    note = tab.locator(".term-note")
    assert note.is_visible()
    assert "Mean sea level" in note.inner_text()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Glossary"
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    assert tab.evaluate("document.activeElement.textContent") == "MSL"
    assert tab.url.endswith("levels.html")
    assert errors == []
    tab.context.close()


def test_the_note_shows_to_a_pointer_that_rests_and_stays_while_that_goes_over_to_it(
    html: Path, chromium: Browser
) -> None:
    tab, errors = opened(chromium, html / "book/levels.html", DESKTOP)
    hold_time(tab)
    note = tab.locator(".term-note")
    for term in (tab.locator("h1 abbr.term"), tab.locator("article a.term").first):
        term.hover()
        tab.clock.run_for(100)
        assert not note.is_visible(), "a pointer on its way must open nothing"
        much_later(tab)
        assert "Mean sea level" in note.inner_text()
        note.hover()  # hoverable
        much_later(tab)
        assert note.is_visible()  # persistent
        tab.keyboard.press("Escape")
        assert not note.is_visible()  # dismissible
        term.hover()
        much_later(tab)
        assert note.is_visible()
        tab.mouse.move(2, 800)
        much_later(tab)
        assert not note.is_visible()
    assert errors == []
    tab.context.close()


def test_the_note_shows_what_the_keyboard_reaches_and_holds_nobody_up(html: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, html / "book/table.html", DESKTOP)
    note = tab.locator(".term-note")
    tab.locator("table a").first.focus()
    tab.keyboard.press("Shift+Tab")
    assert not note.is_visible()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "The MSL board"
    assert note.is_visible()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "term"
    assert note.is_visible()
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    tab.context.close()


def test_paper_says_in_brackets_what_the_letters_stand_for(html: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, html / "book/levels.html", DESKTOP)
    after = "node => getComputedStyle(node, '::after').content"
    term = tab.locator("h1 abbr.term")
    assert term.evaluate(after) == "none"
    tab.emulate_media(media="print")
    assert term.evaluate(after).replace('"', "") == " (Mean sea level)"
    assert tab.locator("a.term").first.evaluate(after) == "none"
    tab.context.close()


def test_without_scripts_a_term_leads_to_the_glossary(html: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((html / "book/levels.html").as_uri())
    tab.locator("a.term").first.click()
    tab.wait_for_url("**/words.html#term-MSL")
    context.close()
