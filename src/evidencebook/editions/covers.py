"""The cover of the e-book, a portrait picture that libraries show on their shelves: set as the print edition's."""

from __future__ import annotations

from html import escape

import vl_convert

from evidencebook.charts import fonts
from evidencebook.charts.palette import LIGHT
from evidencebook.edition import Edition
from evidencebook.editions.share import wrapped
from evidencebook.values.dates import words as date_words

WIDTH, HEIGHT = 1600, 2400  # what shops and libraries ask for: two to three
GROUND = "#f6f4ef"  # that of the print edition's cover
BAND, LEFT, RIGHT, TOP, BOTTOM = 84, 236, 150, 640, 170  # pixels
LARGEST, SMALLEST = 236, 96  # pixels of the title's type, shrunk until no line has to be broken more than twice


def png(book: Edition) -> bytes:
    """Return the picture as PNG; the same edition gives the same bytes."""
    for folder in sorted({str(face.path.parent) for face in fonts.FACES}):
        vl_convert.register_font_directory(folder)
    return bytes(vl_convert.svg_to_png(svg(book)))


def svg(book: Edition) -> str:
    """Return the picture as SVG."""
    room = WIDTH - LEFT - RIGHT
    size = next(
        (size for size in range(LARGEST, SMALLEST, -8) if len(wrapped(book.title, fonts.SERIF, 600, size, room)) <= 3),
        SMALLEST,
    )
    lines, y = [], float(TOP)
    for text in wrapped(book.title, fonts.SERIF, 600, size, room)[:5]:
        y += size * 1.05
        lines.append(_line(text, y, size, fonts.SERIF, 600, "ink"))
    y += 70
    for text in wrapped(book.subtitle, fonts.SANS, 400, 92, room)[:4]:
        y += 112
        lines.append(_line(text, y, 92, fonts.SANS, 400, "muted"))
    foot = (f"Version {book.version}", date_words(book.date.isoformat()))
    lines += [_line(text, HEIGHT - BOTTOM - 74 * n, 54, fonts.SANS, 400, "muted") for n, text in enumerate(foot)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>'
        f'<rect width="{BAND}" height="{HEIGHT}" fill="{LIGHT["vermilion"]}"/>{"".join(lines)}</svg>'
    )


def _line(text: str, y: float, size: int, family: str, weight: int, colour: str) -> str:
    return (
        f'<text x="{LEFT}" y="{y:.0f}" font-family="{family}" font-weight="{weight}" font-size="{size}" '
        f'fill="{LIGHT[colour]}">{escape(text)}</text>'
    )
