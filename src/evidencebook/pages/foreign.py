"""What Jupyter Book allows and a report does not: programs named in settings, templates, files from elsewhere, dollars.

A folder may be one that somebody else made. Settings name functions that are called with what pages say, and an include
would publish any file that whoever builds may read. MyST's `substitution` would run any Python that stands between {{
and }} in a page: its template engine keeps nothing from the code. `dollarmath` would make a formula of what stands
between two amounts in dollars, facts included.
"""

from __future__ import annotations

import site
import sysconfig
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst.directives.misc import Raw
from docutils.parsers.rst.directives.tables import CSVTable
from myst_parser.mdit_to_docutils.base import DocutilsRenderer, token_line
from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype, warn

READERS = {"jupytext.reads"}  # of pages in formats of their own, https://myst-nb.readthedocs.io
# Settings that import what they name: Sphinx calls it, or a class of it; of styles those of Pygments have no full stop.
CALLED: dict[str, Any] = {"myst_heading_slug_func": None, "template_bridge": None, "html_search_options": {}}
STYLES = ("pygments_style", "pygments_dark_style")
# Settings that name files and folders, which go into editions.
PATHS = (
    "html_static_path", "html_extra_path", "html_theme_path", "templates_path", "html_logo", "html_favicon",
    "latex_logo", "latex_additional_files", "epub_cover", "bibtex_bibfiles",
)  # fmt: skip
PACKAGES = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), site.getusersitepackages())  # with themes
TEMPLATES, DOLLARS = "substitution", "dollarmath"
DOLLAR_MATH = "evidence_dollar_math"


def refuse_programs(_: Sphinx, config: Config) -> None:
    """Take away what settings would have called: readers of pages that are not known, and functions by their names."""
    said = dict(config["nb_custom_formats"] or {}) if "nb_custom_formats" in config else {}
    for suffix, named in list(said.items()):
        function = named if isinstance(named, str) else next(iter(named or ()), None)
        if function not in READERS:
            del said[suffix]
            what = f"nb_custom_formats: {suffix} would be read by calling {function!r} - "
            warn(f"{what}use {' or '.join(READERS)}, or a format that Jupyter Book knows", Subtype.SETTING)
    if "nb_custom_formats" in config:
        config.nb_custom_formats = said
    styles = (name for name in STYLES if "." in str(getattr(config, name, None)))
    for name in (*(name for name in CALLED if getattr(config, name, None)), *styles):
        warn(f"{name}: {config[name]!r} would be imported and run - take it out of the settings", Subtype.SETTING)
        config[name] = CALLED.get(name)


def refuse_paths(app: Sphinx, config: Config) -> None:
    """Take away what settings would bring into editions from outside the report."""
    root = Path(app.srcdir).resolve()
    inside = (root, *(Path(folder).resolve() for folder in PACKAGES))
    for name in PATHS:
        said = getattr(config, name, None)
        several = said if isinstance(said, list | tuple) else [said] if said else []
        paths = {one: (root / one).resolve() for one in several if isinstance(one, str) and "://" not in one}
        if outside := [one for one, path in paths.items() if not any(map(path.is_relative_to, inside))]:
            for one in outside:
                warn(f"{name}: {one!r} lies outside the report - copy it into the report", Subtype.OUTSIDE)
            kept = [one for one in several if one not in outside]
            config[name] = kept if isinstance(said, list | tuple) else None


def refuse_outside(app: Sphinx, tree: nodes.document) -> None:
    """Refuse what a page includes, shows or offers that lies outside the report."""
    root = Path(app.srcdir).resolve()
    taken = {Path(app.srcdir, name) for name in app.env.dependencies.get(app.env.docname, ())}
    cells = (node["cell_metadata"] for node in tree.findall(nodes.container) if "cell_metadata" in node)
    folder = Path(app.env.doc2path(app.env.docname)).parent
    taken |= {folder / str(cell["load"]) for cell in cells if "load" in cell}  # MyST-NB's, whose cell is that file
    for path in sorted({path.resolve() for path in taken}):
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
    for directive in (Raw, CSVTable):
        (directive.option_spec or {}).pop("url", None)  # a build would ask that host
    app.connect("config-inited", refuse_programs, priority=100)
    app.connect("config-inited", refuse_paths, priority=100)
    app.connect("config-inited", switch_off, priority=100)
    app.connect("doctree-read", refuse_outside, priority=950)
    # A page's own settings are read where nothing can be asked of MyST before it renders.
    DocutilsRenderer.render_substitution = refuse_template  # type: ignore[method-assign]
