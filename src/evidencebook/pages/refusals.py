"""Statements that must not be published: reported at their place, and counted, so that the build fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger

from evidencebook.pages.domain import domain_of
from evidencebook.tables import spelling
from evidencebook.tables.text import printable

LOGGER = getLogger(__name__)


def refuse(env: BuildEnvironment, message: str, subtype: str, location: Any, docname: str = "") -> None:
    """Report something that must not be published, at its place; the build finds the others first, then fails.

    `docname` names the page where none is being read.
    """
    domain_of(env).note_refusal(docname or env.docname)
    LOGGER.warning(printable(message), type="evidence", subtype=subtype, location=location)


def did_you_mean(suggestions: Iterable[str]) -> str:
    """Return the nearest known ids as the end of a message, or nothing."""
    hint = spelling.did_you_mean(suggestions)
    return f" - {hint}" if hint else ""
