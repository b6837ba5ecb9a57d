"""Intake of an article: from file to tables and back, in one step or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook import cli
from evidencebook.check import checking
from evidencebook.intake import adding, journal, merging, receiving
from evidencebook.tables.contract import Field
from tests.building import STRICT, build, built_in, copy_book, soup

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "tests" / "articles" / "new-article.txt"
SOURCE = "yalu-observer-2025"
CARD = ("--card", "outlet_served_by=Yalu Observer", "--card", "url=https://example.org/crews")
SHEET = f"seeds/review/{SOURCE}.csv"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables and notes of the report without its pages, which take seconds to check."""
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)
    root = tmp_path / "report"
    for name in ("data", "seeds"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("texts", "review"))
    for name in ("README.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    return root


def run(*arguments: str | Path, stdin: bytes | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, [*map(str, arguments)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output.replace("`.venv/bin/", "`")  # the command as it is typed here


def add(root: Path, *more: str | Path) -> str:
    code, said = run("add", "--root", root, "--no-ask", *CARD, *(more or (ARTICLE,)))
    assert code == 0, said
    return said


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decide(root: Path, change: Callable[[dict[str, str]], object], label: str = SHEET) -> list[dict[str, str]]:
    """Fill in a sheet as a person would, in a spreadsheet that quotes and ends lines its own way."""
    found = rows(root / label)
    for row in found:
        change(row)
    with (root / label).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*found[0]], quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(found)
    return found


UNITS = {"persons", "percent", "CNY", "USD", "days", "years"}


def accept_what_fits(row: dict[str, str]) -> None:
    row["decision"] = "accept" if row["unit"] in UNITS and row["likely"].startswith("likely") else "drop"
    row["statement"] = row["statement"].replace(" speaks of ", " gives the pay as ")


def test_a_sentence_that_nobody_wrote_is_no_claim(report: Path) -> None:
    add(report)

    def hasty(row: dict[str, str]) -> None:
        accept_what_fits(row)
        row["statement"] = "A manager speaks of 2,500 CNY." if row["unit"] == "CNY" else row["statement"]

    decide(report, hasty)
    before = state(report)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "statement: the sentence is the machine's" in said
    assert state(report) == before


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "/." not in path.relative_to(root).as_posix()
    }


def tables(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in state(root).items() if name.startswith("data/")}


def test_from_file_to_tables_and_back(report: Path) -> None:
    before = state(report)
    said = add(report)
    assert f"Source {SOURCE}: " in said and "the very bytes received" in said and "Known: no." in said
    added = state(report)
    assert {name: added[name] for name in before} == before, "intake changes nothing that was there"
    assert added[f"seeds/texts/{SOURCE}.txt"] == ARTICLE.read_bytes()
    assert checking.check(report).problems == (), "what waits for review is no problem"
    decided = decide(report, accept_what_fits)
    accepted = [row for row in decided if row["decision"] == "accept"]
    assert len(accepted) >= 20
    code, said = run("accept", "--root", report, SOURCE)
    assert (code, f"its card and {len(accepted)} claims are in the tables" in said) == (0, True), said
    found = checking.check(report)
    assert (found.problems, found.counts["sources"], found.anchors_verified) == ((), 6, len(accepted))
    assert "Six news articles" in (report / "README.md").read_text("utf-8")
    assert SOURCE in (report / "seeds" / "fingerprints.json").read_text("utf-8")
    code, said = run("accept", "--root", report, SOURCE, "--undo")
    assert code == 0, said
    assert state(report) == before


def test_undo_can_leave_the_sheets_as_they_were_decided(report: Path) -> None:
    add(report)
    decide(report, accept_what_fits)
    decided = state(report)
    run("accept", "--root", report, SOURCE)
    run("accept", "--root", report, SOURCE, "--undo", "--keep-sheet")
    assert state(report) == decided


def test_undo_takes_away_an_article_that_only_waits(report: Path) -> None:
    before = state(report)
    add(report)
    assert run("accept", "--root", report, SOURCE, "--undo")[0] == 0
    assert state(report) == before


def test_undo_is_refused_while_other_rows_name_what_would_go(report: Path) -> None:
    add(report)
    decide(report, accept_what_fits)
    run("accept", "--root", report, SOURCE)
    named = next(row["claim_id"] for row in rows(report / "data" / "claims.csv") if row["source_id"] == SOURCE)
    path = report / "data" / "contradictions.csv"
    found = rows(path)
    found[0]["claim_a"] = named
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*found[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    before = state(report)
    code, said = run("accept", "--root", report, SOURCE, "--undo")
    assert code == 1 and f"data/contradictions.csv:2: claim_a: {named} is not a claim_id" in said
    assert state(report) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"decision": ""}, "decision: nothing is decided of this row - write accept, edit or drop; --drop-rest drops"),
        ({"decision": "perhaps"}, "decision: 'perhaps' is no decision - write accept, edit or drop"),
        ({"decision": "accept", "unit": "buses"}, "unit: "),
        (
            {"decision": "accept", "low": "77", "high": "77", "qualifier": "exact"},
            "low: 77 does not stand in its passage",
        ),
        ({"decision": "accept", "fragment": "no such words"}, "fragment: the opening words 'no such words' are not in"),
        ({"decision": "edit", "statement": ""}, "statement: "),
        ({"decision": "accept", "when": "2025-19"}, "when: "),
    ],
)
def test_any_problem_of_a_sheet_is_told_at_its_row_and_nothing_is_changed(
    report: Path, change: dict[str, str], told: str
) -> None:
    add(report)
    decided = decide(report, lambda row: row.update(decision="drop"))
    at = next(at for at, row in enumerate(decided) if row["found"] == "less than 400")
    found = iter(range(len(decided)))
    decide(report, lambda row: row.update(change if next(found) == at else {}))
    before = state(report)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and f"{SHEET}:{at + 2}: {told}" in said, said
    assert state(report) == before


