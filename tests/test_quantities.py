"""Units multiply, cancel and convert; unlike quantities are never added."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.values.intervals import DivisionThroughZero, Interval
from evidencebook.values.quantities import Quantity, Unit, UnitMismatch, unit_named


@pytest.mark.parametrize(
    ("name", "factor", "powers"),
    [
        ("persons", 1, {"persons": 1}),
        ("people", 1, {"persons": 1}),
        ("relatives-and-coworkers", 1, {"persons": 1}),
        ("percent", Fraction(1, 100), {}),
        ("ratio", 1, {}),
        ("times", 1, {}),
        ("days", 1, {"days": 1}),
        ("weeks", 7, {"days": 1}),
        ("years", 12, {"months": 1}),
        ("CNY", 1, {"CNY": 1}),
        ("worker-months", 1, {"persons": 1, "months": 1}),
        ("worker-years", 12, {"persons": 1, "months": 1}),
        ("USD/worker-month", 1, {"USD": 1, "persons": -1, "months": -1}),
        ("CNY/year", Fraction(1, 12), {"CNY": 1, "months": -1}),
        ("factories", 1, {"factories": 1}),
        ("USD/factory", 1, {"USD": 1, "factories": -1}),
        ("fishing-boats", 1, {"fishing-boats": 1}),
    ],
)
def test_unit_name_means_these_base_units(name: str, factor: Fraction, powers: dict[str, int]) -> None:
    found_factor, unit = unit_named(name)
    assert found_factor == factor
    assert unit == Unit.of(powers)
    assert dict(unit) == powers


@pytest.mark.parametrize("name", ["", "US$", "per cent", "usd2", "CNY/", "a/b/c"])
def test_malformed_unit_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a unit"):
        unit_named(name)


def test_percent_is_stored_as_a_fraction_and_shown_as_percent() -> None:
    share = 1 - Quantity.of(Interval(None, 90), "percent")
    assert share.interval == Interval(Fraction(1, 10), None)
    assert share.to("percent").interval == Interval(10, None)


def test_shown_percent_cannot_be_added_to_a_number() -> None:
    with pytest.raises(UnitMismatch):
        Quantity.of(10, "percent").to("percent") + 1


def test_yuan_over_yuan_is_a_plain_number() -> None:
    share = Quantity.of(500, "CNY") / Quantity.of(2000, "CNY")
    assert share.to("ratio").interval == Interval.point(Fraction(1, 4))


def test_yuan_plus_persons_is_refused_by_name() -> None:
    with pytest.raises(UnitMismatch, match="CNY cannot be added to persons"):
        Quantity.of(1, "CNY") + Quantity.of(1, "persons")
    with pytest.raises(UnitMismatch, match="persons cannot be reduced by plain number"):
        Quantity.of(1, "persons") - 1
    with pytest.raises(UnitMismatch, match="days cannot be combined with months"):
        Quantity.of(1, "days").union_hull(Quantity.of(1, "months"))


def test_result_cannot_be_shown_in_another_kind_of_unit() -> None:
    with pytest.raises(UnitMismatch, match=r"USD/months.* cannot be shown in CNY"):
        (Quantity.of(12, "USD") / Quantity.of(1, "years")).to("CNY")


def test_years_and_months_convert_exactly() -> None:
    assert (Quantity.of(1, "years") + Quantity.of(6, "months")).to("years").interval == Interval.point(Fraction(3, 2))


def test_compound_unit_cancels() -> None:
    owed = Quantity.of(10_000_000, "USD")
    per_month = owed / (Quantity.of(3000, "people") * Quantity.of(Interval(4, 7), "years"))
    assert per_month.to("USD/worker-month").interval == Interval(
        Fraction(10_000_000, 3000 * 84), Fraction(10_000_000, 3000 * 48)
    )


def test_division_through_zero_is_refused() -> None:
    with pytest.raises(DivisionThroughZero):
        1 / Quantity.of(Interval(None, 90), "percent")


def test_hull_covers_both() -> None:
    covered = Quantity.of(1, "years").union_hull(Quantity.of(3, "months"))
    assert covered.to("months").interval == Interval(3, 12)


@given(st.fractions(), st.sampled_from(["percent", "years", "weeks", "USD/worker-month", "CNY/year"]))
def test_showing_a_quantity_in_its_own_unit_gives_its_numbers_back(amount: Fraction, name: str) -> None:
    assert Quantity.of(amount, name).to(name).interval == Interval.point(amount)
