"""Directives that say how firm statements are: a line made from the tables, and sentences by what carries them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import firmness
from evidencebook.evidence.facts import UnknownFact
from evidencebook.evidence.phrases import capital
from evidencebook.pages import entries, refusals
from evidencebook.pages.directives import EvidenceDirective, names
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.nodes import FROM_TABLES
from evidencebook.tables.spelling import nearest

REMARK = "remark"  # the class of small lines that the engine makes


def remark(*parts: nodes.Node) -> nodes.paragraph:
    """Return a small line made from the tables."""
    return nodes.paragraph("", "", *parts, classes=[REMARK], **{FROM_TABLES: True})


class Firm(EvidenceDirective):
    """``{firm} id, id``, or with ``:theme:``: voices, newsrooms, best rating and checks behind claims, in one line."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"theme": names}

    def run(self) -> list[nodes.Node]:
        """Return the line, or a located warning."""
        accounts = self.domain.accounts
        try:
            claims = firmness.behind(accounts, names("".join(self.arguments)))
        except UnknownFact as error:
            return self.refuse(f"unknown fact {error.fact_id!r}{refusals.did_you_mean(error.suggestions)}", "firm")
        for theme in self.options.get("theme", ()):
            found = [row for row in accounts.evidence.assertions.values() if row["theme"] == theme]
            if not found:
                known = {str(row["theme"]) for row in accounts.evidence.claims.values()}
                return self.refuse(
                    f"no claim has the theme {theme!r}{refusals.did_you_mean(nearest(theme, known))}", "firm"
                )
            claims += [row for row in found if row not in claims]
        if not claims:
            return self.refuse("there is no claim behind it - name claims or derived values, or a theme", "firm")
        said = firmness.line(accounts, claims)
        return [remark(nodes.Text(said))]


class Verdict(EvidenceDirective):
    """``{verdict} solid``, likely, unsure or not-to-print: lines of ``id, id: sentence``, each with what speaks for it.

    A sentence whose facts are not rated as its class needs is refused, so that what the page calls safe cannot go
    against the ratings.
    """

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a list of the sentences, or a located warning."""
        name = self.arguments[0]
        if name not in firmness.CLASSES:
            return self.refuse(f"unknown verdict {name!r} - use one of {', '.join(firmness.CLASSES)}", "verdict")
        items = nodes.bullet_list(classes=["verdict", f"verdict-{name}"])
        for offset, line in enumerate(self.content):
            named, _, sentence = map(str.strip, line.partition(":"))
            if not (names(named) and sentence):
                return self.refuse(f"{line!r} is not `id: sentence`", "verdict")
            if (item := self._item(name, names(named), sentence, self.lineno + offset + 1)) is not None:
                items += item
        return [items]

    def _item(self, name: str, fact_ids: list[str], sentence: str, line: int) -> nodes.list_item | None:
        accounts = self.domain.accounts
        graded: dict[str, list[str]] = {}
        for fact_id in fact_ids:
            try:
                fault = firmness.refusal(accounts, name, fact_id)
            except UnknownFact as error:
                fault = f"unknown fact {fact_id!r}{refusals.did_you_mean(error.suggestions)}"
            if fault:
                refusals.refuse(self.env, fault, "verdict", location=(self.env.docname, line))
                return None
            graded.setdefault(firmness.reason(accounts, fact_id), []).append(fact_id)
        told: list[nodes.Node] = []
        for said, named in graded.items():
            told.append(nodes.Text(f"{capital(said)} ("))
            for place, fact_id in enumerate(named):
                told += [nodes.Text(", ")] if place else []
                told.append(entries.reference(LEDGER, fact_id, f"entry {accounts.numbers[fact_id]}"))
            told.append(nodes.Text("). "))
        text, messages = self.parse_inline(sentence, lineno=line)
        return nodes.list_item("", nodes.paragraph("", "", *text, *messages), remark(*told))


def setup(app: Sphinx) -> None:
    app.add_directive("firm", Firm)
    app.add_directive("verdict", Verdict)
