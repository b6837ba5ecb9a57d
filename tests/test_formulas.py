"""Formulas hold arithmetic over ids and nothing else, and say plainly what is wrong."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from evidencebook.values import dates, formulas
from evidencebook.values.formulas import FormulaError, Value
from evidencebook.values.intervals import Interval
from evidencebook.values.quantities import Quantity

VALUES: dict[str, Value] = {
    "take-home": Quantity.of(Interval(300, 500), "CNY"),
    "factory-payment": Quantity.of(Interval(3000, None, False), "CNY"),
    "state-share-upto-90": Quantity.of(Interval(None, 90), "percent"),
    "some-fee": Quantity.of(Interval(0, 90, False, True), "CNY"),
    "workers": Quantity.of(3000, "persons"),
    "span": Quantity.of(Interval(4, 7), "years"),
    "arrears-total": Quantity.of(10_000_000, "USD"),
    "programme@when": dates.parse("2016-04-08/2016-06-30"),
    "article@when": dates.parse("2016-07-01"),
}


def worked_out(formula: str, unit: str) -> Interval:
    return formulas.evaluate(formula, VALUES.__getitem__).to(unit).interval


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("{take-home} / {factory-payment}", "percent", Interval(None, Fraction(50, 3), False, False)),
        ("1 - {take-home} / {factory-payment}", "percent", Interval(Fraction(250, 3), None, False)),
        ("{take-home} / {take-home}", "ratio", Interval(Fraction(3, 5), Fraction(5, 3))),
        ("{some-fee} / 2", "CNY", Interval(0, 45, False, True)),
        ("1 - {state-share-upto-90}", "percent", Interval(10, None)),
        ("{take-home} * 2 - 100", "CNY", None),
        ("2 * {take-home} + {take-home}", "CNY", Interval(900, 1500)),
        ("-{take-home}", "CNY", Interval(-500, -300)),
        ("+{ workers }", "persons", Interval(3000, 3000)),
        ("0.1 + 0.2", "ratio", Interval.point(Decimal("0.3"))),
        ("1 - 2 * 3", "ratio", Interval(-5, -5)),
        ("(1 -\n 2) * 3", "ratio", Interval(-3, -3)),
        ("days_between({programme@when}, {article@when})", "days", Interval(1, 84)),
        ("months_between({programme@when}, {article@when})", "months", Interval(0, 2)),
        ("years_between({programme@when}, {article@when})", "years", Interval(0, 0)),
        ("hull({take-home}, 2 * {take-home})", "CNY", Interval(300, 1000)),
        ("{take-home} / {factory-payment} * days(365)", "days", Interval(None, Fraction(365, 6), False, False)),
        ("{span} + months(6)", "months", Interval(54, 90)),
        (
            "{arrears-total} / ({workers} * {span})",
            "USD/worker-month",
            Interval(Fraction(10**7, 3000 * 84), Fraction(10**7, 3000 * 48)),
        ),
    ],
)
def test_formula_gives(formula: str, unit: str, expected: Interval | None) -> None:
    if expected is None:
        with pytest.raises(FormulaError, match="CNY cannot be reduced by plain number"):
            worked_out(formula, unit)
    else:
        assert worked_out(formula, unit) == expected


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "it is empty"),
        ("{workers", "brace"),
        ("{Workers}", "is not an id"),
        ("{workers@then}", "is not an id"),
        ("workers / 2", "'workers' is not known here: put ids in braces"),
        ("sqrt({workers})", "'sqrt' is not known here"),
        ("{workers} ** 2", r"only \+ - \* /"),
        ("{workers} // 2", r"only \+ - \* /"),
        ("{workers} % 2", "'%' has no place"),
        ("{workers}; {span}", "';' has no place"),
        ("R0 + {workers}", "'R' has no place"),
        ("__import__('os')", '"\'" has no place'),
        ("({workers}).interval", "only"),
        ("(1, 2)", "only"),
        ("1 if 2 else 3", "only"),
        ("2j", "not a plain number"),
        ("1e999", "not a plain number"),
        ("True", "'T' has no place"),
        (" * ".join(["9" * 29] * 60), "its result has more digits than any amount has"),
        ("{workers} {span}", "cannot be read"),
        ("(" * 5000, "5,000 characters, more than 2,000"),
        ("{workers} + {span}", "persons cannot be added to months"),
        ("1 / {state-share-upto-90}", "can be zero"),
        ("{programme@when}", "can only stand inside"),
        ("{article@when} - {programme@when}", "can only stand inside"),
        ("days_between({article@when})", "needs two dates"),
        ("days_between({workers}, {article@when})", "needs two dates"),
        ("hull()", "at least one"),
        ("hull", "needs parentheses"),
    ],
)
def test_wrong_formula_is_refused_in_plain_words(formula: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        formulas.evaluate(formula, VALUES.__getitem__)


def test_references_are_listed_once_in_order() -> None:
    formula = "{b-b} / {a} + {b-b} * days_between({a@when}, {c@when})"
    assert formulas.references(formula) == ("b-b", "a", "a@when", "c@when")


def test_a_number_of_days_reads_as_such() -> None:
    assert (
        formulas.in_words("{stay} / {permit} * days(365)", {"stay": "A", "permit": "B"}, "days") == "A ÷ B × 365 days"
    )


def test_limits_are_met_by_what_is_larger_and_by_nothing_smaller() -> None:
    deep = f"{'(' * 20}{{workers}}{')' * 20}"
    assert worked_out(deep, "persons") == Interval(3000, 3000)
    with pytest.raises(FormulaError, match=r"^21 parentheses stand within each other, more than 20$"):
        worked_out(f"({deep})", "persons")
    wide = "({workers}) + " * 30 + "{workers}"  # beside each other, and so no deeper than one
    assert worked_out(wide, "persons") == Interval(93_000, 93_000)
    many = f"{{workers}} / {'9' * 30} * {'9' * 30}"
    assert worked_out(many, "persons") == Interval(3000, 3000)
    with pytest.raises(FormulaError, match="a number has 31 digits, more than 30"):
        worked_out(f"{{workers}} / {'9' * 31}", "persons")
    long = "{workers}" + " " * 1991
    assert worked_out(long, "persons") == Interval(3000, 3000)
    with pytest.raises(FormulaError, match=r"^it has 2,001 characters, more than 2,000: "):
        worked_out(f"{long} ", "persons")
