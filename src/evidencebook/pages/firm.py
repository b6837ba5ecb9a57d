"""Directives that say how firm statements are: the author names facts, and the tables give the grade."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import capital, firmness
from evidencebook.evidence.facts import UnknownFact
from evidencebook.pages import entries, refusals
from evidencebook.pages.directives import EvidenceDirective, names
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.nodes import FROM_TABLES
from evidencebook.pages.subtypes import Subtype

REMARK = "remark"  # the class of small lines that the engine makes


def remark(*parts: nodes.Node) -> nodes.paragraph:
    """Return a small line made from the tables."""
    return nodes.paragraph("", "", *parts, classes=[REMARK], **{FROM_TABLES: True})


class Graded(EvidenceDirective):
    """Sentences or words of an author, each bound to facts whose grade follows from the tables."""

    has_content = True

    def lines(self) -> Iterator[tuple[int, list[str], str]]:
        """Yield where each line of the content stands, what it names, and its words; refuse what has another form."""
        for offset, line in enumerate(self.content):
            named, _, words = map(str.strip, line.partition(":"))
            if named and words:
                yield self.lineno + offset + 1, names(named), words
            else:
                self.refused(f"{line!r} is not `id: words`", self.lineno + offset + 1)

    def refused(self, fault: str, line: int) -> None:
        """Report a fault at its line."""
        refusals.refuse(self.env, fault, Subtype(self.name), location=(self.env.docname, line))

    def grade(self, fact_ids: list[str], line: int) -> str:
        """Return the one grade of these facts; report an unknown one, or two grades, and return nothing."""
        found: dict[str, str] = {}
        for fact_id in fact_ids:
            try:
                found.setdefault(firmness.grade(self.domain.accounts, fact_id), fact_id)
            except UnknownFact as error:
                self.refused(f"unknown fact {fact_id!r}{refusals.did_you_mean(error.suggestions)}", line)
                return ""
        if len(found) == 1:
            return next(iter(found))
        told = ", ".join(f"{fact_id!r} is {name}" for name, fact_id in found.items())
        self.refused(f"{told}: one line has one grade - write a line for each", line)
        return ""


class Firm(Graded):
    """``{firm}``: lines of ``id, id: what is``, set as one line by the grades that the tables give them."""

    def run(self) -> list[nodes.Node]:
        """Return the line, or a located warning for each part that cannot be graded."""
        told: dict[str, list[str]] = {}
        for line, named, words in self.lines():
            if name := self.grade(named, line):
                told.setdefault(name, []).append(words)
        said: list[nodes.Node] = []
        for name in firmness.GRADES:
            if name in told:
                label = nodes.strong("", capital(name))
                said += [nodes.Text(" "), label, nodes.Text(f": {'; '.join(told[name])}.")]
        return [remark(nodes.Text("How firm?"), *said)] if said else []


class Verdict(Graded):
    """``{verdict} solid``, or another grade: lines of ``id, id: sentence``, each with its entries.

    A sentence whose facts have another grade is refused, so that what the page calls solid cannot go against the
    tables.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in firmness.GRADES:
            return self.refuse(f"unknown verdict {name!r} - use one of {', '.join(firmness.GRADES)}", Subtype.VERDICT)
        items = nodes.bullet_list(classes=["verdict", f"verdict-{name}"])
        for line, named, sentence in self.lines():
            if (found := self.grade(named, line)) == name:
                items += self._item(name, named, sentence, line)
            elif found:
                self.refused(f"{named[0]!r} is {found} by the tables, not {name}", line)
        return [items]

    def _item(self, name: str, fact_ids: list[str], sentence: str, line: int) -> nodes.list_item:
        accounts = self.domain.accounts
        text, messages = self.parse_inline(sentence, lineno=line)
        said = nodes.list_item("", nodes.paragraph("", "", *text, *messages))
        told: list[nodes.Node] = [nodes.Text("See ")]
        for place, fact_id in enumerate(fact_ids):
            told += [nodes.Text(", ")] if place else []
            told.append(entries.reference(LEDGER, fact_id, f"entry {accounts.numbers[fact_id]}"))
        agreeing = firmness.references(accounts, fact_ids) if name == firmness.SOLID else []
        told.append(nodes.Text(f"; also {'; '.join(agreeing)}." if agreeing else "."))
        said += remark(*told)
        return said


def setup(app: Sphinx) -> None:
    app.add_directive("firm", Firm)
    app.add_directive("verdict", Verdict)
