"""Exact interval arithmetic, so that "over", "up to" and ranges survive every calculation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, TypeAlias

Number: TypeAlias = int | Fraction | Decimal
# An end of an interval on the extended line (infinities as floats), and whether it is attained.
_End: TypeAlias = tuple[Fraction | float, bool]


class DivisionThroughZero(ArithmeticError):
    """The divisor may be zero, so the quotient has no bounds."""


@dataclass(frozen=True)
class Interval:
    """All numbers between two bounds, each of which is closed, open or absent (None: unbounded).

    Whole numbers and decimals are taken as exact fractions; floats are refused. An unbounded end is never
    closed. Raises ValueError where no number lies between the bounds.
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    if TYPE_CHECKING:
        # Bounds are stored as fractions but may be given as any exact number.
        def __init__(
            self, low: Number | None, high: Number | None, low_closed: bool = True, high_closed: bool = True
        ) -> None: ...

    def __post_init__(self) -> None:
        for bound in ("low", "high"):
            value = getattr(self, bound)
            if value is None:
                object.__setattr__(self, f"{bound}_closed", False)
            else:
                object.__setattr__(self, bound, _exact(value))
        if self.low is None or self.high is None:
            return
        if self.low > self.high:
            raise ValueError(f"low {_plain(self.low)} is above high {_plain(self.high)}")
        if self.low == self.high and not (self.low_closed and self.high_closed):
            raise ValueError(f"nothing lies between {_plain(self.low)} and itself when a bound is left out")

    @classmethod
    def point(cls, value: Number) -> Interval:
        """The interval that holds one number."""
        return cls(_exact(value), _exact(value))

    @property
    def is_point(self) -> bool:
        """Whether it holds exactly one number."""
        return self.low is not None and self.low == self.high

    def contains(self, x: Number) -> bool:
        """Whether x lies in it; an open bound does not."""
        value = _exact(x)
        above = self.low is None or value > self.low or (self.low_closed and value == self.low)
        below = self.high is None or value < self.high or (self.high_closed and value == self.high)
        return above and below

    def union_hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both; it also holds any gap between them."""
        return _hull([_low(self), _low(other)], [_high(self), _high(other)])

    def __neg__(self) -> Interval:
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return Interval(low, high, self.high_closed, self.low_closed)

    def __add__(self, other: Interval | Number) -> Interval:
        that = _interval(other)
        low = None if self.low is None or that.low is None else self.low + that.low
        high = None if self.high is None or that.high is None else self.high + that.high
        return Interval(low, high, self.low_closed and that.low_closed, self.high_closed and that.high_closed)

    def __sub__(self, other: Interval | Number) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Interval | Number) -> Interval:
        that = _interval(other)
        # A product is extreme where both factors are: at one of the four corners.
        corners = [_times(x, y) for x in (_low(self), _high(self)) for y in (_low(that), _high(that))]
        return _hull(corners, corners)

    def __truediv__(self, other: Interval | Number) -> Interval:
        return self * _reciprocal(_interval(other))

    def __radd__(self, other: Number) -> Interval:
        return self + other

    def __rsub__(self, other: Number) -> Interval:
        return _interval(other) - self

    def __rmul__(self, other: Number) -> Interval:
        return self * other

    def __rtruediv__(self, other: Number) -> Interval:
        return _interval(other) / self


def _exact(value: object) -> Fraction:
    # A float such as 0.1 is not the number that somebody typed.
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        raise TypeError(f"a bound must be a whole number, fraction or decimal, not {value!r}")
    return Fraction(value)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _interval(value: Interval | Number) -> Interval:
    return value if isinstance(value, Interval) else Interval.point(value)


def _low(interval: Interval) -> _End:
    return (-inf if interval.low is None else interval.low), interval.low_closed


def _high(interval: Interval) -> _End:
    return (inf if interval.high is None else interval.high), interval.high_closed


def _between(low: _End, high: _End) -> Interval:
    return Interval(
        low[0] if isinstance(low[0], Fraction) else None,
        high[0] if isinstance(high[0], Fraction) else None,
        low[1],
        high[1],
    )


def _hull(lows: list[_End], highs: list[_End]) -> Interval:
    lowest, highest = min(end[0] for end in lows), max(end[0] for end in highs)
    # A bound that several ends share is attained as soon as one of them attains it.
    return _between(
        (lowest, any(closed for end, closed in lows if end == lowest)),
        (highest, any(closed for end, closed in highs if end == highest)),
    )


def _times(x: _End, y: _End) -> _End:
    if x[0] == 0 or y[0] == 0:
        # Zero times anything is zero, even next to an unbounded end: an interval holds no infinity.
        return Fraction(0), (x[0] == 0 and x[1]) or (y[0] == 0 and y[1])
    return x[0] * y[0], x[1] and y[1]


def _reciprocal(divisor: Interval) -> Interval:
    low, high = _low(divisor), _high(divisor)
    if divisor.contains(0) or low[0] < 0 < high[0]:
        raise DivisionThroughZero(f"the divisor can be zero: it lies {_described(divisor)}")

    def inverse(end: _End, at_zero: float) -> _End:
        if end[0] == 0:
            return at_zero, False
        return (1 / end[0], end[1]) if isinstance(end[0], Fraction) else (Fraction(0), False)

    return _between(inverse(high, -inf), inverse(low, inf))


def _described(interval: Interval) -> str:
    low = "" if interval.low is None else f"from {_plain(interval.low)}"
    high = "" if interval.high is None else f"up to {_plain(interval.high)}"
    return f"{low} {high}".strip() or "anywhere, for it has no bounds"
