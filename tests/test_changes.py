"""What moved between two editions is told sentence by sentence: no more and no less than their texts show."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from docutils import nodes

from evidencebook.changes import page as changes_page
from evidencebook.changes import telling
from evidencebook.changes.causes import Behind
from evidencebook.changes.comparing import Difference
from evidencebook.changes.manifest import Drawn, Kept, Manifest, PageSaid, packed, unpacked
from evidencebook.changes.sentences import Sentence, Shown, sentences, split
from evidencebook.cli import main
from tests.building import STRICT, TIDES, build, built, built_in, copy_book, copy_report, soup
from tests.editing import Editor, counted, edit
from tests.said import moved, said

EDITS = int(os.environ.get("EVIDENCE_EDITS", "4"))
SEED = int(os.environ.get("EVIDENCE_SEED", "20261130"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book without its articles, so that its values may be edited."""
    root = copy_book(tmp_path_factory.mktemp("changes"))
    for path in (root / "seeds/texts").iterdir():
        path.unlink()
    return root


@pytest.fixture
def book(made: Path) -> Path:
    """The book as it was first, whatever the test before did to it."""
    for name in ("book", "data"):
        shutil.copytree(TIDES / name, made / name, dirs_exist_ok=True)
    built(made)
    return made


def listed(difference: Difference) -> tuple[Counter[tuple[str, str]], ...]:
    """The sentences that the difference lists as gone and as come, with the addresses of their pages."""
    sides = []
    for edition, which in ((difference.before, "before"), (difference.after, "after")):
        told = ((edition.pages[one.page], getattr(one, which)) for one in difference.sentences if getattr(one, which))
        sides.append(Counter((page.address, sentence.text) for page, sentence in told))
    return tuple(sides)


@pytest.mark.slow
def test_exactly_those_sentences_are_listed_that_the_two_built_texts_do_not_have_alike(book: Path) -> None:
    editor = Editor(book, random.Random(SEED))
    before, history = said(book / "_build/html"), []
    for _ in range(EDITS):
        old = Kept(book / "_build").latest()
        history.append([editor.edit() for _ in range(editor.chance.randint(1, 3))])
        done = build(book, *STRICT)
        assert done.returncode == 0, (history, done.stdout + done.stderr)
        after, new = said(book / "_build/html"), Kept(book / "_build").latest()
        assert old and new
        assert listed(Difference(old, new)) == moved(before, after), history
        before = after


@pytest.mark.slow
def test_a_changed_row_is_named_as_the_cause_of_what_it_moved_through_derived_values(book: Path) -> None:
    old = Kept(book / "_build").latest()
    counted(book, 45)
    done = build(book, *STRICT)
    new = Kept(book / "_build").latest()
    assert old and new
    difference = Difference(old, new)
    assert {one.fact_id: (one.before, one.after) for one in difference.facts} == {
        "visitors-counted": ("40", "45"), "counted-share": ("up to 225%", "up to 200%"),
    }  # fmt: skip
    assert all(one.causes == (("claims", "visitors-counted"),) for one in difference.facts)
    shares = [one for one in difference.told if one.page == "book/tide" and one.after and "The share" in one.after.text]
    assert [one.causes for one in shares] == [(("claims", "visitors-counted"),)]
    (figure,) = difference.figures
    assert figure.rows == ([("visitors-counted", "40")], [("visitors-counted", "45")])
    assert figure.before and figure.after and figure.before.svg != figure.after.svg
    assert all(one.causes for one in difference.told), [one for one in difference.told if not one.causes]
    line = f"{len(difference.told)} sentences and 1 figure moved since the last build"
    assert line in done.stdout
    page = (book / "_build/changes.html").read_text("utf-8")
    assert page.count("data:image/svg+xml") == 2
    assert "<del>40</del>" in page and "<ins>45</ins>" in page


@pytest.mark.slow
def test_a_revision_is_built_once_with_todays_engine_and_compared(book: Path, tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(book), "-c", "user.name=A", "-c", "user.email=a@example.org", *words], check=True,
            capture_output=True,
        )  # fmt: skip

    counted(book, 41)
    page = book / "book/index.md"
    good = page.read_text("utf-8")
    page.write_text(good.replace("Much.", "Much. Some 4,711 came, as was typed before there was a rule."), "utf-8")
    edit(book, "claims", "lamps-lit", note="The sum was 4,712, or {no-such-id}.")
    (book / ".gitignore").write_text("_build/\n__pycache__/\n", "utf-8")
    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    page.write_text(good, "utf-8")
    edit(book, "claims", "lamps-lit", speaker="a \x41unt", note="")
    counted(book, 46)
    run = CliRunner()
    first = run.invoke(main, ["diff", "HEAD", "--root", str(book), "--html"])
    assert first.exit_code == 0, first.output
    assert "Building HEAD with today's engine" in first.stderr
    assert "visitors-counted: 41 -> 46" in first.stdout
    assert "- Some 4,711 came, as was typed before there was a rule." in first.stdout
    assert "- Between 41 and" in first.stdout and "+ Between 46 and" in first.stdout
    again = run.invoke(main, ["diff", "HEAD", "--root", str(book), "--markdown"])
    assert "Building" not in again.stderr
    assert "| `visitors-counted` | 41 | 46 | claims visitors-counted |" in again.stdout
    wrong = run.invoke(main, ["diff", "nowhere", "--root", str(book)])
    assert wrong.exit_code == 1 and "no revision, recorded edition or kept manifest" in wrong.stderr


