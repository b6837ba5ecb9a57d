"""The web edition for everyone: WCAG 2.2 AA by axe, valid HTML, keyboard, zoom, spacing, motion, forced colours."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.javatools import HTML_CHECKER
from tests.pages import DESKTOP, PHONE, opened, pages, parsed, settled

pytestmark = pytest.mark.slow

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHAPTER, FRONT = "book/wages.html", "book/index.html"
SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }
"""


@cache
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(tab: Page, rules: list[str] | None = None, part: str = "html", without: Sequence[str] = ()) -> list[str]:
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe())
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    slow = {name: {"enabled": False} for name in without}
    options = {"runOnly": only, "rules": slow, "resultTypes": ["violations"], "preload": False}
    found = tab.evaluate("([part, options]) => axe.run(part, options)", [part, options])["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


CONTRAST = "color-contrast"
# Hundreds of entries of one form: every eighth shows the colours of all of them, in a fifth of the time.
THIN = "() => [...document.querySelectorAll('.ledger-entry')].forEach((entry, n) => { if (n % 8) entry.remove(); })"


# What is far from sight has a guessed height, over which its own lines run into those of the next entry.
LAID_OUT = ".ledger-entry { content-visibility: visible !important; }"


def violations_of_page(tab: Page, scheme: str) -> list[str]:
    """What is wrong with the page as it lies there; the dark page is the same page in other colours."""
    found = violations(tab, without=[CONTRAST]) if scheme == "light" else []
    tab.evaluate(THIN)
    return found + violations(tab, [CONTRAST])


def all_pages(site: Path) -> list[Path]:
    return [*pages(site), site / "search.html", site / "404.html"]


# Pages of every kind; the others are of the same kinds.
KINDS = {"index.html", "wages.html", "events.html", "dailynk-2018.html", "dictionary.html", "search.html", "404.html"}
# What is laid out in another way there, the ledger too.
ON_A_PHONE = {"index.html", "wages.html", "dailynk-2018.html", "search.html", "ledger.html"}


def of_kinds(site: Path, kinds: set[str] | None) -> list[Path]:
    """The pages of these names, or all."""
    return [path for path in all_pages(site) if kinds is None or path.name in kinds]


@pytest.mark.parametrize(
    ("width", "scheme", "kinds"),
    [
        (DESKTOP, "light", KINDS),
        (PHONE, "light", ON_A_PHONE),
        (PHONE, "dark", ON_A_PHONE),
        *(
            pytest.param(width, scheme, None, marks=pytest.mark.thorough)
            for width in (PHONE, DESKTOP)
            for scheme in ("light", "dark")
        ),
    ],
)
def test_no_page_has_a_violation_and_neither_has_the_card_that_it_opens(
    site: Path, chromium: Browser, width: int, scheme: str, kinds: set[str] | None
) -> None:
    # What is still fading in has no colour yet.
    look: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
    context = chromium.new_context(viewport={"width": width, "height": 900}, **look)
    found = []
    cards = 0
    for path in of_kinds(site, kinds):
        tab = context.new_page()
        tab.goto(path.as_uri())
        tab.add_style_tag(content=LAID_OUT)
        if kinds:
            tab.evaluate(THIN)
        found += [f"{path.name}: {one}" for one in violations_of_page(tab, scheme)]
        if tab.locator("article a.fact").count():
            tab.locator("article a.fact").first.click()
            found += [
                f"{path.name}, card: {one}"
                for one in violations(tab, [CONTRAST] if scheme == "dark" else None, "#evidence-card")
            ]
            cards += 1
        tab.close()
    context.close()
    assert found == []
    assert cards >= (8 if kinds is None else 2)


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        ("light", PHONE),
        pytest.param("dark", DESKTOP, marks=pytest.mark.thorough),
        pytest.param("dark", PHONE, marks=pytest.mark.thorough),
        pytest.param("light", DESKTOP, marks=pytest.mark.thorough),
    ],
)
def test_an_open_card_an_open_list_and_what_was_found_have_no_violation(
    site: Path, chromium: Browser, width: int, scheme: str
) -> None:
    tab, _ = opened(chromium, site / CHAPTER, width, scheme)
    tab.emulate_media(reduced_motion="reduce")  # what is still fading in has no colour yet
    tab.locator("article a.fact").first.click()
    tab.locator("#evidence-card").wait_for()
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    for details in tab.locator("details").all():
        details.evaluate("node => { node.open = true; }")
    assert violations(tab) == []
    if width == PHONE:
        tab.get_by_role("button", name="Contents").click()
        assert tab.locator("#contents").is_visible()
        assert violations(tab) == []
    tab.goto((site / "search.html").as_uri() + "?q=Dandong")
    tab.locator(".search-found li").first.wait_for()
    assert violations(tab) == []
    tab.goto((site / "search.html").as_uri() + "?q=Dandnog")
    tab.locator(".search-status button").wait_for()
    assert violations(tab) == []
    tab.context.close()


