"""What web pages and the e-book have in common beside Sphinx's own HTML: scripts, heads of tables, works."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

from evidencebook.editions import scripts


class Hypertext(HTML5Translator):
    """Sphinx's translator, where it leaves somebody out."""

    attribution_formats: ClassVar[dict[str, tuple[str, str]]] = {
        **HTML5Translator.attribution_formats,
        "dash": ("\u2014 ", ""),
    }

    def visit_Text(self, node: nodes.Text) -> None:
        """Write text, in which other scripts tell their language and keep apart; code stands as it is."""
        if self.protect_literal_text or (self.in_mailto and self.settings.cloak_email_addresses):
            super().visit_Text(node)
        else:
            self.body.append(scripts.markup(node.astext()))

    def visit_entry(self, node: nodes.Element) -> None:
        """A cell; a head says for what it is one, and an empty cell is none."""
        row: Any = node.parent  # docutils counts on it
        group: Any = row.parent
        stubs = group.parent.stubs
        reached = group.__dict__.setdefault("reached", {})  # column -> rows below into which a cell reaches
        line = group.index(row) if reached or "morerows" in node else 0
        while reached.get(row.column, -1) >= line and reached:
            row.column += 1
        is_head = isinstance(row.parent, nodes.thead)
        is_stub = row.column < len(stubs) and bool(stubs[row.column])
        spans = (("morecols", "colspan"), ("morerows", "rowspan"))
        given: dict[str, Any] = {name: node[key] + 1 for key, name in spans if key in node}
        tag = "th" if (is_head or is_stub) and node.astext().strip() else "td"
        if tag == "th":
            given |= {"scope": "col" if is_head else "row", "class": "head" if is_head else "stub"}
        given |= self.more_of(node, row.column, is_head or is_stub)
        width = 1 + node.get("morecols", 0)
        if "morerows" in node:
            reached |= dict.fromkeys(range(row.column, row.column + width), line + node["morerows"])
        row.column += width
        self.body.append(self.starttag(node, tag, "", **given))
        self.context.append(f"</{tag}>\n")

    def more_of(self, node: nodes.Element, column: int, is_head: bool) -> dict[str, Any]:
        """Return what else an edition has a cell say."""
        return {}

    def visit_entry_head(self, node: nodes.Element) -> None:
        """The heading of an entry, one level below that of its section."""
        self.body.append(self.starttag(node, f"h{min(self.section_level + 1, 6)}", ""))

    def depart_entry_head(self, node: nodes.Element) -> None:
        self.body.append(f"</h{min(self.section_level + 1, 6)}>\n")

    def visit_citation(self, node: nodes.Element) -> None:
        """A work of a bibliography, without the roles of docutils, which WAI-ARIA has given up."""
        self.body.append(self.starttag(node, "div", CLASS="citation"))

    def depart_citation(self, node: nodes.Element) -> None:
        self.body.append("</div>\n")
