"""The engine's warnings by kind: what Sphinx's `suppress_warnings` knows as evidence.NAME."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import Any

from sphinx.util.logging import getLogger

from evidencebook.tables.text import printable

LOGGER = getLogger(__name__)


class Subtype(StrEnum):
    """What a warning is about."""

    UNKNOWN_FACT = auto()
    """No claim or derived value has the id."""
    UNKNOWN_SOURCE = auto()
    """No source has the id, or a caption asks for the sources of a chart that draws no facts."""
    UNKNOWN_TABLE = auto()
    """The report has no such table."""
    UNKNOWN_COLUMN = auto()
    """The table has no such column."""
    EMPTY_TABLE = auto()
    """No row fits what a directive picks."""
    WORDING = auto()
    """The value cannot be said in the form that is asked for."""
    VALUE = auto()
    """`{value}` names no row of a reference table."""
    COUNT = auto()
    """`{count}` asks for what cannot be counted."""
    EDITION = auto()
    """`{edition}` asks for what does not identify one."""
    EDITIONS = auto()
    """`{what-changed}` stands in a report that has recorded no edition."""
    QUOTE = auto()
    """A quotation is too long, names nobody's words, or is not in its passage."""
    TYPED = auto()
    """`{typed}` gives no reason."""
    UNTRACED = auto()
    """A measured value was typed by hand."""
    FIRM = auto()
    """A line of `{firm}` is not what the ratings carry."""
    VERDICT = auto()
    """A sentence of `{verdict}` is not what the ratings carry."""
    KEY_FIGURES = auto()
    """A line of `{key-figures}` is not an id and a caption."""
    LEDGER = auto()
    """A part of the ledger is missing or stands twice."""
    RESTS_ON = auto()
    """`{rests-on}` names a table that it does not make."""
    FIGURE_NOTES = auto()
    """A figure does not say what it shows or omits, or says it where nobody reads it."""
    COVER = auto()
    """`evidence_cover` names no figure with a chart."""
    FORM = auto()
    """A page or a cell's result holds what some edition cannot show."""
    TEXT = auto()
    """A text has signs that nobody sees or that turn others round."""
    ADDRESS = auto()
    """A link is one that a browser would run, or names no host."""
    OUTSIDE = auto()
    """A page takes in a file from outside the report."""
    TEMPLATE = auto()
    """A page or the settings use MyST's substitutions, which run code."""
    SETTING = auto()
    """A setting names a program."""
    PRIVATE = auto()
    """The web edition holds values of a private column."""
    LINK = auto()
    """A link of the web edition leads nowhere, or a page would load something from the network."""
    PRINT = auto()
    """The print edition has no form for something."""
    EPUB = auto()
    """The e-book has no form for something."""
    LATEX = auto()
    """Another extension shapes the LaTeX edition."""


def warn(message: str, subtype: Subtype, location: Any = None) -> None:
    """Tell of a fault at its place, which fails a build that takes warnings for errors."""
    LOGGER.warning(printable(message), type="evidence", subtype=subtype.value, location=location)
