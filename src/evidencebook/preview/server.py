"""Serves the edition to this machine's own browsers, each page with the script that shows what is new or wrong."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import posixpath
import queue
import re
import threading
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from evidencebook import loopback

OWN = "/-preview/"
SCRIPT = Path(__file__).with_name("preview.js")
ALIVE = 10.0  # seconds between signs of life, by which a viewer who has gone is noticed
NOTHING = "<!doctype html><html lang=en><head><title>Preview</title></head><body><p>{}</p></body></html>"
# What a page loads from the edition, but for what holds all other pages.
_LOADED = re.compile(rb'(?:src|href)="([^"#?:]+\.(?:css|js|png|jpe?g|svg|webp|gif))(?<!search-data\.js)"')


@dataclass(eq=False)
class Viewer:
    """A page that is open in a browser; `digest` is that of what the browser shows."""

    page: str
    digest: str
    events: queue.Queue[tuple[str, Any]] = field(default_factory=queue.Queue)


class Site:
    """What there is to see: the edition in `folder`, and in its stead what was rewritten since, by its address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._fresh: dict[str, Path] = {}
        self._state: dict[str, Any] = {"problems": [], "note": ""}
        self._viewers: set[Viewer] = set()
        self._lock = threading.Lock()

    def file(self, address: str) -> Path | None:
        """Return the file at an address of the edition, such as `book/wages.html`; None where there is none."""
        name = posixpath.normpath(f"/{unquote(address)}").lstrip("/")
        for path in (self._fresh.get(name), self._folder / name, self._folder / name / "index.html"):
            if path and path.is_file() and (name in self._fresh or path.resolve().is_relative_to(self._folder)):
                return path
        return None

    def digest(self, address: str) -> str:
        """Return what changes with whatever a browser shows of a page."""
        path = self.file(address)
        if path is None:
            return ""
        content = path.read_bytes()
        digest = hashlib.sha256(content)
        for name in sorted(set(_LOADED.findall(content))):
            loaded = self.file(posixpath.join(posixpath.dirname(address), name.decode()))
            digest.update(loaded.read_bytes() if loaded else b"")
        return digest.hexdigest()

    def viewed(self) -> set[str]:
        """Return the names of the pages that are open and of which there is an edition."""
        with self._lock:
            open_pages = {viewer.page for viewer in self._viewers}
        return {page.strip("/").removesuffix(".html") for page in open_pages if self.file(page)}

    def show(self, fresh: dict[str, Path] | None, **state: Any) -> None:
        """Show these files in the place of those of the edition (none of them, if None), and tell all who look."""
        with self._lock:
            self._fresh = {} if fresh is None else {**self._fresh, **fresh}
            self._state |= state
            for viewer in self._viewers:
                self._tell(viewer)

    def enter(self, viewer: Viewer) -> None:
        """Have somebody told what happens, beginning with what is so now."""
        with self._lock:
            self._viewers.add(viewer)
            self._tell(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Tell somebody no more."""
        with self._lock:
            self._viewers.discard(viewer)

    def close(self) -> None:
        """Let everybody go."""
        with self._lock:
            for viewer in self._viewers:
                viewer.events.put(("end", None))

    def _tell(self, viewer: Viewer) -> None:
        is_new = self.digest(viewer.page) not in ("", viewer.digest)
        viewer.events.put(("reload", None) if is_new else ("state", dict(self._state)))


class Server(loopback.Server):
    """Serves what there is to see."""

    def __init__(self, port: int, site: Site) -> None:
        super().__init__(port, Handler)
        self.site = site


class Handler(loopback.Handler):
    """Answers one browser."""

    server: Server

    def do_GET(self) -> None:
        """Send a page, a file of the edition, or what happens as long as somebody looks."""
        asked = urlsplit(self.path)
        if not self.is_ours(own_pages_only=asked.path.startswith(OWN)):
            return
        if asked.path.startswith(OWN):
            if asked.path == f"{OWN}events":
                return self._events({name: found[0] for name, found in parse_qs(asked.query).items()})
            if asked.path == f"{OWN}preview.js":
                return self.send(HTTPStatus.OK, SCRIPT.read_bytes(), "text/javascript")
        self._file(asked.path)

    do_HEAD = do_GET

    def _file(self, address: str) -> None:
        shown = self.server.site
        digest, path = shown.digest(address), shown.file(address)
        status = HTTPStatus.OK if path else HTTPStatus.NOT_FOUND
        if path is None and (not address.endswith((".html", "/")) or shown.file("index.html")):
            path = shown.file("404.html")
        if path is None:
            content, kind = NOTHING.format(escape("There is no page here yet.")).encode(), "text/html"
        else:
            content, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            if path.name == "index.html" and not address.endswith(("/", "index.html")):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", f"{address}/")
                self.send_header("Content-Length", "0")
                return self.end_headers()
        if kind == "text/html":
            own = f'<script src="{OWN}preview.js" data-digest="{digest}" defer></script></head>'.encode()
            content = content.replace(b"</head>", own, 1)
        self.send(status, content, kind)

    def _events(self, asked: dict[str, str]) -> None:
        """Send what happens to a page, as a browser's EventSource wants it."""
        viewer = Viewer(asked.get("page", "/"), asked.get("digest", ""))
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.server.site.enter(viewer)
        try:
            while True:
                try:
                    name, what = viewer.events.get(timeout=ALIVE)
                except queue.Empty:
                    self.wfile.write(b":\n\n")
                    continue
                if name == "end":
                    return
                self.wfile.write(f"event: {name}\ndata: {json.dumps(what)}\n\n".encode())
        except OSError:
            pass  # whoever looked has gone
        finally:
            self.server.site.leave(viewer)
