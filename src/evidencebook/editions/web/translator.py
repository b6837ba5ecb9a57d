"""Web pages by Sphinx's own translator, with other scripts told their language and kept apart."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from evidencebook.editions import scripts

BUILDERS = ("html", "dirhtml", "singlehtml")


class WebTranslator(HTML5Translator):
    """Writes what other extensions know of as they have it."""

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text; code stands as it is."""
        if self.protect_literal_text or (self.in_mailto and self.settings.cloak_email_addresses):
            super().visit_Text(node)
        else:
            self.body.append(scripts.markup(node.astext()))


def setup(app: Sphinx) -> None:
    for name in BUILDERS:
        app.set_translator(name, WebTranslator)
