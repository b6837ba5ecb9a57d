"""The drawing room: open sides stay open, what is not firm is hollow, words fit, table and text are of one list."""

from __future__ import annotations

from pathlib import Path

import pytest
from figures import EVIDENCE

from evidencebook.charts import COLOURS, FACTS, NARROW, WIDE
from evidencebook.drawing import HOLLOW, SMALL, Canvas, Letters, Listing, Mark, Scale, Symbol, named, provenance, value
from evidencebook.drawing.canvas import TITLE, balanced
from evidencebook.drawing.rows import Axis, Line, chart, columns
from evidencebook.drawing.stretches import short, stretches, unbroken
from evidencebook.drawing.tracks import Group, Track
from evidencebook.drawing.tracks import chart as tracks_chart
from evidencebook.evidence import Evidence
from evidencebook.values import Interval

PROJECTED = "liaoning-projected-workers"
SCALE = Scale(0, 100, 0, 500)


def drawn(mark: Mark) -> dict[str, list[dict]]:
    """The rows of data of a mark by the kind of part."""
    canvas = Canvas(WIDE)
    mark.draw(canvas, SCALE, 10, named("a", "what"))
    found: dict[str, list[dict]] = {}
    for (kind, _, style), rows in canvas.layers.items():
        found.setdefault(kind, []).extend({**dict(style), **row} for row in rows)
    return found


def middles(rows: list[dict]) -> list[float]:
    return sorted((row["x"] + row["x2"]) / 2 for row in rows)


@pytest.mark.parametrize(
    ("interval", "bound", "arrow"),
    [(Interval(None, 90), 90, "triangle-left"), (Interval(50, None, False), 50, "triangle-right")],
)
def test_an_open_bound_has_one_end_and_an_arrow_on_its_open_side(interval, bound, arrow):
    parts = drawn(Mark(interval))
    assert middles(parts["box"]) == [SCALE.at(bound)]
    (tip,), (tail,) = parts["symbol"], parts["rule"]
    assert tip["shape"] == arrow and tail["strokeDash"]
    assert (tip["x"] < SCALE.at(bound)) is (arrow == "triangle-left")


@pytest.mark.parametrize("interval", [Interval(97, None), Interval(None, 5)])
def test_a_tail_stays_on_the_scale(interval):
    (tip,) = drawn(Mark(interval))["symbol"]
    assert 0 < tip["x"] < 500


def test_a_range_has_two_ends_and_no_arrow():
    parts = drawn(Mark(Interval(3, 5)))
    assert middles(parts["box"]) == [SCALE.at(3), SCALE.at(5)]
    assert "symbol" not in parts


def test_a_point_is_one_disc_at_its_value():
    (disc,) = drawn(Mark(Interval.point(80)))["symbol"]
    assert (disc["shape"], disc["x"], disc["fill"]) == ("circle", SCALE.at(80), COLOURS["blue"])


@pytest.mark.parametrize("interval", [Interval.point(8), Interval(3, None), Interval(3, 5)])
def test_what_is_not_firm_is_drawn_hollow(interval):
    parts = drawn(Mark(interval, is_firm=False))
    assert all(row["fill"] == HOLLOW for row in parts.get("symbol", ()))
    assert all(row["fillOpacity"] == 0 and row["strokeWidth"] for row in parts.get("box", ()))
    assert drawn(Mark(interval)) != parts


def test_a_part_of_a_sum_is_joined_to_where_it_begins():
    band = drawn(Mark(Interval(60, None), start=20))["box"][0]
    assert (band["x"], band["x2"]) == (SCALE.at(20), SCALE.at(60)) and band["fillOpacity"] < 0.5


def test_a_logarithmic_scale_has_equal_steps_for_equal_factors():
    scale = Scale(1, 10_000, 0, 400, is_log=True)
    assert [scale.at(10**power) for power in range(5)] == pytest.approx([0, 100, 200, 300, 400])


def test_a_value_that_is_not_a_number_has_a_row_and_no_mark():
    fact = EVIDENCE.fact("worker-earnings-fraction-rfa")
    assert fact.quantity_interval is None
    spec = chart(WIDE, [Line(fact, "Somebody", "says so")], Axis(0, 10, (0, 10), "{}".format, "Units")).to_dict()
    rows = [row for table in spec["datasets"].values() for row in table]
    assert not any("shape" in row for row in rows)
    assert any(row.get("text") == "not put in figures" for row in rows)


def test_labels_carry_the_hedge_and_the_doubt():
    ids = ("tip-2023-state-share", "jilin-workers-dailynk-sources", "seafood-worker-factory-payment", PROJECTED)
    said = {each: value(EVIDENCE.fact(each)) for each in ids}
    assert said["tip-2023-state-share"] == "up to 90%"
    assert said["jilin-workers-dailynk-sources"].endswith(", unconfirmed")
    assert said["seafood-worker-factory-payment"].endswith(", disputed"), "a rumour against which others speak"
    assert said[PROJECTED].endswith(", disputed"), "the strongest is said"


@pytest.mark.parametrize("room", [150, 250, 400])
def test_lines_fit_their_room_by_the_measure_of_the_face(room):
    text = "Each resolution listed went further on workers than the last and followed a weapons test"
    for letters in (SMALL, Letters(13, 600)):
        lines = letters.lines(text, room)
        assert " ".join(lines) == text
        assert all(letters.width(line) <= room for line in lines)
    even = balanced(text, TITLE, room)
    assert len(even) == len(TITLE.lines(text, room))
    assert min(map(TITLE.width, even)) > 0.5 * max(map(TITLE.width, even))


