"""The web edition from disk: it asks nobody for anything, breaks nothing of its own policy, is light and searchable."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from evidencebook.editions import site as editions
from evidencebook.extension.inlined import source_hash
from tests.pages import DESKTOP, pages, parsed

pytestmark = pytest.mark.slow

LIGHTEST = 400_000  # bytes of a chapter's first view, compressed


def test_no_page_asks_anybody_for_anything_or_breaks_its_own_policy(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": DESKTOP, "height": 900})
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("requestfailed", lambda request: wrong.append(request.url))
    context.on("console", lambda message: wrong.append(message.text))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    for path in sorted({*site.rglob("*.html")} - {site / "index.html"}):  # which only leads to the front page
        tab = context.new_page()
        tab.goto(path.as_uri())
        assert "default-src 'none'" in path.read_text("utf-8")
        tab.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        tab.wait_for_timeout(50)
        tab.close()
    context.close()
    assert wrong == []
    outside = [url for url in asked if not url.startswith((site.as_uri(), "data:"))]
    assert outside == []


def test_no_file_names_a_host_that_a_browser_would_ask(site: Path) -> None:
    for page in editions.read(site).values():
        assert page.remote == [], page.address
    for path in [*site.rglob("*.css"), *site.rglob("*.js"), *site.rglob("*.svg")]:
        text = path.read_text("utf-8")
        assert "sourceMappingURL" not in text, path
        assert "url(http" not in text.replace('"', "").replace("'", ""), path
        assert "//cdn." not in text, path


def test_only_what_a_page_needs_is_in_the_edition(site: Path) -> None:
    names = {path.name for path in (site / "_static").rglob("*") if path.is_file()}
    assert not {name for name in names if "fontawesome" in name or "bootstrap" in name or "thebe" in name}
    loaded = {address for page in editions.read(site).values() for address in page.loaded}
    share = "share.png"  # for other sites, named in the head of every page
    styles = share + (site / "book/wages.html").read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
    assert not list(site.rglob("*.css")), "style sheets stand in the pages"
    for path in sorted((site / "_static").rglob("*")):
        if path.is_file() and "LICENSE" not in path.name and path.name != "OFL.txt":
            assert path.relative_to(site).as_posix() in loaded or path.name in styles, path


def test_nothing_that_has_to_be_fetched_stands_before_the_first_paint(site: Path) -> None:
    for path in [*pages(site), site / "search.html", site / "404.html"]:
        page = parsed(path)
        assert page.select("head > style") and not page.select("link[rel~=stylesheet], link[rel=preload]"), path
        (at_once,) = page.select("script:not([src], [type='application/json'])")
        assert source_hash(at_once.decode_contents()) in str(page.select("meta[http-equiv]")[0]["content"]), path
        assert all(script.has_attr("defer") for script in page.select("script[src]")), path


def test_every_chart_can_be_explored_under_the_policy_and_every_mark_leads_to_an_entry(
    site: Path, chromium: Browser
) -> None:
    ledger = {str(entry["id"]) for entry in parsed(site / "book/appendix/ledger.html").select(".ledger-entry")}
    context = chromium.new_context(viewport={"width": 900, "height": 900})  # too narrow for charts to open themselves
    wrong: list[str] = []
    context.on("console", lambda message: wrong.append(message.text))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    tab = context.new_page()
    charts = 0
    for path in pages(site):
        figures = [str(tools["data-figure"]) for tools in parsed(path).select(".chart-tools[data-spec]")]
        if figures:
            tab.goto(path.as_uri())
        for figure in figures:
            tools = tab.locator(f".chart-tools[data-figure={figure}]")
            tools.get_by_role("button", name="Explore").click()
            tools.get_by_role("button", name="Plain picture").wait_for()
            marks = tab.locator(f"#{figure} .chart-live [data-facts]")
            facts = set(" ".join(marks.evaluate_all("nodes => nodes.map(node => node.dataset.facts)")).split())
            assert facts and {f"ledger-{fact}" for fact in facts} <= ledger, (path, figure)
            charts += 1
    context.close()
    assert wrong == []
    assert charts >= 10


def test_the_first_view_of_every_page_but_the_ledger_is_light(site: Path) -> None:
    fonts = sum(path.stat().st_size for path in (site / "_static/fonts").glob("*.woff2"))
    for page in editions.read(site).values():
        files = [site / page.address, *(site / address for address in set(page.loaded))]
        size = sum(len(gzip.compress(path.read_bytes())) for path in files)
        if page.address != "search.html":
            assert size + fonts < LIGHTEST, (page.address, size, fonts)
