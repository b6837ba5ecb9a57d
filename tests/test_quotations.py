"""Quotations are the words of their passage, letter by letter, and lead to their claim like any other fact."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook.check import anchors, checking
from evidencebook.cli import main
from tests.building import build, built_in, change, copy_book, one, soup
from tests.printed import read, squeezed
from tests.tabled import told

RIGHT = "They came {quote}`visitors-counted|counted 40 visitors`, {quote}`water-rise|water rose … in a night`."
# What an author writes, and what is said of it.
FAULTS = {
    "{quote}`lookers|Up to 90 people come to look`": '"Up to 90 people come to look" does not stand in the passage of',
    "{quote}`lookers|to 90 people came to loo`": '"to 90 people came to loo" does not stand',
    "{quote}`water-rise|in a night … water rose`": '"water rose" does not stand in the passage of water-rise',
    "{quote}`water-rise|Up to 90 people`": '"Up to 90 people" does not stand in the passage of water-rise',
    "{quote}`lookers|a b c d e f g h i j k`": "has 11 words in a row - quote 10 at most",
    "{quote}`counted-share|two counts`": "'counted-share' is worked out, nobody said it",
    "{quote}`looker|Up to 90`": "unknown claim 'looker' - did you mean lookers",
    "{quote}`lookers`": "nothing of 'lookers' is quoted - write {quote}`lookers|its words`",
}


@pytest.fixture(autouse=True)
def own_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts are those in the folder of the small book."""
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)


def check(root: Path) -> checking.Report:
    return checking.check(root, anchors.texts_dir(root), with_pages=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = copy_book(tmp_path)
    change(made / "book/tide.md", "More.", RIGHT)
    return made


def test_words_of_the_passage_may_be_quoted_with_gaps_and_are_counted(root: Path) -> None:
    report = check(root)
    assert report.problems == ()
    assert (report.quotes_verified, report.quotes_unverified) == (2, 0)


def test_without_the_texts_the_check_says_that_quotations_were_not_compared(root: Path) -> None:
    shutil.rmtree(root / "seeds/texts")
    said = CliRunner().invoke(main, ["check", "--root", str(root)])
    assert said.exit_code == 0, said.output
    assert "2 quotations were not re-verified either." in said.output


def test_quotations_that_nobody_wrote_are_problems_at_their_lines(root: Path) -> None:
    page = root / "book/tide.md"
    text, expected = page.read_text("utf-8"), []
    for fault, message in FAULTS.items():
        text += f"\nA sentence before it.\nThen {fault} stands here.\n"
        expected.append((text.count("\n"), message))
    page.write_text(text, "utf-8")
    problems = [problem for problem in check(root).problems if problem.file == "book/tide.md"]
    assert [problem.row for problem in problems] == [line for line, _ in expected]
    for problem, (_, message) in zip(problems, expected, strict=True):
        assert message in str(problem)


@pytest.mark.slow
def test_a_quotation_stands_in_every_edition_leads_to_its_entry_and_is_listed_there(root: Path) -> None:
    built_in(root, "html", "pdf", "epub")
    link = one(soup(root / "_build/html/book/tide.html"), "a.quote[href$='#ledger-visitors-counted']")
    assert link.get_text() == "“counted 40 visitors”"
    assert "What it cannot show" in told(root, "visitors-counted")["Used on"].get_text()
    assert "visitors-counted" in soup(root / "_build/html/book/tide.html").select_one("script.evidence-cards").string
    assert "“counted40visitors”[2]" in squeezed(read((root / "_build/pdf/tides.pdf").read_bytes()).text())
    with zipfile.ZipFile(next((root / "_build/epub").glob("*.epub"))) as book:
        assert '“counted 40 visitors”<sup class="evidence">2</sup></a>' in book.read("EPUB/book-tide.xhtml").decode()


@pytest.mark.slow
def test_a_build_refuses_a_quotation_that_nobody_wrote(root: Path) -> None:
    change(root / "book/tide.md", "counted 40 visitors`", "counted 41 visitors`")
    done = build(root)
    assert done.returncode != 0
    assert '"counted 41 visitors" does not stand in the passage of visitors-counted' in done.stderr
