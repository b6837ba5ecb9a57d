"""The web edition from disk: it asks nobody for anything, breaks nothing of its own policy, is light and searchable."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import Tag
from playwright.sync_api import Browser

from evidencebook.editions.web import site as editions
from evidencebook.editions.web.styles import source_hash
from tests.pages import DESKTOP, pages, parsed, settled

pytestmark = pytest.mark.slow

LIGHTEST = 400_000  # bytes of a chapter's first view, compressed


def test_no_page_asks_anybody_for_anything_or_breaks_its_own_policy(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": DESKTOP, "height": 900})
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    # A tab that is closed breaks off what it is just loading, which is nobody's fault.
    context.on(
        "requestfailed", lambda request: wrong.append(request.url) if "ABORTED" not in str(request.failure) else None
    )
    context.on("console", lambda message: wrong.append(message.text))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    # The page for what is missing looks for the edition from wherever it is shown: tests/test_missing.py.
    for path in sorted({*site.rglob("*.html")} - {site / "404.html"}):
        tab = context.new_page()
        tab.goto(path.as_uri())
        if path == site / "index.html":
            tab.wait_for_url((site / "book/index.html").as_uri())
        tab.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        settled(tab)
        found = tab.evaluate("[...document.querySelectorAll('a:not([href])')].map(link => link.outerHTML)")
        wrong += [f"{path.name}: {link} leads nowhere" for link in found]
        tab.close()
    context.close()
    assert wrong == []
    outside = [url for url in asked if not url.startswith((site.as_uri(), "data:"))]
    assert outside == []


ALLOWED = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},  # and the hashes of what stands in the page
    "style-src": {"'self'", "'unsafe-inline'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "base-uri": {"'none'"},
    "form-action": {"'self'"},
}


def test_the_policy_of_every_page_allows_the_edition_and_the_scripts_in_the_page_and_nothing_else(site: Path) -> None:
    for path in sorted(site.rglob("*.html")):
        page = parsed(path)
        (stated,) = page.select("meta[http-equiv=Content-Security-Policy]")
        before = [tag.name for tag in stated.find_previous_siblings()]
        assert not {"script", "style", "link"} & set(before), (path, "what stands before a policy escapes it")
        given = [part.split() for part in str(stated["content"]).split(";")]
        assert len({name for name, *_ in given}) == len(given), (path, "a browser takes the first of two")
        own = {source_hash(one.decode_contents()) for one in page.select("script:not([src])") if runs(one)}
        for name, *sources in given:
            hashes = {source for source in sources if source.startswith("'sha256-")}
            assert set(sources) - hashes <= ALLOWED[name], (path, name)
            assert not hashes or name == "script-src", (path, name)
            assert name != "script-src" or own <= hashes, (path, "a script that the policy stops")
        assert {name for name, *_ in given} == ALLOWED.keys(), path
        for tag in page.select("*"):
            assert not [name for name in tag.attrs if name.startswith("on")], (path, "a script in an attribute")


def runs(script: Tag) -> bool:
    return script.get("type") in {None, "", "module", "text/javascript"}


# What names an address and is only ever followed by a reader, or by nobody: identifiers of terms, and the articles.
FOLLOWED = {"@context", "conformsTo", "source", "url", "$schema", "path", "rdfType"}
ASKING = re.compile(
    r"\b(?:fetch|import|importScripts|open)\s*\(\s*[\"'`](?:https?:)?//"
    r"|\b(?:EventSource|WebSocket|Worker|SharedWorker)\s*\(\s*[\"'`](?:https?|wss?|//)"
    r"|\bfrom\s*[\"'](?:https?:)?//|sendBeacon\s*\(|[\"']url[\"']\s*:\s*[\"'](?:https?:)?//"
    r"|\.src\s*=\s*[\"'`](?:https?:)?//|sourceMappingURL|//cdn\."
)


def test_no_file_names_a_host_that_a_browser_would_ask(site: Path) -> None:
    for page in editions.read(site).values():
        assert page.remote == [], page.address
    for path in [*site.rglob("*.css"), *site.rglob("*.js"), *site.rglob("*.svg")]:
        text = path.read_text("utf-8")
        assert "url(http" not in text.replace('"', "").replace("'", ""), path
        assert not (found := ASKING.search(text)), (path, found)


def test_a_script_that_would_ask_somebody_is_found() -> None:
    for bad in (
        'fetch("https://example.org/x")', "import('//example.org/x.js')", 'import x from "https://example.org/x.js"',
        'new EventSource("https://example.org")', 'navigator.sendBeacon(x)', '{"data":{"url":"https://example.org/d"}}',
        'image.src = "https://example.org/p.png"', "new WebSocket('wss://example.org')",
    ):  # fmt: skip
        assert ASKING.search(bad), bad
    assert not ASKING.search('const space = "http://www.w3.org/2000/svg"; fetch("claims.json")')


def test_the_addresses_in_the_data_are_links_and_names_which_nobody_fetches(site: Path) -> None:
    def addresses(node: object, name: str = "") -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from addresses(value, name if name == "@context" else key)
        elif isinstance(node, list):
            for value in node:
                yield from addresses(value, name)
        elif isinstance(node, str) and re.match(r"(https?:)?//", node):
            yield name, node

    for path in site.rglob("*.json"):
        data = json.loads(path.read_text("utf-8"))
        assert {name for name, _ in addresses(data)} <= FOLLOWED, path
        # A context that stands elsewhere would be fetched by whoever reads the data.
        assert isinstance(data.get("@context", {}), dict), path


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
        assert len([script for script in page.select("script:not([src])") if runs(script)]) == 1 + (path.stem == "404")
        assert all(script.has_attr("defer") for script in page.select("script[src]")), path


def test_the_first_view_of_every_page_but_the_ledger_is_light(site: Path) -> None:
    fonts = sum(path.stat().st_size for path in (site / "_static/fonts").glob("*.woff2"))
    for page in editions.read(site).values():
        files = [site / page.address, *(site / address for address in set(page.loaded))]
        size = sum(len(gzip.compress(path.read_bytes())) for path in files)
        if page.address != "search.html":
            assert size + fonts < LIGHTEST, (page.address, size, fonts)
