"""Altair theme and renderer: a chart becomes self-contained pictures that need no network and no script."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

import altair as alt

from evidencebook.charts import MIME, drawer, fonts, pictures
from evidencebook.charts.columns import fact_ids, named, strip_unused
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


def mimebundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Return the mime bundle of a Vega-Lite specification: our JSON, SVG and the alternative text.

    The JSON holds for wide and narrow pages the SVG and, for those who explore, the specification; what a figure
    attached; and the ids of the facts that its marks stand for.
    """
    spec = dict(spec)
    extra = attached(spec)
    spec.pop("usermeta", None)
    narrow = extra.get("narrow", spec)
    alternative = str(spec.get("description") or "")
    wide_svg = to_svg(spec)
    content = {
        "alt": alternative,
        "wide": wide_svg,
        "narrow": to_svg(narrow),
        "specs": {"wide": strip_unused(named(spec)), "narrow": strip_unused(named(narrow))},
        "facts": fact_ids(spec),
        "title": _title(spec),
        **{name: extra.get(name) for name in ("table", "shows", "omits", "themes", "drawn_from")},
    }
    return {
        MIME: content,
        "image/svg+xml": wide_svg,
        "text/plain": alternative or "Chart without a description.",
    }


def attached(spec: dict[str, Any]) -> dict[str, Any]:
    """Return what a figure attached to its chart: its drawing for narrow pages and its table; nothing for others."""
    found: dict[str, Any] = json.loads(spec.get("usermeta", {}).get(USERMETA, "{}"))
    return found


def to_svg(spec: dict[str, Any]) -> str:
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


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text)
