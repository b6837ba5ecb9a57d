"""Letters that no print face has: found before the book is set, each told once with the place where it was written.

Typst refuses them one by one, in thousands of lines that name no page and no row, since PDF/UA-1 allows no text
without a glyph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.environment import BuildEnvironment

from evidencebook.charts import fonts
from evidencebook.editions import forms
from evidencebook.pages.charts import chart
from evidencebook.tables import citation_file, contract, descriptor, reading
from evidencebook.tables.problems import Problem

# What Typst leaves out or sets without a glyph of its own, found by setting each: default ignorable code points
# (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point) and blanks.
_UNSEEN = re.compile(
    "[\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2011\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_REFUSED = re.compile("[\x1c-\x1f\ufeff\ufffe]")  # blanks to Python only, and what PDF/UA-1 allows nowhere
_TAG = re.compile(r"<(title|desc|style|metadata)\b.*?</\1>|<[^<>]*>", re.DOTALL)
_AROUND = (30, 12, 5, 2, 0)  # characters on either side by which the place of a letter is known, widest first


@dataclass(frozen=True)
class Place:
    """A piece of text as somebody wrote it, and where."""

    file: str
    row: int | None
    column: str | None
    text: str


@cache
def _drawn() -> frozenset[int]:
    """Return the code points for which any face has a glyph."""
    paths = [face.path for face in fonts.FACES] + [path for paths in fonts.OTHERS.values() for path in paths]
    return frozenset().union(*map(fonts.letters, paths))


def missing(text: str) -> list[str]:
    """Return the characters of a text that no face can show, each once."""
    return sorted(sign for sign in set(text) if not _has_glyph(sign))


def _has_glyph(sign: str) -> bool:
    if _REFUSED.match(sign):
        return False
    if _UNSEEN.match(sign):
        return True
    # A letter is also set from its parts, such as a base and its accents.
    parts = unicodedata.normalize("NFD", sign)
    return ord(sign) in _drawn() or (parts != sign and all(ord(part) in _drawn() for part in parts))


def problems(env: BuildEnvironment, tree: nodes.document, head: str) -> list[Problem]:
    """Return one problem for each letter of the assembled book that no face has; `head` is what its cover says."""
    found: dict[str, tuple[str, nodes.Node | None]] = {}
    for text, node in [(head, None), *_shown(env, tree)]:
        for sign in missing(text):
            found.setdefault(sign, (text, node))
    written = list(_written(env)) if found else []
    return [_problem(env, sign, text, node, written) for sign, (text, node) in sorted(found.items())]


def _shown(env: BuildEnvironment, node: nodes.Node) -> Iterator[tuple[str, nodes.Node]]:
    """Yield what print shows, with the node that says it."""
    if isinstance(node, nodes.Text):
        yield node.astext(), node
    elif isinstance(node, chart):
        yield _drawing(node["figure"].wide.svg), node
    elif isinstance(node, nodes.image) and node["uri"].endswith(".svg"):
        path = Path(env.srcdir, node["uri"])
        yield _drawing(path.read_text("utf-8", "replace")) if path.is_file() else "", node
    elif isinstance(node, nodes.reference) and "://" in node.get("refuri", ""):
        yield node["refuri"], node  # print says where a link leads
    is_hidden = type(node).__name__ in forms.LEFT_OUT - forms.WRITTEN_ELSEWHERE or "cell_input" in _classes(node)
    for child in () if is_hidden else node.children:
        yield from _shown(env, child)


def _classes(node: nodes.Node) -> list[str]:
    return list(node["classes"]) if isinstance(node, nodes.Element) else []


def _drawing(svg: str) -> str:
    return unescape(_TAG.sub(" ", svg))


def _problem(env: BuildEnvironment, sign: str, text: str, node: nodes.Node | None, written: Iterable[Place]) -> Problem:
    said = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    what = f"the print faces have no letter {said} ({unicodedata.name(sign, f'U+{ord(sign):04X}')})"
    remedy = "write it in Latin letters, or say it in words"
    at = text.index(sign)
    holding = [place for place in written if sign in place.text]
    for size in _AROUND:
        window = text[max(0, at - size) : at + size + 1].strip()
        for place in holding:
            if window in place.text:
                return Problem(place.file, place.row, place.column, what, remedy)
    source, line = _source(node)
    return Problem(_label(env, source), line, None, what, remedy)


def _source(node: nodes.Node | None) -> tuple[str | None, int | None]:
    while node is not None:
        source, line = get_source_line(node)
        if source is not None:
            return source, line
        node = node.parent
    return None, None


def _label(env: BuildEnvironment, source: str | None) -> str:
    path = Path(source or env.doc2path(str(env.config.root_doc)))
    return path.relative_to(env.srcdir).as_posix() if path.is_relative_to(env.srcdir) else path.as_posix()


def _written(env: BuildEnvironment) -> Iterator[Place]:
    """Yield what the report's pages, tables and descriptions say, piece by piece; private columns are in no edition."""
    root = Path(env.srcdir)
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            yield Place(_label(env, str(path)), number, None, line)
    for table in reading.read(root).values():
        for row in table.rows:
            for name, value in row.values.items():
                if isinstance(value, str):
                    yield Place(table.label, row.line, name, value)
    for where, text in _strings(descriptor.read(root)):
        yield Place(contract.LABEL, None, where, text)
    for where, text in _strings(citation_file.read(root)):
        yield Place(citation_file.LABEL, None, where, text)


def _strings(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, one in value.items():
            # Tables and columns are named as in all messages: claims.note.
            below = where if key in ("resources", "schema", "fields") else f"{where}.{key}".lstrip(".")
            yield from _strings(one, below)
    elif isinstance(value, list):
        for one in value:
            named = one.get("name") if isinstance(one, dict) else None
            yield from _strings(one, f"{where}.{named}".lstrip(".") if named else where)
