"""Charts that a page shows as they are, without a figure function: drawn as ours, with a table of what they encode."""

from __future__ import annotations

from typing import Any

MOST_ROWS = 60  # of a table that somebody reads
LIBRARY = "altair.vegalite.v6.api", "TopLevelMixin"  # what every chart is


def show_in(shell: Any) -> None:
    """Have an IPython shell show Altair's charts as ours; the library is imported by whoever makes one.

    Its own renderer gives a script, which would be fetched from elsewhere.
    """
    shell.display_formatter.mimebundle_formatter.for_type_by_name(*LIBRARY, bundle)


def bundle(chart: Any) -> Any:
    """Return the mime bundle of a chart."""
    from evidencebook.charts import MIME, renderer

    renderer.enable()
    found = renderer.mimebundle(chart.to_dict())
    if not found[MIME]["table"]:
        found[MIME]["table"] = table(found[MIME]["wide"]["spec"])
    return found


def table(spec: dict[str, Any]) -> dict[str, Any] | None:
    """Return the rows that a chart draws, under the titles of what it encodes; None where they are not one short table.

    The specification holds only columns that are encoded.
    """
    data = list(spec.get("datasets", {}).values())
    if len(data) != 1 or not 0 < len(data[0]) <= MOST_ROWS:
        return None
    titles = dict(_titles(spec))
    names = [name for name in data[0][0] if name in titles]
    rows = [["" if row.get(name) is None else str(row[name]) for name in names] for row in data[0]]
    return {"columns": [titles[name] for name in names], "rows": rows} if names else None


def _titles(part: Any) -> Any:
    if isinstance(part, dict):
        for channel in (part.get("encoding") or {}).values():
            if isinstance(channel, dict) and isinstance(channel.get("field"), str):
                axis = channel.get("axis") or {}
                yield channel["field"], str(channel.get("title") or axis.get("title") or channel["field"])
        for name, value in part.items():
            if name not in ("datasets", "encoding"):
                yield from _titles(value)
    elif isinstance(part, list):
        for one in part:
            yield from _titles(one)
