"""The typefaces kept for the web are those of the pinned packages."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import USE_MY_METRICS

from evidencebook.charts import fonts
from evidencebook.editions.web.styles import type_css


@pytest.mark.slow
@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.path.stem)
def test_a_kept_face_holds_the_glyphs_that_the_pinned_package_gives(face: fonts.Face) -> None:
    kept = TTFont(fonts.WEB_FOLDER / fonts.web_name(face))
    made = TTFont(BytesIO(fonts.web_font(face)))
    assert kept.getGlyphOrder() == made.getGlyphOrder()
    for table in ("glyf", "cmap", "hmtx"):
        assert kept.getTableData(table) == made.getTableData(table)


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.path.stem)
def test_every_sign_of_a_kept_face_is_as_wide_as_the_face_says_and_not_as_one_of_its_parts(face: fonts.Face) -> None:
    # "%" of the serif faces claims the width of its stroke: in a browser that hints fully "80% of" overlapped.
    kept = TTFont(fonts.WEB_FOLDER / fonts.web_name(face))
    widths, glyphs = kept["hmtx"], kept["glyf"]
    wrong = {
        chr(letter)
        for letter, name in kept.getBestCmap().items()
        for part in (glyphs[name].components if glyphs[name].isComposite() else ())
        if part.flags & USE_MY_METRICS and widths[part.glyphName][0] != widths[name][0]
    }
    assert wrong == set()


def test_every_face_of_the_style_sheet_is_there() -> None:
    for face in fonts.FACES:
        assert f'url("fonts/{fonts.web_name(face)}")' in type_css()
        assert (fonts.WEB_FOLDER / fonts.web_name(face)).is_file()
