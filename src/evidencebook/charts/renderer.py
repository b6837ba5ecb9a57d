"""Altair theme and renderer: a chart becomes self-contained pictures that need no network and no script."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import altair as alt

from evidencebook.charts import MIME, drawer, fonts, pictures
from evidencebook.charts.columns import fact_ids, named, strip_unused
from evidencebook.charts.figures import Figure, Picture
from evidencebook.charts.palette import COLOURS

NAME = "evidencebook"
USERMETA = "evidencebook"
VEGALITE_VERSION = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])

_ID = re.compile(r'(?<=\bid=")[^"]+')
_RIMMED = re.compile(r"<text (?=[^>]*\bstroke=)")
_ROLE = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def theme() -> dict[str, Any]:
    """Return the Vega-Lite configuration of every chart: quiet axes, one typeface, no picture background."""
    ink, muted, grid = COLOURS["ink"], COLOURS["muted"], COLOURS["grid"]
    text = {
        "labelColor": muted,
        "titleColor": ink,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 400,
    }
    return {
        "config": {
            "background": None,
            "font": fonts.SANS,
            "aria": False,
            "padding": 4,
            "view": {"stroke": None},
            "axis": {
                **text, "gridColor": grid, "domainColor": muted, "tickColor": muted, "labelLimit": 260,
                "titlePadding": 8,
            },
            "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
            "legend": {**text, "symbolSize": 90, "orient": "top", "offset": 4, "labelLimit": 300, "titleLimit": 300},
            "header": {**text, "labelFontWeight": 600},
            "title": {
                "color": ink, "fontSize": 15, "fontWeight": 600, "anchor": "start", "frame": "group", "offset": 10,
                "subtitleColor": muted, "subtitleFontSize": 12.5, "subtitlePadding": 4,
            },
            "text": {"color": ink, "fontSize": 12},
            "rule": {"color": muted},
            "bar": {"color": COLOURS["blue"]},
            "point": {"color": COLOURS["blue"], "filled": True, "size": 70},
            "range": {"category": [COLOURS[n] for n in ("blue", "vermilion", "teal", "ochre", "purple", "grey")]},
        }
    }  # fmt: skip


EXPLORE = "EVIDENCE_EXPLORE"  # where it is set, charts come as what JupyterLab draws by itself too
# It knows no later version than this.
EXPLORED, EXPLORED_SCHEMA = "application/vnd.vegalite.v5+json", "https://vega.github.io/schema/vega-lite/v5.json"
NO_WORDS = "Chart without a description."  # for notebooks; a page asks for one


@cache
def enable() -> None:
    """Register theme, renderer and typeface with Altair and make them the active ones; further calls do nothing."""
    drawer.register_fonts()
    alt.theme.register(NAME, enable=True)(theme)  # type: ignore[arg-type]
    alt.renderers.register(NAME, mimebundle)
    alt.renderers.enable(NAME)
    # Altair's limit is for notebooks that carry whole tables; here only encoded columns reach a page, and a report with
    # twenty thousand claims must not fail for it.
    alt.data_transformers.enable("default", max_rows=None)


def mimebundle(spec: Mapping[str, Any], **_: Any) -> dict[str, Any]:
    """Return the mime bundle of a Vega-Lite specification: the figure, its picture for wide pages, and its text.

    Where the variable EVIDENCE_EXPLORE is set, as in JupyterLab, it has the specification too.
    """
    figure = attached(spec)
    wide = {key: value for key, value in spec.items() if key != "usermeta"}
    with ThreadPoolExecutor() as threads:  # they wait for who draws
        drawn = threads.map(_picture, (wide, figure.narrow.spec or wide))
    figure = replace(figure, title=_title(wide), wide=next(drawn), narrow=next(drawn), facts=fact_ids(wide))
    said = figure.alt or NO_WORDS
    found: dict[str, Any] = {MIME: figure.to_text(), "image/svg+xml": figure.wide.svg, "text/plain": said}
    if os.environ.get(EXPLORE):
        found[EXPLORED] = {**_unrimmed(figure.wide.spec), "$schema": EXPLORED_SCHEMA}
    return found


def attached(spec: Mapping[str, Any]) -> Figure:
    """Return the figure that is attached to its chart, or one of the text alone for a chart of another origin."""
    found = spec.get("usermeta", {}).get(USERMETA)
    if found is None:
        return Figure(str(spec.get("description") or ""))
    return Figure.from_text(found)


def _picture(spec: Mapping[str, Any]) -> Picture:
    """Return the chart as a picture, and with what those need who explore it."""
    return Picture(strip_unused(named(spec)), to_svg(spec))


def to_svg(spec: Mapping[str, Any]) -> str:
    """Return a static SVG whose ids come from the specification's hash, the same in every process."""
    spec = strip_unused(spec)
    svg = pictures.drawn(spec, lambda asked: drawer.svg(asked, VEGALITE_VERSION))
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:10]
    # Vega numbers its clip paths by a counter that lives as long as the process.
    for number, name in enumerate(dict.fromkeys(_ID.findall(svg))):
        svg = re.sub(rf'(?<=["#]){re.escape(name)}(?=[")])', f"c{digest}-{number}", svg)
    # One picture, one text: the alternative text speaks for the whole, so parts carry no roles of their own.
    svg = _ROLE.sub("", svg)
    # Vega has no word for it: the rim of letters belongs behind them.
    svg = _RIMMED.sub('<text paint-order="stroke" stroke-linejoin="round" ', svg)
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1).replace(' class="marks"', "", 1)


def _unrimmed(part: Any) -> Any:
    """Return a specification without the rims of its letters: who draws it alone would put them over the letters."""
    if isinstance(part, Mapping):
        is_text = part.get("type") == "text"
        return {name: _unrimmed(one) for name, one in part.items() if not (is_text and name.startswith("stroke"))}
    return [_unrimmed(one) for one in part] if isinstance(part, list | tuple) else part


def _title(spec: Mapping[str, Any]) -> str:
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text)
