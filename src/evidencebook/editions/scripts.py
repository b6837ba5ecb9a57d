"""Runs of other scripts in a text: each has a face, tells its language, and keeps apart from what is around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

# Ranges of the Unicode blocks of each script (https://www.unicode.org/Public/UNIDATA/Blocks.txt), and the language that
# it tells beyond doubt; Han letters are those of several.
_SCRIPTS = {
    "hang": ("\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff", "ko"),
    "kana": ("\u3040-\u30ff\u31f0-\u31ff", "ja"),
    "arab": ("\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe", "ar"),
    "hebr": ("\u0590-\u05ff\ufb1d-\ufb4f", "he"),
    "thai": ("\u0e00-\u0e7f", "th"),
    "deva": ("\u0900-\u097f\ua8e0-\ua8ff", "hi"),
}
RIGHT_TO_LEFT = {"ar", "he"}
_RUNS = re.compile(
    "|".join(rf"(?P<{name}>[{signs}](?:[{signs}\s]*[{signs}])?)" for name, (signs, _) in _SCRIPTS.items())
)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text in pieces, each with its language; with none where the script does not tell it."""
    done = 0
    for found in _RUNS.finditer(text):
        if found.start() > done:
            yield text[done : found.start()], ""
        yield found[0], _SCRIPTS[str(found.lastgroup)][1]
        done = found.end()
    if done < len(text):
        yield text[done:], ""


def markup(text: str) -> str:
    """Return text as HTML that tells the language of each run, and isolates those that run from right to left."""
    return "".join(_told(escape(said, quote=False), language) for said, language in runs(text))


def _told(said: str, language: str) -> str:
    if language in RIGHT_TO_LEFT:
        return f'<bdi dir="rtl" lang="{language}" xml:lang="{language}">{said}</bdi>'
    return f'<span lang="{language}" xml:lang="{language}">{said}</span>' if language else said
