"""What pages hold besides words, as every edition can show it: asked for at its line where something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from docutils.utils import get_source_line
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains.std import Glossary
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.charts.plain import MOST_ROWS
from evidencebook.pages import formulas, html, pictures, refusals
from evidencebook.pages.charts import chart, chart_tools
from evidencebook.pages.lines import CELL_LINES, line_of
from evidencebook.pages.nodes import located
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables import addresses

ONLY_HTML = "put it into {only} html, and beside it what paper shows"
ALT = "write what it shows: `![what it shows](file)`, `:alt:`, or `mystnb: {image: {alt: ...}}` in the cell"
CHART_ALT = 'write what it shows: `.properties(description="...")`'
CHART_TABLE = (
    f"draw one data frame of at most {MOST_ROWS} rows, whose columns it encodes, or return it from a function under "
    "`charts.figure`, in a `charts.Drawing` with a table"
)
TASK, OPEN, TICKED = '<input class="task-list-item-checkbox"', "[ ]", "[x]"  # as MyST writes them, and as signs
MISSING_NOTE = re.compile(r"\[\^([^\s\]]+)\]")  # which MyST leaves as it stands
CODE = (nodes.literal, nodes.FixedTextElement, nodes.raw)
COMPONENT = "design_component"


def tick(_: Sphinx, tree: nodes.document) -> None:
    """Write boxes of tasks as signs, open or ticked: as controls of a form they would have no words; and menus.

    What proofs and exercises hold is no section: it has no heading, and in each of them the same id.
    """
    for section in list(tree.findall(nodes.section)):
        if isinstance(section.parent, nodes.Admonition):
            section.replace_self(nodes.container("", *section.children, classes=section["classes"]))
    for node in list(tree.findall(html.is_html)):
        if node.astext().startswith(TASK):
            node.parent.replace(node, nodes.Text(TICKED if "checked=" in node.astext() else OPEN))
    for node in tree.findall(nodes.inline):
        if "menuselection" in node["classes"]:  # Sphinx's own sign is in few faces
            node.children = [nodes.Text(node.astext().replace("\u2023", "\u2192"))]


def check(app: Sphinx, tree: nodes.document) -> None:
    """Refuse what some edition could not show: HTML without an equivalent, pictures without words, wrong formulas."""
    root = Path(app.srcdir)
    for node, nearest in located(tree):
        for what, words in _faults(node, root):
            source, line = get_source_line(nearest)
            is_known = source is not None and line is not None and line < CELL_LINES
            where = f"{source}:{line_of(str(source), line or 0, words)}" if is_known else nearest
            refusals.refuse(app.env, what, Subtype.FORM, location=where)


def _faults(node: nodes.Node, root: Path) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a node, and words of its line."""
    if html.is_html(node):
        for what in html.faults(node.astext(), _is_for_screen(node)):
            tag = what.strip("<>").partition(">")[0]
            is_blocked = tag in html.BLOCKED or "script" in what
            remedy = "the pages' policy blocks it even on a screen: say it otherwise" if is_blocked else ONLY_HTML
            yield f"{what} has no form in every edition - {remedy}", f"<{tag}"
        for address in html.addresses(node.astext()):
            if fault := addresses.page_fault(address):
                yield f"{address!r} is no address to link to: {fault} - {addresses.REMEDY}", address
    elif isinstance(node, chart) and not node["figure"].alt.strip():
        yield f"a chart has no alternative text - {CHART_ALT}", "\0"
    elif isinstance(node, chart_tools) and not node["figure"].table:
        yield f"a chart has no table of its values - {CHART_TABLE}", "\0"
    elif isinstance(node, nodes.image):
        uri = str(node["uri"])
        name = uri.rpartition("/")[2]
        if urlsplit(uri).scheme in addresses.WEB:
            yield f"the picture {uri} lies elsewhere, and pages ask nobody for anything - keep it in the report", uri
        said = "a picture that a cell gives" if "jupyter_execute" in uri else f"the picture {name}"
        if not str(node.get("alt", "")).strip():
            yield f"{said} has no alternative text - {ALT}", name
        if (root / uri).exists() and not _is_for_screen(node) and (wrong := pictures.fault(root / uri)):
            yield f"{said} {wrong}", name
    elif isinstance(node, nodes.Text) and (called := MISSING_NOTE.search(node)) and not isinstance(node.parent, CODE):
        yield f"no footnote is called {called[1]!r} - write `{called[0]}: ...` on this page", called[0]
    elif isinstance(node, nodes.math | nodes.math_block):
        try:
            formulas.mathml(formulas.tex_of(node), isinstance(node, nodes.math_block))
        except formulas.NoFormula as error:
            words = node.astext().strip().partition("\n")[0]
            yield f"the formula cannot be set: {error} - correct it", words


