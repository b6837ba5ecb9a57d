"""Style sheets of the web edition, put into the page that needs them, and what a browser may load for that page.

Before the sheets are there nothing is painted, and each file is a way to go.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from sphinx.application import Sphinx

from evidencebook.charts import fonts, palette, standins

STATIC = Path(__file__).parent / "static"
GENERATED = "evidence_static"
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


def policy(*scripts: str) -> str:
    """Return the Content-Security-Policy of a page in which these scripts stand.

    No remote host, no code in the page but these, no code made from text, no other base for its addresses.
    """
    own = " ".join(source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src 'self' {own}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
    )


def prepare(app: Sphinx) -> None:
    """Write the style sheet of colours and faces beside the doctrees, and offer our static files to Sphinx."""
    if app.builder.format != "html":
        return
    generated = Path(app.doctreedir) / GENERATED
    generated.mkdir(parents=True, exist_ok=True)
    (generated / "evidence-type.css").write_text(type_css(), encoding="utf-8")
    shutil.copytree(fonts.WEB_FOLDER, generated / "fonts", dirs_exist_ok=True)
    app.config.html_static_path += [str(STATIC), str(generated)]
    app.add_css_file("evidence-type.css")
    app.add_css_file("evidence.css")


def type_css() -> str:
    """Return colours and families of type as custom properties, and the faces as @font-face rules."""
    faces = "".join(fonts.font_face_css(face, f"fonts/{fonts.web_name(face)}") for face in fonts.FACES)
    code = palette.in_the_dark(_code("light"), lambda root: _code("dark", root))
    return palette.stylesheet() + faces + standins.stylesheet() + code


def _code(scheme: str, root: str = "") -> str:
    rules = HtmlFormatter(style=f"a11y-high-contrast-{scheme}").get_style_defs(f"{root} .highlight".strip())
    return "".join(f"{rule}\n" for rule in rules.splitlines() if ".highlight" in rule)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", prepare)
