"""Candidate claims of an article: each quantity and attributed statement, with all of a row that can be proposed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evidencebook.check.anchors import locate
from evidencebook.intake import amounts as reading
from evidencebook.intake.amounts import Amount, plain
from evidencebook.intake.fragments import fragment, trimmed
from evidencebook.intake.placing import Places, place_of, places_of
from evidencebook.intake.sentences import Sentence, sentences
from evidencebook.intake.timing import EARLIER, when
from evidencebook.intake.voices import Voice, description, modality, undated, voices
from evidencebook.tables.reading import Row

LIKELY, POSSIBLE = 0.5, 0.3  # from which likelihood a candidate is called so
_CUT = re.compile(r"[,;:–—]\s+|[“”\"]\s*|\s+(?=(?:and|but|while|or|whereas)\s)")
LOCAL = ("worker", "cadre", "employer", "employee", "anonymous")  # voices that tell of where they are
KINDS = {"percent": "share", "days": "duration", "weeks": "duration", "months": "duration", "years": "duration",
         "hours": "duration", "times": "ratio", "ratio": "ratio"}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """What may be a claim: a passage, the words that make it one, how likely it is one and why, and proposed cells."""

    start: int
    end: int
    words: str
    likelihood: float
    why: tuple[str, ...]
    cells: Mapping[str, str] = field(hash=False)
    amount: Amount | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether it has a bound."""
        return bool(self.cells.get("low") or self.cells.get("high"))


@dataclass(frozen=True)
class Known:
    """What a report knows already: places by id and name, units by what they are called, and the day of publication."""

    places: tuple[tuple[str, str], ...] = ()
    units: Mapping[str, str] = field(default_factory=dict, hash=False)
    published: str | None = None
    outlet: str = ""

    @classmethod
    def of(cls, places: Iterable[Row], units: Mapping[str, str], published: str | None, outlet: str) -> Known:
        """Return it from the table of places, whose notes in brackets are no part of a name."""
        named = [(row["place_id"], re.sub(r" \(.*\)", "", str(row["name"]))) for row in places]
        return cls(tuple(sorted(named, key=lambda one: -len(one[1]))), units, published, outlet)


def candidates(text: str, known: Known) -> list[Candidate]:
    """Return the candidates of a text, the likeliest first and in order of the text."""
    found: list[Candidate] = []
    places = places_of(text, known.places)
    seen: set[tuple[str, str, str, str]] = set()
    told = sentences(text)
    governments = {name for _, name in known.places}
    for one, said in zip(told, voices(text, told), strict=True):
        said = replace(said, kind="official") if said.who in governments else said  # "Paris said"
        there = _amounts(text, one.start, one.end, known)
        for at, amount in enumerate(there):
            start, end = _passage(text, one, there, at)
            made = _numeric(text, one, said, known, amount, start, end, places)
            if made is not None:
                same = (plain(amount.low), plain(amount.high), amount.qualifier, amount.unit)
                again = same in seen and amount.qualifier != "unquantified"
                seen.add(same)
                found.append(_again(made) if again else made)
        if (
            not there
            and said.is_attributed
            and not one.apart
            and (made := _stated(text, one, said, known, one.start, one.end, places))
        ):
            found.append(made)
    return sorted(found, key=lambda one: (-one.likelihood, one.start))


def at_passage(text: str, start: int, end: int, known: Known) -> Candidate | None:
    """Return the candidate that a passage is, whoever chose it: its first quantity, or what somebody states."""
    told = sentences(text)
    here = [one for one in told if one.start < end and start < one.end]
    if not here:
        return None
    said = voices(text, told)[told.index(here[0])]
    there, places = _amounts(text, start, end, known), places_of(text, known.places)
    if there:
        return _numeric(text, here[0], said, known, there[0], start, end, places)
    return _stated(text, here[0], said, known, start, end, places)


def _amounts(text: str, start: int, end: int, known: Known) -> list[Amount]:
    found = reading.amounts(text, start, end, {*known.units.values()})
    return [replace(one, unit=known.units.get(one.unit, one.unit)) for one in found if one.weak != reading.AGE_OF_ONE]


def _passage(text: str, one: Sentence, there: Sequence[Amount], at: int) -> tuple[int, int]:
    """Return the sentence, or where it has several quantities the part that has this one."""
    start, end = one.start, one.end
    amount = there[at]
    for cut in _CUT.finditer(text, one.start, one.end):
        if at and there[at - 1].end <= cut.start() and cut.end() <= amount.start:
            start = cut.end()
        if at + 1 < len(there) and amount.end <= cut.start() and cut.end() <= there[at + 1].start:
            end = cut.start()
            break
    return start, end


