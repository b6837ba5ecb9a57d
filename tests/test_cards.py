"""Claim cards: what they say against the tables, and what they weigh."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evidencebook.editions.web import cards
from evidencebook.evidence import phrases
from evidencebook.evidence.account import EVENT, LEDGER, Accounts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.sources import claim_url
from evidencebook.evidence.wording import rounding
from evidencebook.tables.reading import Row
from evidencebook.values import dates, formulas
from tests import added

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/evidencebook/editions/web/static"
CHAPTERS = (
    *("index", "workforce", "surveillance", "wages", "sanctions", "defections", "together"),
)  # fmt: skip
BUDGET = 15_000  # bytes that the cards may add to a page, compressed


@pytest.fixture(scope="module")
def report() -> Evidence:
    """The report's own tables, which have checks and copies."""
    return added.evidence(ROOT)


def address(evidence: Evidence) -> cards.Address:
    known = {LEDGER: {*evidence.claims, *evidence.derived}, EVENT: {*evidence.events}}
    return lambda kind, entry_id: f"appendix/ledger.html#{kind}-{entry_id}" if entry_id in known[kind] else None


def carried(html: str) -> dict[str, Any]:
    """The cards in a script element, with every shared string back in its place."""
    data = json.loads(html.partition(">")[2].rpartition("</script>")[0])

    def full(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: full(one) for key, one in value.items()}
        if isinstance(value, list):
            return [full(one) for one in value]
        return data["strings"][value] if isinstance(value, int) else value

    cards_by_id: dict[str, Any] = full(data["cards"])
    return cards_by_id


def rows(card: dict[str, Any]) -> dict[str, str]:
    """The text of each row of a card, links as their text."""

    def text(part: Any) -> str:
        return part if isinstance(part, str) else str(part[0])

    return {term: typed("\n".join("".join(map(text, cell)) for cell in cells)) for term, cells in card["rows"]}


def typed(text: str) -> str:
    """The text with the quotation marks of a typewriter, as tables have them."""
    return text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))


def claim_where(evidence: Evidence, **cells: Any) -> Row:
    return next(row for row in evidence.claims.values() if all(row[name] == cell for name, cell in cells.items()))


