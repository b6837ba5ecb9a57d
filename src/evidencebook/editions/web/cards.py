"""Claim cards: what stands behind each fact of a page, carried once by the page for the script that opens it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import sources
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.sources import claim_url, publication
from evidencebook.evidence.wording import rounding, stance
from evidencebook.pages import entries
from evidencebook.pages.domain import EVENT, LEDGER, domain_of
from evidencebook.pages.entries import capital
from evidencebook.pages.nodes import curled
from evidencebook.tables.reading import Row
from evidencebook.values import formulas

# Shorter ones cost as much as the number that would stand for them.
SHORTEST_SHARED = 4

MODALITIES = {
    "stated": "stated without reserve",
    "hearsay": "passed on as hearsay",
    "rumoured": "given as rumour",
    "projected": "about the future, or conditional",
    "disputed": "contested by others",
    "inferred": "the voice's own conclusion",
}

# Text, or a link as [text, address] or [text, start of the address, rest of it]; a number stands for a shared string.
Part: TypeAlias = str | int | list[str]
Cell: TypeAlias = list[Part]
# The address of the entry of a kind and id as seen from the page; None where no page holds it.
Address: TypeAlias = Callable[[str, str], str | None]


class Cards:
    """The cards of a page, as data that the script turns into elements."""

    def __init__(self, evidence: Evidence, address: Address) -> None:
        self._evidence = evidence
        self._address = address
        self._checks: dict[str, list[Row]] = defaultdict(list)
        for row in _rows(evidence, "checks"):
            self._checks[row["claim_id"]].append(row)
        self._contradictions: dict[str, list[str]] = defaultdict(list)
        for row in _rows(evidence, "contradictions"):
            for column in ("claim_a", "claim_b"):
                self._contradictions[row[column]].append(row["title"])
        newsrooms: dict[str, dict[str, None]] = defaultdict(dict)
        for source in evidence.sources.values():
            newsrooms[source["origin_cluster"]][source["outlet_original"]] = None
        self._newsrooms = {cluster: " / ".join(names) for cluster, names in newsrooms.items()}

    def card(self, fact_id: str) -> dict[str, Any]:
        """Return value, text, rows of [term, cells] and links of the fact's card."""
        if fact_id in self._evidence.derived:
            row = self._evidence.derived[fact_id]
            text, rows, links = f"{capital(row['label'])}.", self._derived(row), []
        else:
            row = self._evidence.claims[fact_id]
            text, rows, links = row["statement"], self._claim(row), [self._passage(row)]
        value = entries.value(self._evidence, fact_id)
        value += f" per {row['per']}" if row.values.get("per") else ""
        said = stance(self._evidence.fact(fact_id))
        value += f" ({said})" if said else ""
        kept = [[term, cells] for term, cells in rows if cells]
        curled_card: dict[str, Any] = _curled({"value": value, "text": text, "rows": kept, "links": links})
        return curled_card

    def _claim(self, claim: Row) -> Iterator[tuple[str, list[Cell]]]:
        claim_id = claim["claim_id"]
        kind = capital(entries.voice(claim))
        yield "Who says so", [[claim["speaker"]], [f"{kind}, {modality_words(claim['modality'])}"]]
        yield "Rated", [[sources.in_words(claim)], [claim["rating_reason"]]]
        yield "Through", [[_route(self._evidence.sources[claim["source_id"]])]]
        when = entries.when(self._evidence, claim)
        yield "When", _text(f"{when} (stated in the passage)" if claim["when_basis"] == "stated" else when)
        yield "Where", _text(entries.place(self._evidence, claim))
        yield "About", _text(claim["scope"])
        yield "Tells of", [self._event(claim["event_id"])] if claim["event_id"] else []
        yield "Origins", _text(self._origins(claim_id, {}))
        yield "Checked", [_check(row) for row in self._checks[claim_id]]
        titles = self._contradictions[claim_id]
        pulls = f"{len(titles)} contradiction{'s' if len(titles) > 1 else ''}: {'; '.join(titles)}"
        yield "Stands in", _text(pulls if titles else "")

    def _derived(self, row: Row) -> Iterator[tuple[str, list[Cell]]]:
        references = formulas.references(row["formula"])
        letters = formulas.letters(references)
        yield "Formula", _text(formulas.in_words(row["formula"], letters, row["unit"]))
        yield "With", [[f"{letters[reference]}: ", *self._input(reference)] for reference in references]
        fact = self._evidence.fact(row["derived_id"])
        yield "Rounded", _text(capital(rounding(fact)))
        yield "Caveat", _text(row["caveat"])
        yield "Weakest input", _text("" if fact.modality == "stated" else modality_words(fact.modality))
        yield "Rests on", [self._event(event_id) for event_id in fact.unverified]
        yield "Origins", _text(self._origins(row["derived_id"], letters))

    def _input(self, reference: str) -> Cell:
        evidence = self._evidence
        fact_id = reference.removesuffix("@when")
        if fact_id in evidence.events:
            event = evidence.events[fact_id]
            note = str(event.values.get("date_note") or "")
            linked = self._linked(event["label"], EVENT, fact_id)
            return [f"{entries.when(evidence, event)}. ", linked, *([f". {note}"] if note else [])]
        row = evidence.claims.get(fact_id) or evidence.derived[fact_id]
        is_dated = reference != fact_id
        value = entries.when(evidence, row) if is_dated else entries.value(evidence, fact_id)
        name = capital(str(row.values.get("label") or row.values.get("statement"))).rstrip(".")
        return [f"{value}. ", self._linked(name, LEDGER, fact_id)]

    def _event(self, event_id: str) -> Cell:
        event = self._evidence.events[event_id]
        standing = entries.event_standing(event)
        return [self._linked(event["label"], EVENT, event_id), *([f"; {standing}"] if standing else [])]

    def _linked(self, name: str, kind: str, entry_id: str) -> Part:
        address = self._address(kind, entry_id)
        if address is None:
            return name
        page, _, anchor = address.rpartition("#")
        # Within a single page, Sphinx names the part of the page first: "#document-x#anchor".
        return [name, page.partition("#")[0], f"#{anchor}"]

    def _origins(self, fact_id: str, letters: Mapping[str, str]) -> str:
        names = sorted(self._newsrooms[cluster] for cluster in self._evidence.origins(fact_id))
        counted = f"{len(names)} independent origin{'s' if len(names) > 1 else ''}: {', '.join(names)}"
        outside = " and ".join(letters[f"{event_id}@when"] for event_id in self._evidence.dated_outside(fact_id))
        parts = (counted if names else "none among the sources", f"{outside} {entries.OUTSIDE}" if outside else "")
        return "; ".join(part for part in parts if part)

    def _passage(self, claim: Row) -> list[str]:
        source = self._evidence.sources[claim["source_id"]]
        page, outlet = str(source["url"]), str(source["outlet_served_by"]).partition(" (")[0]
        return [f"Open the passage at {outlet}", page, claim_url(claim, source).removeprefix(page)]


