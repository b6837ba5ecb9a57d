"""Rows that can stand as they are: who speaks, of whom, where, when and per what, in sentences of any newspaper."""

from __future__ import annotations

import pytest

from evidencebook.check.copying import Articles
from evidencebook.intake import proposing
from evidencebook.intake.amounts import amounts, plain
from evidencebook.intake.candidates import Known, candidates
from evidencebook.intake.drafting import UNSAID, called, draft, lowered
from evidencebook.intake.suggesting import Habits
from evidencebook.intake.timing import when
from evidencebook.intake.voices import modality
from evidencebook.tables import contract
from tests.intaking import ROOT

UNITS = {one: one for one in ("persons", "percent", "CNY", "USD", "days", "months", "years", "times", "factories")}
PLACES = (("lima", "Lima"), ("cusco", "Cusco"), ("peru", "Peru"), ("chile", "Chile"))
KNOWN = Known(PLACES, UNITS, "2026-05-20", "The Quay")


def told(*paragraphs: str) -> list[dict[str, str]]:
    """The cells proposed for an article of these paragraphs, in its order."""
    claims = contract.load(ROOT).resources["claims"]
    text = "\n\n".join(paragraphs) + "\n"
    found = candidates(text, KNOWN)
    names = {one: name for one, name in PLACES}
    made = proposing.rows(text, "quay-2026", found, claims, Habits.of((), claims), names, "The Quay", "2026-05-20")
    return [cells for _, cells, _ in sorted(made, key=lambda row: row[0].start)]


def cells(name: str, *paragraphs: str) -> list[str]:
    return [row.get(name, "") for row in told(*paragraphs)]


MINER = "A miner who has a stall in the market said that 40 men came."


@pytest.mark.parametrize(
    ("paragraphs", "voices"),
    [
        ((MINER, "The miner expects more. Another 60 men have papers, he said."), ["miner"] * 3),
        ((MINER, "The same miner complained that 30 men were ill."), ["miner"] * 2),
        ((MINER, "He recalled 30 men."), ["miner"] * 2),
        ((MINER, "He was sure that 30 men are ill."), ["miner"] * 2),
        ((MINER, "Each gets 30 dollars, the miner reckons. Nobody has tents. Some 9 men fled, he added."), ["miner"] * 4),
        ((MINER, "Some 30 men are ill."), ["miner", "The Quay"]),
        (("Ana Ruiz, a nurse, said 40 men came.", "“They are ill,” Ruiz warned of 30 men."), ["Ana Ruiz"] * 2),
        (("A former guard in Lima said 40 men came.", "The former guard estimates that 9 men fled."), ["former guard"] * 2),
        (("A guard said 40 men came.", "Another guard insisted that 9 men fled."), ["guard", "guard"]),
    ],
)  # fmt: skip
def test_a_voice_is_taken_up_again(paragraphs: tuple[str, ...], voices: list[str]) -> None:
    assert [one.startswith(voice) for one, voice in zip(cells("speaker", *paragraphs), voices, strict=True)] == [
        True for _ in voices
    ], cells("speaker", *paragraphs)


@pytest.mark.parametrize(
    ("who", "begins", "is_many"),
    [
        ("North Korean official", "A North Korean official", False),
        ("Peruvian port clerk in Lima", "A Peruvian port clerk in Lima", False),
        ("economist", "An economist", False),
        ("union leader", "A union leader", False),
        ("Ana Ruiz", "Ana Ruiz", False),
        ("Reuters", "Reuters", False),
        ("Chinese traders", "Chinese traders", True),
        ("two clerks", "Two clerks", True),
        ("China's foreign ministry", "China's foreign ministry", False),
    ],
)
def test_a_voice_begins_a_sentence_with_its_article(who: str, begins: str, is_many: bool) -> None:
    assert called(who) == (begins, is_many)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("In Lima some 40 men sleep in tents.", "lima"),
        ("The mine pays 40 dollars a day to a firm in Cusco.", "chile"),
        ("Ana Ruiz, who teaches law at a school in Cusco, said 40 men sleep in tents.", "chile"),
        ("A nurse who fled to Lima last year said 40 men sleep in tents.", "chile"),
        ("A nurse in Lima said 40 men sleep in tents.", "lima"),
        ("Peru wants 40 men back.", "chile"),
        ("Some 40 men from Peru sleep in tents.", "chile"),
        ("There are 40 men in Lima, and 90 more wait in Cusco.", "lima"),
    ],
)
def test_the_place_is_where_the_matter_is(said: str, place: str) -> None:
    assert cells("place_id", "CHILE – The rain came at noon.", said)[0] == place


