"""What the articles say of pay: where a month's payment goes, what the state keeps, and what was left unpaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import altair as alt
import pandas as pd

from evidencebook import charts
from evidencebook.charts import ABOUT, COLOURS, FACTS, Drawing, Size
from evidencebook.evidence import words
from evidencebook.values import Interval
from figures import EVIDENCE, TABLES, marks, rows
from figures.rows import Line

ARREARS = "Arrears for one protester and month"
HEADINGS = ["Account", "Value", "Who says so", "Scope or caveat", "Source", "Date"]


@charts.figure
def month_of_pay(size: Size) -> Drawing:
    """Where a month's payment goes: what is paid by rumour, the state's part, and what reaches the worker."""
    payment = EVIDENCE.fact("seafood-worker-factory-payment").quantity_interval.low
    by_rule = EVIDENCE.fact("and-center-rule-take-home").quantity_interval.low
    received = EVIDENCE.fact("seafood-worker-take-home").quantity_interval.high
    gap = _line(
        "unexplained-monthly-gap",
        "Left unexplained",
        "between the amounts that reach the worker",
        "vermilion",
    )
    kept = _line(
        "and-center-state-share",
        "To the state, by a report",
        "the AND Center’s share, drawn on the rumoured payment",
    )
    placed_by = (kept.fact.fact_id, "and-center-rule-take-home", "seafood-worker-factory-payment")
    lines = [
        _line(
            "seafood-worker-factory-payment",
            "Paid by the factory",
            "one seafood worker passes on a rumour",
            "ochre",
        ),
        replace(kept, drawn=Interval(payment, None), start=float(by_rule), facts=" ".join(placed_by)),
        _line(
            "and-center-rule-take-home",
            "Then to the worker",
            "worked out from the rumoured payment",
            "ochre",
        ),
        _line(
            "seafood-worker-take-home",
            "To the worker, by own account",
            "what the same seafood worker reports receiving",
        ),
        replace(gap, drawn=Interval(by_rule, None), start=float(received)),
    ]
    share = words(kept.fact)
    axis = rows.Axis(
        (0, float(payment) * 1.2),
        (),
        "format(datum.value, ',')",
        "Yuan for one worker, presumably a month",
        0.14,
    )
    chart = rows.chart(
        size,
        lines,
        axis,
        f"If the rumoured payment is right, a state share of {share} leaves pay unexplained"
        if gap.fact.quantity_interval.low > 0
        else f"A state share of {share} accounts for one worker’s amounts",
        "Payment for a seafood worker in China and its parts; hollow marks rest on a rumoured payment",
    )
    alternative = marks.alt_text(
        "Chart of a month's payment for one worker and its parts, one row for each.",
        f"{_said(lines)}.",
        "The payment is known by rumour and has no upper bound, so the parts worked out from it have none either.",
        "That the sums are for a month is an assumption; the worker gives no period.",
    )
    return Drawing(
        chart,
        alternative,
        _table(lines),
    )


@charts.figure
def state_share(size: Size) -> Drawing:
    """What the state keeps of the pay: a flat share, a ceiling, a floor, and an account without a figure."""
    lines = [
        _line("and-center-state-share", "Report by the AND Center", "the state’s share; seafood plants in China"),
        _line("tip-2023-state-share", "US State Department", "the state’s share; workers abroad"),
        _line(
            "taken-share-worker-account",
            "One seafood worker’s amounts",
            "what does not reach the worker of a rumoured payment; who keeps it is not said",
            "ochre",
        ),
        _line(
            "worker-earnings-fraction-rfa",
            "Radio Free Asia",
            "says that workers abroad get a fraction of their earnings",
        ),
    ]
    axis = rows.Axis((0, 100), (0, 25, 50, 75, 100), "datum.value + '%'", "Share of the pay (percent)")
    chart = rows.chart(
        size,
        lines,
        axis,
        "One flat share, one ceiling, one floor, and one account without a figure",
        "Share of the pay that the state keeps or that does not reach the worker, by account",
    )
    alternative = marks.alt_text(
        "Chart of accounts of the share of pay that workers do not get, one row for each.",
        f"{_said(lines)}.",
        "A ceiling is drawn with a dashed tail towards smaller shares, a floor with one towards larger shares.",
        "The value from the worker’s amounts rests on a rumour, is drawn hollow, and does not show who keeps "
        "the money.",
    )
    return Drawing(
        chart,
        alternative,
        _table(lines),
    )


@charts.figure
def arrears(size: Size) -> Drawing:
    """Reported arrears per worker and month, for each number of protesters and of years that has been reported."""
    own, period = EVIDENCE.fact("researchers-protesters-china"), EVIDENCE.fact("cho-arrears-period")
    per_month = EVIDENCE.fact("arrears-per-worker-month")
    fewer, voice = fewest_protesters_elsewhere()
    many = own.quantity_interval.low
    spread = {many: words(per_month), fewer: words(replace(per_month, quantity_interval=_per_month(fewer)))}
    cho = EVIDENCE.claims["cho-arrears-total"]
    total = words(EVIDENCE.fact("cho-arrears-total"))
    yuan = words(EVIDENCE.fact("seafood-worker-take-home"))
    curves = pd.DataFrame([point for workers in (fewer, many) for point in _curve(workers)])
    low, high = (float(bound) for bound in (period.quantity_interval.low, period.quantity_interval.high))
    top = float(curves["dollars"].max()) * 1.04

    x = alt.X(
        "years:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(
            title="Years over which the wages went unpaid", tickMinStep=1, tickCount=4, grid=False, format="d"
        ),
    )
    y = alt.Y(
        "dollars:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(title=None, labelExpr="'US$' + datum.value", tickCount=5),
    )
    area = alt.Chart(_band(curves, fewer, many)).mark_area(color=COLOURS["blue"], opacity=0.13)
    dash = alt.StrokeDash(
        "workers:O", sort=[float(many), float(fewer)], scale=alt.Scale(range=[[1, 0], [6, 4]]), legend=None
    )
    line = alt.Chart(curves).mark_line(color=COLOURS["blue"], strokeWidth=2.5, interpolate="monotone")
    named = {FACTS: per_month.fact_id, ABOUT: ARREARS}
    ends = alt.Chart(curves[(curves["workers"] == float(many)) & curves["years"].isin([low, high])].assign(**named))
    not_shown = f"Not converted and not shown: the {yuan} that a seafood worker reports receiving"
    note = "\n".join(marks.wrap(not_shown, size, 90, 46))
    label = {"fontWeight": 600, "lineHeight": 15, "color": COLOURS["blue"]}
    layers = [
        area.encode(x=x, y=y, y2=alt.Y2("less:Q")),
        line.encode(x=x, y=y, strokeDash=dash),
        ends.mark_point(color=COLOURS["blue"], size=60, opacity=1).encode(x=x, y=y),
        marks.text_layer(
            [_label(fewer, curves, size.choose(0.55, 0.1), ["lowest outside estimate"], spread, high)],
            x,
            y,
            dy=-8,
            align="right",
            baseline="line-bottom",
            **label,
        ),
        marks.text_layer(
            [{**_label(many, curves, 1.0, [f"as {_researchers()} say"], spread, low), **named}],
            x,
            y,
            dx=8,
            dy=10,
            baseline="line-top",
            **label,
        ),
        marks.text_layer(
            [{"years": low, "dollars": top * 0.075, "text": note}], x, y, dx=8, fontSize=11, color=COLOURS["muted"]
        ),
    ]
    chart = marks.titled(
        alt.layer(*layers).properties(height=size.choose(300, 320)),
        size,
        f"If all of it was owed to the protesters, {words(per_month)} went unpaid a month each",
        f"US dollars, if {total} was owed to that many workers for the whole time; unverified",
    )
    alternative = marks.alt_text(
        "Chart of falling curves: the longer the arrears built up, the less they come to for each worker and month.",
        f"For {words(own)} workers, as {_researchers()} say, and {words(period)}, "
        f"as {cho['speaker'].partition(',')[0]} says, it is {spread[many]} (solid line);",
        f"for {fewer:,} workers, the lowest estimate outside the articles, {spread[fewer]} (dashed line).",
        f"The sum of {total} and the headcount are unverified, and nobody says that the sum was owed to "
        "exactly these people.",
    )
    rows_shown = [
        [words(own), own.row["speaker"], spread[many], marks.sources_label("researchers-protesters-china")],
        [f"{fewer:,}", f"{voice}, outside the articles", spread[fewer], "our table of outside estimates"],
    ]
    heads = ["Workers", "Whose number", "Arrears per worker and month", "Source of the number"]
    table = pd.DataFrame(rows_shown, columns=heads)
    table["Sum and period"] = f"{total} over {words(period)}"
    table["Whose sum"] = f"{cho['speaker']}; {marks.source_label(cho['source_id'])}"
    return Drawing(
        chart,
        alternative,
        table,
    )


def fewest_protesters_elsewhere() -> tuple[int, str]:
    """The lowest number of protesters that others give, and whose it is, from the table of outside estimates.

    Raises LookupError where nobody gives fewer than the article.
    """
    own = EVIDENCE.fact("researchers-protesters-china").quantity_interval.low
    lower = [
        (int(row["low"]), str(row["voice"]))
        for row in TABLES["estimates"].rows
        if row["subject"] == "unrest" and row["low"] is not None and row["low"] < own
    ]
    if not lower:
        raise LookupError("data/reference/estimates.csv: no number of protesters is below the article's")
    return min(lower)


def _per_month(workers: int | Fraction) -> Interval:
    """Dollars per worker and month over the whole reported period."""
    total = EVIDENCE.fact("cho-arrears-total").quantity_interval
    return total / (EVIDENCE.fact("arrears-months").quantity_interval * workers)


def _curve(workers: int | Fraction) -> Iterator[dict[str, float]]:
    """Points of the curve of dollars by years, from the shortest to the longest reported period."""
    years = EVIDENCE.fact("cho-arrears-period").quantity_interval
    total = EVIDENCE.fact("cho-arrears-total").quantity_interval.low
    months_a_year = EVIDENCE.fact("arrears-months").quantity_interval.low / years.low
    steps = 24
    for step in range(steps + 1):
        at = years.low + (years.high - years.low) * Fraction(step, steps)
        yield {
            "workers": float(workers),
            "years": float(at),
            "dollars": float(total / (workers * at * months_a_year)),
        }


def _band(curves: pd.DataFrame, fewer: int | Fraction, many: int | Fraction) -> pd.DataFrame:
    upper = curves[curves["workers"] == float(fewer)]
    lower = curves[curves["workers"] == float(many)].rename(columns={"dollars": "less"})
    return upper.merge(lower[["years", "less"]], on="years")[["years", "dollars", "less"]]


def _label(
    workers: int | Fraction,
    curves: pd.DataFrame,
    along: float,
    owner: list[str],
    spread: Mapping,
    years: float,
) -> dict:
    """The label of a curve, level with the point that is so far along it, at one end of the axis."""
    curve = curves[curves["workers"] == float(workers)]
    lines = [f"about {int(workers):,} workers, {owner[0]}", *owner[1:], f"{spread[workers]} a month"]
    level = curve["dollars"].iloc[round(along * (len(curve) - 1))]
    return {"years": years, "dollars": level, "text": "\n".join(lines)}


def _researchers() -> str:
    return f"{words(EVIDENCE.fact('researchers-behind-unrest-account'))} researchers"


def _line(fact_id: str, heading: str, detail: str, colour: str = "blue") -> Line:
    return Line(EVIDENCE.fact(fact_id), heading, detail, colour)


def _said(lines: list[Line]) -> str:
    return "; ".join(f"{line.heading}: {marks.spoken(line.fact)}" for line in lines)


def _table(lines: list[Line]) -> pd.DataFrame:
    cells = [
        [
            line.heading,
            line.value,
            _speaker(line.fact.fact_id),
            line.fact.row.get("scope") or line.fact.row["caveat"],
            marks.sources_label(line.fact.fact_id),
            _date(line.fact.fact_id),
        ]
        for line in lines
    ]
    return pd.DataFrame(cells, columns=HEADINGS)


def _speaker(fact_id: str) -> str:
    """Who makes the claim; for a derived value, from whose claims it was worked out here."""
    if EVIDENCE.fact(fact_id).origin == "claim":
        return str(EVIDENCE.claims[fact_id]["speaker"])
    voices = dict.fromkeys(str(EVIDENCE.claims[used]["speaker"]) for used in _claims(fact_id))
    return f"worked out here from: {marks.listed(voices)}"


def _date(fact_id: str) -> str:
    return marks.listed(dict.fromkeys(marks.date_label(EVIDENCE.claims[used]["when"]) for used in _claims(fact_id)))


def _claims(fact_id: str) -> Iterator[str]:
    """The claims behind a fact, through all its inputs."""
    fact = EVIDENCE.fact(fact_id)
    if fact.origin == "claim":
        yield fact_id
    for used in fact.inputs:
        yield from _claims(used)
