"""A server for this machine's own browsers, which answers to its own address only."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """A server on the loopback address, for requests that name it."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, handler: type[Handler]) -> None:
        super().__init__((HOST, port), handler)
        port = self.server_address[1]
        self.names = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.address = f"http://{HOST}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of browsers that hang up."""


class Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    server: Server
    protocol_version = "HTTP/1.1"

    def is_ours(self, *, own_pages_only: bool = False) -> bool:
        """Whether a request names this server, and comes from its own pages where it has to; if not, refuse it."""
        # A page elsewhere may have its own name lead to this machine; it cannot have the browser say another name.
        origin, site = self.headers.get("Origin"), self.headers.get("Sec-Fetch-Site", "same-origin")
        named = [self.headers.get("Host"), *([urlsplit(origin).netloc] if origin else [])]
        if not self.server.names.issuperset(named):
            self.send(HTTPStatus.FORBIDDEN, b"This server answers to its own address only.\n")
        elif own_pages_only and site not in ("same-origin", "none"):
            self.send(HTTPStatus.FORBIDDEN, b"Not for other sites.\n")
        else:
            return True
        return False

    def send(self, status: HTTPStatus, content: bytes, kind: str = "text/plain", **more: str) -> None:
        """Send an answer whole; `more` are headers, with underscores for hyphens."""
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing of each request."""
