"""What rests on each source falls with it, and a book without a source shows gaps and does not fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook.changes.manifest import Kept
from evidencebook.cli import main
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.carrying import carried, span
from evidencebook.evidence.facts import Evidence
from evidencebook.tables import contract, reading
from evidencebook.tables.withholding import without
from tests.building import REPORT, TIDES, built, change, soup
from tests.said import said


@pytest.mark.parametrize("source_id", sorted(Evidence.load(REPORT).sources))
def test_without_a_source_nothing_is_left_that_rests_on_it_and_nothing_else_is_gone(source_id: str) -> None:
    whole = Evidence.load(REPORT)
    left = Evidence.from_tables(without(whole.tables, contract.load(REPORT), [source_id]))
    assert source_id not in left.sources
    for fact_id in (*whole.claims, *whole.derived):
        assert left.has(fact_id) is (source_id not in whole.used_sources(fact_id)), fact_id
        if left.has(fact_id):
            assert left.fact(fact_id).quantity_interval == whole.fact(fact_id).quantity_interval
    known = {*left.claims}
    for table in ("checks", "contradictions"):
        for row in left.tables[table].rows:
            assert {row.values.get(name) for name in ("claim_id", "claim_a", "claim_b")} <= {*known, None}


def test_a_newsroom_carries_what_its_articles_carry_together() -> None:
    found = carried(TIDES, Accounts(Evidence.load(TIDES)))
    assert [(one.name, len(one.claims), sorted(one.derived)) for one in found] == [
        ("The Keeper", 4, ["counted-share"]), ("The Mainland", 1, ["counted-share"]),
    ]  # fmt: skip
    assert found[0].events == {"great-tide"} and found[0].pairs == found[1].pairs == {"visitors"}


def test_a_span_has_the_lowest_and_the_highest_bound_of_one_unit() -> None:
    evidence = Evidence.load(TIDES)
    assert span(map(evidence.fact, ("visitors-counted", "lookers"))).replace("\u00a0", " ") == "40–90"
    assert span(map(evidence.fact, ("visitors-counted", "water-rise"))) == ""


def test_reading_is_of_everything_unless_a_build_asks_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(reading.read(TIDES)["claims"].rows) == 5
    monkeypatch.setenv("EVIDENCE_WITHOUT", "harbour-log")
    assert [row["claim_id"] for row in reading.read(TIDES)["claims"].rows] == ["visitors-counted"]


@pytest.mark.slow
def test_a_book_without_a_source_shows_gaps_and_says_what_is_lost(root: Path) -> None:
    tables = "```{rests-on} falls\n```\n\n```{rests-on} ranges\n```\n"
    change(root / "book/ledger.md", "# Evidence\n", f"# Evidence\n\n{tables}")
    built(root)
    falls, ranges = (
        [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
        for table in soup(root / "_build/html/book/ledger.html").select("table.rests-on")
    )
    assert falls == [
        ["The Keeper", "4", "1", "1", "1", "8", "1 of 1"], ["The Mainland", "1", "1", "0", "1", "3", "1 of 1"],
    ]  # fmt: skip
    assert ranges == [["nothing", "40–90"], ["The Keeper", "40"], ["The Mainland", "up to 90"]]

    found = CliRunner().invoke(main, ["without", "harbour-log", "--root", str(root)])
    assert found.exit_code == 0, found.output
    folder = root / "_build/without/harbour-log"
    pages = said(folder / "_build/html")
    assert (
        "Between 40 and [gone without harbour-log] people came; see Fig. 1.1 and High water." in pages["book/tide.html"]
    )
    assert "The share is [gone without harbour-log], the sum [gone without harbour-log]." in pages["book/tide.html"]
    after = Kept(folder / "_build").latest()
    assert after and [figure.alt for figure in after.pages["book/tide"].figures] == [
        "This figure cannot be drawn without harbour-log."
    ]
    assert "with a gap." in found.output and (folder / "changes.html").is_file()
    wrong = CliRunner().invoke(main, ["without", "harbor-log", "--root", str(root)])
    assert wrong.exit_code == 2 and "did you mean harbour-log?" in wrong.stderr
