"""The map: each report at the place of its claims and no finer, in the words of its claims, with its doubt."""

from __future__ import annotations

from itertools import combinations

import pytest
from figures import EVIDENCE, places

from tests.specs import boxes, changed, forms, spec_of, table, texts

SPEC = "places.reported"
AT_THE_BORDER = {"tumen", "hunchun", "helong", "dandong", "sinuiju"}


@pytest.mark.parametrize("report", places.REPORTS, ids=lambda report: report.claim_ids[0])
def test_a_report_stands_at_a_place_of_its_claims(report: places.Report) -> None:
    for claim_id in report.claim_ids:
        place = EVIDENCE.places[EVIDENCE.claims[claim_id]["place_id"]]
        # What is told of Dandong and Sinuiju alike has one place in the tables.
        assert report.place_id in (place["place_id"], "sinuiju" if place["place_id"] == "dandong" else "")
        assert place["kind"] in ("city", "province")


def test_every_report_is_told_in_both_pictures_the_text_and_the_table() -> None:
    spec = spec_of(SPEC)
    for report in places.REPORTS:
        said = report.said.replace("\u00a0", " ")
        assert all(said in texts(form) for form in forms(spec)) and said in spec["description"]
        assert any(row["What is reported"] == report.said for row in table(spec))


def test_what_is_in_doubt_says_so() -> None:
    said = {report.claim_ids[0]: report.said for report in places.REPORTS}
    assert said["cho-helong-violent-protests"].endswith(", unconfirmed")


def test_no_words_lie_on_each_other_or_leave_the_frame() -> None:
    spec = spec_of(SPEC)
    found = boxes(spec)
    assert all(top >= 0 and bottom <= spec["height"] for _, (_, top, _, bottom) in found)
    for (text, a), (other, b) in combinations(found, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 1 or b[3] <= a[1] + 1, f"{text} on {other}"


def test_on_phones_each_place_has_a_number_on_the_map_and_in_the_list() -> None:
    said = texts(forms(spec_of(SPEC))[1])
    for number, reports in enumerate(places.by_place().values(), 1):
        assert f"{number}\u2002{reports[0].place['name']}" in said
        assert f" | {number} | " in f" | {said} | "


def test_the_title_holds() -> None:
    cities = {report.place_id for report in places.REPORTS if report.place["kind"] == "city"}
    assert len(cities & AT_THE_BORDER) > len(cities) / 2


def test_an_edited_number_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "EVIDENCE", changed("jilin-workers-dailynk-sources", low=21_000, high=21_000))
    assert "about 21,000 workers" in texts(places.reported().to_dict())