def modality_words(modality: str) -> str:
    """Return how the voice stands to what it says: "given as rumour"; a modality of the report's own as it is."""
    return MODALITIES.get(modality, modality)


def _curled(value: Any) -> Any:
    """Return the parts of a card with the quotation marks of print."""
    if isinstance(value, dict):
        return {key: _curled(one) for key, one in value.items()}
    return [_curled(one) for one in value] if isinstance(value, list | tuple) else curled(str(value))


def script(evidence: Evidence, fact_ids: Iterable[str], address: Address) -> str:
    """Return the script element with the cards of these facts, each once; nothing where there are none."""
    cards = Cards(evidence, address)
    made = {fact_id: cards.card(fact_id) for fact_id in dict.fromkeys(fact_ids)}
    if not made:
        return ""
    shared, lean = _shared(made)
    data = json.dumps({"strings": shared, "cards": lean}, ensure_ascii=False, separators=(",", ":"))
    # "</script" or "<!--" inside a string would end or hide the element.
    data = data.replace("<", "\\u003c")
    return f'<script type="application/json" class="evidence-cards">{data}</script>\n'


def _shared(made: dict[str, Any]) -> tuple[list[str], Any]:
    """Factor out the strings that occur more than once; numbers stand for them in what is left."""
    counts = Counter(text for text in _strings(made) if len(text) >= SHORTEST_SHARED)
    numbers = {text: number for number, text in enumerate(text for text, count in counts.items() if count > 1)}

    def lean(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: lean(one) for key, one in value.items()}
        return [lean(one) for one in value] if isinstance(value, list) else numbers.get(value, value)

    return list(numbers), lean(made)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _rows(evidence: Evidence, table: str) -> Sequence[Row]:
    return evidence.tables[table].rows if table in evidence.tables else ()


def _text(text: str) -> list[Cell]:
    return [[text]] if text else []


def _route(source: Row) -> str:
    published = publication(source)
    if not source["is_copy"]:
        return f"{source['outlet_original']}, {published}"
    original = source["derived_from"] or source["outlet_original"]
    return f"{source['outlet_served_by']}, {published}; only a copy or rewrite. From: {original}"


def _check(row: Row) -> Cell:
    opened, url, more = entries.reference(row)
    linked: Cell = [[opened, url]] if url else []
    return [f"{entries.question(row)}: {row['verdict']}. {entries.finding(row)} ", *linked, *([more] if more else [])]


def add_cards(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the cards of a page's facts at the end of its text, with the script and style sheet that only they need."""
    if doctree is None or app.builder.format != "html" or app.builder.name in {"pdf", "epub"}:
        return
    shown = [link["evidence_id"] for link in doctree.findall(nodes.reference) if "fact" in link["classes"]]
    if shown:
        domain = domain_of(app.env)
        context["body"] += script(domain.evidence, shown, partial(domain.address, app.builder, page))
        app.add_css_file("cards.css")
        app.add_js_file("cards.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the cards."""
    app.connect("html-page-context", add_cards)
