"""How the claims that were checked fare against other references."""

from __future__ import annotations

from typing import Any

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, source, units
from evidencebook.evidence import capital
from figures import EVIDENCE, TABLES

COLOURS = {
    "agrees": "teal", "imprecise": "blue", "disputed": "purple", "inconsistent": "ochre", "contradicted": "vermilion",
    "unverifiable": "grey",
}  # fmt: skip


@charts.figure
def verdicts(size: Size) -> Drawing:
    """A square for each point that was checked, by verdict."""
    checks = sorted(TABLES["checks"].rows, key=lambda check: list(COLOURS).index(check["verdict"]))
    by_verdict = {each: [check for check in checks if check["verdict"] == each] for each in COLOURS}
    rows = [units.Row(_label(each), [*map(_unit, found)], COLOURS[each]) for each, found in by_verdict.items() if found]
    columns = {
        "Verdict": lambda check: check["verdict"],
        "Point checked": lambda check: check["question"],
        "Finding": lambda check: check["finding"],
        "Reference": lambda check: check["reference"],
        "Who made the claim": lambda check: EVIDENCE.claims[check["claim_id"]]["speaker"],
        "Article": lambda check: source(EVIDENCE, EVIDENCE.claims[check["claim_id"]]["source_id"]),
        "Reference read": lambda check: check["confirmation"],
    }
    counted = {each: len(found) for each, found in by_verdict.items() if found}
    told = Listing(list(counted), {"Verdict": _label, "Checks": lambda each: counted[each]}, "{Verdict}: {Checks}")
    return drawing(
        units.chart(size, rows, "still to be confirmed in part"),
        size,
        f"{counted.get('agrees', 0)} of {len(checks)} points checked agree with the reference, "
        f"{(no := counted.get('contradicted', 0))} {'is' if no == 1 else 'are'} contradicted, "
        f"and {counted.get('unverifiable', 0)} stay undecided",
        "Each square is one point set beside a reference outside the articles, or beside another passage",
        Listing(checks, columns, ""),
        f"A square for each of {len(checks)} checks of what the articles say, in rows by verdict.",
        told.spoken(),
    )


def _label(verdict: str) -> str:
    return capital(EVIDENCE.label("checks", "verdict", verdict) or verdict)


def _unit(check: Any) -> units.Unit:
    lines = (f"{check['question']}: {check['verdict']}", check["finding"], f"Reference: {check['reference']}")
    return units.Unit(check["claim_id"], check["confirmation"] != "unconfirmed", capital("\n".join(lines)))
