"""The policy for text and addresses on pages: what breaks it fails the build in its place.

Links lead to the web, to a mailbox or into the report; no sign is one that nobody sees, or that turns others round.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.pages import refusals
from evidencebook.pages.nodes import located
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables import addresses, text


def check(app: Sphinx, tree: nodes.document) -> None:
    """Refuse text, words that stand for pictures, and links of a page just read that break the policy."""
    for node, nearest in located(tree):
        for what in _wrong_texts(node):
            refusals.refuse(app.env, what, Subtype.TEXT, location=nearest)
        address = str(node.get("refuri", "")) if isinstance(node, nodes.reference) else ""
        if address and (fault := addresses.page_fault(address)):
            message = f"{address!r} is no address to link to: {fault} - {addresses.REMEDY}"
            refusals.refuse(app.env, message, Subtype.ADDRESS, location=nearest)


def _wrong_texts(node: nodes.Node) -> Iterator[str]:
    said = str(node) if isinstance(node, nodes.Text) else ""
    said = str(node.get("alt", "")) if isinstance(node, nodes.image) else said
    if not (said.isascii() and said.isprintable()):
        for what, remedy in filter(None, map(text.fault, said.expandtabs().splitlines())):
            yield f"{what} - {remedy}"


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", check, priority=900)  # after those who make links of what they find
