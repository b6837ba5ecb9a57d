"""What is told of a build that a program makes: its errors, why pages were executed, and where the edition lies."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evidencebook.build import telling
from evidencebook.execution import decisions


class Heard:
    """Takes what is told."""

    def __init__(self) -> None:
        self.complaints, self.notes = list[str](), list[str]()

    def complain(self, line: str) -> None:
        self.complaints.append(line)

    def note(self, line: str) -> None:
        self.notes.append(line)


def test_errors_are_told_and_of_a_traceback_its_last_line() -> None:
    said = [
        "\x1b[31ma.md:1: WARNING: red\x1b[39;49;00m\n", "\n", "\x1b]0;title\x07one\ttab  \n", "\x9b1mtwo\x07\n",
        "Traceback (most recent call last):\n", '  File "x.py", line 1\n', "    raise\n", "ValueError: no\n", "more\n",
        "Traceback (most recent call last):\n", "KeyError: 1\n",
    ]  # fmt: skip
    heard = Heard()
    telling.tell_errors(said, heard)
    assert heard.complaints == ["a.md:1: WARNING: red", "one     tab", "two", "ValueError: no"]
    assert heard.notes == [
        "Traceback (most recent call last):", '  File "x.py", line 1', "    raise", "ValueError: no", "more",
        "Traceback (most recent call last):", "KeyError: 1",
    ]  # fmt: skip
    telling.tell_rest(["\x1b[1mreading\x1b[0m\n", "\n", " \n"], heard)
    assert heard.notes[7:] == ["reading"]


def test_pages_that_were_executed_are_told_by_reason_and_the_others_counted() -> None:
    def known(**pages: tuple[list[str], float]) -> list[str]:
        return list(telling._executed({name: {"reasons": why, "seconds": took} for name, (why, took) in pages.items()}))

    assert known(a=(["x changed"], 1.25), b=(["x changed"], 1.0), c=([], 0.0)) == [
        "executed a, b (2.2 s): x changed", "1 page unchanged, not executed",
    ]  # fmt: skip
    assert known(a=(["one", "two", "three", "four"], 1.0)) == ["executed a (1.0 s): one; two; and 2 more"]
    assert known(a=(["one", "two"], 1.0), b=([], 0.0), c=([], 0.0)) == [
        "executed a (1.0 s): one; two", "2 pages unchanged, not executed",
    ]  # fmt: skip
    assert known(**{name: (["new"], 1.0) for name in "abcd"}) == ["executed a, b, c, d (4.0 s): new"]
    assert known(**{name: (["new"], 1.0) for name in "abcde"}) == ["executed 5 pages (5.0 s): new"]


# In the place of Jupyter Book: it says what it was asked for, in which variables, and ends as `status` says.
PROGRAM = """
import os, pathlib, sys
print("asked for", *sys.argv[1:])
print(*(os.environ[name] for name in ("NO_COLOR", "PYTHONUNBUFFERED")), sys.stdout.encoding, "\\u00e9")
print("a.md:1: WARNING: wrong", file=sys.stderr)
root = pathlib.Path(sys.argv[-1])
({decide})
sys.exit({status})
"""
DECIDE = "root / '_build/.doctrees/executed/decisions.json').write_text('''{}'''"


@pytest.mark.parametrize("status", [0, 3])
@pytest.mark.parametrize("stood", [False, True])
@pytest.mark.parametrize("decides", [False, True])
def test_an_edition_is_made_by_a_program_and_told_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int, stood: bool,
    decides: bool,
) -> None:  # fmt: skip
    folder = tmp_path / "_build/.doctrees" / decisions.FOLDER
    folder.mkdir(parents=True)
    decided = {"a": {"reasons": ["x changed"], "seconds": 1.0}}
    (folder / decisions.FILE).write_text(json.dumps(decided), "utf-8")
    (tmp_path / "_build/epub").mkdir()
    if stood:
        (tmp_path / "_build/epub/book.epub").touch()
    decide = DECIDE.format(json.dumps(decided)) if decides else "0"
    monkeypatch.setattr(telling, "JUPYTER_BOOK", PROGRAM.format(decide=decide, status=status))
    with telling.teller(tmp_path) as teller:
        if status:
            with pytest.raises(telling.BuildFailed, match="E-book"):
                telling.build(teller, "epub")
        else:
            telling.build(teller, "epub")
    out, err = capsys.readouterr()
    assert (f"{'':15}executed a (1.0 s): x changed\n" in out) is decides
    made = re.search(rf"^E-book {{9}}{re.escape(str(tmp_path))}/_build/epub +\d\.\d s$", out, re.MULTILINE)
    assert bool(made) is not bool(status)
    stands = " The last good one stands as before." if stood else ""
    failed = f"E-book: not made.{stands} All that was said is in {tmp_path}/_build/build.log.\n" if status else ""
    assert err == "a.md:1: WARNING: wrong\n" + failed
    log = (tmp_path / "_build/build.log").read_text("utf-8")
    asked = f"asked for build -W -n --keep-going --builder custom --custom-builder epub {tmp_path}"
    assert {asked, "1 1 utf-8 é", "a.md:1: WARNING: wrong"} <= set(log.splitlines())


def test_each_edition_has_its_builder() -> None:
    assert {kind: options[-1:] for kind, (_, options) in telling.EDITIONS.items()} == {
        "html": (), "pdf": ("pdf",), "epub": ("epub",)
    }  # fmt: skip
