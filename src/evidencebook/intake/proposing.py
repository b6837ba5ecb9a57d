"""Candidates as rows of the table of claims: ids, statements in our own words, subjects and ratings, to be reviewed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from evidencebook.check.copying import Articles
from evidencebook.intake import scoping
from evidencebook.intake.candidates import Candidate, anchored
from evidencebook.intake.card import slug
from evidencebook.intake.drafting import PART, draft, lowered, unclear
from evidencebook.intake.sentences import Sentence, sentences
from evidencebook.intake.suggesting import Habits
from evidencebook.intake.timing import dated
from evidencebook.tables.contract import Resource
from evidencebook.values import numerals

_ONE_OF = re.compile(r"(?:one|another|some) of |the other\b", re.I)
_LEADING = re.compile(r"^(?:an?|the|one(?! of)|another|his|her|their|its|multiple|several|some|both)\s+", re.I)
_PEOPLE = re.compile(
    r"\b(?!The |These |Those |Some |Most |All |Many )(?:[A-Z][a-z]+ ){1,2}"
    r"(?:workers|labou?rers|employees|migrants|people|women|men|crews)\b|\b[A-Z][a-z]+ [A-Z][a-z]+ns\b"
)

_DIGITS = re.compile(r"\d[\d.,]*\b")


def rows(
    text: str, source_id: str, found: Iterable[Candidate], claims: Resource, habits: Habits, places: Mapping[str, str],
    outlet: str, published: str | None = None,
) -> list[tuple[Candidate, dict[str, str], list[str]]]:  # fmt: skip
    """Return each candidate with the cells proposed for its row and the topics that it may have.

    Values that the table does not know are left out, and ids, which are made of what a curator makes of the rows.
    """
    article, made, told = Articles((text,)), [], sentences(text)
    people = Counter(match[0] for match in _PEOPLE.finditer(text) if not numerals.find(match[0]))
    whom = next((_own(article, name, "") for name, _ in people.most_common(1)), "")
    enums = {one.name: {*map(str, one.enum)} for one in claims.fields if one.enum}
    units = enums.get("unit")
    found = list(found)
    speakers = Counter(one.cells["speaker"] for one in found)
    is_common = lowered(text)
    for one in found:
        cells = {**one.cells}
        passage = text[one.start : one.end]
        begin, end = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
        paragraph = text[begin : end if end > 0 else len(text)]
        spot = (one.amount.start, one.amount.end) if one.amount else (one.start, one.start)
        at = next((at for at in told if at.start <= spot[0] < at.end), Sentence(one.start, one.end, 0))
        own = text[at.start : at.end]
        hints = list(_hints(one, cells, units, speakers))
        if (
            (one.is_numeric or (one.amount and not cells["qualifier"]))
            and units is not None
            and cells["unit"] not in units
        ):  # a value without a unit is none
            cells |= {**dict.fromkeys(("low", "high", "qualifier", "unit", "per"), ""), "kind": "statement"}
        cells["theme"], topics = habits.subject(f"{passage} {own}", paragraph, cells["kind"], cells.get("unit", ""))
        cells["topic"] = topics[0] if topics else ""
        cells |= rated(habits, cells["speaker_type"])
        named = _named(cells["speaker"])
        cells["speaker"] = _own(article, named, _own(article, PART.split(named)[0], "voice that the article names"))
        if _DIGITS.search(cells["speaker"]):  # "grower with 14 hectares": a number that its passages have not
            cells["speaker"] = PART.split(cells["speaker"])[0]
        group = _own(article, scoping.counted(passage, one, own, spot[1] - at.start), "")
        place = places.get(cells.get("place_id", ""), "")
        where = f" in {place}" if place else ""
        they = scoping.they(text, begin, at.start)
        cells["statement"] = draft(
            own, (spot[0] - at.start, spot[1] - at.start) if one.amount else None, cells["speaker"],
            one.cells.get("qualifier", ""), cells["modality"], outlet, lambda said: article.copied(said) is not None,
            is_common, they,
        )  # fmt: skip
        cells["statement"] = dated(cells["statement"], published, cells.get("when", ""))
        if {*_DIGITS.findall(cells["statement"])} - {*_DIGITS.findall(f"{passage} {cells.get('when', '')}")} and (
            whole := anchored(text, at.start, at.end)
        ):
            cells |= whole  # the draft says more than the passage
            one = replace(one, start=int(whole["start"]), end=int(whole["end"]))
        hints += [
            f"say who “{word}” is"
            for word in unclear(cells["statement"])
            if word.lower() not in ("he", "she") or cells["speaker_type"] == "outlet"
        ]
        group = group or _own(article, scoping.about(cells["statement"], they, cells["speaker"]), "")
        cells["scope"] = scoping.placed(group, place) or (f"{whom}{where}" if whom else "unclear")
        cells = {name: value for name, value in cells.items() if name not in enums or value in enums[name]}
        made.append((replace(one, why=(*one.why, *hints)), cells, topics))
    return made


def _hints(
    one: Candidate, cells: Mapping[str, str], units: Collection[str] | None, speakers: Mapping[str, int]
) -> Iterator[str]:
    """Yield what whoever reviews a row must see and no cell can say."""
    unit, who = cells.get("unit", ""), one.cells["speaker"]
    if unit and units is not None and unit not in units:
        yield f"a statement without a value, since the list of units has no {unit}"
    elif not unit and one.is_numeric:
        yield "a statement without a value, since nothing is named as counted"
    if speakers[who] > 1 and _ONE_OF.match(who):
        yield "caution: who is one of several may be another person in each of the rows"


def _named(speaker: str) -> str:
    return speaker if "(own narration)" in speaker else _LEADING.sub("", speaker)


def rated(habits: Habits, kind: str) -> dict[str, str]:
    """Return the two ratings that a voice of this kind has at first, and their reason."""
    told = {"anonymous": "An unnamed voice whose record cannot be judged", "outlet": "The outlet's own words"}
    voice = told.get(kind, f"A voice of the kind {kind}, rated as such voices mostly are here")
    reliability, credibility = habits.rating(kind)
    return {
        "reliability": reliability, "credibility": credibility,
        "rating_reason": f"{voice}; nothing outside the article was compared at intake.",
    }  # fmt: skip


def _own(article: Articles, words: str, otherwise: str) -> str:
    """Return the words where they are no run of the article that may not stand in a table."""
    return words if article.copied(words) is None else otherwise


def claim_id(cells: Mapping[str, str], used: Collection[str]) -> str:
    """Return an id of voice, place and topic that no claim has yet; never of the value."""
    who = slug(cells.get("speaker", "").replace("(own narration)", "")).split("-")
    named = [one for one in who if one not in ("a", "an", "the", "of", "in", "at", "by", "for", "and", "s")][:4]
    place = [one for one in (cells.get("place_id") or "").split("-") if one]
    subject = slug(cells.get("topic") or cells.get("unit") or cells["kind"]).split("-")
    base = "-".join(dict.fromkeys([*named, *place, *subject]))
    return next(name for name in (base, *(f"{base}-{at}" for at in range(2, 10_000))) if name not in used)
