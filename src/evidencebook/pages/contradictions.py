"""The directive {contradictions}: pairs of claims that pull against each other, in the order of their consequence."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from evidencebook.evidence import phrases
from evidencebook.evidence.facts import Evidence
from evidencebook.pages import entries, refusals
from evidencebook.pages.directives import EvidenceDirective, names
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.nodes import FROM_TABLES, Cell, definitions, faceted
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables.reading import Row


class pair(faceted, nodes.section):
    """A section of its own for each contradiction, so that headings and contents lead to it."""


class Contradictions(EvidenceDirective):
    """``{contradictions}``: each pair with both sides, the tension, the likely reason, and why it matters.

    ``standing`` picks those with these values of ``status``; where it names one, no pair repeats it.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"standing": names}

    def run(self) -> list[nodes.Node]:
        """Return a section per pair, those of most consequence first; or a warning if none has the standing."""
        evidence = self.domain.evidence
        if "contradictions" not in evidence.tables:
            return self.refuse("the report has no table contradictions", Subtype.UNKNOWN_TABLE)
        pairs = list(evidence.tables["contradictions"].rows)
        standings = self.options.get("standing", ())
        known = dict.fromkeys(str(row["status"]) for row in pairs)
        for standing in standings:
            if standing not in known:
                message = f"no pair has the standing {standing!r}{refusals.hint(standing, known)}"
                return self.refuse(message, Subtype.EMPTY_TABLE)
        if standings:
            pairs = [row for row in pairs if row["status"] in standings]
        return [self._pair(row, len(standings) == 1) for row in sorted(pairs, key=_order)]

    def _pair(self, row: Row, is_told: bool) -> pair:
        title = phrases.capital(str(row["title"]))
        found = pair(
            "", nodes.title("", title, **{FROM_TABLES: True}), nodes.paragraph("", str(row["tension"])), names=[],
            ids=[f"contradiction-{row['contradiction_id']}"], classes=["contradiction"],
            facets=_facets(self.domain.evidence, row), **{FROM_TABLES: True},
        )  # fmt: skip
        pairs: list[tuple[str, Cell]] = [
            ("Why it matters", str(row.values.get("consequence") or "")),
            ("Standing", "" if is_told else str(row["status"])),
            ("One side", self._side(str(row["claim_a"]))),
            ("Other side", self._side(str(row["claim_b"]))),
            ("Our reading", str(row["likely_reason"])),
        ]
        found += definitions(pairs, ["facts"])
        return found

    def _side(self, claim_id: str) -> list[nodes.Node]:
        evidence = self.domain.evidence
        claim = evidence.claims[claim_id]
        source = evidence.sources[str(claim["source_id"])]
        return [
            entries.reference(LEDGER, claim_id, str(claim["statement"])), nodes.Text(" ("), entries.source_link(source),
            nodes.Text(f"; {phrases.speaker(claim)})"),
        ]  # fmt: skip


def _order(row: Row) -> tuple[float, str]:
    rank = row.values.get("rank")
    return inf if rank is None else rank, str(row["title"]).casefold()


def _facets(evidence: Evidence, row: Row) -> dict[str, str]:
    claims = [evidence.claims[str(row[side])] for side in ("claim_a", "claim_b")]
    sources = dict.fromkeys(str(claim["source_id"]) for claim in claims)
    theme, kind = evidence.theme(str(claims[0]["theme"])), str(row["kind"])
    return {"theme": theme, "source": " ".join(sources), "differs": kind, "standing": str(row["status"])}


def setup(app: Sphinx) -> None:
    app.add_directive("contradictions", Contradictions)
