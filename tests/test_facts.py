"""Rows become facts that keep their hedges; derived values inherit the doubts of their inputs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from evidencebook.evidence.facts import Evidence, UnknownFact, bounds
from evidencebook.tables.reading import Row, Table
from evidencebook.values.formulas import FormulaError
from evidencebook.values.intervals import Interval

CLAIM = dict.fromkeys(("low", "high", "qualifier", "unit", "per", "when", "event_id"))


def claim(claim_id: str, low: str = "", high: str = "", qualifier: str = "", **more: Any) -> dict[str, Any]:
    values = {
        "claim_id": claim_id,
        "source_id": "paper-2020",
        "kind": "count",
        "statement": f"A paper says so of {claim_id}.",
        "low": Decimal(low) if low else None,
        "high": Decimal(high) if high else None,
        "qualifier": qualifier or None,
        "modality": "stated",
    }
    return {**CLAIM, **values, **more}


def derived(derived_id: str, formula: str, unit: str = "ratio", decimals: int = 0) -> dict[str, Any]:
    return {
        "derived_id": derived_id,
        "label": derived_id.replace("-", " "),
        "formula": formula,
        "unit": unit,
        "decimals": decimals,
    }


CLAIMS = [
    claim("take-home", "300", "500", "range", unit="CNY", per="month"),
    claim("factory-payment", "3000", "", "over", unit="CNY", source_id="radio-2019"),
    claim("state-share-ceiling", "", "90", "up_to", unit="percent", modality="hearsay"),
    claim("arrears-total", "10000000", "10000000", "about", unit="USD", modality="rumoured"),
    claim("workers", "3000", "3000", "about", unit="persons", event_id="strike", when="2016-07-01"),
    claim("span", "4", "7", "range", unit="years", modality="inferred"),
    claim("reserve", "", "5", "under", unit="CNY", source_id="wire-2021"),
    claim("payments", "", "", "unquantified", unit="CNY"),
    claim("oath", when="2018~"),
    claim("talk", when="2018-05-01", modality="rumoured"),
    claim("tests", "6", "6", "exact", unit="tests"),
    claim("landed", "200", "200", "about", unit="persons", event_id="landing", when="2016-01"),
    claim("broken", "5", "", "up_to", unit="tests"),
]
DERIVED = [
    derived("worker-share", "{take-home} / {factory-payment}", "percent"),
    derived("rest-of-share", "1 - {worker-share}", "percent"),
    derived("kept-share", "1 - {state-share-ceiling}", "percent"),
    derived("arrears-per-month", "{arrears-total} / ({workers} * {span})", "USD/worker-month"),
    derived("twelve", "2 * {tests}", "tests"),
    derived("doubled", "2 * {workers}", "persons"),
    derived("wait", "days_between({flood@when}, {workers@when})", "days"),
    derived("wait-of-oath", "months_between({oath@when}, {workers@when})", "months"),
    derived("since-strike", "days_between({strike@when}, {workers@when})", "days"),
    derived("since-landing", "days_between({landing@when}, {workers@when})", "days"),
    derived("landed-share", "{landed} / {workers}", "percent"),
    derived("landed-rest", "1 - {landed-share}", "percent"),
    derived("since-landed", "days_between({landed@when}, {landing@when})", "days"),
    derived("since-talk", "days_between({talk@when}, {talk@when})", "days"),
    derived("egg", "{hen} + 1"),
    derived("hen", "{egg} + 1"),
    derived("of-nothing", "{payments} * 2", "CNY"),
    derived("of-typo", "{take-hom} * 2", "CNY"),
    derived("of-undated", "days_between({tests@when}, {strike@when})", "days"),
    derived("of-nowhere", "days_between({flod@when}, {strike@when})", "days"),
    derived("in-wrong-unit", "{take-home}", "persons"),
    derived("without-bounds", "{take-home} - {factory-payment} + {reserve} * -1 - {reserve}", "CNY"),
]
EVENTS = [
    {"event_id": "strike", "when": "2016-06", "when_basis": "stated", "is_disputed": True},
    {"event_id": "landing", "when": "2016-01", "when_basis": "stated", "is_disputed": True, "is_unverified": True},
    {"event_id": "flood", "when": "2016-04-05/2016-04-07", "when_basis": "external", "is_disputed": False},
]
SOURCES = [
    {"source_id": "paper-2020", "origin_cluster": "paper"},
    {"source_id": "radio-2019", "origin_cluster": "radio"},
    {"source_id": "wire-2021", "origin_cluster": "paper"},
]


def tables(**rows: list[dict[str, Any]]) -> Mapping[str, Table]:
    return {
        name: Table(name, f"data/{name}.csv", (), tuple(Row(line, values) for line, values in enumerate(found, 2)))
        for name, found in rows.items()
    }


@pytest.fixture
def evidence() -> Evidence:
    return Evidence.from_tables(tables(claims=CLAIMS, derived=DERIVED, events=EVENTS, sources=SOURCES))


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "expected"),
    [
        (6, 6, "exact", Interval(6, 6)),
        (6, 6, "about", Interval(6, 6)),
        (3, 4, "range", Interval(3, 4)),
        (3, None, "at_least", Interval(3, None)),
        (3, None, "over", Interval(3, None, False)),
        (None, 9, "up_to", Interval(None, 9)),
        (None, 9, "under", Interval(None, 9, False, False)),
        (None, None, "unquantified", None),
        (None, None, None, None),
    ],
)
def test_bounds_follow_the_qualifier(
    low: int | None, high: int | None, qualifier: str | None, expected: Interval | None
) -> None:
    low_cell, high_cell = (None if bound is None else Decimal(bound) for bound in (low, high))
    assert bounds(low_cell, high_cell, qualifier) == expected


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "message"),
    [
        ("5", None, "up_to", "up_to needs high alone"),
        ("5", "6", "over", "over needs low alone"),
        ("5", None, "range", "range needs low and high"),
        ("5", "6", "exact", "exact needs low equal to high"),
        ("6", "5", "range", "low 6 is above high 5"),
        ("5", "5", None, "a value stands beside the qualifier"),
        ("5", None, "unquantified", "a value stands beside the qualifier unquantified"),
    ],
)
def test_bounds_that_do_not_fit_the_qualifier_are_refused(
    low: str | None, high: str | None, qualifier: str | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        bounds(low and Decimal(low), high and Decimal(high), qualifier)  # type: ignore[arg-type]


def test_claim_keeps_its_row_as_shown(evidence: Evidence) -> None:
    fact = evidence.fact("take-home")
    assert (fact.origin, fact.unit, fact.per, fact.qualifier) == ("claim", "CNY", "month", "range")
    assert fact.quantity_interval == Interval(300, 500)
    assert fact.label == fact.row["statement"]
    assert fact.decimals is None


def test_claim_without_number_has_no_interval(evidence: Evidence) -> None:
    assert evidence.fact("payments").quantity_interval is None
    assert evidence.fact("oath").when == "2018~"


@pytest.mark.parametrize(
    ("derived_id", "qualifier", "interval", "is_approximate", "modality"),
    [
        ("worker-share", "under", Interval(None, Fraction(50, 3), False, False), False, "stated"),
        ("rest-of-share", "over", Interval(Fraction(250, 3), None, False), False, "stated"),
        ("kept-share", "at_least", Interval(10, None), False, "hearsay"),
        ("arrears-per-month", "range", Interval(Fraction(2500, 63), Fraction(625, 9)), True, "rumoured"),
        ("twelve", "exact", Interval(12, 12), False, "stated"),
        ("doubled", "about", Interval(6000, 6000), True, "stated"),
        ("wait", "range", Interval(85, 87), False, "stated"),
        ("wait-of-oath", "range", Interval(-30, -18), True, "stated"),
        ("since-strike", "range", Interval(1, 30), False, "stated"),
        ("since-landing", "range", Interval(152, 182), False, "stated"),
        ("since-talk", "exact", Interval(0, 0), False, "rumoured"),
    ],
)
def test_derived_value_takes_bounds_and_doubts_from_its_inputs(
    evidence: Evidence,
    derived_id: str,
    qualifier: str,
    interval: Interval,
    is_approximate: bool,
    modality: str,
) -> None:
    fact = evidence.fact(derived_id)
    assert fact.origin == "derived"
    assert fact.quantity_interval == interval
    assert (fact.qualifier, fact.is_approximate, fact.modality) == (qualifier, is_approximate, modality)


@pytest.mark.parametrize(
    ("fact_id", "unverified"),
    [
        ("landed", ("landing",)),
        ("landed-share", ("landing",)),
        ("landed-rest", ("landing",)),
        ("since-landing", ("landing",)),
        ("since-landed", ("landing",)),
        ("since-strike", ()),
        ("workers", ()),
        ("worker-share", ()),
    ],
)
def test_what_rests_on_an_event_that_nobody_could_verify_says_so_and_is_no_hearsay(
    evidence: Evidence, fact_id: str, unverified: tuple[str, ...]
) -> None:
    fact = evidence.fact(fact_id)
    assert (fact.unverified, fact.modality) == (unverified, "stated")


def test_events_that_no_source_dates_are_named(evidence: Evidence) -> None:
    assert evidence.dated_outside("wait") == ("flood",)
    assert evidence.dated_outside("since-strike") == ()
    assert evidence.dated_outside("workers") == ()


def test_inputs_are_ids_without_their_date_mark(evidence: Evidence) -> None:
    assert evidence.fact("wait").inputs == ("flood", "workers")
    assert evidence.fact("arrears-per-month").inputs == ("arrears-total", "workers", "span")


@pytest.mark.parametrize(
    ("fact_id", "sources", "origins"),
    [
        ("reserve", ("wire-2021",), {"paper"}),
        ("worker-share", ("paper-2020", "radio-2019"), {"paper", "radio"}),
        ("rest-of-share", ("paper-2020", "radio-2019"), {"paper", "radio"}),
        ("wait", ("paper-2020",), {"paper"}),
        ("since-strike", ("paper-2020",), {"paper"}),
    ],
)
def test_sources_are_found_through_all_inputs(
    evidence: Evidence, fact_id: str, sources: tuple[str, ...], origins: set[str]
) -> None:
    assert evidence.used_sources(fact_id) == sources
    assert evidence.origins(fact_id) == origins


def test_externally_dated_event_brings_no_source() -> None:
    told = claim("flood-report", event_id="flood", source_id="radio-2019")
    spanned = derived("flood-to-flood", "days_between({flood@when}, {flood@when})", "days")
    read = tables(claims=[told], derived=[spanned], events=EVENTS, sources=SOURCES)
    assert Evidence.from_tables(read).used_sources("flood-to-flood") == ()


@pytest.mark.parametrize(
    ("derived_id", "message"),
    [
        ("hen", "goes round in a circle: hen -> egg -> hen"),
        ("of-nothing", "'payments' has no number to reckon with"),
        ("of-typo", "no fact 'take-hom'; did you mean take-home"),
        ("of-undated", "'tests' has no date"),
        ("of-nowhere", "no claim and no event 'flod'; did you mean flood"),
        ("in-wrong-unit", "CNY, which cannot be shown in persons"),
        ("without-bounds", "^its inputs leave the result without any bound$"),
    ],
)
def test_formula_that_cannot_be_worked_out_says_why(evidence: Evidence, derived_id: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        evidence.fact(derived_id)
    with pytest.raises(FormulaError, match=message):
        evidence.used_sources(derived_id)


def test_unknown_id_offers_the_nearest(evidence: Evidence) -> None:
    with pytest.raises(UnknownFact, match="did you mean worker-share") as caught:
        evidence.fact("workers-share")
    assert caught.value.fact_id == "workers-share"
    assert caught.value.suggestions[0] == "worker-share"
    with pytest.raises(UnknownFact):
        evidence.used_sources("workers-share")


def test_tables_that_a_report_lacks_count_as_empty() -> None:
    assert Evidence.from_tables(tables(claims=CLAIMS)).fact("tests").qualifier == "exact"