@pytest.mark.parametrize(
    ("said", "date", "basis"),
    [
        ("They are the first since August, when 90 men came.", "2025-08", "inferred"),
        ("Each man pays 200 dollars, up from 150 dollars two years ago.", "2026-05-20", "article_date"),
        ("Some 40 men came in late February, a nurse said this week.", "2026-02", "inferred"),
        ("A nurse who fled last year said that 40 men are ill.", "2026-05-20", "article_date"),
        ("A nurse said that she had paid 90 dollars.", "", ""),
        ("There were 70,000 men before the pandemic.", "2019", "external"),
        ("In the first half, 40 men fled.", "2026-01/2026-06", "inferred"),
        ("Last autumn 40 men fled.", "2025-09/2025-11", "inferred"),
        ("Over the winter 40 men fled.", "2025-12/2026-02", "inferred"),
        ("In the past three months 40 men fled.", "2026-02/2026-05", "inferred"),
        ("Since last year 40 men have fled.", "2025/", "inferred"),
        ("In the second quarter of 2024, 40 men fled.", "2024-04/2024-06", "inferred"),
    ],
)
def test_the_date_is_that_of_what_is_told(said: str, date: str, basis: str) -> None:
    row = told("A heading stands here and ends.", said)
    assert (row[0].get("when", ""), row[0].get("when_basis", "")) == (date, basis)


def test_a_season_is_the_last_that_began_or_ended() -> None:
    assert when("It closed last spring.", "2026-05-20") == ("2025-03/2025-05", "inferred")
    assert when("It closed this spring.", "2026-05-20") == ("2026-03/2026-05", "inferred")
    assert when("It closed last winter.", "2026-01-20") == ("2024-12/2025-02", "inferred")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There were perhaps 70 men.", [("70", "70", "about", "persons", "")]),
        ("Maybe 70 men came.", [("70", "70", "about", "persons", "")]),
        ("She sends home $90 every quarter.", [("90", "90", "exact", "USD", "quarter")]),
        ("They get 200 yuan a month, up from 150 yuan in May.",
         [("200", "200", "exact", "CNY", "month"), ("150", "150", "exact", "CNY", "month")]),
        ("Orders rose by a third over the year.", [("33.33", "33.33", "exact", "percent", "")]),
        ("Prices fell by almost a fifth after the flood.", [("20", "20", "about", "percent", "")]),
        ("Catches fell by half.", [("50", "50", "exact", "percent", "")]),
        ("It was followed by a third party.", []),
    ],
)  # fmt: skip
def test_hedges_shares_and_denominators(sentence: str, expected: list[tuple[str, ...]]) -> None:
    found = amounts(sentence, 0, len(sentence), tuple(UNITS))
    assert [(plain(one.low), plain(one.high), one.qualifier, one.unit, one.per) for one in found] == expected


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("They may leave the yard only in threes.", "stated"),
        ("They may not leave the yard.", "stated"),
        ("Prices may rise.", "projected"),
        ("They could not leave.", "stated"),
        ("It might close.", "projected"),
    ],
)
def test_leave_to_do_something_is_no_forecast(said: str, wanted: str) -> None:
    assert modality(said) == wanted


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        ("Some 90 miners went to a tin mine up the valley.", "miners at a tin mine"),
        ("A Chilean cook asks for 500 dollars.", "one Chilean cook in Chile"),
        ("The nurses are handed 350 dollars a month.", "nurses in Chile"),
        ("Each diver has to pay 200 dollars a month.", "divers in Chile"),
        ("Half of the divers had nothing to eat.", "divers in Chile"),
        ("As many as 40 divers live in Lima.", "divers in Lima"),
        ("A clerk said that he pays 200 dollars a month.", "one clerk in Chile"),
    ],
)
def test_of_whom_it_is_told_is_the_subject(said: str, scope: str) -> None:
    assert cells("scope", "CHILE – The rain came at noon.", said)[0] == scope


def drafted(sentence: str, words: str, who: str = "", qualifier: str = "exact", meant: str = "") -> str:
    at, article = sentence.index(words), Articles((sentence,))
    return draft(
        sentence, (at, at + len(words)), who, qualifier, "stated", "The Quay",
        lambda said: article.copied(said) is not None, lowered(sentence), meant,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "words", "who", "expected"),
    [
        ("Little is left of it: each diver has to pay 200 dollars a month toward what he called the harbour fund, up from "
         "150 dollars two years ago.", "150", "foreman",
         "A foreman says that each diver had to pay 150 dollars a month toward what he called the harbour fund two years ago."),
        ("They sleep 9 to a hut, with two days off a month.", "two", "cook",
         "A cook says that they have two days off a month."),
        ("He called the fee low now but steep during the war, when half of his divers had nothing to eat.", "half",
         "foreman", "A foreman says that half of his divers had nothing to eat during the war."),
        ("There are 40 nurses in the north and 20 in the south.", "20", "",
         "The Quay reports that there are 20 nurses in the south."),
        ("Orders from the big hotels of the coast rose by a third over the long and wet winter, a cook said.", "a third",
         "cook", "A cook says that orders from the big hotels of the coast went up by a third over the long and wet winter."),
        ("Under a treaty signed in May, member states were required to send home divers without papers within 24 "
         "months.", "24", "", "The Quay reports that member states were obliged to send home divers without papers "
         "within 24 months."),
    ],
)  # fmt: skip
def test_a_draft_is_finished_in_words_of_our_own(sentence: str, words: str, who: str, expected: str) -> None:
    assert drafted(sentence, words, who) == expected
    assert Articles((sentence,)).copied(expected) is None


