"""Claim cards: how they behave in a real browser, by pointer, keyboard and finger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from evidencebook.evidence import phrases
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.sources import claim_url
from tests.building import one, soup
from tests.carded import card_of, desktop, fact, gone, has_focus, opened, phone, site, tides
from tests.pages import hold_time, much_later
from tests.test_cards import carried

__all__ = ["desktop", "phone", "site", "tides"]  # fixtures
pytestmark = pytest.mark.slow


def by_tab(tab: Page, fact_id: str) -> Locator:
    """Move the keyboard's focus to a fact as a reader does, from the heading before it."""
    link = fact(tab, fact_id)
    link.evaluate("""node => {
        const stops = [...document.querySelectorAll("a[href], button, summary, input")]
            .filter((one) => one.getClientRects().length && one.tabIndex >= 0);
        stops[stops.indexOf(node) - 1].focus();
    }""")
    tab.keyboard.press("Tab")
    assert has_focus(link)
    return link


def test_a_page_carries_the_cards_of_its_own_facts_and_other_pages_nothing(site: Path, tides: Evidence) -> None:
    for name, facts in {"index": {"water-rise", "lookers"}, "tide": {*tides.claims, *tides.derived}}.items():
        page = soup(site / f"{name}.html")
        assert {str(link["href"]).partition("#ledger-")[2] for link in page.select("a.fact")} == facts
        assert set(carried(str(one(page, "script.evidence-cards")))) == facts
        assert len(page.select("script[src*='cards.js']")) == 1
        assert sum(sheet.get_text().count("--is-sheet: 0;") for sheet in page.select("style")) == 1
    ledger = (site / "ledger.html").read_text("utf-8")
    assert "cards.js" not in ledger
    assert "--is-sheet" not in ledger
    assert "evidence-cards" not in ledger


def test_hover_shows_the_card_after_a_moment_and_leaves_focus_alone(desktop: Page) -> None:
    hold_time(desktop)
    link = fact(desktop, "lookers")
    link.hover()
    desktop.clock.run_for(150)
    assert card_of(desktop).count() == 0, "a pointer on its way must open nothing"
    desktop.clock.run_for(150)
    card_of(desktop).wait_for()
    assert link.get_attribute("aria-expanded") == "true"
    assert desktop.evaluate("document.activeElement === document.body")


def test_a_hovered_card_stays_under_the_pointer_and_goes_after_it(desktop: Page) -> None:
    hold_time(desktop)
    fact(desktop, "lookers").hover()
    much_later(desktop)
    card = card_of(desktop)
    card.hover()
    much_later(desktop)
    assert card.is_visible()
    desktop.mouse.move(1270, 790)
    much_later(desktop)
    assert gone(desktop)


def test_escape_dismisses_a_hovered_card_until_the_pointer_comes_anew(desktop: Page) -> None:
    hold_time(desktop)
    link = fact(desktop, "lookers")
    link.hover()
    much_later(desktop)
    assert card_of(desktop).is_visible()
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    box = link.bounding_box()
    assert box
    desktop.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    much_later(desktop)
    assert card_of(desktop).count() == 0
    desktop.mouse.move(1270, 790)
    link.hover()
    much_later(desktop)
    assert card_of(desktop).is_visible()


def test_keyboard_focus_shows_the_card_without_entering_it(desktop: Page) -> None:
    hold_time(desktop)
    link = by_tab(desktop, "lookers")
    assert card_of(desktop).is_visible()
    assert has_focus(link)
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    assert has_focus(link)
    desktop.keyboard.press("Shift+Tab")
    desktop.keyboard.press("Tab")
    card_of(desktop).hover()
    desktop.mouse.move(1270, 790)
    much_later(desktop)
    assert card_of(desktop).is_visible(), "what focus opened must stay while focus stays"
    desktop.evaluate("document.activeElement.blur()")
    assert gone(desktop)


