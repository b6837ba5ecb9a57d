"""Claim cards: how they behave in a real browser, by pointer, keyboard and finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from evidencebook.extension import entries
from evidencebook.facts import Evidence
from evidencebook.textfragments import claim_url
from tests.building import build, change, copy_book, one, soup
from tests.test_cards import carried

pytestmark = pytest.mark.slow

LONG_CARD = ".evidence-card dl { min-height: 30rem; }"  # as the longest of the report
SENTENCE = "The water came and went, and nobody thought much of it at the time."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book on another topic, with enough text around its facts to scroll."""
    root = copy_book(tmp_path_factory.mktemp("cards"))
    filler = "\n\n".join([SENTENCE] * 30)
    crowd = f"{SENTENCE} So {{fact}}`lamps-lit` lamps, {{fact}}`sum-paid` and {{fact}}`water-rise`, or so it is said."
    change(root / "book/tide.md", "## What it", f"{filler}\n\n{crowd}\n\n{filler}\n\n## What it")
    done = build(root, "-W", "-n", "--keep-going")
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build/html/book"


@pytest.fixture(scope="module")
def tides(site: Path) -> Evidence:
    return Evidence.load(site.parents[2])


@pytest.fixture
def desktop(site: Path, chromium: Browser) -> Iterator[Page]:
    yield from opened(site, chromium, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(site: Path, chromium: Browser) -> Iterator[Page]:
    yield from opened(site, chromium, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)


def opened(site: Path, chromium: Browser, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(**options)
    tab = context.new_page()
    tab.set_default_timeout(5_000)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto((site / "tide.html").as_uri())
    yield tab
    assert errors == []
    context.close()


def fact(tab: Page, fact_id: str) -> Locator:
    return tab.locator(f'article a.fact[href$="#ledger-{fact_id}"]').first


def card_of(tab: Page) -> Locator:
    return tab.get_by_role("dialog")


def gone(tab: Page) -> bool:
    card_of(tab).wait_for(state="detached")
    return True


def has_focus(place: Locator) -> bool:
    return bool(place.evaluate("node => node === document.activeElement"))


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
    desktop.clock.install(time=0)
    desktop.reload()
    desktop.clock.pause_at(3_600)  # from here on only the test moves time
    link = fact(desktop, "lookers")
    link.hover()
    desktop.clock.run_for(150)
    assert card_of(desktop).count() == 0, "a pointer on its way must open nothing"
    desktop.clock.run_for(150)
    card_of(desktop).wait_for()
    assert link.get_attribute("aria-expanded") == "true"
    assert desktop.evaluate("document.activeElement === document.body")


def test_a_hovered_card_stays_under_the_pointer_and_goes_after_it(desktop: Page) -> None:
    fact(desktop, "lookers").hover()
    card = card_of(desktop)
    card.wait_for()
    card.hover()
    desktop.wait_for_timeout(700)
    assert card.is_visible()
    desktop.mouse.move(1270, 790)
    assert gone(desktop)


def test_escape_dismisses_a_hovered_card_until_the_pointer_comes_anew(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.hover()
    card_of(desktop).wait_for()
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    box = link.bounding_box()
    assert box
    desktop.mouse.move(box["x"] + 3, box["y"] + 6)
    desktop.wait_for_timeout(600)
    assert card_of(desktop).count() == 0
    desktop.mouse.move(1270, 790)
    link.hover()
    card_of(desktop).wait_for()


def test_keyboard_focus_shows_the_card_without_entering_it(desktop: Page) -> None:
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
    desktop.wait_for_timeout(600)
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
    assert card_of(desktop).get_by_role("heading").inner_text() == "over US$600 (rumoured)"


def test_shift_tab_leads_from_the_card_back_to_its_link(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Shift+Tab")
    assert gone(desktop)
    assert has_focus(link)


def test_a_clicked_card_stays_until_it_is_closed(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.click()
    assert has_focus(card_of(desktop))
    desktop.mouse.move(1270, 790)
    fact(desktop, "visitors-counted").hover()
    desktop.wait_for_timeout(700)
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
        assert heading == entries.value(tides, fact_id)
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


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800), (1280, 460), (740, 360)])
def test_the_card_never_leaves_the_window_wherever_its_fact_stands(
    site: Path, chromium: Browser, width: int, height: int
) -> None:
    for tab in opened(site, chromium, viewport={"width": width, "height": height}):
        tab.add_style_tag(content=LONG_CARD)
        for fact_id in ("counted-share", "lamps-lit", "sum-paid", "water-rise"):
            for place in ("start", "center", "end"):
                link = fact(tab, fact_id)
                link.evaluate("(node, block) => node.scrollIntoView({ block, behavior: 'instant' })", place)
                link.evaluate("node => node.click()")
                box = card_of(tab).bounding_box()
                assert box
                assert min(box["x"], box["y"]) >= 0, (fact_id, place, box)
                assert box["x"] + box["width"] <= width, (fact_id, place, box)
                assert box["y"] + box["height"] <= height + 0.5, (fact_id, place, box)
                assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
                tab.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 400), (360, 640), (1280, 800)])
