"""{rests-on}: what of the book falls if a newsroom or an article is withdrawn, known when every page is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.evidence.carrying import Carried, carried, span
from evidencebook.pages.directives import EvidenceDirective
from evidencebook.pages.domain import EvidenceDomain, domain_of
from evidencebook.pages.nodes import FROM_FACTS, Cell, link, table
from evidencebook.pages.numbering import numbered
from evidencebook.pages.subtypes import Subtype

WHAT = ("falls", "ranges")


class rests_on(nodes.General, nodes.Element):
    """The place of a table, `what` being one of WHAT."""


class RestsOn(EvidenceDirective):
    """``{rests-on} falls`` counts what falls with each source, ``ranges`` has what figures would still span."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in WHAT:
            return self.refuse(f"unknown table {self.arguments[0]!r} - use one of {', '.join(WHAT)}", Subtype.RESTS_ON)
        return [rests_on(what=self.arguments[0])]


class WriteRestsOn(SphinxPostTransform):
    """Writes the tables."""

    default_priority = 7

    def run(self, **_: object) -> None:
        places = list(self.document.findall(rests_on))
        if not places:
            return
        domain = domain_of(self.env)
        parts = carried(Path(self.env.srcdir), domain.accounts)
        for place in places:
            place.replace_self(self._falls(domain, parts) if place["what"] == "falls" else self._ranges(domain, parts))

    def _falls(self, domain: EvidenceDomain, parts: list[Carried]) -> nodes.table:
        shown = [(fact_id, docname, use) for fact_id, uses in domain.uses().items() for docname, use in uses]
        figures = {(docname, use.section_id) for _, docname, use in shown if use.is_figure}
        rows: list[list[Cell]] = []
        for part in parts:
            said = sum(one in part.facts and not use.is_figure for one, _, use in shown)
            hit = {(docname, use.section_id) for one, docname, use in shown if one in part.facts and use.is_figure}
            counts = (len(part.claims), len(part.derived), len(part.events), len(part.pairs), said)
            rows.append([_name(part), *map(str, counts), f"{len(hit)} of {len(figures)}"])
        heads = (
            "Withdrawn",
            "Claims",
            "Derived values",
            "Events",
            "Pairs",
            "Values in text",
            "Figures that lose marks",
        )
        return table(heads, rows, ["rests-on"])

    def _ranges(self, domain: EvidenceDomain, parts: list[Carried]) -> nodes.table:
        heads: list[Cell] = ["Withdrawn"]
        rows: list[list[Cell]] = [["nothing"]]
        rows += [[_name(part)] for part in parts]
        for docname, anchor, fact_ids in _figures(domain):
            facts = {one: domain.evidence.fact(one) for one in fact_ids}
            touched = [part for part in parts if part.is_newsroom and not part.facts.isdisjoint(facts)]
            if (whole := span(facts.values())) and len(touched) > 1:
                address = f"{self.app.builder.get_relative_uri(self.env.docname, docname)}#{anchor}"
                leads = link(numbered(self.env, "figure", docname, anchor) or anchor, address)
                leads["internal"] = True
                heads.append([leads])
                left = [span(fact for one, fact in facts.items() if one not in part.facts) for part in parts]
                for row, said in zip(
                    rows, (whole, *("same" if one == whole else one or "nothing" for one in left)), strict=True
                ):
                    row.append([nodes.inline(said, said, **{FROM_FACTS: fact_ids})])
        return table(heads, rows, ["rests-on"])


def _name(part: Carried) -> list[nodes.Node]:
    return [nodes.strong(part.name, part.name) if part.is_newsroom else nodes.Text(part.name)]


def _figures(domain: EvidenceDomain) -> Iterator[tuple[str, str, list[str]]]:
    """Yield page, id and facts of each figure, in reading order."""
    for docname in domain.reading_order():
        drawn: dict[str, list[str]] = {}
        for use in domain.data["uses"].get(docname, ()):
            if use.is_figure and use.fact_id not in drawn.setdefault(use.section_id, []):
                drawn[use.section_id].append(use.fact_id)
        yield from ((docname, anchor, facts) for anchor, facts in drawn.items())


def setup(app: Sphinx) -> None:
    app.add_node(rests_on)
    app.add_directive("rests-on", RestsOn)
    app.add_post_transform(WriteRestsOn)
