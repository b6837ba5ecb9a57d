"""Marks for uncertain values and dates, and whole charts of them; what a report needs is handed on here."""

from evidencebook.drawing.canvas import (
    ASIDE,
    BODY,
    HEAD,
    HOLLOW,
    SMALL,
    Canvas,
    Letters,
    Scale,
    Symbol,
    named,
    titled,
)
from evidencebook.drawing.listing import (
    Listing,
    drawing,
    event_doubt,
    is_firm,
    listed,
    provenance,
    source,
    value,
)
from evidencebook.drawing.marks import Mark

__all__ = [
    "ASIDE", "BODY", "HEAD", "HOLLOW", "SMALL", "Canvas", "Letters", "Listing", "Mark", "Scale", "Symbol", 
    "drawing", "event_doubt", "is_firm", "listed", "named", "provenance", "source", "titled", "value",
]  # fmt: skip