@pytest.mark.slow
def test_the_manifest_of_the_same_inputs_is_the_same_to_the_last_byte(book: Path, tmp_path: Path) -> None:
    built(book)
    mine = Kept(book / "_build").latest()
    done = build(book, *STRICT, "--path-output", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    theirs = Kept(tmp_path / "_build").latest()
    assert mine and theirs and packed(mine) == packed(theirs)
    assert unpacked(packed(mine)) == mine


def page(*sentences: Sentence, figures: tuple[Drawn, ...] = ()) -> PageSaid:
    return PageSaid("Page", "page.html", "1", "same", list(sentences), list(figures))


def manifest(*sentences: Sentence, **facts: str) -> Manifest:
    known = {name.replace("_", "-"): (value, "") for name, value in facts.items()}
    rows = {("claims", name): {"claim_id": name, "value": value} for name, (value, _) in known.items()}
    return Manifest("1", "0" * 12, {"page": page(*sentences)}, known, rows)


def test_through_a_text_that_embeds_a_value_the_row_of_the_value_is_the_cause() -> None:
    finding = {"check_id": "c", "claim_id": "few", "finding": "A floor of {share|hedged} and {outside-count}."}
    rows = {
        ("checks", "c"): finding, ("claims", "few"): {"claim_id": "few"}, ("claims", "many"): {"claim_id": "many"},
        ("derived", "share"): {"derived_id": "share", "formula": "{many} / 2"}, ("estimates", "outside-count"): {},
    }  # fmt: skip
    changed = {("claims", "many"), ("estimates", "outside-count")}
    assert Behind(rows, changed).of("ledger", "few") == changed
    assert Behind(rows, changed).of("fact", "few") == changed


def test_numbers_that_shift_by_themselves_are_set_apart() -> None:
    one, other = (Sentence("a", "text", f"See \ue000entry {number}\ue001.") for number in (4, 5))
    difference = Difference(manifest(one), manifest(other))
    assert difference.told == []
    assert [one.after.text for one in difference.renumbered if one.after] == ["See entry 5."]


def test_of_two_equal_sentences_the_one_that_changed_is_listed_at_its_place() -> None:
    first, second = Sentence("a", "text", "Much."), Sentence("b", "text", "Much.")
    difference = Difference(manifest(first, second), manifest(first, replace_text(second, "Much more.")))
    (moved_one,) = [one for one in difference.sentences if one.before]
    assert moved_one.before == second


def replace_text(sentence: Sentence, text: str) -> Sentence:
    return sentence._replace(marked=text)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("over {}", "over {}", "“over” stands before “about 55,000”"),
        ("{} or, as noted, 50,000", "{} or, as noted, 50,000", "“50,000” is what many was before"),
        ("between {} and 52,000 people", "", ""),
    ],
)
def test_a_sentence_that_contradicts_its_own_words_is_told(before: str, after: str, told: str) -> None:
    def sentence(text: str, words: str) -> Sentence:
        return Sentence("a", "text", text.format(words), (Shown("fact", "many", words),))

    old = manifest(sentence(before, "50,000"), many="50,000")
    new = manifest(sentence(after or before, "about 55,000"), many="about 55,000")
    assert [reason for _, reason in Difference(old, new).contradicting] == ([told] if told else [])


def test_values_in_the_wrong_order_are_told() -> None:
    def sentence(low: str, high: str) -> Sentence:
        return Sentence(
            "a", "text", f"It rose from {low} to {high}.", (Shown("fact", "x", low), Shown("fact", "y", high))
        )

    difference = Difference(manifest(sentence("40", "60"), x="40"), manifest(sentence("70", "60"), x="70"))
    assert [reason for _, reason in difference.contradicting] == ["“rose from 70 to 60” runs the other way"]


