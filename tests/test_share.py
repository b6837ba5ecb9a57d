"""The share picture: its size, its bytes, its words and nothing outside the margins."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evidencebook import edition
from evidencebook.charts import fonts
from evidencebook.charts.palette import LIGHT
from evidencebook.editions import covers
from tests.building import build, change

BOOK = edition.edition(Path(__file__).parents[1])


def test_the_picture_has_the_size_that_sites_ask_for_and_the_same_bytes_each_time() -> None:
    made = covers.png(covers.share(BOOK))
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.size == (1200, 630)
        band = picture.convert("RGB").getpixel((covers.SHARE.band // 2, 300))
    assert "#{:02x}{:02x}{:02x}".format(*band) == LIGHT["vermilion"]
    assert made == covers.png(covers.share(BOOK))


def test_the_picture_names_title_subtitle_date_and_version_of_the_edition() -> None:
    drawn = covers.share(replace(BOOK, title="Tides & keepers", subtitle="Of <water>", version="2.1"))
    assert re.findall(r">([^<>]+)</text>", drawn)[:2] == ["Tides &amp; keepers", "Of &lt;water&gt;"]
    assert "version 2.1" in drawn
    assert covers.png(covers.share(BOOK)) != covers.png(covers.share(replace(BOOK, title="Another")))


def test_the_title_is_drawn_in_the_pinned_face_and_not_in_one_of_the_machine() -> None:
    def ink(book: edition.Edition) -> tuple[int, int]:
        with Image.open(io.BytesIO(covers.png(covers.share(book)))) as picture:
            grey = picture.convert("L").crop((covers.SHARE.band + 2, 0, 1200, 500))
        box = grey.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert box
        return box[0], box[2]

    left, right = ink(replace(BOOK, title="HHHHHHHH", subtitle=""))
    expected = fonts.width("HHHHHHHH", fonts.SERIF, 600, 118)
    assert right - left == pytest.approx(expected, rel=0.03)


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=14), min_size=1, max_size=20))
def test_no_line_is_wider_than_the_room_and_no_word_is_lost(words: list[str]) -> None:
    lines = fonts.wrapped(" ".join(words), fonts.SERIF, 600, 56, covers.SHARE.room)
    assert " ".join(lines).split() == words
    room = covers.SHARE.room
    assert all(fonts.width(line, fonts.SERIF, 600, 56) <= room for line in lines)


def test_a_long_title_is_set_smaller_and_stays_above_the_date() -> None:
    drawn = covers.share(
        replace(BOOK, title="A long history of tide gauges " * 3, subtitle="What the keepers say " * 6)
    )
    heights = [int(y) for y in re.findall(r'<text x="\d+" y="(\d+)"', drawn)]
    assert heights == sorted(heights)
    assert heights[-1] - heights[-2] >= 40
    assert min(heights) > 60


SHAPE = 'width="680" height="276"'
CHART = f'<svg xmlns="http://www.w3.org/2000/svg" {SHAPE}><rect {SHAPE} fill="#1d5c96"/></svg>'


@pytest.mark.parametrize("height", [276, 900])
def test_a_chart_stands_below_the_title_within_the_margins(height: int) -> None:
    drawn = covers.png(covers.share(BOOK, CHART.replace("276", str(height))))
    with Image.open(io.BytesIO(drawn)) as picture:
        blue = (
            picture.convert("RGB")
            .point(lambda value: value)
            .convert("L")
            .point(lambda grey: 255 if 70 < grey < 100 else 0)
        )
    box = blue.crop((covers.SHARE.left - 4, 170, 1200, 630)).getbbox()
    assert box
    left, top, right, bottom = box
    assert left <= 5 and right <= covers.SHARE.room + 5 and bottom <= 460 - 20
    assert (right - left) / (bottom - top) == pytest.approx(680 / height, rel=0.02)


def test_the_cover_of_the_e_book_has_the_chart_between_subtitle_and_date() -> None:
    plain, shown = covers.cover(BOOK), covers.cover(BOOK, CHART)
    place = re.search(r'<svg [^>]*y="(\d+)" width="(\d+)" height="(\d+)" viewBox="0 0 680 276">', shown)
    assert place and "viewBox" not in plain
    lines = [int(y) for y in re.findall(r'<text x="\d+" y="(\d+)"', shown)]
    top, width, height = map(int, place.groups())
    assert width <= covers.COVER.room
    assert max(y for y in lines if y < top) < top and top + height < min(y for y in lines if y > top)


@pytest.mark.slow
def test_the_chart_that_the_settings_name_is_in_the_picture_and_an_unknown_one_fails_the_build(root: Path) -> None:
    settings = root / "_config.yml"
    change(settings, "    language: en\n", "    language: en\n    evidence_cover: fig-lookers\n")
    done = build(root)
    assert done.returncode == 0, done.stderr
    share = root / "_build/html/_static" / covers.SHARE_NAME
    assert share.read_bytes() != covers.png(covers.share(edition.edition(root)))
    change(settings, "fig-lookers", "fig-loukers")
    done = build(root)
    assert done.returncode != 0
    assert "_config.yml" in done.stderr and "evidence_cover names 'fig-loukers'" in done.stderr
