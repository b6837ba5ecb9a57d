"""Text as Markdown that shows exactly this text, whatever stands in it, in MyST with any extension.

Nothing is escaped where it is no markup: what was written is also read as it stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# https://spec.commonmark.org/0.31.2/ and https://myst-parser.readthedocs.io/en/latest/syntax/optional.html
_INLINE = re.compile(
    r"""
    [\\`*\[\]$<>]                              # escapes, code, emphasis, links and images, formulas, HTML
    | (?<!\w)_+                                # emphasis, which begins before a word and never within one
    | ~{2,}                                    # struck out
    | \{(?=\{)                                 # templates
    | &(?=\#?\w+;)                             # the name of a character
    | (?<=/)/ | (?<=mailto):                   # addresses, which become links by themselves
    | (?<=\w)\.(?=[^\W\d_]{2})                 # and so do hosts such as example.org, and mailboxes there
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
# Headings, quotations, lists, definitions, fields, fences, comments, targets, settings: only where a block begins.
_BLOCK = re.compile(r"[#+%:{-]|\((?=.*\)=)|(?<=\d)[.)]")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)])")


def inline(text: str) -> str:
    """Return text for within a line; blanks and line breaks become one blank each."""
    return _INLINE.sub(_escaped, " ".join(text.split()))


def paragraph(text: str) -> str:
    """Return text with which a paragraph begins."""
    plain = " ".join(text.split())
    number = _NUMBERED.match(plain)
    start = number.end() if number else 0
    begins = _BLOCK.match(plain, start)
    said = inline(text)
    return f"{said[:start]}\\{said[start:]}" if begins and said[start] != "\\" else said


def code(value: str) -> str:
    """Return a value as code; blanks of other kinds become plain ones."""
    said = re.sub(r"\s", " ", value)
    if not said:
        return "an empty text"
    fence = "`" * (max(map(len, re.findall("`+", said)), default=0) + 1)
    blank = " " if {said[0], said[-1]} & {" ", "`"} else ""
    return f"{fence}{blank}{said}{blank}{fence}"


def row(cells: Iterable[str]) -> str:
    """Return a row of a table; within one a bar ends the cell even in code."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _escaped(found: re.Match[str]) -> str:
    return "".join(_ENTITIES.get(sign, f"\\{sign}") for sign in found[0])
