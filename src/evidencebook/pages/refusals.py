"""Statements that must not be published: reported at their place, and counted, so that the build fails."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from evidencebook.pages.domain import domain_of
from evidencebook.pages.nodes import FROM_TABLES
from evidencebook.pages.subtypes import Subtype, warn
from evidencebook.tables import spelling
from evidencebook.tables.withholding import asked


def refuse(env: BuildEnvironment, message: str, subtype: Subtype, location: Any, docname: str = "") -> None:
    """Report something that must not be published, at its place; the build finds the others first, then fails.

    `docname` names the page where none is being read.
    """
    if asked():  # the report itself was checked: this is what it cannot say without a source
        return
    domain_of(env).note_refusal(docname or env.docname)
    warn(message, subtype, location)


def gap() -> list[nodes.Node]:
    """Return what stands in the place of what cannot be said without the sources that a build does without, if any."""
    text = f"[gone without {' and '.join(asked())}]"
    return [nodes.strong(text, text, classes=["gap"], **{FROM_TABLES: True})] if asked() else []


def hint(wrong: str, known: Iterable[str]) -> str:
    """Return the known names nearest to a wrong one as the end of a message, or nothing."""
    return did_you_mean(spelling.nearest(wrong, known))


def did_you_mean(suggestions: Iterable[str]) -> str:
    """Return names as the end of a message, or nothing."""
    meant = spelling.did_you_mean(suggestions)
    return f" - {meant}" if meant else ""
