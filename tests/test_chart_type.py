"""The one type of a figure: what a notebook keeps of it is what editions show."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd
import pytest
from docutils import nodes

from evidencebook.charts import renderer
from evidencebook.charts.columns import strip_unused
from evidencebook.charts.drawing import WIDE, WITHOUT, Drawing, Size, figure
from evidencebook.charts.figures import Figure, Picture, Table
from evidencebook.charts.plain import MOST_ROWS, table
from evidencebook.pages.charts import chart, heading

WHOLE = Figure(
    "A point.", "A title", Picture({"mark": "point"}, "<svg/>"), Picture({"mark": "rule"}, "<svg></svg>"), ["lookers"],
    Table(["Who"], [["We"], ["They"]]), {"tides": "Tides"}, "tab-tides",
)  # fmt: skip


@pytest.mark.parametrize("figure", [WHOLE, Figure("Only a text.", facts=[])])
def test_a_figure_comes_back_whole_from_the_notebook(figure: Figure) -> None:
    assert Figure.from_text(figure.to_text()) == figure


@pytest.mark.parametrize("spoil", [{"unknown": 1}, {"wide": {"png": ""}}, {"wide": None}])
def test_what_another_version_kept_is_told_from_it(spoil: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Figure.from_text(json.dumps({**json.loads(WHOLE.to_text()), **spoil}))


def test_a_list_of_figures_has_the_title_of_the_chart_or_else_the_caption() -> None:
    caption = nodes.caption("", "A caption.")
    for one, name in ((WHOLE, "A title"), (Figure("Text"), "A caption.")):
        shown = nodes.figure("", nodes.container("", chart(figure=one)), caption.deepcopy())
        assert heading(shown) == name


def drawing(chart: alt.Chart, said: str = "A point.") -> Drawing:
    return Drawing(chart, said, pd.DataFrame({"Who": ["We"]}))


def test_a_figure_without_some_source_is_a_gap_only_where_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    @figure
    def lost(_: Size) -> Drawing:
        raise LookupError("no such row")

    monkeypatch.delenv(WITHOUT, raising=False)
    with pytest.raises(LookupError, match="no such row"):
        lost()
    monkeypatch.setenv(WITHOUT, "harbour-log")
    assert lost().to_dict()["description"] == "This figure cannot be drawn without harbour-log."


def test_what_a_figure_function_returns_is_a_drawing_of_which_composed_charts_size_their_parts() -> None:
    @figure
    def nothing(_: Size) -> Drawing:
        return "a chart"  # type: ignore[return-value]

    @figure
    def single(_: Size) -> Drawing:
        return drawing(alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q"))

    @figure
    def beside(_: Size) -> Drawing:
        return drawing(single_chart() | single_chart())

    def single_chart() -> alt.Chart:
        return alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x:Q")

    with pytest.raises(TypeError, match=r"the figure nothing returns str, and no charts\.Drawing"):
        nothing()
    assert single().to_dict()["width"] == WIDE.width
    assert "width" not in beside().to_dict()


def test_shapes_keep_what_is_drawn_of_them_and_no_other_column() -> None:
    shape = {"type": "Point", "coordinates": [0, 0]}
    one = {"type": "Feature", "geometry": shape, "properties": {"name": "x", "secret": "y"}, "secret": "z", "depth": 3}
    encoding = {"color": {"field": "name"}, "size": {"field": "depth"}}
    kept = {"type": "Feature", "geometry": shape, "properties": {"name": "x"}, "depth": 3}
    for data, wanted in (
        ({"values": [one]}, [kept]),
        (
            {"values": {"type": "FeatureCollection", "features": [one]}},
            {"type": "FeatureCollection", "features": [kept]},
        ),
        ({"values": [{**one, "properties": None}]}, [{**kept, "properties": {}}]),
        ({"values": "name,secret"}, "name,secret"),
    ):
        assert strip_unused({"mark": "geoshape", "data": data, "encoding": encoding})["data"]["values"] == wanted


def test_who_draws_a_chart_alone_gets_no_rims_of_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(renderer.EXPLORE, "1")
    text = {"mark": {"type": "text", "stroke": "white", "strokeWidth": 3, "fontSize": 9}, "encoding": {}}
    rule = {"mark": {"type": "rule", "stroke": "red"}, "encoding": {}}
    spec = {
        "data": {"values": [{"x": 1, "y": "a"}]},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
        "layer": [text, rule],
    }
    found = renderer.mimebundle(spec)[renderer.EXPLORED]
    assert [one["mark"] for one in found["layer"]] == [{"type": "text", "fontSize": 9}, rule["mark"]]
    assert found["data"] == {"values": [{"x": 1}]}, "without what is not drawn"


def test_a_table_of_a_chart_that_is_no_short_one_is_none() -> None:
    encoding = {
        "x": {"field": "a", "title": "A"},
        "y": {"field": "b"},
        "tooltip": [{"field": "c"}],
        "size": {"value": 3},
    }
    rows = [{"a": 1, "b": None, "d": 4}]
    assert table({"datasets": {"x": rows}, "encoding": encoding}) == Table(["A", "b"], [["1", ""]])
    for datasets in ({}, {"x": []}, {"x": rows * (MOST_ROWS + 1)}, {"x": rows, "y": rows}):
        assert table({"datasets": datasets, "encoding": encoding}) is None
    assert table({"datasets": {"x": rows}}) is None
