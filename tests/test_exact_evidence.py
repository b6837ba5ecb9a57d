"""Accounts, verdicts and wordings word by word, and limits to the last one: what small faults would change."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from evidencebook.evidence import firmness
from evidencebook.evidence.account import EVENT, Accounts, Cell, Link, Reference
from evidencebook.evidence.carrying import span
from evidencebook.evidence.counts import CountError, count
from evidencebook.evidence.doubts import DOUBTS, in_order
from evidencebook.evidence.facts import DEEPEST, Evidence, is_outside
from evidencebook.evidence.wording import cardinal
from evidencebook.tables.reading import Table
from evidencebook.values.formulas import FormulaError
from tests.building import TIDES, copy_book
from tests.tabled import add_checks
from tests.test_facts import claim, derived, tables
from tests.test_wording import worded


def told(cell: Cell) -> str:
    """The cell in words; what leads somewhere with the kind or the address behind it."""
    return "".join(
        part if isinstance(part, str)
        else f"[{part.text}]({part.kind}:{part.entry_id})" if isinstance(part, Reference)
        else f"[{part.text}]({part.address}{' passage' * part.is_passage})" if isinstance(part, Link)
        else f"*{part.text}*"
        for part in cell
    )  # fmt: skip


def lines(accounts: Accounts, kind: str, entry_id: str, *, is_card: bool = False) -> dict[str, str]:
    account = accounts.of(kind, entry_id)
    shown = {one.term: one.on_card if is_card else one.cells for one in account.lines}
    between = {one.term: one.between for one in account.lines}
    return {term: between[term].join(map(told, cells)) for term, cells in shown.items() if cells}


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """A book in which one claim has every line that an account can have."""
    root = copy_book(tmp_path)
    add_checks(root)
    found = Evidence.load(root)
    found.claims["lamps-lit"].values.update(  # type: ignore[attr-defined]
        note="Not lookers.", event_id="great-tide", repeats="lookers", per="night", unit="persons",
        when="1953-02", when_basis="inferred",
    )  # fmt: skip
    found.events["great-tide"].values.update(  # type: ignore[attr-defined]
        is_unverified=True, is_disputed=True, date_note="By the log.", when="1953-01-31/1953-02-01"
    )
    pair = {"title": "Lamps", "claim_a": "lamps-lit", "claim_b": "visitors-counted"}
    found.tables["contradictions"].rows[0].values.update(pair)  # type: ignore[attr-defined]
    return found


def test_a_claim_is_told_in_these_words(evidence: Evidence) -> None:
    accounts = Accounts(evidence)
    account = accounts.fact("lamps-lit")
    assert (account.value, account.stance, account.number) == ("about 2,000 per night", "disputed", 4)
    assert lines(accounts, "ledger", "lamps-lit") == {
        "Who says so": "the keeper. Worker, stated without reserve",
        "Rated": "B3: usually reliable voice, possibly true. The keeper saw it.",
        "Repeats": "[entry 3: The keeper gave 90 as the most people who came to look](ledger:lookers)",
        "Source": "[The Keeper, 1953](source:harbour-log), paragraph 3 ([open the passage]("
        "https://example.org/harbour-log#:~:text=About%202%2C000%20lamps passage)). Published 1 February 1953",
        "When, where": "February 1953 (inferred), North Rock",
        "About": "the rock",
        "Tells of": "[The great tide](event:great-tide), unverified by those who published it; what it was is disputed",
        "Origins": "1 independent origin: The Keeper",
        "Checked": "Lamps: *contradicted*. A ledger of oil has fewer. Still to be confirmed."
        " [The oil ledger](https://example.org/oil); a wick count",
        "Against": "Lamps: [entry 2, the mainland](ledger:visitors-counted)"
        " (The Mainland via Copy House, 1953 or 1954)",
        "Note": "Not lookers.",
    }  # fmt: skip
    card = lines(accounts, "ledger", "lamps-lit", is_card=True)
    assert (card["Source"], card["Against"]) == ("The Keeper, published 1 February 1953", "1 contradiction: Lamps")
    assert "Note" not in card
    assert lines(accounts, "ledger", "lookers")["Said again"] == "[entry 4](ledger:lamps-lit)"
    assert "(stated in the passage)" in lines(accounts, "ledger", "lookers")["When, where"]
    counted = lines(accounts, "ledger", "visitors-counted", is_card=True)["Source"]
    assert counted == (
        "Copy House, published between 1953 and 1954; only a copy or rewrite. From: The Mainland, letter"
    )


def test_an_event_is_told_in_these_words(evidence: Evidence) -> None:
    accounts = Accounts(evidence)
    account = accounts.event("great-tide")
    assert (account.value, account.text) == ("Between 31 January and 1 February 1953", "The great tide.")
    assert lines(accounts, EVENT, "great-tide") == {
        "What": "A tide.",
        "Standing": "Unverified by those who published it; what it was is disputed",
        "How dated": "By the log.",
        "Where": "North Rock",
        "Told of in": "[entry 1](ledger:water-rise), [entry 4](ledger:lamps-lit)",
    }


def test_a_derived_value_is_told_in_these_words(evidence: Evidence) -> None:
    evidence.derived["counted-share"].values.update(  # type: ignore[attr-defined]
        formula="{lookers} / {visitors-counted} * days_between({great-tide@when}, {lamps-lit@when})", unit="days"
    )
    evidence.claims["lookers"].values.update(modality="rumoured")  # type: ignore[attr-defined]
    accounts = Accounts(evidence)
    found, card = (lines(accounts, "ledger", "counted-share", is_card=one) for one in (False, True))
    assert found["Formula"] == "A ÷ B × days between C and D"
    assert found["With"] == (
        "A: up to 90, [entry 3: The keeper gave 90 as the most people who came to look](ledger:lookers)"
        ". B: 40, [entry 2: The mainland counted 40 visitors](ledger:visitors-counted)"
        ". C: between 31 January and 1 February 1953. [The great tide](event:great-tide). By the log."
        ". D: February 1953 (inferred), [entry 4: The keeper counted some 2,000 lamps](ledger:lamps-lit)"
    )
    assert card["With"].startswith(
        "A: up to 90 (unconfirmed). [The keeper gave 90 as the most people who came to look](ledger:lookers)"
    )
    assert found["Weakest input"] == "given as rumour"
    assert found["Rests on"].startswith("[The great tide](event:great-tide), unverified")
    assert found["Origins"] == "2 independent origins: The Keeper, The Mainland"
    assert found["Caveat"] == card["Caveat"] == "Two counts of different nights."
    assert "Goes into" in lines(accounts, EVENT, "great-tide")
    assert "Goes into" not in lines(accounts, EVENT, "great-tide", is_card=True)


def test_a_value_that_only_events_date_is_unconfirmed() -> None:
    event = {"event_id": "flood", "when": "2016-04-05", "when_basis": "external"}
    flood = derived("none", "days_between({flood@when}, {flood@when})", "days")
    accounts = Accounts(Evidence.from_tables(tables(claims=[claim("one")], derived=[flood], events=[event])))
    assert firmness.grade(accounts, "none") == "unconfirmed"
    assert firmness.references(accounts, ["none"]) == []


# --- facts and their words --------------------------------------------------------------------------------------------


def chain(length: int) -> Evidence:
    rows = [derived("d-1", "{one} + 1"), *(derived(f"d-{n}", f"{{d-{n - 1}}} + 1") for n in range(2, length + 1))]
    return Evidence.from_tables(tables(claims=[claim("one", "1", "1", "exact", unit="ratio")], derived=rows))


def test_as_many_values_as_are_allowed_may_rest_on_each_other_from_whichever_side_they_are_asked() -> None:
    assert chain(DEEPEST).fact(f"d-{DEEPEST}").quantity_interval is not None
    deep = chain(DEEPEST + 1)
    told_from_below = []
    for number in range(1, DEEPEST + 2):
        try:
            deep.fact(f"d-{number}")
        except FormulaError as error:
            told_from_below.append(str(error))
    message = "it rests on more than 40 derived values, one upon the other: work it out from fewer"
    assert told_from_below == [message]
    with pytest.raises(FormulaError) as caught:
        chain(DEEPEST + 2).fact(f"d-{DEEPEST + 2}")
    assert str(caught.value) == message


def test_claims_are_not_outside_however_their_table_looks(evidence: Evidence) -> None:
    assert not is_outside(evidence.tables["claims"])
    claims = evidence.tables["claims"]
    assert is_outside(Table("estimates", "x.csv", claims.fields, ()))
    assert not is_outside(Table("estimates", "x.csv", claims.fields[:8], ()))
    assert evidence.outside == {}
    assert evidence.places["north-rock"]["name"] == "North Rock"


def test_doubts_stand_from_the_strongest_to_the_weakest() -> None:
    assert DOUBTS == (
        "contradicted", "disputed", "inconsistent", "improbable", "doubtful", "rumoured", "projected", "hearsay",
        "unverified", "unconfirmed", "untested",
    )  # fmt: skip
    assert in_order(["hearsay", "stated", "rumoured", "hearsay"]) == ("rumoured", "hearsay")


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "unit", "form", "expected"),
    [
        ("1000000", "1000000", "exact", "persons", None, "1 million"),
        ("999999", "999999", "exact", "persons", None, "999,999"),
        ("1000000000", "1000000000", "exact", "persons", None, "1 billion"),
        ("1100000", "1100000", "exact", "persons", None, "1.1 million"),
        ("1110000", "1110000", "exact", "persons", None, "1,110,000"),
        ("100", "100", "exact", "persons", "words", "a hundred"),
        ("101", "101", "exact", "persons", "words", "101"),
        ("0", "0", "exact", "persons", None, "zero"),
        ("9.5", "9.5", "exact", "years", "words", "nine and a half years"),
        ("10.5", "10.5", "exact", "years", "words", "10.5 years"),
        ("0.5", "0.5", "exact", "USD", "words", "half a US dollar"),
        ("0.5", "0.5", "exact", "hours", "words", "half an hour"),
        ("0.5", "0.5", "exact", "EUR", "words", "half a euro"),
        ("19", "20", "range", "days", "words", "nineteen to twenty days"),
        ("2", "4", "range", "days", None, "two to four days"),
        ("-0.25", "-0.25", "exact", "ratio", None, "−0.25"),
    ],
)
def test_words_change_where_their_limits_lie(
    low: str, high: str, qualifier: str, unit: str, form: str | None, expected: str
) -> None:
    assert worded(low, high, qualifier, unit, form) == expected


def test_every_number_up_to_a_hundred_has_its_word() -> None:
    spelled = [cardinal(Fraction(number)) for number in range(102)]
    ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    teens = [
        "ten",
        "eleven",
        "twelve",
        *(f"{one}teen" for one in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
    ]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    rest = [f"{ten}{f'-{one}' * (one != 'zero')}" for ten in tens for one in ones]
    assert spelled == [*ones, *teens, *rest, "a hundred", None]
    assert (cardinal(Fraction(1, 3)), cardinal(Fraction(-1))) == (None, None)


def test_a_span_of_one_fact_is_the_fact_and_one_of_several_ends_is_a_range() -> None:
    found = Evidence.load(TIDES)
    assert span([found.fact("lookers")]).replace("\u00a0", " ") == "up to 90"
    assert span([found.fact("water-rise")]).replace("\u00a0", " ") == "three or four metres"
    assert span([]) == ""
    days = [claim("three", "3", "3", "about", unit="days"), claim("four", "4", "4", "exact", unit="days")]
    both = Evidence.from_tables(tables(claims=days))
    assert span([both.fact("three"), both.fact("four")]).replace("\u00a0", " ") == "three to four days", "not or"


def test_a_count_says_what_it_cannot_count() -> None:
    with pytest.raises(CountError) as caught:
        count(Evidence.load(TIDES).tables, "claims theme=nothing by kind")
    assert str(caught.value) == "no row of claims fits 'theme=nothing'"
