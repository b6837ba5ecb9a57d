"""Numbers in English text, in digits or in words, with their places and values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, NamedTuple

Kind = Literal["cardinal", "fraction", "multiple", "vague", "ordinal", "ordinary"]

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ONES = {word: value for value, word in enumerate(_ONES)}
TENS = {word: 10 * value for value, word in enumerate(_TENS, 2)}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
VAGUE = {"tens": 10, "scores": 20, **{f"{name}s": value for name, value in SCALES.items()}}
_ORDINALS = (
    *("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
    *("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
ORDINALS = {
    **{"first": 1, "second": 2, "hundredth": 100, "thousandth": 1000, "millionth": 10**6},
    **{word: value for value, word in enumerate(_ORDINALS, 3)},
    **{f"{word[:-1]}ieth": value for word, value in TENS.items()},
}
# "second" is no fraction, and "quarter" and "half" are no ordinals.
DENOMINATORS = {"half": 2, "halve": 2, "quarter": 4, **{word: value for word, value in ORDINALS.items() if value > 2}}
MULTIPLES = {
    **dict.fromkeys(("twice", "double", "doubles", "doubled", "doubling"), Fraction(2)),
    **dict.fromkeys(("thrice", "triple", "triples", "tripled", "tripling", "treble", "trebled"), Fraction(3)),
    **dict.fromkeys(("quadruple", "quadruples", "quadrupled", "quadrupling"), Fraction(4)),
    **dict.fromkeys(("quintuple", "quintuples", "quintupled", "quintupling"), Fraction(5)),
    **dict.fromkeys(("halve", "halves", "halved", "halving"), Fraction(1, 2)),
    **{f"{word}fold": Fraction(value) for word, value in {**ONES, **TENS, **SCALES}.items()},
}
# Korean, Chinese and Japanese write 12,000 as 1만2천 and 150,000,000 as 1억 5천만.
_SMALL = dict(zip("십백천十百千", (10, 100, 1000) * 2, strict=True))
_LARGE = {**dict.fromkeys("만万萬", 10**4), **dict.fromkeys("억亿億", 10**8), **dict.fromkeys("조兆", 10**12)}
_EASTERN = rf"\d[\d,]*(?:\.\d+)?[{''.join((*_SMALL, *_LARGE))}]+"
_SHORT = {"m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
# What is counted follows millions; metres are high, or away from something.
_MILLIONS = re.compile(
    r"\s*-\s*\d[\d.]*m\b|\s(?:[a-z-]+\s)?(?!(?:across|its|this|less|is|was)\b)[a-z]+s\b|\s(?:people|men|women)\b"
)
# "fell by a third over the year", where a noun may follow: it is no third year.
_CHANGED = re.compile(
    r"\b(?:r[io]sen?|rising|f[ae]ll(?:en|ing|s)?|gr[eo]wn?|growing|grows|drop(?:s|ped|ping)?|cuts?|(?:declin|increas|decreas|reduc|rais|ris)(?:e[sd]?|ing)"
    r"|shr[aiu]nk|slump(?:s|ed)|jump(?:s|ed)|climb(?:s|ed)|plung(?:es|ed)|surg(?:es|ed)|up|down|higher|lower)"
    r"(?: (?!by\b)[a-z]+){0,3} by "
    r"(?:(?:about|around|almost|nearly|roughly|some|over|up to|at least|at most|(?:more|less) than) )?$",
    re.IGNORECASE,
)
ORDINARY = {"one": 1, "once": 1, "single": 1, "both": 2}
_WORDS = {**ONES, **TENS, **SCALES}
_BEGINNINGS = frozenset({"a", "an", "half", *MULTIPLES, *VAGUE, *_WORDS, *ORDINALS, *ORDINARY})
# One of these is part of every number; "a" begins some, and most sentences.
_TELLING = (_BEGINNINGS - {"a", "an"}) | {f"{word}{end}" for word in DENOMINATORS for end in ("", "s")}
_SIGNS = re.compile(r"[\d¼-¾⅐-⅞]")
_LETTERS = re.compile(r"[^\W\d_]+")
MEASURED: tuple[Kind, ...] = ("cardinal", "fraction", "multiple", "vague")

# Digits in these are part of a name: addresses, hashes, versions, identifiers such as UTF-8 or `visits-2020-total`.
_NAME = r"""
    https?://\S+ | www\.\S+ | \S+@\S+\.\w+
    | \b(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,}\b
    | \b\d+(?:\.\d+){2,}\b
    | \b(?!(?:USD|EUR|GBP|CNY|RMB|JPY|KRW)\d)[^\W\d]\w*\d\w*(?:[-._]\w+)*
    | \b(?=[\w.]*[A-Z]|[\w.]+[-_][\w.]+[-_])[^\W\d][\w.]*(?:[-_][^\W\d][\w.]*)*[-_]\d+(?!\d*%|\d*,\d)\w*(?:[-._]\w+)*
