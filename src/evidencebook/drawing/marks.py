"""One uncertain value on a scale: a point, a range, or a bound whose open side stays open."""

from __future__ import annotations

from dataclasses import dataclass

from evidencebook.drawing.canvas import Canvas, Named, Scale, Symbol
from evidencebook.values import Interval

TAIL_DASH = (5, 3)
BAR_END = 15  # height of the bar that ends a bounded side, in pixels
REACH = 0.16  # how far an open side goes on, as a share of the scale


@dataclass(frozen=True)
class Mark:
    """A value as drawn; one that is not `firm` (rumoured, projected, disputed) is hollow.

    `start` is where the amount is measured from, for parts of a sum: a pale band joins it to the lower bound.
    """

    interval: Interval
    is_firm: bool = True
    colour: str = "blue"
    start: float | None = None

    def draw(self, canvas: Canvas, scale: Scale, y: float, named: Named | None) -> None:
        """Draw a point as a disc; a range as a bar between two ends; a bound as an end with a dashed tail and an arrow.

        The arrow points to the open side, which has no end: how far the tail reaches says nothing about the value.
        """
        low, high = (None if bound is None else scale.at(bound) for bound in self._bounds)
        if self.start is not None and low is not None:
            half = BAR_END / 2 - 1
            canvas.box(scale.at(self.start), y - half, low, y + half, self.colour, 0.25, named=named)
        if low is not None and low == high:
            dash = () if self.is_firm else (3, 2)
            canvas.symbol(low, y, Symbol("circle", 110, self.colour, float(self.is_firm), 2, dash), named)
            return
        if low is not None and high is not None:
            canvas.rule(low, y, high, y, self.colour, 4, () if self.is_firm else TAIL_DASH, named)
        else:
            tail = self._tail(scale)
            canvas.rule(low if low is not None else high or 0, y, tail, y, self.colour, 2, TAIL_DASH, named)
            shape = "triangle-right" if high is None else "triangle-left"
            canvas.symbol(tail, y, Symbol(shape, 60, self.colour, float(self.is_firm)), named)
        for end in (low, high):
            if end is not None:
                half = BAR_END / 2
                filled, line = (1.0, 0.0) if self.is_firm else (0.0, 1.5)
                canvas.box(end - 1.5, y - half, end + 1.5, y + half, self.colour, filled, line, named=named)

    def ends(self, scale: Scale) -> tuple[float, float]:
        """Return the pixels at which what is drawn begins and ends."""
        found = [scale.at(bound) for bound in (self.start, *self._bounds) if bound is not None]
        if None in self._bounds:
            found.append(self._tail(scale))
        return min(found), max(found)

    @property
    def _bounds(self) -> tuple[float | None, float | None]:
        low, high = self.interval.low, self.interval.high
        return None if low is None else float(low), None if high is None else float(high)

    def _tail(self, scale: Scale) -> float:
        """Return where the open side fades out, which is never beyond the scale."""
        low, high = self._bounds
        share = max(scale.share(high or 0) - REACH, 0.01) if low is None else min(scale.share(low) + REACH, 0.99)
        return scale.left + share * (scale.right - scale.left)
