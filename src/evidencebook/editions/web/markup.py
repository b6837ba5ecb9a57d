"""Mends of what other packages write into web pages, where it breaks HTML or leaves somebody out."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.editions.hypertext import Hypertext


class Translator(Hypertext):
    """Sphinx's writer of pages, in which the number of a page is that of a chapter."""

    def add_secnumber(self, node: nodes.Element) -> None:
        """Write the number of a section; that of the page with its word, and what parts it from the title unseen."""
        number = self.get_secnumber(node)
        if not number or self.section_level != 1:  # no level: the title alone, as of a neighbouring page
            super().add_secnumber(node)
            return
        self.body.append(
            f'<span class="section-number">Chapter {".".join(map(str, number))}'
            f'<span class="visually-hidden">{self.secnumber_suffix}</span></span>'
        )


class element(nodes.General, nodes.Element):
    """An element of HTML for which docutils has no node: its `tag`, and its attributes as `html`."""


class ScrollTables(SphinxPostTransform):
    """Puts every table of a web page into a box that scrolls: as a block that scrolls itself it would be no table."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for table in list(self.document.findall(nodes.table)):
            box = nodes.container(classes=["scroll"])
            table.parent.replace(table, box)
            box += table


class CodeLast(SphinxPostTransform):
    """Puts the folded code of a cell behind what it gives: a reader comes for the figure."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for code in list(self.document.findall(HideCodeCellNode)):
            cell = code.parent
            if cell is not None and cell[-1] is not code:
                cell.remove(code)
                cell += code


class MendTabs(SphinxPostTransform):
    """Takes from the labels of tabs what HTML does not allow there."""

    default_priority = 210  # when sphinx-design has made them
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for node in self.document.findall(nodes.TextElement):
            if type(node).__name__ == "sd_tab_label":
                node.attributes.pop("aria_controls", None)


def visit_hidden_code(self: Any, node: HideCodeCellNode) -> None:
    """Write a summary with phrases in it: MyST-NB puts paragraphs there and gives it another name than it shows."""
    classes = " ".join(node["classes"])
    shown, hidden = escape(node["prompt_show"]), escape(node["prompt_hide"])
    self.body.append(
        f'<details class="hide {classes}"><summary><span class="collapsed">{shown}</span>'
        f'<span class="expanded">{hidden}</span></summary>\n'
    )


def depart_hidden_code(self: Any, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


def visit_element(self: Any, node: element) -> None:
    self.body.append(self.starttag(node, node["tag"], "", **node.get("html", {})))


def depart_element(self: Any, node: element) -> None:
    self.body.append(f"</{node['tag']}>")


def lend_writers(app: Sphinx) -> None:
    """Let builders of web pages have all writers of HTML: where one package has some for a builder's own name, as that
    of exercises has, Sphinx looks for no others."""
    known = app.registry.translation_handlers
    if app.builder.name in known and app.builder.name != app.builder.format:
        known[app.builder.name] = known.get(app.builder.format, {}) | known[app.builder.name]


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", lend_writers)
    app.add_post_transform(ScrollTables)
    app.add_post_transform(CodeLast)
    app.add_post_transform(MendTabs)
    app.add_node(element, html=(visit_element, depart_element))
    app.add_node(HideCodeCellNode, override=True, html=(visit_hidden_code, depart_hidden_code))
