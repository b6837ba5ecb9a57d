"""Quantities: intervals with units, so that yuan are never added to persons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evidencebook.values.intervals import Interval, Number


class UnitMismatch(ValueError):
    """Two quantities are of different kinds."""


@dataclass(frozen=True)
class Unit(Mapping[str, int]):
    """A product of base units, as a mapping from base unit to exponent; empty for a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, powers: Mapping[str, int]) -> Unit:
        """The unit with these exponents, in canonical order and without zeros."""
        return cls(tuple(sorted((base, power) for base, power in powers.items() if power)))

    def __getitem__(self, base: str) -> int:
        return dict(self.powers)[base]

    def __iter__(self) -> Iterator[str]:
        return (base for base, _ in self.powers)

    def __len__(self) -> int:
        return len(self.powers)

    def __mul__(self, other: Unit) -> Unit:
        return Unit.of({base: self.get(base, 0) + other.get(base, 0) for base in {*self, *other}})

    def __truediv__(self, other: Unit) -> Unit:
        return Unit.of({base: self.get(base, 0) - other.get(base, 0) for base in {*self, *other}})

    def __str__(self) -> str:
        above = [_power(base, power) for base, power in self.powers if power > 0]
        below = [_power(base, -power) for base, power in self.powers if power < 0]
        if not self.powers:
            return "plain number"
        return "/".join(["·".join(above) or "1", *below])


PLAIN = Unit()

# Names of base units that carry a factor or another name. Every other name is a base unit of its own.
_PERSONS = (
    *("person", "persons", "people", "worker", "workers"),
    *("relative", "relatives", "coworker", "coworkers"),
)
_TABLE: dict[str, tuple[Fraction, Unit]] = {
    **{name: (Fraction(1), Unit.of({"persons": 1})) for name in _PERSONS},
    **{name: (Fraction(1), PLAIN) for name in ("ratio", "times")},
    "percent": (Fraction(1, 100), PLAIN),
    # Days and months have no fixed ratio, so they stay apart.
    **{name: (Fraction(1), Unit.of({"days": 1})) for name in ("day", "days")},
    **{name: (Fraction(7), Unit.of({"days": 1})) for name in ("week", "weeks")},
    **{name: (Fraction(1), Unit.of({"months": 1})) for name in ("month", "months")},
    **{name: (Fraction(12), Unit.of({"months": 1})) for name in ("year", "years")},
}
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217


def unit_named(name: str) -> tuple[Fraction, Unit]:
    """The factor and base units of a unit's name: "percent" gives 1/100 and a plain number.

    A name is a word (`days`, `factories`), a currency (`USD`), a product of known words (`worker-months`),
    several known words for one thing (`relatives-and-coworkers`), or one of these per another
    (`USD/worker-month`). Raises ValueError for anything else.
    """
    above, slash, below = name.partition("/")
    factor, unit = _single(above)
    if slash:
        divisor, per = _single(below)
        factor, unit = factor / divisor, unit / per
    return factor, unit


@dataclass(frozen=True)
class Quantity:
    """An interval of amounts in base units: 80 percent is 0.8, two years are 24 months.

    Sums and differences raise UnitMismatch for units of different kinds; quotients raise DivisionThroughZero.
    Plain numbers count as dimensionless. Each operand is taken as independent of the others.
    """

    interval: Interval
    unit: Unit = PLAIN

    @classmethod
    def of(cls, interval: Interval | Number, unit_name: str = "ratio") -> Quantity:
        """The quantity of that many of a named unit."""
        factor, unit = unit_named(unit_name)
        numbers = interval if isinstance(interval, Interval) else Interval.point(interval)
        return cls(numbers * factor, unit)

    def to(self, unit_name: str) -> Quantity:
        """The same quantity with its numbers in a named unit, for display.

        Where the unit carries a factor, the result's unit is that name alone, so that 10 (percent) cannot be
        mistaken for the number 10 in a later sum. Raises UnitMismatch where the kinds differ.
        """
        factor, unit = unit_named(unit_name)
        if unit != self.unit:
            raise UnitMismatch(f"the result is in {self.unit}, which cannot be shown in {unit_name}")
        return Quantity(self.interval / factor, unit if factor == 1 else Unit.of({unit_name: 1}))

    def union_hull(self, other: Quantity) -> Quantity:
        """The smallest quantity that covers both."""
        return self._like(other, "combined with", Interval.union_hull)

    def __neg__(self) -> Quantity:
        return Quantity(-self.interval, self.unit)

    def __add__(self, other: Quantity | Number) -> Quantity:
        return self._like(_quantity(other), "added to", Interval.__add__)

    def __sub__(self, other: Quantity | Number) -> Quantity:
        return self._like(_quantity(other), "reduced by", Interval.__sub__)

    def __mul__(self, other: Quantity | Number) -> Quantity:
        that = _quantity(other)
        return Quantity(self.interval * that.interval, self.unit * that.unit)

    def __truediv__(self, other: Quantity | Number) -> Quantity:
        that = _quantity(other)
        return Quantity(self.interval / that.interval, self.unit / that.unit)

    def __radd__(self, other: Number) -> Quantity:
        return _quantity(other) + self

    def __rsub__(self, other: Number) -> Quantity:
        return _quantity(other) - self

    def __rmul__(self, other: Number) -> Quantity:
        return _quantity(other) * self

    def __rtruediv__(self, other: Number) -> Quantity:
        return _quantity(other) / self

    def _like(self, other: Quantity, verb: str, operation: Callable[[Interval, Interval], Interval]) -> Quantity:
        if self.unit != other.unit:
            raise UnitMismatch(f"{self.unit} cannot be {verb} {other.unit}")
        return Quantity(operation(self.interval, other.interval), self.unit)


def _quantity(value: Quantity | Number) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(Interval.point(value))


def _single(name: str) -> tuple[Fraction, Unit]:
    if name in _TABLE:
        return _TABLE[name]
    if _CURRENCY.fullmatch(name):
        return Fraction(1), Unit.of({name: 1})
    if not _WORD.fullmatch(name):
        raise ValueError(f"{name!r} is not a unit: use a word such as days, or a currency code such as USD")
    alternatives = [_TABLE.get(part) for part in name.split("-and-")]
    if None not in alternatives and len(set(alternatives)) == 1 and alternatives[0] is not None:
        return alternatives[0]
    factors = [_TABLE.get(part) for part in name.split("-")]
    known = [factor for factor in factors if factor is not None]
    if len(known) == len(factors):
        product, unit = Fraction(1), PLAIN
        for amount, base in known:
            product, unit = product * amount, unit * base
        return product, unit
    return Fraction(1), Unit.of({_plural(name): 1})


def _plural(word: str) -> str:
    # A denominator stands in the singular (USD/factory) and must cancel against the plural.
    if word.endswith("s"):
        return word
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"


def _power(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"
