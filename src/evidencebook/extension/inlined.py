"""Style sheets put into the page that needs them: before they are there nothing is painted, and each is a way to go."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")
_ADDRESS = re.compile(r'url\(\s*["\']?([^"\')]+)["\']?\s*\)')
_ELSEWHERE = re.compile(r"[a-z]+:|[/#]")


class Styles:
    """The style sheets of one build, as pages at any depth carry them."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        """Take every static file of the edition, by its name below `_static`."""
        self._files = files
        self._made: dict[tuple[tuple[str, ...], str], str] = {}

    def of(self, names: Sequence[str], root: str) -> str:
        """Return the sheets in this order, with addresses as seen from a page that reaches the edition by `root`."""
        key = (tuple(names), root)
        if key not in self._made:
            self._made[key] = "\n".join(self._sheet(name, root) for name in names)
        return self._made[key]

    def _sheet(self, name: str, root: str) -> str:
        text = _SPACE.sub("\n", _COMMENT.sub("", self._files[name].read_text("utf-8"))).strip()
        folder = posixpath.join(f"{root}_static", posixpath.dirname(name))

        def moved(found: re.Match[str]) -> str:
            address = found[1]
            return found[0] if _ELSEWHERE.match(address) else f'url("{posixpath.normpath(f"{folder}/{address}")}")'

        return _ADDRESS.sub(moved, text).replace("</", r"<\/")


def source_hash(script: str) -> str:
    """Return how a Content-Security-Policy names a script that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode('ascii')}'"
