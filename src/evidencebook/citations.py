"""Short citations of sources: outlet, how it reached us, and year."""

from __future__ import annotations

from evidencebook import dates
from evidencebook.tables import Row


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
