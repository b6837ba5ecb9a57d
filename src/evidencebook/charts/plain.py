"""Charts that a cell gives as Altair itself shows them: drawn as ours, with a table of what they encode.

Altair gives HTML with a script, which would be fetched from elsewhere; the chart stands in it as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from evidencebook.charts.figures import Figure, Table

MOST_ROWS = 60  # of a table that somebody reads
_SCHEMA = "vega.github.io/schema/vega-lite"
_CALL = re.compile(r"\}\)\((?=\{)")  # where Altair's function is given the chart


def spec_of(html: str) -> dict[str, Any] | None:
    """Return the chart in HTML of Altair's; None where there is none."""
    call = _CALL.search(html) if _SCHEMA in html else None
    if call is None:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(html, call.end())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def figure(spec: Mapping[str, Any]) -> Figure:
    """Return a chart with its pictures, its text, and its table where it draws one short one."""
    from evidencebook.charts import MIME, renderer  # here: few pages have such a chart

    renderer.enable()
    return tabled(Figure.from_text(renderer.mimebundle({**spec, **renderer.theme()})[MIME]))


def tabled(found: Figure) -> Figure:
    """Return a chart with its table; one that no figure function made has that of its data, if it is one short one."""
    return found if found.table else replace(found, table=table(found.wide.spec))


def table(spec: Mapping[str, Any]) -> Table | None:
    """Return the rows that a chart draws, under the titles of what it encodes; None where they are not one short table.

    The specification holds only columns that are encoded.
    """
    data = list(spec.get("datasets", {}).values())
    if len(data) != 1 or not 0 < len(data[0]) <= MOST_ROWS:
        return None
    titles = dict(_titles(spec))
    names = [name for name in data[0][0] if name in titles]
    rows = [["" if row.get(name) is None else str(row[name]) for name in names] for row in data[0]]
    return Table([titles[name] for name in names], rows) if names else None


def _titles(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        for channel in (part.get("encoding") or {}).values():
            if isinstance(channel, Mapping) and isinstance(channel.get("field"), str):
                axis = channel.get("axis") or {}
                yield channel["field"], str(channel.get("title") or axis.get("title") or channel["field"])
        for name, value in part.items():
            if name not in ("datasets", "encoding"):
                yield from _titles(value)
    elif isinstance(part, list):
        for one in part:
            yield from _titles(one)