def test_a_card_that_lacks_an_answer_is_refused(report: Path) -> None:
    assert "Only you can know: " in run("add", "--root", report, "--no-ask", "--id", SOURCE, ARTICLE)[1]
    decide(report, lambda row: row.update(decision="drop"))
    before = state(report)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "url: " in said
    assert state(report) == before


@pytest.mark.parametrize("form", ["semicolons", "tabs in UTF-16", "no mark"])
def test_a_sheet_is_read_as_spreadsheets_and_editors_leave_it(report: Path, form: str) -> None:
    add(report)
    path = report / SHEET
    found = decide(report, accept_what_fits)
    out = io.StringIO()
    sign = {"semicolons": ";", "tabs in UTF-16": "\t"}.get(form, ",")
    writer = csv.DictWriter(out, [*found[0]], delimiter=sign)
    writer.writeheader()
    writer.writerows(found)
    path.write_bytes(out.getvalue().encode("utf-16" if "UTF-16" in form else "utf-8"))
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 0, said


def test_nothing_that_would_be_committed_holds_more_than_ten_words_of_the_article(report: Path) -> None:
    from evidencebook.check.copying import Articles

    add(report)
    decide(report, accept_what_fits)
    before = {path.name for path in (ROOT / "data").iterdir()}
    run("accept", "--root", report, SOURCE)
    article = Articles(
        (ARTICLE.read_text("utf-8"),), ("Border factories in Dandong take on North Korean sewing crews again",)
    )
    assert {path.name for path in (report / "data").iterdir()} == before
    for name, data in state(report).items():
        if not name.startswith(("seeds/texts/", "seeds/review/")):
            assert article.copied(data.decode("utf-8").replace(",", " \n")) is None, name
    ignored = (ROOT / ".gitignore").read_text("utf-8").split()
    assert {"seeds/texts/", "seeds/review/"} <= {*ignored}