def _numeric(
    text: str, one: Sentence, said: Voice, known: Known, amount: Amount, start: int, end: int, places: Places
) -> Candidate | None:
    found = anchored(text, start, end) or anchored(text, one.start, one.end)
    if found is None:
        return None
    aside = description(text[one.start : one.end], said.who)
    of_voice = re.compile(r"[^\d]*?\b(?:who|which|that|with|in|at|of)\b").match(
        text, one.start + aside[0], one.start + aside[1]
    )
    if of_voice and not amount.weak and of_voice.end() <= amount.start < one.start + aside[1]:
        amount = replace(amount, weak="said of the voice itself")
    likelihood, why = _likelihood(text, one, said, amount)
    kind = KINDS.get(amount.unit, "money" if re.fullmatch("[A-Z]{3}", amount.unit) else "count")
    cells = {
        "kind": kind, "low": plain(amount.low), "high": plain(amount.high), "qualifier": amount.qualifier,
        "unit": amount.unit, "per": amount.per,
        **_told(text, one, said, known, amount.start, (start, end), places), **found,
        "modality": modality(text[start:end]),
    }  # fmt: skip
    words = " ".join(text[amount.start : amount.end].split())
    return Candidate(int(found["start"]), int(found["end"]), words, likelihood, why, cells, amount)


def _stated(
    text: str, one: Sentence, said: Voice, known: Known, start: int, end: int, places: Places
) -> Candidate | None:
    found = anchored(text, start, end)
    if found is None:
        return None
    told = _told(text, one, said, known, one.start, (start, end), places)
    likelihood = 0.2 + 0.05 * bool(told["place_id"]) + 0.04 * bool(said.who)
    cells = {"kind": "statement", **told, **found}
    where = int(found["start"]), int(found["end"])
    return Candidate(*where, "", likelihood, ("a voice, and no figure",), cells)


def _told(
    text: str, one: Sentence, said: Voice, known: Known, at: int, passage: tuple[int, int], places: Places
) -> dict[str, str]:
    sentence = text[one.start : one.end]
    aside = description(sentence, said.who)
    told = (0, 0) if said.kind == "document" else aside  # "a report of 2023": of that year
    date, basis = _when(undated(sentence), told, (passage[0] - one.start, passage[1] - one.start), known.published)
    return {
        "modality": modality(sentence),
        "place_id": place_of(
            text, one, at, passage, (one.start + aside[0], one.start + aside[1]), said.kind in LOCAL, places
        ),
        "when": date,
        "when_basis": basis,
        "speaker": said.who or (f"{known.outlet} (own narration)" if known.outlet and said.kind == "outlet" else ""),
        "speaker_type": said.kind,
    }


def _when(sentence: str, aside: tuple[int, int], passage: tuple[int, int], published: str | None) -> tuple[str, str]:
    """Return the date of a passage, or the one that its sentence opens with, and its basis.

    What tells of an earlier state without saying when stays undated; anything else is of the day of the article.
    """
    told = f"{sentence[: aside[0]]}{' ' * (aside[1] - aside[0])}{sentence[aside[1] :]}"
    own, ahead = told[slice(*passage)], told[: passage[0]]
    for part in (own.rpartition(" that ")[2], own, ahead):  # rather than when it was said
        if dated := when(part, published):
            return dated
    return ("", "") if not published or EARLIER.search(own) else (published, "article_date")


def anchored(text: str, start: int, end: int) -> dict[str, str] | None:
    """Return the cells that anchor a stretch of the text, or as much of it as a fragment finds."""
    start, end = trimmed(text, start, end)
    words = fragment(text, start, end)
    while words is None and start < end:  # an opening that stands elsewhere too: begin a word later
        space = re.search(r"\s+", text[start:end])
        if space is None or end - start < 20:
            return None
        start, end = trimmed(text, start + space.end(), end)
        words = fragment(text, start, end)
    if words is None:
        return None
    found = locate(text, words)
    return {"para": str(found.para), "start": str(found.start), "end": str(found.end), "sha256": found.sha256,
            "fragment": words}  # fmt: skip


def _likelihood(text: str, one: Sentence, said: Voice, amount: Amount) -> tuple[float, tuple[str, ...]]:
    marks: list[tuple[float, str]] = [(0.4, "a quantity")]
    if amount.weak:
        marks.append((-0.45, amount.weak))
    if one.apart == "heading" and one.para == 1:
        marks.append((-0.2, "in the headline"))
    elif one.apart:
        marks.append((-0.5, f"in what is {one.apart} of the page"))
    marks.append((0.2, f"counts {amount.unit}") if amount.unit else (-0.1, "of nothing that is named"))
    if amount.qualifier not in ("exact", "unquantified"):
        marks.append((0.15, "hedged"))
    if said.is_attributed:
        marks.append((0.1, "somebody says so"))
    if amount.qualifier == "unquantified":
        marks.append((-0.15, "without a figure"))
    return max(0.0, min(1.0, sum(mark for mark, _ in marks))), tuple(why for _, why in marks)


def _again(one: Candidate) -> Candidate:
    return replace(one, likelihood=max(0.0, one.likelihood - 0.1), why=(*one.why, "said before"))


def likely(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that are likely claims."""
    return (one for one in found if one.likelihood >= LIKELY)
