"""Lists that a reader walks, on web pages: headings, what a filter reads, and the filter itself."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.editions.hypertext import Hypertext
from evidencebook.pages.contradictions import pair
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.nodes import entry_head, faceted


def _data(node: faceted) -> dict[str, str]:
    return {f"data-{name}": value for name, value in node["facets"].items()}


def visit_entry(self: Any, node: ledger_entry) -> None:
    """Open an entry with what the filter reads."""
    self.body.append(self.starttag(node, "div", CLASS="docutils container", **_data(node)))


def depart_entry(self: Any, node: ledger_entry) -> None:
    self.body.append("</div>\n")


def visit_pair(self: Any, node: pair) -> None:
    """Open a section with what the filter reads."""
    self.section_level += 1
    self.body.append(self.starttag(node, "section", **_data(node)))


def depart_pair(self: Any, node: pair) -> None:
    self.section_level -= 1
    self.body.append("</section>\n")


def add_filter(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give pages with such a list the style sheet and the script of the filter."""
    if doctree is not None and next(doctree.findall(faceted), None) is not None:
        app.add_css_file("walking.css")
        app.add_js_file("walking.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.add_node(ledger_entry, html=(visit_entry, depart_entry))
    app.add_node(pair, html=(visit_pair, depart_pair))
    app.add_node(entry_head, html=(Hypertext.visit_entry_head, Hypertext.depart_entry_head))
    app.connect("html-page-context", add_filter)
