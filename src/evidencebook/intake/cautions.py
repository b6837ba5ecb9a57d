"""What a curator must see before anything is written: risk to people, and sums of the article that do not add up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evidencebook.intake.amounts import Amount, amounts, plain
from evidencebook.intake.sentences import paragraphs

_PEOPLE = (
    ("a telephone number", re.compile(r"(?<![\d,.$€£¥-])(?:\+\d{1,3}[ -]?)?(?:\(?0?\d{2,4}\)?[ -])\d{3,4}[ -]\d{4}(?!\d)|\b1[3-9]\d{9}\b|\b0\d{2,3}-\d{6,8}\b")),
    ("an account by which somebody is reached", re.compile(r"\b(?:WeChat|QQ|WhatsApp|Telegram|KakaoTalk|Signal)(?: (?:id|account|number|handle))?(?: is)?:? @?[\w-]*[\d_]\w*", re.I)),
    ("a mail address", re.compile(r"[\w.+-]+(?:@[\w-]+(?:\.[\w-]+)+|(?:\(at\)| at )[\w-]+\.(?:com|net|org|kr|cn|info)\b)", re.I)),
    ("coordinates", re.compile(r"\b\d{1,3}[.°]\d{2,}[°′'\"″\d.]*\s?[NS]?\b[,; ]+\d{1,3}[.°]\d{2,}[°′'\"″\d.]*\s?[EW]?\b")),
    ("a street address", re.compile(r"\b(?:No\.? ?)?\d{1,5}[,-]? (?:[A-Z]\w+ ){1,3}(?:Street|St\.|Road|Rd\.|Avenue|Lane|Alley|Lu|Jie|District)\b|\b(?:Room|Building|Dormitory|Unit) (?:No\.? ?)?\d+\b")),
    ("the name of a firm or plant", re.compile(r"\b(?:[A-Z][\w&’'-]+ ){1,4}(?:Co\.|Company|Corp(?:oration)?\b|Ltd|Factory|Plant|Group|Garments?|Seafoods?|Foodstuffs?|Textiles?|Trading|Restaurant|Hotel)\b|[가-힣]{2,10}(?:공장|유한공사|회사|식당)(?= |[은는이가의에])")),
)  # fmt: skip
_NAME = re.compile(
    r"\b(?:surnamed|named|called|identified as|known as) [A-Z][\w-]+(?: [A-Z][\w-]+){0,2}|\b[A-Z][a-z]+(?: [A-Z][a-z]+)?,? (?:aged )?\d\d(?:-year-old)?,|\b[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}-[a-z]{1,8}\b|\b(?:worker|labou?rer|woman|man|mother|daughter|son|husband|wife)s? (?:named |called )?[A-Z][a-z]+ [A-Z][\w-]+"
)
_TRADE = r"(?:owner|owns|boss|manager|supervisor|foreman|worker|labou?rer|employee|cook|waitress|driver|trader|broker|merchant|farmer|fisherman|resident|neighbou?r|seamstress|nurse|guard|interpreter|student|shopkeeper|landlord|runs|sewed|sews|lives|lived|works|worked)s?"
_FULL = (
    r"(?!(?:In|At|The|On|From|By|But|And|For|To|When|As|A|An|One|Another) )[A-Z][a-z]+(?: [A-Z][a-z]+(?:-[a-z]+)?){1,2}"
)
_PRIVATE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss)\.? [A-Z][a-z]+|\b{_FULL}, (?:who|an?|the|whose) (?:[\w’'-]+ ){{0,5}}?{_TRADE}\b|\b{_TRADE},? {_FULL}\b"
    rf"|\b{_FULL} (?:said|says|told|paid|lives|lived|fled|works|worked|sewed|recalled|earned|earns|left|refused|escaped|disappeared)\b"
)
_MONTH = re.compile(
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_OFFICE = re.compile(
    r"\b(?:leader|president|minister|ministry|spokes\w+|professor|researcher|analyst|expert|director|adviser|ambassador|diplomat|secretary|senator|chairman|institute|university|reporter|written|reported|translated)\b",
    re.I,
)
_BODY = re.compile(
    r"\b(?:Post|Times|News|Wire|Press|Journal|Observer|Daily|Agency|Radio|Nations|Council|States|Department|Bank|Street|Watch|Council|Committee|Party|Korea|Koreans?|China|Chinese|Union|Court|House|Commission|Factory|Plant|Garments?|Textiles?|Seafoods?|Company|Restaurant|Hotel|Mill|World|Group|Army|Bureau|Foundation|Center|Centre)\b"
)
_ONE = r"(?:wom[ae]n|m[ae]n|girl|boy|mother|father|worker|labou?rer|employee|leader|manager|supervisor|inspector|guard|interpreter|translator|cook|waitress|nurse|doctor|driver|cadre|official|trader|broker|escapee|resident|source|person)"
_DAY = rf"(?:{_MONTH.pattern} \d{{1,2}}\b(?!,? ?\d{{3}})|\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH.pattern})"
_FEW = rf"(?i:\b(?:an?|one|two|three|four|five|six|seven|eight|nine|[1-9]) (?:[\w-]+ ){{0,3}}?(?:{_ONE}s?|people|relatives|sisters|brothers)\b)"
# A person is found by what few share: age, or sex and post; a few people by a day or night on which something happened.
_SINGLE = (
    ("a single person's age", re.compile(rf"\b\d\d[ -]years?[ -]old,? (?:[\w-]+ ){{0,4}}?{_ONE}\b|\b(?:(?:wo)?man|girl|boy|mother|father|{_ONE} aged|{_ONE},? who (?:is|was))(?: of| aged|) \d\d\b(?! (?:to|or|and)\b|,\d|%)|\b{_ONE}, \d\d,", re.I)),
    ("a single person's post", re.compile(r"\b(?:the|their|his|her|its|our|whose) (?:[\w-]+ ){0,2}?(?:(?:section|team|group|shift|brigade|squad|cell|dormitory|floor|unit|kitchen|line) (?:leader|head|chief|manager|supervisor)|foreman|forewoman|interpreter|cook|bookkeeper|accountant|matron)\b(?!['’]s? office)", re.I)),
    ("a few people with the day", re.compile(rf"{_FEW}[^.;]{{0,80}}?{_DAY}|{_DAY}[^.;]{{0,80}}?{_FEW}")),
)  # fmt: skip
LONGEST = 5000  # characters of a paragraph that are looked through
_TOTAL_BEFORE = re.compile(
    r"\b(?:total(?:l?ing|s|led)?(?: of| is| was| to)?|in all,?|together,?|altogether,?|sum of|adds? up to)\s+(?:a |some )?$",
    re.I,
)
_TOTAL_AFTER = re.compile(r"[^.;,]{0,30}?\b(?:in total|in all|altogether|combined|overall)\b", re.I)


LOOKED_FOR = (
    "names of private persons, firms and plants, telephone numbers, accounts, addresses, coordinates, ages and posts"
)


@dataclass(frozen=True)
class Caution:
    """What to look at, in which paragraph of the text."""

    para: int
    what: str
    is_risk: bool = True  # to people; else a sum that does not add up


def risks(text: str, public: Sequence[str] = ()) -> list[Caution]:
    """Return where the text could lead to a person; `public` are names that the report uses already."""
    found = []
    for para, start, end, apart in paragraphs(text):
        line = text[start : min(end, start + LONGEST)]
        found += [
            Caution(para, f"{what}: leave it out of every row") for what, pattern in _PEOPLE if pattern.search(line)
        ]
        if apart != "biography":
            told = [what for what, pattern in _SINGLE if pattern.search(line)]
            if told:
                remedy = "say less in every row, so that nobody can be found by it"
                found.append(Caution(para, f"{' and '.join(told)}: {remedy}"))
        for match in (*_NAME.finditer(line), *_PRIVATE.finditer(line)) if apart != "biography" else ():
            near = line[max(0, match.start() - 60) : match.end() + 60]
            if _MONTH.match(match[0]):
                continue
            is_public = any(match[0] in one or one in match[0] for one in public if one)
            if not is_public and not _OFFICE.search(near) and not _BODY.search(match[0]):
                found.append(Caution(para, "what may be the name of a private person: leave it out of every row"))
                break
    return found


def sums(text: str) -> list[Caution]:
    """Return the totals that their parts do not make, and the shares that their counts do not give."""
    found: list[Caution] = []
    for para, start, end, apart in paragraphs(text):
        if apart in ("furniture", "credit"):
            continue
        here = amounts(text, start, min(end, start + LONGEST))
        found += [Caution(para, one, is_risk=False) for one in (*_totals(text, here, end), *_shares(text, here))]
    return found


def _totals(text: str, here: Sequence[Amount], end: int) -> Iterator[str]:
    for one in here:
        value = _point(one)
        is_total = _TOTAL_BEFORE.search(text[max(0, one.start - 30) : one.start]) or _TOTAL_AFTER.match(
            text, one.end, end
        )
        if value is None or not is_total or one.unit in ("percent", "times", ""):
            continue
        same = [each for each in here if each is not one and each.unit == one.unit and each.per == one.per]
        parts = [v for each in same if each.end <= one.start and (v := _point(each)) is not None]
        if len(parts) < 2:  # "a total of 30: 12 in one and 18 in the other"
            parts = [v for each in same if each.start > one.start and (v := _point(each)) is not None]
        runs = {sum(parts[at:], Fraction(0)) for at in range(len(parts) - 1)}
        if len(parts) > 1 and not any(_fits(one, total) for total in runs):
            listed = " and ".join(map(plain, parts))
            yield f"{listed} {one.unit} make {plain(sum(parts, Fraction(0)))}, and the article says {plain(value)}"


def _shares(text: str, here: Sequence[Amount]) -> Iterator[str]:
    """Yield "40 of 200 workers, or 30%" where the share is another."""
    for part, whole, share in zip(here, here[1:], here[2:], strict=False):
        few, all_of_them, said = (_point(one) or Fraction(0) for one in (part, whole, share))
        is_share = share.unit == "percent" and "percent" not in (part.unit, whole.unit)
        if not is_share or not all_of_them or not re.search(r"\bof\b", text[part.end : whole.start]):
            continue
        given = few / all_of_them * 100
        if abs(given - said) > max(Fraction(1), said / 20):
            right = plain(Fraction(round(given)))
            yield f"{plain(few)} of {plain(all_of_them)} is {right}%, and the article says {plain(said)}%"


def _point(one: Amount) -> Fraction | None:
    return one.low if one.low is not None else one.high


def _fits(one: Amount, total: Fraction) -> bool:
    slack = total / 10 if one.qualifier == "about" else Fraction(0)
    if one.qualifier in ("over", "at_least"):
        return total >= (one.low or 0)
    if one.qualifier in ("up_to", "under"):
        return total <= (one.high or 0)
    return (one.low or 0) - slack <= total <= (one.high or 0) + slack
