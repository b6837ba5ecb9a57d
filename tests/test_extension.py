"""The Sphinx extension over real builds of a tiny book on another topic."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.building import build, change, one, soup

pytestmark = pytest.mark.slow


def test_a_book_on_another_topic_builds_without_a_warning(plain_book: Path) -> None:
    assert (plain_book / "_build/html/index.html").is_file()
    assert "High water" in soup(plain_book / "_build/html/book/index.html").get_text()


def test_a_fact_carries_its_qualifier_and_leads_to_its_ledger_entry(plain_book: Path) -> None:
    page = soup(plain_book / "_build/html/book/tide.html")
    link = one(page, "a.fact.is-doubtful")
    assert link.get_text() == "over US$600 (unconfirmed)"
    address, _, anchor = str(link["href"]).partition("#")
    entry = one(soup(plain_book / "_build/html/book" / address), f"#{anchor}")
    assert "payment of more than 600 dollars" in entry.get_text()
    assert "given as rumour" in entry.get_text()


def test_a_derived_value_shows_its_formula_and_links_to_its_inputs(plain_book: Path) -> None:
    entry = one(soup(plain_book / "_build/html/book/ledger.html"), "#ledger-counted-share")
    assert "up to 225%" in entry.get_text()
    assert "A ÷ B" in entry.get_text()
    assert "A: up to 90, entry 3: " in entry.get_text() and "B: 40, entry 2: " in entry.get_text()
    assert {str(a["href"]) for a in entry.select("a.entry")} == {"#ledger-lookers", "#ledger-visitors-counted"}


def test_every_fact_and_event_has_an_entry_and_a_claim_a_link_to_its_passage(plain_book: Path) -> None:
    ledger = soup(plain_book / "_build/html/book/ledger.html")
    entries = {str(e["id"]) for e in ledger.select(".ledger-entry")}
    facts = ("water-rise", "lookers", "lamps-lit", "sum-paid", "visitors-counted", "counted-share")
    assert entries == {*(f"ledger-{fact_id}" for fact_id in facts), "event-great-tide"}
    passage = one(ledger, "#ledger-water-rise a.external")
    assert passage["href"] == "https://example.org/harbour-log#:~:text=The%20water,a%20night"


def test_a_citation_says_that_a_copy_is_a_copy_and_leads_to_the_source_page(plain_book: Path) -> None:
    entry = one(soup(plain_book / "_build/html/book/ledger.html"), "#ledger-visitors-counted")
    link = one(entry, "a.source")
    assert link.get_text() == "The Mainland via Copy House, 1953 or 1954"
    assert str(link["href"]).endswith("seeds/mainland-letter.html#source-mainland-letter")


def test_counts_of_rows_are_words(plain_book: Path) -> None:
    assert "two texts speak of it" in soup(plain_book / "_build/html/book/index.html").get_text()


def test_a_chart_is_inline_svg_in_two_widths_with_alternative_text_and_a_table(plain_book: Path) -> None:
    page = soup(plain_book / "_build/html/book/tide.html")
    figure = one(page, "figure#fig-lookers")
    drawings = figure.select(".chart svg[role=img]")
    assert [d["aria-label"] for d in drawings] == ["Points: 40 and up to 90 people."] * 2
    wide, narrow = (float(str(d["width"])) for d in drawings)
    assert wide > 1.5 * narrow
    cells = [c.get_text(strip=True) for c in page.select("figure#fig-lookers + .chart-tools .twin td")]
    assert cells == ["visitors-counted", "40", "lookers", "up to 90"]


def test_an_unused_column_of_a_charts_table_reaches_no_output(plain_book: Path) -> None:
    for path in (plain_book / "_build/html").rglob("*"):
        if path.is_file() and "_sources" not in path.parts:
            assert b"canary" not in path.read_bytes(), path


def test_svg_ids_are_unique_on_a_page_and_named_by_content(plain_book: Path) -> None:
    page = (plain_book / "_build/html/book/tide.html").read_text("utf-8")
    ids = re.findall(r'<clipPath id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"c[0-9a-f]{10}-\d+", name) for name in ids)


WRONG_ROLES = {
    "{fact}`lookerz`": "unknown fact 'lookerz' - did you mean lookers",
    "{fact}`lookers|loudly`": "'loudly' is not a form",
    "{fact}`lookers|low`": "has no low bound",
    "{src}`harbor-log`": "unknown source 'harbor-log' - did you mean harbour-log",
    "{count}`claims theme=fish`": "no row of claims fits",
    "{edition}`colour`": "unknown part of the edition 'colour'",
}


def test_wrong_roles_are_located_warnings_that_fail_this_build_and_the_next(root: Path) -> None:
    page = root / "book/index.md"
    start = len(page.read_text("utf-8").splitlines()) + 2
    page.write_text(page.read_text("utf-8") + "\n" + "\n\n".join(WRONG_ROLES) + "\n", "utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    done = build(root)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    for offset, message in enumerate(WRONG_ROLES.values()):
        assert re.search(rf"book/index\.md:{start + 2 * offset}: WARNING: .*{re.escape(message)}", done.stderr), message
    assert build(root).returncode != 0, "a page with a refused statement must not pass because it is unchanged"


@pytest.mark.thorough
def test_a_plain_build_follows_an_edited_row_and_an_edited_figure_module(root: Path) -> None:
    assert build(root).returncode == 0
    change(root / "data/claims.csv", ",90,up_to,", ",80,up_to,")
    change(root / "data/claims.csv", "gave 90 as", "gave 80 as")
    change(root / "book/figures/people.py", 'f"Points: ', 'f"Dots: ')
    shutil.rmtree(root / "seeds/texts")  # the text still says 90, which the check would refuse
    done = build(root)
    assert done.returncode == 0, done.stderr
    page = soup(root / "_build/html/book/tide.html").get_text()
    assert "up to 80" in page
    assert "up to 90" not in page
    assert "up to 200%" in page
    svg = one(soup(root / "_build/html/book/tide.html"), ".chart-wide svg")
    assert svg["aria-label"] == "Dots: 40 and up to 80 people."
    assert "up to 80" in one(soup(root / "_build/html/book/ledger.html"), "#ledger-lookers").get_text()


def test_bad_data_stops_before_anything_is_built_and_lists_all_problems(root: Path) -> None:
    claims = root / "data/claims.csv"
    change(claims, ",3,4,range,", ",4,3,range,")
    change(claims, ",mainland-letter,", ",mainland-leter,")
    done = build(root)
    assert done.returncode == 1
    assert re.search(r"data/claims\.csv:\d+: low: 4 is above high 3 - ", done.stderr)
    assert re.search(r"data/claims\.csv:\d+: source_id: .*mainland-letter", done.stderr)
    assert "Traceback" not in done.stderr
    assert not (root / "_build/html/book").exists()


def test_a_build_without_the_texts_that_were_named_ends_with_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENCE_TEXTS", str(root / "none"))
    done = build(root)
    assert done.returncode == 1
    assert re.search(r"^EVIDENCE_TEXTS names \S+, which does not exist - .*; nothing was built\.$", done.stderr, re.M)
    assert "Traceback" not in done.stderr
    assert not (root / "_build/html/book").exists()


@pytest.mark.thorough
def test_a_failing_cell_fails_the_build(root: Path) -> None:
    change(root / "book/tide.md", "people.lookers()", "people.watchers()")
    done = build(root)
    assert done.returncode != 0
    assert "watchers" in done.stdout + done.stderr
