"""Rows in words: a value, a date with its basis, a place, a voice, a check and what is doubtful about an event."""

from __future__ import annotations

import re

from evidencebook.evidence.facts import EXTERNAL, Evidence, Fact
from evidencebook.evidence.sources import is_loosely_dated
from evidencebook.evidence.wording import WordingError, words
from evidencebook.tables.reading import Row
from evidencebook.values import dates

NO_FIGURE = "no number given"
# Where the contract of a report has no labels of its own for the kinds of voices and for how they stand to a claim.
VOICES = {"outlet": "the outlet itself", "anonymous": "unnamed source"}
MODALITIES = {
    "stated": "stated without reserve",
    "hearsay": "passed on as hearsay",
    "rumoured": "given as rumour",
    "projected": "about the future, or conditional",
    "disputed": "contested by others",
    "inferred": "the voice's own conclusion",
}
# What is doubtful about an event itself, whoever tells of it.
DOUBTS = {"is_unverified": "unverified by those who published it", "is_disputed": "what it was is disputed"}
_IN_BRACKETS = re.compile(r" \((.+)\)$")


def value(fact: Fact) -> str:
    """Return the fact's value in words; empty where it has none, plain where the source gives no figure."""
    if fact.qualifier == "unquantified":
        return NO_FIGURE
    try:
        return words(fact)
    except WordingError:
        return ""


def number(fact: Fact) -> str:
    """Return the fact's value in words, as a column of values has it: empty wherever there is no figure."""
    shown = value(fact)
    return "" if shown == NO_FIGURE else shown


def capital(text: str) -> str:
    """Return the text as it opens a sentence."""
    return text[:1].upper() + text[1:]


def voice(evidence: Evidence, claim: Row) -> str:
    """Return the kind of voice that makes the claim."""
    kind = str(claim["speaker_type"])
    return evidence.label("claims", "speaker_type", kind) or VOICES.get(kind, kind)


def modality(evidence: Evidence, name: str) -> str:
    """Return how the voice stands to what it says: "given as rumour"; a modality of the report's own as it is."""
    return evidence.label("claims", "modality", name) or MODALITIES.get(name, name)


def speaker(claim: Row) -> str:
    """Return who makes the claim, as it stands within brackets."""
    return _IN_BRACKETS.sub(r", \1", str(claim["speaker"]))


def when(evidence: Evidence, row: Row) -> str:
    """Return the date of what is described, in words, with its basis if the passage does not state it.

    `row` is a claim or an event. Where the date of the article is doubtful, so is what is dated by it.
    """
    if not row["when"]:
        return ""
    source = evidence.sources.get(str(row.values.get("source_id")))
    is_loose = source is not None and is_loosely_dated(source)
    basis = {
        "article_date": "date of the article, held with low confidence" if is_loose else "date of the article",
        "inferred": "inferred; the article's own date is held with low confidence" if is_loose else "inferred",
        EXTERNAL: "from outside the articles",
    }.get(str(row["when_basis"]), "")
    text = dates.words(str(row["when"]))
    return f"{text} ({basis})" if basis else text


def place(evidence: Evidence, row: Row) -> str:
    """Return the name of the row's place, or nothing."""
    return str(evidence.places[str(row["place_id"])]["name"]) if row["place_id"] else ""


def event_standing(event: Row) -> str:
    """Return what is doubtful about the event itself; empty where nothing is."""
    return "; ".join(said for column, said in DOUBTS.items() if event.values.get(column))


def question(check: Row) -> str:
    """Return what was checked, as it opens a sentence: the verdict is on this and not on all that the claim says."""
    return capital(str(check["question"]))


def finding(check: Row) -> str:
    """Return what a check found, and whether that has still to be confirmed."""
    return f"{check['finding']}{' Still to be confirmed.' if check['confirmation'] == 'unconfirmed' else ''}"


def reference(check: Row) -> tuple[str, str, str]:
    """Return what a check was made against: the work that its address opens, the address, and any further works."""
    named, url = str(check["reference"]), str(check["url"] or "")
    opened, separator, more = named.partition("; ") if url else ("", "", named)
    return opened, url, f"{separator}{more}"
