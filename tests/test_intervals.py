"""Interval arithmetic is exact, and open bounds stay open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.values.intervals import DivisionThroughZero, Interval

OPERATIONS = (add, sub, mul, truediv)
NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=6)
FAR, NEAR = Fraction(10**7), Fraction(1, 10**13)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    a, b = sorted((draw(NUMBERS), draw(NUMBERS)))
    if a == b:
        return Interval(a, a)
    low, high = draw(st.sampled_from([(a, b), (None, b), (a, None), (None, None)]))
    return Interval(low, high, draw(st.booleans()), draw(st.booleans()))


@st.composite
def intervals_with_member(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    interval = draw(intervals())
    low, high = near_ends(interval)
    share = draw(st.fractions(min_value=0, max_value=1, max_denominator=8))
    return interval, low + (high - low) * share


def near_ends(interval: Interval) -> tuple[Fraction, Fraction]:
    """Members next to the two ends: the ends themselves where closed, far out where unbounded."""
    if interval.is_point:
        assert interval.low is not None
        return interval.low, interval.low
    low = -FAR if interval.low is None else interval.low + (0 if interval.low_closed else NEAR)
    high = FAR if interval.high is None else interval.high - (0 if interval.high_closed else NEAR)
    return low, high


def apply(operation: Any, a: Interval, b: Interval) -> Interval | None:
    """The result, None for a division that is rightly refused."""
    try:
        result = operation(a, b)
    except DivisionThroughZero:
        low, high = near_ends(b)
        assert low <= 0 <= high
        return None
    assert isinstance(result, Interval)
    return result


@pytest.mark.parametrize("operation", OPERATIONS)
@given(intervals_with_member(), intervals_with_member())
def test_result_contains_every_pointwise_result(
    operation: Any, first: tuple[Interval, Fraction], second: tuple[Interval, Fraction]
) -> None:
    result = apply(operation, first[0], second[0])
    assert result is None or result.contains(operation(first[1], second[1]))


@pytest.mark.parametrize("operation", OPERATIONS)
@given(intervals(), intervals())
def test_bounds_are_no_wider_than_the_members_near_the_ends_show(operation: Any, a: Interval, b: Interval) -> None:
    result = apply(operation, a, b)
    if result is None:
        return
    reached = [operation(x, y) for x in near_ends(a) for y in near_ends(b)]
    for bound, extreme in ((result.low, min(reached)), (result.high, max(reached))):
        assert abs(extreme) > 1000 if bound is None else abs(extreme - bound) < Fraction(1, 100)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(intervals(), intervals())
def test_closed_bound_is_attained_by_members(operation: Any, a: Interval, b: Interval) -> None:
    result = apply(operation, a, b)
    if result is None:
        return
    attained = {operation(x, y) for x in near_ends(a) for y in near_ends(b)}
    # Zero times the inside of an interval also attains zero.
    for bound, closed in ((result.low, result.low_closed), (result.high, result.high_closed)):
        if bound is not None and not closed:
            assert bound not in attained
        elif bound is not None and bound != 0:
            assert bound in attained


@pytest.mark.parametrize("operation", (add, sub))
@given(NUMBERS, st.integers(1, 9), NUMBERS)
def test_open_bound_stays_open_in_sums(operation: Any, low: Fraction, width: int, other: Fraction) -> None:
    opened = Interval(low, low + width, False, True)
    assert operation(opened, Interval.point(other)).contains(operation(low, other)) is False
    assert operation(opened, Interval.point(other)).contains(operation(low + width, other))


@given(intervals(), NUMBERS)
def test_operations_with_plain_numbers_equal_those_with_points(a: Interval, number: Fraction) -> None:
    point = Interval.point(number)
    assert (a + number, number - a, a * number) == (a + point, point - a, a * point)
    assert (number + a, a - number, number * a) == (point + a, a - point, point * a)


@given(intervals_with_member(), intervals())
def test_hull_holds_what_either_holds(first: tuple[Interval, Fraction], other: Interval) -> None:
    assert first[0].union_hull(other).contains(first[1])
    assert other.union_hull(first[0]).contains(first[1])


@pytest.mark.parametrize(
    "divisor",
    [
        Interval(0, 0),
        Interval(-1, 1),
        Interval(0, 5),
        Interval(-5, 0),
        Interval(None, 90),
        Interval(-1, None, False),
        Interval(None, None),
    ],
)
def test_division_through_zero_is_refused(divisor: Interval) -> None:
    with pytest.raises(DivisionThroughZero, match="can be zero"):
        Interval(1, 2) / divisor


def test_division_by_open_end_at_zero_is_unbounded() -> None:
    assert 1 / Interval(0, 4, False, True) == Interval(Fraction(1, 4), None)
    assert 1 / Interval(-4, 0, True, False) == Interval(None, Fraction(-1, 4))


def test_division_by_unbounded_interval_nears_zero_without_reaching_it() -> None:
    assert Interval(300, 500) / Interval(3000, None, False) == Interval(0, Fraction(1, 6), False, False)


def test_zero_times_unbounded_is_zero() -> None:
    assert Interval(0, 0) * Interval(None, None) == Interval(0, 0)
    assert Interval(0, 2) * Interval(3, 5, False, False) == Interval(0, 10, True, False)
    assert Interval(0, 1, False, True) * Interval(1, None) == Interval(0, None, False)


def test_of_two_equal_bounds_a_hull_has_the_closed_one() -> None:
    closed, opened = Interval(1, 2), Interval(1, 2, False, False)
    assert closed.union_hull(opened) == closed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((134, 90), "low 134 is above high 90"), ((1, 1, False), "nothing lies between 1 and itself")],
)
def test_empty_interval_is_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Interval(*arguments)


@pytest.mark.parametrize("inexact", [0.1, True, "1"])
def test_inexact_bounds_are_refused(inexact: Any) -> None:
    with pytest.raises(TypeError):
        Interval(inexact, None)


def test_decimals_are_taken_exactly() -> None:
    assert Interval.point(Decimal("0.1")) * 3 == Interval.point(Fraction(3, 10))


def test_unbounded_end_is_never_closed() -> None:
    assert Interval(None, None) == Interval(None, None, False, False)
    assert not Interval(None, None).is_point
    assert Interval(5, 5).is_point
