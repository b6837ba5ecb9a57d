"""Pages of the web edition as files and in a browser."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

PHONE, DESKTOP = 360, 1280
ROUNDING = 1  # pixels: what a browser may round away where things touch, fonts being set to fractions of them
# Two frames: by then the page is laid out, its observers are told, and a scroll has been heard of.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def pages(site: Path) -> list[Path]:
    return sorted([*site.glob("book/**/*.html"), *site.glob("seeds/*.html")])


@lru_cache(maxsize=40)
def parsed(path: Path) -> BeautifulSoup:
    """The page as a tree, which all tests of a run share: whoever changes it parses his own."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def settled(tab: Page) -> Page:
    """Wait until the page has its typefaces and does nothing more of itself, by its own time."""
    tab.evaluate("document.fonts.ready.then(() => {})")
    tab.evaluate(TWO_FRAMES)
    return tab


def until(tab: Page, condition: str, given: Any = None) -> None:
    """Wait until a function in the page returns that it is so.

    Playwright's wait_for_function compiles it again at each look, which the policy of our pages forbids to all but the
    first: that would fail whenever there is something to wait for.
    """
    for _ in range(1_000):
        if tab.evaluate(condition, given):
            return
        tab.evaluate(TWO_FRAMES)
    raise AssertionError(f"never so: {condition} of {given}")


def hold_time(tab: Page) -> None:
    """Stop the time of the page: from here on only the test moves it, and no busy machine can make a wait too short."""
    tab.clock.install(time=0)
    tab.clock.pause_at(3_600)


def much_later(tab: Page) -> None:
    """Move the time that is held by more than anything on a page waits for."""
    tab.clock.run_for(10_000)


def opened(chromium: Browser, path: Path, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(path.as_uri())
    return settled(tab), errors


def explore(tab: Page, figure: str) -> None:
    tools = tab.locator(f".chart-tools[data-figure={figure}]")
    tools.get_by_role("button", name="Explore").click()
    tools.get_by_role("button", name="Show as plain picture").wait_for()
