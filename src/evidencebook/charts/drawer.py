"""SVG of Vega-Lite specifications, drawn here or by processes that draw for others.

The drawing engine (https://github.com/vega/vl-convert) takes half a second to start, which each page would pay anew.
Drawers share one socket, which only their own user can reach: whichever is free takes the next picture. Whoever gets no
answer draws by himself.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

import vl_convert

from evidencebook.charts import fonts

ADDRESS = "EVIDENCE_DRAWER"  # names the socket; without it everybody draws by himself
PATIENCE = 20.0  # seconds for one picture, with those before it
WAITING = 64  # pages that may ask at once


@cache
def register_fonts() -> None:
    """Let pictures be set in the report's typeface."""
    vl_convert.register_font_directory(str(fonts.SANS_FOLDER))


def svg(spec: dict[str, Any], version: str) -> str:
    """Return the SVG of a specification in the given version of Vega-Lite; raises ValueError if it is not one."""
    found = _asked_for(spec, version)
    if found is None:
        register_fonts()
        found = str(vl_convert.vegalite_to_svg(spec, vl_version=version))
    return found


def _asked_for(spec: dict[str, Any], version: str) -> str | None:
    address = os.environ.get(ADDRESS)
    if not address:
        return None
    # A drawer that is gone or busy, or that cannot draw this: whoever draws by himself sees the reason.
    with suppress(OSError, EOFError, ValueError, KeyError), Client(address, "AF_UNIX") as drawer:
        drawer.send_bytes(json.dumps({"spec": spec, "version": version}).encode())
        if drawer.poll(PATIENCE):
            return str(json.loads(drawer.recv_bytes())["svg"])
    return None


def wake(address: str, number: int) -> None:
    """Have so many drawers start their engines, before there is anything to draw that somebody waits for."""
    latest = vl_convert.get_vegalite_versions()[-1]
    asked = json.dumps({"spec": {"mark": "point", "data": {"values": [{}]}}, "version": latest}).encode()
    for _ in range(number):
        with suppress(OSError), Client(address, "AF_UNIX") as drawer:
            drawer.send_bytes(asked)


def listening(address: str) -> socket.socket:
    """Return a socket for drawers to share; raises OSError where the system has none, or for too long an address."""
    found = socket.socket(socket.AF_UNIX)
    try:
        found.bind(address)
        found.listen(WAITING)
    except OSError:
        found.close()
        raise
    return found


def serve(shared: int) -> None:
    """Draw for others until the standard input ends, and so whoever started this process; `shared` is the socket."""
    threading.Thread(target=_end_with_input, daemon=True).start()
    folder = fonts.SANS_FOLDER
    with suppress(OSError):  # without smaller files drawing takes longer and gives the same
        folder = fonts.drawing_fonts(Path(os.environ[ADDRESS]).parent)
    # The engine starts with the first picture: after an edit of a row every picture may be known.
    vl_convert.register_font_directory(str(folder))
    with socket.socket(fileno=shared) as listener:
        while True:
            page, _ = listener.accept()
            # Whatever is wrong with what one page asks for, the next is served.
            with suppress(Exception), Connection(page.detach()) as asking:
                asked = json.loads(asking.recv_bytes())
                drawn = vl_convert.vegalite_to_svg(asked["spec"], vl_version=asked["version"])
                asking.send_bytes(json.dumps({"svg": drawn}).encode())


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)  # in the midst of a picture too
