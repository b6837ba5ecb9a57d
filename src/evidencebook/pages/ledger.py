"""The evidence ledger: a permanent entry for every claim, derived value and event, with checks, rivals and uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from evidencebook.evidence import sources
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.sources import claim_url, is_loosely_dated, short_citation
from evidencebook.evidence.wording import rounding, stance
from evidencebook.pages import entries, refusals
from evidencebook.pages.domain import EVENT, LEDGER, EvidenceDomain, anchor, domain_of
from evidencebook.pages.ledger_parts import WHOLE, Part
from evidencebook.pages.nodes import FROM_TABLES, Cell, curled, definitions, link, listed
from evidencebook.pages.roles import marker
from evidencebook.pages.uses import fact_uses
from evidencebook.tables.reading import Row
from evidencebook.values import formulas


class ledger_entry(nodes.container):
    """An entry; `facets` holds what a reader may filter by."""


class entries_to_come(nodes.General, nodes.Element):
    """The place of entries, `listed` as pairs of kind and id, while transforms go over the page."""


class EvidenceLedger(SphinxDirective):
    """``{evidence-ledger}``: an entry per fact, in sections by theme; derived values and then events come last.

    With ``:part: 2 of 12`` it holds one of twelve parts, for reports with more entries than one page can bear.
    """

    has_content = False
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"part": str}

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        domain = domain_of(self.env)
        docname = self.env.docname
        writer = _writer(domain)
        try:
            part = Part.parse(self.options["part"]) if "part" in self.options else WHOLE
        except ValueError as error:
            refusals.refuse(self.env, str(error), "ledger", location=self.get_location())
            return []
        domain.note_part(docname, self.lineno, part)
        listed = [(LEDGER, fact_id) for fact_id in writer.numbers]
        listed += [(EVENT, event_id) for event_id in entries.events(domain.evidence)]
        found: list[nodes.Node] = [] if part == WHOLE else [_which(part)]
        for title, group in groupby(part.of(listed), lambda one: writer.theme(*one)):
            section = _section(title)
            listed_here = list(group)
            section += entries_to_come(listed=listed_here)
            for kind, entry_id in listed_here:
                domain.note_place(kind, entry_id, docname)
            found.append(section)
        return found


class WriteEntries(SphinxTransform):
    """Writes the entries when other transforms are done with the page.

    They have nothing to do on entries, and would go over their ten thousands of nodes fifty times, which takes several
    times as long as writing them.
    """

    default_priority = 875  # after quotation marks (855), and before extensions see the page (880)

    def apply(self, **_: Any) -> None:
        """Replace each place by its entries."""
        if getattr(self.app.builder, "shows_nothing", False):  # as where pages are only checked
            return
        writer = _writer(domain_of(self.env))
        for place in list(self.document.findall(entries_to_come)):
            written = [writer.event(name) if kind == EVENT else writer.entry(name) for kind, name in place["listed"]]
            for entry in written:
                for text in list(entry.findall(nodes.Text)):
                    if (typeset := curled(text)) != text:
                        text.parent.replace(text, nodes.Text(typeset))
                entry[FROM_TABLES] = True
            place.replace_self(written)


def _which(part: Part) -> nodes.paragraph:
    """Return what tells a reader, and the filter, that the page is not the whole ledger."""
    said = f"This page holds part {part} of the ledger; the others stand on the pages before and after it."
    return nodes.paragraph(said, said, classes=["ledger-part"], **{FROM_TABLES: True})


@lru_cache(maxsize=1)
def _writer(domain: EvidenceDomain) -> EntryWriter:
    """Return what all parts of a build's ledger share."""
    return EntryWriter(domain.evidence)


def _section(title: str) -> nodes.section:
    name = title.lower().replace(" ", "-")
    return nodes.section("", nodes.title(title, title, **{FROM_TABLES: True}), ids=[f"ledger-section-{name}"], names=[])


