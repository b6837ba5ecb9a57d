"""Shared marks: open sides stay open, unfirm values look different, labels carry hedges."""

from __future__ import annotations

import textwrap

import altair as alt
import pytest
from figures import EVIDENCE, marks, rows

from evidencebook.charts import NARROW, WIDE
from evidencebook.values.intervals import Interval


def drawn(*shown: marks.Mark) -> list[dict]:
    x = lambda column: alt.X(f"{column}:Q")  # noqa: E731
    spec = alt.layer(*marks.interval_layers(shown, x, alt.Y("row:N"))).to_dict()
    shared = spec.get("data")  # Altair lifts data that all layers share
    return [
        {
            "mark": layer["mark"],
            "rows": spec["datasets"][layer.get("data", shared)["name"]],
            "x": layer["encoding"]["x"]["field"],
        }
        for layer in spec["layer"]
    ]


def ends(layers: list[dict]) -> list[float]:
    """The positions of all bar ends, solid or hollow."""
    bars = [one for one in layers if one["mark"]["type"] == "tick" or one["mark"].get("shape") == marks.HOLLOW_END]
    return sorted(row["value"] for bar in bars for row in bar["rows"])


@pytest.mark.parametrize(
    ("interval", "bound", "arrow"),
    [(Interval(None, 90), 90, "triangle-left"), (Interval(50, None, False), 50, "triangle-right")],
)
def test_an_open_bound_has_one_bar_end_and_an_arrow_on_its_open_side(interval, bound, arrow):
    layers = drawn(marks.Mark("a", interval, 70))
    assert ends(layers) == [bound]
    assert [one["mark"]["shape"] for one in layers if "triangle" in one["mark"].get("shape", "")] == [arrow]
    assert any(one["mark"].get("strokeDash") for one in layers)


def test_a_range_has_two_bar_ends_and_no_arrow():
    layers = drawn(marks.Mark("a", Interval(3, 5)))
    assert ends(layers) == [3, 5]
    assert not any("triangle" in one["mark"].get("shape", "") for one in layers)


def test_a_point_is_one_disc_at_its_value():
    (layer,) = drawn(marks.Mark("a", Interval.point(80)))
    assert layer["mark"]["shape"] == "circle" and layer["mark"]["filled"]
    assert [row["value"] for row in layer["rows"]] == [80]


@pytest.mark.parametrize("interval", [Interval.point(8), Interval(3, None)])
def test_what_is_not_firm_is_drawn_hollow(interval):
    layers = drawn(marks.Mark("a", interval, 9, firm=False))
    shapes = [one["mark"] for one in layers if one["mark"]["type"] == "point"]
    assert shapes and not any(shape["filled"] for shape in shapes)


def test_no_number_gives_no_mark():
    assert marks.interval_layers([marks.Mark("a", None)], lambda column: alt.X(f"{column}:Q"), alt.Y("row:N")) == []


def test_an_open_bound_without_a_tail_is_refused():
    with pytest.raises(ValueError, match="tail"):
        drawn(marks.Mark("a", Interval(None, 90)))


def test_value_labels_carry_the_hedge():
    assert marks.value_label(EVIDENCE.fact("tip-2023-state-share")).startswith("up to ")
    assert marks.value_label(EVIDENCE.fact("liaoning-workers-dailynk-sources")).startswith("~")
    assert marks.value_label(EVIDENCE.fact("worker-earnings-fraction-rfa")) == "not put in figures"


def test_a_label_says_whether_a_value_is_a_rumour_or_rests_on_one():
    assert marks.doubt(EVIDENCE.fact("seafood-worker-factory-payment")) == ", rumoured"
    assert marks.doubt(EVIDENCE.fact("worker-share-of-payment")) == ", if the rumour holds"
    assert marks.doubt(EVIDENCE.fact("liaoning-projected-workers")) == ", on a disputed basis", "the strongest is said"
    assert marks.doubt(EVIDENCE.fact("tip-2023-state-share")) == ""


def test_titles_are_wrapped_to_the_page():
    chart = alt.Chart().mark_point()
    long = "A title that says at some length what is seen in the chart and then goes on for rather longer still"
    for size, most in ((WIDE, 90), (NARROW, 44)):
        title = marks.titled(chart, size, long, long).to_dict()["title"]
        assert max(map(len, title["text"])) <= most
        assert " ".join(title["text"]) == long


def test_tails_stay_on_the_axis():
    axis = rows.Axis((0, 100), (), "", "")
    assert 98 < rows._tail(Interval(97, None), axis) < 100
    assert 0 < rows._tail(Interval(None, 5), axis) < 5


@pytest.mark.parametrize("width", [44, 60, 90])
def test_a_title_leaves_no_word_alone_and_takes_no_line_more_than_it_needs(width):
    title = "Each resolution listed went further on workers than the last and followed a weapons test"
    lines = marks.balanced(title, width)
    assert " ".join(lines) == title
    assert max(map(len, lines)) <= width
    assert len(lines) == len(textwrap.wrap(title, width))
    assert min(map(len, lines)) > 0.6 * max(map(len, lines))
