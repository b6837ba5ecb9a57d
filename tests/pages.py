"""Pages of the web edition as files and in a browser."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

PHONE, DESKTOP = 360, 1280


def pages(site: Path) -> list[Path]:
    return sorted([*site.glob("book/**/*.html"), *site.glob("seeds/*.html")])


@lru_cache(maxsize=40)
def parsed(path: Path) -> BeautifulSoup:
    """The page as a tree, which all tests of a run share: whoever changes it parses his own."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def opened(chromium: Browser, path: Path, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(path.as_uri())
    return tab, errors
