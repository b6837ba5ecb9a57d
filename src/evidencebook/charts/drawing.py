"""What a figure function returns, and the decorator that draws it for wide and narrow pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec

import altair as alt
import pandas as pd
from altair.utils import schemapi

from evidencebook.charts.figures import Figure, Picture, Table
from evidencebook.charts.renderer import USERMETA, enable


@dataclass(frozen=True)
class Size:
    """Room for a chart: the total width in CSS pixels, and whether it is a phone's."""

    width: int
    is_narrow: bool

    def choose(self, wide: Any, narrow: Any) -> Any:
        """Return the first value on a wide page and the second on a narrow one."""
        return narrow if self.is_narrow else wide


WITHOUT = "EVIDENCE_WITHOUT"  # of the environment: the sources that a build does without (tables/withholding.py)
WIDE = Size(680, is_narrow=False)
NARROW = Size(340, is_narrow=True)


@dataclass(frozen=True)
class Drawing:
    """A chart with what those get who cannot see it: the alternative text and the data as a table.

    `table` holds display-ready cells; its column names are the printed headings. Rows of the chart's data that stand
    for facts carry their ids in the column `charts.FACTS`, by which marks lead to their evidence, and what they are in
    `charts.ABOUT`. In a chart that names marks, rows with facts and no name are labels and the like: they fade with the
    marks of these facts. What the figure shows and what not is said on the page, beside its caption.

    `themes` are the headings under which the chart's own legend has themes of claims, where it joins some of them.
    `drawn_from` is the name of the table in the book whose rows are drawn, for charts that stand for no fact.
    """

    chart: Any
    alt: str
    table: pd.DataFrame
    themes: Mapping[str, str] = field(default_factory=dict)
    drawn_from: str = ""


P = ParamSpec("P")


def figure(draw: Callable[[Size], Drawing]) -> Callable[[], Any]:
    """Return a function without arguments that gives one Altair chart carrying both drawings, text and table."""

    @wraps(draw)
    def shown() -> Any:
        enable()
        # Altair would check every part whenever it is put into a larger one; the whole is checked when it is shown.
        with schemapi.debug_mode(False):
            try:
                wide, narrow = draw(WIDE), draw(NARROW)
            except (ArithmeticError, LookupError, ValueError):
                if not os.environ.get(WITHOUT):
                    raise
                wide = narrow = _gap()
        for one in (wide, narrow):
            if not isinstance(one, Drawing):
                raise TypeError(f"the figure {draw.__name__} returns {type(one).__name__}, and no charts.Drawing")
        cells = wide.table.astype("string").fillna("")
        made = Figure(
            wide.alt,
            # The whole schema is checked once, when the wide form is shown; a test checks the narrow forms.
            narrow=Picture(_given(narrow.chart, **_room(narrow.chart, NARROW)).to_dict(validate=False)),
            table=Table(list(cells.columns), cells.to_numpy().tolist()),
            themes=wide.themes,
            drawn_from=wide.drawn_from,
        )
        # As text: Altair would copy and check every part of it, several times.
        usermeta = {USERMETA: made.to_text()}
        return _given(wide.chart, **_room(wide.chart, WIDE), description=wide.alt, usermeta=usermeta)

    # The wrapper takes no Size; without this, signature() would still show draw's.
    del shown.__wrapped__
    return shown


def _gap() -> Drawing:
    """Return what stands in the place of a figure that needs the sources which a build does without."""
    said = f"This figure cannot be drawn without {os.environ[WITHOUT]}."
    data = pd.DataFrame({"said": [said]})
    return Drawing(alt.Chart(data).mark_text(size=13).encode(text="said:N"), said, pd.DataFrame({"Gap": [said]}))


def _room(chart: Any, size: Size) -> dict[str, Any]:
    """Let single and layered views fill the given width; composed ones size their parts themselves."""
    if isinstance(chart, alt.Chart | alt.LayerChart):
        # "fit-x" makes axes and labels count, so that the whole picture has exactly this width.
        return {"width": size.width, "autosize": alt.AutoSizeParams(type="fit-x", contains="padding")}
    return {}


def _given(chart: Any, **properties: Any) -> Any:
    """Give the chart these properties in place: `properties()` would copy every layer of it, three times over."""
    for name, value in properties.items():
        chart[name] = value
    return chart
