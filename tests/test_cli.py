"""The command line: exit codes, messages, and what each verb does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook import cli
from evidencebook.build import telling
from evidencebook.changes.manifest import MOVED
from evidencebook.editions.print import typesetting
from evidencebook.execution import decisions
from evidencebook.upkeep import reproduction
from evidencebook.upkeep.benchmark import measuring
from evidencebook.upkeep.benchmark import report as benchmark
from tests.reading import read
from tests.small import Book

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
    assert "4 anchors and 5 values verified" in out


def test_check_counts_verified_values_and_lists_justified_numbers_with_their_reasons(book: Book) -> None:
    read(book, {"book/tide.md": "# Sea\n\nSome {typed}`fifty | a saying` lamps\n"})
    code, out, err = run("check", "--root", str(book.root))
    assert (code, err) == (0, "")
    assert '1 typed number justified:\n  book/tide.md:3: "fifty" - a saying\n' in out


def test_check_without_texts_says_that_anchors_were_not_verified(book: Book) -> None:
    for path in book.texts.iterdir():
        if "lamp" in path.read_text("utf-8"):
            path.unlink()
    told = f"anchors were not re-verified: the texts of their articles are not in {book.texts}.\n"
    assert f"3 of 4 {told}" in run("check", "--root", str(book.root))[1]
    shutil.rmtree(book.texts)  # which need not exist
    code, out, _ = run("check", "--root", str(book.root))
    assert code == 0
    assert f"4 {told}" in out
    book.edit("claims", 5, low="70")
    code, out, _ = run("check", "--root", str(book.root))
    assert (code, out) == (1, f"4 {told}")


@pytest.mark.parametrize("verb", ["check", "book"])
@pytest.mark.parametrize(("named", "told"), [("none", "does not exist"), ("data/claims.csv", "is no folder")])
def test_folder_of_texts_that_is_named_and_not_there_is_misuse(
    book: Book, monkeypatch: pytest.MonkeyPatch, verb: str, named: str, told: str
) -> None:
    monkeypatch.setattr(telling, "build", lambda *_: pytest.fail("built without the texts that were named"))
    monkeypatch.setenv("EVIDENCE_TEXTS", str(book.root / named))
    code, _, err = run(verb, "--root", str(book.root))
    assert code == 2
    assert f"Error: EVIDENCE_TEXTS names {book.root / named}, which {told} - name the folder" in err


def test_empty_name_of_the_folder_of_texts_names_none(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_TEXTS", "")
    assert "4 anchors and 5 values verified" in run("check", "--root", str(book.root))[1]


def test_check_lists_all_problems_and_exits_1(book: Book) -> None:
    book.edit("claims", 5, low="70")
    book.edit("claims", 3, place_id="north-rok")
    code, _, err = run("check", "--root", str(book.root))
    assert code == 1
    assert re.search(r"^data/claims\.csv:3: place_id: .*north-rock", err, re.M)
    assert re.search(r"^data/claims\.csv:5: low: 70 is above high 60 - ", err, re.M)
    assert err.endswith("2 problems.\n")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_has_seen_enough_ends_the_command_without_a_word(book: Book, stream: str) -> None:
    """As `evidencebook check | head -1` has it, which would tell of a broken pipe."""
    if stream == "stderr":
        book.path("places").write_text("x\n", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    streams: dict[str, int] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writing}
    command = [sys.executable, "-P", "-m", "evidencebook", "check", "--root", str(book.root)]
    done = subprocess.run(command, text=True, check=False, **streams)  # type: ignore[call-overload]
    os.close(writing)
    assert (done.returncode, done.stdout or "", done.stderr or "") == (1, "", "")


def test_misuse_exits_2() -> None:
    assert run("check", "--loudly")[0] == 2
    assert run("chek")[0] == 2


def test_check_fix_computes_anchors_from_fragments(book: Book) -> None:
    book.edit("claims", 3, start="1", end="2", sha256="0" * 64)
    assert run("check", "--root", str(book.root))[0] == 1
    code, out, _ = run("check", "--fix", "--root", str(book.root))
    assert code == 0
    assert out.startswith("data/claims.csv: 1 row anchored anew\n")


def test_dictionary_is_written_from_the_contract(book: Book) -> None:
    (book.root / "data/README.md").write_text("old", "utf-8")
    assert run("dictionary", "--root", str(book.root))[0] == 0
    assert run("check", "--root", str(book.root))[0] == 0


def test_bad_data_stops_book_before_jupyter_book_starts(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "build", lambda *_: pytest.fail("built in spite of bad data"))
    book.edit("claims", 5, low="70")
    assert run("book", "--root", str(book.root))[0] == 1


def test_every_verb_and_every_task_is_explained() -> None:
    for command in cli.main.commands.values():
        assert command.help
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for task in ("book", "test", "check", "lab", "clean"):
        assert re.search(rf"^{task}\s+\S", listed, re.M)


def test_every_verb_stands_in_the_readme_or_the_contributors_guide() -> None:
    told = (ROOT / "README.md").read_text("utf-8") + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for verb in cli.main.commands:
        assert re.search(rf"(?:make|evidencebook) {verb}\b", told), verb


def test_the_engine_is_found_by_a_path_that_every_locale_can_write() -> None:
    # Python reads a .pth file in the encoding of the locale, and the folder of the report may have any name.
    for path in Path(sysconfig.get_path("purelib")).glob("__editable__.evidencebook-*.pth"):
        named = path.read_bytes().decode("ascii").strip()
        assert (path.parent / named).resolve() == ROOT / "src"
        assert not Path(named).is_absolute()


def test_the_start_section_of_the_readme_has_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.split("## Start")[1].split("\n## ")[0]
    assert re.findall(r"^    (make \w+)", section, re.M) == ["make book", "make test"]


def test_why_a_page_was_executed_is_told_from_what_the_build_kept(tmp_path: Path) -> None:
    code, _, err = run("book", "--root", str(tmp_path), "--why", "book/tide")
    assert code == 2 and "the executed pages are none: nothing has been built yet" in err
    folder = tmp_path / "_build/.doctrees" / decisions.FOLDER
    folder.mkdir(parents=True)
    kept = {
        "book/tide": {"reasons": ["its code changed", "data/claims.csv changed"], "seconds": 1.5},
        "book/free": {"reasons": [], "seconds": 0},
    }
    (folder / decisions.FILE).write_text(json.dumps(kept), "utf-8")
    assert run("book", "--root", str(tmp_path), "--why", "book/tide.md")[:2] == (
        0, "book/tide was executed in 1.50 s, because:\n  its code changed\n  data/claims.csv changed\n"
    )  # fmt: skip
    code, out, _ = run("book", "--root", str(tmp_path), "--why", "book/free")
    assert (code, out) == (0, "book/free was not executed: nothing that it looked at had changed.\n")
    code, _, err = run("book", "--root", str(tmp_path), "--why", "book/none")
    assert code == 2 and "nothing is known of book/none; the executed pages are book/tide, book/free" in err


@pytest.mark.parametrize(("is_found", "named"), [(True, "evidencebook"), (False, "bin/evidencebook")])
def test_a_remedy_names_the_program_as_it_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, is_found: bool, named: str
) -> None:
    folder = Path(sys.executable).parent
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/evidencebook" if is_found else None)
    monkeypatch.chdir(folder.parent)
    assert cli._program() == (named if is_found else f"{folder.name}/evidencebook")
    monkeypatch.chdir("/")
    monkeypatch.setattr(sys, "executable", "elsewhere/python")
    assert cli._program() == (named if is_found else "elsewhere/evidencebook")


def test_a_form_that_cannot_be_set_is_told_in_a_line(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise typesetting.NotSet("error: no glyph")

    monkeypatch.setattr(telling, "build", lambda *_: None)
    monkeypatch.setattr(typesetting, "typeset", refuse)
    code, _, err = run("pdf", "--paper", "letter", "--root", str(book.root))
    assert code == 1 and re.search(r"-letter\.pdf could not be set; \S+build\.log tells why", err), err
    assert "no glyph" in (book.root / "_build" / telling.LOG).read_text("utf-8")


@pytest.mark.parametrize("moved", ["3 sentences moved since version 1.0.0", "", None])
def test_how_much_moved_is_told_after_a_build(book: Book, monkeypatch: pytest.MonkeyPatch, moved: str | None) -> None:
    def build(teller: telling.Teller, _: str) -> None:
        if moved is not None:
            (teller.root / "_build" / MOVED).write_text(moved, "utf-8")

    monkeypatch.setattr(telling, "build", build)
    code, out, _ = run("epub", "--root", str(book.root))
    assert code == 0 and (f"Moved          {moved}" in out) is bool(moved)


@pytest.mark.parametrize("failing", ["pdf", ""])
def test_an_edition_that_cannot_be_made_keeps_no_other_from_being_made(
    book: Book, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    made: list[str] = []

    def build(_: telling.Teller, kind: str) -> None:
        made.append(kind)
        if kind == failing:
            raise telling.BuildFailed(kind)

    read(book, {"book/tide.md": "# Sea\n\nThey say {quote}`visitors-monthly|visitors come each month`.\n"})
    shutil.rmtree(book.texts)
    monkeypatch.setattr(telling, "build", build)
    code, out, _ = run("book", "--root", str(book.root))
    assert (code, made) == (1 if failing else 0, ["pdf", "html"])
    assert "1 quotation was not re-verified either." in out
    assert (f"To read        {book.root}/_build/html/index.html" in out) is not bool(failing)


def test_intake_is_measured_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured: list[Path] = []
    monkeypatch.setattr(cli.intake, "measure", measured.append)
    assert run("bench", "--intake", "--root", str(tmp_path))[0] == 0 and measured == [tmp_path]


@pytest.mark.parametrize(("option", "sizes"), [((), 1), (("--large",), 6)])
def test_each_size_that_is_measured_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], sizes: int
) -> None:
    did: list[str] = []

    def write(*given: object) -> list[Path]:
        did.append("write")
        assert given[1:] == (tmp_path, f"evidencebook bench --repeat 2{' --large' if option else ''}")
        return [tmp_path / "bench.md"]

    monkeypatch.setattr(measuring, "measure", lambda root, size, times, *_: did.append(f"{times} times"))
    monkeypatch.setattr(benchmark, "write", write)
    code, out, _ = run("bench", "--repeat", "2", "--to", str(tmp_path), *option)
    assert (code, out) == (0, f"Wrote {tmp_path / 'bench.md'}.\n")
    assert did == ["2 times", "write", *["1 times", "write"] * (sizes - 1)]


def test_what_two_builds_have_in_common_is_told(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def verified(found: reproduction.Comparison) -> tuple[int, str, str]:
        monkeypatch.setattr(reproduction, "compare", lambda _: found)
        return run("verify", "--root", str(book.root))

    code, out, err = verified(reproduction.Comparison(7, (), True))
    assert (code, err) == (0, "") and re.fullmatch(
        r"7 files of all editions are the same in two builds: digest \w+\.\n", out
    )
    code, out, _ = verified(reproduction.Comparison(7, (), False))
    assert code == 0 and out.startswith("All were built at the same time: libfaketime is not installed")
    code, out, err = verified(reproduction.Comparison(7, ("html/a.html",), True))
    assert (code, out, err) == (1, "", "html/a.html: not the same in two builds\n")

    def fails(_: Path) -> None:
        raise reproduction.BuildFailed("it said no")

    monkeypatch.setattr(reproduction, "compare", fails)
    code, _, err = run("verify", "--root", str(book.root))
    assert (code, err) == (1, "it said no\nOne of the two builds failed; nothing was compared.\n")


@pytest.mark.parametrize(
    ("is_terminal", "options"), [(True, {}), (False, {}), (True, {"is_quiet": True}), (False, {"is_verbose": True})]
)
def test_what_a_build_does_is_told_for_whoever_watches(
    tmp_path: Path, is_terminal: bool, options: dict[str, bool], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    with telling.teller(tmp_path, **options) as teller:
        with teller.progress("Chapters"):
            time.sleep(0.05)
        teller.note("a line for the log")
        teller.complain("a.md:1: wrong")
        teller.begin()
        teller.complain("a.md:1: wrong")
        teller.say("To read", "here\x1b[31m", 2)
    out, err = capsys.readouterr()
    assert (r"here\x1b[31m" in out) is not options.get("is_quiet", False)
    assert ("Chapters … 0 s" in err) is (is_terminal and not options)
    assert ("a line for the log" in out) is options.get("is_verbose", False)
    assert err.count("a.md:1: wrong") == 1, "what was told of one edition is not told of the next"
    assert "a line for the log" in (tmp_path / "_build/build.log").read_text("utf-8")
