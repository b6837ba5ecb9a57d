"""Charts in the document tree: one node that each builder writes in its own best form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlsplit

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from evidencebook.charts import MIME, plain
from evidencebook.charts.figures import Figure
from evidencebook.charts.palette import themed
from evidencebook.charts.standalone import size
from evidencebook.pages import refusals
from evidencebook.pages.domain import domain_of
from evidencebook.pages.nodes import Cell, ancestor, link, table
from evidencebook.pages.roles import drawn_sources, name_drawn
from evidencebook.pages.subtypes import Subtype, warn
from evidencebook.pages.typography import curled

SMALL = 600  # pixels; a chart that is no wider was not drawn for a page, whose width it would not fill
MOST_LISTED = 60  # facts; a chart of more counts them, and their list is by theme
BUILDERS = ("html", "dirhtml", "singlehtml", "pdf", "epub")
# What stands in a cell's settings beside the caption of its figure, and what is to be said there.
NOTES = {
    "shows": "what a reader may conclude from the chart",
    "omits": "what a reader may not conclude from it",
}


class chart(nodes.General, nodes.Element):
    """A static chart: the pictures and the alternative text of its `figure`, a Figure."""


class chart_tools(nodes.General, nodes.Element):
    """What belongs below a chart: the notes of its page and the table of its `figure`; `anchor` is the id there."""


class chart_note(nodes.General, nodes.Element):
    """What a figure says of itself beside its caption; `term` is one of NOTES."""


def below(figure: Figure, notes: Iterable[chart_note]) -> chart_tools:
    """Return the node for what belongs below the figure."""
    found = chart_tools("", *notes, figure=figure, anchor="")
    if figure.table:
        found += table(figure.table.columns, ([_shown(cell) for cell in row] for row in figure.table.rows))
    return found


def heading(figure: nodes.figure) -> str:
    """Return how a list of figures names this one: by the title of what it shows, or by its caption."""
    charts = (node["figure"].title for node in figure.findall(chart))
    pictures = (node.get("title") for node in figure.findall(nodes.image))
    captions = (node.astext() for node in figure.findall(nodes.caption))
    return next(filter(None, (*charts, *pictures, *captions)), "")


def cover_picture(env: BuildEnvironment) -> tuple[str, str]:
    """Return the SVG and the title of the chart that the setting `evidence_cover` names; empty where there is none.

    A name that no chart of the book has fails the build.
    """
    name = str(env.config.evidence_cover)
    docname, anchor = env.domaindata["std"]["anonlabels"].get(name, ("", ""))[:2]
    for figure in env.get_doctree(docname).findall(nodes.figure) if docname else ():
        if anchor in figure["ids"] and (drawn := next(figure.findall(chart), None)):
            return str(drawn["figure"].wide.svg), heading(figure)
    if name:
        message = (
            f"_config.yml: evidence_cover names {name!r}, which is no figure with a chart - correct it or leave it out"
        )
        refusals.refuse(env, message, Subtype.COVER, location=None, docname=str(env.config.root_doc))
    return "", ""


def charted(document: nodes.document) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the id of each figure of the page with the facts whose values it draws; one that counts has none."""
    for tools in document.findall(chart_tools):
        facts = tools["figure"].facts
        if tools["anchor"] and len(facts) <= MOST_LISTED:
            yield tools["anchor"], facts


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
        try:
            figure = plain.tabled(Figure.from_text(content))
        except (KeyError, TypeError):  # kept in a notebook by another version; the bundle has a picture as well
            return None
        return [chart(figure=figure), below(figure, notes(renderer.renderer, data))]


def notes(renderer: Any, data: MimeData) -> Iterator[chart_note]:
    """Yield what the cell's settings say beside the caption, read as the caption is."""
    options = renderer.get_cell_level_config("render_figure_options", data.cell_metadata, line=data.line)
    for name in NOTES:
        if str(options.get(name, "")).strip():
            note = chart_note(term=name)
            with renderer.current_node_context(note):
                renderer.nested_render_text(str(options[name]), data.line)
            yield note


