"""How firm a fact is by the tables: its grade, which follows from its doubts and its ratings and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from evidencebook.evidence.account import Accounts
from evidencebook.evidence.doubts import DISPUTED, UNCONFIRMED, doubt
from evidencebook.tables.reading import Row

AGREES = "agrees"
CONFIRMED = 1  # the credibility of public record, and of what an independent origin confirms
SOLID, CREDIBLE = "solid", "credible"
GRADES = (SOLID, CREDIBLE, UNCONFIRMED, DISPUTED)


def behind(accounts: Accounts, fact_ids: Iterable[str]) -> list[Row]:
    """Return the claims behind facts, each once, through all that they are worked out from; raises as `fact` does."""
    evidence = accounts.evidence
    found = dict.fromkeys(claim_id for fact_id in fact_ids for claim_id in evidence.claims_behind(fact_id))
    return [evidence.claims[claim_id] for claim_id in found]


def grade(accounts: Accounts, fact_id: str) -> str:
    """Return the grade of a fact, one of GRADES; raises as `fact` does.

    Whatever is doubtful has the word of its strongest doubt. Without one a fact is solid if every claim behind it is
    confirmed, and credible otherwise.
    """
    if word := doubt(accounts.evidence.fact(fact_id)):
        return DISPUTED if word == DISPUTED else UNCONFIRMED
    claims = behind(accounts, [fact_id])
    if not claims:  # of events alone, which no claim dates
        return UNCONFIRMED
    return SOLID if all(claim["credibility"] == CONFIRMED for claim in claims) else CREDIBLE


def references(accounts: Accounts, fact_ids: Iterable[str]) -> list[str]:
    """Return the references outside the articles that agree with the claims behind facts, each once."""
    rows = [row for claim in behind(accounts, fact_ids) for row in accounts.checks.get(claim["claim_id"], ())]
    return list(dict.fromkeys(str(row["reference"]) for row in rows if row["verdict"] == AGREES))
