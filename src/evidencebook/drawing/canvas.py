"""Words, rules, boxes and symbols at pixels from the upper left corner, gathered into the layers of one chart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

import altair as alt

from evidencebook.charts import ABOUT, COLOURS, FACTS, Size
from evidencebook.charts.fonts import SANS, width, wrapped

Named = Mapping[str, str]
Style = tuple[tuple[str, Any], ...]

PADDING = 4  # pixels that the theme keeps free on each side
RIM = 3  # pixels in the colour of the ground around letters, half of them outside, that keep lines out of the letters
HOLLOW = "transparent"
_APOSTROPHE = re.compile(r"(?<=\w)'")
_ENCODED = {
    "grid": ("rule", ("x2", "y2", "color")),
    "box": ("rect", ("x2", "y2", "fill", "stroke")),
    "rule": ("rule", ("x2", "y2", "color")),
    "symbol": ("point", ("shape", "fill", "stroke")),
    "text": ("text", ("text", "color")),
}


@dataclass(frozen=True)
class Letters:
    """A cut of the charts' typeface: size in pixels, weight, name of the colour, slant."""

    size: float
    weight: int = 400
    colour: str = "ink"
    is_italic: bool = False

    @property
    def leading(self) -> float:
        """Pixels from one line to the next."""
        return round(self.size * 1.2)

    def width(self, text: str) -> float:
        """Return the width of a line in pixels."""
        return width(text, SANS, self.weight, self.size)

    def lines(self, text: str, room: float) -> list[str]:
        """Return the text in lines of at most so many pixels; non-breaking spaces keep their words together."""
        return wrapped(typeset(text), SANS, self.weight, self.size, room)

    def tinted(self, colour: str) -> Letters:
        """Return the same cut in another colour."""
        return replace(self, colour=colour)


HEAD, BODY, SMALL, ASIDE = Letters(13, 600), Letters(12.5), Letters(12, 400, "muted"), Letters(12, 400, "muted", True)
TITLE, SUBTITLE = Letters(15, 600), Letters(12.5, 400, "muted")  # as the theme of charts sets them


@dataclass(frozen=True)
class Symbol:
    """A point mark: Vega's shape and area, name of the colour, and how it is filled (0 is hollow) and outlined."""

    shape: str = "circle"
    area: float = 100
    colour: str = "blue"
    opacity: float = 1
    line: float = 1.5
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Scale:
    """Values along a stretch of pixels."""

    low: float
    high: float
    left: float
    right: float
    is_log: bool = False

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        return self.left + self.share(value) * (self.right - self.left)

    def share(self, value: float) -> float:
        """Return where on the scale a value lies, from 0 to 1."""
        if self.is_log:
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def named(facts: str | Iterable[str], about: str = "") -> Named:
    """Return the columns of data by which what stands for these facts is one mark; without `about`, its label."""
    return {FACTS: facts if isinstance(facts, str) else " ".join(facts), ABOUT: about}


