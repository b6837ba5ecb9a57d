"""The picture that other sites show beside a link to the web edition: title, subtitle and date, set as on the cover."""

from __future__ import annotations

from functools import cache
from html import escape

import vl_convert

from evidencebook.charts import fonts
from evidencebook.charts.palette import LIGHT
from evidencebook.edition import Edition
from evidencebook.values.dates import words as date_words

NAME = "share.png"
WIDTH, HEIGHT = 1200, 630  # what sites that show such pictures ask for: https://ogp.me
BAND, LEFT, RIGHT = 44, 116, 80  # pixels: the rule at the side, and the margins of the text
LARGEST, SMALLEST = 118, 56  # pixels of the title's type


def png(book: Edition) -> bytes:
    """Return the picture as PNG; the same edition gives the same bytes."""
    for folder in sorted({str(face.path.parent) for face in fonts.FACES}):
        vl_convert.register_font_directory(folder)
    return bytes(vl_convert.svg_to_png(svg(book)))


def svg(book: Edition) -> str:
    """Return the picture as SVG, each line of text no wider than the room for it."""
    size = next(
        (size for size in range(LARGEST, SMALLEST, -6) if len(wrapped(book.title, fonts.SERIF, 600, size)) <= 2),
        SMALLEST,
    )
    title = wrapped(book.title, fonts.SERIF, 600, size)[:3]
    subtitle = wrapped(book.subtitle, fonts.SANS, 400, 46)[:3] if book.subtitle else []
    foot = f"{date_words(book.date.isoformat())} · version {book.version}"
    leading = round(size * 1.08)
    top = round((HEIGHT - 70 - leading * len(title) - 58 * len(subtitle)) / 2 + size * 0.72)
    lines = [_line(text, top + leading * n, size, fonts.SERIF, 600, "ink") for n, text in enumerate(title)]
    below = top + leading * (len(title) - 1) + 84
    lines += [_line(text, below + 58 * n, 46, fonts.SANS, 400, "muted") for n, text in enumerate(subtitle)]
    lines.append(_line(foot, HEIGHT - 62, 30, fonts.SANS, 400, "muted"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT["paper"]}"/>'
        f'<rect width="{BAND}" height="{HEIGHT}" fill="{LIGHT["vermilion"]}"/>{"".join(lines)}</svg>'
    )


def wrapped(text: str, family: str, weight: int, size: float, room: float = WIDTH - LEFT - RIGHT) -> list[str]:
    """Return the text in lines that fit into the room; a single word that does not stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, family, weight, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def width(text: str, family: str, weight: int, size: float) -> float:
    """Return the width of the text in pixels, without kerning; letters that the face lacks count as wide ones."""
    advances, em = _advances(family, weight)
    return sum(advances.get(ord(letter), em) for letter in text) * size / em


@cache
def _advances(family: str, weight: int) -> tuple[dict[int, int], int]:
    from fontTools.ttLib import TTFont

    face = next(face for face in fonts.FACES if (face.family, face.weight, face.style) == (family, weight, "normal"))
    with TTFont(face.path, lazy=True) as font:
        metrics = font["hmtx"].metrics
        return {code: metrics[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def _line(text: str, y: float, size: int, family: str, weight: int, colour: str) -> str:
    return (
        f'<text x="{LEFT}" y="{y}" font-family="{family}" font-weight="{weight}" font-size="{size}" '
        f'fill="{LIGHT[colour]}">{escape(text)}</text>'
    )
