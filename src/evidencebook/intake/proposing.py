"""Candidates as rows of the table of claims: ids, statements in our own words, subjects and ratings, to be reviewed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from evidencebook.check.copying import Articles
from evidencebook.intake.candidates import Candidate
from evidencebook.intake.card import slug
from evidencebook.intake.sentences import sentences
from evidencebook.intake.suggesting import Habits
from evidencebook.tables.contract import Resource
from evidencebook.values.numerals import SCALES

_HEDGE = {"exact": "{}", "about": "about {}", "at_least": "at least {}", "over": "over {}", "up_to": "up to {}",
          "under": "under {}", "unquantified": "an amount without a figure"}  # fmt: skip
_ONE_OF = re.compile(r"(?:one|another|some) of |the other\b", re.I)
UNSAID = "…"  # in a statement: what the curator has to say
_LEADING = re.compile(r"^(?:an?|the|one(?! of)|another|his|her|their|its|multiple|several|some|both)\s+", re.I)
# The first plural behind a number, and where or of what it is.
_COUNTED = re.compile(
    r"[\s\u00a0-]*(?P<noun>(?:[^\W\d][\w'’-]* ){0,3}?[^\W\d][\w'’-]*(?:s|men|people|staff|children)\b"
    r"(?: (?:at|in|of|from) (?:[^\W\d][\w'’-]* ){0,2}[^\W\d][\w'’-]*)?)"
)
_PEOPLE = re.compile(
    r"\b(?!The |These |Those |Some |Most |All |Many )(?:[A-Z][a-z]+ ){1,2}"
    r"(?:workers|labou?rers|employees|migrants|people)\b"
)


def rows(
    text: str, source_id: str, found: Iterable[Candidate], claims: Resource, habits: Habits, places: Mapping[str, str],
    outlet: str,
) -> list[tuple[Candidate, dict[str, str], list[str]]]:  # fmt: skip
    """Return each candidate with the cells proposed for its row and the topics that it may have.

    Values that the table does not know are left out, and ids, which are made of what a curator makes of the rows.
    """
    article, made, told = Articles((text,)), [], sentences(text)
    people = Counter(match[0] for match in _PEOPLE.finditer(text))
    whom = next((_own(article, name, "") for name, _ in people.most_common(1)), "")
    enums = {one.name: {*map(str, one.enum)} for one in claims.fields if one.enum}
    found = list(found)
    speakers = Counter(one.cells["speaker"] for one in found)
    for one in found:
        cells = {**one.cells}
        passage = text[one.start : one.end]
        begin, end = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
        paragraph = text[begin : end if end > 0 else len(text)]
        own = next((text[at.start : at.end] for at in told if at.start <= one.start < at.end), passage)
        cells["theme"], topics = habits.subject(f"{passage} {own}", paragraph, cells["kind"], cells.get("unit", ""))
        cells["topic"] = topics[0] if topics else ""
        cells["reliability"], cells["credibility"] = habits.rating(cells["speaker_type"])
        cells["speaker"] = _own(article, _LEADING.sub("", cells["speaker"]), "voice that the article names")
        counted = _own(article, _counted(passage, one), "")
        place = places.get(cells.get("place_id", ""), "")
        where = f" in {place}" if place else ""
        frame = partial(_statement, one, cells, outlet)
        cells["statement"] = frame(counted, where if place.partition(" (")[0] in passage else "")
        if article.copied(cells["statement"]) is not None:  # the number makes a run of it
            cells["statement"] = frame("", "")
        cells["scope"] = counted if " " in counted else f"{whom}{where}" if whom else "unclear"
        cells["rating_reason"] = _reason(cells)
        hints = _hints(one, cells, enums.get("unit", {cells.get("unit", "")}), speakers)
        cells = {name: value for name, value in cells.items() if name not in enums or value in enums[name]}
        made.append((replace(one, why=(*one.why, *hints)), cells, topics))
    return made


def _hints(
    one: Candidate, cells: Mapping[str, str], units: Collection[str], speakers: Mapping[str, int]
) -> Iterator[str]:
    """Yield what whoever reviews a row must see and no cell can say."""
    unit, who = cells.get("unit", ""), one.cells["speaker"]
    if unit and unit not in units:
        yield f"unit left empty, since the list has no {unit}"
    elif not unit and one.is_numeric:
        yield "say what is counted"
    if speakers[who] > 1 and _ONE_OF.match(who):
        yield "caution: who is one of several may be another person in each of the rows"


def _statement(one: Candidate, cells: Mapping[str, str], outlet: str, counted: str, where: str) -> str:
    """Return the frame of a sentence around the value, attributed; what is asserted of it the curator has to say."""
    who = cells["speaker"]
    who = outlet if not who or "(own narration)" in who else who
    who = f"{'An' if who[:1] in 'aeiou' else 'A'} {who}" if re.match("[a-z]", who) else who
    who = who[2:].capitalize() if who.startswith("A one ") else who
    if not cells.get("qualifier"):
        return f"{who} says that {UNSAID}"
    unit = cells["unit"]
    # "Two thirds" stays so: no number of digits is as exact.
    value = one.words.lower() if unit == "percent" and not re.search(r"\d", one.words) else _value(cells, unit, counted)
    per = f" per {cells['per']}" if cells.get("per") else ""
    return f"{who} says that {UNSAID} {value}{per}{'' if ' in ' in value else where}."


def _value(cells: Mapping[str, str], unit: str, counted: str) -> str:
    numbers = [_grouped(cells[name]) for name in ("low", "high") if cells[name]]
    words = " to ".join(numbers) if cells["qualifier"] == "range" else numbers[0] if numbers else ""
    said = words if cells["qualifier"] == "range" else _HEDGE[cells["qualifier"]].format(words)
    if unit == "percent" and words:
        return f"{said}%"
    if re.fullmatch("[A-Z]{3}", unit):
        return f"{said} {unit}"
    if unit == "times":
        return f"{said} times as many" if words else said
    named = counted if unit == "persons" and counted else unit.replace("-", " ")
    return f"{said} {named}" if named and words else said


def _grouped(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() and len(whole) > 3 else number


def _counted(passage: str, one: Candidate) -> str:
    """Return the noun phrase behind the number of a count, such as "workers at garment plants"; empty for a measure."""
    if one.cells["kind"] != "count" or not one.words:
        return ""
    last = one.words.split()[-1]
    words = _COUNTED.match(passage[passage.find(last) + len(last) :])
    said = (
        re.sub(
            r"(?: (?:in|at|of|for|from|by|to|a|an|the|and|or|have|has|had|was|were|are|is|that|who))+$",
            "",
            words["noun"].strip(),
        )
        if words
        else ""
    )
    return "" if set(said.lower().split()) <= {*SCALES} else said


def _reason(cells: Mapping[str, str]) -> str:
    kind = cells["speaker_type"]
    voice = {"anonymous": "An unnamed voice whose record cannot be judged", "outlet": "The outlet's own words"}.get(
        kind, f"A voice of the kind {kind}, rated as such voices mostly are here")  # fmt: skip
    return f"{voice}; nothing outside the article was compared at intake."


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
