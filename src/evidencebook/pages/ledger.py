"""The evidence ledger: a permanent entry for every claim, derived value and event, with checks, rivals and uses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from evidencebook.evidence.account import EVENT, LEDGER, Accounts
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.phrases import capital, voice
from evidencebook.pages import editions, entries, refusals
from evidencebook.pages.domain import anchor, domain_of
from evidencebook.pages.ledger_parts import WHOLE, Part
from evidencebook.pages.nodes import FROM_TABLES, Cell, definitions, entry_head, faceted
from evidencebook.pages.roles import evidence_reference, marker
from evidencebook.pages.subtypes import Subtype
from evidencebook.pages.typography import curl
from evidencebook.pages.uses import fact_uses


class ledger_entry(faceted, nodes.container):
    """An entry."""


class entries_to_come(nodes.General, nodes.Element):
    """The place of entries, `listed` as pairs of kind and id, while transforms go over the page."""


class EvidenceLedger(SphinxDirective):
    """``{evidence-ledger}``: an entry per fact, in sections by theme; derived values and then events come last.

    With ``:part: 2 of 12`` it holds one of twelve parts, for reports with more entries than one page can bear.
    """

    has_content = False
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"part": str}

    def run(self) -> list[nodes.Node]:
        domain = domain_of(self.env)
        docname = self.env.docname
        try:
            part = Part.parse(self.options["part"]) if "part" in self.options else WHOLE
        except ValueError as error:
            refusals.refuse(self.env, str(error), Subtype.LEDGER, location=self.get_location())
            return []
        domain.note_part(docname, self.lineno, part)
        listed = [(LEDGER, fact_id) for fact_id in domain.accounts.numbers]
        listed += [(EVENT, event_id) for event_id in domain.accounts.events]
        found: list[nodes.Node] = [] if part == WHOLE else [_which(part)]
        for title, group in groupby(part.of(listed), lambda one: theme(domain.evidence, *one)):
            section = _section(title)
            listed_here = list(group)
            section += entries_to_come(listed=listed_here)
            for kind, entry_id in listed_here:
                domain.note_place(kind, entry_id, docname)
            found.append(section)
        return [*found, *(editions.gone(domain) if part.place == part.number else ())]


class WriteEntries(SphinxTransform):
    """Writes the entries when other transforms are done with the page.

    They have nothing to do on entries, and would go over their ten thousands of nodes fifty times, which takes several
    times as long as writing them.
    """

    default_priority = 875  # after quotation marks (855), and before extensions see the page (880)

    def apply(self, **_: Any) -> None:
        if getattr(self.app.builder, "shows_nothing", False):  # as where pages are only checked
            return
        accounts = domain_of(self.env).accounts
        for place in list(self.document.findall(entries_to_come)):
            written = [entry(accounts, kind, entry_id) for kind, entry_id in place["listed"]]
            for one in written:
                curl(one)
                one[FROM_TABLES] = True
            place.replace_self(written)


def _which(part: Part) -> nodes.paragraph:
    """Return what tells a reader, and the filter, that the page is not the whole ledger."""
    said = f"This page holds part {part} of the ledger; the others stand on the pages before and after it."
    return nodes.paragraph(said, said, classes=["ledger-part"], **{FROM_TABLES: True})


def _section(title: str) -> nodes.section:
    name = title.lower().replace(" ", "-")
    return nodes.section("", nodes.title(title, title, **{FROM_TABLES: True}), ids=[f"ledger-section-{name}"], names=[])


def theme(evidence: Evidence, kind: str, entry_id: str) -> str:
    """Return the title of the section in which the fact or event stands."""
    if kind == EVENT:
        return "Events"
    if entry_id in evidence.derived:
        return "Derived values"
    return capital(evidence.theme(str(evidence.claims[entry_id]["theme"])))


def entry(accounts: Accounts, kind: str, entry_id: str) -> ledger_entry:
    """Return the entry of a fact or event: its account, where it is used, and its permanent id."""
    account = accounts.of(kind, entry_id)
    facets = _facets(accounts.evidence, kind, entry_id)
    found = ledger_entry(ids=[anchor(kind, entry_id)], classes=["ledger-entry"], facets=facets)
    head = entry_head("", "", classes=["head"])
    if account.number:
        head += [nodes.inline("", str(account.number), classes=["number"]), nodes.Text(" ")]
    if account.value:
        head += [nodes.strong("", account.value), *marker(account.stance), nodes.Text(". ")]
    head += nodes.Text(account.text)
    pairs: list[tuple[str, Cell]] = [(line.term, entries.line(line)) for line in account.lines]
    if kind == LEDGER:
        pairs.append(("Used on", [fact_uses(fact_id=entry_id)]))
    # On screen a link to the entry itself, for those who want to point others to it.
    permanent = evidence_reference("", entry_id, kind=kind, entry=entry_id, classes=["permanent"])
    found += [head, definitions([*pairs, ("Id", [permanent])], ["facts"])]
    return found


def _facets(evidence: Evidence, kind: str, entry_id: str) -> dict[str, str]:
    if kind == EVENT:
        told_by = " ".join(evidence.event_sources.get(entry_id, ()))
        # "event" alone is a kind of claim
        return {"theme": "", "source": told_by, "kind": "event of the chronology", "voice": "", "used": ""}
    claim = evidence.claims.get(entry_id)
    return {
        "theme": evidence.theme(str((claim or evidence.derived[entry_id])["theme"])),
        "source": " ".join(evidence.used_sources(entry_id)),
        "kind": str(claim["kind"]) if claim else "derived value",
        "voice": voice(evidence, claim) if claim else "",
    }


def setup(app: Sphinx) -> None:
    app.add_directive("evidence-ledger", EvidenceLedger)
    app.add_transform(WriteEntries)
