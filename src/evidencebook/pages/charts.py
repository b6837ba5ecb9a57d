"""Charts in the document tree: one node that each builder writes in its own best form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlsplit

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx

from evidencebook.charts import MIME
from evidencebook.charts.palette import themed
from evidencebook.pages.nodes import Cell, curled, link, table

MOST_LISTED = 60  # facts; a chart of more counts them, and their list is by theme
BUILDERS = ("html", "dirhtml", "singlehtml", "pdf", "epub")


class chart(nodes.General, nodes.Element):
    """A static chart: attributes `wide` and `narrow` hold SVG, `alt` the alternative text, `title` its heading."""


class chart_tools(nodes.General, nodes.Element):
    """What belongs below a chart; `content` is what the page's cell gave, the only child the table."""


def below(content: Mapping[str, Any]) -> chart_tools:
    """Return the node for what a cell gave."""
    kept = ("alt", "wide", "specs", "facts", "title", "shows", "omits", "themes", "drawn_from", "table")
    found = chart_tools(content={name: content.get(name) for name in kept})
    if content.get("table"):
        rows = ([_shown(cell) for cell in row] for row in content["table"]["rows"])
        found += table(content["table"]["columns"], rows)
    return found


def charted(document: nodes.document) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the id of each figure of the page with the facts whose values it draws; one that counts has none."""
    for tools in document.findall(chart_tools):
        facts = tools["content"]["facts"]
        if tools.get("figure") and len(facts) <= MOST_LISTED:
            yield tools["figure"], facts


def _shown(cell: object) -> Cell:
    """Return a cell as readers see it; a whole address would take the room of all others, so its host leads there."""
    text = str(cell)
    if text.startswith(("https://", "http://")) and " " not in text:
        return [link(urlsplit(text).netloc.removeprefix("www."), text)]
    return curled(text)


class ChartPlugin:
    """Turns our mime type into nodes for MyST-NB."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        *((builder, MIME, 1) for builder in (*BUILDERS, "latex")),
        # MyST-NB knows no order for a builder of another name; notebooks may also print text or HTML.
        ("pdf", "image/svg+xml", 20), ("pdf", "image/png", 30), ("pdf", "text/html", 40), ("pdf", "text/plain", 50),
    ]  # fmt: skip

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return the chart and what belongs below it, or None for other mime types."""
        if inline or data.mime_type != MIME:
            return None
        content: Any = data.content
        drawn = {name: content[name] for name in ("alt", "wide", "narrow", "title")}
        return [chart(**drawn), below(content)]


def visit_chart_html(self: Any, node: chart) -> None:
    """Write inline SVG that follows the page's colours, for wide windows and for narrow ones."""
    alt = escape(node["alt"], quote=True)
    for form in ("wide", "narrow"):
        svg = themed(node[form]).replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)
        self.body.append(f'<div class="chart chart-{form}">{svg}</div>\n')
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Element) -> None:
    """Write nothing: MyST-NB gives these builders the picture or the text itself."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the nodes and the MyST-NB plugin."""
    nothing = (skip, None)
    app.add_node(
        chart,
        html=(visit_chart_html, None),
        text=nothing,
        man=nothing,
        texinfo=nothing,
    )
    # MyST-NB finds plugins by entry points, which exist only for installed packages; its list is cached and shared,
    # so that adding to it also works when the engine is merely on the path.
    plugins = load_mime_renders()
    if ChartPlugin not in plugins:
        plugins.append(ChartPlugin)
