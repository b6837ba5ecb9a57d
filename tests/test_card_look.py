"""Claim cards: where they lie in the window or on a phone, and how they look."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.carded import SENTENCE, at_rest, card_of, desktop, fact, gone, has_focus, opened, phone, site
from tests.pages import ROUNDING, until

__all__ = ["desktop", "phone", "site"]  # fixtures
pytestmark = pytest.mark.slow

LOW_WINDOWS = [pytest.param(*size, marks=pytest.mark.thorough) for size in ((1280, 460), (740, 360))]
MORE_WINDOWS = [pytest.param(*size, marks=pytest.mark.thorough) for size in ((320, 400), (360, 640))]
LONG_CARD = ".evidence-card dl { min-height: 30rem; }"  # as the longest of the report


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800), *LOW_WINDOWS])
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
                assert min(box["x"], box["y"]) > -ROUNDING, (fact_id, place, box)
                assert box["x"] + box["width"] < width + ROUNDING, (fact_id, place, box)
                assert box["y"] + box["height"] < height + ROUNDING, (fact_id, place, box)
                assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
                tab.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "height"), [(320, 256), (1280, 800), *MORE_WINDOWS])
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
                assert top - ROUNDING < box["y"], walked
                assert box["y"] + box["height"] < bottom + ROUNDING, walked
            assert box["y"] + box["height"] < height + ROUNDING, walked
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
    card = at_rest(phone)
    assert has_focus(card)
    assert phone.url.endswith("tide.html")
    box = card.bounding_box()
    assert box
    assert abs(box["x"]) < ROUNDING and abs(box["width"] - 360) < ROUNDING
    assert abs(box["y"] + box["height"] - 640) < ROUNDING
    assert box["height"] < 0.7 * 640 + ROUNDING
    for place in card.locator("a, button").all():
        target = place.bounding_box()
        assert target and min(target["width"], target["height"]) > 44 - ROUNDING, place.inner_text()
    assert card.evaluate("node => getComputedStyle(node).overscrollBehaviorY") == "contain"
    phone.get_by_role("button", name="Close").tap()
    assert gone(phone)


def test_the_sheet_leaves_its_fact_in_sight_and_its_links_in_reach(phone: Page) -> None:
    link = phone.locator('article a.fact[href$="#ledger-sum-paid"]').last
    link.evaluate("node => node.scrollIntoView({ block: 'end', behavior: 'instant' })")
    link.tap()
    box, own = at_rest(phone).bounding_box(), link.bounding_box()
    assert box and own
    assert 0 < own["y"] < own["y"] + own["height"] < box["y"] + ROUNDING
    assert card_of(phone).evaluate("node => node.scrollHeight > node.clientHeight && node.scrollTop === 0")
    for name in ("Open the passage at The Keeper", "Open in the evidence ledger"):
        target = card_of(phone).get_by_role("link", name=name).bounding_box()
        assert target and target["y"] + target["height"] < 640 + ROUNDING


def test_a_finger_that_scrolls_the_page_leaves_the_sheet_open_and_a_tap_beside_it_closes_it(phone: Page) -> None:
    """How far a page glides on after a finger is the browser's affair, and differs between its versions. This finger
    takes a second for each step, as its events say, and nothing glides; what is tapped is text, wherever it lies."""
    link, text = fact(phone, "lookers"), phone.locator("article p", has_text=SENTENCE).first
    link.evaluate("node => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
    link.tap()
    assert at_rest(phone).is_visible()
    own, before, now = link.bounding_box(), phone.evaluate("scrollY"), time.time()
    assert own
    tool = phone.context.new_cdp_session(phone)
    for step in range(7):
        kind = {0: "touchStart", 6: "touchEnd"}.get(step, "touchMove")
        at = [] if kind == "touchEnd" else [{"x": 180, "y": own["y"] - 20 - 15 * step}]  # at first beside the sheet
        tool.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at, "timestamp": now - 10 + step})
    until(phone, "before => scrollY > before", before)
    assert card_of(phone).is_visible()
    text.evaluate("node => node.scrollIntoView({ block: 'start', behavior: 'instant' })")
    assert card_of(phone).is_visible()
    text.tap()
    assert gone(phone)


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
