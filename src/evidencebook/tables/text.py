"""Which text may stand in a cell, an id, a header, a descriptor or front matter; a fault names the sign and its place.

Letters of every script may. What may not: signs that nobody sees or that turn the order of others, of which a reader
cannot know that they are there, and spellings that look the same and are not.
https://www.unicode.org/reports/tr36/ and https://www.unicode.org/reports/tr9/ have the reasons.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000  # characters of a cell
LONGEST_ID = 200
MOST_MARKS = 4  # on one letter: more are drawn over the lines around it
# Of format characters and blanks without a glyph, those on which the spelling of a language rests.
_JOINERS = "\u200c\u200d"
_MARKS_OF_DIRECTION = "\u200e\u200f\u061c"
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_PREPENDED = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # visible, though of category Cf
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufffc\ufffd"
# Nearly all text: nothing in it is a mark, or written in two ways.
_PLAIN = re.compile(
    r"[\x20-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u22ff"
    r"\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*"
)
_ID = re.compile(r"\w(?:[\w.:-]*\w)?")

Fault = tuple[str, str]  # what is wrong, what to do


def fault(text: str, longest: int = LONGEST, *, is_verbatim: bool = False) -> Fault | None:
    """Return what keeps text from standing in one line of a report, and what to do; None where nothing does.

    What is copied from somebody else's text `is_verbatim`: it keeps the normal form that it has there.
    """
    if len(text) > longest:
        return f"{len(text):,} characters are more than {longest:,}", "shorten it"
    if text.isprintable() and _PLAIN.fullmatch(text):
        return None
    if not is_verbatim and not unicodedata.is_normalized("NFC", text):
        return "letters and their marks are written apart", "save it in normal form NFC"
    if not _is_balanced(text):
        return "what turns the direction of writing is not closed, or closed without being open", "delete those signs"
    marks = 0
    for at, sign in enumerate(text):
        is_mark = unicodedata.category(sign) in ("Mn", "Me")
        marks = marks + 1 if is_mark else 0
        if (is_mark and at == 0) or marks > MOST_MARKS:
            return f"{name(sign)} stands on no letter, or on one with many marks", "delete it"
        if not sign.isprintable() and not _is_meant(text, at):
            return f"{name(sign)} stands in it at character {at + 1}", "delete it"
        if re.match(f"[{_BLANK_LETTERS}]", sign):
            return f"{name(sign)} stands in it at character {at + 1}, and shows nothing", "delete it, or put it right"
    return None


def id_fault(text: str) -> Fault | None:
    """Return what keeps text from being an id or the name of a column, and what to do; None where nothing does."""
    if (found := fault(text, LONGEST_ID)) is not None:
        return found
    if not _ID.fullmatch(text):
        odd = next((sign for sign in text if not _ID.fullmatch(f"a{sign}a")), text[:1] or " ")
        return f"{name(odd)} cannot stand in an id, or not at its ends", "use letters, digits and _ - . :"
    if unicodedata.normalize("NFKC", text) != text:
        return f"{text!r} has letters of another width or shape", f"write {unicodedata.normalize('NFKC', text)}"
    return None


def name(sign: str) -> str:
    """Return a sign as messages name it: U+202E RIGHT-TO-LEFT OVERRIDE."""
    known = unicodedata.name(sign, "") or _UNNAMED.get(unicodedata.category(sign), "")
    return f"U+{ord(sign):04X} {known}".rstrip()


def printable(text: str) -> str:
    """Return text in which a terminal finds nothing to obey: what shows no glyph is written as Python writes it."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\u00a0" else _escaped(sign) for sign in text)


_UNNAMED = {"Cc": "(control character)", "Co": "(private use)", "Cs": "(half a character)", "Cn": "(no character)"}


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _is_meant(text: str, at: int) -> bool:
    """Whether a sign without a glyph of its own does what it is for."""
    sign, category = text[at], unicodedata.category(text[at])
    if category == "Zs" or sign in _MARKS_OF_DIRECTION or sign in _OPENING or sign == _CLOSING:
        return True
    if sign in _JOINERS:  # between letters, as in Persian, or between pictures
        return (
            0 < at < len(text) - 1 and unicodedata.category(text[at - 1])[0] in "LMS" and text[at + 1] not in _JOINERS
        )
    if category == "Cn":  # may be a letter by the time it is read, where it is not ruled out for good
        return not (0xFDD0 <= ord(sign) <= 0xFDEF or ord(sign) & 0xFFFE == 0xFFFE)
    return re.match(f"[{_PREPENDED}]", sign) is not None


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in re.findall(f"[{_OPENING}{_CLOSING}]", text):
        depth += -1 if sign == _CLOSING else 1
        if depth < 0:
            return False
    return depth == 0
