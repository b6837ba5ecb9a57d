"""Measures of control: only what is in force counts, and hearsay never looks stated."""

from __future__ import annotations

from collections import Counter

import pytest
from figures import EVIDENCE, surveillance

from evidencebook.charts import FACTS
from evidencebook.drawing import Scale, source
from evidencebook.drawing.stretches import short, unbroken
from evidencebook.evidence import words
from tests.specs import changed, forms, rows, spec_of, symbols, texts, without


def cell(control: str) -> surveillance.Told:
    return next(one for one in surveillance.told() if one.control == control)


def test_every_measure_on_workers_is_in_the_grid() -> None:
    shown = {claim_id for one in surveillance.told() for claim_id in one.claim_ids}
    measures = [
        i for i, row in EVIDENCE.assertions.items() if (row["kind"], row["theme"]) == ("measure", "surveillance")
    ]
    assert set(measures) <= shown


def test_aims_surmises_and_the_time_before_are_not() -> None:
    shown = {claim_id for one in surveillance.told() for claim_id in one.claim_ids}
    assert all(EVIDENCE.claims[each]["kind"] in surveillance.KINDS or each in surveillance.IN_FORCE for each in shown)
    assert not shown & {"background-checks-number-before", "tumen-outings-year-before", "restriction-cause-ideology"}
    assert not any(part in each for each in shown for part in ("number-before", "former-", "-aim-", "-cause-"))


def test_each_cell_is_a_disc_where_one_claim_is_firm_and_a_ring_where_all_are_unsure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = [one for one in surveillance.told() if one.control == "Ideological training"]
    firm, unsure = training
    assert (firm.is_firm, unsure.is_firm) == (True, False)
    assert [EVIDENCE.claims[each]["credibility"] <= 2 for each in firm.claim_ids].count(True)
    for form in forms(spec_of("surveillance.measures")):
        assert {row["fill"] for row in symbols(form, firm.claim_ids[0]) if row.get("about")} != {"transparent"}
        assert {row["fill"] for row in symbols(form, unsure.claim_ids[0]) if row.get("about")} == {"transparent"}
    edited = changed("electronic-surveillance-training-source", credibility=2)
    monkeypatch.setattr(surveillance, "EVIDENCE", edited)
    control = "Training on electronic surveillance"
    assert cell(control).is_firm
    spec = surveillance.measures().to_dict()
    assert {row["fill"] for row in symbols(spec, cell(control).claim_ids[0]) if row["about"]} != {"transparent"}
    assert f"{control} (" not in spec["description"].partition("drawn as rings")[2]


def test_what_is_told_of_all_workers_abroad_is_no_disc_however_firm() -> None:
    told = next(one for one in surveillance.told() if "tip-2023-wage-withholding" in one.claim_ids)
    assert (told.is_firm, told.standing) == (False, surveillance.ELSEWHERE)
    spec = spec_of("surveillance.measures")
    for form in forms(spec):
        assert {row["fill"] for row in symbols(form, told.claim_ids[0]) if row.get("about")} == {"transparent"}
    assert (
        f"{told.control} ({source(EVIDENCE, told.source_id)})" in spec["description"].partition("abroad in general")[2]
    )
    near = changed("tip-2023-wage-withholding", place_id="china")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(surveillance, "EVIDENCE", near)
        assert cell(told.control).is_firm


def test_the_title_counts_the_controls_of_several_articles_and_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted() -> list[int]:
        told = Counter(one.control for one in surveillance.told()).values()
        title = " ".join(surveillance.measures().to_dict()["title"]["text"]).lower()
        numbers = [sum(articles > 1 for articles in told), sum(articles == 1 for articles in told)]
        assert title == (
            f"{surveillance._counted(numbers[0])} kinds of control appear in more than one article, "
            f"{surveillance._counted(numbers[1])} in one alone"
        )
        return numbers

    several, one = counted()
    monkeypatch.setattr(surveillance, "EVIDENCE", without("reporting-reward-system"))
    assert counted() == [several, one - 1]


def test_every_control_and_every_possible_date_is_legible_in_both_pictures() -> None:
    spec = spec_of("surveillance.measures")
    for form in forms(spec):
        assert all(one.control in texts(form) for one in surveillance.told())
        for row in EVIDENCE.sources.values():
            assert unbroken(short(row["published"])).replace("\u00a0", " ") in texts(form)
    for source_id, count in Counter(one.source_id for one in surveillance.told()).items():
        assert f"{source(EVIDENCE, source_id)}: {count}" in spec["description"]


def test_before_and_after_draw_the_bounds_of_the_claims_and_nothing_else() -> None:
    narrow = forms(spec_of("surveillance.before_after"))[1]
    for panel in surveillance.PANELS:
        scale = Scale(0, panel.end, 0, 324)
        for _, fact_id in surveillance.times(panel):
            interval = EVIDENCE.fact(fact_id).quantity_interval
            drawn = [row for row in rows(narrow) if row.get(FACTS) == fact_id and "text" not in row]
            places = [row["x"] for row in drawn if row.get("shape") == "circle"]
            places += [(row["x"] + row["x2"]) / 2 for row in drawn if "fill" in row and "x2" in row]
            wanted = {scale.at(float(bound)) for bound in (interval.low, interval.high) if bound is not None}
            assert sorted(places) == pytest.approx(sorted(wanted))


def test_before_and_after_name_every_value_and_the_hearsay() -> None:
    said = spec_of("surveillance.before_after")["description"]
    for panel in surveillance.PANELS:
        for _, fact_id in surveillance.times(panel):
            fact = EVIDENCE.fact(fact_id)
            if fact.quantity_interval is not None:
                assert words(fact).replace("\u00a0", " ").partition(" relatives")[0] in said
    assert ", unconfirmed" in said


def test_the_present_rule_is_stricter_as_the_title_says() -> None:
    for panel in surveillance.PANELS:
        before, now = (EVIDENCE.fact(fact_id).quantity_interval for _, fact_id in surveillance.times(panel))
        assert before is None or before.high < now.low


def test_edited_value_changes_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveillance, "EVIDENCE", changed("background-checks-number-now", low=9, high=9))
    assert "now: nine" in surveillance.before_after().to_dict()["description"]
