"""Formulas of derived values: arithmetic over ids in braces, worked out on quantities and date spans."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from simpleeval import InvalidExpression, SimpleEval

from evidencebook.values import dates
from evidencebook.values.intervals import DivisionThroughZero, Interval
from evidencebook.values.quantities import Quantity, UnitMismatch

Value: TypeAlias = Quantity | dates.DateSpan
# Takes `some-id` (a quantity) or `some-id@when` (a date span).
Resolve: TypeAlias = Callable[[str], Value]

_REFERENCE = re.compile(r"\{([^{}]*)\}")
_SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})
_BETWEEN = re.compile(r"(\w+)_between\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)")
_LASTING = re.compile(r"\b(days|months|years)\s*\(\s*([\d.]+)\s*\)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(@when)?")
LONGEST = 2_000  # characters
DEEPEST = 20  # parentheses within each other
MOST_DIGITS = 30  # of a number
LARGEST = 2_000  # bits of a bound of the result: six hundred digits, more than any amount has
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_NUMERIC = re.compile(r"(?<![a-z_0-9.])\.?[0-9][\w.]*")
# Lower case only: a name in capitals is a reference that we have put in ourselves.
_OUTSIDE_BRACES = re.compile(r"[a-z0-9_+\-*/().,\s]*")


class FormulaError(ValueError):
    """A formula cannot be read or worked out; the message says why in plain words."""


def references(formula: str) -> tuple[str, ...]:
    """What stands in braces, each once, in order: `some-id` or `some-id@when`.

    Raises FormulaError where the braces or an id are malformed.
    """
    found = tuple(dict.fromkeys(match.strip() for match in _REFERENCE.findall(formula)))
    for reference in found:
        if not _ID.fullmatch(reference):
            raise FormulaError(f"{{{reference}}} is not an id: write {{some-id}} or {{some-id@when}}")
    rest = _REFERENCE.sub(" ", formula)
    if "{" in rest or "}" in rest:
        raise FormulaError("a brace is opened or closed without its partner")
    return found


def evaluate(formula: str, resolve: Resolve) -> Quantity:
    """The quantity that a formula gives.

    A formula holds references in braces, plain numbers, + - * / and parentheses, and the functions `days_between`,
    `months_between` and `years_between` of two dates, `days`, `months` and `years` of a number, and `hull` of
    several quantities (the smallest quantity that covers them all). A quotient that an unbounded divisor brings
    ever nearer to zero has no lower bound: 500 / over 3,000 is "under a sixth" and no more. `resolve` gives the
    value of a reference and may raise FormulaError itself. Raises FormulaError for everything that cannot be read
    or worked out.
    """
    _refuse_size(formula)
    known = references(formula)
    names = {f"R{number}": reference for number, reference in enumerate(known)}
    text = _REFERENCE.sub(lambda match: f" R{known.index(match[1].strip())} ", formula)
    outside = _REFERENCE.sub(" ", formula)
    if not _OUTSIDE_BRACES.fullmatch(outside):
        odd = next(character for character in outside if not _OUTSIDE_BRACES.fullmatch(character))
        raise FormulaError(f"{odd!r} has no place in a formula: use ids in braces, numbers, + - * / and ( )")
    for number in _NUMERIC.findall(outside):
        if not _NUMBER.fullmatch(number):
            raise FormulaError(f"{number[:MOST_DIGITS]} is not a plain number: write digits, such as 12 or 0.5")
        if len(number) > MOST_DIGITS:
            raise FormulaError(f"a number has {len(number)} digits, more than {MOST_DIGITS}")
    evaluator = _evaluator({name: resolve(reference) for name, reference in names.items()})
    try:
        # One line: a line break would end the expression for Python's parser.
        result = evaluator.eval(" ".join(text.split()))
    except (DivisionThroughZero, UnitMismatch) as error:
        raise FormulaError(str(error)) from None
    except InvalidExpression as error:
        raise FormulaError(_plain(error, text)) from None
    except (RecursionError, MemoryError):
        raise FormulaError("it is too long to be worked out: give a part of it a row of its own") from None
    except (SyntaxError, OverflowError):
        raise FormulaError("it cannot be read: look for a missing operator, parenthesis or comma") from None
    quantity = _quantity(result)
    for bound in filter(None, (quantity.interval.low, quantity.interval.high)):
        if max(bound.numerator.bit_length(), bound.denominator.bit_length()) > LARGEST:
            raise FormulaError("its result has more digits than any amount has")
    return quantity


def _refuse_size(formula: str) -> None:
    if len(formula) > LONGEST:
        what = f"it has {len(formula):,} characters, more than {LONGEST:,}"
        raise FormulaError(f"{what}: give a part of it a row of its own")
    depth = deepest = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise FormulaError(f"{deepest} parentheses stand within each other, more than {DEEPEST}")


def _evaluator(values: dict[str, Value]) -> SimpleEval:
    evaluator = SimpleEval(operators=dict(_OPERATORS), functions=dict(_FUNCTIONS), names=values)
    allowed = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
    evaluator.nodes = {node: evaluator.nodes[node] for node in allowed} | {ast.Constant: _number}
    return evaluator


def _number(node: ast.Constant) -> Quantity:
    # repr gives back the decimal as typed; the float itself is only near it.
    return Quantity(Interval.point(Decimal(repr(node.value))))


def _quantity(value: object) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, dates.DateSpan):
        raise FormulaError(f"a date can only stand inside {_DATE_FUNCTIONS}")
    raise FormulaError("a function needs parentheses with its values: hull({a}, {b})")


def _binary(operation: Callable[[Any, Any], Any]) -> Callable[[object, object], Any]:
    return lambda left, right: operation(_quantity(left), _quantity(right))


def _divided(dividend: Quantity, divisor: Quantity) -> Quantity:
    quotient = dividend / divisor
    interval = quotient.interval
    # That zero is only the limit of a division by ever more; no source asserts it as a bound.
    if divisor.interval.high is None and interval.low == 0 and not interval.low_closed:
        return Quantity(Interval(None, interval.high, False, interval.high_closed), quotient.unit)
    return quotient


def _between(name: str, unit: str, count: Callable[[dates.DateSpan, dates.DateSpan], Interval]) -> Any:
    def between(*spans: object) -> Quantity:
        start, end = spans if len(spans) == 2 else (None, None)
        if not isinstance(start, dates.DateSpan) or not isinstance(end, dates.DateSpan):
            raise FormulaError(f"{name} needs two dates: {name}({{first@when}}, {{second@when}})")
        return Quantity.of(count(start, end), unit)

    return between


def _lasting(unit: str) -> Callable[[object], Quantity]:
    return lambda number: _quantity(number) * Quantity.of(1, unit)


def _hull(*values: object) -> Quantity:
    if not values:
        raise FormulaError("hull needs at least one value: hull({a}, {b})")
    covered, *others = (_quantity(value) for value in values)
    for other in others:
        covered = covered.union_hull(other)
    return covered


def _plain(error: InvalidExpression, text: str) -> str:
    name = getattr(error, "name", None) or getattr(error, "func_name", None)
    if name:
        return f"{name!r} is not known here: put ids in braces; the functions are {', '.join(_FUNCTIONS)}"
    if not text.strip():
        return "it is empty"
    return "only + - * /, parentheses and the functions " + ", ".join(_FUNCTIONS) + " can be used"


_DATE_FUNCTIONS = "days_between, months_between or years_between"
_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _binary(operator.add),
    ast.Sub: _binary(operator.sub),
    ast.Mult: _binary(operator.mul),
    ast.Div: _binary(_divided),
    ast.USub: lambda value: -_quantity(value),
    ast.UAdd: lambda value: _quantity(value),
}
_FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "days_between": _between("days_between", "days", dates.days_between),
    "months_between": _between("months_between", "months", dates.months_between),
    "years_between": _between("years_between", "years", dates.years_between),
    **{unit: _lasting(unit) for unit in ("days", "months", "years")},
    "hull": _hull,
}


def letters(references: Sequence[str]) -> dict[str, str]:
    """Return a capital letter for each reference, by which a reader follows it through the formula."""
    names = (chr(ord("A") + number) if number < 26 else f"X{number}" for number in range(len(references)))
    return dict(zip(references, names, strict=True))


def in_words(formula: str, letters: Mapping[str, str], unit: str) -> str:
    """Return the formula with a letter for each reference and printed signs: "1 − A", "days between A and B"."""
    shown = _REFERENCE.sub(lambda match: letters[match[1].strip()], " ".join(formula.split()))
    shown = _BETWEEN.sub(r"\1 between \2 and \3", shown).replace("hull(", "the range that covers (")
    shown = _LASTING.sub(r"\2 \1", shown)
    shown = shown.translate(_SIGNS)
    # A change of unit is all that such a formula does.
    return f"{shown}, in {unit}" if shown in letters.values() else shown
