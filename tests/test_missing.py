"""The page for what is missing, served as web servers do, at any depth, at the root of a host and below it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.pages import DESKTOP

pytestmark = pytest.mark.slow


class Host(SimpleHTTPRequestHandler):
    """A web server of files under a prefix, which answers with 404.html where there is none."""

    def __init__(self, *given: object, prefix: str, **more: object) -> None:
        self.prefix = prefix
        super().__init__(*given, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = Path(self.directory, path.removeprefix(self.prefix))
        if path.startswith(self.prefix) and file.is_file():
            self.path = f"/{path.removeprefix(self.prefix)}"
            super().do_GET()
            return
        page = Path(self.directory, "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(site: Path, prefix: str) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site), prefix=prefix)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
        server.shutdown()


@pytest.mark.parametrize("prefix", ["/", "/reports/watch/"])
@pytest.mark.parametrize("missing", ["nonsense.html", "book/appendix/nonsense/deep.html", "book/nonsense/"])
def test_a_missing_page_at_any_depth_finds_the_edition(
    site: Path, chromium: Browser, prefix: str, missing: str
) -> None:
    context = chromium.new_context(viewport={"width": DESKTOP, "height": 900})
    wrong: list[str] = []
    context.on("console", lambda one: wrong.append(one.text) if "404" not in one.text else None)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    with served(site, prefix) as base:
        tab = context.new_page()
        tab.goto(base + missing)
        tab.get_by_role("button", name="Dark colours").wait_for()  # the page's script came from the edition
        faces = tab.evaluate("document.fonts.load('600 20px \"Source Serif Pro\"').then(faces => faces.length)")
        assert faces, "the typefaces come from the edition"
        addresses = tab.locator("a[href], link[href]").evaluate_all("nodes => nodes.map(node => node.href)")
        own = [address for address in addresses if not address.endswith(("#content", ".pdf"))]
        assert len(own) > 15
        for address in own:
            assert (site / address.partition("#")[0].removeprefix(base)).is_file(), address
        tab.locator("article a").first.click()
        tab.wait_for_url(f"{base}book/index.html")
        assert [url for url in asked if not url.startswith(base.removesuffix(prefix))] == []
    assert wrong == []
    context.close()


def test_a_missing_page_leads_to_the_root_without_scripts(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    with served(site, "/") as base:
        tab = context.new_page()
        tab.goto(f"{base}book/appendix/nonsense/deep.html")
        tab.locator("article a").first.click()
        tab.wait_for_url(f"{base}book/index.html")
    context.close()


def test_the_page_works_from_disk(site: Path, chromium: Browser) -> None:
    tab = chromium.new_page()
    tab.goto((site / "404.html").as_uri())
    tab.get_by_role("button", name="Dark colours").wait_for()
    tab.locator("article a").first.click()
    tab.wait_for_url((site / "book/index.html").as_uri())
    tab.close()
