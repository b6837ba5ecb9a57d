"""Intake of an article: from file to tables and back, copies and rewrites told, one claim by hand."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from evidencebook.check import checking
from evidencebook.intake import adding, receiving
from evidencebook.tables.contract import Field
from tests.building import STRICT, build, change, copy_book, soup
from tests.intaking import (
    ARTICLE,
    CARD,
    CARD_SHEET,
    ROOT,
    SOURCE,
    accept_what_fits,
    add,
    decide,
    report,
    rows,
    run,
    state,
)

__all__ = ["report"]  # a fixture


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


def test_who_sits_at_a_terminal_is_asked_with_the_meaning_of_each_answer(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
    code, said = run("add", "--root", report, ARTICLE, stdin=b"Yalu Observer\n\n")
    assert code == 0 and "outlet_served_by: " in said and "Only you can know: url." in said
    decide(report, lambda row: row.update(decision="drop"))
    decide(report, lambda row: row["field"] == "url" and row.update(value="https://example.org/crews"), CARD_SHEET)
    assert run("accept", "--root", report, SOURCE)[0] == 0
    words = ("claim", "--root", report, SOURCE, "LESS than 400   yuan in her first month", "--set", "theme=")
    code, said = run(*words, stdin=b"wages\nA worker says that she was given less than 400 yuan.\n")
    assert code == 0 and "theme: wages\n" in said and "statement: A worker says" in said, said


def test_what_intake_cannot_be_asked_is_told_before_anything_is_done(report: Path, tmp_path: Path) -> None:
    before = state(report)
    for arguments, told in (
        (("--id", "one", ARTICLE, ARTICLE), "--id names one source: add the articles one by one"),
        ((report / "none.txt",), f"there is no file {report / 'none.txt'}"),
        (("--card", "url", ARTICLE), "'url' is not "),
    ):
        code, said = run("add", "--root", report, "--no-ask", *arguments)
        assert code == 2 and told in said, said
    code, said = run("add", "--root", report, "--no-ask", "--card", "colour=red", ARTICLE)
    assert code == 1 and "data/sources.csv: colour: a card has no such field" in said
    assert state(report) == before
    note = report / f"seeds/{SOURCE}.md"
    note.write_text("# Begun\n", "utf-8")
    add(report, "--id", SOURCE, ARTICLE)
    assert note.read_text("utf-8") == "# Begun\n"
    code, said = run("add", "--root", report, "--no-ask", "--id", "other", *CARD, ARTICLE)
    assert code == 1 and f"the same text waits for review as {SOURCE} - --id {SOURCE} --again" in said
    change(report / "data/datapackage.json", '"name": "chars"', '"name": "length"')
    code, said = run("add", "--root", report, "--no-ask", ARTICLE)
    assert code == 1 and "sources.chars: there is no such column - intake fills in" in said


def test_an_article_from_before_there_were_fingerprints_is_known_by_its_text(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    run("accept", "--root", report, SOURCE)
    path = report / "seeds/fingerprints.json"
    found = json.loads(path.read_text("utf-8"))
    del found["fingerprints"][SOURCE]
    path.write_text(json.dumps(found), "utf-8")
    reprint = tmp_path / "reprint.txt"
    reprint.write_text(ARTICLE.read_text("utf-8") + "\nShare this page\n", "utf-8")
    code, said = run("add", "--root", report, "--no-ask", "--card", "outlet_served_by=Copy House", reprint)
    assert code == 0 and f" of {SOURCE}, " in said, said
    code, said = run("accept", "--root", report, SOURCE, "--undo")
    assert code == 0 and not (report / f"seeds/review/{SOURCE}.csv").exists(), said


def test_texts_that_lie_elsewhere_are_to_be_copied_there(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    monkeypatch.setenv("EVIDENCE_TEXTS", str(tmp_path))
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 0 and f"seeds/texts/{SOURCE}.txt: put a copy into {tmp_path}, where the check looks" in said
    monkeypatch.setattr("evidencebook.intake.adding.anchors.own_texts_dir", lambda _: tmp_path / "none")
    code, said = run("claim", "--root", report, "--no-ask", SOURCE, "The papers call them trainees")
    assert code == 1 and f"the text of {SOURCE} is neither in {tmp_path} nor in seeds/texts - put it there" in said


def test_how_well_articles_are_read_is_told_of_those_at_hand(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = run("bench", "--intake", "--root", report)
    assert code == 1 and "no text of an article is in" in said
    add(report)
    accepted = [row for row in decide(report, accept_what_fits) if row["decision"] == "accept"]
    run("accept", "--root", report, SOURCE)
    code, said = run("bench", "--intake", "--root", report)
    assert code == 0, said
    _, own, every, *_ = said.splitlines()
    numbers = sum(bool(row["low"] or row["high"]) for row in accepted)
    assert own.split()[:3] == [SOURCE, str(numbers), str(numbers)] and own.split()[1:] == every.split()[1:]
    assert "recall 1.00, precision " in said and "not found: none" in said and "unit 1.00" in said


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
    assert code == 1 and "still to be said: theme, statement" in said, "nobody but a person writes the sentence"
    assert "theme: " in said and "  defections: workers who leave" in said, "closed lists come with meanings"
    words = (*words, "--set", "statement=A worker says that she was given less than 400 yuan.")
    code, said = run(*words, "--set", "claim_id=crew-worker-first-pay")
    assert code == 0 and "high: 400" in said and "qualifier: under" in said and "unit: CNY" in said
    code, said = run(*words, "--set", "hight=500")
    assert code == 1 and "hight: a claim has no such column - did you mean high" in said
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
        (SOURCE, "no such words … here", "the opening words 'no such words' are not in"),
    ],
)
def test_a_passage_that_is_not_found_is_told(report: Path, source: str, said: str, told: str) -> None:
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    run("accept", "--root", report, SOURCE)
    code, answer = run("claim", "--root", report, "--no-ask", source, said)
    assert code == 1 and told in answer, answer


def test_a_claim_by_hand_of_what_waits_for_review_is_told_to_wait(report: Path) -> None:
    add(report)
    code, said = run("claim", "--root", report, "--no-ask", SOURCE, "some words")
    assert code == 1 and f"{SOURCE} waits for review - `" in said and f"accept {SOURCE}` first" in said


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
    statement = "A visitor says that about 40 people came to the rock."
    reviewed, drop = {"decision": "edit", "statement": statement}, {"decision": "drop"}
    decide(root, lambda row: row.update(reviewed if row["low"] else drop), "seeds/review/the-lamp-1955.csv")
    code, said = run("accept", "--root", root, "the-lamp-1955")
    assert code == 0, said
    done = build(root, *STRICT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "about 40" in soup(root / "_build/html/seeds/the-lamp-1955.html").get_text()
    assert "The Lamp" in soup(root / "_build/html/book/ledger.html").get_text()
    code, said = run("accept", "--root", root, "--undo", "the-lamp-1955")
    assert code == 0, said
    assert {name: data for name, data in state(root).items() if not name.startswith("_build/")} == before
