"""Editions are recorded with what they changed; old ids keep their addresses; a release discloses every change."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evidencebook.cli import main
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.history import history
from evidencebook.tables import contract, dictionary
from tests.building import REPORT, built, change, copy_book, one, soup
from tests.editing import counted, edit, read, write


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The tiny book with the tables in which editions are recorded, as the report describes them."""
    root = copy_book(tmp_path)
    for path in (root / "seeds/texts").iterdir():
        path.unlink()
    ours = json.loads((REPORT / contract.LABEL).read_text("utf-8"))["resources"]
    package = json.loads((root / contract.LABEL).read_text("utf-8"))
    for resource in ours:
        if resource["name"] in ("editions", "history"):
            package["resources"].append(resource)
            columns = ",".join(field["name"] for field in resource["schema"]["fields"])
            (root / f"data/{resource['name']}.csv").write_text(f"{columns}\n", "utf-8")
    (root / contract.LABEL).write_text(json.dumps(package, ensure_ascii=False, indent=2), "utf-8")
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")
    return root


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--root", str(root)])


def new(root: Path, version: str, day: str = "2021-03-01") -> Result:
    return run(root, "edition", "new", version, "--why", "A better count.", "--released", day)


def test_the_first_edition_states_everything_and_the_next_what_changed(book: Path) -> None:
    assert "Recorded version 1.0 with 6 changes" in new(book, "1.0").output
    assert json.loads((book / contract.LABEL).read_text("utf-8"))["version"] == "1.0"
    counted(book, 45)
    found = new(book, "1.1", "2021-04-01")
    assert found.exit_code == 0, found.output
    rows = [row for row in read(book, "history")[1] if row["version"] == "1.1"]
    assert [(row["entry_id"], row["kind"], row["before"], row["after"]) for row in rows] == [
        ("counted-share", "changed", "up to 225%", "up to 200%"),
        ("visitors-counted", "changed", "40", "45"),
    ]
    assert not run(book, "check", "--release").exit_code


@pytest.mark.parametrize(
    ("version", "day", "told"),
    [
        ("1.0", "2021-04-01", "recorded already"),
        ("next", "2021-04-01", "is no version"),
        ("1.1/x", "2021-04-01", "is no version"),
        ("1.1", "2021-02-01", "before the last edition"),
    ],
)
def test_what_cannot_be_recorded_changes_nothing(book: Path, version: str, day: str, told: str) -> None:
    new(book, "1.0")
    before = {path: path.read_bytes() for path in (book / "data").iterdir() if path.is_file()}
    found = new(book, version, day)
    assert found.exit_code == 1 and told in found.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_a_change_that_no_edition_discloses_fails_the_check_of_a_release_alone(book: Path) -> None:
    new(book, "1.0")
    edit(book, "claims", "water-rise", modality="disputed")
    assert run(book, "check").exit_code == 0
    found = run(book, "check", "--release")
    assert found.exit_code == 1
    assert "water-rise reads three or four metres (disputed), and the last edition three or four metres" in found.stderr


def test_a_new_name_is_written_wherever_the_old_one_stands(book: Path) -> None:
    new(book, "1.0")
    found = run(book, "rename", "visitors-counted", "a-count-of-visitors")
    assert found.exit_code == 0, found.output
    for path in [*book.rglob("*.md"), *book.rglob("*.py"), *book.rglob("*.csv")]:
        if path.name != "history.csv":
            assert "visitors-counted" not in path.read_text("utf-8"), path
    told = history(Evidence.load(book).tables)
    assert told.renamed == {"visitors-counted": "a-count-of-visitors"}
    assert list(told.since(Evidence.load(book))) == []  # nothing reads otherwise
    assert run(book, "check").exit_code == 0
    again = run(book, "rename", "lookers", "visitors-counted")
    assert again.exit_code == 1 and "ids are not used again" in again.stderr
    unknown = run(book, "rename", "looker", "x")
    assert "did you mean" in unknown.stderr


def test_cards_and_entries_say_what_their_fact_read_in_the_edition_before(book: Path) -> None:
    new(book, "1.0")
    counted(book, 45)
    lines = {line.term: line.on_card for line in Accounts(Evidence.load(book)).fact("visitors-counted").lines}
    assert lines["Changed"] == (("since version 1.0; before, it read: 40",),)
    new(book, "1.1", "2021-04-01")
    lines = {line.term: line.on_card for line in Accounts(Evidence.load(book)).fact("counted-share").lines}
    assert lines["Changed"] == (("in version 1.1; before, it read: up to 225%",),)
    assert "Changed" not in {line.term for line in Accounts(Evidence.load(book)).fact("lookers").lines}


@pytest.mark.slow
def test_pages_tell_what_changed_and_old_addresses_keep_a_notice(book: Path) -> None:
    new(book, "1.0")
    run(book, "rename", "water-rise", "rise-of-water")
    columns, rows = read(book, "claims")
    write(book, "claims", columns, [row for row in rows if row["claim_id"] != "lamps-lit"])
    counted(book, 45)
    new(book, "1.1", "2021-04-01")
    edit(book, "claims", "lookers", high="95", statement="The keeper gave 95 as the most people who came to look.")
    (book / "book/changes.md").write_text("# What changed\n\n```{what-changed}\n```\n", "utf-8")
    change(book / "_toc.yml", "      - file: book/ledger\n", "      - file: book/ledger\n      - file: book/changes\n")
    built(book)
    told = one(soup(book / "_build/html/book/changes.html"), "dl.editions")
    heads = [head.get_text() for head in told.find_all("dt")]
    assert heads == ["Since version 1.1, in no edition yet", "Version 1.1, 1 April 2021", "Version 1.0, 1 March 2021"]
    text = " ".join(told.get_text(" ").split())
    assert "The mainland counted 45 visitors . Before: 40. Now: 45." in text
    assert "lamps-lit was withdrawn. It read: about 2,000 times." in text
    assert "was known as water-rise." in text
    assert "6 claims and derived values are new." in text
    ledger = soup(book / "_build/html/book/ledger.html")
    assert one(ledger, "#ledger-lamps-lit").get_text().strip() == (
        "lamps-lit was withdrawn in version 1.1. It read: about 2,000 times."
    )
    renamed = one(ledger, "#ledger-water-rise")
    assert renamed.get_text().strip() == "water-rise was renamed and is now entry 1, rise-of-water."
    assert one(renamed, "a")["href"] == "#ledger-rise-of-water"


def test_the_history_of_the_report_says_what_each_fact_reads_or_that_it_is_not_yet_recorded() -> None:
    evidence = Evidence.load(REPORT)
    told = history(evidence.tables)
    assert told.known
    since = {one.fact_id for one in told.since(evidence)}
    assert all(fact_id in told.known or fact_id in since for fact_id in (*evidence.claims, *evidence.derived))
    with (REPORT / "data/history.csv").open(encoding="utf-8", newline="") as file:
        assert {row["version"] for row in csv.DictReader(file)} <= {
            *(str(row["version"]) for row in told.editions),
            "next",
        }