"""
_TOKEN = re.compile(
    rf"""
    (?P<name>{_NAME})
    | (?P<eastern>{_EASTERN}(?:[ ]?{_EASTERN})*(?:[ ]?\d{{1,4}}(?![\d,.]))?)
    | (?P<digits>\d{{1,3}}(?:[,\u00a0\u202f\u2009]\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)
        (?P<suffix>st\b|nd\b|rd\b|th\b)?(?P<fold>-?fold\b)?(?:/(?P<below>[1-9]\d*)(?![\d/]))?
    | (?P<sign>[¼-¾⅐-⅞])
    | (?P<word>[^\W\d_]+)
    """,
    re.VERBOSE,
)
_GROUPING = dict.fromkeys(map(ord, ",\u00a0\u202f\u2009"))
_JOIN = re.compile(r"[\s\u00a0]*[-\u2010\u2011]?[\s\u00a0]*")
_BEFORE_PERCENT = frozenset("%- \n\t\u00a0퍼프")
_PERCENT = re.compile(r"[\s\u00a0-]*(?:%|퍼센트|프로|(?:percent|per[\s-]cent)(?:age)?\b)", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:\b(?:US|HK|A|C))?[$€£¥₩]\s?$|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW)[\s\u00a0]?$")
_FRACTION_ENDS = re.compile(r"\s*(?:[^\w\s]|$|(?:of|or|as|more|less|and|to)\b)")
_LINK = re.compile(r"[\s\u00a0]*(?:–|—|-|~|∼|[가-힣]{0,3}에서|\b(?:or|to)\b|\bto\s+(?:about|some|over)\b)[\s\u00a0]*")


@dataclass(frozen=True)
class Numeral:
    """A number from `start` to `end` of a text, its currency sign or "percent" included.

    `scale` is the power word that it ends with ("10 million": 1,000,000), 1 without. Kinds: `vague` is a plural
    such as "thousands", `multiple` one such as "twice", `ordinary` a word that also serves without counting
    ("one", "both").
    """

    start: int
    end: int
    value: Fraction
    kind: Kind
    scale: int = 1
    is_percent: bool = False


class _Token(NamedTuple):  # quicker to make than a data class: a large report has millions
    start: int
    end: int
    word: str
    match: re.Match[str]


def find(text: str) -> list[Numeral]:
    """Every number in the text, in order."""
    if not _SIGNS.search(text) and _TELLING.isdisjoint(_LETTERS.findall(text.lower())):
        return []  # as most texts of a large report
    tokens = [_Token(m.start(), m.end(), m[0].lower(), m) for m in _TOKEN.finditer(text)]
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        # Most words of a text begin no number, and a large report has millions of them.
        step = _read(text, tokens, at) if token.word in _BEGINNINGS or not token.match["word"] else None
        if step is None:
            at += 1
            continue
        numeral, at = step
        found.append(_dressed(text, numeral))
    return found


def linked(text: str, left: Numeral, right: Numeral) -> bool:
    """True where the two are alternatives or the ends of a range: "three or four", "20–40"."""
    return left.end <= right.start and _LINK.fullmatch(text, left.end, right.start) is not None


def _dressed(text: str, numeral: Numeral) -> Numeral:
    percent = _PERCENT.match(text, numeral.end) if text[numeral.end : numeral.end + 1] in _BEFORE_PERCENT else None
    if percent and numeral.kind != "ordinal":
        kind: Kind = "cardinal" if numeral.kind == "ordinary" else numeral.kind
        numeral = replace(numeral, end=percent.end(), is_percent=True, kind=kind)
    before = text[max(0, numeral.start - 6) : numeral.start]
    currency = _CURRENCY.search(before) if before else None
    return replace(numeral, start=numeral.start - len(before) + currency.start()) if currency else numeral


def _read(text: str, tokens: Sequence[_Token], at: int) -> tuple[Numeral, int] | None:
    token = tokens[at]
    if token.match["name"]:
        return None
    if token.match["sign"]:
        value = Fraction(unicodedata.numeric(token.word)).limit_denominator(10)
        return Numeral(token.start, token.end, value, "fraction"), at + 1
    if token.match["eastern"]:
        return Numeral(token.start, token.end, _eastern(token.word), "cardinal"), at + 1
    article = token.word in ("a", "an") and _follows(text, tokens, at)
    if article and (tokens[at + 1].word in SCALES or tokens[at + 1].word in DENOMINATORS):
        return _after_article(text, tokens, at)
    if token.word in ("a", "an"):
        return _one_of_or(text, tokens, at)
    if token.word == "half":
        return _half(text, tokens, at, token.start)
    if token.word in MULTIPLES:
        return Numeral(token.start, token.end, MULTIPLES[token.word], "multiple"), at + 1
    if token.word in VAGUE:
        return _vague(text, tokens, at)
    if token.word in ORDINALS:
        return Numeral(token.start, token.end, Fraction(ORDINALS[token.word]), "ordinal"), at + 1
    return _cardinal(text, tokens, at) or _ordinary(token, at)


def _eastern(word: str) -> Fraction:
    total = section = Fraction(0)
    for number, scales in re.findall(r"(\d[\d,]*(?:\.\d+)?)(\D*)", word):
        value = Fraction(number.translate(_GROUPING))
        for sign in scales.strip():
            if sign in _SMALL:
                value *= _SMALL[sign]
            else:
                total, section, value = total + (section + value) * _LARGE[sign], Fraction(0), Fraction(0)
        section += value
    return total + section


def _follows(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """True where the next token is joined to this one by nothing but spaces or a hyphen."""
    return at + 1 < len(tokens) and _JOIN.fullmatch(text, tokens[at].end, tokens[at + 1].start) is not None


def _ordinary(token: _Token, at: int) -> tuple[Numeral, int] | None:
    if token.word not in ORDINARY:
        return None
    return Numeral(token.start, token.end, Fraction(ORDINARY[token.word]), "ordinary"), at + 1


def _after_article(text: str, tokens: Sequence[_Token], at: int) -> tuple[Numeral, int] | None:
    start, noun = tokens[at].start, tokens[at + 1]
    if noun.word in SCALES:
        step = _cardinal(text, tokens, at + 1)
        return (replace(step[0], start=start), step[1]) if step else None
    if noun.word == "half":
        return _half(text, tokens, at + 1, start)
    # "a third of the pay" is a part, "a third voice" comes after a second one.
    is_part = noun.word == "quarter" or _FRACTION_ENDS.match(text, noun.end) or _CHANGED.search(text, 0, start)
    value = Fraction(1, DENOMINATORS[noun.word]) if is_part else Fraction(DENOMINATORS[noun.word])
    return Numeral(start if is_part else noun.start, noun.end, value, "fraction" if is_part else "ordinal"), at + 2


def _one_of_or(text: str, tokens: Sequence[_Token], at: int) -> tuple[Numeral, int] | None:
    # "a year or two": the article counts only because a number follows.
    words = [token.word for token in tokens[at : at + 4]]
    if len(words) == 4 and words[2] in ("or", "to") and words[3] in ONES and _is_near(text, tokens[at : at + 4]):
        return Numeral(tokens[at].start, tokens[at].end, Fraction(1), "ordinary"), at + 1
    return None


def _is_near(text: str, tokens: Sequence[_Token]) -> bool:
    return all(not text[left.end : right.start].strip() for left, right in pairwise(tokens))


def _half(text: str, tokens: Sequence[_Token], at: int, start: int) -> tuple[Numeral, int]:
    words = [token.word for token in tokens[at + 1 : at + 3]]
    if len(words) > 1 and words[0] == "a" and words[1] in SCALES and _is_near(text, tokens[at : at + 3]):
        scale = SCALES[words[1]]
        return Numeral(start, tokens[at + 2].end, Fraction(scale, 2), "cardinal", scale), at + 3
    return Numeral(start, tokens[at].end, Fraction(1, 2), "fraction"), at + 1


def _vague(text: str, tokens: Sequence[_Token], at: int) -> tuple[Numeral, int]:
    start, value = tokens[at].start, 1
    while True:  # "tens of thousands" is one amount
        value *= VAGUE[tokens[at].word]
        words = [token.word for token in tokens[at + 1 : at + 3]]
        if len(words) < 2 or words[0] != "of" or words[1] not in VAGUE:
            return Numeral(start, tokens[at].end, Fraction(value), "vague"), at + 1
        at += 2


def _cardinal(text: str, tokens: Sequence[_Token], at: int) -> tuple[Numeral, int] | None:
    first = tokens[at]
    if first.match["digits"]:
        plain = first.match["digits"].translate(_GROUPING)
        value = Fraction(plain) if "." in plain else Fraction(int(plain))  # parsing a fraction is slow
        if first.match["suffix"] or first.match["fold"] or first.match["below"]:
            kind: Kind = "ordinal" if first.match["suffix"] else "multiple" if first.match["fold"] else "fraction"
            return Numeral(first.start, first.end, value / int(first.match["below"] or 1), kind), at + 1
        end = at + 1
    else:
        words = list(_number_words(text, tokens, at))
        if not words:
            return None
        value, end = Fraction(_sum(words)), at + len(words)
    scale = SCALES.get(tokens[end - 1].word, 1)
    if short := _short(text, tokens, end):
        end, scale, value = end + 1, short, value * short
    while end < len(tokens) and _follows(text, tokens, end - 1) and tokens[end].word in SCALES:
        scale *= SCALES[tokens[end].word]
        value *= SCALES[tokens[end].word]
        end += 1
    return _completed(text, tokens, at, end, Numeral(first.start, tokens[end - 1].end, value, "cardinal", scale))


def _short(text: str, tokens: Sequence[_Token], end: int) -> int:
    """The scale that is glued to a number in short: "$7bn", "2m people", and not "2m high"; 0 where there is none."""
    if end == len(tokens) or tokens[end - 1].end != tokens[end].start or tokens[end].word not in _SHORT:
        return 0
    is_money = _CURRENCY.search(text[max(0, tokens[end - 1].start - 6) : tokens[end - 1].start])
    is_metres = tokens[end].word == "m" and not is_money and not _MILLIONS.match(text, tokens[end].end)
    return 0 if is_metres else _SHORT[tokens[end].word]


def _completed(text: str, tokens: Sequence[_Token], at: int, end: int, numeral: Numeral) -> tuple[Numeral, int] | None:
    """The cardinal with what may follow it: a denominator, an ordinal ending, "and a half", "-fold"."""
    follower = tokens[end] if end < len(tokens) and _follows(text, tokens, end - 1) else None
    name = follower.word if follower else ""
    if follower and name == "fold":
        return replace(numeral, end=follower.end, kind="multiple"), end + 1
    part = "half" if name == "halves" else name.removesuffix("s")
    if follower and part in DENOMINATORS and (name.endswith("s") or numeral.value == 1):
        return replace(numeral, end=follower.end, value=numeral.value / DENOMINATORS[part], kind="fraction"), end + 1
    if follower and name in ORDINALS and text[numeral.end : follower.start].strip(" \u00a0"):
        return replace(numeral, end=follower.end, value=numeral.value + ORDINALS[name], kind="ordinal"), end + 1
    tail = tokens[end : end + 3]
    if [token.word for token in tail] == ["and", "a", "half"] and _is_near(text, tokens[end - 1 : end + 3]):
        return replace(numeral, end=tail[-1].end, value=numeral.value + Fraction(1, 2)), end + 3
    return None if at + 1 == end and tokens[at].word == "one" else (numeral, end)


def _number_words(text: str, tokens: Sequence[_Token], at: int) -> Iterator[str]:
    """The words of one number: "two hundred and fifty thousand", but "twenty" and "thirty" apart."""
    before = ""
    while at < len(tokens):
        word = tokens[at].word
        if word == "and" and before in SCALES and at + 1 < len(tokens) and tokens[at + 1].word in {**ONES, **TENS}:
            fits = _is_near(text, tokens[at - 1 : at + 2])
        elif before in TENS:
            fits = 0 < ONES.get(word, 0) < 10 or word in SCALES
        elif before in ONES:
            fits = word in SCALES
        else:
            fits = word in ONES or word in TENS or word in SCALES
        if not fits or (before and not _follows(text, tokens, at - 1)):
            return
        yield word
        before = word
        at += 1


def _sum(words: Sequence[str]) -> int:
    total = current = 0
    for word in words:
        if word == "and":
            continue
        if word not in SCALES:
            current += ONES.get(word, 0) or TENS.get(word, 0)
        elif SCALES[word] <= 100:
            current = (current or 1) * SCALES[word]
        else:
            total, current = total + (current or 1) * SCALES[word], 0
    return total + current
