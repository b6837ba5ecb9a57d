"""Syntax that Jupyter Book has on by default and pages have not: templates, and formulas between dollar signs.

MyST's `substitution` would run any Python that stands between {{ and }} in a page: its template engine keeps nothing
from the code. What an included file says, such as the description of a column, would run with the rights of whoever
builds the book. `dollarmath` would make a formula of what stands between two amounts in dollars, facts included.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.base import DocutilsRenderer, token_line
from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype, warn

NAME, DOLLARS = "substitution", "dollarmath"
SETTING = "evidence_dollar_math"


def switch_off(_: Sphinx, config: Config) -> None:
    """Take the syntax out of what all pages may use: in them {{ and }} are text like any other, and so is $.

    A page that wants formulas between dollar signs asks for them in its front matter, a report in its settings.
    """
    off = {NAME} if config[SETTING] else {NAME, DOLLARS}
    config.myst_enable_extensions = [name for name in config.myst_enable_extensions if name not in off]
    if config.myst_substitutions:
        warn("myst_substitutions are not used - write their values into the pages", Subtype.TEMPLATE)


def refuse(self: Any, token: Any, inline: bool) -> None:
    """Show a template as it is written, and refuse it in its place: the front matter of its page asks for it."""
    opening, closing = (2 * sign for sign in self.md_config.sub_delimiters)
    text = nodes.Text(f"{opening} {token.content} {closing}")
    self.current_node += text if inline else nodes.paragraph("", "", text)
    where = f"{self.document['source']}:{token_line(token, 0)}"
    message = "templates are switched off, since they run code - write the text itself"
    refusals.refuse(self.document.settings.env, message, Subtype.TEMPLATE, location=where)


def setup(app: Sphinx) -> None:
    """Switch templates off, for all pages and for those that ask for them, and dollar signs as math for the former."""
    app.add_config_value(SETTING, False, "env", [bool])
    app.connect("config-inited", switch_off, priority=100)
    # A page's own settings are read where nothing can be asked of MyST before it renders.
    DocutilsRenderer.render_substitution = refuse  # type: ignore[method-assign]
