"""Claim cards: what stands behind each fact of a page, carried once by the page for the script that opens it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import account
from evidencebook.evidence.account import Accounts, Link, Strong
from evidencebook.evidence.sources import claim_url
from evidencebook.pages.domain import domain_of
from evidencebook.pages.typography import curled
from evidencebook.tables.reading import Row

# Shorter ones cost as much as the number that would stand for them.
SHORTEST_SHARED = 4

# Text, or a link as [text, address] or [text, start of the address, rest of it]; a number stands for a shared string.
Part: TypeAlias = str | int | list[str]
Cell: TypeAlias = list[Part]
# The address of the entry of a kind and id as seen from the page; None where no page holds it.
Address: TypeAlias = Callable[[str, str], str | None]


class Cards:
    """The cards of a page, as data that the script turns into elements."""

    def __init__(self, accounts: Accounts, address: Address) -> None:
        self._accounts = accounts
        self._address = address

    def card(self, fact_id: str) -> dict[str, Any]:
        """Return value, text, rows of [term, cells] and links of the fact's card."""
        told = self._accounts.fact(fact_id)
        value, text = self.head(fact_id)
        rows = [[line.term, [self._cell(cell) for cell in line.on_card]] for line in told.lines if line.on_card]
        claim = self._accounts.evidence.claims.get(fact_id)
        links = [self._passage(claim)] if claim else []
        return {"value": value, "text": text, "rows": rows, "links": links}

    def head(self, fact_id: str) -> tuple[str, str]:
        """Return value and text of the fact's card."""
        told = self._accounts.fact(fact_id)
        return told.value + (f" ({told.stance})" if told.stance else ""), curled(told.text)

    def _cell(self, cell: account.Cell) -> Cell:
        """Return the cell with texts that follow each other in one, and the quotation marks of print."""
        found: Cell = []
        for part in map(self._part, cell):
            if isinstance(part, str) and found and isinstance(found[-1], str):
                part = f"{found.pop()}{part}"
            found.append(part)
        return [curled(part) if isinstance(part, str) else part for part in found]

    def _part(self, part: account.Part) -> Part:
        if isinstance(part, str):
            return part
        if isinstance(part, Link):
            return [curled(part.text), part.address]
        if isinstance(part, Strong) or not (address := self._address(part.kind, part.entry_id)):
            return part.text
        page, _, anchor = address.rpartition("#")
        # Within a single page, Sphinx names the part of the page first: "#document-x#anchor".
        return [curled(part.text), page.partition("#")[0], f"#{anchor}"]

    def _passage(self, claim: Row) -> list[str]:
        source = self._accounts.evidence.sources[claim["source_id"]]
        page, outlet = str(source["url"]), str(source["outlet_served_by"]).partition(" (")[0]
        return [curled(f"Open the passage at {outlet}"), page, claim_url(claim, source).removeprefix(page)]


def script(accounts: Accounts, fact_ids: Iterable[str], address: Address) -> str:
    """Return the script element with the cards of these facts, each once; nothing where there are none."""
    cards = Cards(accounts, address)
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


def add_cards(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the cards of a page's facts at the end of its text, with the script and style sheet that only they need."""
    if doctree is None or app.builder.format != "html" or app.builder.name in {"pdf", "epub"}:
        return
    shown = [link["evidence_id"] for link in doctree.findall(nodes.reference) if "fact" in link["classes"]]
    if shown:
        domain = domain_of(app.env)
        context["body"] += script(domain.accounts, shown, partial(domain.address, app.builder, page))
        app.add_css_file("cards.css")
        app.add_js_file("cards.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", add_cards)
