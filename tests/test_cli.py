"""The command line: exit codes, messages, and what each verb does."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook import builds, cli
from tests.conftest import Book
from tests.reading import read

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The books of these tests bring their texts along; the articles of the report are not theirs."""
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_check_of_sound_tables_exits_0_and_counts_rows_and_anchors(book: Book) -> None:
    code, out, err = run("check", "--root", str(book.root))
    assert (code, err) == (0, "")
    assert "4 claims" in out
    assert "4 anchors verified" in out


def test_check_counts_verified_values_and_lists_justified_numbers_with_their_reasons(book: Book) -> None:
    read(book, {"book/tide.md": "# Sea\n\nSome {typed}`fifty | a saying` lamps\n"})
    code, out, err = run("check", "--root", str(book.root))
    assert (code, err) == (0, "")
    assert "5 values verified" in out
    assert '1 typed number justified:\n  book/tide.md:3: "fifty" - a saying\n' in out


def test_check_without_texts_says_that_anchors_were_not_verified(book: Book) -> None:
    shutil.rmtree(book.texts)
    code, out, _ = run("check", "--root", str(book.root))
    assert code == 0
    assert "4 anchors were not re-verified" in out


def test_check_lists_all_problems_and_exits_1(book: Book) -> None:
    book.edit("claims", 5, low="70")
    book.edit("claims", 3, place_id="north-rok")
    code, _, err = run("check", "--root", str(book.root))
    assert code == 1
    assert re.search(r"^data/claims\.csv:3: place_id: .*north-rock", err, re.M)
    assert re.search(r"^data/claims\.csv:5: low: 70 is above high 60 - ", err, re.M)
    assert err.endswith("2 problems.\n")


def test_misuse_exits_2() -> None:
    assert run("check", "--loudly")[0] == 2
    assert run("chek")[0] == 2


def test_check_fix_computes_anchors_from_fragments(book: Book) -> None:
    book.edit("claims", 3, start="1", end="2", sha256="0" * 64)
    assert run("check", "--root", str(book.root))[0] == 1
    code, out, _ = run("check", "--fix", "--root", str(book.root))
    assert code == 0
    assert "1 row anchored anew" in out


def test_dictionary_is_written_from_the_contract(book: Book) -> None:
    (book.root / "data/README.md").write_text("old", "utf-8")
    assert run("dictionary", "--root", str(book.root))[0] == 0
    assert run("check", "--root", str(book.root))[0] == 0


def test_bad_data_stops_book_before_jupyter_book_starts(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builds, "build", lambda *_: pytest.fail("built in spite of bad data"))
    book.edit("claims", 5, low="70")
    assert run("book", "--root", str(book.root))[0] == 1


def test_every_verb_and_every_task_is_explained() -> None:
    for command in cli.main.commands.values():
        assert command.help
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for task in ("book", "test", "check", "lab", "clean"):
        assert re.search(rf"^{task}\s+\S", listed, re.M)


def test_the_start_section_of_the_readme_has_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.split("## Start")[1].split("\n## ")[0]
    assert re.findall(r"^    (make \w+)", section, re.M) == ["make book", "make test"]
