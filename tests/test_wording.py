"""Every wording keeps the qualifier, and no rounding makes a range look narrower."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evidencebook.evidence.counts import number_words
from evidencebook.evidence.facts import Evidence, Fact
from evidencebook.evidence.wording import FORMS, NBSP, WordingError, rounding, words
from evidencebook.tables.reading import Row, Table


def claim(claim_id: str, low: str, high: str, qualifier: str, unit: str | None, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("per", "when", "event_id"))
    return empty | {
        "claim_id": claim_id,
        "source_id": "paper-2020",
        "kind": "count",
        "statement": "A paper says so.",
        "low": Decimal(low) if low else None,
        "high": Decimal(high) if high else None,
        "qualifier": qualifier or None,
        "unit": unit,
        "modality": "stated",
        **more,
    }


CLAIMS = (
    claim("take-home", "300", "500", "range", "CNY"),
    claim("factory-payment", "3000", "", "over", "CNY"),
    claim("state-share-ceiling", "", "90", "up_to", "percent"),
    claim("arrears-total", "10000000", "10000000", "about", "USD"),
    claim("workers", "3000", "3000", "about", "persons", when="2016-07-01"),
    claim("programme", "", "", "", None, when="2016-04-05/2016-04-07"),
    claim("span", "4", "7", "range", "years"),
    claim("tests", "6", "6", "exact", "tests"),
    claim("stay", "3", "4", "range", "days"),
)


def fact_of(
    fact_id: str, *claims: dict[str, Any], derived: tuple[dict[str, Any], ...] = (), **more: tuple[dict[str, Any], ...]
) -> Fact:
    read = {
        name: Table(name, f"data/{name}.csv", (), tuple(Row(2, values) for values in rows))
        for name, rows in {"claims": claims, "derived": derived, **more}.items()
    }
    return Evidence.from_tables(read).fact(fact_id)


def worded(low: str, high: str, qualifier: str, unit: str | None, form: str | None = None, **more: Any) -> str:
    """The wording of one claim, with plain spaces."""
    return words(fact_of("one", claim("one", low, high, qualifier, unit, **more)), form).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "unit", "expected"),
    [
        ("80", "80", "exact", "percent", "80%"),
        ("", "90", "up_to", "percent", "up to 90%"),
        ("50", "", "over", "percent", "over 50%"),
        ("10", "17", "range", "percent", "10–17%"),
        ("3", "3", "exact", "percent", "3%"),
        ("2.5", "2.5", "exact", "percent", "2.5%"),
        ("30000", "30000", "about", "persons", "about 30,000"),
        ("13", "13", "exact", "persons", "13"),
        ("9", "9", "exact", "people", "nine"),
        ("20000", "100000", "range", "persons", "20,000–100,000"),
        ("5", "8", "range", "relatives-and-coworkers", "five to eight"),
        ("3000", "", "over", "CNY", "over 3,000 yuan"),
        ("300", "500", "range", "CNY", "300–500 yuan"),
        ("3", "3", "exact", "CNY", "3 yuan"),
        ("10000000", "10000000", "about", "USD", "about US$10 million"),
        ("1500000", "3000000", "range", "USD", "US$1.5–3 million"),
        ("900000", "2000000", "range", "USD", "US$900,000–2,000,000"),
        ("1234567", "1234567", "exact", "USD", "US$1,234,567"),
        ("2000000000", "", "at_least", "EUR", "at least €2 billion"),
        ("40", "69", "range", "USD", "US$40–69"),
        ("5", "", "at_least", "GBP", "at least £5"),
        ("", "70000", "under", "KRW", "under 70,000 won"),
        ("12", "12", "exact", "JPY", "JPY 12"),
        ("40", "69", "range", "USD/worker-month", "US$40–69"),
        ("3", "4", "range", "days", "three or four days"),
        ("3", "5", "range", "years", "three to five years"),
        ("9", "10", "range", "months", "nine or ten months"),
        ("10", "11", "range", "months", "10–11 months"),
        ("10", "", "over", "factories", "over ten factories"),
        ("10", "10", "exact", "percent", "10%"),
        ("2.5", "3.5", "range", "years", "2.5–3.5 years"),
        ("24", "24", "exact", "months", "24 months"),
        ("1", "1", "exact", "days", "one day"),
        ("1", "1", "exact", "factories", "one factory"),
        ("", "1", "up_to", "months", "up to one month"),
        ("3", "3", "exact", "times", "three times"),
        ("6", "6", "exact", "tests", "six tests"),
        ("3", "3", "exact", "ratio", "3"),
    ],
)
def test_words(low: str, high: str, qualifier: str, unit: str, expected: str) -> None:
    assert worded(low, high, qualifier, unit) == expected


def test_negative_number_has_a_minus_sign() -> None:
    assert worded("-5", "-5", "exact", "CNY") == "−5 yuan"


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "unit", "form", "expected"),
    [
        ("90", "90", "exact", "percent", "bare", "90"),
        ("10000000", "10000000", "exact", "USD", "bare", "10 million"),
        ("", "90", "up_to", "percent", "hedged", "90%"),
        ("10000000", "10000000", "about", "USD", "hedged", "US$10 million"),
        ("3", "4", "range", "days", "hedged", "three or four days"),
        ("", "90", "up_to", "percent", "number", "up to 90"),
        ("3000", "", "over", "CNY", "number", "over 3,000"),
        ("", "90", "up_to", "percent", "words", "up to ninety percent"),
        ("50", "", "over", "percent", "words", "more than half"),
        ("", "50", "under", "percent", "words", "less than half"),
        ("50", "50", "exact", "percent", "words", "half"),
        ("50", "50", "about", "percent", "words", "about half"),
        ("3", "4", "range", "percent", "words", "three to four percent"),
        ("13", "13", "exact", "persons", "words", "thirteen"),
        ("100", "100", "about", "persons", "words", "about a hundred"),
        ("21", "21", "exact", "months", "words", "twenty-one months"),
        ("2.5", "2.5", "exact", "years", "words", "two and a half years"),
        ("1.5", "2.5", "range", "years", "words", "one and a half to two and a half years"),
        ("0.5", "0.5", "exact", "years", "words", "half a year"),
        ("0.5", "0.5", "exact", "ratio", "words", "half"),
        ("1", "1", "exact", "USD", "words", "one US dollar"),
        ("10000000", "10000000", "about", "USD", "words", "about ten million US dollars"),
        ("3000", "", "over", "CNY", "words", "over 3,000 yuan"),
        ("20", "300", "range", "USD", "words", "US$20–300"),
        ("2.25", "2.25", "exact", "years", "words", "2.25 years"),
        ("300", "500", "range", "CNY", "hedged-low", "300 yuan"),
        ("300", "500", "range", "CNY", "hedged-high", "500 yuan"),
        ("3000", "", "over", "CNY", "hedged-low", "3,000 yuan"),
        ("3", "4", "range", "days", "hedged-high", "four days"),
        ("6", "6", "exact", "tests", "high", "six tests"),
    ],
)
def test_forms(low: str, high: str, qualifier: str, unit: str, form: str, expected: str) -> None:
    assert worded(low, high, qualifier, unit, form) == expected


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "form", "message"),
    [
        ("3000", "", "over", "hedged-high", "'one' has no high bound"),
        ("", "90", "up_to", "hedged-low", "'one' has no low bound"),
        ("90", "90", "exact", "loud", "'loud' is not a form: use one of bare, number, words, low, high, hedged"),
        ("", "", "unquantified", None, "asserts no number"),
    ],
)
def test_what_a_fact_lacks_is_not_worded(low: str, high: str, qualifier: str, form: str | None, message: str) -> None:
    with pytest.raises(WordingError, match=message):
        worded(low, high, qualifier, "CNY", form)


def test_dates_read_as_dates() -> None:
    assert worded("", "", "", None, kind="date", when="2018-08-09/2018-08-31") == ("between 9 and 31 August 2018")
    with pytest.raises(WordingError, match="asserts no number"):
        worded("", "", "", None, kind="event", when="2018")
    with pytest.raises(WordingError, match="no form 'low'"):
        worded("", "", "", None, "low", kind="date", when="2018")


def test_number_and_unit_stay_on_one_line() -> None:
    assert words(fact_of("factory-payment", *CLAIMS)) == "over 3,000\u00a0yuan"


def derived_words(formula: str, unit: str, decimals: int, form: str | None = None) -> str:
    row = {"derived_id": "d", "label": "d", "formula": formula, "unit": unit, "decimals": decimals}
    return words(fact_of("d", *CLAIMS, derived=(row,)), form).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("formula", "unit", "decimals", "expected"),
    [
        ("{take-home} / {factory-payment}", "percent", 0, "under 17%"),
        ("{take-home} / {factory-payment}", "percent", 1, "under 16.7%"),
        ("1 - {take-home} / {factory-payment}", "percent", 0, "over 83%"),
        ("1 - {state-share-ceiling}", "percent", 0, "at least 10%"),
        ("{arrears-total} / ({workers} * {span})", "USD/worker-month", 0, "about US$40–69"),
        ("{workers} / {span}", "persons/year", 0, "about 429–750"),
        ("2 * {tests}", "tests", 0, "12 tests"),
        ("{tests} / 4", "tests", 1, "1.5 tests"),
        ("{tests} * {span} / {span}", "tests", 1, "about 3.4–10.5 tests"),
        ("1 * {stay}", "days", 0, "three to four days"),
        ("{span} / 4", "years", 1, "about 1–1.8 years"),
        ("{tests} * {stay} / {stay}", "tests", 1, "4.5–8 tests"),
        ("{stay} / 100", "days", 0, "about zero days"),
        ("{tests} / 9", "tests", 2, "about 0.67 tests"),
        ("{tests} / 9", "tests", 0, "about one test"),
        ("days_between({programme@when}, {workers@when})", "days", 0, "85–87 days"),
        ("{workers} * {state-share-ceiling}", "persons", 0, "up to about 2,700"),
    ],
)
def test_a_derived_value_is_rounded_to_what_a_reader_would_reckon(
    formula: str, unit: str, decimals: int, expected: str
) -> None:
    assert derived_words(formula, unit, decimals) == expected


def test_single_bound_of_a_derived_range_is_rounded_alike() -> None:
    formula = "{arrears-total} / ({workers} * {span})"
    assert derived_words(formula, "USD/worker-month", 0, "hedged-low") == "US$40"
    assert derived_words(formula, "USD/worker-month", 0, "hedged-high") == "US$69"
    with pytest.raises(WordingError, match="no low bound"):
        derived_words("{take-home} / {factory-payment}", "percent", 0, "hedged-low")


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "plain", "form"),
    [
        (low, high, qualifier, plain, form)
        for low, high, qualifier, plain in (
            ("90", "90", "about", "about 90%"),
            ("", "90", "up_to", "up to 90%"),
            ("", "90", "under", "under 90%"),
            ("90", "", "over", "over 90%"),
            ("90", "", "at_least", "at least 90%"),
            ("80", "90", "range", "80–90%"),
        )
        for form in ("bare", *(["low"] if low else []), *(["high"] if high else []))
    ],
)
def test_no_form_hides_that_a_value_is_not_exact(low: str, high: str, qualifier: str, plain: str, form: str) -> None:
    remedy = {"bare": "hedged", "low": "hedged-low", "high": "hedged-high"}[form]
    with pytest.raises(WordingError, match=rf"\|{form} hides that the value is '{plain}' - write \|{remedy} where"):
        worded(low, high, qualifier, "percent", form)


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 12])
def test_facts_and_counts_of_rows_spell_the_same_numbers(number: int) -> None:
    assert worded(str(number), str(number), "exact", "persons") == number_words(number)


@pytest.mark.parametrize("form", [None, "number", "words", "hedged", "hedged-low"])
def test_a_sentence_may_say_the_stance_without_touching_the_words(form: str | None) -> None:
    told = f"told-{form}" if form else "told"
    assert worded("600", "", "over", "USD", told, modality="rumoured") == worded("600", "", "over", "USD", form)


@pytest.mark.parametrize("form", ["told", "told-number"])
def test_no_sentence_says_a_stance_that_the_value_does_not_have(form: str) -> None:
    with pytest.raises(WordingError, match=rf"\|{form} is for a sentence that says a doubt, but nothing is doubtful"):
        worded("600", "", "over", "USD", form)


def test_saying_the_stance_does_not_hide_the_qualifier() -> None:
    with pytest.raises(WordingError, match=r"\|bare hides that the value is 'over US\$600'"):
        worded("600", "", "over", "USD", "told-bare", modality="rumoured")
    with pytest.raises(WordingError, match="'loud' is not a form"):
        worded("600", "", "over", "USD", "told-loud", modality="rumoured")


def test_an_unknown_form_is_answered_with_all_of_them() -> None:
    with pytest.raises(WordingError) as caught:
        worded("90", "90", "exact", "percent", "loud")
    assert all(form in str(caught.value) for form in (*FORMS, "told"))


def test_a_rounded_derived_value_is_not_exact_either() -> None:
    assert derived_words("{tests} / 4", "tests", 1, "bare") == "1.5"
    with pytest.raises(WordingError, match=r"about 0\.67"):
        derived_words("{tests} / 9", "tests", 2, "bare")


@pytest.mark.parametrize(
    ("formula", "unit", "decimals", "said"),
    [
        ("{workers} * {span} / 7", "worker-months", 0, "from about 20,571.43 and 36,000"),
        ("{stay} / (5 * {tests})", "days/test", 2, "from 0.1 and about 0.1333"),
        ("{take-home} / {factory-payment}", "percent", 0, "outwards, from about 16.67"),
        ("{workers} / 80", "persons", 0, "from 37.5"),
        ("{take-home} / 100", "CNY", 0, ""),
        ("{tests} / 4", "tests", 1, ""),
    ],
)
def test_a_reader_who_works_a_rounded_value_out_anew_meets_the_same_numbers(
    formula: str, unit: str, decimals: int, said: str
) -> None:
    row = {"derived_id": "d", "label": "D", "formula": formula, "unit": unit, "decimals": decimals}
    assert rounding(fact_of("d", *CLAIMS, derived=(row,))) == said


def test_a_claim_is_shown_as_its_source_gives_it_and_never_rounded() -> None:
    for row in CLAIMS:
        assert rounding(fact_of(row["claim_id"], row)) == ""
