"""Text of pages, by the policy for all text: signs that nobody sees, or that turn others round, fail the build."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables import text


def check(app: Sphinx, tree: nodes.document) -> None:
    """Refuse text of a page that has just been read, and words that stand for its pictures, which break the policy."""
    located: nodes.Node = tree  # not every node knows its line: then the last that did is nearest
    for node in tree.findall():
        located = node if getattr(node, "line", None) else located
        said = str(node) if isinstance(node, nodes.Text) else ""
        said = str(node.get("alt", "")) if isinstance(node, nodes.image) else said
        if said.isascii() and said.isprintable():
            continue
        for what, remedy in filter(None, map(text.fault, said.expandtabs().splitlines())):
            refusals.refuse(app.env, f"{what} - {remedy}", Subtype.TEXT, location=located)


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", check, priority=900)
