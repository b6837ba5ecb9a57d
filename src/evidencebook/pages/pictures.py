"""Files of pictures: every edition must be able to show them, and none of its tools should be the first to say no."""

from __future__ import annotations

import warnings
from pathlib import Path

from lxml import etree

# Formats that browsers, reading systems and the typesetter show, by suffix, as Pillow names them.
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP", ".svg": "SVG"}
SAVE = "save it as PNG, JPEG, GIF, WebP or SVG"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def fault(path: Path) -> str:
    """Return what is wrong with a file that is to be shown, and what to do; empty where nothing is."""
    suffix = path.suffix.lower()
    if path.is_dir():
        return "is a folder - name a file in it"
    if suffix not in FORMATS:
        return f"is of no format that every edition shows - {SAVE}"
    wrong = _svg(path) if suffix == ".svg" else _pixels(path, FORMATS[suffix])
    return f"{wrong} - {SAVE}" if wrong else ""


def _svg(path: Path) -> str:
    try:
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()
    except (etree.XMLSyntaxError, OSError):
        root = None
    if root is None or etree.QName(root).localname != "svg":
        return "is damaged, or no SVG"
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        given = next((element.get(one) for one in HREFS if element.get(one)), "")
        if name == "image" and not given.startswith("data:"):
            return f"shows another file, {given or 'without a name'}, which no edition looks for"
        if name in ("script", "foreignObject"):
            return f"holds <{name}>, which no edition runs or shows"
    return ""


def _pixels(path: Path, expected: str) -> str:
    from PIL import Image, UnidentifiedImageError  # here: few pages have pictures of their own

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large, and no fault of the file
            with Image.open(path) as picture:
                picture.load()
                return "" if picture.format == expected else f"is {picture.format}, and its name says {expected}"
    except UnidentifiedImageError:
        return f"is no {expected}"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "is damaged"
