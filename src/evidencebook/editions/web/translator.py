"""The translator of web pages, for each builder that writes some."""

from __future__ import annotations

from sphinx.application import Sphinx

from evidencebook.editions.hypertext import Hypertext

BUILDERS = ("html", "dirhtml", "singlehtml")


def setup(app: Sphinx) -> None:
    for name in BUILDERS:
        app.set_translator(name, Hypertext)
