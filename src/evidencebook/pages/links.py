"""Links of pages lead to the web, to a mailbox or into the report; any other fails the build in its place."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.pages import refusals
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables import addresses


def check(app: Sphinx, tree: nodes.document) -> None:
    """Refuse the links of a page that has just been read which a browser would run, or which name no host."""
    located: nodes.Node = tree  # not every node knows its line: then the last that did is nearest
    for node in tree.findall():
        located = node if getattr(node, "line", None) else located
        address = str(node.get("refuri", "")) if isinstance(node, nodes.reference) else ""
        if address and (fault := addresses.page_fault(address)):
            message = f"{address!r} is no address to link to: {fault} - {addresses.REMEDY}"
            refusals.refuse(app.env, message, Subtype.ADDRESS, location=located)


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", check, priority=900)  # after those who make links of what they find
