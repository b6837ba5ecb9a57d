"""What the articles say of pay: where a month's payment goes, and what the state keeps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from evidencebook import charts
from evidencebook.charts import Drawing, Size
from evidencebook.drawing import Listing, drawing, listed, rows
from evidencebook.drawing.rows import Group, Line
from evidencebook.evidence import cardinal, measured, words
from evidencebook.values import Interval, dates
from figures import EVIDENCE, TABLES

OUTSIDE = "outside the articles"
RULE, PAYMENT, RECEIVED = "and-center-state-share", "seafood-worker-factory-payment", "seafood-worker-take-home"
BY_RULE = "and-center-rule-take-home"


@charts.figure
def month_of_pay(size: Size) -> Drawing:
    """Where a month's payment goes if the rumoured sum is right, and if it is what others report."""
    payment, received = _interval(PAYMENT), _interval(RECEIVED)
    rumoured = [
        _line(PAYMENT, "Paid by the factory", "one seafood worker passes on a rumour", "ochre"),
        _line(
            RULE, "To the state, by a report", "the AND Center's share of the rumoured payment",
            drawn=Interval(payment.low, None), start=float(_interval(BY_RULE).low or 0),
            facts=f"{RULE} {BY_RULE} {PAYMENT}",
        ),
        _line(BY_RULE, "Left for the worker", "worked out from the rumoured payment", "ochre"),
    ]  # fmt: skip
    own = [_line(RECEIVED, "Received by the worker", "what the same worker reports")]
    others = _by_others()
    items = [Group("If the rumoured payment is right"), *rumoured, Group("By the worker's own account"), *own]
    items[4:4] = [Group(f"If the factory pays what others report, {OUTSIDE}"), *others] if others else []
    top = float(payment.low or 0)
    ticks = range(0, int(top) + 1, 1000)
    axis = rows.Axis(0, top * 1.2, ticks, "{:,.0f}".format, "Yuan for one worker, presumably a month")
    share = words(EVIDENCE.fact(RULE))
    title = f"If the rumoured payment is right, a state share of {share} leaves pay unexplained"
    if others and _meet(others[-1].fact.quantity_interval, received):
        title = f"A state share of {share} alone fits the worker's account only if the plant pays less than rumoured"
    return drawing(
        rows.chart(size, items, axis), size, title,
        "Payment for a seafood worker in China and its parts; hollow: unconfirmed or disputed",
        Listing([*rumoured, *others, *own], rows.columns(EVIDENCE), "{Account}: {Value}"),
        "Chart of a month's payment for one worker and its parts, one row for each.",
        "The payment is known by rumour and has no upper bound, so the parts worked out from it have none either.",
        "That the sums are for a month is an assumption; the worker gives no period.",
    )  # fmt: skip


@charts.figure
def state_share(size: Size) -> Drawing:
    """What the state keeps of the pay, by account: shares, ceilings, a floor, and one without a figure."""
    lines = [
        _line(RULE, "Report by the AND Center", "the state's share; seafood plants in China"),
        _line("tip-2023-state-share", "US State Department", "the state's share; workers abroad"),
        _line(
            "taken-share-worker-account", "One seafood worker's amounts",
            "what does not reach the worker of a rumoured payment; who keeps it is not said", "ochre",
        ),
        _line("worker-earnings-fraction-rfa", "Radio Free Asia", "workers abroad get a fraction of their earnings"),
        *(_outside(row, str(row["voice"]), str(row["scope"])) for row in _estimates("share-taken-ap-2017")),
    ]  # fmt: skip
    return drawing(
        rows.chart(size, lines, rows.Axis(0, 100, (0, 25, 50, 75, 100), "{}%".format, "Share of the pay (percent)")),
        size,
        "A flat share, ceilings, a floor, and an account without a figure: they cannot be averaged",
        "Share of the pay that the state keeps or that does not reach the worker; grey: outside the articles",
        Listing(lines, rows.columns(EVIDENCE), "{Account}: {Value}"),
        "Chart of accounts of the share of pay that workers do not get, one row for each.",
        "A ceiling is drawn with a dashed tail towards smaller shares, a floor with one towards larger shares.",
        "The value from the worker's amounts rests on a rumour and is drawn hollow.",
    )


def _subject(subject: str) -> list[Any]:
    """The outside estimates of a subject that are in yuan, the newest first."""
    found = [row for row in TABLES["estimates"].rows if row["subject"] == subject and row["unit"] == "CNY"]
    return sorted(found, key=lambda row: str(row["as_of"]), reverse=True)


def _by_others() -> list[Line]:
    """What other reports say is paid for a worker, and what the AND Center's rule would leave of it."""
    paid = _subject("payment")
    if not paid:
        return []
    first, *others = (measured(row) for row in paid)
    hull = first.quantity_interval
    for fact in others:
        hull = hull.union_hull(fact.quantity_interval)
    said = [listed(dict.fromkeys(str(row[column]) for row in paid)) for column in ("voice", "reference")]
    when = listed(dict.fromkeys(_when(row) for row in paid))
    years = sorted(str(row["as_of"])[:4] for row in paid)
    count = cardinal(Fraction(len(paid))) or len(paid)
    whole = replace(first, quantity_interval=hull, qualifier="exact" if hull.is_point else "range")
    share = EVIDENCE.fact("and-center-worker-share")
    part = hull * (_interval(share.fact_id) / 100)
    left = replace(whole, quantity_interval=part, doubts=share.doubts, origin="derived")  # doubtful as its input is
    told = {"colour": "grey", "origin": f"{said[0]}, {OUTSIDE}", "source": said[1], "when": when}
    return [
        Line(whole, "Paid, by other reports", f"{count} reports of {years[0]} to {years[-1]}, of other trades", **told),
        Line(left, "Left for the worker", "worked out with the AND Center's share", **told),
    ]


def _meet(one: Interval | None, other: Interval) -> bool:
    """Whether two ranges with both ends have a number in common."""
    ends = (one.low, one.high, other.low, other.high) if one else (None,)
    return None not in ends and max(ends[0], ends[2]) <= min(ends[1], ends[3])


def _estimates(*ids: str) -> list[Any]:
    return [row for row in TABLES["estimates"].rows if row["estimate_id"] in ids]


def _outside(row: Any, heading: str, detail: str) -> Line:
    """The line of an outside estimate, which is no finding and leads to no entry."""
    told = {"origin": f"{row['voice']}, {OUTSIDE}", "source": str(row["reference"]), "when": _when(row)}
    return Line(measured(row), heading, f"{detail}; {OUTSIDE}", "grey", **told)


def _when(row: Any) -> str:
    return dates.words(row["as_of"]) if row["as_of"] else ""


def _interval(fact_id: str) -> Interval:
    found = EVIDENCE.fact(fact_id).quantity_interval
    assert found, f"{fact_id} has a number"
    return found


def _line(fact_id: str, heading: str, detail: str, colour: str = "blue", **placed: Any) -> Line:
    return Line(EVIDENCE.fact(fact_id), heading, detail, colour, **placed)
