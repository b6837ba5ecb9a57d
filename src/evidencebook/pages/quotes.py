"""The role {quote}: a few words of a passage in quotation marks, which lead to the claim that rests on it."""

from __future__ import annotations

from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from evidencebook.evidence.doubts import doubt
from evidencebook.pages import refusals
from evidencebook.pages.domain import LEDGER, domain_of
from evidencebook.pages.nodes import DOUBTFUL, FROM_TABLES
from evidencebook.pages.roles import evidence_reference, marker, refused
from evidencebook.pages.subtypes import Subtype

QUOTED = "quoted"  # the attribute with the words, which are compared with the passage where its text is at hand


class QuoteRole(SphinxRole):
    """``{quote}`claim-id|words of the passage```; " … " parts words that do not follow each other there."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        claim_id, _, words = (part.strip() for part in self.text.partition("|"))
        evidence = domain_of(self.env).evidence
        if claim_id not in evidence.claims:
            if evidence.has(claim_id):
                message = f"{claim_id!r} is worked out, nobody said it - quote one of its inputs"
                return refused(self, message, Subtype.QUOTE)
            message = f"unknown claim {claim_id!r}{refusals.hint(claim_id, evidence.claims)}"
            return refused(self, message, Subtype.UNKNOWN_FACT)
        if not words:
            message = f"nothing of {claim_id!r} is quoted - write {{quote}}`{claim_id}|its words`"
            return refused(self, message, Subtype.QUOTE)
        fact = evidence.fact(claim_id)
        classes = ["fact", "quote", *([DOUBTFUL] if doubt(fact) else [])]
        text = f"\u201c{words}\u201d"
        node = evidence_reference(self.rawtext, text, kind=LEDGER, entry=claim_id, classes=classes)
        node[FROM_TABLES], node[QUOTED] = True, words
        node += marker(doubt(fact), ["visually-hidden"])
        self.set_source_info(node)
        return [node], []


def setup(app: Sphinx) -> None:
    app.add_role("quote", QuoteRole())
