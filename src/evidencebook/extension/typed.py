"""Numbers that somebody typed: refused, unless the role {typed} says why they may be typed."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from evidencebook import dictionary, prose, tracing
from evidencebook.extension import guard
from evidencebook.extension.domain import domain_of
from evidencebook.pages import REASON
from evidencebook.prose import FROM_TABLES


class TypedRole(SphinxRole):
    """``{typed}`words | reason```: the words; `evidencebook check` lists them with their reason."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the words, or the marked text with a located warning where no reason is given."""
        words, _, reason = (part.strip() for part in self.text.partition("|"))
        if not (words and reason):
            remedy = f"write {{typed}}`{words or 'words'} | why it may be typed`, or bind it with {{fact}}"
            message = f'"{words}" is typed without a reason - {remedy}'
            guard.refuse(self.env, message, "typed", location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        found = nodes.inline(self.rawtext, words, classes=["typed"], **{FROM_TABLES: True, REASON: reason})
        self.set_source_info(found)
        return [found], []


def refuse_untraced(app: Sphinx, tree: nodes.document) -> None:
    """Refuse every measured value that was typed into the page."""
    root = Path(app.srcdir)
    suggestions = tracing.suggestions(root, domain_of(app.env).evidence)
    for one in prose.untraced(tree, suggestions, app.config[tracing.NAMING], [root / dictionary.LABEL]):
        where = f"cell {one.cell}: " if one.cell else ""
        message = f'{where}untraced number "{one.phrase.text}" - {one.remedy}'
        guard.refuse(app.env, message, "untraced", location=f"{one.file}:{one.line or ''}")


def setup(app: Sphinx) -> None:
    """Register the role, the refusal, and the words after which a report's own numbers are names."""
    app.add_role("typed", TypedRole())
    app.add_config_value(tracing.NAMING, [], "env", [list])
    app.connect("doctree-read", refuse_untraced)
