"""The one type of a figure: what a notebook keeps of it is what editions show."""

from __future__ import annotations

import json

import pytest
from docutils import nodes

from evidencebook.charts.figures import Figure, Picture, Table
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
    for figure, name in ((WHOLE, "A title"), (Figure("Text"), "A caption.")):
        shown = nodes.figure("", nodes.container("", chart(figure=figure)), caption.deepcopy())
        assert heading(shown) == name
