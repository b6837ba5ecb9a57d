"""What the contract says of columns beside each other: bounds of one value, order, and what stands together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

Pair = tuple[str, str]
Limits = tuple[Decimal | None, Decimal | None]
Fault = tuple[str, str]  # what is wrong, what to do


@dataclass(frozen=True)
class Bounds:
    """Columns with the bounds of one value, and those, if any, that hold its qualifier and its unit.

    `limits` are the least and the most that an amount of a unit can be; a unit that it does not name has none.
    """

    low: str
    high: str
    qualifier: str | None = None
    unit: str | None = None
    limits: Mapping[str, Limits] = field(default_factory=dict, hash=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(one for one in (self.low, self.high, self.qualifier, self.unit) if one is not None)


@dataclass(frozen=True)
class Rules:
    """Rules of one table: pairs of columns in order (`order`), both filled or neither (`together`), never alike
    (`distinct`), and columns that name a larger thing of the same table and never lead back (`tree`)."""

    bounds: tuple[Bounds, ...] = ()
    order: tuple[Pair, ...] = ()
    together: tuple[Pair, ...] = ()
    distinct: tuple[Pair, ...] = ()
    tree: tuple[str, ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The columns that any rule names."""
        pairs = (name for pair in (*self.order, *self.together, *self.distinct) for name in pair)
        return frozenset([*(name for one in self.bounds for name in one.columns), *pairs, *self.tree])


def read(said: Mapping[str, Any], columns: frozenset[str]) -> Rules:
    """Return the rules of a schema; raises ValueError, with a message, for limits that are none.

    Columns named low and high are bounds of each other, with qualifier and unit beside them, unless it says otherwise.
    """
    usual = {name: name for name in ("low", "high", "qualifier", "unit") if name in columns}
    bounds = said.get("bounds", [usual] if {"low", "high"} <= columns else [])
    kinds = ("order", "together", "distinct")
    pairs = {name: tuple((one, other) for one, other in said.get(name, ())) for name in kinds}
    return Rules(bounds=tuple(_bounds(one) for one in bounds), tree=tuple(said.get("tree", ())), **pairs)


def sentences(rules: Rules) -> Iterator[str]:
    """Yield each rule as a sentence, with the names of columns in backticks."""
    for one in rules.bounds:
        told = f"`{one.low}` and `{one.high}` are bounds of one value"
        told += f", of which `{one.qualifier}` says the hedge" if one.qualifier else ""
        yield f"{told}{f' and `{one.unit}` the unit' if one.unit else ''}."
        if one.limits:
            limits = "; ".join(f"{unit} {_limited(*given)}" for unit, given in one.limits.items())
            yield f"An amount can be: {limits}."
    yield from (f"`{one}` is not after `{other}`." for one, other in rules.order)
    yield from (f"`{one}` and `{other}` stand together or not at all." for one, other in rules.together)
    yield from (f"`{one}` and `{other}` are never the same." for one, other in rules.distinct)
    yield from (f"`{one}` never leads back to its own row." for one in rules.tree)


def _limited(least: Decimal | None, most: Decimal | None) -> str:
    if least is not None and most is not None:
        return f"from {least} to {most}"
    return f"{least} or more" if least is not None else f"{most} or less" if most is not None else "anything"


def _bounds(said: Mapping[str, Any]) -> Bounds:
    if not {"low", "high"} <= said.keys():
        raise ValueError('bounds need columns: write {"low": "low", "high": "high"}')
    limits = said.get("limits", {})
    if not isinstance(limits, dict):
        raise ValueError('limits are not an object: write {"percent": [0, 100]}')
    read = {unit: _limits(unit, given) for unit, given in limits.items()}
    return Bounds(said["low"], said["high"], said.get("qualifier"), said.get("unit"), read)


def _limits(unit: str, given: Any) -> Limits:
    try:
        least, most = (None if one is None else Decimal(str(one)) for one in given)
    except (TypeError, ValueError, InvalidOperation):
        raise ValueError(f"the limits of {unit} are not two numbers: write [0, 100] or [0, null]") from None
    return least, most
