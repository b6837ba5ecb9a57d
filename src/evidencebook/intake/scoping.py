"""Of whom or what a claim is told: the group that it counts, or the subject of what it says."""

from __future__ import annotations

import re

from evidencebook.intake.candidates import Candidate
from evidencebook.intake.drafting import PART, UNSAID
from evidencebook.intake.english import VERB, VERBS
from evidencebook.intake.sentences import sentences
from evidencebook.values import numerals
from evidencebook.values.numerals import SCALES

# Which no unit stands for.
CURRENCIES = frozenset(["pesos", "francs", "crowns", "lira", "liras", "rupees", "dinars", "kroner"])
# The first plural behind a number, and where or of what it is.
_MONTH = r"(?:[Ee]arly |[Ll]ate |mid-)?(?:January|February|March|April|May|June|July|August|September|October|November|December|\d)"
_COUNTED = re.compile(
    r"[\s\u00a0-]*(?P<noun>(?:[^\W\d][\w’'-]* ){0,3}?(?:[^\W\d][\w’'-]*(?:[^\Ws]s|men)|people|staff|children)\b"
    rf"(?: (?:at|in|of|from) (?!{_MONTH})(?:[^\W\d][\w’'-]* ){{0,2}}[^\W\d][\w’'-]*)?)"
)
_OF_ALL = re.compile(r"^ of (?:the |its |their |his |her |these |those )?(?:[\d,]+ )?")
_ENDING = re.compile(r"(?: (?:in|at|of|for|from|by|to|an?|the|and|or|have|has|had|was|were|are|is|that|who))+$")
_MANY = re.compile(
    rf"[“\"\s]*(?P<who>(?:The|These|Those|Its|Their|Some|Most|Many|Both|All) (?:[\w-]+ ){{0,3}}?(?:[\w-]+[^s\W]s|women|men|people)|[A-Z][\w-]+[^s\W]s|[A-Z][a-z]+ (?:workers|women|men))(?: (?:in|at|of|from) (?:the )?[\w-]+)?,? (?:\w+ly )?(?:most of |who )?{VERBS}\b"
)
_LEADING_VALUE = re.compile(
    r"^(?:half|most|some|many|all|part|(?:about |nearly |almost )?(?:an?|one|two|three|\w+)[ -](?:third|quarter|fifth|tenth)s?|[\d.,]+(?:%| percent)) of (?:the |its |their )?",
    re.I,
)
_ADVERB = re.compile(r",? (?:who|that|which|usually|often|also|now|still|there|alone|together|already|both|\w+ly)$")
_DETERMINED = re.compile(
    r"(?:(?P<which>the|these|those|this|that|each|every|an?|his|her|its|their|our)\s+)?(?P<rest>.*)", re.I
)
_AT = re.compile(
    r"(?:went|go|goes|came|come|taken|sent|moved|brought|works?|worked|employed|lived?|live) (?:in|at|to|for) (?P<where>(?:an?|one|two|three|several) (?:[\w-]+ )*?[\w-]*(?:plants?|factor(?:y|ies)|mills?|farms?|restaurants?|workshops?|sites?|hotels?|mines?|yards?|camps?|firms?|companies|company))\b"
)
_EMPTY = re.compile(
    r"(?:(?:and|or|but|in|at|on|by|for|from|with|to|of|after|before|following|when|if|while|because|since|as|rumou?rs?|word|total|number|sum|share)\b"
    r"|(?:it|that|there|what|this|some|nobody|nothing|none|both|another|one|everything|you|which|who|all|most|many|them)\b(?! [a-z]+))",
    re.I,
)


def counted(passage: str, one: Candidate, sentence: str, at: int) -> str:
    """Return the noun phrase behind the number of a count, such as "workers at garment plants"; empty for a measure."""
    if one.cells["kind"] != "count" or not one.words or one.cells["unit"] in CURRENCIES:
        return ""
    last = one.words.split()[-1]
    words = _COUNTED.match(_OF_ALL.sub("", passage[passage.find(last) + len(last) :]))
    said = _ENDING.sub("", words["noun"].strip()) if words else ""
    said = VERB.split(said)[0].strip()
    if {*said.lower().split()} <= {*SCALES} or _EMPTY.match(said):
        return ""
    works = _AT.search(sentence, at) if " " not in said else None
    return f"{said} at {works['where']}" if works else said


def they(text: str, paragraph: int, start: int) -> str:
    """Return who "they" are at the head of a sentence: those of whom the sentence before begins to tell."""
    for one in reversed([each for each in _sentences(text[paragraph:start])][-2:]):
        if match := _MANY.match(one):
            return f"{match['who'][:1].lower()}{match['who'][1:]}"
    return ""


def _sentences(paragraph: str) -> list[str]:
    return [paragraph[one.start : one.end] for one in sentences(paragraph)]


def about(statement: str, meant: str, speaker: str) -> str:
    """Return the subject of what a statement says: of whom it is told; empty where it has none that tells it."""
    _, _, said = statement.partition(" that ")
    verb = VERB.search(said)
    subject = _ADVERB.sub("", said[: verb.start()].strip() if verb else "")
    if subject.lower() in ("he", "she", "he himself", "she herself"):
        subject = (
            f"the {PART.split(speaker)[0]}"
            if speaker[:1].islower() or (" " in speaker and speaker.split()[-1].islower())
            else speaker
        )
    subject = meant if subject.lower() == "they" else subject
    determined = _DETERMINED.match(_LEADING_VALUE.sub("", subject))
    which, subject = ((determined["which"] or "").lower(), determined["rest"]) if determined else ("", "")
    if numerals.find(subject):  # "fines of up to 40 dollars"
        subject = subject.partition(" of ")[0]
    if not subject or len(subject.split()) > 7 or numerals.find(subject) or UNSAID in subject or _EMPTY.match(subject):
        return ""
    if which in ("each", "every"):
        return subject if " " in subject.partition(" of ")[2] else f"{subject}s"
    head = re.split(r" (?:of|in|at|for|from|with|to)\b", subject)[0]
    is_one = which and which not in ("these", "those") and not re.search(r"(?:[^su]s|people|men|staff|crew)$", head)
    return f"one {subject}" if is_one else subject


def placed(about: str, place: str) -> str:
    """Return the group with its place, where it does not name one."""
    is_placed = (
        re.search(r"\b(?:in|at|of|from) |[’']s? ", about)
        or re.search(rf"\b{re.escape(place)}\b", about)
        or re.fullmatch(r"[A-Z]\w+", about)
    )
    return f"{about} in {place}" if about and place and not is_placed else about