def _is_for_screen(node: nodes.Node) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, addnodes.only):
            return "html" in str(node["expr"])
    return False


class ExplainAbbreviations(SphinxPostTransform):
    """Says what an abbreviation stands for, once on a page, where nobody can point at it."""

    default_priority = 25

    def run(self, **_: Any) -> None:
        if self.app.builder.format == "html":
            return
        explained: set[str] = set()
        for node in list(self.document.findall(nodes.abbreviation)):
            said = str(node.get("explanation", ""))
            if said and said not in explained:
                explained.add(said)
                node.parent.insert(node.parent.index(node) + 1, nodes.Text(f" ({said})"))


class PlainHtml(SphinxPostTransform):
    """Puts nodes into the place of raw HTML, for editions that are no web pages."""

    default_priority = 20  # after {only} has been decided

    def run(self, **_: Any) -> None:
        if self.app.builder.format == "html":
            return
        for parent in {node.parent: None for node in self.document.findall(html.is_html)}:
            children = list(parent.children)
            parent.clear()
            parent += html.plain(children, not isinstance(parent, nodes.TextElement))
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if any(not isinstance(one, nodes.Text | nodes.Inline) for one in paragraph.children):
                paragraph.replace_self(html.blocks(paragraph.children))


class PlainComponents(SphinxPostTransform):
    """Puts boxes with titles into the place of tabs, cards and folded text, where nothing opens on a click."""

    default_priority = 190  # before sphinx-design makes elements of a web page of them

    def run(self, **_: Any) -> None:
        is_on_screen = self.app.builder.format == "html"
        for node in list(self.document.findall(nodes.Element)):
            component = node.get(COMPONENT) if node.parent is not None else None
            if component == "card":  # on a screen too: its link would lie over it unseen
                self._card(node)
            elif is_on_screen:
                continue
            elif component == "dropdown":
                title = node.children[0] if node["has_title"] else nodes.rubric("", "More")
                node.replace_self(_box(node, title.children, node.children[1 if node["has_title"] else 0 :]))
            elif component == "tab-item":
                label, *content = node.children
                node.replace_self(_box(node, label.children, content))

    def _card(self, node: nodes.Element) -> None:
        titles = [one for one in node.findall(nodes.Element) if "sd-card-title" in one.get("classes", ())]
        links = [one for one in node.findall(nodes.reference) if "sd-stretched-link" in _classes(one)]
        title: list[nodes.Node] = (
            list(titles[0].children) if titles else [nodes.Text(links[0].astext())] if links else []
        )
        for one in [*titles[:1], *links]:
            one.parent.remove(one)
        if links and title:
            link = links[0].copy()
            link["classes"] = []
            link += title
            title = [link]
        node.replace_self(_box(node, title, node.children))


def _box(node: nodes.Element, title: Any, content: Any) -> nodes.Element:
    made = nodes.admonition("", *(nodes.title("", "", *title) for _ in [0] if title), *content, ids=node["ids"])
    made.source, made.line = node.source, node.line
    return made


def _classes(node: nodes.Element) -> list[str]:
    found = list(node["classes"])
    return found + [name for one in node.findall(nodes.inline) for name in one["classes"]]


def configure(_: Sphinx, config: Config) -> None:
    """Let struck words be struck in every edition without MyST's warning that they are not."""
    config.suppress_warnings = [*config.suppress_warnings, "myst.strikethrough"]


class LocatedGlossary(Glossary):
    """Sphinx's, for which MyST counts lines from that of the directive; of definitions it knows so, of terms not."""

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        if self.content.items and self.content.items[0][1] < line:
            first = line + 1 + self.content_offset
            self.content.items = [
                (source, first + place) if text[:1].strip() else item
                for place, (text, item) in enumerate(zip(self.content, self.content.items, strict=True))
            ]
        return super().run()


def visit_line_break(self: Any, _: nodes.Node) -> None:
    """End the line of a web page."""
    self.body.append("<br />")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    app.add_node(html.line_break, html=(visit_line_break, None))
    app.add_directive_to_domain("std", "glossary", LocatedGlossary, override=True)
    app.connect("config-inited", configure)
    app.connect("doctree-read", tick, priority=90)
    app.connect("doctree-read", check, priority=910)
    app.add_post_transform(PlainHtml)
    app.add_post_transform(ExplainAbbreviations)
    app.add_post_transform(PlainComponents)
