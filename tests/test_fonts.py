"""The typefaces kept for the web are those of the pinned packages."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from evidencebook.charts import fonts
from evidencebook.extension.assets import STATIC, type_css


@pytest.mark.slow
@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.path.stem)
def test_a_kept_face_holds_the_glyphs_that_the_pinned_package_gives(face: fonts.Face) -> None:
    kept = TTFont(STATIC / "fonts" / fonts.web_name(face))
    made = TTFont(BytesIO(fonts.web_font(face)))
    assert kept.getGlyphOrder() == made.getGlyphOrder()
    for table in ("glyf", "cmap", "hmtx"):
        assert kept.getTableData(table) == made.getTableData(table)


def test_every_face_of_the_style_sheet_is_there() -> None:
    for face in fonts.FACES:
        assert f'url("fonts/{fonts.web_name(face)}")' in type_css()
        assert (STATIC / "fonts" / fonts.web_name(face)).is_file()
