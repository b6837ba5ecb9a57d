"""What pages show of the report's entries, as docutils nodes: references, the lines of an account, cards of sources."""

from __future__ import annotations

from docutils import nodes

from evidencebook.evidence.account import EVENT, LEDGER, SOURCE, Line, Link, Part, Reference, Strong
from evidencebook.evidence.sources import publication, short_citation
from evidencebook.pages.domain import EvidenceDomain, anchor
from evidencebook.pages.nodes import Cell, definitions, link, listed
from evidencebook.pages.roles import evidence_reference
from evidencebook.tables.reading import Row

_CLASSES = {LEDGER: "entry", EVENT: "entry", SOURCE: "source"}


def reference(kind: str, entry_id: str, text: str) -> evidence_reference:
    """Return a reference to the entry of that kind and id."""
    return evidence_reference("", text, kind=kind, entry=entry_id, classes=[_CLASSES[kind]])


def source_link(source: Row, text: str = "") -> evidence_reference:
    """Return a reference to the source's page, under its short citation or the text."""
    return reference(SOURCE, str(source["source_id"]), text or short_citation(source))


def line(told: Line) -> list[nodes.Node]:
    """Return the cells of a line of an account; after a full stop nothing but a space parts them."""
    found: list[nodes.Node] = []
    for cell in told.cells:
        if found:
            found.append(nodes.Text(" " if found[-1].astext().endswith(".") else told.between))
        found += map(_part, cell)
    return found


def _part(part: Part) -> nodes.Node:
    if isinstance(part, Reference):
        return reference(part.kind, part.entry_id, part.text)
    if isinstance(part, Link):
        return link(part.text, part.address, ["passage"] if part.is_passage else [])
    return nodes.strong("", part.text) if isinstance(part, Strong) else nodes.Text(part)


def source_card(domain: EvidenceDomain, source_id: str, docname: str) -> nodes.container:
    """Return the card of a source, which becomes the target of its citations."""
    domain.note_place(SOURCE, source_id, docname)
    evidence = domain.evidence
    source = evidence.sources[source_id]
    total, again = (
        sum(claim["source_id"] == source_id for claim in claims.values())
        for claims in (evidence.assertions, evidence.claims)
    )
    is_copy = "yes" if source["is_copy"] else "no"
    kin = [
        row for row in evidence.sources.values()
        if row["origin_cluster"] == source["origin_cluster"] and row["source_id"] != source_id
    ]  # fmt: skip
    pairs: list[tuple[str, Cell]] = [
        ("Title", [link(str(source["title"]), str(source["url"]))]),
        ("Reported by", str(source["outlet_original"])),
        ("Text served by", str(source["outlet_served_by"])),
        ("Byline", str(source["byline"] or "none printed")),
        ("Published", publication(source).removeprefix("published ")),
        ("How dated", str(source["date_basis"])),
        (
            "Copy or rewrite",
            f"{is_copy}{'; from ' + str(source['derived_from']) if source['derived_from'] else ''}",
        ),
        ("Same newsroom", listed([[source_link(row)] for row in kin]) or "no other article of this report"),
        ("Claims taken", f"{total}{f', and {again - total} that say one of them again' * (again > total)}"),
        ("Text as received", f"{source['chars']:,} code points; SHA-256 {source['file_sha256']}"),
        ("Rights", str(source["rights_note"])),
    ]
    card = definitions(pairs, ["source-card"])
    return nodes.container("", card, ids=[anchor(SOURCE, source_id)])
