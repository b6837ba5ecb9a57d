"""Pictures that stand for an edition: the cover of the e-book, and what other sites show beside a link to the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import vl_convert

from evidencebook.charts import fonts
from evidencebook.charts.fonts import SANS, SERIF, wrapped
from evidencebook.charts.palette import LIGHT, PRINT
from evidencebook.charts.standalone import size as size_of
from evidencebook.edition import Edition
from evidencebook.values.dates import words as date_words

SHARE_NAME = "share.png"
_OPENING = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True)
class Canvas:
    """Ground and margins in pixels: a rule at the side, and the room for text beside it."""

    width: int
    height: int
    band: int
    left: int
    right: int
    ground: str

    @property
    def room(self) -> int:
        """The width that a line may have."""
        return self.width - self.left - self.right

    def line(self, text: str, y: float, size: int, family: str, weight: int, colour: str) -> str:
        """Return a line of text as SVG."""
        return (
            f'<text x="{self.left}" y="{y:.0f}" font-family="{family}" font-weight="{weight}" font-size="{size}" '
            f'fill="{LIGHT[colour]}">{escape(text)}</text>'
        )

    def placed(self, picture: str, y: float, most: float) -> str:
        """Return a picture as wide as a line may be, or lower where it would be higher than `most`."""
        width, height = size_of(picture)
        scale = min(self.room / width, most / height)
        place = f'x="{self.left}" y="{y:.0f}" width="{width * scale:.0f}" height="{height * scale:.0f}"'
        return _OPENING.sub(
            f'<svg xmlns="http://www.w3.org/2000/svg" {place} viewBox="0 0 {width:g} {height:g}">', picture, count=1
        )

    def svg(self, lines: Iterable[str]) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}">'
            f'<rect width="{self.width}" height="{self.height}" fill="{self.ground}"/>'
            f'<rect width="{self.band}" height="{self.height}" fill="{LIGHT["vermilion"]}"/>{"".join(lines)}</svg>'
        )

    def largest(self, title: str, sizes: range, most: int) -> int:
        """Return the largest of the sizes at which the title takes no more lines than that; else the smallest."""
        fitting = (size for size in sizes if len(wrapped(title, SERIF, 600, size, self.room)) <= most)
        return next(fitting, sizes.stop)


SHARE = Canvas(1200, 630, band=44, left=116, right=80, ground=LIGHT["paper"])  # the size for links: https://ogp.me
# Two to three, as shops and libraries ask for.
COVER = Canvas(1600, 2400, band=84, left=236, right=150, ground=PRINT["ground"])
TOP, BOTTOM = 640, 170  # pixels above the title of the cover, and below its last line


def png(svg: str) -> bytes:
    """Return a picture as PNG; the same picture gives the same bytes."""
    for folder in sorted({str(face.path.parent) for face in fonts.FACES}):
        vl_convert.register_font_directory(folder)
    return bytes(vl_convert.svg_to_png(svg))


def share(book: Edition, picture: str = "") -> str:
    """Return the picture beside a link as SVG: title, subtitle and date, each line no wider than the room for it.

    A chart that stands for the report takes the room below the subtitle.
    """
    if picture:
        head = [
            SHARE.line(book.title, 92, 64, SERIF, 600, "ink"),
            *(
                SHARE.line(text, 142, 36, SANS, 400, "muted")
                for text in wrapped(book.subtitle, SANS, 400, 36, SHARE.room)[:1]
            ),
        ]
        return SHARE.svg([*head, SHARE.placed(picture, 176, SHARE.height - 176 - 24)])
    size = SHARE.largest(book.title, range(118, 56, -6), 2)
    title = wrapped(book.title, SERIF, 600, size, SHARE.room)[:3]
    subtitle = wrapped(book.subtitle, SANS, 400, 46, SHARE.room)[:3] if book.subtitle else []
    foot = f"{date_words(book.date.isoformat())} · version {book.version}"
    leading = round(size * 1.08)
    top = round((SHARE.height - 70 - leading * len(title) - 58 * len(subtitle)) / 2 + size * 0.72)
    lines = [SHARE.line(text, top + leading * n, size, SERIF, 600, "ink") for n, text in enumerate(title)]
    below = top + leading * (len(title) - 1) + 84
    lines += [SHARE.line(text, below + 58 * n, 46, SANS, 400, "muted") for n, text in enumerate(subtitle)]
    lines.append(SHARE.line(foot, SHARE.height - 62, 30, SANS, 400, "muted"))
    return SHARE.svg(lines)


def cover(book: Edition, picture: str = "") -> str:
    """Return the cover of the e-book as SVG, set as the print edition's, with the chart that stands for the report."""
    size = COVER.largest(book.title, range(236, 96, -8), 3)
    lines, y = [], float(TOP)
    for text in wrapped(book.title, SERIF, 600, size, COVER.room)[:5]:
        y += size * 1.05
        lines.append(COVER.line(text, y, size, SERIF, 600, "ink"))
    y += 70
    for text in wrapped(book.subtitle, SANS, 400, 92, COVER.room)[:4]:
        y += 112
        lines.append(COVER.line(text, y, 92, SANS, 400, "muted"))
    foot = (f"Version {book.version}", date_words(book.date.isoformat()))
    at = ((text, COVER.height - BOTTOM - 74 * n) for n, text in enumerate(foot))
    if picture:
        bottom = COVER.height - BOTTOM - 74 * len(foot) - 60
        lines.append(COVER.placed(picture, y + 110, bottom - y - 110))
    return COVER.svg([*lines, *(COVER.line(text, y, 54, SANS, 400, "muted") for text, y in at)])