def test_they_are_those_of_the_sentence_before() -> None:
    rows = told("The divers sleep in huts, a cook said. They work 12 days in a row, he added.")
    assert rows[-1]["statement"] == "A cook says that the divers work 12 days in a row."


def test_last_year_is_said_as_the_year_that_the_row_has() -> None:
    rows = told("A long heading that ends.", "A cook said that 40 divers drowned last year.")
    assert rows[0]["statement"] == "A cook says that 40 divers drowned in 2025." and rows[0]["when"] == "2025"


def test_most_drafts_of_a_plain_report_can_stand() -> None:
    rows = told(
        "Some 300 divers have come to the bay since March, according to a clerk in the harbour office, who put the number "
        "of boats at nearly 60.",
        "The clerk, who asked not to be named, said each boat carries between four and six divers and stays out for three days.",
        "A buyer told The Quay that urchins fetch 12 dollars a kilogram, twice as much as a year ago, and that he had "
        "bought 40 tonnes of them.",
        "The divers get less than a tenth of that, a union leader complained. They go down 30 metres without a second "
        "hose, she added, and two of them died in April.",
        "Lima has promised 15 inspectors. None has come.",
    )
    assert sum(UNSAID in row["statement"] for row in rows) <= 1, [row["statement"] for row in rows]


@pytest.mark.parametrize(
    ("said", "statements"),
    [
        ("They pay $300 for a place, according to a union report, and work it off over two months.",
         ["A union report says that they pay $300 for a place.", "A union report says that they work it off over two months."]),
        ("A nurse said that 40 divers drowned, and that wages have doubled.",
         ["A nurse says that 40 divers drowned.", "A nurse says that wages have doubled."]),
        ("At nine mines the shifts exceeded 12 hours, a nurse said.", ["A nurse says that at nine mines the shifts exceeded 12 hours."] * 2),
        ("“We take $120, not a cent more,” a broker said, adding that some fled.", ["A broker says that they take $120, not a cent more."]),
        ("In 2019, the last year for which there are numbers, 11 divers died in accidents.", ["The Quay reports that 11 divers died in accidents."]),
    ],
)  # fmt: skip
def test_a_draft_begins_with_its_subject(said: str, statements: list[str]) -> None:
    assert cells("statement", "CHILE – The rain came at noon.", said) == statements


def test_whom_a_paragraph_brings_in_speaks_in_it_without_a_name() -> None:
    rows = told(
        "Carla Vega, the region's head of inspection, said 40 divers died.",
        "For Rosa, a 41-year-old cook of three who guts fish, it is simple. She earns $18 a night, she said.",
    )
    assert [(row["speaker"], row["speaker_type"]) for row in rows] == [
        ("Carla Vega", "official"), ("cook of three", "anonymous"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "who", "kind", "statement"),
    [
        ("It told lawmakers in April that 40 divers fled.", "harbour ministry", "official", "A harbour ministry says that 40 divers fled."),
        ("Each boat brings in 700 dollars, he told The Quay, but last year he made 200.", "", "", ""),
        ("In a report to the council, Peru said it had sent back 20 divers.", "Peru", "official", "Peru says that it had sent back 20 divers."),
        ("Lee Cha, an economist at a university who wrote a study of them, found that 40 divers fled.", "Lee Cha", "expert",
         "Lee Cha says that 40 divers fled."),
        ("Two of the three said that 40 divers fled.", "Two of the three", "anonymous", "Two of the three say that 40 divers fled."),
    ],
)  # fmt: skip
def test_who_is_told_something_is_not_who_says_it(said: str, who: str, kind: str, statement: str) -> None:
    if not who:  # whoever spoke before
        rows = told("A buyer in Lima said that 9 divers came.", said)
        assert {row["speaker"] for row in rows} == {"buyer in Lima"}
        assert "made 200" in rows[-1]["statement"] and "700" not in rows[-1]["statement"]
        return
    rows = (
        told("The harbour ministry said that 9 divers came.", said)
        if said.startswith("It ")
        else told("A line that ends.", said)
    )
    row = rows[-1] if who != "Two of the three" else next(one for one in rows if one.get("high") == "40")
    assert (row["speaker_type"], row["statement"]) == (kind, statement) and row["speaker"].startswith(who)


def test_a_total_is_of_the_same_and_what_describes_a_voice_is_folded() -> None:
    rows = told("The inn has lost 35 of its 50 waiters, a buyer who has run two inns said.")
    assert [(row["high"], row["unit"]) for row in rows[:2]] == [("35", "persons"), ("50", "persons")]
    text = "The inn has lost 35 of its 50 waiters, a buyer who has run two inns said.\n"
    weak = next(one for one in candidates(text, KNOWN) if one.words == "two")
    assert weak.likelihood < 0.3, weak.why