def test_enter_goes_into_the_card_and_escape_back_to_the_link(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    desktop.keyboard.press("Enter")
    assert has_focus(card_of(desktop))
    assert desktop.url.endswith("tide.html")
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    assert has_focus(link)
    assert link.get_attribute("aria-expanded") == "false"


def test_tab_walks_the_links_of_the_card_and_then_goes_on_after_the_link(desktop: Page) -> None:
    link = by_tab(desktop, "counted-share")
    desktop.keyboard.press("Enter")
    walked = []
    for _ in range(4):
        desktop.keyboard.press("Tab")
        walked.append(desktop.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText"))
    assert walked == [
        "Close",
        "The keeper gave 90 as the most people who came to look",
        "The mainland counted 40 visitors",
        "Open in the evidence ledger",
    ]
    desktop.keyboard.press("Tab")
    assert link.get_attribute("aria-expanded") == "false"
    assert has_focus(fact(desktop, "sum-paid")), "the next stop in the text"
    assert card_of(desktop).count() == 1, "and it opens its own card"
    assert card_of(desktop).get_by_role("heading").inner_text() == "over US$600 (unconfirmed)"


def test_shift_tab_leads_from_the_card_back_to_its_link(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Shift+Tab")
    assert gone(desktop)
    assert has_focus(link)


def test_a_clicked_card_stays_until_it_is_closed(desktop: Page) -> None:
    hold_time(desktop)
    link = fact(desktop, "lookers")
    link.click()
    assert has_focus(card_of(desktop))
    desktop.mouse.move(1270, 790)
    fact(desktop, "visitors-counted").hover()
    much_later(desktop)
    assert card_of(desktop).get_by_role("heading").inner_text() == "up to 90", "a passing pointer must not replace it"
    card_of(desktop).locator("dl").click()
    assert card_of(desktop).is_visible()
    desktop.get_by_role("button", name="Close").click()
    assert gone(desktop)
    assert has_focus(link)


def test_a_click_outside_and_a_second_click_close_the_card(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.click()
    desktop.locator("article h1").click()
    assert gone(desktop)
    link.click()
    card_of(desktop).wait_for()
    link.click()
    assert gone(desktop)
    assert has_focus(link)


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"button": "middle"}])
def test_a_click_that_asks_for_a_new_tab_still_follows_the_link(desktop: Page, how: dict[str, Any]) -> None:
    with desktop.context.expect_page() as found:
        fact(desktop, "lookers").click(**how)
    found.value.wait_for_load_state()
    assert found.value.url.endswith("ledger.html#ledger-lookers")
    assert not card_of(desktop).evaluate_all("found => found.some((one) => one.contains(document.activeElement))")


def test_two_facts_in_a_row_open_the_right_card_one_at_a_time(desktop: Page, tides: Evidence) -> None:
    for fact_id in ("visitors-counted", "lookers", "counted-share"):
        fact(desktop, fact_id).click()
        assert card_of(desktop).count() == 1
        heading = card_of(desktop).get_by_role("heading").inner_text()
        assert heading == phrases.value(tides.fact(fact_id))
        expanded = desktop.locator("a.fact[aria-expanded=true]")
        assert expanded.count() == 1
        assert str(expanded.get_attribute("href")).endswith(f"#ledger-{fact_id}")


def test_a_pointer_that_goes_on_to_the_next_fact_takes_the_card_along(desktop: Page) -> None:
    fact(desktop, "visitors-counted").hover()
    card_of(desktop).wait_for()
    fact(desktop, "lookers").hover()
    desktop.get_by_role("dialog", name="up to 90").wait_for()
    assert card_of(desktop).count() == 1
    assert desktop.locator("a.fact[aria-expanded=true]").count() == 1


def test_the_card_of_a_claim_says_what_the_tables_say(desktop: Page, tides: Evidence) -> None:
    claim = tides.claims["visitors-counted"]
    source = tides.sources[claim["source_id"]]
    fact(desktop, "visitors-counted").click()
    said = card_of(desktop).inner_text()
    for words in (
        claim["statement"], claim["speaker"], "Official, stated without reserve",
        "31 January 1953 (stated in the passage)",
        "North Rock", claim["scope"], "B3: usually reliable voice, possibly true", claim["rating_reason"],
        f"{source['outlet_served_by']}, published between 1953 and 1954; only a copy or rewrite",
        source["derived_from"], "1 independent origin: The Mainland", "1 contradiction: How many came",
    ):  # fmt: skip
        assert words in said
    passage = card_of(desktop).get_by_role("link", name="Open the passage at Copy House")
    assert passage.get_attribute("href") == claim_url(claim, source)
    card_of(desktop).get_by_role("link", name="Open in the evidence ledger").click()
    desktop.locator("#ledger-visitors-counted:target").wait_for()


def test_the_card_of_a_derived_value_leads_on_to_its_inputs(desktop: Page, tides: Evidence) -> None:
    fact(desktop, "counted-share").click()
    said = card_of(desktop).inner_text()
    row = tides.derived["counted-share"]
    for words in (f"{row['label']}.", "A ÷ B", "A: up to 90.", "B: 40.", row["caveat"], "2 independent origins: "):
        assert words in said
    card_of(desktop).get_by_role("link", name="The mainland counted").click()
    desktop.locator("#ledger-visitors-counted:target").wait_for()


def test_link_and_card_have_roles_and_names_and_ids_of_their_own(desktop: Page) -> None:
    for link in desktop.locator("article a.fact").all():
        assert link.get_attribute("aria-haspopup") == "dialog"
        assert link.get_attribute("aria-expanded") == "false"
    link = fact(desktop, "lookers")
    link.click()
    card = desktop.get_by_role("dialog", name="up to 90", exact=True)
    assert card.get_attribute("aria-modal") is None
    assert link.get_attribute("aria-controls") == card.get_attribute("id")
    for place in card.locator("a, button").all():
        assert place.evaluate("node => node.ariaLabel || node.innerText.trim()")
    ids = desktop.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len([name for name in ids if name.startswith("evidence-card")]) == 3
    assert card.locator("dl").evaluate(
        "list => [...list.children].every((node) => ['DT', 'DD'].includes(node.tagName))"
    )


def test_without_scripts_a_fact_is_a_link_to_its_entry(site: Path, chromium: Browser) -> None:
    for tab in opened(site, chromium, java_script_enabled=False):
        assert fact(tab, "lookers").get_attribute("aria-haspopup") is None
        assert "cards" not in tab.locator("article").inner_text()
        fact(tab, "lookers").click()
        tab.locator("#ledger-lookers:target").wait_for()