class EntryWriter:
    """Writes the entries of one report; `numbers` gives each fact its number, in ledger order."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.numbers = {fact_id: number for number, fact_id in enumerate(entries.order(evidence), 1)}

    def theme(self, kind: str, entry_id: str) -> str:
        """Return the title of the section in which the fact or event stands."""
        if kind == EVENT:
            return "Events"
        if entry_id in self.evidence.derived:
            return "Derived values"
        return entries.capital(self.evidence.theme(str(self.evidence.claims[entry_id]["theme"])))

    def entry(self, fact_id: str) -> ledger_entry:
        """Return the entry of a fact."""
        evidence = self.evidence
        is_derived = fact_id in evidence.derived
        row = evidence.derived[fact_id] if is_derived else evidence.claims[fact_id]
        facets = {
            "theme": self.evidence.theme(str(row["theme"])),
            "source": " ".join(evidence.used_sources(fact_id)),
            "kind": "derived value" if is_derived else str(row["kind"]),
            "voice": "" if is_derived else entries.voice(row),
        }
        entry = ledger_entry(ids=[anchor(LEDGER, fact_id)], classes=["ledger-entry"], facets=facets)
        number = nodes.inline("", str(self.numbers[fact_id]), classes=["number"])
        head = nodes.paragraph("", "", number, nodes.Text(" "), classes=["head"])
        if shown := entries.value(evidence, fact_id):
            per = f" per {row['per']}" if row.values.get("per") else ""
            value = nodes.strong("", f"{entries.capital(shown) if shown == entries.NO_FIGURE else shown}{per}")
            head += [value, *marker(stance(evidence.fact(fact_id))), nodes.Text(". ")]
        head += nodes.Text(f"{entries.capital(row['label'])}." if is_derived else str(row["statement"]))
        entry += head
        entry += definitions(self._derived(row) if is_derived else self._claim(row), ["facts"])
        return entry

    def event(self, event_id: str) -> ledger_entry:
        """Return the entry of an event, which has no number since no sentence shows it as a value."""
        evidence = self.evidence
        row = evidence.events[event_id]
        told_by = self._tell_of.get(event_id, [])
        facets = {
            "theme": "",
            "source": " ".join(evidence.event_sources.get(event_id, ())),
            "kind": "event of the chronology",  # "event" alone is a kind of claim
            "voice": "",
            "used": "",
        }
        entry = ledger_entry(ids=[anchor(EVENT, event_id)], classes=["ledger-entry"], facets=facets)
        shown = nodes.strong("", entries.capital(entries.when(evidence, row)))
        entry += nodes.paragraph("", "", shown, nodes.Text(f". {entries.capital(row['label'])}."), classes=["head"])
        claims: list[list[nodes.Node]] = [
            [entries.fact_link(claim_id, f"entry {self.numbers[claim_id]}")] for claim_id in told_by
        ]
        standing = entries.event_standing(row)
        pairs: list[tuple[str, Cell]] = [
            ("What", str(row.values.get("description") or "")),
            ("Standing", entries.capital(standing)),
            ("How dated", str(row.values.get("date_note") or "")),
            ("Where", entries.place(evidence, row)),
            ("Told of in", listed(claims, ", ")),
            ("Goes into", self._into(event_id)),
            ("Id", entries.permanent(EVENT, event_id)),
        ]
        entry += definitions(pairs, ["facts"])
        return entry

    def _claim(self, claim: Row) -> Iterator[tuple[str, Cell]]:
        evidence = self.evidence
        claim_id = str(claim["claim_id"])
        source = evidence.sources[str(claim["source_id"])]
        yield "Voice", f"{claim['speaker']} ({entries.voice(claim)}, {claim['modality']})"
        doubts = "; day of publication held with low confidence" if is_loosely_dated(source) else ""
        doubts += f"; only a copy or rewrite. From: {source['derived_from']}" if source["is_copy"] else ""
        passage: list[nodes.Node] = [
            entries.source_link(source), nodes.Text(f", paragraph {claim['para']} ("),
            link("open the passage", claim_url(claim, source), ["passage"]), nodes.Text(f"){doubts}"),
        ]  # fmt: skip
        yield "Source", passage
        yield "About", str(claim["scope"])
        where = entries.place(evidence, claim)
        yield "When, where", ", ".join(text for text in (entries.when(evidence, claim), where) if text)
        if claim["event_id"]:
            yield "Tells of", self._event(str(claim["event_id"]))
        yield "Rated", f"{sources.in_words(claim)}. {claim['rating_reason']}"
        yield "Origins", entries.with_links(evidence, self.numbers, entries.origins(evidence, claim_id))
        yield "Checked", listed([_check(row) for row in self._by_claim.get(claim_id, ())])
        yield "Against", listed([self._rival(row, claim_id) for row in self._rivals.get(claim_id, ())])
        yield "Note", entries.with_links(evidence, self.numbers, str(claim["note"] or ""))
        yield from self._onward(claim_id)

    def _derived(self, row: Row) -> Iterator[tuple[str, Cell]]:
        evidence = self.evidence
        derived_id = str(row["derived_id"])
        fact = evidence.fact(derived_id)
        formula = str(row["formula"])
        letters = formulas.letters(formulas.references(formula))
        yield "Formula", formulas.in_words(formula, letters, str(row["unit"]))
        yield "From", listed([self._input(one, letter) for one, letter in letters.items()])
        yield "Rounded", entries.capital(rounding(fact))
        yield "Weakest input", "" if fact.modality == "stated" else fact.modality
        yield "Rests on", listed([self._event(event_id) for event_id in fact.unverified])
        yield "Origins", entries.with_links(evidence, self.numbers, entries.origins(evidence, derived_id))
        yield "Caveat", str(row["caveat"])
        yield from self._onward(derived_id)

    def _input(self, reference: str, letter: str) -> list[nodes.Node]:
        evidence, used_id = self.evidence, reference.removesuffix("@when")
        opening = nodes.Text(f"{letter}: ")
        if used_id in evidence.events:
            event = evidence.events[used_id]
            return [opening, entries.event_link(event), nodes.Text(f", {entries.when(evidence, event)}")]
        is_dated = reference != used_id
        shown = entries.when(evidence, evidence.claims[used_id]) if is_dated else entries.value(evidence, used_id)
        linked = entries.fact_link(used_id, f"entry {self.numbers[used_id]}")
        return [opening, linked, nodes.Text(f", {shown}" if shown else "")]

    def _event(self, event_id: str) -> list[nodes.Node]:
        event = self.evidence.events[event_id]
        standing = entries.event_standing(event)
        return [entries.event_link(event), nodes.Text(f", {standing}" if standing else "")]

    def _into(self, used_id: str) -> list[nodes.Node]:
        labels = {into: str(self.evidence.derived[into]["label"]) for into in self._goes_into.get(used_id, ())}
        return listed([[entries.fact_link(into, label)] for into, label in labels.items()])

    def _onward(self, fact_id: str) -> Iterator[tuple[str, Cell]]:
        yield "Goes into", self._into(fact_id)
        yield "Used on", [fact_uses(fact_id=fact_id)]
        yield "Id", entries.permanent(LEDGER, fact_id)

    def _rival(self, row: Row, claim_id: str) -> list[nodes.Node]:
        other = str(row["claim_b"] if row["claim_a"] == claim_id else row["claim_a"])
        claim = self.evidence.claims[other]
        source = self.evidence.sources[str(claim["source_id"])]
        name = f"entry {self.numbers[other]}, {claim['speaker']}"
        return [
            nodes.Text(f"{row['title']}: "),
            entries.fact_link(other, name),
            nodes.Text(f" ({short_citation(source)})"),
        ]

    @cached_property
    def _by_claim(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(self.evidence, "checks"):
            found[str(row["claim_id"])].append(row)
        return found

    @cached_property
    def _rivals(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(self.evidence, "contradictions"):
            for claim_id in dict.fromkeys((str(row["claim_a"]), str(row["claim_b"]))):
                found[claim_id].append(row)
        return found

    @cached_property
    def _tell_of(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for fact_id in self.numbers:
            if fact_id in self.evidence.claims and (event_id := self.evidence.claims[fact_id]["event_id"]):
                found[event_id].append(fact_id)
        return found

    @cached_property
    def _goes_into(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for derived_id in sorted(self.evidence.derived):
            for fact_id in self.evidence.fact(derived_id).inputs:
                found[fact_id].append(derived_id)
        return found


def _rows(evidence: Evidence, table: str) -> Sequence[Row]:
    return evidence.tables[table].rows if table in evidence.tables else ()


def _check(row: Row) -> list[nodes.Node]:
    opened, url, more = entries.reference(row)
    found: list[nodes.Node] = [
        nodes.Text(f"{entries.question(row)}: "), nodes.strong("", str(row["verdict"])),
        nodes.Text(f". {entries.finding(row)} "),
    ]  # fmt: skip
    return [*found, *([link(opened, url)] if url else []), nodes.Text(more)]


def visit_entry_html(self: Any, node: ledger_entry) -> None:
    """Open the entry with what the filter reads as data attributes."""
    facets = {f"data-{name}": value for name, value in node["facets"].items()}
    self.body.append(self.starttag(node, "div", CLASS="docutils container", **facets))


def depart_entry_html(self: Any, node: ledger_entry) -> None:
    """Close the entry."""
    self.body.append("</div>\n")


def add_filter(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give the ledger's own pages their style sheet and the script of the filter."""
    if page in domain_of(app.env).ledger_pages():
        app.add_css_file("ledger.css")
        app.add_js_file("ledger.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive and what completes its entries."""
    app.add_node(ledger_entry, html=(visit_entry_html, depart_entry_html))
    app.add_directive("evidence-ledger", EvidenceLedger)
    app.add_transform(WriteEntries)
    app.connect("html-page-context", add_filter)
