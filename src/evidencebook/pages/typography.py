"""Quotation marks and dashes as printers set them, in prose only: what tables, code and results say stays as it is."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from docutils import nodes
from docutils.utils.smartquotes import educateQuotes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxSmartQuotes

from evidencebook.pages.nodes import FROM_TABLES

KEPT = "support_smartquotes"  # where it is False, Sphinx leaves what is in a node as it is
# With the quotation mark behind it; but not what reStructuredText marks as escaped itself.
_BACKSLASH = re.compile(r"""(\x00\\.)|\\(["']?)""", re.DOTALL)
_PASTED = "pasted-text"  # MyST-NB's class for text that a cell gave and {glue} shows in a sentence
_STRAIGHT = (('\\"', "\x00"), ("\\'", "\x01"))


def curled(text: str) -> str:
    """Return the text with curled quotation marks and apostrophes; addresses, which have no spaces, stay."""
    is_prose = ("'" in text or '"' in text) and " " in text
    if not is_prose:
        return text
    for sign, other in _STRAIGHT:
        text = text.replace(sign, other)
    text = educateQuotes(f" {text}", "en")[1:]
    for sign, other in _STRAIGHT:
        text = text.replace(other, sign)
    return text


def curl(node: nodes.Element) -> None:
    """Curl the quotation marks of text that was made of rows, and change nothing else in it."""
    for text in list(node.findall(nodes.Text)):
        if (typeset := curled(text)) != text:
            text.parent.replace(text, nodes.Text(typeset))


class Typography(SphinxSmartQuotes):
    """Takes the place of Sphinx's, for which everything is prose, and each backslash the beginning of an escape."""

    def apply(self, **given: Any) -> None:
        """Keep what is no prose, and go over the rest."""
        for node in list(self.document.findall(nodes.Element)):
            if node.get(FROM_TABLES):
                node[KEPT] = False
                curl(node)
            elif _PASTED in node["classes"] or (isinstance(node, nodes.reference) and _says_address(node)):
                node[KEPT] = False
        super().apply(**given)

    def get_tokens(self, txtnodes: Any) -> Generator[Any, None, None]:
        """Yield each text and whether it is prose, in which backslashes stay, and quotation marks behind them."""
        for kind, text in super().get_tokens(txtnodes):
            yield (kind, _BACKSLASH.sub(_escaped, text)) if kind == "plain" else (kind, text)


def _escaped(found: re.Match[str]) -> str:
    return found[1] or "\\\\" + (f"\\{found[2]}" if found[2] else "")


def _says_address(node: nodes.reference) -> bool:
    return node.astext() in node.get("refuri", "")


def setup(app: Sphinx) -> None:
    """Register the transform instead of Sphinx's."""
    app.registry.transforms.remove(SphinxSmartQuotes)
    app.add_transform(Typography)
