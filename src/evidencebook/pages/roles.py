"""The roles {fact}, {src}, {value} and {count}, whose words come from the tables, and {typed} for words that do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from evidencebook.edition import citation, edition
from evidencebook.evidence import counts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Fact, UnknownFact, is_outside, measured
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import WordingError, is_told, words
from evidencebook.pages import refusals
from evidencebook.pages.domain import LEDGER, PAPER, ROW, SOURCE, domain_of
from evidencebook.pages.nodes import DOUBTFUL, FROM_TABLES, REASON, listed
from evidencebook.pages.subtypes import Subtype
from evidencebook.values import dates

DRAWN = "drawn"
POINTER = re.compile(r"entry \d+")  # names an entry and says nothing of what stands there
SHORT = 16  # letters of a value that fits on a line of the narrowest window


class evidence_reference(nodes.Inline, nodes.TextElement):
    """A fact or citation in a sentence, before the builder knows where its entry stands."""


def marker(said: str, classes: Sequence[str] = ()) -> list[Node]:
    """Return what says a value's stance beside it, such as "(unconfirmed)"; nothing where there is none to say."""
    return [nodes.inline("", f" ({said})", classes=["modality", *classes])] if said else []


class FactRole(SphinxRole):
    """``{fact}`id``` or ``{fact}`id|form```: the value in words that carry its qualifier."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        fact_id, _, form = (part.strip() for part in self.text.partition("|"))
        domain = domain_of(self.env)
        try:
            fact = domain.evidence.fact(fact_id)
            text = words(fact, form or None)
        except UnknownFact as error:
            return refused(
                self, f"unknown fact {fact_id!r}{refusals.did_you_mean(error.suggestions)}", Subtype.UNKNOWN_FACT
            )
        except WordingError as error:
            return refused(self, f"{fact_id}: {error}", Subtype.WORDING)
        node = evidence_reference(self.rawtext, text, kind=LEDGER, entry=fact_id, classes=_classes("fact", fact))
        node[FROM_TABLES] = True
        if "–" in text and len(text) <= SHORT:
            node["classes"].append("is-whole")  # a dash lets a line end there, in the middle of a value
        # Whoever looks sees a dashed line, which a screen reader and the clipboard do not carry.
        node += marker("" if is_told(form) else doubt(fact), ["visually-hidden"])
        self.set_source_info(node)
        return [node], []


def _classes(name: str, fact: Fact) -> list[str]:
    return [name, *([DOUBTFUL] if doubt(fact) else [])]


class drawn_sources(nodes.Inline, nodes.Element):
    """Where a caption names the sources of what its chart draws, before the chart is known."""


class SourceRole(SphinxRole):
    """``{src}`source-id```: outlet and year, linking to the source's page; ``{src}`drawn```: all that a chart draws."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        source_id = self.text.strip()
        sources = domain_of(self.env).evidence.sources
        if source_id == DRAWN:
            waiting = drawn_sources()
            self.set_source_info(waiting)
            return [waiting], []
        if source_id not in sources:
            message = f"unknown source {source_id!r}{refusals.hint(source_id, sources)}"
            return refused(self, message, Subtype.UNKNOWN_SOURCE)
        node = cited(self.env, source_id, self.rawtext)
        self.set_source_info(node)
        return [node], []


def cited(env: BuildEnvironment, source_id: str, rawtext: str = "") -> evidence_reference:
    """Return the citation of a source, which leads to its page."""
    text = short_citation(domain_of(env).evidence.sources[source_id])
    node = evidence_reference(rawtext, text, kind=SOURCE, entry=source_id, classes=["source"])
    node[FROM_TABLES] = True
    return node


def name_drawn(env: BuildEnvironment, caption: nodes.Element, facts: Sequence[str]) -> None:
    """Put the sources behind these facts where a caption asks for what is drawn, in the order of their appearance."""
    for waiting in list(caption.findall(drawn_sources)):
        evidence = domain_of(env).evidence
        known = {source_id for fact_id in facts for source_id in evidence.used_sources(fact_id)}
        order = sorted(known, key=lambda one: (dates.parse(str(evidence.sources[one]["published"])).earliest, one))
        links = listed([[cited(env, one)] for one in order], "; ")
        waiting.replace_self([nodes.Text("Source: " if len(order) == 1 else "Sources: "), *links])


class ValueRole(SphinxRole):
    """``{value}`table id```: the value in a row of a table that holds no claims, such as one of reference figures.

    It is no fact of the report and has no card: it leads to its row, where a page shows the table, and the sentence has
    to say whose it is.
    Line and word are by the rule of doubt, and forms those of a fact, as in ``table id|words``.
    """

    def run(self) -> tuple[list[Node], list[system_message]]:
        named, _, form = (part.strip() for part in self.text.partition("|"))
        name, _, row_id = named.partition(" ")
        tables = domain_of(self.env).evidence.tables
        if name not in tables:
            return refused(self, f"unknown table {name!r}{refusals.hint(name, tables)}", Subtype.VALUE)
        fields = [field.name for field in tables[name].fields]
        if not is_outside(tables[name]):
            return refused(self, f"{name} holds no values of its own - claims are shown by {{fact}}", Subtype.VALUE)
        rows = {str(row[fields[0]]): row for row in tables[name].rows}
        if row_id not in rows:
            return refused(self, f"unknown row {row_id!r} of {name}{refusals.hint(row_id, rows)}", Subtype.VALUE)
        try:
            fact = measured(rows[row_id])
            text = words(fact, form or None)
        except ValueError as error:
            return refused(self, f"{row_id}: {error}", Subtype.WORDING)
        node = evidence_reference(
            self.rawtext, text, kind=ROW, entry=f"{name}-{row_id}", classes=_classes("value", fact)
        )
        node[FROM_TABLES] = True
        node += marker("" if is_told(form) else doubt(fact), ["visually-hidden"])
        return [node], []


