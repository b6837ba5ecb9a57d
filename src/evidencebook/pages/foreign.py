"""What Jupyter Book allows and a report does not: programs named in settings, templates, files from elsewhere, dollars.

A folder may be one that somebody else made. A format of pages names the function that reads them, and an include would
publish any file that whoever builds may read. MyST's `substitution` would run any Python that stands between {{ and }}
in a page: its template engine keeps nothing from the code. `dollarmath` would make a formula of what stands between two
amounts in dollars, facts included.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.base import DocutilsRenderer, token_line
from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype, warn

READERS = {"jupytext.reads"}  # of pages in formats of their own, https://myst-nb.readthedocs.io
TEMPLATES, DOLLARS = "substitution", "dollarmath"
DOLLAR_MATH = "evidence_dollar_math"


def refuse_programs(_: Sphinx, config: Config) -> None:
    """Take away formats of pages that would be read by calling anything else than a reader that is known."""
    said = dict(config["nb_custom_formats"] or {}) if "nb_custom_formats" in config else {}
    for suffix, named in list(said.items()):
        function = named if isinstance(named, str) else next(iter(named or ()), None)
        if function not in READERS:
            del said[suffix]
            what = f"nb_custom_formats: {suffix} would be read by calling {function!r} - "
            warn(f"{what}use {' or '.join(READERS)}, or a format that Jupyter Book knows", Subtype.SETTING)
    if "nb_custom_formats" in config:
        config.nb_custom_formats = said


def refuse_outside(app: Sphinx, tree: nodes.document) -> None:
    """Refuse what a page includes, shows or offers that lies outside the report."""
    root = Path(app.srcdir).resolve()
    for name in sorted(app.env.dependencies.get(app.env.docname, ())):
        path = Path(app.srcdir, name).resolve()
        if not path.is_relative_to(root):
            message = f"the page takes in {path}, which lies outside the report - copy it into the report"
            refusals.refuse(app.env, message, Subtype.OUTSIDE, location=(app.env.docname, None))


def switch_off(_: Sphinx, config: Config) -> None:
    """Take the syntax out of what all pages may use: in them {{ and }} are text like any other, and so is $.

    A page that wants formulas between dollar signs asks for them in its front matter, a report in its settings.
    """
    off = {TEMPLATES} if config[DOLLAR_MATH] else {TEMPLATES, DOLLARS}
    config.myst_enable_extensions = [name for name in config.myst_enable_extensions if name not in off]
    if config.myst_substitutions:
        warn("myst_substitutions are not used - write their values into the pages", Subtype.TEMPLATE)


def refuse_template(self: Any, token: Any, inline: bool) -> None:
    """Show a template as it is written, and refuse it in its place: the front matter of its page asks for it."""
    opening, closing = (2 * sign for sign in self.md_config.sub_delimiters)
    text = nodes.Text(f"{opening} {token.content} {closing}")
    self.current_node += text if inline else nodes.paragraph("", "", text)
    where = f"{self.document['source']}:{token_line(token, 0)}"
    message = "templates are switched off, since they run code - write the text itself"
    refusals.refuse(self.document.settings.env, message, Subtype.TEMPLATE, location=where)


def setup(app: Sphinx) -> None:
    app.add_config_value(DOLLAR_MATH, False, "env", [bool])
    app.connect("config-inited", refuse_programs, priority=100)
    app.connect("config-inited", switch_off, priority=100)
    app.connect("doctree-read", refuse_outside, priority=950)
    # A page's own settings are read where nothing can be asked of MyST before it renders.
    DocutilsRenderer.render_substitution = refuse_template  # type: ignore[method-assign]
