"""A page with claim cards in a real browser, at a desk and on a phone; the fixtures are those of two test files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from evidencebook.evidence.facts import Evidence
from tests.building import built_once, change, copy_book
from tests.pages import settled

SENTENCE = "The water came and went, and nobody thought much of it at the time."


def with_crowd(root: Path) -> None:
    """Copy the tiny book on another topic, with enough text around its facts to scroll."""
    copy_book(root.parent, root.name)
    filler = "\n\n".join([SENTENCE] * 30)
    crowd = f"{SENTENCE} So {{fact}}`lamps-lit` lamps, {{fact}}`sum-paid` and {{fact}}`water-rise`, or so it is said."
    change(root / "book/tide.md", "## What it", f"{filler}\n\n{crowd}\n\n{filler}\n\n## What it")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "cards", with_crowd) / "_build/html/book"


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
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto((site / "tide.html").as_uri())
    if options.get("java_script_enabled", True):
        settled(tab)
    yield tab
    assert errors == []
    context.close()


def fact(tab: Page, fact_id: str) -> Locator:
    return tab.locator(f'article a.fact[href$="#ledger-{fact_id}"]').first


def card_of(tab: Page) -> Locator:
    return tab.get_by_role("dialog")


def at_rest(tab: Page) -> Locator:
    """The card, once it has come in as far as it comes."""
    card_of(tab).evaluate("node => Promise.all(node.getAnimations().map(one => one.finished)).then(() => {})")
    return card_of(tab)


def gone(tab: Page) -> bool:
    card_of(tab).wait_for(state="detached")
    return True


def has_focus(place: Locator) -> bool:
    return bool(place.evaluate("node => node === document.activeElement"))
