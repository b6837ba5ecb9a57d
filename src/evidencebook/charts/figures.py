"""What a figure function makes and every edition shows: one type from the cell through the notebook to the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Picture:
    """A chart drawn for pages of one width, as Vega-Lite and as SVG."""

    spec: Mapping[str, Any] = field(default_factory=dict)
    svg: str = ""


@dataclass(frozen=True)
class Table:
    """The data of a chart as printed."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """A chart with all that is said of it, but for what its page says: caption, what it shows, what it omits.

    `facts` are the ids of what its marks stand for, in the order of the data. `themes` are the headings under which the
    chart's own legend has themes of claims; `drawn_from` names the table of the book that is drawn where no mark stands
    for a fact. Only a figure of `charts.figure` has a table.
    """

    alt: str
    title: str = ""
    wide: Picture = Picture()
    narrow: Picture = Picture()
    facts: Sequence[str] = ()
    table: Table | None = None
    themes: Mapping[str, str] = field(default_factory=dict)
    drawn_from: str = ""

    def to_text(self) -> str:
        """Return the figure as JSON text: in a notebook one text passes where thousands of parts would be copied."""
        parts = {"wide": vars(self.wide), "narrow": vars(self.narrow), "table": self.table and vars(self.table)}
        return json.dumps({**vars(self), **parts}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Figure:
        """Return the figure that `to_text` gave; raises KeyError or TypeError for what another version gave."""
        found = json.loads(text)
        table = found["table"] and Table(**found["table"])
        return cls(**{**found, "wide": Picture(**found["wide"]), "narrow": Picture(**found["narrow"]), "table": table})
