"""Quotation marks and apostrophes as they are set, where tables and figures have those of a typewriter."""

from __future__ import annotations

from docutils.utils.smartquotes import smartyPants


def curled(text: str) -> str:
    """Return the text with curled quotation marks and apostrophes; addresses, which have no spaces, stay."""
    is_prose = ("'" in text or '"' in text) and " " in text
    return str(smartyPants(text, attr="q", language="en")) if is_prose else text