@dataclass
class Canvas:
    """What is to be drawn, by kind and style; boxes lie lowest, then rules, symbols and words."""

    size: Size
    layers: dict[tuple[str, bool, Style], list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def room(self) -> float:
        return self.size.width - 2 * PADDING

    def text(
        self, x: float, y: float, text: str | Sequence[str], letters: Letters = BODY, *, align: str = "left",
        room: float | None = None, named: Named | None = None, ground: str = "paper",
    ) -> float:  # fmt: skip
        """Set lines of text, the first with its middle at `y`, and return where the next would stand.

        A text is broken to fit into `room`; a rim in the colour of the `ground` keeps lines out of the letters.
        """
        lines = [text] if isinstance(text, str) and room is None else text
        lines = letters.lines(lines, room or 0) if isinstance(lines, str) else [typeset(line) for line in lines]
        rim = {"stroke": COLOURS[ground], "strokeWidth": RIM} if ground else {}
        style = {
            "align": align, "baseline": "middle", "lineBreak": "\n", "fontSize": letters.size,
            "fontWeight": letters.weight, "lineHeight": letters.leading, **rim,
            **({"fontStyle": "italic"} if letters.is_italic else {}),
        }  # fmt: skip
        self._put("text", style, {"x": x, "y": y, "text": "\n".join(lines), "color": COLOURS[letters.colour]}, named)
        return y + letters.leading * len(lines)

    def rule(
        self, x: float, y: float, x2: float, y2: float, colour: str = "grid", width: float = 1,
        dash: Sequence[float] = (), named: Named | None = None,
    ) -> None:  # fmt: skip
        """Draw a straight line; one in the colour of grids lies below all else."""
        style: dict[str, Any] = {"strokeWidth": width, **({"strokeDash": tuple(dash)} if dash else {})}
        self._put(
            "grid" if colour == "grid" else "rule",
            style,
            {"x": x, "y": y, "x2": x2, "y2": y2, "color": COLOURS[colour]},
            named,
        )

    def box(
        self, x: float, y: float, x2: float, y2: float, colour: str, opacity: float = 1, line: float = 0,
        dash: Sequence[float] = (), radius: float = 0, named: Named | None = None,
    ) -> None:  # fmt: skip
        """Draw a rectangle, filled as `opacity` says and outlined by a line of that width."""
        style: dict[str, Any] = {"fillOpacity": opacity, "strokeWidth": line, "cornerRadius": radius}
        style |= {"strokeDash": tuple(dash)} if dash else {}
        hue = COLOURS[colour]
        self._put("box", style, {"x": x, "y": y, "x2": x2, "y2": y2, "fill": hue, "stroke": hue}, named)

    def symbol(self, x: float, y: float, symbol: Symbol, named: Named | None = None) -> None:
        style: dict[str, Any] = {"size": symbol.area, "strokeWidth": symbol.line, "opacity": 1, "filled": True}
        style |= {"strokeDash": symbol.dash} if symbol.dash else {}
        style |= {"fillOpacity": symbol.opacity} if 0 < symbol.opacity < 1 else {}
        hue = COLOURS[symbol.colour]
        fill = hue if symbol.opacity else HOLLOW
        self._put("symbol", style, {"x": x, "y": y, "shape": symbol.shape, "fill": fill, "stroke": hue}, named)

    def key(self, top: float, entries: Sequence[tuple[float, Callable[[float, float], None], str]]) -> float:
        """Set samples with what they mean, as many beside each other as fit, and return where what follows may begin.

        An entry has the width of its sample, what draws that with its left end at a pixel, and the meaning.
        """
        x, y = 0.0, top + 8
        for sample, draw, meaning in entries:
            needed = sample + 7 + SMALL.width(meaning)
            if x and x + needed > self.room:
                x, y = 0.0, y + 20
            draw(x, y)
            self.text(x + sample + 7, y, meaning, SMALL)
            x += needed + 22
        return y + 12

    def symbols_key(self, top: float, entries: Iterable[tuple[Symbol, str]]) -> float:
        """Set symbols with what they mean; as `key`."""

        def sample(symbol: Symbol) -> tuple[float, Callable[[float, float], None]]:
            across = symbol.area**0.5
            return across, lambda x, y: self.symbol(x + across / 2, y, symbol)

        return self.key(top, [(*sample(symbol), meaning) for symbol, meaning in entries])

    def chart(self, height: float, *below: alt.Chart) -> alt.LayerChart:
        """Return the whole as a chart of that height, above other layers."""
        order = list(_ENCODED)
        mine = sorted(self.layers.items(), key=lambda each: order.index(each[0][0]))
        made = [*below, *(_layer(kind, dict(style), rows) for (kind, _, style), rows in mine)]
        whole = alt.LayerChart(layer=list(below))
        # In place: as an argument every layer would be copied, twice over.
        whole["layer"] = made
        whole["height"] = height
        return whole

    def _put(self, kind: str, style: dict[str, Any], row: dict[str, Any], named: Named | None) -> None:
        key = (kind, named is None, tuple(sorted(style.items())))
        self.layers.setdefault(key, []).append({**row, **(named or {})})


def typeset(text: str) -> str:
    """Return the text with apostrophes as printers set them; tables hold them as typewriters do."""
    return _APOSTROPHE.sub("\u2019", text)


def balanced(text: str, letters: Letters, room: float) -> list[str]:
    """Return the lines of a title, as few as fit and as even as can be: no word is left alone."""
    lines = letters.lines(text, room)
    while room > 0:
        room -= letters.size / 2
        tried = letters.lines(text, room)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def titled(chart: Any, size: Size, title: str, subtitle: str = "") -> Any:
    """Return the chart with a title (what is seen) and a subtitle (unit and scope) that fit its width."""
    room = size.width - 2 * PADDING
    lines = SUBTITLE.lines(subtitle, room) if subtitle else alt.Undefined
    # In place: `properties()` would copy every layer of the chart, three times over.
    chart["title"] = alt.Title(balanced(title, TITLE, room), subtitle=lines, frame="bounds")
    return chart


def _layer(kind: str, style: dict[str, Any], rows: list[dict[str, Any]]) -> alt.Chart:
    mark, encoded = _ENCODED[kind]
    style = {name: list(value) if isinstance(value, tuple) else value for name, value in style.items()}
    chart = getattr(alt.Chart(alt.InlineData(values=rows)), f"mark_{mark}")(**style)
    # By arguments: each of the methods of the same names reads its own documentation anew.
    channels: dict[str, Any] = {"x": alt.X("x:Q", scale=None, axis=None), "y": alt.Y("y:Q", scale=None, axis=None)}
    for name in encoded:
        channel = getattr(alt, name.capitalize())
        if name in ("x2", "y2"):
            channels[name] = channel(name)
        elif name == "text":
            channels[name] = channel("text:N")
        else:
            channels[name] = channel(f"{name}:N", scale=None, legend=None)
    found: alt.Chart = chart.encode(**channels)
    return found
