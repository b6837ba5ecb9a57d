"""Short citations of sources, outlet, how it reached us and year, and when they appeared as far as is known."""

from __future__ import annotations

from evidencebook import dates
from evidencebook.tables import Row

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
