"""Facts in words that carry their qualifier: "up to 90%", "about US$10 million", "three or four days"."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Fact
from evidencebook.values import dates
from evidencebook.values.quantities import Unit, unit_named

FORMS = (
    *("bare", "number", "words", "low", "high", "hedged", "hedged-low", "hedged-high"),
    *("hedged-number", "hedged-low-number", "hedged-high-number"),
)
TOLD = "told"  # alone or before another form (told-number): the sentence itself says the stance
SPELLED_TO = 10  # whole counts up to here are words in a sentence, whether of facts or of rows
NBSP = "\u00a0"  # keeps a number and its unit on one line

# Forms that say nothing of the qualifier, and the form for a sentence that does.
_SILENT = {"bare": "hedged", "low": "hedged-low", "high": "hedged-high"}
_QUALIFIERS = {"at_least": "at least", "over": "over", "up_to": "up to", "under": "under"}
_MAGNITUDES = (("billion", 10**9), ("million", 10**6))
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_OPEN = re.compile("hour|(?!eu|one)[aeio]")  # how a noun begins that wants "an" before it: by its sound
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


class WordingError(ValueError):
    """A fact cannot be worded, or not in the form asked for; the message says why."""


@dataclass(frozen=True)
class _Notation:
    """How a unit is written: before the digits, after them, and after spelled-out numbers (one, several)."""

    prefix: str = ""
    suffix: str = ""
    suffix_one: str = ""
    spoken: str = ""
    spoken_one: str = ""
    is_counted: bool = False  # small numbers of it are spelled out: three days, but 3% and 3 yuan


def _after(noun: str, noun_one: str | None = None, *, is_counted: bool = False) -> _Notation:
    many, one = NBSP + noun, NBSP + (noun_one or noun)
    return _Notation("", many, one, many, one, is_counted)


def _before(sign: str, spoken: str, spoken_one: str) -> _Notation:
    return _Notation(sign, "", "", NBSP + spoken, NBSP + spoken_one)


_NOTATIONS = {
    "percent": _Notation("", "%", "%", f"{NBSP}percent", f"{NBSP}percent"),
    "ratio": _Notation(),
    "CNY": _after("yuan"),
    "KRW": _after("won"),
    "USD": _before("US$", "US dollars", "US dollar"),
    "EUR": _before("€", "euros", "euro"),
    "GBP": _before("£", "pounds", "pound"),
}


@dataclass(frozen=True)
class _Shown:
    """The numbers to print, rounded: one, or the two ends of a range; a source may have named ends as alternatives."""

    numbers: tuple[Fraction, ...]
    qualifier: str
    may_be_alternatives: bool


def is_told(form: str | None) -> bool:
    """Whether the form leaves it to the sentence to say the stance."""
    return (form or "").partition("-")[0] == TOLD


def words(fact: Fact, form: str | None = None) -> str:
    """The fact in words: qualifier, number and unit, or one of the other forms.

    `bare` is the number alone, `number` the number with its qualifier, `words` spells numbers up to a
    hundred and halves, `low` and `high` give one bound with its unit. A value that is not exact has no form
    that hides this: `hedged` leaves out the qualifier words for a sentence that says them itself, as do
    `hedged-low` and `hedged-high`, and all three the unit too with `-number` behind them. `told`, alone or before
    any of these (`told-number`), changes no word: it is for a sentence that says itself what is doubtful about the
    value. Numbers are rounded
    to the fact's decimals, and what was rounded reads "about"; the one bound of an open range is rounded outwards
    instead, where it still holds. Dates read as dates. Persons get no
    noun. Raises WordingError where there is no number, no such bound, no such form, a form that would hide a
    doubt, or one that claims a doubt that is not there.
    """
    if is_told(form):
        if not doubt(fact):
            raise WordingError(f"|{form} is for a sentence that says a doubt, but nothing is doubtful about the value")
        form = (form or "").removeprefix(TOLD).removeprefix("-") or None
    if form is not None and form not in FORMS:
        raise WordingError(f"{form!r} is not a form: use one of {', '.join(FORMS)}, {TOLD} or {TOLD}-form, or none")
    if fact.quantity_interval is None:
        return _date(fact, form)
    notation = _notation(fact.unit)
    if form is not None and form.startswith("hedged-") and form.endswith("-number"):
        notation, form = replace(notation, prefix="", suffix="", suffix_one=""), form.removesuffix("-number")
    shown = _shown(fact)
    name = (form or "").removeprefix("hedged-")
    bound = _bound(fact, name) if name in ("low", "high") else None
    if form in _SILENT and (len(shown.numbers) > 1 or shown.qualifier):
        plain = _qualified(shown, _written(shown, notation)).replace(NBSP, " ")
        remedy = f"write |{_SILENT[form]} where the sentence says the doubt itself, or leave out the form"
        raise WordingError(f"|{form} hides that the value is {plain!r} - {remedy}")
    if bound is not None:
        return _written(bound, notation)
    if form == "hedged":
        return _written(shown, notation)
    if form == "bare":
        return _written(shown, replace(notation, prefix="", suffix="", suffix_one=""))
    if form == "number":
        return _qualified(shown, _written(shown, replace(notation, prefix="", suffix="", suffix_one="")))
    if form == "words":
        return _spelled(shown, notation) or _qualified(shown, _written(shown, notation))
    return _qualified(shown, _written(shown, notation))


def rounding(fact: Fact) -> str:
    """What rounding did to the fact as worded: "from 0.1 and about 0.13", "outwards, from 0.13"; empty if nothing.

    The numbers are those before rounding, with two decimals more than are shown, so that a reader who works the
    value out anew meets them again.
    """
    interval, decimals = fact.quantity_interval, fact.decimals
    if interval is None or decimals is None:
        return ""
    exact = [interval.low] if interval.is_point else [interval.low, interval.high]
    given = [bound for bound in exact if bound is not None]
    if _shown(fact).numbers == tuple(given):
        return ""
    finer = [(bound, _nearest(bound, decimals + 2)) for bound in given]
    numbers = " and ".join(("" if near == bound else "about ") + _digits(near) for bound, near in finer)
    return f"outwards, from {numbers}" if None in exact else f"from {numbers}"


def _date(fact: Fact, form: str | None) -> str:
    if fact.row.get("kind") != "date" or fact.when is None:
        raise WordingError(f"{fact.fact_id!r} asserts no number, so it cannot be shown as one")
    if form not in (None, "words"):
        raise WordingError(f"{fact.fact_id!r} is a date, which has no form {form!r}")
    return dates.words(fact.when)


def _shown(fact: Fact) -> _Shown:
    interval, decimals = fact.quantity_interval, fact.decimals
    assert interval is not None
    is_approximate = fact.is_approximate
    if interval.low is not None and interval.high is not None:
        # A reader who reckons 13.3 may write 13, and never 14.
        ends = (_nearest(interval.low, decimals), _nearest(interval.high, decimals))
        numbers: tuple[Fraction, ...] = ends[:1] if ends[0] == ends[1] else ends
        is_approximate = is_approximate or ends != (interval.low, interval.high)
    elif interval.low is not None:
        numbers = (_rounded(interval.low, decimals, math.floor),)
    else:
        assert interval.high is not None
        numbers = (_rounded(interval.high, decimals, math.ceil),)
    phrases = (_QUALIFIERS.get(fact.qualifier or "", ""), "about" if is_approximate else "")
    return _Shown(numbers, " ".join(phrase for phrase in phrases if phrase), fact.origin == "claim")


def _bound(fact: Fact, form: str) -> _Shown:
    assert fact.quantity_interval is not None
    value = fact.quantity_interval.low if form == "low" else fact.quantity_interval.high
    if value is None:
        raise WordingError(f"{fact.fact_id!r} has no {form} bound")
    shown = _shown(fact)
    return replace(shown, numbers=shown.numbers[:1] if form == "low" else shown.numbers[-1:])


def _rounded(value: Fraction, decimals: int | None, direction: Callable[[Fraction], int]) -> Fraction:
    if decimals is None:
        return value
    scale = 10**decimals
    return Fraction(direction(value * scale), scale)


def _nearest(value: Fraction, decimals: int | None) -> Fraction:
    return _rounded(value, decimals, lambda scaled: math.floor(scaled + Fraction(1, 2)))


def _notation(unit: str | None) -> _Notation:
    # The denominator belongs to `per` and to the sentence: US$39-70, not US$39-70/worker-month.
    name = (unit or "ratio").partition("/")[0]
    if name in _NOTATIONS:
        return _NOTATIONS[name]
    if name.isupper():
        return _before(f"{name}{NBSP}", name, name)
    if unit_named(name)[1] == Unit.of({"persons": 1}):
        return _Notation(is_counted=True)
    return _after(name, f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s"), is_counted=True)


def _qualified(shown: _Shown, text: str) -> str:
    return f"{shown.qualifier} {text}".lstrip()


def _written(shown: _Shown, notation: _Notation) -> str:
    numbers = shown.numbers
    suffix = notation.suffix_one if numbers == (Fraction(1),) else notation.suffix
    if notation.is_counted and all(n in range(SPELLED_TO + 1) for n in numbers):
        return _joined([_ONES[int(n)] for n in numbers], shown) + suffix
    name, divisor = _magnitude(numbers)
    digits = "–".join(_digits(n / divisor) for n in numbers)
    return f"{notation.prefix}{digits}{NBSP + name if name else ''}{suffix}"


def _spelled(shown: _Shown, notation: _Notation) -> str | None:
    """The whole phrase with its numbers spelled out; None where one of them is too long for that."""
    if notation == _NOTATIONS["percent"] and shown.numbers == (Fraction(50),):
        comparison = {"over": "more than", "under": "less than"}.get(shown.qualifier, shown.qualifier)
        return f"{comparison} half".lstrip()
    if shown.numbers == (Fraction(1, 2),) and notation.spoken_one:
        noun = notation.spoken_one.strip(NBSP)
        return _qualified(shown, f"half {'an' if _OPEN.match(noun) else 'a'}{NBSP}{noun}")
    name, divisor = _magnitude(shown.numbers)
    spelled = [cardinal(n / divisor) for n in shown.numbers]
    texts = [text for text in spelled if text]
    if len(texts) < len(spelled):
        return None
    noun = notation.spoken_one if shown.numbers == (Fraction(1),) else notation.spoken
    joined = _joined(texts, shown if notation.is_counted else replace(shown, may_be_alternatives=False))
    return _qualified(shown, f"{joined}{NBSP + name if name else ''}{noun}")


def _joined(texts: list[str], shown: _Shown) -> str:
    """Neighbouring small counts of a source are alternatives (three or four); any other two numbers are a stretch."""
    numbers = shown.numbers
    neighbours = len(numbers) == 2 and numbers[1] - numbers[0] == 1 and numbers[1] <= SPELLED_TO
    are_whole = all(n.denominator == 1 for n in numbers)
    # What is reckoned in intervals can lie anywhere between its ends, even where they are neighbours.
    return (" or " if shown.may_be_alternatives and neighbours and are_whole else " to ").join(texts)


def _magnitude(numbers: tuple[Fraction, ...]) -> tuple[str, int]:
    """The largest word that all numbers share with at most one decimal left: 1.5 million, but 1,234,567."""
    for name, divisor in _MAGNITUDES:
        if all(n >= divisor and (n * 10 / divisor).denominator == 1 for n in numbers):
            return name, divisor
    return "", 1


def cardinal(number: Fraction) -> str | None:
    """The number spelled out, up to a hundred and with halves; None for any other."""
    if number == Fraction(1, 2):
        return "half"
    if number.denominator == 2 and 0 < number < 10:
        return f"{_ONES[math.floor(number)]} and a half"
    if number.denominator != 1 or not 0 <= number <= 100:
        return None
    if number == 100:
        return "a hundred"
    tens, ones = divmod(int(number), 10)
    if tens < 2:
        return _ONES[int(number)]
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def _digits(number: Fraction) -> str:
    if number.denominator == 1:
        return f"{number.numerator:,}".replace("-", "−")
    return f"{Decimal(number.numerator) / Decimal(number.denominator):,f}".replace("-", "−")
