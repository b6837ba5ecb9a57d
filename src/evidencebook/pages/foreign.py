"""A folder that somebody else made: settings name no function to be called, and pages take in files of the report only.

An include would publish any file that whoever builds may read; a format of pages names the function that reads them.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype, warn

READERS = {"jupytext.reads"}  # of pages in formats of their own, https://myst-nb.readthedocs.io


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


def setup(app: Sphinx) -> None:
    app.connect("config-inited", refuse_programs, priority=100)
    app.connect("doctree-read", refuse_outside, priority=950)
