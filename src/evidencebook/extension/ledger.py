"""The evidence ledger: a permanent entry for every claim and derived value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from evidencebook.extension import entries
from evidencebook.extension.domain import LEDGER, EvidenceDomain, anchor, domain_of
from evidencebook.extension.trees import Cell, definitions, link
from evidencebook.textfragments import claim_url


class EvidenceLedger(SphinxDirective):
    """``{evidence-ledger}``: one entry per fact, in sections by theme; derived values come last."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        domain = domain_of(self.env)
        evidence = domain.evidence
        numbered = list(enumerate(entries.order(evidence), 1))
        found: list[nodes.Node] = []

        def heading(item: tuple[int, str]) -> str:
            return (
                "Derived values" if item[1] in evidence.derived else str(evidence.claims[item[1]]["theme"]).capitalize()
            )

        for title, group in groupby(numbered, heading):
            section = nodes.section(ids=[f"ledger-section-{title.lower().replace(' ', '-')}"], names=[])
            section += nodes.title(title, title)
            for number, fact_id in group:
                section += self._entry(domain, number, fact_id)
            found.append(section)
        return found

    def _entry(self, domain: EvidenceDomain, number: int, fact_id: str) -> nodes.container:
        domain.note_place(LEDGER, fact_id, self.env.docname)
        evidence = domain.evidence
        is_derived = fact_id in evidence.derived
        row = evidence.derived[fact_id] if is_derived else evidence.claims[fact_id]
        entry = nodes.container(ids=[anchor(LEDGER, fact_id)], classes=["ledger-entry"])
        head = nodes.paragraph(
            "", "", nodes.inline("", str(number), classes=["number"]), nodes.Text(" "), classes=["head"]
        )
        if shown := entries.value(evidence, fact_id):
            head += [nodes.strong("", shown), nodes.Text(". ")]
        head += nodes.Text(f"{row['label']}." if is_derived else str(row["statement"]))
        entry += head
        entry += definitions(self._derived(domain, fact_id) if is_derived else self._claim(domain, fact_id), ["facts"])
        return entry

    def _claim(self, domain: EvidenceDomain, claim_id: str) -> Iterator[tuple[str, Cell]]:
        evidence = domain.evidence
        claim = evidence.claims[claim_id]
        source = evidence.sources[str(claim["source_id"])]
        yield "Voice", f"{claim['speaker']} ({claim['speaker_type']}, {claim['modality']})"
        passage: list[nodes.Node] = [
            entries.source_link(source), nodes.Text(f", paragraph {claim['para']} ("),
            link("open the passage", claim_url(claim, source)), nodes.Text(")"),
        ]  # fmt: skip
        yield "Source", passage
        yield "About", str(claim["scope"])
        yield "Where", entries.place(evidence, claim)
        yield "When", entries.when(claim)
        yield "Rated", entries.rating(claim)
        yield "Note", str(claim["note"] or "")
        yield "Id", claim_id

    def _derived(self, domain: EvidenceDomain, derived_id: str) -> Iterator[tuple[str, Cell]]:
        evidence = domain.evidence
        row = evidence.derived[derived_id]
        yield "Formula", [nodes.literal("", str(row["formula"]))]
        inputs: list[nodes.Node] = []
        for fact_id in evidence.fact(derived_id).inputs:
            inputs += [nodes.Text("; ")] if inputs else []
            shown = (
                entries.value(evidence, fact_id) if fact_id in evidence.claims or fact_id in evidence.derived else ""
            )
            inputs += [entries.fact_link(fact_id, fact_id), nodes.Text(f": {shown}" if shown else "")]
        yield "From", inputs
        yield "Caveat", str(row["caveat"])
        yield "Id", derived_id


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("evidence-ledger", EvidenceLedger)
