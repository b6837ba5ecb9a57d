"""A chart as a file that carries all it needs: a light ground, its text for those who cannot see it, its typefaces."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from functools import cache
from html import escape, unescape

from evidencebook.charts import fonts
from evidencebook.charts.palette import LIGHT

_TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WEIGHT = re.compile(r'font-weight="(bold|\d+)"')
_OPENING = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="([\d.]+)"')


def standalone(svg: str, alternative: str) -> str:
    """Return the picture for an image element, which lends a picture neither its faces nor its ground.

    Letters are those of the chart only, as TrueType: compressed faces would not get smaller in an archive.
    """
    opening = _OPENING.search(svg)
    assert opening, "a chart is SVG"
    letters: dict[tuple[int, str], set[str]] = {}
    for attributes, content in _TEXT.findall(svg):
        weight = _WEIGHT.search(attributes)
        cut = (600 if weight and weight[1] in {"bold", "600", "700"} else 400, _style(attributes))
        letters.setdefault(cut, set()).update(unescape(_TAG.sub("", content)))
    faces = "".join(_rule(*cut, "".join(sorted(used))) for cut, used in sorted(letters.items()))
    style = f"<style>{faces}</style>" if faces else ""
    ground = f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>'
    root = opening.group()[:-1] + ' role="img">'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{root}<title>{escape(alternative)}</title>{style}{ground}'
        f"{svg[opening.end() :]}\n"
    )


def size(svg: str) -> tuple[float, float]:
    """Return width and height of a picture in pixels."""
    opening = _OPENING.search(svg)
    found = dict(_SIZE.findall(opening.group())) if opening else {}
    return float(found.get("width", 0)), float(found.get("height", 0))


def _style(attributes: str) -> str:
    return "italic" if 'font-style="italic"' in attributes else "normal"


def _rule(weight: int, style: str, letters: str) -> str:
    data = base64.b64encode(_cut_down(_charset(weight, style), letters)).decode("ascii")
    return (
        f'@font-face{{font-family:"{fonts.SANS}";font-weight:{weight};font-style:{style};'
        f'src:url("data:font/ttf;base64,{data}")}}'
    )


@cache
def _charset(weight: int, style: str) -> bytes:
    """Return the face with the letters of the web edition: cutting the whole one for each chart takes seconds."""
    face = next(one for one in fonts.FACES if (one.family, one.weight, one.style) == (fonts.SANS, weight, style))
    return _subset(face.path.read_bytes(), fonts.LETTERS)


def _cut_down(font: bytes, letters: str) -> bytes:
    return _subset(font, map(ord, letters))


def _subset(data: bytes, codes: Iterable[int]) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features = ["kern", "liga"]
    options.hinting = False
    options.name_IDs = []
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(codes))
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()
