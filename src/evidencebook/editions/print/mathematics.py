"""Formulas in print: MathML as Typst mathematics (https://typst.app/docs/reference/math/)."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring

from evidencebook.pages.formulas import NoFormula

ACCENTS = {
    "^": "hat", "\u02c6": "hat", "~": "tilde", "\u02dc": "tilde", "\u00af": "macron", "\u2192": "arrow",
    "\u20d7": "arrow", "\u02d9": "dot", "\u00a8": "dot.double", "\u02c7": "caron", "\u02d8": "breve", "\u00b4": "acute",
    "`": "grave", "\u2190": "arrow.l",
}  # fmt: skip
OPENING, CLOSING = set("([{|\u2016\u27e8"), set(")]}|\u2016\u27e9")
LINES = {"\u2015": "line", "\u005f": "line", "\u203e": "line", "\u23de": "brace", "\u23df": "brace", "\ufe37": "brace"}
STRIKES = {
    "updiagonalstrike": "", "downdiagonalstrike": "inverted: #true, ", "horizontalstrike": "angle: #90deg, ",
    "updiagonalstrike downdiagonalstrike": "cross: #true, ",
}  # fmt: skip
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


def typst(mathml: str) -> str:
    """Return a MathML element as what stands between the dollar signs of Typst; raises NoFormula."""
    return _of(fromstring(mathml))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _inside(element: Element) -> str:
    parts = [_of(one) for one in element]
    for place in range(1, len(parts) - 1):  # what stands in brackets has them as high as it is
        if _is_high(element[place]) and _text(element[place - 1]) in OPENING and _text(element[place + 1]) in CLOSING:
            parts[place - 1 : place + 2] = [f"lr({' '.join(parts[place - 1 : place + 2])})", "", ""]
    return " ".join(filter(None, parts))


def _is_high(element: Element) -> bool:
    return _name(element) == "mtable" or (_name(element) == "mfrac" and "linethickness" in element.attrib)


def _of(element: Element) -> str:
    name = _name(element)
    if name not in FORMS:
        raise NoFormula(f"{name} has no form in print")
    return FORMS[name](element)


def _row(element: Element) -> str:
    children = list(element)
    is_fenced = (children and children[0].get("form") == "prefix") or (
        children and children[-1].get("form") == "postfix"
    )
    return f"lr({_inside(element)})" if is_fenced else _inside(element)


def _identifier(element: Element) -> str:
    text = _text(element)
    shown = _sign(element) if len(text) == 1 else f"op({_quoted(text)})"
    return f"upright({shown})" if element.get("mathvariant") == "normal" else shown


def _sign(element: Element) -> str:
    text = _text(element)
    return _SIGNS.sub(r"\\\1", text) if len(text) == 1 or not text.isalpha() else f"op({_quoted(text)})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(element: Element) -> str:
    return _quoted("".join(element.itertext()).replace("\u00a0", " "))


def _space(element: Element) -> str:
    if element.get("linebreak") == "newline":
        return "\\ "
    width = re.match(r"([\d.]+)em", element.get("width", ""))
    return "quad" if width and float(width[1]) >= 1 else "thin"


def _fraction(element: Element) -> str:
    above, below = map(_of, element)
    if element.get("linethickness", "").startswith("0"):
        return f"mat(delim: #none, {above}; {below})"
    return f"frac({above}, {below})"


def _root(element: Element) -> str:
    base, degree = map(_of, element)
    return f"root({degree}, {base})"


def _attached(*places: str) -> Callable[[Element], str]:
    def attach(element: Element) -> str:
        base, *others = element
        mark = _text(others[0])
        if len(others) == 1 and mark in ACCENTS and places == ("t",) and _name(element) == "mover":
            return f"std.math.accent({_of(base)}, {ACCENTS[mark]})"
        if len(others) == 1 and mark in LINES and _name(element) in ("mover", "munder"):
            return f"{'over' if _name(element) == 'mover' else 'under'}{LINES[mark]}({_of(base)})"
        shown = f"limits({_of(base)})" if _name(element) in ("mover", "munder", "munderover") else _of(base)
        parts = (f"{place}: {_of(one)}" for place, one in zip(places, others, strict=True))
        return f"attach({shown}, {', '.join(parts)})"

    return attach


def _table(element: Element) -> str:
    cells = [[_inside(cell) or '""' for cell in row] for row in element]
    is_left = any(cell.get("columnalign") == "left" for row in element for cell in row)
    side = "align: #left, " if is_left else ""
    return f"mat(delim: #none, {side}{'; '.join(', '.join(row) for row in cells)})"


def _struck(element: Element) -> str:
    notation = element.get("notation", "")
    if notation not in STRIKES:
        raise NoFormula(f"a {notation} around a part of a formula has no form in print")
    return f"cancel({STRIKES[notation]}{_inside(element)})"


FORMS: dict[str, Callable[[Element], str]] = {
    **dict.fromkeys(("math", "mstyle", "mpadded", "semantics", "mtd"), _inside),
    "mrow": _row, "mi": _identifier, "mn": _sign, "mo": _sign, "mtext": _words, "mspace": _space,
    "mfrac": _fraction, "msqrt": lambda element: f"sqrt({_inside(element)})", "mroot": _root,
    "msup": _attached("t"), "msub": _attached("b"), "msubsup": _attached("b", "t"), "mover": _attached("t"),
    "munder": _attached("b"), "munderover": _attached("b", "t"), "mtable": _table,
    "mphantom": lambda element: f"hide({_inside(element)})",
    "menclose": _struck,
}  # fmt: skip