def test_most_of_a_card_is_for_reading_and_nothing_covers_what_has_focus(
    site: Path, chromium: Browser, width: int, height: int
) -> None:
    """320 by 256 is a desktop window at 400% zoom."""
    edges = """card => {
        const [head, foot] = [".card-head", ".actions"].map((name) => card.querySelector(name));
        const box = (node) => node.getBoundingClientRect();
        const isStuck = getComputedStyle(foot).position === "sticky";
        return [box(head).bottom, isStuck ? box(foot).top : box(card).bottom, box(card).height];
    }"""
    just_under_the_links = """card => {
        const box = (node) => node.getBoundingClientRect();
        card.scrollTop += box(card.querySelector("dl a")).bottom - box(card).bottom + 60;
    }"""
    for tab in opened(site, chromium, viewport={"width": width, "height": height}):
        tab.add_style_tag(content=f"{LONG_CARD} .evidence-card dd {{ padding-top: 15rem; }}")
        link = fact(tab, "water-rise")
        link.evaluate("node => { node.scrollIntoView({ behavior: 'instant' }); node.click(); }")
        card = card_of(tab)
        assert card.evaluate("node => node.scrollHeight > node.clientHeight")
        top, bottom, whole = card.evaluate(edges)
        assert bottom - top >= whole / 2
        walked = []
        for _ in range(4):
            card.evaluate(just_under_the_links)
            tab.keyboard.press("Tab")
            focused = tab.locator(":focus")
            walked.append(focused.evaluate("node => node.ariaLabel || node.innerText"))
            box = focused.bounding_box()
            top, bottom, _ = card.evaluate(edges)
            assert box
            if "The great tide" in walked[-1]:
                assert top <= box["y"], walked
                assert box["y"] + box["height"] <= bottom + 0.5, walked
            assert box["y"] + box["height"] <= height, walked
        assert walked == ["Close", "The great tide", "Open the passage at The Keeper", "Open in the evidence ledger"]


def test_the_popover_stands_by_its_fact_and_does_not_cover_it(desktop: Page) -> None:
    desktop.add_style_tag(content=LONG_CARD)
    for place in ("start", "center", "end"):
        link = desktop.locator('article a.fact[href$="#ledger-sum-paid"]').last
        link.evaluate("(node, block) => node.scrollIntoView({ block, behavior: 'instant' })", place)
        link.evaluate("node => node.click()")
        own, box = link.bounding_box(), card_of(desktop).bounding_box()
        assert own and box
        gap = max(box["y"] - (own["y"] + own["height"]), own["y"] - (box["y"] + box["height"]))
        assert 0 <= gap <= 20, place
        assert box["x"] <= own["x"] + own["width"]
        assert own["x"] <= box["x"] + box["width"]
        desktop.keyboard.press("Escape")


