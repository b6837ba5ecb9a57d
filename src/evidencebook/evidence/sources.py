"""What is said of a source: how it is cited and dated, how far it is trusted, and where its passages open."""

from __future__ import annotations

from urllib.parse import quote

from evidencebook.tables.reading import Row
from evidencebook.values import dates

LOW = "low"  # the confidence in a date of which only the likeliest days are known


def short_citation(source: Row) -> str:
    """Return outlet and year, such as "Daily NK, 2018" or "Reuters via Another Site, 2024"."""
    outlet = str(source["outlet_original"])
    # A reader must see at once that a text is not the outlet's own.
    if source["is_copy"] and source["outlet_served_by"] != source["outlet_original"]:
        served = str(source["outlet_served_by"]).partition(" (")[0]
        outlet = f"{outlet} via {served}"
    return f"{outlet}, {publication_year(source)}"


def publication_year(source: Row) -> str:
    """Return the year of publication in words that keep its doubt."""
    span = dates.parse(str(source["published"]))
    first, last = span.earliest.year, span.latest.year
    if first == last:
        return str(first)
    return f"{first} or {last}" if last == first + 1 else f"{first}–{last}"


def publication(source: Row) -> str:
    """Return when the source appeared, in words that keep what its table says of the doubt."""
    day = dates.words(str(source["published"]))
    confidence = source.values.get("date_confidence")
    if confidence == "end_assumed":
        return f"published {day}, the last day assumed"
    if confidence != LOW:
        return f"published {day}"
    limits = source.values.get("published_limits")
    outermost = f"; by our inference {dates.words(str(limits))}" if limits else ""
    return f"date of publication not known; likeliest {day}, with low confidence{outermost}"


def is_loosely_dated(source: Row) -> bool:
    """Return whether the source may have appeared on another day than those given for it."""
    return source.values.get("date_confidence") == LOW


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


SEPARATOR = " … "


def passage_url(url: str, fragment: str) -> str:
    """Return the address with a text directive for the passage's opening and closing words.

    Format: https://wicg.github.io/scroll-to-text-fragment/#syntax - the characters "-", "," and "&" have a meaning
    there and are percent-encoded like everything else outside the unreserved set.
    """
    parts = (quote(part, safe="").replace("-", "%2D") for part in fragment.split(SEPARATOR, 1))
    separator = "&" if ":~:" in url else ":~:" if "#" in url else "#:~:"
    return f"{url}{separator}text={','.join(parts)}"


def claim_url(claim: Row, source: Row) -> str:
    """Return the address of the claim's passage on the page from which the text was taken.

    The passage was anchored in the text as served, so a copy is linked rather than an original that may differ.
    """
    return passage_url(str(source["url"]), str(claim["fragment"]))