def test_what_moved_reads_alike_on_a_terminal_in_markdown_and_on_a_page() -> None:
    """A sentence against its own words, one in another order, charts and rows that came and went, and no markup."""

    def many(words: str) -> Sentence:
        return Sentence("a", "text", f"<b>It</b> is over {words}", (Shown("fact", "many", words),))

    def drawn(name: str, *rows: tuple[str, str]) -> Drawn:
        return Drawn(name, "", "", "Alt", (), ("who", "how many"), rows, "<svg/>")

    one, two = Sentence("b", "text", "One."), Sentence("c", "text", "Two.")
    old, new = (
        Manifest("1", "0" * 12, {"page": page(many(words), figures=(drawn(name),)), "other": page(*said)},
                 {"many": (words, "")}, {("claims", row): {"claim_id": row, "value": "*7*"}})
        for words, name, said, row in (
            ("50,000", "fig-old", (one, two), "gone"), ("about 55,000", "fig-new", (two, one), "come")
        )
    )  # fmt: skip
    difference = Difference(old, new)
    told = "\n".join(telling.text(difference))
    assert (
        "Sentences that contradict their own words (1)\n"
        "  Page: <b>It</b> is over about 55,000\n    “over” stands before" in told
    )
    assert "Page: the same sentences in another order." in told
    assert "Page: fig-new (new)" in told and "Page: fig-old (gone)" in told
    assert "added     claims come" in told and "withdrawn claims gone" in told
    marked = "\n".join(telling.markdown(difference))
    assert r"**Contradicts its own words**: \<b\>It\</b\> is over about 55,000 (“over” stands before" in marked
    assert "- Rows added: `claims come`." in marked and "- Rows withdrawn: `claims gone`." in marked
    shown = changes_page.page(difference, at="html")
    assert (
        "<h2>1 sentence against its own words</h2>" in shown and "&lt;b&gt;It&lt;/b&gt; is over about 55,000" in shown
    )
    assert "<b>It" not in shown
    assert "Page: the same sentences in another order." in shown
    assert "Before: none" in shown and "After: none" in shown


class element(nodes.General, nodes.Element):
    """An element of HTML as the web edition adds it."""


def test_what_an_edition_adds_within_a_line_is_of_its_sentence() -> None:
    abbreviation = element("", nodes.Text("UN"), tag="abbr")
    line = nodes.paragraph("", "", nodes.Text("In May the "), abbreviation, nodes.Text(" said so. It did."))
    assert [one.text for one in sentences(nodes.container("", line))] == ["In May the UN said so.", "It did."]


@pytest.mark.parametrize(
    ("text", "sentences_in_it"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("See Fig. 1.1 and U.S. law. “Why?” Nobody knows.", ["See Fig. 1.1 and U.S. law.", "“Why?”", "Nobody knows."]),
        ("It cost 5.5 (or 6). (So they say.) e.g. this", ["It cost 5.5 (or 6). (So they say.) e.g. this"]),
    ],
)
def test_sentences_end_where_readers_see_their_end(text: str, sentences_in_it: list[str]) -> None:
    assert [text[start:end] for start, end in split(text)] == sentences_in_it


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.json.gz"
    path.write_bytes(b"nothing")
    (tmp_path / "data").mkdir()
    found = CliRunner().invoke(main, ["diff", str(path), "--root", str(tmp_path)])
    assert found.exit_code == 1
    assert "no manifest of an edition" in found.stderr


def drawn(folder: Path) -> dict[str, list[str]]:
    """The pictures of each page with the tables below them, as the built pages have them."""
    return {
        path.relative_to(folder).as_posix(): [str(one) for one in soup(path).select("figure svg, .twin table")]
        for path in folder.glob("book/**/*.html")
    }


@pytest.mark.slow
@pytest.mark.thorough
def test_of_the_report_one_changed_row_moves_exactly_what_its_built_texts_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)  # which would know better than the edit
    root = tmp_path / "report"
    root.mkdir()
    copy_report(root)
    built(root)
    before, old = said(root / "_build/html"), Kept(root / "_build").latest()
    figures = drawn(root / "_build/html")
    path = root / "data/claims.csv"
    start, row, rest = re.split(r"(?m)^(china-workers-dailynk-total,.*\n)", path.read_text("utf-8"))
    path.write_text(start + row.replace("50,000", "55,000").replace(",50000,", ",55000,") + rest, "utf-8")
    built_in(root, "html")
    after, new = said(root / "_build/html"), Kept(root / "_build").latest()
    assert old and new
    difference = Difference(old, new)
    assert listed(difference) == moved(before, after)
    values = {one.fact_id: (one.before, one.after) for one in difference.facts}
    assert values == {"china-workers-dailynk-total": ("over 50,000 (doubtful)", "over 55,000 (doubtful)")}
    cause = ("claims", "china-workers-dailynk-total")
    assert difference.told and all(cause in one.causes for one in difference.told if "55,000" in str(one.after))
    redrawn = {page for page, found in drawn(root / "_build/html").items() if found != figures[page]}
    assert {f"{one.page}.html" for one in difference.figures} == redrawn
    assert "book/workforce.html" in redrawn