def test_on_a_phone_a_tap_opens_a_sheet_for_the_thumb(phone: Page) -> None:
    link = phone.locator('article a.fact[href$="#ledger-counted-share"]')
    link.evaluate("node => node.scrollIntoView({ block: 'end', behavior: 'instant' })")
    link.tap()
    card = card_of(phone)
    assert has_focus(card)
    assert phone.url.endswith("tide.html")
    phone.wait_for_timeout(300)
    box = card.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 360)
    assert abs(box["y"] + box["height"] - 640) < 1
    assert box["height"] <= 0.7 * 640 + 1
    for place in card.locator("a, button").all():
        target = place.bounding_box()
        assert target and target["height"] >= 44, place.inner_text()
        assert target["width"] >= 44
    assert card.evaluate("node => getComputedStyle(node).overscrollBehaviorY") == "contain"
    phone.get_by_role("button", name="Close").tap()
    assert gone(phone)


def test_the_sheet_leaves_its_fact_in_sight_and_its_links_in_reach(phone: Page) -> None:
    link = phone.locator('article a.fact[href$="#ledger-sum-paid"]').last
    link.evaluate("node => node.scrollIntoView({ block: 'end', behavior: 'instant' })")
    link.tap()
    phone.wait_for_timeout(300)
    box, own = card_of(phone).bounding_box(), link.bounding_box()
    assert box and own
    assert 0 < own["y"] < own["y"] + own["height"] <= box["y"]
    assert card_of(phone).evaluate("node => node.scrollHeight > node.clientHeight && node.scrollTop === 0")
    for name in ("Open the passage at The Keeper", "Open in the evidence ledger"):
        target = card_of(phone).get_by_role("link", name=name).bounding_box()
        assert target and target["y"] + target["height"] <= 640


def test_a_finger_that_scrolls_the_page_leaves_the_sheet_open_and_a_tap_beside_it_closes_it(phone: Page) -> None:
    fact(phone, "lookers").tap()
    card_of(phone).wait_for()
    tool = phone.context.new_cdp_session(phone)
    before = phone.evaluate("scrollY")
    for step in range(9):
        kind = "touchMove" if step else "touchStart"
        finger = {"x": 100, "y": 170 - 15 * step}
        tool.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
    tool.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_timeout(600)  # the page glides on, and a touch would only stop it
    assert phone.evaluate("scrollY") > before
    assert card_of(phone).is_visible()
    phone.touchscreen.tap(180, 100)
    assert gone(phone)


def test_without_scripts_a_fact_is_a_link_to_its_entry(site: Path, chromium: Browser) -> None:
    for tab in opened(site, chromium, java_script_enabled=False):
        assert fact(tab, "lookers").get_attribute("aria-haspopup") is None
        assert "cards" not in tab.locator("article").inner_text()
        fact(tab, "lookers").click()
        tab.locator("#ledger-lookers:target").wait_for()


def test_the_card_keeps_still_and_keeps_its_edge_for_those_who_ask_for_it(site: Path, chromium: Browser) -> None:
    style = "node => { const s = getComputedStyle(node); return [s.animationName, s.borderBottomWidth]; }"
    for tab in opened(site, chromium, reduced_motion="no-preference"):
        fact(tab, "lookers").click()
        assert card_of(tab).evaluate(style) == ["evidence-card", "1px"]
    for tab in opened(site, chromium, reduced_motion="reduce", forced_colors="active"):
        fact(tab, "lookers").click()
        assert card_of(tab).evaluate(style) == ["none", "2px"]


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_the_card_has_enough_contrast(site: Path, chromium: Browser, scheme: str) -> None:
    for tab in opened(site, chromium, color_scheme=scheme):
        fact(tab, "lookers").click()
        ground = _luminance(card_of(tab).evaluate("node => getComputedStyle(node).backgroundColor"))
        assert (ground > 0.5) is (scheme == "light")
        for place in card_of(tab).locator("h2, p, dt, dd, a, button").all():
            ink = _luminance(place.evaluate("node => getComputedStyle(node).color"))
            assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, place.inner_text()
