"""Terms of a glossary: explained where they stand, abbreviations once a page, and a plain link without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.building import STRICT, build, change, copy_book, one, soup
from tests.pages import DESKTOP, opened

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


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_book(tmp_path_factory.mktemp("terms"))
    (root / "book/words.md").write_text(GLOSSARY, "utf-8")
    (root / "book/levels.md").write_text(PAGE, "utf-8")
    change(
        root / "_toc.yml",
        "      - file: book/tide\n",
        "      - file: book/tide\n      - file: book/levels\n      - file: book/words\n",
    )
    done = build(root, *STRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build/html"


def test_an_abbreviation_is_explained_at_its_first_use_on_a_page_and_in_running_text_only(html: Path) -> None:
    page = one(soup(html / "book/levels.html"), "article")
    links = [link for link in page.select("a.term") if link.get_text() == "MSL"]
    assert len(links) == 1
    assert links[0]["title"] == "Mean sea level, the average height of the sea. Charts are drawn from it."
    assert str(links[0]["href"]) == "words.html#term-MSL"
    assert page.get_text().count("MSL") == 5
    assert str(links[0].previous_sibling).endswith("The ")


def test_a_term_that_an_author_marks_carries_its_definition(html: Path) -> None:
    link = one(soup(html / "book/levels.html"), 'a.term[href$="#term-keeper"]')
    assert link.get_text() == "keepers"
    assert link["title"] == "Who tends a lighthouse."


def test_the_glossary_does_not_link_to_itself(html: Path) -> None:
    assert soup(html / "book/words.html").select("a.term") == []


def test_a_press_shows_the_definition_in_place_and_escape_closes_it(html: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, html / "book/levels.html", DESKTOP)
    term = tab.locator("a.term").first
    assert term.get_attribute("title") is None
    term.focus()
    tab.keyboard.press("Enter")
    note = tab.locator(".term-note")
    assert note.is_visible()
    assert "Mean sea level" in note.inner_text()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Glossary"
    tab.keyboard.press("Escape")
    assert not note.is_visible()
    assert tab.url.endswith("levels.html")
    assert errors == []
    tab.context.close()


def test_without_scripts_a_term_leads_to_the_glossary(html: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((html / "book/levels.html").as_uri())
    tab.locator("a.term").first.click()
    assert tab.url.endswith("words.html#term-MSL")
    context.close()
