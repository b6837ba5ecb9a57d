"""Candidates as rows of the table of claims: ids, statements in our own words, subjects and ratings, to be reviewed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from evidencebook.check.copying import Articles
from evidencebook.intake.candidates import Candidate
from evidencebook.intake.card import slug
from evidencebook.intake.suggesting import Habits
from evidencebook.tables.contract import Resource
from evidencebook.values.numerals import SCALES

_HEDGE = {"exact": "{}", "about": "about {}", "at_least": "at least {}", "over": "over {}", "up_to": "up to {}",
          "under": "under {}", "unquantified": "an amount without a figure"}  # fmt: skip
AROUND = 120  # characters before a passage that tell what it is about
_LEADING = re.compile(r"^(?:an?|the|one|another|his|her|their|its|multiple|several|some|both)\s+", re.I)


def rows(
    text: str, source_id: str, found: Iterable[Candidate], claims: Resource, habits: Habits, taken: Collection[str],
    places: Mapping[str, str], outlet: str,
) -> list[tuple[Candidate, dict[str, str]]]:  # fmt: skip
    """Return each candidate with the cells proposed for its row, without values that the table does not know."""
    article, used, made = Articles((text,)), {*taken}, []
    enums = {one.name: {*map(str, one.enum)} for one in claims.fields if one.enum}
    for one in found:
        cells = {**one.cells}
        passage = text[one.start : one.end]
        around = text[max(0, one.start - AROUND) : one.end + AROUND // 2]
        cells["theme"], cells["topic"] = habits.subject(around, cells["kind"], cells.get("unit", ""))
        cells["reliability"], cells["credibility"] = habits.rating(cells["speaker_type"])
        cells["speaker"] = _own(article, _LEADING.sub("", cells["speaker"]), "voice that the article names")
        cells["statement"] = _statement(one, cells, places, outlet)
        cells["scope"] = _own(article, _scope(passage, one, cells), "")
        cells["rating_reason"] = _reason(cells)
        # The unit stays where the table does not know it: whoever reviews must see what is counted.
        cells = {
            name: value for name, value in cells.items() if name == "unit" or name not in enums or value in enums[name]
        }
        cells["claim_id"] = _id(cells, source_id, used)
        used.add(cells["claim_id"])
        made.append((one, cells))
    return made


def _statement(one: Candidate, cells: Mapping[str, str], places: Mapping[str, str], outlet: str) -> str:
    """Return a sentence for the value, attributed and in our own words; empty where there is no value."""
    if not cells.get("qualifier"):
        return ""
    who = cells["speaker"]
    who = outlet if not who or "(own narration)" in who else who
    who = who if who[:1].isupper() else f"{'An' if who[:1] in 'aeiou' else 'A'} {who}"
    unit = cells["unit"]
    # "Two thirds" stays so: no number of digits is as exact.
    value = one.words.lower() if unit == "percent" and not re.search(r"\d", one.words) else _value(cells, unit)
    per = f" per {cells['per']}" if cells.get("per") else ""
    where = f" in {places[cells['place_id']]}" if cells.get("place_id") in places else ""
    return f"{who} speaks of {value}{per}{where}."


def _value(cells: Mapping[str, str], unit: str) -> str:
    numbers = [_grouped(cells[name]) for name in ("low", "high") if cells[name]]
    words = " to ".join(numbers) if cells["qualifier"] == "range" else numbers[0] if numbers else ""
    said = words if cells["qualifier"] == "range" else _HEDGE[cells["qualifier"]].format(words)
    if unit == "percent" and words:
        return f"{said}%"
    if re.fullmatch("[A-Z]{3}", unit):
        return f"{said} {unit}"
    if unit == "times":
        return f"a change to {said} times as many" if words else said
    return f"{said} {unit.replace('-', ' ')}" if unit and words else said


def _grouped(number: str) -> str:
    whole, dot, rest = number.partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() and len(whole) > 3 else number


def _scope(passage: str, one: Candidate, cells: Mapping[str, str]) -> str:
    """Return what is counted, in the few words that follow the number; "unclear" where none do."""
    after = passage[passage.find(one.words.split()[-1]) + len(one.words.split()[-1]) :] if one.words else ""
    words = re.match(r"[\s\u00a0-]*((?:[^\s,.;:“”\"()]+(?:[,.]\d+)*[\s\u00a0]*){1,6})", after)
    said = " ".join(words[1].split()) if words and not set(words[1].lower().split()) <= {*SCALES} else ""
    return said or "unclear"


def _reason(cells: Mapping[str, str]) -> str:
    kind = cells["speaker_type"]
    voice = {"anonymous": "An unnamed voice whose record cannot be judged", "outlet": "The outlet's own words"}.get(
        kind, f"A voice of the kind {kind}, rated as such voices mostly are here")  # fmt: skip
    return f"{voice}; nothing outside the article was compared at intake."


def _own(article: Articles, words: str, otherwise: str) -> str:
    """Return the words where they are no run of the article that may not stand in a table."""
    return words if article.copied(words) is None else otherwise


def _id(cells: Mapping[str, str], source_id: str, used: Collection[str]) -> str:
    who = slug(cells.get("speaker", "").replace("(own narration)", ""))
    parts: Sequence[str] = [
        *who.split("-")[:4],
        *slug(cells.get("topic") or cells.get("unit") or cells["kind"]).split("-")[:3],
    ]
    base = "-".join(dict.fromkeys([*parts, *source_id.split("-")[-1:]]))
    return next(name for name in (base, *(f"{base}-{at}" for at in range(2, 10_000))) if name not in used)
