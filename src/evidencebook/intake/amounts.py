"""Quantities in a text: bounds, hedge and unit of each, in digits or words, as a row of claims has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from evidencebook.check.measured import NAMING, Phrase, measured
from evidencebook.values import numerals
from evidencebook.values.numerals import SCALES, Numeral
from evidencebook.values.quantities import unit_named

# What stands before a number, to the bound that it makes; the longest first.
_BEFORE = (
    ("up_to", r"no (?:more|later|longer) than|not (?:more|over)(?: than)?|up to|as (?:many|much|long|high) as|at (?:the )?most|a (?:maximum|ceiling|cap|limit) of|"
              r"maximum(?: of)?|within(?: a period of)?|capped at|limited to|최대|많게는"),
    ("at_least", r"no (?:fewer|less) than|not (?:fewer|less) than|at (?:the very )?least|as (?:few|little|low) as|a minimum of|minimum of|적어도|최소"),
    ("over", r"(?:well |far |slightly |a little |just )?(?:more|greater|higher|longer) than|(?:well |just )?over|(?:well )?above|exceed(?:s|ed|ing)?|in excess of|upwards? of|north of|beyond|surpass(?:es|ed|ing)?|topp(?:ed|ing)"),
    ("under", r"(?:fewer|less|lower|shorter) than|(?:just |well )?under|(?:just |well )?below|short of"),
    ("about", r"about|around|roughly|approximately|approx\.?|some|perhaps|maybe|barely|possibly|probably|(?:very )?likely|just about|more or less|something like|an? (?:estimated|average(?: of)?)|estimated(?: at)?|nearly|almost|close to|closer to|"
              r"circa|on average|in the (?:region|vicinity|neighbou?rhood) of|somewhere near|an? (?:total of )?(?:approximately|about|roughly)|~|약|대략"),
)  # fmt: skip
_AFTER = (
    ("at_least", r"(?:people |persons )?(?:or|and) (?:more|above|over|longer)\b|\+|이상"),
    ("up_to", r"or (?:fewer|less|under)\b|at (?:the )?most\b|이하|이내|까지"),
    ("about", r"or so\b|-odd\b|\bgive or take\b|가량|정도|여 ?(?=[명개년원])"),
    ("over", r"\bplus\b|넘"),
    ("under", r"미만"),
)
_HEDGES = [
    (name, re.compile(rf"(?:^|[^\w-])(?:{words})[\s\u00a0]*(?:the |a |an |US |its |their )?$", re.I))
    for name, words in _BEFORE
]
_TAILS = [(name, re.compile(rf"[\s\u00a0]*(?:[\w-]+[\s\u00a0]+){{0,2}}?(?:{words})", re.I)) for name, words in _AFTER]
_MONEY = {"yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "dollars": "USD", "dollar": "USD", "euros": "EUR", "euro": "EUR",
          "pounds": "GBP", "yen": "JPY", "won": "KRW", "rubles": "RUB", "roubles": "RUB", "위안": "CNY", "달러": "USD", "원": "KRW"}  # fmt: skip
_SIGNS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₩": "KRW", "HK$": "HKD", "RMB": "CNY"}
_SIGN = re.compile(r"(?:US|HK)?[$€£¥₩]|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW)\b")
_KOREAN_UNITS = {"명": "persons", "사람": "persons", "인": "persons", "일": "days", "개월": "months", "달": "months", "년": "years",
                 "시간": "hours", "주": "weeks", "배": "times", "퍼센트": "percent", "프로": "percent", "개": "factories", "곳": "factories"}  # fmt: skip
_LASTING = re.compile(
    r"(?:\b(?:for|last(?:s|ed)?|took|takes?|after|of|spent|is|was|were|are|by|to|than|just|well)|^|[,(“\"])\s*over\s*$",
    re.I,
)
_SOME = re.compile(r"\b(?:several|a few|some|many|a couple of)\s+$", re.I)
_PER = re.compile(
    r"[^.;,“”\"]{0,40}?(?:\b(?:an?|per|each|every) (?P<per>hour|day|night|week|month|quarter|half-year|year|season|shift|trip|person|worker|head|permit|piece|kilogram|ton(?:ne)?)\b"
    r"|\b(?P<adverb>daily|nightly|weekly|monthly|quarterly|annually|yearly|hourly)\b|\b(?:per|for (?:each|every)) (?P<noun>[a-z]{3,})\b"
    r"|\b(?P<apiece>each|apiece)\b(?! (?!of\b)[a-z]))",
    re.I,
)
_BEFORE_PER = re.compile(
    r"\b(?P<adverb>daily|nightly|weekly|monthly|quarterly|annual|yearly|hourly)\b[^.;,“”\"]{0,40}$", re.I
)
_KOREAN_PERS = {"하루": "day", "매일": "day", "매주": "week", "매달": "month", "매월": "month", "한 달": "month", "매년": "year",
                "한 해": "year", "연간": "year"}  # fmt: skip
_KOREAN_PER = re.compile(rf"({'|'.join(_KOREAN_PERS)})(?:에|에만)? (?:약 |최대 |최소 )?$")
_AS_BEFORE = re.compile(
    r"[^.;]{0,90}\b(?:(?:up|down|rise|fall|increase|drop|cut) from|compared (?:with|to)|(?:as )?against|instead of|rather than|not)\b(?: [\w-]+){0,2}\s*$",
    re.I,
)
_ADVERBS = {
    "quarterly": "quarter",
    "nightly": "night",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "annually": "year",
    "annual": "year",
    "yearly": "year",
    "hourly": "hour",
}
_PERSON = re.compile(
    r"[a-z]{2,}(?:ers|ors|ists|ees|ians|eans|men|women|ants)$|(?:people|persons|men|women|children|staff|wives|youths|nationals|citizens|students|soldiers|police|cadres|agents|residents|recruits|parents|inmates|refugees|diplomats|relatives|sources|witnesses|girls|boys|seamstresses|waitresses|friends|colleagues|heads|victims|guards|nurses|guests|patients|tourists|immigrants|families)$",
    re.I,
)
_THING = frozenset(["plants", "implants", "grants", "restaurants", "variants", "constants", "elephants", "pants", "warrants", "covenants", "papers", "numbers", "dollars", "computers", "containers", "towers", "rivers", "borders", "orders", "letters", "offers", "meters", "liters", "litres", "metres", "sectors", "motors", "reactors", "tractors", "layers", "centers", "quarters", "powers", "answers", "covers", "charters", "chapters", "others", "kilometers", "kilometres", "centimeters", "errors", "factors", "doors", "floors", "colors", "colours", "hours"])  # fmt: skip
_NOUN = re.compile(r"[\s\u00a0-]+(?P<noun>[^\W\d_]+(?:['’]s?)?)")
_STOPS = frozenset(["a", "an", "the", "of", "in", "on", "at", "by", "for", "from", "to", "per", "each", "every", "who", "that", "which", "whom", "and", "or", "as", "with", "within", "is", "are", "was", "were", "has", "have", "had", "but", "if", "when", "while", "because", "about", "over", "under", "after", "before", "this", "these", "those", "it", "they", "he", "she"])  # fmt: skip
_KOREAN_DATE = re.compile(r"\s?(?:월|일(?!\s?(?:간|동안|이내|마다|치|씩)))")
_OR_TWO = re.compile(r"\b(?P<a>a|an|one) (?P<noun>[a-z]+) (?:or|to) $", re.I)
_TIMES = re.compile(r"(?:once|twice|thrice|[\w.,-]+ times)\b", re.I)
_AS_MUCH = re.compile(
    r"\s*(?:as|more|less|fewer|higher|lower|larger|bigger|smaller|greater|longer|the|that|what|its|their|over)\b", re.I
)
_GREW = re.compile(r"\b(?:increas|gr[eo]w|r[io]se|multipl|up|f[ae]ll|dropp)\w*(?: \w+){0,2} $", re.I)
_ORDINAL_COUNT = re.compile(r"\b(?:its|their|his|her|the (?:country|nation|regime|company)['’]s) $", re.I)
_IDIOM = re.compile(
    r"^(?:the |these |those |between the |both )?(?:two|both) (?:countries|sides|nations|allies|neighbou?rs|leaders|capitals|states|parties|koreas)\b",
    re.I,
)
_OF_THE = re.compile(r"\s+of\s+(?:(?:the|its|their|his|her|these|those|our)\s+)?")
_ONE_IN = re.compile(r"\bone (?:in|out of)(?: every)? $", re.I)
AGE_OF_ONE = "the age of one person"  # which leads to that person, and is no claim
_OF_ONE = re.compile(
    r"\b(?:(?:wo)?man|girl|boy|mother|father|son|daughter|wife|husband|\w+(?:er|or|ian|ee)|source|person|cook|cadre|guard|official|resident),? "
    r"(?:of|aged) $",
    re.I,
)
_NOT_ONE = re.compile(
    r"\b(?:number|order|quarter|matter|charter|power|factor|sector|error|border|river|chapter|winter|summer|october|[a-z]+ember|under|over|after|rather|other|either|committee|fee) of $",
    re.I,
)


@dataclass(frozen=True)
class Amount:
    """A quantity at its place: bounds in its unit, qualifier as in the table, per what, and what speaks against it."""

    start: int
    end: int
    low: Fraction | None
    high: Fraction | None
    qualifier: str
    unit: str
    per: str = ""
    weak: str = ""  # why it is likely to be no claim


def amounts(text: str, start: int, end: int, units: Collection[str] = ()) -> list[Amount]:
    """Return the quantities of a stretch of text, in order; `units` are the names that the table knows."""
    sentence = text[start:end]
    found: list[Amount] = []
    for phrase in [*measured(sentence), *_others(sentence)]:
        if _is_name(sentence, phrase):
            continue
        one = _amount(sentence, phrase, tuple(units))
        if one is not None:
            found.append(one)
    found.sort(key=lambda one: one.start)
    for at, one in enumerate(found[:-1]):  # "14 of the 37 farms"
        if not one.unit and _OF_THE.fullmatch(sentence, one.end, found[at + 1].start):
            found[at] = replace(one, unit=found[at + 1].unit)
    for at, one in enumerate(found):
        if _ONE_IN.search(sentence[: one.start]) and one.unit not in ("percent", "times"):
            found[at] = replace(
                one, unit="", low=None, high=None, qualifier=""
            )  # a share that the article does not give
    for at, one in enumerate(found):  # "30,000 workers in one province and 20,000 in the other"
        if (
            not one.unit
            and at
            and found[at - 1].unit
            and not found[at - 1].weak
            and not _is_how_often(sentence, one.start)
            and one.qualifier
            and not re.match(r"\s+(?:out of|in every)\s", sentence[one.end :])
        ):
            found[at] = one = replace(one, unit=found[at - 1].unit)
        if (
            at
            and not one.per
            and (last := found[at - 1]).per
            and last.unit == one.unit
            and _is_as_before(sentence, last, one)
        ):
            found[at] = one = replace(one, per=last.per)  # "40 yuan a day, up from 30 last year"
        found[at] = replace(one, weak=_weak(sentence, one, found[at - 1] if at else None))
    found = _joined(sentence, found)
    return [replace(one, start=one.start + start, end=one.end + start) for one in found]


def plain(value: Fraction | None) -> str:
    """Return a bound as the table writes it: no exponent, and no more digits than it has."""
    if value is None:
        return ""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _others(sentence: str) -> Iterator[Phrase]:
    """Yield "both sources" and "its sixth test", which measure without being what pages may not type."""
    for one in numerals.find(sentence):
        word = sentence[one.start : one.end].lower()
        is_both = word == "both" and re.match(r" (?:the |of the )?[a-z]+s\b", sentence[one.end :])
        is_count = one.kind == "ordinal" and one.value > 2 and _ORDINAL_COUNT.search(sentence[: one.start])
        if is_both or is_count:
            yield Phrase(one.start, one.end, sentence[one.start : one.end], (one,))


def _is_name(sentence: str, phrase: Phrase) -> bool:
    before = sentence[: phrase.numerals[0].start]
    if _KOREAN_DATE.match(sentence, phrase.end) or re.match(r"호|\s?인당", sentence[phrase.end :]):
        return True
    return bool(re.search(rf"(?:{'|'.join(NAMING)})s? *$|[A-Z][\w.]*-$", before)) or bool(
        re.match(r"[-–]?[A-Z]{2,}", sentence[phrase.end :]) and not re.match(r"[A-Z]{3}\b", sentence[phrase.end :])
    )


def _amount(sentence: str, phrase: Phrase, units: tuple[str, ...]) -> Amount | None:
    first, last = phrase.numerals[0], phrase.numerals[-1]
    unit = _unit(sentence, phrase, units)
    values = _values(phrase.numerals, unit)
    start, end = first.start, last.end
    qualifier, hedge_start = _hedged(sentence, start, end, unit)
    if len(values) == 1 and (match := _OR_TWO.search(sentence[:start])) and values[0] == 2:
        values, start = [Fraction(1), Fraction(2)], match.start()  # "a year or two"
        unit = unit or _known(match["noun"].lower(), units)
        unit = _known(f"{match['noun'].lower()}s", units) or unit
        qualifier, hedge_start = "exact", start
    per = _per(sentence, end, start)
    is_some = sentence[first.start : first.end].lower() in SCALES and _SOME.search(sentence[: first.start])
    if first.kind == "vague" or is_some:  # "thousands", "several dozen"
        return Amount(hedge_start, end, None, None, "unquantified", unit, per)
    low, high = min(values), max(values)
    if low < high:
        return Amount(hedge_start, end, low, high, "range", unit, per)
    if qualifier in ("over", "at_least"):
        return Amount(hedge_start, end, low, None, qualifier, unit, per)
    if qualifier in ("up_to", "under"):
        return Amount(hedge_start, end, None, high, qualifier, unit, per)
    return Amount(hedge_start, end, low, high, qualifier, unit, per)


def _values(found: tuple[Numeral, ...], unit: str) -> list[Fraction]:
    last = found[-1]
    values = []
    for one in found:
        value = one.value * (100 if one.kind == "fraction" and unit == "percent" else 1)
        if one is not last and one.scale == 1 < last.scale and one.value < last.scale:
            value *= last.scale  # "three to five million"
        values.append(value)
    return values


def _hedged(sentence: str, start: int, end: int, unit: str) -> tuple[str, int]:
    """Return the qualifier that the words before and behind a number make, and where they begin."""
    before = sentence[:start]
    for name, pattern in _HEDGES:
        if match := pattern.search(before):
            words = match[0].strip().lower()
            if words == "over" and _is_time(unit) and not _LASTING.search(before):
                break  # "nine buses over three nights"
            if not re.search(r"\b(?:not|never|nor|hardly) (?:\w+ )?$", before[: match.start() + 1], re.I):
                return name, match.start() + (not match[0][0].isalnum())
            flipped = {"over": "up_to", "under": "at_least"}.get(name, name)
            return flipped, match.start()
    for name, pattern in _TAILS:
        if (tail := pattern.match(sentence, end)) and not re.search("[;,]", tail[0]):
            return name, start
    return "exact", start


def _unit(sentence: str, phrase: Phrase, units: tuple[str, ...]) -> str:
    last = phrase.numerals[-1]
    if _is_how_often(sentence, last.start):
        return ""
    if any(one.is_percent for one in phrase.numerals) or last.kind == "fraction":
        return "percent"
    if last.kind == "multiple":
        return "times"
    if (sign := _SIGN.search(sentence, phrase.start, phrase.end)) is not None:
        return _SIGNS.get(sign[0], sign[0])
    korean = re.match(r"\s?([가-힣]+)", sentence[phrase.end :])
    if korean:
        named = {**_KOREAN_UNITS, **_MONEY}
        return next((named[korean[1][:size]] for size in (3, 2, 1) if korean[1][:size] in named), "")
    nouns = list(_nouns(sentence, phrase.end))
    for noun in nouns:
        if noun in _MONEY:
            return _MONEY[noun]
    for noun in nouns:
        if found := _known(noun, units):
            return found
    persons = [noun for noun in nouns if _is_persons(noun)]
    if persons and (not units or "persons" in units):
        return "persons"
    if not nouns:
        follows = re.match(r"\s+of\s+(?:the\s+|these\s+|its\s+|their\s+|an?\s+)?", sentence[phrase.end :])
        inner = [*_nouns(sentence, phrase.end + follows.end() - 1)] if follows else []
        found_in = (_known(noun, units) or ("persons" if _is_persons(noun) else "") for noun in inner)
        return next(filter(None, found_in), "")
    plural = [noun for noun in nouns if noun.endswith("s")]
    return plural[-1] if plural and phrase.numerals[-1].kind in ("cardinal", "vague") else ""


def _is_how_often(sentence: str, at: int) -> bool:
    """Whether "three times" tells how often, as before "a week", and not how many times as much; "every two months"."""
    said = _TIMES.match(sentence, at)
    every = sentence[:at].lower().endswith("every ") and re.match(
        r"[\w-]+ (?:minut|hour|day|night|week|month|year)", sentence[at:]
    )
    return bool(every) or bool(said and not _AS_MUCH.match(sentence, said.end()) and not _GREW.search(sentence[:at]))


def _nouns(sentence: str, at: int) -> Iterator[str]:
    of = re.match(r"\s+of\s+(?=[a-z])", sentence[at:])
    at += of.end() - 1 if of and re.search(r"(?:dozens|hundreds|thousands|millions|tens|scores)$", sentence[:at]) else 0
    for _ in range(4):
        match = _NOUN.match(sentence, at)
        if match is None or match["noun"].lower() in _STOPS:
            return
        yield match["noun"].lower()
        at = match.end()
        if re.search(r"[a-z]{3}s$", match["noun"]) and match["noun"][0].islower():
            return  # the first plural is what is counted


def _known(noun: str, units: Collection[str]) -> str:
    """Return the name that the table has for a noun; an empty text where it has none."""
    plural = noun if noun.endswith("s") else f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"
    return next((name for name in (noun, plural) if name in units), "") or (
        plural if not units and _is_time(plural) else ""
    )


def _is_time(unit: str) -> bool:
    return unit in ("minutes", "hours", "days", "nights", "weeks", "months", "years", "decades")


def _is_persons(noun: str) -> bool:
    if noun in _THING:
        return False
    try:
        known = unit_named(noun)[1] == unit_named("persons")[1]
    except ValueError:
        known = False
    return known or _PERSON.fullmatch(noun) is not None


def _per(sentence: str, end: int, start: int) -> str:
    if match := _PER.match(sentence, end):
        inner = sentence[end : match.end()]
        if not re.search(r"\d", inner):
            if match["per"] or match["noun"]:
                return str(match["per"] or match["noun"]).lower()
            return _ADVERBS[match["adverb"].lower()] if match["adverb"] else "each"
    if korean := _KOREAN_PER.search(sentence[:start]):
        return _KOREAN_PERS[korean[1]]
    before = _BEFORE_PER.search(sentence[:start])
    return _ADVERBS[before["adverb"].lower()] if before and not re.search(r"\d", before[0]) else ""


def _is_as_before(sentence: str, last: Amount, one: Amount) -> bool:
    return _AS_BEFORE.fullmatch(sentence, last.end, one.start) is not None


def _joined(sentence: str, found: list[Amount]) -> list[Amount]:
    """Return the amounts with "between 500 yuan and 1,200 yuan" as one."""
    joined: list[Amount] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last and last.unit == one.unit and None not in (last.low, one.high) and last.low == last.high
            and re.search(r"\bbetween\s+$", sentence[: last.start], re.I)
            and re.fullmatch(r"\s+(?:[\w-]+\s+){1,3}and\s+", sentence[last.end : one.start])
        ):  # fmt: skip
            joined[-1] = replace(one, start=last.start, low=last.low, qualifier="range")
        else:
            joined.append(one)
    return joined


def _weak(sentence: str, one: Amount, last: Amount | None) -> str:
    after, before = sentence[one.start :], sentence[: one.start]
    is_year_old = re.match(r"-year-old\b(?!s)", sentence[one.end :])
    if is_year_old or (one.low == one.high and not one.unit and _OF_ONE.search(before) and not _NOT_ONE.search(before)):
        return AGE_OF_ONE
    if (
        re.search(r"\baged\s+$", before)
        or re.match(r"[ -]years?[ -]old\b", sentence[one.end :])
        or (not one.unit and before.endswith(", ") and sentence[one.end : one.end + 1] == ",")
    ):
        return "an age"
    if before.endswith("(") and last and {len(one.unit), len(last.unit)} == {3} and one.unit != last.unit:
        return "the same in another currency"
    if re.match(r"(?:half|a third|a quarter) as (?:many|much) again\b", after, re.I):
        return "a comparison"
    is_small = one.qualifier == "exact" and one.high and one.high < 10 and one.unit not in ("percent", "times")
    if is_small and re.search(r"\b(?:the|these|those)\s+$", before, re.I):
        return "a number of what is known already"
    between = sentence[last.end : one.start] if last else ""
    if re.fullmatch(r"\s+out of\s+(?:every\s+)?", between) or (not one.unit and re.fullmatch(r"\s+in\s+", between)):
        return "said with the number before"
    if _IDIOM.match(after):
        return "a pair that everybody knows"
    if re.match(
        r"(?:an?|[a-z]+) (?:weeks?|days?|months?|years?|hours?) (?:ago|earlier|later|after|before|on)\b",
        after,
        re.I,
    ):
        return "a distance in time"
    if not one.unit and _is_how_often(sentence, one.start):
        return "how often, which is no unit"
    return "a small number of nothing that is named" if not one.unit and one.high is not None and one.high < 10 else ""