def test_every_page_is_valid_html(site: Path) -> None:
    command = HTML_CHECKER.find()
    assert command, "no HTML checker: run `make test`, or python -m tests.javatools"
    done = subprocess.run(
        [*command, "--errors-only", "--format", "gnu", "--skip-non-html", str(site)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0


STOP = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const box = node.getClientRects()[0];  // the first line of a link that goes over several
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 10));
    const style = getComputedStyle(node);
    return {
        said: (node.innerText || node.getAttribute("aria-label") || node.tagName).slice(0, 40),
        place: [...document.querySelectorAll("*")].indexOf(node),
        isSeen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        isCovered: !(middle && (node.contains(middle) || middle.contains(node))),
        isLate: node.closest(".chart-live, .chart-filter") !== null,
        hasOutline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
}"""


@pytest.mark.parametrize(
    ("page", "width"), [(CHAPTER, PHONE), (CHAPTER, DESKTOP), ("search.html", PHONE), ("seeds/rfa-2016.html", DESKTOP)]
)
def test_the_keyboard_reaches_everything_in_order_and_sees_where_it_is(
    site: Path, chromium: Browser, page: str, width: int
) -> None:
    walk_by_keyboard(chromium, site / page, width)


@pytest.mark.thorough
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_keyboard_reaches_everything_on_every_page(site: Path, chromium: Browser, width: int) -> None:
    for path in all_pages(site):
        walk_by_keyboard(chromium, path, width)


def walk_by_keyboard(chromium: Browser, path: Path, width: int) -> None:
    """Go through the page from its first stop to its last."""
    tab, _ = opened(chromium, path, width)
    while tab.evaluate("document.activeElement !== document.body"):  # the search begins in its field: back to the start
        tab.keyboard.press("Shift+Tab")
    stops: list[dict[str, Any]] = []
    for _ in range(400 + tab.locator("a[href], button, summary").count()):
        tab.keyboard.press("Tab")
        if tab.locator("#evidence-card").count():
            tab.keyboard.press("Escape")
        stop = tab.evaluate(STOP)
        if stop is None or (stops and stop["place"] == stops[0]["place"]):
            break
        stops.append(stop)
    else:
        raise AssertionError("the keyboard never comes to an end of the page")
    assert stops[0]["said"] == "Skip to the text"
    assert [stop["place"] for stop in stops] == sorted(stop["place"] for stop in stops), path.name
    wrong = [stop for stop in stops if not stop["isSeen"] or stop["isCovered"] or not stop["hasOutline"]]
    assert wrong == [], path.name
    reachable = tab.locator(
        "a[href]:visible, button:visible, summary:visible, input:visible, select:visible, [tabindex='0']:visible"
    ).evaluate_all("nodes => nodes.filter(node => !node.closest('.chart-live, .chart-filter')).length")
    # Charts open by themselves on a large screen, some of them when the keyboard has gone by.
    assert len([stop for stop in stops if not stop["isLate"]]) == reachable, path.name
    tab.context.close()


def test_the_first_stop_skips_to_the_text(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / CHAPTER, DESKTOP)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    settled(tab)  # it goes to the text with the next frame
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('article') !== null")
    tab.context.close()


@pytest.mark.parametrize("kinds", [KINDS, pytest.param(None, marks=pytest.mark.thorough)])
def test_four_hundred_percent_zoom_and_wider_spacing_lose_nothing(
    site: Path, chromium: Browser, kinds: set[str] | None
) -> None:
    # 1280 by 1024 pixels at 400 percent are 320 by 256.
    context = chromium.new_context(viewport={"width": 320, "height": 256})
    for path in of_kinds(site, kinds):
        tab = context.new_page()
        tab.goto(path.as_uri())
        settled(tab)
        for spacing in ("", SPACING):
            if spacing:
                tab.add_style_tag(content=spacing)
            assert tab.evaluate("document.scrollingElement.scrollWidth") <= 320, (path, spacing)
            cut = tab.evaluate("""() => [...document.querySelectorAll("main *, header *, footer *")].filter(node => {
                const style = getComputedStyle(node);
                const hides = style.overflowX === "hidden" || style.overflowY === "hidden" || style.textOverflow === "ellipsis";
                return hides && !node.closest("svg, .visually-hidden, .stacks thead") && (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1);
            }).map(node => node.outerHTML.slice(0, 80))""")  # noqa: E501
            assert cut == [], path
        # What stays in place while the page is scrolled must leave most of the window to the text.
        tab.evaluate("window.scrollTo(0, 600)")
        assert tab.evaluate("document.querySelector('.masthead').getBoundingClientRect().bottom") <= 256 / 3
        tab.close()
    context.close()


def test_nothing_moves_for_who_wants_no_motion(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": DESKTOP, "height": 900}, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto((site / CHAPTER).as_uri())
    tab.locator("article a.fact").first.click()
    assert tab.evaluate("document.getAnimations().length") == 0
    assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    context.close()


def test_forced_colours_keep_facts_focus_and_charts_visible(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(
        viewport={"width": DESKTOP, "height": 900}, forced_colors="active", color_scheme="dark"
    )
    tab = context.new_page()
    tab.goto((site / CHAPTER).as_uri())
    fact = tab.locator("article a.fact").first
    assert "underline" in fact.evaluate("node => getComputedStyle(node).textDecorationLine")
    fact.focus()
    assert float(fact.evaluate("node => parseFloat(getComputedStyle(node).outlineWidth)")) >= 2
    # A chart keeps its own colours, so it must bring the ground that they were chosen for.
    ground, text = tab.locator(".chart-wide svg").first.evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node.querySelector('text')).fill]"
    )
    assert ground != "rgba(0, 0, 0, 0)"
    assert ground != text
    context.close()


def test_without_scripts_the_lists_open_and_every_chapter_can_be_read(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": PHONE, "height": 740}, java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / FRONT).as_uri())
    tab.get_by_role("button", name="Contents").click()
    tab.locator("#contents").get_by_role("link", name="Wages").click()
    tab.wait_for_url(f"**/{CHAPTER}")
    assert tab.locator(".chart-narrow").first.is_visible()
    tab.get_by_text("Notes, data and citation").first.click()
    assert tab.locator(".chart-tools table").first.is_visible()
    context.close()


@pytest.mark.parametrize("kinds", [KINDS, pytest.param(None, marks=pytest.mark.thorough)])
def test_without_scripts_every_page_shows_its_text_and_its_drawings(
    site: Path, chromium: Browser, kinds: set[str] | None
) -> None:
    context = chromium.new_context(viewport={"width": PHONE, "height": 740}, java_script_enabled=False)
    seen = (
        "nodes => nodes.filter(node => node.getClientRects().length && getComputedStyle(node).opacity === '1').length"
    )
    tab = context.new_page()
    for path in of_kinds(site, kinds):
        tab.goto(path.as_uri())
        for selector in (
            "article h1",
            "article p",
            "figure .chart-narrow svg",
            ".chart-tools summary",
            ".ledger-entry",
        ):
            shown = tab.locator(selector).evaluate_all(seen)
            written = len(parsed(path).select(selector))
            folded = tab.locator(f"details:not([open]) > :not(summary) {selector.rpartition(' ')[2]}").count()
            assert written - folded <= shown <= written, (path, selector)
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= PHONE, path
    context.close()


def test_the_reader_chooses_light_or_dark_and_it_lasts(site: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, site / CHAPTER, DESKTOP, "light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.get_by_role("button", name="Dark colours").click()
    dark = tab.evaluate(ground)
    assert dark != light
    tab.goto((site / FRONT).as_uri())
    assert tab.evaluate(ground) == dark
    tab.get_by_role("button", name="Light colours").click()
    assert tab.evaluate(ground) == light
    assert errors == []
    tab.context.close()
