"""Directives that say how firm statements are, in words that the ratings of the tables have to carry."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import firmness
from evidencebook.evidence.facts import UnknownFact
from evidencebook.evidence.phrases import capital
from evidencebook.pages import entries, refusals
from evidencebook.pages.directives import EvidenceDirective, names
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.nodes import FROM_TABLES

REMARK = "remark"  # the class of small lines that the engine makes


def remark(*parts: nodes.Node) -> nodes.paragraph:
    """Return a small line made from the tables."""
    return nodes.paragraph("", "", *parts, classes=[REMARK], **{FROM_TABLES: True})


class Classed(EvidenceDirective):
    """Sentences or words of an author, each bound to facts and to a class that their ratings have to carry."""

    has_content = True

    def lines(self, form: str) -> Iterator[tuple[int, str, str]]:
        """Yield where each line of the content stands, what it names, and its words; refuse what has another form."""
        for offset, line in enumerate(self.content):
            named, _, words = map(str.strip, line.partition(":"))
            if named and words:
                yield self.lineno + offset + 1, named, words
            else:
                self.refused(f"{line!r} is not `{form}`", self.lineno + offset + 1)

    def refused(self, fault: str, line: int) -> None:
        """Report a fault at its line."""
        refusals.refuse(self.env, fault, self.name, location=(self.env.docname, line))

    def carried(self, name: str, fact_ids: list[str], line: int) -> bool:
        """Return whether the ratings of these facts carry the class; report the first that does not."""
        for fact_id in fact_ids:
            try:
                fault = firmness.refusal(self.domain.accounts, name, fact_id)
            except UnknownFact as error:
                fault = f"unknown fact {fact_id!r}{refusals.did_you_mean(error.suggestions)}"
            if fault:
                self.refused(fault, line)
                return False
        return True


# What is said before the references of a class that needs them: a saying is found again, a fact is borne out.
_BACKED = {firmness.SOLID: "borne out by", firmness.RECORDED: "also reported by"}


class Firm(Classed):
    """``{firm}``: lines of ``solid id, id: what is``, or of another class, set as one line."""

    def run(self) -> list[nodes.Node]:
        """Return the line, or a located warning for each part that the ratings do not carry."""
        told = []
        for line, named, words in self.lines("class id: words"):
            name, _, fact_ids = named.partition(" ")
            if name not in firmness.CLASSES:
                self.refused(f"unknown class {name!r} - use one of {', '.join(firmness.CLASSES)}", line)
            elif self.carried(name, names(fact_ids), line):
                told.append(f"{capital(name.replace('-', ' '))}: {words}.")
        return [remark(nodes.Text(f"How firm? {' '.join(told)}"))] if told else []


class Verdict(Classed):
    """``{verdict} solid``, or another class: lines of ``id, id: sentence``, each with what speaks for or against it.

    A sentence whose facts are not rated as its class needs is refused, so that what the page calls safe cannot go
    against the ratings.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a list of the sentences, or a located warning."""
        name = self.arguments[0]
        if name not in firmness.CLASSES:
            return self.refuse(f"unknown verdict {name!r} - use one of {', '.join(firmness.CLASSES)}", self.name)
        items = nodes.bullet_list(classes=["verdict", f"verdict-{name}"])
        for line, named, sentence in self.lines("id: sentence"):
            if self.carried(name, names(named), line):
                items += self._item(name, names(named), sentence, line)
        return [items]

    def _item(self, name: str, fact_ids: list[str], sentence: str, line: int) -> nodes.list_item:
        accounts = self.domain.accounts
        graded: dict[str, list[str]] = {}
        for fact_id in fact_ids:
            backing = firmness.backing(accounts, fact_id, _BACKED[name]) if name in _BACKED else ""
            graded.setdefault(backing or firmness.plain(accounts, fact_id), []).append(fact_id)
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
