"""{what-changed}: the editions of a report from the last to the first, each with what it changed and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence.account import LEDGER
from evidencebook.evidence.history import CHANGED, RENAMED, STATED, WITHDRAWN, Change, History
from evidencebook.evidence.phrases import capital
from evidencebook.pages import entries
from evidencebook.pages.directives import EvidenceDirective
from evidencebook.pages.domain import EvidenceDomain, anchor
from evidencebook.pages.nodes import FROM_FACTS, FROM_TABLES, definitions
from evidencebook.pages.subtypes import Subtype
from evidencebook.pages.typography import curled
from evidencebook.values import dates

GONE = "Withdrawn and renamed"


class WhatChanged(EvidenceDirective):
    """``{what-changed}``: what each recorded edition changed, and what has changed since the last."""

    def run(self) -> list[nodes.Node]:
        domain, told = self.domain, self.domain.accounts.history
        if not told.editions:
            return self.refuse(
                "no edition is recorded - `evidencebook edition new VERSION --why …` does it", Subtype.EDITIONS
            )
        pairs: list[tuple[str, Sequence[nodes.Node]]] = []
        if since := list(told.since(domain.evidence)):
            pairs.append((f"Since version {told.last}, in no edition yet", _listed(domain, since)))
        for row in reversed(told.editions):
            version, why = str(row["version"]), str(row["why"])
            changes = [one for one in told.changes if one.version == version]
            released = dates.words(str(row["released"]))
            pairs.append((f"Version {version}, {released}", [nodes.paragraph(why, why), *_listed(domain, changes)]))
        found = definitions(pairs, ["editions"])
        found[FROM_TABLES] = True
        return [found]


def _listed(domain: EvidenceDomain, changes: Sequence[Change]) -> list[nodes.Node]:
    """Return what happened to facts as a list; those that are new without having replaced any are counted."""
    new = sum(one.kind == STATED for one in changes)
    said = f"{new} claims and derived values are new." if new > 1 else "One claim or derived value is new."
    items = [nodes.list_item("", nodes.paragraph("", "", *_told(domain, one))) for one in changes if one.kind != STATED]
    found: list[nodes.Node] = [nodes.paragraph(said, said)] if new else []
    return [*found, nodes.bullet_list("", *items)] if items else found


def _told(domain: EvidenceDomain, one: Change) -> Iterator[nodes.Node]:
    evidence = domain.evidence
    here = domain.accounts.history.renamed or {}
    fact_id = here.get(one.fact_id, one.fact_id)
    label = curled(capital(evidence.fact(fact_id).label.rstrip("."))) if evidence.has(fact_id) else ""
    yield entries.reference(LEDGER, fact_id, label) if label else nodes.literal(fact_id, fact_id)
    before, after = (curled(cell.removesuffix(".")) for cell in (one.before, one.after))
    said = {
        CHANGED: f". Before: {before}." + (f" Now: {after}." if after != label else ""),
        WITHDRAWN: f" was withdrawn. It read: {before}.",
        RENAMED: f" was known as {one.before}.",
    }[one.kind]
    said = f"{said} {one.note}".rstrip()
    yield nodes.inline(said, said, **{FROM_FACTS: [fact_id]})


def gone(domain: EvidenceDomain) -> list[nodes.Node]:
    """Return the section of a ledger that keeps the addresses of entries which were withdrawn or renamed."""
    told: History = domain.accounts.history
    evidence = domain.evidence
    items: list[nodes.Node] = []
    left = {one.fact_id: one for one in told.since(evidence) if one.kind == WITHDRAWN}
    for fact_id, one in sorted({**(told.gone or {}), **left}.items()):
        if not evidence.has(fact_id):
            when = f"after version {told.last}" if fact_id in left else f"in version {one.version}"
            said = f" was withdrawn {when}. It read: {one.before}. {one.note}".rstrip()
            items.append(_notice(fact_id, [nodes.Text(said)]))
    for old, new in sorted((told.renamed or {}).items()):
        if evidence.has(new) and not evidence.has(old):
            led = entries.reference(LEDGER, new, f"entry {domain.accounts.numbers[new]}")
            items.append(_notice(old, [nodes.Text(" was renamed and is now "), led, nodes.Text(f", {new}.")]))
    if not items:
        return []
    title = nodes.title(GONE, GONE, **{FROM_TABLES: True})
    return [nodes.section("", title, *items, ids=["withdrawn"], names=[])]


def _notice(fact_id: str, said: Sequence[nodes.Node]) -> nodes.container:
    text = nodes.paragraph("", "", nodes.literal(fact_id, fact_id), *said, **{FROM_TABLES: True})
    return nodes.container("", text, ids=[anchor(LEDGER, fact_id)], classes=["ledger-gone"])


def setup(app: Sphinx) -> None:
    app.add_directive("what-changed", WhatChanged)
