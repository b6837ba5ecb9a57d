"""Style sheets in the page: in their order, without comments, with addresses that hold from where the page lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.charts import fonts, standins
from evidencebook.editions.web.styles import Styles, source_hash


@pytest.fixture
def styles(tmp_path: Path) -> Styles:
    sheets = {
        "faces.css": '@font-face { src: url("fonts/a.woff2"); } /* why */\n\n  p { content: "a: b"; }\n',
        "own/own.css": "div { background: url(dot.svg), url(../up.png), url(#in), url(data:image/png;base64,AA) }\n",
        "last.css": 'q::after { content: "</style>"; }',
    }
    for name, text in sheets.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return Styles({name: tmp_path / name for name in sheets})


def test_addresses_hold_from_the_page_and_others_are_left_alone(styles: Styles) -> None:
    assert 'url("../_static/fonts/a.woff2")' in styles.of(["faces.css"], "../")
    assert 'url("_static/fonts/a.woff2")' in styles.of(["faces.css"], "")
    assert styles.of(["own/own.css"], "../../").endswith(
        'background: url("../../_static/own/dot.svg"), url("../../_static/up.png"), url(#in), '
        "url(data:image/png;base64,AA) }"
    )


def test_sheets_keep_their_order_and_lose_their_comments(styles: Styles) -> None:
    text = styles.of(["last.css", "faces.css"], "")
    assert text.index("q::after") < text.index("@font-face")
    assert "why" not in text
    assert 'content: "a: b"' in text


def test_no_sheet_ends_its_element(styles: Styles) -> None:
    assert "</" not in styles.of(["last.css"], "")


def test_a_policy_names_a_script_by_its_hash() -> None:
    # The example of the specification, https://www.w3.org/TR/CSP3/#grammardef-hash-source
    assert source_hash("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_what_stands_in_for_a_typeface_is_as_wide_and_comes_right_after_it() -> None:
    sheet = standins.stylesheet()
    assert standins.stack(fonts.SERIF).startswith('"Source Serif Pro", "Georgia for Source Serif Pro", ')
    assert '"Georgia for Source Serif Pro"; font-weight: 400; size-adjust: 100.9%; src: local("Georgia");' in sheet
    assert sheet.count("@font-face") == 2 * sum(len(found) for found in standins.STAND_INS.values())
