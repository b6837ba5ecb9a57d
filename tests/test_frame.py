"""What stands around the text of the report's pages: their heads, masthead, lists, foot, and what of it is printed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.building import one
from tests.pages import DESKTOP, PHONE, ROUNDING, opened, pages, parsed, settled

pytestmark = pytest.mark.slow

WAYS = ("index.html", "search.html", "404.html")  # to pages, and no pages of the report


def every_page(site: Path) -> list[Path]:
    return [*pages(site), *(site / name for name in WAYS)]


def test_every_page_says_of_itself_what_it_is(site: Path) -> None:
    said: dict[str, list[str]] = {"title": [], "description": []}
    for path in every_page(site):
        page = parsed(path)
        meta = {
            str(tag.get("property") or tag.get("name")): str(tag["content"]) for tag in page.select("meta[content]")
        }
        title = one(page, "head title").get_text()
        assert one(page, "html")["lang"] == "en", path
        assert len(page.select("h1")) == 1, path
        assert meta["og:title"] and title.startswith(meta["og:title"]), path
        assert len(meta["description"]) > 40 and meta["og:description"] == meta["description"], path
        # A missing page stands at any depth, so that its addresses begin at the root.
        picture = site / meta["og:image"].lstrip("/") if path.name == "404.html" else path.parent / meta["og:image"]
        assert picture.resolve() == site / "_static/share.png", path
        assert meta["og:type"] == ("website" if path.name == "index.html" else "article"), path
        said["title"].append(title)
        said["description"].append(meta["description"])
    # The edition's own address stands for the front page and has its title.
    assert parsed(site / "index.html").title == parsed(site / "book/index.html").title
    for what, found in said.items():
        often = {text: number for text, number in Counter(found).items() if number > 1}
        assert len(often) == (1 if what == "title" else 0), often


def test_the_editions_own_address_leads_to_the_front_page_with_and_without_a_refresh(site: Path) -> None:
    page = parsed(site / "index.html")
    assert one(page, "meta[http-equiv=refresh]")["content"] == "0; url=book/index.html"
    assert one(page, "main a")["href"] == "book/index.html"
    assert not page.select("meta[name=robots]")


PLACES = """() => {
    const place = (selector) => {
        const box = document.querySelector(selector).getBoundingClientRect();
        return { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
    };
    const list = document.querySelector("#contents");
    return {
        bar: place(".masthead"), button: place("[popovertarget=contents]"), list: place("#contents"),
        text: place("main article"), goesOn: list.scrollHeight > list.clientHeight,
    };
}"""


@pytest.mark.parametrize("width", [PHONE, pytest.param(768, marks=pytest.mark.thorough), 1440])
@pytest.mark.parametrize("scrolled", [pytest.param(0, marks=pytest.mark.thorough), 700])
def test_the_contents_open_below_the_masthead_under_their_button(
    site: Path, chromium: Browser, width: int, scrolled: int
) -> None:
    for page in ("book/index.html", "book/wages.html") if width < 1200 else ("book/index.html",):
        tab, _ = opened(chromium, site / page, width)
        tab.set_viewport_size({"width": width, "height": 740})
        tab.evaluate("y => window.scrollTo(0, y)", scrolled)
        tab.get_by_role("button", name="Contents").click()
        found: dict[str, Any] = settled(tab).evaluate(PLACES)
        bar, button, shown, text = found["bar"], found["button"], found["list"], found["text"]
        assert abs(shown["top"] - bar["bottom"]) <= ROUNDING, page
        assert shown["left"] <= button["right"] and button["left"] <= shown["right"], page
        assert shown["right"] < max(text["right"], width - 16) + ROUNDING, page
        assert shown["bottom"] < 740 + ROUNDING, page
        assert not found["goesOn"], (page, "every page is in sight")
        targets = tab.locator("#contents a").evaluate_all("links => links.map(link => link.offsetHeight)")
        assert min(targets) >= 24
        tab.context.close()


def test_a_list_that_goes_on_below_shows_that_it_does(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "seeds/rfa-2016.html", PHONE)
    tab.set_viewport_size({"width": PHONE, "height": 640})
    tab.get_by_role("button", name="Contents").click()
    assert tab.evaluate(PLACES)["goesOn"]
    grounds = tab.locator("#contents").evaluate("node => getComputedStyle(node).backgroundAttachment").split(", ")
    assert grounds[:4] == ["local", "local", "scroll", "scroll"]  # a shade that only the list's end covers
    tab.context.close()


def test_the_pages_of_sources_stand_in_the_contents_while_a_reader_is_there(site: Path) -> None:
    for path in pages(site):
        listed = parsed(path).select("nav.contents .toctree-l2 > a")
        here = parsed(path).select("nav.contents [aria-current=page]")
        is_there = path.parent.name == "seeds" or path.stem == "sources"
        assert len(listed) == (5 if is_there else 0), path
        assert len(here) == (0 if path == site / "book/index.html" else 1), path
        if path.parent.name == "seeds":
            assert here[0].get_text() == one(parsed(path), "h1").get_text().strip("¶# "), path


def test_on_a_phone_only_the_tools_stay_and_nothing_that_has_the_focus_is_hidden(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "book/wages.html", PHONE)
    tab.evaluate("window.scrollTo(0, 900)")
    bar = "document.querySelector('.masthead').getBoundingClientRect().bottom"
    name, tools = tab.locator(".nameplate").bounding_box(), tab.locator(".masthead .tools").bounding_box()
    assert name and tools
    assert name["y"] + name["height"] < tools["y"] + ROUNDING and name["y"] + name["height"] / 2 < 0
    assert tools["y"] > -ROUNDING
    assert tab.evaluate(bar) < 1.25 * tools["height"]
    tab.get_by_role("button", name="Contents").focus()
    tab.keyboard.press("Shift+Tab")
    assert tab.evaluate("document.activeElement.className") == "nameplate"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") > -ROUNDING
    tab.locator("main h2").nth(2).evaluate("heading => location.hash = heading.parentElement.id")
    top = tab.locator("main h2").nth(2).bounding_box()
    assert top and top["y"] >= tab.evaluate(bar)
    tab.context.close()


def test_the_foot_says_what_its_link_opens(site: Path) -> None:
    for path in pages(site):
        link = parsed(path).select_one("footer a[href*=_sources]")
        assert link and link.get_text() == "Text of this page (Markdown)", path


def test_a_printed_page_says_whence_it_is_and_gives_addresses_in_brackets(site: Path, chromium: Browser) -> None:
    digest = one(parsed(site / "book/wages.html"), "footer code").get_text()
    for page in ("book/appendix/ledger.html", "book/appendix/checks.html", "seeds/intlmonitor-2024.html"):
        tab, _ = opened(chromium, site / page, DESKTOP)
        tab.emulate_media(media="print")
        line = tab.locator(".printed-from")
        assert line.is_visible()
        for part in ("Under Watch: North Korean workers in China", "version", digest):
            assert part in line.inner_text()
        link = tab.locator("article a[href^='http']").first
        shown = link.evaluate("node => getComputedStyle(node, '::after').content")
        assert str(link.get_attribute("href")) in shown and "[" in shown
        tab.emulate_media(media="screen")
        assert not line.is_visible()
        tab.context.close()


def test_paper_offers_no_file_to_download(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "book/index.html", DESKTOP)
    tab.emulate_media(media="print")
    assert not any(link.is_visible() for link in tab.locator("a[href$='.pdf']").all())
    assert tab.locator(".edition-line").is_visible()
    tab.context.close()


@pytest.mark.thorough
def test_no_page_is_wider_than_the_window(site: Path, chromium: Browser) -> None:
    """Each page is opened once, which takes longer than all widths; the thorough tests open it at each."""
    context = chromium.new_context()
    tab = context.new_page()
    wide = []
    for path in [*pages(site), site / "search.html", site / "404.html"]:
        tab.set_viewport_size({"width": PHONE, "height": 900})
        tab.goto(path.as_uri(), wait_until="domcontentloaded")
        for width in (PHONE, 768, 1440):
            tab.set_viewport_size({"width": width, "height": 900})
            if tab.evaluate("document.scrollingElement.scrollWidth") > width:
                wide.append(f"{path.relative_to(site)} at {width}")
    context.close()
    assert wide == []
