"""The account of a fact: what it says of every row of the report, and that entries and cards say no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes

from evidencebook.editions.web.cards import Cards
from evidencebook.evidence.account import EVENT, LEDGER, SOURCE, Account, Accounts, Cell, Line, Link, Reference, Strong
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.phrases import modality, voice
from evidencebook.evidence.sources import claim_url, short_citation
from evidencebook.pages import entries, ledger
from evidencebook.tables.reading import Row
from evidencebook.values import dates

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    """Those of the report, which has checks, contradictions, copies and doubtful events."""
    return Accounts(Evidence.load(ROOT))


@pytest.fixture(scope="module")
def told(accounts: Accounts) -> list[Account]:
    """The account of every fact and event of the report."""
    facts = [accounts.fact(fact_id) for fact_id in accounts.numbers]
    return facts + [accounts.event(event_id) for event_id in accounts.events]


def text(cell: Cell) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in cell)


def said(account: Account) -> dict[str, list[str]]:
    return {line.term: [text(cell) for cell in line.cells] for line in account.lines}


def line(account: Account, term: str) -> Line:
    return next(line for line in account.lines if line.term == term)


def references(line: Line) -> list[Reference]:
    return [part for cell in line.cells for part in cell if isinstance(part, Reference)]


def where(rows: Any, **cells: Any) -> Row:
    return next(row for row in rows if all(row[name] == cell for name, cell in cells.items()))


def test_no_line_is_empty_no_term_comes_twice_and_every_reference_leads_to_an_entry(
    accounts: Accounts, told: list[Account]
) -> None:
    evidence = accounts.evidence
    known = {LEDGER: accounts.numbers, EVENT: evidence.events, SOURCE: evidence.sources}
    for account in told:
        assert len({one.term for one in account.lines}) == len(account.lines)
        for one in account.lines:
            assert one.cells
            assert all(text(cell).strip() for cell in one.cells), (account.entry_id, one.term)
            assert all(found.entry_id in known[found.kind] for found in references(one))


def test_facts_are_numbered_by_theme_then_day_then_place_in_the_text_and_events_by_their_days(
    accounts: Accounts,
) -> None:
    evidence = accounts.evidence
    assert list(accounts.numbers.values()) == list(range(1, len(evidence.claims) + len(evidence.derived) + 1))
    themes = next(field.enum for field in evidence.tables["claims"].fields if field.name == "theme")
    claims = [evidence.claims[one] for one in accounts.numbers if one in evidence.claims]
    first = {one: dates.parse(source["published"]).earliest for one, source in evidence.sources.items()}
    keys = [(themes.index(row["theme"]), first[row["source_id"]], row["start"]) for row in claims]
    assert keys == sorted(keys)
    assert list(accounts.numbers)[len(claims) :] == sorted(evidence.derived)
    days = [dates.parse(evidence.events[one]["when"]).earliest for one in accounts.events]
    assert days == sorted(days)
    assert len(days) == len(evidence.events)


def test_a_claim_names_voice_stance_source_with_its_day_paragraph_and_passage(accounts: Accounts) -> None:
    evidence = accounts.evidence
    for claim_id, claim in evidence.claims.items():
        account, source = accounts.fact(claim_id), evidence.sources[claim["source_id"]]
        speaker, stands = said(account)["Who says so"]
        assert speaker == claim["speaker"]
        assert stands.lower() == f"{voice(evidence, claim)}, {modality(evidence, claim['modality'])}".lower()
        told_by = line(account, "Source")
        cited, published = told_by.cells
        assert cited[0] == Reference(SOURCE, claim["source_id"], short_citation(source))
        assert cited[2] == Link("open the passage", claim_url(claim, source), is_passage=True)
        assert text(cited) == f"{short_citation(source)}, paragraph {claim['para']} (open the passage)"
        assert dates.words(source["published"]) in text(published)
        assert ("only a copy or rewrite. From: " in text(published)) is source["is_copy"]
        (brief,) = map(text, told_by.on_card)
        assert brief.lower() == f"{source['outlet_served_by']}, {text(published)}".lower()
        assert (account.text, account.number) == (claim["statement"], accounts.numbers[claim_id])


def test_a_check_gives_question_verdict_finding_and_reference(accounts: Accounts) -> None:
    for row in accounts.evidence.tables["checks"].rows:
        cells = line(accounts.fact(row["claim_id"]), "Checked").cells
        (cell,) = [cell for cell in cells if row["finding"] in text(cell)]
        assert Strong(row["verdict"]) in cell
        assert text(cell).lower().startswith(f"{row['question']}: {row['verdict']}. ".lower())
        assert text(cell).endswith(row["reference"])
        assert [part.address for part in cell if isinstance(part, Link)] == ([row["url"]] if row["url"] else [])


def test_both_sides_of_a_contradiction_name_each_other_and_a_card_counts_them(accounts: Accounts) -> None:
    for row in accounts.evidence.tables["contradictions"].rows:
        for one, other in ((row["claim_a"], row["claim_b"]), (row["claim_b"], row["claim_a"])):
            against = line(accounts.fact(one), "Against")
            assert other in [found.entry_id for found in references(against)]
            assert any(
                text(cell).startswith(f"{row['title']}: entry {accounts.numbers[other]}, ") for cell in against.cells
            )
            (counted,) = map(text, against.on_card)
            assert counted.startswith(f"{len(against.cells)} contradiction")
            assert row["title"] in counted


def test_an_id_within_a_note_is_a_reference_by_number_or_label(accounts: Accounts) -> None:
    evidence = accounts.evidence
    claim, other = list(evidence.claims.values())[:2]
    event_id, event = next(iter(evidence.events.items()))
    note = f"See {other['claim_id']} and {event_id}, not well-known."
    noted = {**evidence.claims, claim["claim_id"]: Row(claim.line, {**claim.values, "note": note})}
    (cell,) = line(Accounts(replace(evidence, claims=noted)).fact(claim["claim_id"]), "Note").cells
    number = accounts.numbers[other["claim_id"]]
    assert text(cell) == f"See entry {number} and {event['label']}, not well-known."
    assert [part.kind for part in cell if isinstance(part, Reference)] == [LEDGER, EVENT]


def test_inputs_come_with_letter_value_words_and_number_and_name_what_goes_into_what(accounts: Accounts) -> None:
    evidence = accounts.evidence
    for derived_id in evidence.derived:
        account = accounts.fact(derived_id)
        inputs = line(account, "With")
        used = [found.entry_id for found in references(inputs)]
        assert tuple(dict.fromkeys(used)) == evidence.fact(derived_id).inputs
        for one in (one for one in references(inputs) if one.kind == LEDGER):
            assert one.text.startswith(f"entry {accounts.numbers[one.entry_id]}: ")
        outside = [text(cell) for cell in inputs.cells if "from outside the articles: " in text(cell)]
        letters = "ABCDEFGH"[: len(used) + len(outside)]
        assert [text(cell)[:3] for cell in inputs.cells] == [f"{letter}: " for letter in letters]
        for fact_id in used:
            kind = EVENT if fact_id in evidence.events else LEDGER
            assert derived_id in [found.entry_id for found in references(line(accounts.of(kind, fact_id), "Goes into"))]


def test_an_event_tells_its_day_its_doubts_and_the_claims_that_tell_of_it(accounts: Accounts) -> None:
    evidence = accounts.evidence
    for event_id, event in evidence.events.items():
        account = accounts.event(event_id)
        assert account.number is None
        assert account.value.lower().startswith(dates.words(event["when"]).lower())
        assert ("Standing" in said(account)) is bool(event["is_unverified"] or event["is_disputed"])
        tellers = {one for one, claim in evidence.claims.items() if claim["event_id"] == event_id}
        found = references(line(account, "Told of in")) if tellers else []
        assert {one.entry_id for one in found} == tellers
        for one in tellers:
            assert references(line(accounts.fact(one), "Tells of"))[0] == Reference(EVENT, event_id, event["label"])


def test_labels_of_the_contract_go_before_words_of_our_own(accounts: Accounts) -> None:
    evidence = accounts.evidence
    claims = evidence.tables["claims"]
    labels = {"speaker_type": {"outlet": "the paper"}, "modality": {"stated": "said outright"}}
    fields = tuple(replace(field, labels=labels.get(field.name, field.labels)) for field in claims.fields)
    labelled = Accounts(replace(evidence, tables={**evidence.tables, "claims": replace(claims, fields=fields)}))
    claim = where(evidence.claims.values(), speaker_type="outlet", modality="stated")
    assert said(labelled.fact(claim["claim_id"]))["Who says so"][1] == "The paper, said outright"
    assert said(accounts.fact(claim["claim_id"]))["Who says so"][1] == "The outlet itself, stated without reserve"


def test_a_voice_and_a_stance_that_nobody_worded_stand_as_they_are(accounts: Accounts) -> None:
    assert modality(accounts.evidence, "whispered") == "whispered"
    claim = next(iter(accounts.evidence.claims.values()))
    assert voice(accounts.evidence, Row(1, {**claim.values, "speaker_type": "oracle"})) == "oracle"


def test_an_entry_shows_the_whole_account_in_its_order(accounts: Accounts, told: list[Account]) -> None:
    for account in told:
        entry = ledger.entry(accounts, account.kind, account.entry_id)
        items = list(entry.findall(nodes.definition_list_item))
        shown = {item[0].astext(): item[1].astext() for item in items}
        more = ["Used on", "Id"] if account.kind == LEDGER else ["Id"]
        assert list(shown) == [*(one.term for one in account.lines), *more]
        for one in account.lines:
            assert all(text(cell) in shown[one.term] for cell in one.cells)
        assert account.text in entry[0].astext()


def test_a_card_is_a_selection_of_the_account_in_the_same_words(accounts: Accounts) -> None:
    cards = Cards(accounts, lambda kind, entry_id: f"page.html#{kind}-{entry_id}")
    for fact_id in accounts.numbers:
        lines = [one for one in accounts.fact(fact_id).lines if one.on_card]
        rows = cards.card(fact_id)["rows"]
        assert [term for term, _ in rows] == [one.term for one in lines]
        for one, (_, cells) in zip(lines, rows, strict=True):
            shown = ["".join(part if isinstance(part, str) else part[0] for part in cell) for cell in cells]
            assert [plain(words) for words in shown] == [plain(text(cell)) for cell in one.on_card]


def plain(words: str) -> str:
    """The words with the quotation marks of a typewriter: where a text is cut decides which way those of print turn."""
    return words.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))


def test_cells_of_a_line_are_parted_and_nothing_follows_a_full_stop_but_a_space() -> None:
    cells: tuple[Cell, ...] = ("One.",), ("Two ", Strong("2")), ("Three",)
    shown = entries.line(Line("Term", cells))
    assert nodes.inline("", "", *shown).astext() == "One. Two 2; Three"
