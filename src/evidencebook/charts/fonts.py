"""The typefaces of all editions, taken from pinned packages so that no machine's own fonts show."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import font_source_sans_pro
import font_source_serif_pro
import manimgx_fonts
import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SANS = "Source Sans Pro"
SERIF = "Source Serif Pro"
SIGNS = (0x20A9, 0x20AC, 0x2190, 0x2192, 0x2212, 0x2248, 0x2264, 0x2265)  # won, euro, arrows, minus, relations
LETTERS = (*range(0x20, 0x180), *range(0x2000, 0x2070), *SIGNS)  # that the faces of an edition hold


@dataclass(frozen=True)
class Face:
    """One cut of a family: its CSS weight and style, and its TrueType file."""

    family: str
    weight: int
    style: str
    path: Path


def _faces(family: str, folder: Path) -> tuple[Face, ...]:
    cuts = (
        ("Regular", 400, "normal"),
        ("It", 400, "italic"),
        ("Semibold", 600, "normal"),
        ("SemiboldIt", 600, "italic"),
    )
    stem = family.replace(" ", "")
    return tuple(Face(family, weight, style, folder / f"{stem}-{cut}.ttf") for cut, weight, style in cuts)


WEB_FOLDER = Path(__file__).parent / "faces"  # the faces as `web_font` makes them
SANS_FOLDER = Path(font_source_sans_pro.font_directory)
FACES = _faces(SANS, SANS_FOLDER) + _faces(SERIF, Path(font_source_serif_pro.font_directory))


_NOTO = Path(manimgx_fonts.__file__).parent
_CJK = "Noto Sans CJK JP"  # which has the letters of Korean and Chinese as well
# Faces for what the report's own have not, by family in the order in which they are asked: Greek and Cyrillic first,
# then other scripts, then signs. Of variable faces one file has all weights.
OTHERS: dict[str, tuple[Path, ...]] = {
    "Noto Sans": (_NOTO / "NotoSans[wght].ttf", _NOTO / "NotoSans-Italic[wght].ttf"),
    **{
        f"Noto Sans {script}": (_NOTO / f"NotoSans{script}[wght].ttf",)
        for script in (
            "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew",
            "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
        )
    },
    _CJK: (Path(str(noto_cjk_sans_jp_regular.FONT_PATH)), Path(str(noto_cjk_sans_jp_bold.FONT_PATH))),
    "Noto Sans Symbols": (_NOTO / "NotoSansSymbols[wght].ttf",),
    "Noto Emoji": (_NOTO / "NotoEmoji[wght].ttf",),
}  # fmt: skip


@cache
def letters(path: Path) -> frozenset[int]:
    """Return the code points for which a face has a glyph."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@dataclass(frozen=True)
class Cut:
    """A face for other scripts, cut down to the letters of a text: its file's name and content, its CSS and letters."""

    name: str
    content: bytes
    weights: str
    style: str
    codes: tuple[int, ...]

    def css(self, family: str, url: str) -> str:
        """Return the @font-face rule by which a family has these letters."""
        codes = ", ".join(f"U+{code:X}" for code in self.codes)
        return (
            f'@font-face {{ font-family: "{family}"; font-weight: {self.weights}; font-style: {self.style}; '
            f'src: url("{url}"); unicode-range: {codes}; }}\n'
        )


def cuts(text: str) -> list[Cut]:
    """Return the faces that a text needs beside the report's own, each with no more letters than it asks for."""
    own = frozenset(LETTERS).intersection(*(letters(face.path) for face in FACES))
    wanted = {ord(sign) for sign in set(text)} - own
    found = []
    for paths in OTHERS.values():
        codes = tuple(sorted(wanted & letters(paths[0])))
        wanted -= set(codes)
        found += [_cut(path, codes) for path in paths if codes]
    return found


def _cut(path: Path, codes: tuple[int, ...]) -> Cut:
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True)
    with TTFont(path, recalcTimestamp=False, lazy=True) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out, reorderTables=None)
    is_variable = "[" in path.stem
    weights = "100 900" if is_variable else "600 900" if path.stem.endswith("Bold") else "100 500"
    style = "italic" if "Italic" in path.stem else "normal"
    return Cut(f"{path.stem.partition('[')[0]}.woff2", out.getvalue(), weights, style, codes)


# What drawing has no use for: ligatures and other alternates, which it leaves out, and instructions for coarse screens.
UNDRAWN = ("GSUB", "GDEF", "fpgm", "prep", "cvt ", "gasp")


def drawing_fonts(folder: Path) -> Path:
    """Return a folder with the sans faces as drawing needs them, which this makes in `folder` unless it is there.

    The drawing engine opens a face's file for every letter that it measures, so that smaller files make pictures a
    third faster. A test compares pictures drawn with them and with the whole faces.
    """
    from fontTools.ttLib import TTFont

    made = folder / "drawing-fonts"
    if not made.is_dir():
        part = folder / f"drawing-fonts.{os.getpid()}.part"
        part.mkdir(parents=True)
        for face in FACES:
            if face.family == SANS:
                font = TTFont(face.path, recalcTimestamp=False, lazy=True)
                for table in UNDRAWN:
                    if table in font:
                        del font[table]
                font.save(part / face.path.name, reorderTables=None)
        try:
            part.rename(made)
        except OSError:  # another process was faster
            shutil.rmtree(part)
    return made


def font_face_css(face: Face, url: str) -> str:
    """Return the @font-face rule that offers the face from the address."""
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'font-display: swap; src: url("{url}"); }}\n'
    )


def web_name(face: Face) -> str:
    """Return the file name of the face's web form."""
    return f"{face.path.stem}.woff2"


def _keep_own_metrics(font: TTFont) -> None:
    """Let composite glyphs have the widths that the table of widths gives them.

    Some of the faces say that a sign is as wide as one of its parts, "%" as wide as its stroke. Browsers believe that
    where hinting is full, and the next word is set over the sign.
    """
    from fontTools.ttLib.tables._g_l_y_f import USE_MY_METRICS

    for glyph in font["glyf"].glyphs.values():
        glyph.expand(font["glyf"])
        for part in glyph.components if glyph.isComposite() else ():
            part.flags &= ~USE_MY_METRICS


def web_font(face: Face) -> bytes:
    """Return the face as WOFF2, cut down to Latin letters, figures, punctuation and arrows.

    Cutting the faces takes seconds, so the results are kept with the web edition's static files, and a test compares
    them with what this function makes of the pinned packages.
    """
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features = ["kern", "liga", "lnum", "onum", "tnum", "pnum"]
    options.hinting = False
    font = TTFont(face.path, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(LETTERS))
    subsetter.subset(font)
    _keep_own_metrics(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


def wrapped(text: str, family: str, weight: int, size: float, room: float) -> list[str]:
    """Return the text in lines that fit into the room; a single word that does not stays whole."""
    lines: list[str] = []
    for word in text.split(" "):  # not at spaces that do not break
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

    face = next(face for face in FACES if (face.family, face.weight, face.style) == (family, weight, "normal"))
    with TTFont(face.path, lazy=True) as font:
        metrics = font["hmtx"].metrics
        return {code: metrics[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm
