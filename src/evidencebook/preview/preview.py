"""The verb `serve`: server and session together, from their begin to a clean end."""

from __future__ import annotations

import errno
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread

import click

from evidencebook.build import telling
from evidencebook.preview.server import Server, Site
from evidencebook.preview.session import Session


class Ended(Exception):
    """Somebody told this process to end."""


def run(root: Path, port: int, teller: telling.Teller) -> None:
    """Serve until this process is told to end; nothing is left then."""

    def end(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):  # once is enough
            signal.signal(number, signal.SIG_IGN)
        raise Ended

    site = Site(root / "_build" / "html")
    try:
        server = Server(port, site)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(f"port {port} is taken - name another, as in `--port {port + 1}`") from None
    with suppress(Ended), server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        serving = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        try:
            serving.start()
            teller.say("Preview", f"{server.address} (Ctrl-C ends it)")
            Session(root, site, teller).run()
        finally:
            site.close()
            server.shutdown()
