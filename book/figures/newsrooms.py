"""How much of the report rests on each newsroom, and how little of it anybody else confirms."""

from __future__ import annotations

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, units
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.carrying import is_confirmed
from figures import EVIDENCE

ACCOUNTS = Accounts(EVIDENCE)


@charts.figure
def carried(size: Size) -> Drawing:
    """A square for each assertion, by newsroom, hollow where nothing outside the newsroom confirms it."""
    by_cluster: dict[str, list[units.Unit]] = {}
    for claim_id, row in EVIDENCE.assertions.items():
        cluster = EVIDENCE.sources[row["source_id"]]["origin_cluster"]
        firm = is_confirmed(ACCOUNTS, claim_id)
        about = f"{ACCOUNTS.newsrooms[cluster]}{'' if firm else ', confirmed by nobody else'}"
        by_cluster.setdefault(cluster, []).append(units.Unit(claim_id, firm, about))
    order = sorted(by_cluster, key=lambda cluster: (-len(by_cluster[cluster]), cluster))
    rows = [units.Row(ACCOUNTS.newsrooms[cluster], by_cluster[cluster]) for cluster in order]
    total = sum(len(row.units) for row in rows)
    alone = sum(not unit.is_firm for row in rows for unit in row.units)
    columns = {
        "Newsroom": lambda row: row.heading,
        "Claims": lambda row: len(row.units),
        "Confirmed by nobody else": lambda row: sum(not unit.is_firm for unit in row.units),
    }
    return drawing(
        units.chart(size, rows, "confirmed by no other origin and no check"),
        size,
        f"{rows[0].heading} gives {len(rows[0].units)} of {total} claims; nobody else confirms {alone} of all",
        "Each square is one claim, by the newsroom that reported it",
        Listing(rows, columns, "{Newsroom} {Claims}, of them {Confirmed by nobody else} confirmed by nobody else"),
        f"A square for each of {total} claims, in rows by newsroom.",
        "Hollow squares are claims that no other origin and no check confirms.",
    )