def test_only_what_nobody_else_can_know_is_asked_for(report: Path) -> None:
    asked: list[str] = []

    def ask(one: Field | None) -> str:
        assert one is not None
        asked.append(one.name)
        return {"outlet_served_by": "Yalu Observer", "url": "https://example.org/crews"}.get(one.name, "")

    one = receiving.receive("article.txt", ARTICLE.read_bytes())
    added = adding.add(adding.open_report(report), one, {}, ask=ask)
    assert (asked, added.missing, added.source_id) == (["outlet_served_by", "url"], (), SOURCE)


@pytest.mark.parametrize("named", ["../outside", "a/b", "", "..", "-x", "a b"])
def test_an_id_cannot_lead_out_of_the_report(report: Path, named: str) -> None:
    before = state(report.parent)
    for arguments in (
        ("add", "--no-ask", "--id", named, str(ARTICLE)), ("accept", "--", named), ("accept", "--undo", "--", named),
        ("claim", "--", named, "words"),
    ):  # fmt: skip
        code, said = run(arguments[0], "--root", report, *arguments[1:])
        assert code == 2 and "is no id of a source" in said, said
    assert state(report.parent) == before


def test_several_articles_and_standard_input(report: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one.txt", tmp_path / "two.txt"
    first.write_text("Lamps go out\n\nPublished: 3 May 2024\n\nAbout 40 lamps went out, a keeper said.\n", "utf-8")
    second.write_text("Bells ring\n\nPublished: 4 May 2024\n\nSome 12 bells rang for three days.\n", "utf-8")
    said = add(report, first, second)
    assert "Source yalu-observer-2024: " in said and "Source yalu-observer-2024-b: " in said
    code, said = run("add", "--root", report, "--no-ask", "--id", "piped", "-", stdin=ARTICLE.read_bytes())
    assert code == 0 and "standard input: UTF-8" in said
    assert (report / "seeds" / "texts" / "piped.txt").read_bytes() == ARTICLE.read_bytes()
    assert run("add", "--root", report, "--no-ask", "--id", "piped", "-", stdin=b"Other words.")[0] == 1


def test_a_known_article_is_told_at_once_without_its_text(report: Path, tmp_path: Path) -> None:
    add(report)
    decide(report, accept_what_fits)
    run("accept", "--root", report, SOURCE)
    shutil.rmtree(report / "seeds" / "texts")
    code, said = run("add", "--root", report, "--no-ask", ARTICLE)
    assert code == 1 and f"the article is known: it is {SOURCE}" in said
    reprint = tmp_path / "reprint.txt"
    text = ARTICLE.read_text("utf-8").replace("By Maren Hollis", "This article was first published by Yalu Observer.")
    reprint.write_text("Share this page\n\n" + text.replace("broker", "agent"), "utf-8")
    code, said = run("add", "--root", report, "--no-ask", "--card", "outlet_served_by=Copy House", reprint)
    assert code == 0 and f" of {SOURCE}, about " in said
    card = {row["field"]: row["value"] for row in rows(report / "seeds" / "review" / "copy-house-2025.card.csv")}
    assert (card["is_copy"], card["origin_cluster"]) == ("true", "yalu-observer")
    assert card["outlet_original"] == "Yalu Observer" and SOURCE in card["derived_from"]


REWRITE = """Pay dispute behind unrest among labourers, two analysts believe

Published: 12 March 2024

A sum of about $10 million went unpaid over four to seven years, one analyst said, and more than 10 factories were drawn
into the quarrel. Some 3,000 people took part by that account.

Washington puts the number of such labourers between 20,000 and 100,000 and believes that up to 90% of what they earn
ends with their government. Beijing answered that it had sent home more than half of them.
"""


def test_a_rewrite_in_other_words_is_found_by_the_values_that_it_retells(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "rewrite.txt"
    path.write_text(REWRITE.replace("drawn\n", "drawn ").replace("government. ", "government. "), "utf-8")
    code, said = run("add", "--root", report, "--no-ask", "--card", "outlet_served_by=Other News", path)
    assert code == 0 and "Known: a rewrite of intlmonitor-2024" in said
    card = {row["field"]: row["value"] for row in rows(report / "seeds" / "review" / "other-news-2024.card.csv")}
    assert (card["is_copy"], card["origin_cluster"]) == ("true", "reuters")


def test_a_korean_article_in_cp949_goes_into_the_tables(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "기사.txt"
    text = (ARTICLE.parent / "korean-article.txt").read_text("utf-8")
    path.write_bytes(text.encode("cp949"))
    card = (
        "outlet_served_by=압록강신문",
        "outlet_original=압록강신문",
        "origin_cluster=amnok",
        "url=https://example.org/ko",
    )
    said = add(report, "--id", "amnok-2025", *(part for one in card for part in ("--card", one)), path)
    assert "CP949" in said and "language: ko" in said and "byline: 한서린" in said
    folder = report / "seeds" / "texts"
    assert (folder / "amnok-2025.txt").read_text("utf-8") == text
    assert (folder / "amnok-2025.received").read_bytes() == text.encode("cp949")
    decided = decide(report, accept_what_fits, "seeds/review/amnok-2025.csv")
    accepted = [row for row in decided if row["decision"] == "accept"]
    assert {(row["low"], row["high"], row["qualifier"], row["unit"]) for row in accepted} >= {
        ("3000", "3000", "about", "persons"), ("50000", "70000", "range", "persons"), ("", "400", "up_to", "CNY"),
        ("12000", "12000", "about", "persons"), ("85", "85", "exact", "percent"),
    }  # fmt: skip
    code, said = run("accept", "--root", report, "amnok-2025")
    assert code == 0, said
    assert checking.check(report).anchors_verified == len(accepted)


def test_intake_takes_less_than_ten_seconds(report: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    add(report)
    assert time.monotonic() - started < 10


def test_a_claim_by_hand_is_filled_in_and_what_is_left_is_asked_for(report: Path) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    run("accept", "--root", report, SOURCE)
    code, said = run("claim", "--root", report, "--no-ask", SOURCE, "The papers call them trainees")
    assert code == 1 and "still to be said: statement" in said and "speaker: Park" in said
    words = ("claim", "--root", report, "--no-ask", SOURCE, "LESS than 400   yuan in her first month")
    code, said = run(*words, "--set", "theme=")
    assert code == 1 and "theme: " in said and "  defections: departures" in said, "closed lists come with meanings"
    code, said = run(*words, "--set", "claim_id=crew-worker-first-pay")
    assert code == 0 and "high: 400" in said and "qualifier: under" in said and "unit: CNY" in said
    before = state(report)
    assert run(*words, "--set", "claim_id=crew-worker-first-pay", "--set", "high=500", "--append")[0] == 1
    assert state(report) == before
    assert run(*words, "--set", "claim_id=crew-worker-first-pay", "--append")[0] == 0
    assert checking.check(report).problems == ()
    assert any(row["claim_id"] == "crew-worker-first-pay" for row in rows(report / "data" / "claims.csv"))


@pytest.mark.parametrize(
    ("source", "said", "told"),
    [
        ("yalu-2025", "any", "no source has the id yalu-2025 - did you mean yalu-observer-2025"),
        (SOURCE, "the broker said", "the words stand 3 times in the text"),
        (SOURCE, "no such words", "the words are in no paragraph"),
    ],
)
def test_a_passage_that_is_not_found_is_told(report: Path, source: str, said: str, told: str) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    run("accept", "--root", report, SOURCE)
    code, answer = run("claim", "--root", report, "--no-ask", source, said)
    assert code == 1 and told in answer, answer


def test_a_passage_may_be_named_by_its_ends_and_what_cannot_be_filled_in_is_told(report: Path) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    run("accept", "--root", report, SOURCE)
    words = ("claim", "--root", report, "--no-ask", SOURCE)
    code, said = run(*words, "LESS than 400 … first month", "--set", "claim_id=first-pay")
    assert code == 1 and "the opening words 'LESS than 400' are not in the text" in said
    code, said = run(*words, "less than 400 ... first month", "--set", "claim_id=first-pay")
    assert code == 0 and "high: 400" in said
    code, said = run(*words, "less than 400", "--set", "them=wages")
    assert code == 1 and "them: a claim has no such column - did you mean theme?" in said
    code, said = run(*words, "less than 400", "--set", "theme")
    assert code == 2 and "'theme' is not FIELD=VALUE" in said
    (report / f"seeds/texts/{SOURCE}.txt").unlink()
    code, said = run(*words, "less than 400")
    assert code == 1 and f"the text of {SOURCE} is neither in" in said and "name its folder in EVIDENCE_TEXTS" in said


def test_intake_that_is_misused_says_how(report: Path, tmp_path: Path) -> None:
    code, said = run("add", "--root", report, "--no-ask", "--id", "one", ARTICLE, ARTICLE)
    assert code == 2 and "--id names one source: add the articles one by one" in said
    code, said = run("add", "--root", report, "--no-ask", tmp_path / "none.txt")
    assert code == 2 and f"there is no file {tmp_path / 'none.txt'}" in said
    code, said = run("add", "--root", report, "--no-ask", "--card", "colour=red", ARTICLE)
    assert code == 1 and "colour: a card has no such field - correct --card" in said
    code, said = run("accept", "--root", report, "--undo", "nobody-2020")
    assert code == 1 and "there is neither a source nobody-2020 nor a sheet of it - correct the id" in said
    before = state(report)
    add(report)
    code, said = run("add", "--root", report, "--no-ask", *CARD, "--id", "other", ARTICLE)
    assert code == 1 and f"the same text waits for review as {SOURCE}" in said
    sheet = (report / SHEET).read_bytes()
    (report / SHEET).unlink()
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "there is no such sheet - run `evidencebook add` with its article first" in said
    (report / SHEET).write_bytes(sheet.replace(b"decision", b"decisions", 1))
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "decision: the sheet has no such column - put its first line back as it was" in said
    (report / f"seeds/texts/{SOURCE}.txt").unlink()
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "the article's text is not there - run `evidencebook add` with the article again" in said
    run("accept", "--root", report, "--undo", SOURCE)
    assert state(report) == before
    (report / "seeds/fingerprints.json").write_text('{"a": "zz"}', "utf-8")
    code, said = run("add", "--root", report, "--no-ask", *CARD, ARTICLE)
    assert code == 1 and "the fingerprints cannot be read - take back its last committed version" in said


def test_how_much_intake_finds_of_what_is_in_the_tables_is_measured(report: Path) -> None:
    code, said = run("bench", "--root", report, "--intake")
    assert code == 1 and "no text of an article is in" in said
    add(report)
    accepted = [row for row in decide(report, accept_what_fits) if row["decision"] == "accept"]
    assert run("accept", "--root", report, SOURCE)[0] == 0
    code, said = run("bench", "--root", report, "--intake")
    head, own, total, share, missed = said.splitlines()
    assert head.split() == ["article", "claims", "found", "likely", "right"]
    numeric = [row for row in accepted if row["low"] or row["high"]]
    assert own.split()[:3] == [SOURCE, str(len(numeric)), str(len(numeric))], "its own proposals are found again"
    assert total.split()[1:] == own.split()[1:]
    assert share.startswith("recall 1.00, precision ") and missed == "not found: none"


@pytest.mark.slow
def test_a_reviewed_article_stands_in_the_rebuilt_book_and_leaves_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)
    root = copy_book(tmp_path)
    before = state(root)
    path = tmp_path / "lamps.txt"
    path.write_text(
        "Lamps go out\n\nPublished: 3 May 1955\n\nAbout 40 people came to the rock, a visitor said.\n", "utf-8"
    )
    card = ("outlet_served_by=The Lamp", "url=https://example.org/lamp", "retrieved=1960")
    code, said = run("add", "--root", root, "--no-ask", *(part for one in card for part in ("--card", one)), path)
    assert code == 0, said
    assert build(root, *STRICT).returncode == 0, "what waits for review changes no edition"
    assert not (root / "_build/html/seeds/the-lamp-1955.html").exists()
    decide(root, lambda row: row.update(decision="accept" if row["low"] else "drop"), "seeds/review/the-lamp-1955.csv")
    code, said = run("accept", "--root", root, "the-lamp-1955")
    assert code == 0, said
    built_in(root, "html")
    assert "about 40" in soup(root / "_build/html/seeds/the-lamp-1955.html").get_text()
    assert "The Lamp" in soup(root / "_build/html/book/ledger.html").get_text()
    code, said = run("accept", "--root", root, "--undo", "the-lamp-1955")
    assert code == 0, said
    assert {name: data for name, data in state(root).items() if not name.startswith("_build/")} == before


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Do the work and die at its nth step on the disk; return whether it got so far."""
    pid = os.fork()
    if pid == 0:
        left = number

        def counted(original: Callable[..., object]) -> Callable[..., object]:
            def step(*arguments: object, **named: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(9)  # as a kill: nothing is cleaned up
                return original(*arguments, **named)

            return step

        for name in ("replace", "rename", "unlink", "mkdir", "fsync", "rmdir", "open"):
            setattr(os, name, counted(getattr(os, name)))
        journal.exchanged = counted(journal.exchanged)  # type: ignore[assignment]
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["add", "accept", "undo"])
def test_a_kill_at_any_step_leaves_tables_before_or_after_and_the_next_command_finishes(
    report: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(merging, "_check", lambda *_, **__: [])  # what is written is the same, sooner
    changes: list[dict[str, bytes | None]] = []
    change = journal.change
    monkeypatch.setattr(journal, "change", lambda root, files: (changes.append(dict(files)), change(root, files)))
    add(report)
    decide(report, accept_what_fits)
    if verb == "undo":
        run("accept", "--root", report, SOURCE)
    before = state(report)
    if verb == "add":
        run("accept", "--root", report, SOURCE, "--undo")
        files, before = changes[0], state(report)
        change(report, files)
    else:
        run("accept", "--root", report, SOURCE, *(["--undo"] if verb == "undo" else []))
        files = changes[-1]
    after = state(report)

    def put_back() -> None:
        shutil.rmtree(report)
        for name, data in before.items():
            (report / name).parent.mkdir(parents=True, exist_ok=True)
            (report / name).write_bytes(data)

    whole = {"before": 0, "after": 0}
    for number in range(500):
        put_back()
        if not killed_at(number, lambda: change(report, files)):
            break
        told = tables(report)
        assert told in (tables_of(before), tables_of(after)), f"between, at step {number}"
        journal.recover(report)
        assert state(report) in (before, after), f"half done, at step {number}"
        whole["before" if state(report) == before else "after"] += 1
    assert number > 20 and min(whole.values()) > 3, whole
    assert state(report) == after
    assert not list((report / "seeds" / "review").glob(".journal*"))


def test_check_finishes_what_was_interrupted(report: Path) -> None:
    add(report)
    change = {"data/sources.csv": (report / "data" / "sources.csv").read_bytes(), "seeds/x-2024.md": b"# X\n"}
    decided = report / "seeds" / "review" / ".journal" / "list.json"
    assert any(killed_at(at, lambda: journal.change(report, change)) and decided.is_file() for at in range(60))
    assert not (report / "seeds" / "x-2024.md").exists()
    run("check", "--root", report)
    assert (report / "seeds" / "x-2024.md").is_file()
    assert not (report / "seeds" / "review" / ".journal").exists()


def tables_of(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in found.items() if name.startswith("data/")}


def test_where_folders_cannot_be_exchanged_the_next_command_still_finishes(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "exchanged", lambda *_: False)
    add(report)
    decide(report, accept_what_fits)
    assert run("accept", "--root", report, SOURCE)[0] == 0
    assert checking.check(report).problems == ()