def test_non_breaking_spaces_hold_words_together():
    assert SMALL.lines("about 20 000\u00a0workers", SMALL.width("about 20 000")) == ["about 20", "000\u00a0workers"]


def test_a_key_takes_as_many_lines_as_the_width_asks_for():
    entries = [(Symbol(), f"a meaning of some length, number {number}") for number in range(4)]
    heights = [Canvas(size).symbols_key(0, entries) for size in (WIDE, NARROW)]
    assert heights[0] < heights[1]


def test_boxes_lie_below_rules_and_words_above_all():
    canvas = Canvas(WIDE)
    canvas.text(0, 0, "word")
    canvas.symbol(0, 0, Symbol())
    canvas.rule(0, 0, 1, 1, "ink")
    canvas.box(0, 0, 1, 1, "blue")
    canvas.rule(0, 0, 1, 1)
    kinds = [layer["mark"]["type"] for layer in canvas.chart(10).to_dict()["layer"]]
    assert kinds == ["rule", "rect", "rule", "point", "text"]


def test_the_table_and_the_text_are_of_the_same_cells():
    listing = Listing(
        [3, 4], {"Number": str, "Square": lambda number: number**2, "None": lambda _: ""}, "{Number}: {Square}"
    )
    assert listing.table().to_numpy().tolist() == [["3", "9", "–"], ["4", "16", "–"]]
    assert listing.spoken() == "3: 9; 4: 16."


def test_what_is_worked_out_names_the_voices_behind_it():
    said = provenance(EVIDENCE, "worker-share-of-payment", "speaker")
    assert said == f"worked out here from: {EVIDENCE.claims['seafood-worker-take-home']['speaker']}"


def test_the_room_serves_another_report_as_well():
    tides = Evidence.load(Path(__file__).parent / "roots/tides")
    lines = [Line(tides.fact(each), each, "by the logs") for each in ("visitors-counted", "lookers")]
    spec = chart(WIDE, lines, Axis(0, 100, (0, 50, 100), "{}".format, "People")).to_dict()
    said = [row["text"] for table in spec["datasets"].values() for row in table if "text" in row]
    assert "up to 90" in said and value(lines[0].fact) in said
    told = Listing(lines, columns(tides), "{Account}: {Value}")
    assert told.spoken() == f"visitors-counted: {value(lines[0].fact)}; lookers: up to 90."
    assert set(told.table()["Source"]) != {"–"}


def marks(track: Track, size=WIDE) -> dict[str, list[dict]]:
    spec = tracks_chart(size, [Group("All", "blue", (track,))], (2016, 2026), "in doubt").to_dict()
    found: dict[str, list[dict]] = {}
    for layer in spec["layer"]:
        for row in spec["datasets"][layer["data"]["name"]]:
            if row.get(FACTS) == "a" and "text" not in row:
                found.setdefault(layer["mark"]["type"], []).append({**layer["mark"], **row})
    return found


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_days_are_dots_stretches_bars_with_ends_and_alternatives_joined_dots(size):
    def track(when: str, is_doubtful: bool = False) -> dict[str, list[dict]]:
        return marks(Track("It", when, is_doubtful, facts="a"), size)

    assert set(track("2017-12-22")) == {"point"}
    bar, *ends = track("2020/2022-07")["rect"]
    assert 0 < bar["fillOpacity"] < 0.5 and [(end["x"] + end["x2"]) / 2 for end in ends] == [bar["x"], bar["x2"]]
    joined = track("[2021-10-21,2022-04-21,2022-07-21]")
    assert len(joined["point"]) == 3 and joined["rule"][0]["x"] == joined["point"][0]["x"]
    both = track("{2017-01-03,2017-07-28}")
    assert set(both) == {"point"} and len(both["point"]) == 2
    assert track("2024-01", is_doubtful=True)["point"][0]["fill"] == HOLLOW
    assert track("2018~")["rect"][0]["fillOpacity"] == 0


def test_a_date_that_fits_beside_no_mark_stands_below_it():
    wordy = Track("It", "[2019-10-21,2020-04-21,2020-07-21]", facts="a")
    spec = tracks_chart(NARROW, [Group("All", "blue", (wordy,))], (2016, 2024), "in doubt").to_dict()
    (date,) = [row for table in spec["datasets"].values() for row in table if row.get("text") == short(wordy.when)]
    assert date["x"] - SMALL.width(date["text"]) >= 0 or date["x"] + SMALL.width(date["text"]) <= 332


def test_short_dates_keep_every_alternative():
    assert short("[2021-10-21,2022-04-21,2022-07-21]") == "21 Oct 2021, 21 Apr or 21 Jul 2022"
    assert short("2018-08-09/2018-08-31") == "9–31 Aug 2018"
    assert short("2025-09-05/2025-10-20") == "5 Sep – 20 Oct 2025"
    assert short("[2021,2022-01..2022-07]") == "2021 or Jan – Jul 2022"
    assert short("{2017-07-03,2017-07-28}") == "3 and 28 Jul 2017"
    assert short("2018~") == "~2018"
    assert " " not in unbroken("21 Jul 2022")
    assert [round(part.start, 2) for part in stretches("{2017-01-01,2018-01-01}")] == [2017, 2018]