def test_every_fact_of_the_report_has_a_card_that_repeats_its_row(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    for claim_id, claim in report.claims.items():
        card = made.card(claim_id)
        said = rows(card)
        value = phrases.value(report.fact(claim_id))
        assert card["value"].startswith(phrases.capital(value) if value == phrases.NO_FIGURE else value)
        word = doubt(report.fact(claim_id))
        assert card["value"].endswith(f" ({word})") is bool(word)
        assert typed(card["text"]) == claim["statement"]
        assert said["Who says so"].startswith(claim["speaker"])
        assert said["About"] == claim["scope"]
        assert said["Rated"].endswith(claim["rating_reason"])
        where = report.places[claim["place_id"]]["name"] if claim["place_id"] else ""
        when = dates.words(claim["when"]) if claim["when"] else ""
        told = said.get("When, where", "").splitlines()
        assert len(told) == bool(when) + bool(where)
        assert not told or (told[0].startswith(when or where) and told[-1].startswith(where or when))
        assert "".join(card["links"][0][1:]) == claim_url(claim, report.sources[claim["source_id"]])
    for derived_id, row in report.derived.items():
        card = made.card(derived_id)
        said, word = rows(card), doubt(report.fact(derived_id))
        assert card["value"].endswith(f" ({word})") is bool(word)
        assert said["Caveat"] == row["caveat"]
        assert len(said["With"].splitlines()) == len(set(re.findall(r"\{[^}]*\}", row["formula"])))


def test_quotation_marks_and_apostrophes_are_those_of_print(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    shown = [json.dumps(made.card(claim_id)["rows"], ensure_ascii=False) for claim_id in report.claims]
    assert sum("\u2019s" in one for one in shown) > 100
    assert not any("'" in one or '\\"' in one for one in shown)


def test_the_doubtful_day_of_an_article_is_told_on_the_card_of_everything_dated_by_it(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    doubtful = {name for name, source in report.sources.items() if source["date_confidence"] == "low"}
    assert doubtful
    for claim_id, claim in report.claims.items():
        source = report.sources[claim["source_id"]]
        said = rows(made.card(claim_id))
        is_doubtful = claim["source_id"] in doubtful
        assert ("low confidence" in said["Source"]) is is_doubtful
        assert ("last day assumed" in said["Source"]) is (source["date_confidence"] == "end_assumed")
        assert dates.words(source["published"]) in said["Source"]
        if is_doubtful:
            assert f"by our inference {dates.words(source['published_limits'])}" in said["Source"]
        is_dated_by_it = claim["when_basis"] in ("article_date", "inferred")
        assert ("low confidence" in said.get("When, where", "")) is (is_doubtful and is_dated_by_it)


@pytest.mark.parametrize("kind", ["employer", "employee", "cadre"])
def test_who_pays_who_is_paid_and_who_watches_are_different_voices(report: Evidence, kind: str) -> None:
    made = cards.Cards(Accounts(report), address(report))
    claim = claim_where(report, speaker_type=kind)
    label = phrases.capital(report.label("claims", "speaker_type", kind) or kind)
    assert f"\n{label}, " in rows(made.card(claim["claim_id"]))["Who says so"]
    assert " or " not in label  # two voices in one would be neither


def test_ratings_are_given_in_words(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    claim = claim_where(report, reliability="C", credibility=3)
    first = rows(made.card(claim["claim_id"]))["Rated"].splitlines()[0]
    assert first == "C3: fairly reliable voice, possibly true"


def test_a_copied_article_is_said_to_be_one_and_an_original_is_not(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    for claim_id, claim in report.claims.items():
        source = report.sources[claim["source_id"]]
        said = rows(made.card(claim_id))["Source"]
        assert said.startswith(source["outlet_served_by"])
        assert ("only a copy or rewrite" in said) is source["is_copy"]
        assert (source["derived_from"] or "") in said


def test_the_newsroom_is_named_as_the_independent_origin(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    for claim_id, claim in report.claims.items():
        newsroom = report.sources[claim["source_id"]]["outlet_original"]
        assert rows(made.card(claim_id))["Origins"] == f"1 independent origin: {newsroom}"
    one = report.derived["and-center-worker-share"]
    both = {"derived_id": "both", "formula": "{tip-2023-state-share} - {and-center-state-share}"}
    of_two = replace(report, derived={**report.derived, "both": Row(one.line, {**one.values, **both})})
    assert rows(cards.Cards(Accounts(of_two), address(of_two)).card("both"))["Origins"].startswith(
        "2 independent origins: "
    )


def test_checks_stand_on_the_card_with_verdict_finding_and_reference(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    for check in report.tables["checks"].rows:
        checked = rows(made.card(check["claim_id"]))["Checked"].split("\n")
        opening = f"{check['question']}: {check['verdict']}. ".lower()
        (said,) = (one for one in checked if one.lower().startswith(opening))
        assert check["finding"] in said
        assert said.endswith(check["reference"])
        assert ("Still to be confirmed." in said) is (check["confirmation"] == "unconfirmed")
    checked = {row["claim_id"] for row in report.tables["checks"].rows}
    assert all("Checked" not in rows(made.card(name)) for name in set(report.claims) - checked)


def test_an_address_opens_the_first_work_that_a_check_names_and_no_other(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    check = next(row for row in report.tables["checks"].rows if row["url"] and "; " in row["reference"])
    first, _, more = check["reference"].partition("; ")
    cells = dict(made.card(check["claim_id"])["rows"])["Checked"]
    (cell,) = [cell for cell in cells if [first, check["url"]] in cell]
    assert cell[-1] == f"; {more}"


def test_contradictions_are_counted_and_named(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    pairs = [(row["title"], {row["claim_a"], row["claim_b"]}) for row in report.tables["contradictions"].rows]
    for claim_id in report.claims:
        titles = [title for title, claims in pairs if claim_id in claims]
        said = rows(made.card(claim_id)).get("Against", "")
        assert said.startswith(f"{len(titles)} contradiction") if titles else said == ""
        assert all(title in said for title in titles)


FORMULAS = {
    "1 - {a}": "1 − A",
    "{a} / ({b} * {a})": "A ÷ (B × A)",
    "days_between( {a@when}, {b@when})": "days between A and B",
    "hull({a}, {b})": "the range that covers (A, B)",
    "{a}": "A, in months",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_printed_with_a_letter_for_each_input(formula: str) -> None:
    names = dict.fromkeys(re.findall(r"\{([^}]*)\}", formula))
    letters = dict(zip(names, "AB", strict=False))
    assert formulas.in_words(formula, letters, "months") == FORMULAS[formula]


def test_inputs_of_a_derived_value_lead_on_to_their_entries(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    for derived_id in report.derived:
        cells = dict(made.card(derived_id)["rows"])["With"]
        linked = {"".join(part[1:]) for cell in cells for part in cell if isinstance(part, list)}
        kinds = {name: EVENT if name in report.events else LEDGER for name in report.fact(derived_id).inputs}
        assert linked == {f"appendix/ledger.html#{kind}-{name}" for name, kind in kinds.items()}


def test_a_date_among_the_inputs_comes_with_its_event_its_basis_and_what_is_uncertain(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    found = 0
    for derived_id, row in report.derived.items():
        said = rows(made.card(derived_id))
        outside = []
        for letter, name in zip("AB", re.findall(r"\{([^}]*)@when\}", row["formula"]), strict=False):
            event = report.events[name]
            line = next(line for line in said["With"].splitlines() if line.startswith(f"{letter}: "))
            assert line == f"{letter}: {phrases.when(report, event)}. {event['label']}. {event['date_note']}"
            outside += [event["label"]] * (event["when_basis"] == "external")
            found += 1
        origins = said["Origins"]
        assert origins.endswith(f"{' and '.join(outside)}, dated from outside the articles") is bool(outside)
        assert ("none among the sources" in origins) is (not report.origins(derived_id))
    assert found > 3


def test_what_rests_on_an_unverified_event_says_so_and_never_calls_it_hearsay(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    (unrest,) = (name for name, event in report.events.items() if event["is_unverified"])
    resting = {name for name in report.derived if unrest in report.fact(name).unverified}
    telling = {name for name, claim in report.claims.items() if claim["event_id"] == unrest}
    assert telling
    assert added.ADDED in resting, "not only distances between dates"
    for name in report.derived:
        said = rows(made.card(name))
        assert ("unverified by those who published it" in said.get("Rests on", "")) is (name in resting)
        assert "hearsay" not in said.get("Weakest input", "") or name not in resting
    for name in report.claims:
        said = rows(made.card(name)).get("Tells of", "")
        assert ("unverified by those who published it" in said) is (name in telling)


def test_a_rounded_value_shows_the_numbers_that_a_reader_would_reckon(report: Evidence) -> None:
    made = cards.Cards(Accounts(report), address(report))
    rounded = {name for name in report.derived if rounding(report.fact(name))}
    assert rounded
    for name in report.derived:
        assert ("Rounded" in rows(made.card(name))) is (name in rounded)
    assert any("outwards" in rows(made.card(name))["Rounded"].lower() for name in rounded)


# What the cards weigh.


def shown_in(name: str) -> list[str]:
    text = (ROOT / "book" / f"{name}.md").read_text("utf-8")
    found = re.findall(r"\{fact\}`([^`|]+)", text)
    for block in re.findall(r"^```\{key-figures\}\n(.*?)^```", text, re.M | re.S):
        found += [line.partition(":")[0].partition("|")[0] for line in block.splitlines()]
    return [fact_id.strip() for fact_id in found]


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_cards_of_a_chapter_stay_within_their_budget(report: Evidence, name: str) -> None:
    shown = shown_in(name)
    assert shown
    html = cards.script(Accounts(report), shown, address(report))
    assets = (
        '<script defer="defer" src="../_static/cards.js"></script><link rel="stylesheet" href="../_static/cards.css">'
    )
    assert set(carried(html)) == set(shown)
    assert len(gzip.compress((html + assets).encode(), 9)) <= BUDGET


def test_a_fact_shown_often_and_a_string_used_often_are_carried_once(report: Evidence) -> None:
    shown = shown_in("wages")
    html = cards.script(Accounts(report), shown, address(report))
    assert html == cards.script(Accounts(report), [*shown, *shown], address(report))
    for source in report.sources.values():
        assert html.count(json.dumps(source["url"])) <= 1
        assert html.count(source["date_basis"]) == 0


def test_no_string_can_end_the_script_element(report: Evidence) -> None:
    name, claim = next(iter(report.claims.items()))
    spoiled = Row(claim.line, {**claim.values, "statement": "</script><!-- & \u2028"})
    evidence = Evidence.from_tables(report.tables)
    html = cards.script(
        Accounts(Evidence(**{**vars(evidence), "claims": {**evidence.claims, name: spoiled}})), [name], address(report)
    )
    assert html.count("<") == 2
    assert carried(html)[name]["text"] == spoiled["statement"]


def test_the_script_builds_elements_only_and_stays_small() -> None:
    code = (STATIC / "cards.js").read_text("utf-8")
    assert len(code.splitlines()) < 250
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|\bFunction\(|import|fetch", code)
    assert not re.search(r"setAttribute\(\"on|\.on[a-z]+ =", code)
