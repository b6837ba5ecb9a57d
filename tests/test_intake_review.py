"""The sheets of a review: what they offer, how they are read again, what is refused at its row, and what is undone."""

from __future__ import annotations

import csv
import errno
import io
import socket
from pathlib import Path

import pytest

from evidencebook.check.copying import Articles
from tests.intaking import (
    ARTICLE,
    CARD_SHEET,
    LISTS,
    SHEET,
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


def test_a_sentence_that_nobody_wrote_is_no_claim(report: Path) -> None:
    add(report)

    def hasty(row: dict[str, str]) -> None:
        accept_what_fits(row)
        row["statement"] = "A manager says that … 2,500 CNY." if row["unit"] == "CNY" else row["statement"]

    decide(report, hasty)
    before = state(report)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "statement: the sentence is unfinished" in said
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
    at = next(at for at, row in enumerate(rows(report / CARD_SHEET), 2) if row["field"] == "url")
    assert code == 1 and f"{CARD_SHEET}:{at}: url: the cell is empty - it may not be empty: without an address" in said
    assert "data/sources.csv" not in said
    assert state(report) == before


def test_a_wrong_answer_is_told_at_its_row_of_the_card(report: Path) -> None:
    add(report, "--card", "language=tlh-", ARTICLE)
    decide(report, accept_what_fits)
    at = next(at for at, row in enumerate(rows(report / CARD_SHEET), 2) if row["field"] == "language")
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and f"{CARD_SHEET}:{at}: language: " in said and "data/sources.csv" not in said


def accepted(root: Path, *more: str) -> str:
    add(root, "--id", SOURCE, *more, ARTICLE)
    decide(root, accept_what_fits)
    code, said = run("accept", "--root", root, SOURCE)
    assert code == 0, said
    return said


def test_a_sentence_that_counts_is_true_as_a_whole_after_acceptance_and_as_before_after_undo(report: Path) -> None:
    path = report / "README.md"
    told = "\n- Five articles are three newsrooms. All five articles agree.\n\nThree of the five articles are copies.\n"
    left = "\nThe five articles are by Reuters and others.\n\nFive articles of 2019 to 2025 count.\n"
    path.write_text(f"# Report\n\nFive news articles of 2016 to 2025 tell of it.\n{told}{left}", "utf-8")
    (report / "book").mkdir()
    (report / "book" / "method.md").write_text("# Method\n\nThey appeared between 2016 and 2025.\n", "utf-8")
    before = state(report)
    said = accepted(report, "--card", "published=2026-05-04")
    assert path.read_text("utf-8") == (
        "# Report\n\nSix news articles of 2016 to 2026 tell of it.\n"
        "\n- Six articles are four newsrooms. All five articles agree.\n\nThree of the five articles are copies.\n"
        + left
    )
    assert "book/method.md:3: tells of articles of 2016 to 2025, and this one is of 2026" in said
    for line in (5, 7, 9, 11):
        assert f"README.md:{line}: counts five articles, and there is one more" in said
    assert "README.md:3" not in said and "newsrooms, and" not in said
    assert "of 2016 to 2026" in (report / "CITATION.cff").read_text("utf-8")
    code, said = run("accept", "--root", report, SOURCE, "--undo")
    assert code == 0 and "_build" not in said, "no edition was built"
    assert state(report) == before


def test_what_is_left_has_the_lines_of_the_merged_tables_and_can_be_listed_again(report: Path) -> None:
    path = report / "data" / "claims.csv"
    lines = path.read_text("utf-8").splitlines()
    last = lines[-1].split(",")[0]
    table = rows(path)
    table[-1]["note"] = "All five articles say so."
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*table[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    said = accepted(report)
    at = next(at for at, row in enumerate(rows(path), 2) if row["claim_id"] == last)
    assert at > len(table) + 1 and f"data/claims.csv:{at}: counts five articles" in said
    code, again = run("accept", "--root", report, SOURCE, "--left")
    assert code == 0 and {line.strip() for line in again.splitlines()} < {line.strip() for line in said.splitlines()}
    path.write_text(path.read_text("utf-8").replace("All five articles say so.", ""), "utf-8")
    assert f"data/claims.csv:{at}:" not in run("accept", "--root", report, SOURCE, "--left")[1]
    code, unknown = run("accept", "--root", report, "nowhere-2020", "--left")
    assert code == 1 and "nowhere-2020 is no source yet" in unknown


def test_what_is_not_there_to_be_accepted_is_told(report: Path) -> None:
    def refused(*more: str) -> str:
        code, said = run("accept", "--root", report, *(more or (SOURCE,)))
        assert code == 1, said
        return said

    assert "there is neither a source nobody-2020 nor a sheet of it - correct the id" in refused(
        "nobody-2020", "--undo"
    )
    assert "there is no such sheet - run `" in refused()
    add(report)
    decide(report, lambda row: row.update(decision="drop"))
    sheet, text = report / SHEET, report / f"seeds/texts/{SOURCE}.txt"
    whole, article = sheet.read_bytes(), text.read_bytes()
    sheet.write_bytes(whole.replace(b'"decision"', b'"decided"', 1))
    assert f"{SHEET}:1: decision: the sheet has no such column - put its first line back as it was" in refused()
    sheet.write_bytes(whole)
    text.unlink()
    assert "the article's text is not there - run `" in refused()
    text.write_bytes(article)
    before = {path: path.read_bytes() for path in (report / "seeds/review").iterdir()}
    assert run("accept", "--root", report, SOURCE)[0] == 0
    for path, data in before.items():
        path.write_bytes(data)
    assert f"{SOURCE} is a source already - `" in refused()


@pytest.mark.parametrize("form", ["sep=, and empty lines", "semicolons", "tabs in UTF-16", "no mark"])
def test_a_sheet_is_read_as_spreadsheets_and_editors_leave_it(report: Path, form: str) -> None:
    add(report)
    path = report / SHEET
    found = decide(report, accept_what_fits)
    out = io.StringIO()
    sign = {"semicolons": ";", "tabs in UTF-16": "\t"}.get(form, ",")
    writer = csv.DictWriter(out, [*found[0]], delimiter=sign)
    writer.writeheader()
    writer.writerows(found)
    text = f"sep=,\r\n{out.getvalue()},,\r\n\r\n" if form.startswith("sep") else out.getvalue()
    path.write_bytes(text.encode("utf-16" if "UTF-16" in form else "utf-8"))
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 0, said


def test_a_sheet_follows_the_article_and_says_what_may_stand_in_its_columns(report: Path) -> None:
    add(report)
    found = rows(report / SHEET)
    text = ARTICLE.read_text("utf-8")
    likely = [row for row in found if row["likely"].startswith("likely")]
    assert found[: len(likely)] == likely
    where = [text.index(row["passage"][:25]) for row in likely]
    assert where == sorted(where)
    topics = {row["value"]: row["meaning"] for row in rows(report / LISTS) if row["column"] == "topic"}
    for row in likely:
        assert row["topic"] in row["topics"].split(" or ") and {*row["topics"].split(" or ")} <= {*topics}
    assert all(topics.values()), "each topic says what it means"
    told = {(row["column"], row["value"]): row["meaning"] for row in rows(report / LISTS)}
    assert "not how often" in told["unit", "times"] and told["place_id", "dandong"] == "Dandong"
    assert {"qualifier", "when_basis", "speaker_type", "event_id"} <= {column for column, _ in told}


def test_ids_are_made_of_what_a_curator_made_of_the_rows(report: Path) -> None:
    add(report)

    def reviewed(row: dict[str, str]) -> None:
        accept_what_fits(row)
        row.update(speaker="broker in a border city", topic="recruitment", place_id="dandong", theme="workforce")

    accepted = [row for row in decide(report, reviewed) if row["decision"] == "accept"]
    assert not any(row["claim_id"] for row in accepted)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 0, said
    made = [row["claim_id"] for row in rows(report / "data/claims.csv") if row["source_id"] == SOURCE]
    assert all(f"  {one}\n" in said for one in made) and f"--undo --keep-sheet {SOURCE}`, and fill in claim_id" in said
    base = "broker-border-city-dandong-recruitment"
    assert {*made} == {base, *(f"{base}-{at}" for at in range(2, len(accepted) + 1))}


def test_what_names_newsrooms_and_claims_of_the_same_topic_is_told(report: Path) -> None:
    figures = report / "book" / "figures"
    figures.mkdir(parents=True)
    (report / "_build").mkdir()
    (figures / "pay.py").write_text('"""Pay."""\n\nIDS = ("seafood-worker-take-home",)\n', "utf-8")
    page = "# Pay\n\nThree newsrooms wrote of it.\nThey are Radio Free Asia, Reuters and Daily NK.\n"
    (report / "book" / "pay.md").write_text(page, "utf-8")
    said = add(report)
    assert "book/pay.md:3: counts three newsrooms, and there is one more" in said
    assert "book/pay.md:4: names every newsroom; Yalu Observer is one more" in said
    decide(report, lambda row: row.update(decision="edit" if row["found"] == "less than 400" else "drop"))
    finished = {"topic": "take-home", "theme": "wages", "claim_id": "crew-worker-first-pay"}
    done = {"statement": "A worker says that she was given less than 400 yuan.", **finished}
    decide(report, lambda row: row.update(done if row["decision"] == "edit" else {}))
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 0, said
    assert "book/figures/pay.py:3: draws claims by ids, and not the new ones: take-home (1 new)\n" in said
    assert "Ids made" not in said, "it was set by hand"
    assert "book/pay.md:4: names every newsroom" in said and "book/pay.md:3: counts three newsrooms" in said
    assert "`make book` builds with it" in said
    assert "`make book` builds them without it" in run("accept", "--root", report, SOURCE, "--undo")[1]


def test_what_no_cell_can_say_is_said_beside_the_row(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "ramp.txt"
    path.write_text(
        "Ramp closes\n\nPublished: 3 May 2025\n\nThe shift lasted 13 hours, a guard said.\n\n"
        "One of the drivers said that 20 lorries had left. The other said he was owed 900 yuan.\n\n"
        "A harbour report said that more than 70,000 remained.\n\n"
        "A clerk counted 31,000 to 36,000 elderly coastal lamp keepers in northern harbour districts.\n\n"
        "One of the cadres said that 60 people came.\n",
        "utf-8",
    )
    add(report, "--id", SOURCE, path)
    found = {row["found"]: row for row in rows(report / SHEET) if row["found"]}
    for words in ("13", "20", "more than 70,000"):  # whose unit the list has not, or nobody names
        row = found[words]
        assert {row[name] for name in ("low", "high", "qualifier", "unit", "per")} == {""} and row[
            "kind"
        ] == "statement"
        assert "a statement without a value" in row["likely"]
    assert "since the list of units has no hours" in found["13"]["likely"]
    assert "13 hours" in found["13"]["statement"], "what was counted is not lost"
    assert found["31,000 to 36,000"]["unit"] == "persons"
    assert Articles((path.read_text("utf-8"),)).copied(found["31,000 to 36,000"]["statement"]) is None
    assert found["20"]["speaker"] == found["900"]["speaker"]
    for words, is_told in {"13": False, "20": True, "900": True, "more than 70,000": False, "60": False}.items():
        assert ("may be another person" in found[words]["likely"]) is is_told


def test_a_page_that_shows_the_new_claims_is_left_no_more(report: Path) -> None:
    accepted(report)
    table = [row for row in rows(report / "data/claims.csv") if row["topic"] == "headcount"]
    old = next(row["claim_id"] for row in table if row["source_id"] != SOURCE)
    fresh = [row["claim_id"] for row in table if row["source_id"] == SOURCE]
    (report / "book").mkdir()
    page = report / "book" / "numbers.md"
    page.write_text(f"# Numbers\n\n{{fact}}`{old}`\n", "utf-8")
    told = f"book/numbers.md:3: tells of claims by ids, and not the new ones: headcount ({len(fresh)} new)"
    assert fresh and told in run("accept", "--root", report, SOURCE, "--left")[1]
    page.write_text(page.read_text("utf-8") + "".join(f"{{fact}}`{one}`\n" for one in fresh), "utf-8")
    assert "book/numbers.md" not in run("accept", "--root", report, SOURCE, "--left")[1]


def test_a_port_that_is_taken_is_told_and_another_trouble_as_it_is(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(report)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run("review", "--root", report, SOURCE, "--port", str(port))
    assert code == 1 and f"port {port} is taken - name another, as in `--port {port + 1}`" in said

    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "not yours")

    monkeypatch.setattr("evidencebook.intake.reviewing.serve", denied)
    code, said = run("review", "--root", report, SOURCE)
    assert code == 1 and "Permission denied" in said and "taken" not in said