def settings(metadata: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what a cell's metadata say below MyST-NB's key of its figure, as its author wrote it."""
    found = metadata.get(key)
    figure = found.get("figure") if isinstance(found, Mapping) else None
    return figure if isinstance(figure, Mapping) else {}


def settle(app: Sphinx, tree: nodes.document) -> None:
    """Move what belongs below a chart behind its figure, and tell of what a figure lacks."""
    for tools in list(tree.findall(chart_tools)):
        figure = ancestor(tools, nodes.figure)
        if figure is not None:
            tools.parent.remove(tools)
            figure.parent.insert(figure.parent.index(figure) + 1, tools)
            tools["anchor"] = figure["ids"][0] if figure["ids"] else ""
            _check_notes(app, tools, figure)
        _check_facts(app, tools)
        if figure is not None:
            name_drawn(app.env, figure, tools["figure"].facts)
    for waiting in tree.findall(drawn_sources):
        message = "'drawn' stands for the sources of a chart that draws facts, in its caption - name each by its id"
        refusals.refuse(app.env, message, Subtype.UNKNOWN_SOURCE, waiting)
    for cell in tree.findall(nodes.container):
        lost = NOTES.keys() & settings(cell.get("cell_metadata", {}), app.config.nb_cell_metadata_key)
        if lost and next(cell.findall(chart_tools), None) is None:
            message = f"what the figure {' and '.join(sorted(lost))} would stand nowhere: it is no chart of Altair - "
            refusals.refuse(app.env, message + "say it in the caption", Subtype.FIGURE_NOTES, cell)


def _check_notes(app: Sphinx, tools: chart_tools, figure: nodes.Element) -> None:
    """Refuse a numbered figure of `charts.figure`, or one that draws facts, that says nothing of what it shows."""
    said = {note["term"] for note in tools.findall(chart_note)}
    if figure["names"] and (tools["figure"].table or tools["figure"].facts):
        for name, what in NOTES.items():
            if name not in said:
                message = f"figure '{figure['names'][0]}' does not say what it {name} - write `{name}: >-` below its "
                message += f"caption, and there {what}"
                refusals.refuse(app.env, message, Subtype.FIGURE_NOTES, figure)


def _check_facts(app: Sphinx, tools: chart_tools) -> None:
    evidence = domain_of(app.env).evidence
    figure: Figure = tools["figure"]
    tools["figure"] = replace(figure, facts=[fact_id for fact_id in figure.facts if evidence.has(fact_id)])
    for fact_id in figure.facts:
        if not evidence.has(fact_id):
            hint = refusals.hint(fact_id, [*evidence.claims, *evidence.derived])
            what = f"a mark of the chart stands for the unknown fact {fact_id!r}{hint}"
            warn(what, Subtype.UNKNOWN_FACT, tools.parent)


def visit_chart_html(self: Any, node: chart) -> None:
    """Write inline SVG that follows the page's colours, for wide windows and for narrow ones."""
    figure: Figure = node["figure"]
    alt = escape(figure.alt, quote=True)
    for form, picture in (("wide", figure.wide), ("narrow", figure.narrow)):
        svg = themed(picture.svg).replace("<svg ", f'<svg role="img" aria-label="{alt}" ', 1)
        is_small = form == "wide" and 0 < size(picture.svg)[0] < SMALL
        self.body.append(f'<div class="chart chart-{form}{" chart-small" * is_small}">{svg}</div>\n')
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Element) -> None:
    """Write nothing: MyST-NB gives these builders the picture or the text itself."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    nothing = (skip, None)
    app.add_config_value("evidence_cover", "", "", types=(str,))
    app.add_node(chart, html=(visit_chart_html, None), text=nothing, man=nothing, texinfo=nothing)
    app.add_node(chart_tools, latex=nothing, text=nothing, man=nothing, texinfo=nothing)
    app.connect("doctree-read", settle, priority=400)  # before others look at the page
    # MyST-NB finds plugins by entry points, which exist only for installed packages; its list is cached and shared,
    # so that adding to it also works when the engine is merely on the path.
    plugins = load_mime_renders()
    if ChartPlugin not in plugins:
        plugins.append(ChartPlugin)
