"""Charts of the web edition: what stands below them, the files they offer, and the chart that a reader explores."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page

from evidencebook.charts import bundle
from tests.building import STRICT, build, built_in, change, copy_book, from_nothing, one, soup, tree
from tests.pages import ROUNDING, hold_time, much_later, settled

pytestmark = pytest.mark.slow
FIGURE = "#fig-lookers"
TOOLS = ".chart-tools[data-figure=fig-lookers]"
STATEMENT = "The mainland counted 40 visitors."


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = copy_book(tmp_path_factory.mktemp("charts"))
    change(found / "book/tide.md", "Who the others were.", "Who the others were. Nor {fact}`water-rise`.")
    change(found / "book/tide.md", "Who came. Source: {src}`harbour-log`.", "Who came. {src}`drawn`.")
    built_in(found, "html")
    return found


@pytest.fixture(scope="module")
def chapter(root: Path) -> Path:
    return root / "_build/html/book/tide.html"


@pytest.fixture(scope="module")
def tools(chapter: Path) -> Tag:
    return one(soup(chapter), TOOLS)


@pytest.fixture
def tab(chromium: Browser, chapter: Path) -> Iterator[Page]:
    """The chapter on a desktop that is too small to open charts by itself."""
    context = chromium.new_context(viewport={"width": 900, "height": 800})
    found = context.new_page()
    problems: list[str] = []
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on("requestfailed", lambda request: problems.append(request.url))
    found.goto(chapter.as_uri())
    yield settled(found)
    context.close()
    assert problems == []


def explored(tab: Page) -> Page:
    tab.locator(f"{TOOLS} button", has_text="Explore").click()
    tab.locator(f"{FIGURE} .chart-live svg").wait_for()
    tab.locator(f"{TOOLS} button", has_text="Show as plain picture").wait_for()
    return tab


def linked(tools: Tag, chapter: Path, ending: str) -> Path:
    return chapter.parent / str(one(tools, f"a[download][href$='{ending}']")["href"])


def test_a_caption_names_the_sources_of_what_is_drawn(chapter: Path) -> None:
    caption = one(soup(chapter), f"{FIGURE} figcaption")
    assert "Who came. Sources: The Mainland via Copy House, 1953 or 1954; The Keeper, 1953." in caption.get_text()
    sources = [str(link["href"]).partition("#")[0] for link in caption.select("a.source")]
    assert sources == ["../seeds/mainland-letter.html", "../seeds/harbour-log.html"]


def test_the_tools_stand_right_behind_the_figure_and_work_without_scripts(
    chapter: Path, tools: Tag, chromium: Browser
) -> None:
    previous = tools.find_previous_sibling()
    assert isinstance(previous, Tag) and previous.name == "figure"
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(chapter.as_uri())
    assert not tab.locator(".twin table").is_visible()
    tab.locator(".chart-about > summary").click()
    assert tab.locator(".twin table").is_visible()
    said = tab.locator(".chart-notes").inner_text()
    for words in ("What the logs give.", "Who the others were.", STATEMENT, "Fig. 1.1", "Version 0.3.0"):
        assert words in said
    tab.locator(".chart-notes a", has_text=STATEMENT).click()
    assert tab.locator(".ledger-entry:target").is_visible()
    context.close()


def test_a_fact_in_what_a_chart_omits_leads_to_its_entry_which_names_the_figure(root: Path, tools: Tag) -> None:
    assert str(one(tools, ".chart-notes a.fact")["href"]).endswith("#ledger-water-rise")
    entry = one(soup(root / "_build/html/book/ledger.html"), "#ledger-water-rise")
    assert "Fig. 1.1" in [link.get_text() for link in entry.select("a.use")]


def test_the_files_hold_the_table_and_the_picture(chapter: Path, tools: Tag) -> None:
    rows = list(csv.reader(linked(tools, chapter, ".csv").read_text("utf-8").splitlines()))
    assert rows == [["Who", "People"], ["visitors-counted", "40"], ["lookers", "up to 90"]]
    picture = linked(tools, chapter, ".svg").read_text("utf-8")
    assert "<title>Points: 40 and up to 90 people.</title>" in picture
    assert "var(" not in picture and 'style="background:#ffffff"' in picture


@pytest.mark.thorough
def test_the_files_are_named_by_their_content_and_the_same_everywhere(root: Path, tmp_path: Path) -> None:
    ours = {name: digest for name, digest in tree(root / "_build/html").items() if name.startswith("_charts/")}
    theirs = from_nothing(root, tmp_path)
    assert {name: digest for name, digest in theirs.items() if name.startswith("_charts/")} == ours
    for name, digest in ours.items():
        if "vega" not in name:
            assert name.split(".")[1] == digest[:10]
    assert f"_charts/{bundle.name()}" in ours


def test_the_first_view_loads_neither_vega_nor_a_specification(tab: Page) -> None:
    # A page of its own: to load one anew while its icon is still on the way would make that a request that failed.
    page = tab.context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(tab.url)
    settled(page)
    assert asked
    assert not [url for url in asked if "/_charts/" in url]
    explored(page)
    assert len([url for url in asked if "/_charts/" in url]) == 3
    assert failed == []


def scrolled_to(tab: Page) -> None:
    """Have the chart in sight for as long as it takes to notice that: the test of large screens sees that it is."""
    tab.locator(FIGURE).evaluate("node => node.scrollIntoView({ behavior: 'instant' })")
    settled(tab)


def is_plain(tab: Page) -> bool:
    """Return whether nothing has begun to open the chart; the button says at once when something has."""
    is_live = tab.locator(".chart-live").count() > 0
    return not is_live and tab.locator(f"{TOOLS} .chart-links button").first.inner_text() == "Explore"


def test_large_screens_open_a_chart_that_is_scrolled_to_and_not_before(chromium: Browser, chapter: Path) -> None:
    context = chromium.new_context(viewport={"width": 1300, "height": 420})
    tab = context.new_page()
    tab.goto(chapter.as_uri())
    settled(tab)
    assert is_plain(tab)
    before = tab.evaluate("document.body.scrollHeight")
    scrolled_to(tab)
    assert not is_plain(tab)
    tab.locator(f"{TOOLS} button", has_text="Show as plain picture").wait_for()
    assert tab.locator(f"{FIGURE} .chart-how").inner_text().startswith("Point at a mark")
    assert abs(tab.evaluate("document.body.scrollHeight") - before) <= 2 * ROUNDING
    context.close()


def test_who_saves_data_or_has_a_finger_opens_charts_himself(chromium: Browser, chapter: Path) -> None:
    for setting in ({"has_touch": True, "is_mobile": True}, {}):
        context = chromium.new_context(viewport={"width": 1300, "height": 420}, **setting)
        if not setting:
            context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        tab = context.new_page()
        tab.goto(chapter.as_uri())
        scrolled_to(settled(tab))
        assert is_plain(tab), setting
        context.close()


def test_the_explored_chart_looks_as_the_drawing_and_follows_the_page(tab: Page) -> None:
    texts = "nodes => nodes.map(node => node.textContent)"
    drawn = tab.locator(".chart-wide svg text").evaluate_all(texts)
    size = tab.locator(".chart-wide svg").bounding_box()
    explored(tab)
    assert tab.locator(".chart-live svg text").evaluate_all(texts) == drawn
    live = tab.locator(".chart-live svg").bounding_box()
    assert size and live
    assert all(abs(live[side] - size[side]) < ROUNDING for side in ("width", "height"))
    assert not tab.locator(".chart-wide").is_visible()
    fill = "node => getComputedStyle(node).fill"
    label = tab.locator(".chart-live svg text").first
    light = label.evaluate(fill)
    tab.emulate_media(color_scheme="dark")
    assert label.evaluate(fill) != light


def test_a_pointer_gets_the_claim_and_a_click_holds_it_with_the_way_to_the_ledger(tab: Page) -> None:
    hold_time(explored(tab))
    mark = tab.locator(".chart-live [data-facts='visitors-counted']").bounding_box()
    assert mark
    tab.mouse.move(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    assert tab.locator(".chart-tip").inner_text().split("\n\n") == [
        "40", STATEMENT, "The Mainland via Copy House, 1953 or 1954",
    ]  # fmt: skip
    tab.keyboard.press("Escape")
    tab.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    assert tab.url.endswith("tide.html")
    tab.mouse.move(2, 2, steps=5)  # away over the chart, and from it
    much_later(tab)
    tab.locator(".chart-tip a", has_text="Open in the evidence ledger").click()
    tab.wait_for_url("**/ledger.html#ledger-visitors-counted")


def test_the_keyboard_walks_the_marks_and_hears_the_claim(tab: Page) -> None:
    explored(tab)
    chart, said = tab.locator(".chart-live"), tab.locator(".chart-said[aria-live=polite]")
    tab.keyboard.press("Shift+Tab")
    while not chart.evaluate("node => node === document.activeElement"):
        tab.keyboard.press("Shift+Tab")
    first = said.inner_text()
    assert tab.locator(".chart-ring").is_visible()
    tab.keyboard.press("ArrowRight")
    second = said.inner_text()
    assert {first.partition(".")[0], second.partition(".")[0]} == {"40", "up to 90"}
    tab.keyboard.press("ArrowRight")  # there is no third
    assert said.inner_text() == second
    tab.keyboard.press("Home")
    assert said.inner_text() == first
    tab.keyboard.press("End")
    assert said.inner_text() == second
    tab.keyboard.press("Escape")
    assert tab.locator(".chart-tip").count() == 0
    assert chart.evaluate("node => node === document.activeElement")
    tab.keyboard.press("End")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.textContent") == "Open in the evidence ledger"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/ledger.html#ledger-*")


def test_a_finger_reads_first_and_then_follows(chromium: Browser, chapter: Path) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(chapter.as_uri())
    explored(tab)
    tab.locator(FIGURE).scroll_into_view_if_needed()
    mark = tab.locator(".chart-live [data-facts='visitors-counted']").bounding_box()
    assert mark
    tab.touchscreen.tap(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    link = tab.locator(".chart-tip a")
    link.wait_for()
    assert tab.url.endswith("tide.html")
    assert tab.evaluate("document.scrollingElement.scrollWidth") <= 360
    link.tap()
    tab.wait_for_url("**/ledger.html#ledger-visitors-counted")
    context.close()


def test_the_plain_picture_comes_back(tab: Page) -> None:
    hold_time(explored(tab))  # an hour later it means the button as it is now
    tab.locator(f"{TOOLS} button", has_text="Show as plain picture").click()
    assert tab.locator(".chart-live").count() == 0
    assert tab.locator(".chart-wide").is_visible()


def test_where_vega_is_missing_the_drawing_stays(root: Path, chromium: Browser, chapter: Path) -> None:
    (vega,) = (root / "_build/html/_charts").glob("vega.*.js")
    away = vega.rename(vega.with_suffix(".away"))
    try:
        context = chromium.new_context(viewport={"width": 900, "height": 800})
        tab = context.new_page()
        tab.goto(chapter.as_uri())
        button = tab.locator(f"{TOOLS} .chart-links button").first
        with tab.expect_console_message(lambda message: "cannot be loaded" in message.text):
            button.click()
        assert button.inner_text() == "Explore"
        assert tab.locator(".chart-wide").is_visible()
        context.close()
    finally:
        away.rename(vega)


def test_files_are_saved_from_disk_and_from_a_server_alike(tab: Page, root: Path, tools: Tag, chapter: Path) -> None:
    site = root / "_build/html"
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        served = f"http://127.0.0.1:{server.server_port}/{chapter.relative_to(site).as_posix()}"
        for address in (tab.url, served):
            page = tab.context.new_page()
            page.goto(address)
            for ending in (".csv", ".svg"):
                with page.expect_download() as caught:
                    page.locator(f"{TOOLS} a[download][href$='{ending}']").click()
                assert page.url == address
                offered = linked(tools, chapter, ending)
                assert caught.value.suggested_filename == offered.name
                assert_same(caught.value.path(), offered)
            page.close()
        server.shutdown()


def assert_same(ours: Path, theirs: Path) -> None:
    if theirs.suffix == ".csv":
        assert ours.read_bytes() == theirs.read_bytes()
        return
    saved, offered = (BeautifulSoup(path.read_bytes(), "xml") for path in (ours, theirs))
    assert saved.title and offered.title and saved.title.get_text() == offered.title.get_text()
    drawn = [[tag.attrs for tag in one.select("path, text")] for one in (saved, offered)]
    assert len(drawn[0]) > 2 and drawn[0] == drawn[1]
    assert "var(" not in str(saved) and "background:#ffffff" in str(saved)


def test_the_citation_is_copied(tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.locator(".chart-about > summary").click()
    tab.locator("button", has_text="Copy").click()
    tab.locator("button", has_text="Copied").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == tab.locator(".citation").inner_text()
    assert copied.startswith("Fig. 1.1")


def test_what_is_wrong_with_figures_is_told_where_they_stand(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    change(root / "book/figures/people.py", 'rows[charts.FACTS] = rows["who"]', 'rows[charts.FACTS] = "loukers"')
    page = (root / "book/tide.md").read_text("utf-8")
    figure = "mystnb:\n  figure:\n    name: fig-{}\n    caption: Words.\n    shows: Words.\n"
    page += f"\n```{{code-cell}} python\n---\n{figure.format('print')}---\n'no chart'\n```\n"
    (root / "book/tide.md").write_text(page.replace("    omits: Who the others were.\n", ""), "utf-8")
    done = build(root, *STRICT)
    assert done.returncode
    assert re.search(r"book/tide\.md:\d+: WARNING: figure 'fig-lookers' does not say what it omits", done.stderr)
    assert re.search(r"book/tide\.md:\d+: WARNING: what the figure shows would stand nowhere", done.stderr)
    assert re.search(r"book/tide\.md.*unknown fact 'loukers' - did you mean lookers", done.stdout + done.stderr)


def test_the_specification_holds_encoded_columns_and_facts_only(chapter: Path, tools: Tag) -> None:
    script = (chapter.parent / str(tools["data-spec"])).read_text("utf-8")
    found = json.loads(script.removeprefix("document.currentScript.chart = ").rstrip(";\n"))
    for form in ("wide", "narrow"):
        (rows,) = found[form]["datasets"].values()
        assert {column for row in rows for column in row} == {"people", "who", "facts"}
    assert set(found["facts"]) == {"visitors-counted", "lookers"}
