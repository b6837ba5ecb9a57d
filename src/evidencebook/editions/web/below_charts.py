"""What stands below a chart of the web edition: notes, data, evidence, citation and files to take away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.build.freshness import CHANGED, is_written
from evidencebook.build.state import Kept
from evidencebook.charts.bundle import EXPLORE, Maker
from evidencebook.charts.figures import Figure
from evidencebook.edition import citation, edition
from evidencebook.editions.web import chart_files
from evidencebook.editions.web.cards import Cards
from evidencebook.editions.web.markup import element
from evidencebook.evidence.phrases import capital
from evidencebook.evidence.sources import short_citation
from evidencebook.pages.charts import MOST_LISTED, chart_note, chart_tools
from evidencebook.pages.domain import LEDGER, domain_of
from evidencebook.pages.nodes import definitions
from evidencebook.pages.numbering import numbered
from evidencebook.pages.subtypes import Subtype, warn
from evidencebook.pages.typography import curled

FOLDER = "_charts"  # of the edition, for files that are named by their content
MADE = "evidence_bundle"  # beside the doctrees, for what takes long to make and seldom changes
TERMS = {"shows": "Shows", "omits": "Does not show"}
SHORT_LIST = 8  # facts that a list shows without being opened


class Below:
    """What the charts of one build share."""

    def __init__(self, app: Sphinx) -> None:
        self._out = Path(app.outdir) / FOLDER
        self.maker = Maker(Path(app.doctreedir) / MADE)
        self.cite(app)

    def cite(self, app: Sphinx) -> None:
        """Say what to cite, as the report is now."""
        root = Path(app.srcdir)
        self.cited = citation(root).sentence(edition(root))

    def make_bundle(self, app: Sphinx, tree: nodes.document) -> None:
        """Begin with what interactive charts need where the page has one."""
        if any(tools["figure"].facts for tools in tree.findall(chart_tools)):
            self.maker.start()

    def finish(self, app: Sphinx, error: Exception | None) -> None:
        """Put Vega beside the specifications, if any page has one."""
        if error is None and not is_written(app) and any(self._out.glob("*.spec.js")):
            made = self.maker.made()
            (self._out / made.name).write_bytes(made.read_bytes())


BELOW = Kept[Below]("below")


class WriteBelow(SphinxPostTransform):
    """Writes what belongs below each chart of the page, and the files that it offers."""

    default_priority = 800  # before tables get their box
    formats = ("html",)

    def run(self, **_: Any) -> None:
        shared = BELOW.of(self.app)
        assert shared is not None, "every builder of web pages has one"
        self._page, self._shared = self.env.docname, shared
        for tools in list(self.document.findall(chart_tools)):
            tools.replace_self(self._written(tools))

    def _written(self, tools: chart_tools) -> element:
        figure, anchor = tools["figure"], tools["anchor"]
        label = numbered(self.env, "figure", self._page, anchor) or "this figure"
        summary = element("", nodes.Text("Notes, data and citation"), tag="summary")
        about = element("", summary, tag="details", classes=["chart-about"])
        said = [(TERMS[note["term"]], note.children) for note in tools.findall(chart_note)]
        about += definitions([*said, *self._notes(figure, label)], ["chart-notes"])
        for twin in list(tools.findall(nodes.table)):
            # A region that scrolls must be reached by keyboard, and told from those of other figures.
            region = {"tabindex": "0", "role": "region", "aria-label": f"Data of {label}"}
            about += element("", twin, tag="div", classes=["twin"], html=region)
        links = nodes.paragraph("", "", *self._links(figure, anchor, label), classes=["chart-links"])
        html = {"role": "group", "aria-label": f"About {label}", "data-figure": anchor}
        html |= self._explored(figure, anchor)
        return element("", links, about, tag="div", classes=["chart-tools"], html=html)

    def _links(self, figure: Figure, anchor: str, label: str) -> Iterator[nodes.Node]:
        """Yield links to files, which are written, and to the figure itself."""
        offered = [("SVG", "picture", ".svg", chart_files.picture(figure))]
        if figure.table:
            offered.insert(0, ("CSV", "data", ".csv", chart_files.table(figure.table)))
        for kind, what, ending, text in offered:
            html = {"href": self._file(anchor or "chart", ending, text), "download": ""}
            html["aria-label"] = f"{kind}: {what} of {label}"
            yield from (element("", nodes.Text(kind), tag="a", html=html), nodes.Text(" "))
        if anchor:
            html = {"href": f"#{anchor}", "aria-label": f"Link to {label}"}
            yield element("", nodes.Text("Link"), tag="a", html=html)

    def _notes(self, figure: Figure, label: str) -> Iterator[tuple[str, Sequence[nodes.Node]]]:
        if figure.facts:
            yield "Evidence", self._evidence(figure.facts)
        elif figure.drawn_from:
            yield "Evidence", [self._drawn_from(figure.drawn_from)]
        title = f": “{figure.title}”" if figure.title else ""
        cited = f"{capital(label)}{title}. In: {self._shared.cited}"
        yield "Cite as", [nodes.inline(cited, cited, classes=["citation"])]

    def _evidence(self, fact_ids: Sequence[str]) -> list[nodes.Node]:
        """Return the facts as links to their entries; of many they are folded, and of very many by theme."""
        listed: list[nodes.Node] = [self._list(fact_ids)]
        if len(fact_ids) > MOST_LISTED:
            order = [*dict.fromkeys(map(self._theme, domain_of(self.env).evidence.claims)), ""]
            themes = {fact_id: self._theme(fact_id) for fact_id in fact_ids}
            by_theme = groupby(sorted(fact_ids, key=lambda one: order.index(themes[one])), themes.__getitem__)
            listed = [node for theme, group in by_theme for node in (nodes.paragraph("", theme), self._list(group))]
        if len(fact_ids) <= SHORT_LIST:
            return listed
        summary = element("", nodes.Text(f"{len(fact_ids)} entries of the evidence ledger"), tag="summary")
        return [element("", summary, *listed, tag="details")]

    def _list(self, fact_ids: Iterable[str]) -> nodes.bullet_list:
        return nodes.bullet_list(
            "", *(nodes.list_item("", nodes.paragraph("", "", self._item(fact_id))) for fact_id in fact_ids)
        )

    def _item(self, fact_id: str) -> nodes.Node:
        evidence = domain_of(self.env).evidence
        row = evidence.claims.get(fact_id) or evidence.derived[fact_id]
        text = curled(str(row.values.get("statement") or capital(row.values.get("label") or fact_id)))
        address = self._address(fact_id)
        return nodes.reference(text, text, refuri=address, internal=True) if address else nodes.Text(text)

    def _drawn_from(self, name: str) -> nodes.reference:
        """Return a link to the table of the book that the chart draws, which holds no facts."""
        docname, anchor, title = self.env.get_domain("std").labels.get(name, ("", "", ""))  # type: ignore[attr-defined]
        if not docname:
            what = f"a chart is drawn from the unknown table {name!r}"
            warn(what, Subtype.UNKNOWN_TABLE, self._page)
        number = numbered(self.env, "table", docname, anchor)
        said = f"The rows of {number}" if number else title or name
        address = f"{self.app.builder.get_relative_uri(self._page, docname)}#{anchor}"
        return nodes.reference(said, said, refuri=address, internal=True)

    def _address(self, fact_id: str) -> str:
        return domain_of(self.env).address(self.app.builder, self._page, LEDGER, fact_id) or ""

    def _theme(self, fact_id: str) -> str:
        """Return the name of a claim's theme; derived values have none of their own."""
        evidence = domain_of(self.env).evidence
        row = evidence.claims.get(fact_id)
        return capital(evidence.theme(str(row.values.get("theme") or ""))) if row else ""

    def _explored(self, figure: Figure, anchor: str) -> dict[str, str]:
        """Write what the chart needs that a reader explores, and return where it is; none where no mark is a fact's."""
        if not figure.facts:
            return {}
        domain = domain_of(self.env)
        cards = Cards(domain.accounts, lambda *_: None)
        facts = {}
        for fact_id in figure.facts:
            (value, text), row = cards.head(fact_id), domain.evidence.claims.get(fact_id)
            sources = map(domain.evidence.sources.__getitem__, domain.evidence.used_sources(fact_id))
            theme = figure.themes.get(str(row.values.get("theme")) if row else "") or self._theme(fact_id)
            # That a fact has no value in figures is nothing to head it with.
            value = value if domain.evidence.fact(fact_id).quantity_interval is not None else ""
            facts[fact_id] = [
                value, text, "; ".join(map(short_citation, sources)), self._address(fact_id), theme
            ]  # fmt: skip
        return {
            "data-spec": self._file(anchor or "chart", ".spec.js", chart_files.script(figure, facts)),
            "data-explore": self._file("explore", ".js", EXPLORE.read_text("utf-8")),
            "data-vega": self._here(self._shared.maker.path.name),
        }

    def _file(self, name: str, ending: str, text: str) -> str:
        """Write a file that pages offer and return its address."""
        data = text.encode("utf-8")
        file = f"{name}.{hashlib.sha256(data).hexdigest()[:10]}{ending}"
        out = Path(self.app.outdir) / FOLDER
        out.mkdir(parents=True, exist_ok=True)
        (out / file).write_bytes(data)
        return self._here(file)

    def _here(self, file: str) -> str:
        return "/".join([*[".."] * self.app.builder.get_target_uri(self._page).count("/"), FOLDER, file])


def add_script(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    """Give pages with charts the small script that copies citations and loads the rest on demand."""
    if tree is not None and any("chart-tools" in node["classes"] for node in tree.findall(element)):
        app.add_css_file("charts.css")
        app.add_js_file("charts.js", loading_method="defer")


def prepare(app: Sphinx) -> None:
    """Set up what the charts of this build share."""
    if app.builder.format != "html":
        return
    shared = BELOW.put(app, Below(app))
    app.connect("doctree-read", shared.make_bundle)
    app.connect("html-page-context", add_script)
    app.connect(CHANGED, shared.cite)
    app.connect("build-finished", shared.finish, priority=800)  # before links are checked


def setup(app: Sphinx) -> None:
    app.add_post_transform(WriteBelow)
    app.connect("builder-inited", prepare)
