"""How far a voice is trusted and how far what it says is believed: the Admiralty code in words."""

from __future__ import annotations

from evidencebook.tables import Row

# The Admiralty code, https://en.wikipedia.org/wiki/Admiralty_code, in the words of the data contract.
RELIABILITY = {
    "A": "completely reliable voice",
    "B": "usually reliable voice",
    "C": "fairly reliable voice",
    "D": "voice not usually reliable",
    "E": "unreliable voice",
    "F": "voice that cannot be judged",
}
CREDIBILITY = {
    1: "confirmed by an independent origin",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}


def in_words(claim: Row) -> str:
    """Return the two ratings and what they mean: "C3: fairly reliable voice, possibly true"."""
    letter, number = claim["reliability"], claim["credibility"]
    return f"{letter}{number}: {RELIABILITY.get(letter, letter)}, {CREDIBILITY.get(number, number)}"
