"""Where facts are used: noted as pages are read, and written into their ledger entries when all are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.pages.charts import chart_tools, charted
from evidencebook.pages.domain import LEDGER, PAPER, SOURCE, EvidenceDomain, Use, domain_of
from evidencebook.pages.nodes import ancestor, listed
from evidencebook.pages.numbering import numbered, page_titles
from evidencebook.pages.roles import evidence_reference

# A chart that draws more facts than are listed below it counts them and shows the value of none.
UNUSED = "In no sentence, and in no figure but those that count claims"

FRONT, OPENING = "Front page", "opening"  # of the report, and of a page before its first section


class fact_uses(nodes.Inline, nodes.Element):
    """The places where the entry's fact is shown, known only when every page is read."""


class page_numbers(nodes.Inline, nodes.Element):
    """The pages of the print edition on which the `targets` stand, with "p." before them."""


def note_uses(app: Sphinx, document: nodes.document) -> None:
    """Note every fact that the page just read shows in a sentence, a table of claims or a figure, with its place."""
    domain = domain_of(app.env)
    docname = app.env.docname
    for node in document.findall(evidence_reference):
        if node["kind"] == LEDGER and _is_use(domain, docname, node):
            if (tools := ancestor(node, chart_tools)) is not None:  # in what its figure shows or omits
                domain.note_use(docname, Use(node["entry"], tools["anchor"], "", "", is_figure=True))
                continue
            section = ancestor(node, nodes.section)
            title = section.next_node(nodes.title) if section else None
            mark = f"use-{nodes.make_id(docname)}-{len(domain.data['uses'].get(docname, ())) + 1}"
            node["ids"] = [mark]
            section_id = section["ids"][0] if section and section["ids"] else ""
            domain.note_use(docname, Use(node["entry"], section_id, title.astext() if title else "", mark))
    for figure, facts in charted(document):
        for fact_id in facts:
            domain.note_use(docname, Use(fact_id, figure, "", figure, is_figure=True))


def _is_use(domain: EvidenceDomain, docname: str, node: evidence_reference) -> bool:
    if "fact" in node["classes"]:
        return True
    table = ancestor(node, nodes.table)
    claim = domain.evidence.claims.get(node["entry"])
    # A source's own page lists all of its claims: that is an inventory and says nothing of what the report uses.
    return (
        table is not None and "claims" in table["classes"] and claim is not None
        and domain.data["places"][SOURCE].get(claim["source_id"]) != docname
    )  # fmt: skip


class ResolveUses(SphinxPostTransform):
    """Write where each fact is used: pages and sections on screen, page numbers in print."""

    default_priority = 7

    def run(self, **_: Any) -> None:
        """Replace every list of uses in the document, and tell its entry whether it has any."""
        waiting = list(self.document.findall(fact_uses))
        if not waiting:
            return
        domain = domain_of(self.env)
        uses, titles = domain.uses(), page_titles(self.env)
        for node in waiting:
            found = uses.get(node["fact_id"], [])
            entry = node.parent
            while "facets" not in entry:
                entry = entry.parent
            entry["facets"] = {**entry["facets"], "used": "yes" if found else "no"}
            if self.app.builder.name not in PAPER:
                node.replace_self(self._places(found, titles) if found else [nodes.Text(UNUSED)])
            elif found:
                node.replace_self(self._pages(found))
            else:  # paper has no room for what is not the case
                item = node.parent.parent.parent
                item.parent.remove(item)

    def _pages(self, found: list[tuple[str, Use]]) -> list[nodes.Node]:
        # Which page a spot stands on is known only when the book is set.
        return [page_numbers(targets=[f"%{docname}#{use.mark}" for docname, use in found])]

    def _places(self, found: list[tuple[str, Use]], titles: Mapping[str, str]) -> list[nodes.Node]:
        groups: list[list[nodes.Node]] = []
        for docname, group in groupby(found, lambda item: item[0]):
            title = FRONT if docname == self.env.config.root_doc else titles[docname]
            places = dict.fromkeys((use.section_id, self._name(docname, use)) for _, use in group)
            if [name for _, name in places] == [OPENING]:
                ((section_id, _),) = places
                groups.append([self._link(docname, section_id, title)])
                continue
            links = [[self._link(docname, place_id, name)] for place_id, name in places]
            groups.append([nodes.Text(f"{title}: "), *listed(links, ", ")])
        return listed(groups)

    def _name(self, docname: str, use: Use) -> str:
        if use.is_figure:
            return numbered(self.env, "figure", docname, use.section_id)
        is_opening = not use.section_id or use.section_title == self.env.titles[docname].astext()
        return OPENING if is_opening else use.section_title

    def _link(self, docname: str, place_id: str, text: str) -> nodes.reference:
        address = self.app.builder.get_relative_uri(self.env.docname, docname) + (f"#{place_id}" if place_id else "")
        return nodes.reference("", text, refuri=address, internal=True, classes=["use"])


def rewrite_if_uses_changed(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the ledger's pages when facts are used elsewhere than at this builder's last build."""
    domain = domain_of(env)
    titles, figures = sorted(page_titles(env).items()), sorted(env.toc_fignumbers.items())
    shown = repr((domain.reading_order(), sorted(domain.data["uses"].items()), titles, figures))
    digest = hashlib.sha256(shown.encode()).hexdigest()
    known: dict[str, str] = domain.data["told"]
    before, known[app.builder.name] = known.get(app.builder.name), digest
    return sorted(domain.ledger_pages()) if before != digest else []


def setup(app: Sphinx) -> None:
    app.add_node(fact_uses)
    app.add_node(page_numbers)
    app.connect("doctree-read", note_uses, priority=600)  # when what belongs below a figure knows it
    app.add_post_transform(ResolveUses)
    app.connect("env-get-updated", rewrite_if_uses_changed, priority=900)  # when figures have their numbers
