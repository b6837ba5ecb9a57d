"""The role {typed}: a number that its author typed, with the reason why it may be typed."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from evidencebook.extension import guard
from evidencebook.tracing import NAMING


class TypedRole(SphinxRole):
    """``{typed}`words | reason```: the words; `evidencebook check` lists them with their reason."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the words, or the marked text with a located warning where no reason is given."""
        words, _, reason = (part.strip() for part in self.text.partition("|"))
        if not (words and reason):
            message = f"{words!r} is typed without a reason - write words | reason"
            guard.refuse(self.env, message, "typed", location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        return [nodes.inline(self.rawtext, words, classes=["typed"])], []


def setup(app: Sphinx) -> None:
    """Register the role, and the words after which a report's own numbers are names."""
    app.add_role("typed", TypedRole())
    app.add_config_value(NAMING, [], "env", [list])
