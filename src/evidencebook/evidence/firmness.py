"""How firm a statement is by the tables: the class that its ratings carry, and what speaks for or against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from evidencebook.evidence import sources
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.doubts import doubt, stance
from evidencebook.tables.reading import Row

AGREES = "agrees"
SOLID, RECORDED, LIKELY, UNSURE, UNFIT = "solid", "on-record", "likely", "unsure", "not-to-print"
CLASSES = (SOLID, RECORDED, LIKELY, UNSURE, UNFIT)
_NEEDED = {
    SOLID: "credibility 1 or 2 or an agreeing check behind every claim, and no doubt",
    RECORDED: "the same as solid, of what somebody says",
    LIKELY: "credibility 1 to 3 or an agreeing check behind every claim, and no doubt",
    UNSURE: "a doubt, or a claim behind it of credibility 3 or worse",
    UNFIT: "a doubt",
}
_LEAST = {SOLID: 2, LIKELY: 3}
_FOUND = {
    AGREES: "a reference agrees",
    "imprecise": "loose in wording, date or bound",
    "unverifiable": "not confirmed by what was read",
    "inconsistent": "another passage of its article does not fit it",
    "disputed": "sources contest it",
    "contradicted": "a reference says otherwise",
}
# What cannot be judged is worse than what is possibly true, and better than what is doubtful.
_FROM_BEST = (1, 2, 3, 6, 4, 5)


def behind(accounts: Accounts, fact_ids: Iterable[str]) -> list[Row]:
    """Return the claims behind facts, each once, through all that they are worked out from; raises as `fact` does."""
    evidence = accounts.evidence
    found = dict.fromkeys(claim_id for fact_id in fact_ids for claim_id in evidence.claims_behind(fact_id))
    return [evidence.claims[claim_id] for claim_id in found]


def refusal(accounts: Accounts, name: str, fact_id: str) -> str:
    """Return why the ratings of a fact do not carry a class, and what it would need; empty where they do."""
    fact = accounts.evidence.fact(fact_id)
    claims = behind(accounts, [fact_id])
    is_clear = not doubt(fact)
    fits = {
        SOLID: is_clear and _all_carry(accounts, claims, _LEAST[SOLID]),
        RECORDED: is_clear and _all_carry(accounts, claims, _LEAST[SOLID]),  # a table cannot tell a fact from a saying
        LIKELY: is_clear and _all_carry(accounts, claims, _LEAST[LIKELY]),
        UNSURE: not is_clear or any(claim["credibility"] > _LEAST[SOLID] for claim in claims),
        UNFIT: bool(fact.doubts),
    }
    if fits[name]:
        return ""
    return f"{fact_id!r} is {reason(accounts, fact_id)}, and {name} needs {_NEEDED[name]}"


def reason(accounts: Accounts, fact_id: str) -> str:
    """Return what speaks for or against a fact: its doubt, what its weakest claim is worth, what checks found."""
    claims = behind(accounts, [fact_id])
    stood = stance(accounts.evidence.fact(fact_id))
    if not claims:
        return "; ".join(filter(None, (stood, "dated from outside the articles")))
    weakest = max(claims, key=_weight)
    # What another origin says as well needs no rating.
    is_borne_out = weakest["credibility"] > _LEAST[SOLID] and _all_carry(accounts, [weakest], _LEAST[SOLID])
    worth = "" if is_borne_out else _information(weakest)
    told = (stood, "" if worth == stood else worth, _verdicts(accounts, claims))
    return "; ".join(filter(None, told))


def backing(accounts: Accounts, fact_id: str, how: str = "borne out by") -> str:
    """Return which references say the same as the claims behind a fact; empty where no check agrees."""
    rows = [row for claim in behind(accounts, [fact_id]) for row in accounts.checks.get(claim["claim_id"], ())]
    found = dict.fromkeys(str(row["reference"]) for row in rows if row["verdict"] == AGREES)
    return f"{how} {'; '.join(found)}" if found else ""


def plain(accounts: Accounts, fact_id: str) -> str:
    """Return the same without ratings, for a reader who meets them nowhere else on the page."""
    claims = behind(accounts, [fact_id])
    verdicts = {str(row["verdict"]) for claim in claims for row in accounts.checks.get(claim["claim_id"], ())}
    found = [_FOUND.get(verdict, verdict) for verdict in sorted(verdicts)]
    return "; ".join(filter(None, (stance(accounts.evidence.fact(fact_id)), *(found or ["not checked"]))))


def _information(claim: Row) -> str:
    return sources.CREDIBILITY[claim["credibility"]]


def _all_carry(accounts: Accounts, claims: Sequence[Row], least: int) -> bool:
    return all(
        claim["credibility"] <= least
        or any(row["verdict"] == AGREES for row in accounts.checks.get(claim["claim_id"], ()))
        for claim in claims
    )


def _weight(claim: Row) -> tuple[int, str]:
    return _FROM_BEST.index(claim["credibility"]), claim["reliability"]


def _verdicts(accounts: Accounts, claims: Sequence[Row]) -> str:
    found = Counter(str(row["verdict"]) for claim in claims for row in accounts.checks.get(claim["claim_id"], ()))
    if not found:
        return "no check"
    told = ", ".join(f"{verdict}{f' ({count})' * (count > 1)}" for verdict, count in sorted(found.items()))
    return f"check{'s' * (found.total() > 1)}: {told}"
