"""What stands below a chart of the web edition: notes, data, evidence, citation and files to take away."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

from evidencebook.build.freshness import is_written
from evidencebook.charts.bundle import EXPLORE, Maker
from evidencebook.charts.figures import Figure, Table
from evidencebook.charts.palette import LIGHT, themed
from evidencebook.edition import citation, edition
from evidencebook.editions.web.cards import Cards
from evidencebook.evidence.phrases import capital
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import NBSP
from evidencebook.pages.charts import MOST_LISTED, chart_note, chart_tools
from evidencebook.pages.domain import LEDGER, domain_of
from evidencebook.pages.nodes import curled
from evidencebook.tables.reading import FORMULA_STARTS, PLAIN_NUMBER

LOGGER = getLogger(__name__)
FOLDER = "_charts"  # of the edition, for files that are named by their content
MADE = "evidence_bundle"  # beside the doctrees, for what takes long to make and seldom changes
TERMS = {"shows": "Shows", "omits": "Does not show"}
SHORT_LIST = 8  # facts that a list shows without being opened


class Below:
    """What the charts of one build share."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._out = Path(app.outdir) / FOLDER
        self._maker = Maker(Path(app.doctreedir) / MADE)

    @cached_property
    def _cited(self) -> str:
        root = Path(self._app.srcdir)
        return citation(root).sentence(edition(root))

    def make_bundle(self, app: Sphinx, tree: nodes.document) -> None:
        """Begin with what interactive charts need where the page has one."""
        if any(tools["figure"].facts for tools in tree.findall(chart_tools)):
            self._maker.start()

    def add_script(self, app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
        """Give pages with charts the small script that copies citations and loads the rest on demand."""
        if tree is not None and next(iter(tree.findall(chart_tools)), None) is not None:
            app.add_css_file("charts.css")
            app.add_js_file("charts.js", loading_method="defer")

    def finish(self, app: Sphinx, error: Exception | None) -> None:
        """Put Vega beside the specifications, if any page has one."""
        if error is None and not is_written(app) and any(self._out.glob("*.spec.js")):
            made = self._maker.made()
            (self._out / made.name).write_bytes(made.read_bytes())

    def opened(self, node: chart_tools, page: str, said: str) -> str:
        """Return the HTML up to the table, and write the files that it offers; `said` are the notes of the page."""
        figure, anchor = node["figure"], node["anchor"]
        name = anchor or "chart"
        here = "/".join([*[".."] * self._app.builder.get_target_uri(page).count("/"), FOLDER])
        label = self._label(page, anchor)
        links = []
        if figure.table:
            links.append(("CSV", "data", self._file(name, ".csv", csv_of(figure.table))))
        links.append(("SVG", "picture", self._file(name, ".svg", svg_of(figure.wide.svg, figure.alt))))
        shown = [
            f'<a href="{here}/{escape(file)}" download aria-label="{kind}: {what} of {escape(label)}">{kind}</a>'
            for kind, what, file in links
        ]
        if anchor:
            shown.append(f'<a href="#{escape(anchor)}" aria-label="Link to {escape(label)}">Link</a>')
        explored = self._explored(figure, name, page)
        data = f' data-figure="{escape(anchor)}"'
        if explored:
            own = self._file("explore", ".js", EXPLORE.read_text("utf-8"))
            needed = {"spec": explored, "explore": own, "vega": self._maker.path.name}
            data += "".join(f' data-{use}="{here}/{file}"' for use, file in needed.items())
        notes = said + "".join(f"<dt>{term}</dt><dd>{said}</dd>" for term, said in self._notes(figure, page, label))
        # A region that scrolls must be reached by keyboard, and told from those of other figures.
        region = (
            f'<div class="twin" tabindex="0" role="region" aria-label="Data of {escape(label)}">'
            if figure.table
            else ""
        )
        return (
            f'<div class="chart-tools" role="group" aria-label="About {escape(label)}"{data}>\n'
            f'<p class="chart-links">{" ".join(shown)}</p>\n'
            f'<details class="chart-about"><summary>Notes, data and citation</summary>\n'
            f'<dl class="chart-notes">{notes}</dl>\n{region}'
        )

    def closed(self, node: chart_tools) -> str:
        """Return the HTML after the table."""
        return ("</div>" if node["figure"].table else "") + "</details>\n</div>\n"

    def _label(self, page: str, anchor: str) -> str:
        numbers = self._app.env.toc_fignumbers.get(page, {}).get("figure", {}).get(anchor)
        form = str(self._app.config.numfig_format.get("figure", "Fig. %s"))
        return form % ".".join(map(str, numbers)) if numbers else "this figure"

    def _notes(self, figure: Figure, page: str, label: str) -> Iterator[tuple[str, str]]:
        if figure.facts:
            yield "Evidence", self._evidence(figure.facts, page)
        elif figure.drawn_from:
            yield "Evidence", self._drawn_from(figure.drawn_from, page)
        title = f": “{figure.title}”" if figure.title else ""
        cited = f"{capital(label)}{title}. In: {self._cited}"
        yield "Cite as", f'<span class="citation">{escape(cited)}</span>'

    def _evidence(self, fact_ids: Sequence[str], page: str) -> str:
        domain = domain_of(self._app.env)

        def item(fact_id: str) -> str:
            row = domain.evidence.claims.get(fact_id) or domain.evidence.derived[fact_id]
            text = escape(curled(str(row.values.get("statement") or capital(row.values.get("label") or fact_id))))
            address = self._address(page, fact_id)
            return f'<li><a href="{escape(address)}">{text}</a></li>' if address else f"<li>{text}</li>"

        if len(fact_ids) <= MOST_LISTED:
            listed = f"<ul>{''.join(map(item, fact_ids))}</ul>"
        else:
            order = [*dict.fromkeys(self._theme(fact_id) for fact_id in domain.evidence.claims), ""]
            themes = {fact_id: self._theme(fact_id) for fact_id in fact_ids}
            by_theme = groupby(sorted(fact_ids, key=lambda one: order.index(themes[one])), themes.__getitem__)
            listed = "".join(f"<p>{escape(theme)}</p><ul>{''.join(map(item, group))}</ul>" for theme, group in by_theme)
        if len(fact_ids) <= SHORT_LIST:
            return listed
        return f"<details><summary>{len(fact_ids)} entries of the evidence ledger</summary>{listed}</details>"

    def _theme(self, fact_id: str) -> str:
        """Return the name of a claim's theme; derived values have none of their own."""
        evidence = domain_of(self._app.env).evidence
        row = evidence.claims.get(fact_id)
        return capital(evidence.theme(str(row.values.get("theme") or ""))) if row else ""

    def _drawn_from(self, name: str, page: str) -> str:
        """Return a link to the table of the book that the chart draws, which holds no facts."""
        env, builder = self._app.env, self._app.builder
        docname, anchor, title = env.get_domain("std").labels.get(name, ("", "", ""))  # type: ignore[attr-defined]
        if not docname:
            what = f"a chart is drawn from the unknown table {name!r}"
            LOGGER.warning(what, location=page, type="evidence", subtype="unknown_table")
        numbers = env.toc_fignumbers.get(docname, {}).get("table", {}).get(anchor, ())
        form = str(self._app.config.numfig_format.get("table", "Table %s"))
        said = f"The rows of {form % '.'.join(map(str, numbers))}" if numbers else title or name
        return f'<a href="{escape(builder.get_relative_uri(page, docname))}#{escape(anchor)}">{escape(said)}</a>'

    def _address(self, page: str, fact_id: str) -> str:
        domain = domain_of(self._app.env)
        return domain.address(self._app.builder, page, LEDGER, fact_id) or ""

    def _explored(self, figure: Figure, name: str, page: str) -> str:
        """Write the script with specifications and facts and return its name; nothing where no mark is a fact's."""
        if not figure.facts:
            return ""
        domain = domain_of(self._app.env)
        cards = Cards(domain.accounts, lambda *_: None)
        facts = {}
        for fact_id in figure.facts:
            card = cards.card(fact_id)
            sources = "; ".join(
                short_citation(domain.evidence.sources[s]) for s in domain.evidence.used_sources(fact_id)
            )
            row = domain.evidence.claims.get(fact_id)
            theme = figure.themes.get(str(row.values.get("theme")) if row else "") or self._theme(fact_id)
            is_in_figures = domain.evidence.fact(fact_id).quantity_interval is not None
            value = card["value"] if is_in_figures else ""  # that it has none is nothing to head it with
            facts[fact_id] = [value, card["text"], sources, self._address(page, fact_id), theme]
        specs = {"wide": _without_address(figure.wide.spec), "narrow": _without_address(figure.narrow.spec)}
        data = json.dumps({**specs, "facts": facts}, ensure_ascii=False, sort_keys=True)
        # Colours follow the page: SVG takes custom properties wherever it takes a colour.
        return self._file(name, ".spec.js", f"document.currentScript.chart = {themed(data)};\n")

    def _file(self, name: str, ending: str, text: str) -> str:
        data = text.encode("utf-8")
        file = f"{name}.{hashlib.sha256(data).hexdigest()[:10]}{ending}"
        self._out.mkdir(parents=True, exist_ok=True)
        (self._out / file).write_bytes(data)
        return file


def _without_address(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the specification without its schema's address, which nobody is to ask."""
    return {name: value for name, value in spec.items() if name != "$schema"}


def csv_of(shown: Table) -> str:
    """Return the table as CSV, its cells as printed; none of them is run as a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_harmless(str(name)) for name in shown.columns])
    writer.writerows([_harmless(str(cell)) for cell in row] for row in shown.rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    cell = cell.replace(NBSP, " ")
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(cell) else cell


def svg_of(picture: str, alternative: str) -> str:
    """Return the picture as a file of its own: on paper, and with its text for those who cannot see it."""
    opening, _, rest = picture.partition(">")
    opening += f' role="img" style="background:{LIGHT["paper"]}"><title>{escape(alternative)}</title>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{rest}\n'


def below_of(app: Sphinx) -> Below:
    """Return what the charts of the build share."""
    found: Below = app.evidence_below  # type: ignore[attr-defined]
    return found


def visit_html(self: Any, node: chart_tools) -> None:
    start = len(self.body)
    for note in list(node.findall(chart_note)):
        note.walkabout(self)
        node.remove(note)
    said = "".join(self.body[start:])
    self.body[start:] = [below_of(self.builder.app).opened(node, self.docnames[-1], said)]


def depart_html(self: Any, node: chart_tools) -> None:
    """Close what the visit opened."""
    self.body.append(below_of(self.builder.app).closed(node))


def visit_note_html(self: Any, node: chart_note) -> None:
    """Write the note; what is one paragraph needs no tag of its own."""
    self.body.append(f"<dt>{TERMS[node['term']]}</dt><dd>")
    is_one = len(node) == 1 and isinstance(node[0], nodes.paragraph)
    for child in (node[0] if is_one else node).children:
        child.walkabout(self)
    self.body.append("</dd>")
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Element) -> None:
    raise nodes.SkipNode


def prepare(app: Sphinx) -> None:
    """Set up what the charts of this build share."""
    shared = Below(app)
    app.evidence_below = shared  # type: ignore[attr-defined]
    app.connect("doctree-read", shared.make_bundle)
    if app.builder.format == "html":
        app.connect("html-page-context", shared.add_script)
        app.connect("build-finished", shared.finish, priority=800)  # before links are checked


def setup(app: Sphinx) -> None:
    nothing = (skip, None)
    app.add_node(chart_note, html=(visit_note_html, None))
    app.add_node(chart_tools, html=(visit_html, depart_html), latex=nothing, text=nothing, man=nothing, texinfo=nothing)
    app.connect("builder-inited", prepare)