class CountRole(SphinxRole):
    """``{count}`claims theme=wages```: how many rows the report's own table holds.

    ``|capital`` opens a sentence, ``|digits`` is for tables and for numbers compared with one another.
    """

    forms: ClassVar[dict[str, Callable[[int], str]]] = {
        "": counts.number_words,
        "capital": partial(counts.number_words, capital=True),
        "digits": counts.number_digits,
    }

    def run(self) -> tuple[list[Node], list[system_message]]:
        query, _, form = (part.strip() for part in self.text.partition("|"))
        try:
            number = counts.count(domain_of(self.env).evidence.tables, query)
        except counts.CountError as error:
            return refused(self, str(error), Subtype.COUNT)
        if form not in self.forms:
            known = ", ".join(filter(None, self.forms))
            return refused(self, f"unknown form {form!r} - use one of {known}, or none", Subtype.COUNT)
        return [nodes.inline(self.rawtext, self.forms[form](number), classes=["count"], **{FROM_TABLES: True})], []


class EditionRole(SphinxRole):
    """``{edition}`version```, ``date``, ``digest`` or ``citation``: what identifies the edition being built."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        root = Path(self.env.srcdir)
        book = edition(root)
        known = {
            "version": lambda: book.version,
            "date": lambda: dates.words(book.date.isoformat()),
            "digest": lambda: book.digest,
            "citation": lambda: citation(root).sentence(book),
        }
        name = self.text.strip()
        if name not in known:
            return refused(
                self, f"unknown part of the edition {name!r} - known are {', '.join(known)}", Subtype.EDITION
            )
        return [nodes.inline(self.rawtext, known[name](), classes=["edition"], **{FROM_TABLES: True})], []


class TypedRole(SphinxRole):
    """``{typed}`words | reason```: the words; `evidencebook check` lists them with their reason."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        words, _, reason = (part.strip() for part in self.text.partition("|"))
        if not (words and reason):
            remedy = f"write {{typed}}`{words or 'words'} | why it may be typed`, or bind it with {{fact}}"
            message = f'"{words}" is typed without a reason - {remedy}'
            refusals.refuse(self.env, message, Subtype.TYPED, location=self.get_location())
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        found = nodes.inline(self.rawtext, words, classes=["typed"], **{FROM_TABLES: True, REASON: reason})
        self.set_source_info(found)
        return [found], []


class ResolveReferences(SphinxPostTransform):
    """Turn references into links once every page is read; without a page for the entry they stay plain text."""

    default_priority = 8

    def run(self, **_: Any) -> None:
        domain = domain_of(self.env)
        builder = self.app.builder
        for node in list(self.document.findall(evidence_reference)):
            is_own = "permanent" in node["classes"]
            says_what = not is_own and POINTER.fullmatch(node.astext()) is None
            if node["kind"] == LEDGER and "fact" not in node["classes"] and says_what:
                said = marker(doubt(domain.evidence.fact(node["entry"])))
                node += said
                node["classes"] += [DOUBTFUL] if said else []
            address = domain.address(builder, self.env.docname, node["kind"], node["entry"])
            if is_own and builder.name != "html":
                address = None  # nobody copies an address from paper, and a link to where one is leads nowhere
            if builder.name not in PAPER:
                # Only a page reference in print leads to the very spot; on screen it is the section.
                node["ids"] = []
            new: nodes.Element
            if address is None:
                new = nodes.inline("", "", *node.children, classes=node["classes"], ids=node["ids"])
            else:
                new = nodes.reference(
                    "", "", *node.children, refuri=address, internal=True, classes=node["classes"], ids=node["ids"],
                    evidence_kind=node["kind"], evidence_id=node["entry"],
                )  # fmt: skip
            node.replace_self(new)


def refused(role: SphinxRole, message: str, subtype: Subtype) -> tuple[list[Node], list[system_message]]:
    refusals.refuse(role.env, message, subtype, location=role.get_location())
    return refusals.gap() or [nodes.problematic(role.rawtext, role.rawtext)], []


def _visit(_self: Any, _node: nodes.Node) -> None:
    """Print the children only: unresolved references stand in titles copied to navigation."""


def setup(app: Sphinx) -> None:
    visitors = (_visit, _visit)
    app.add_node(evidence_reference, html=visitors, latex=visitors, text=visitors, man=visitors, texinfo=visitors)
    app.add_role("fact", FactRole())
    app.add_role("src", SourceRole())
    app.add_role("value", ValueRole())
    app.add_role("count", CountRole())
    app.add_role("edition", EditionRole())
    app.add_role("typed", TypedRole())
    app.add_post_transform(ResolveReferences)
