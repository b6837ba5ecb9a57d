"""Builds that take long are stood in for: which of them the benchmark times, and by what two builds are compared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from evidencebook.changes.manifest import Drawn, Kept, Manifest, PageSaid
from evidencebook.upkeep import reproduction
from evidencebook.upkeep.benchmark import measuring
from evidencebook.upkeep.benchmark.sizes import Size
from tests.building import copy_book

REPORT = Path(__file__).parents[1]
SAID = "Time: starting 1.0 s, executing 2.5 s"


class Timed:
    """Takes the place of timing: each command takes a second more than the one before."""

    def __init__(self, warning: str = "") -> None:
        self.ran: list[tuple[str, str]] = []
        self._warning = warning

    def __call__(self, command: Sequence[str], root: Path, may_fail: bool = False) -> measuring._Ran:
        (root / "_build/html").mkdir(parents=True, exist_ok=True)
        (root / "_build/html/index.html").write_text("x", "utf-8")
        settings = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
        how = settings["execute"]["execute_notebooks"] if root.parent.name == "stock" else "ours"
        self.ran.append((how, " ".join(command[1:4])))
        return measuring._Ran(float(len(self.ran)), 100.0 + len(self.ran), f"{self._warning}\n{SAID}")


@pytest.mark.parametrize(("warning", "is_repeated"), [("", True), ("WARNING: a chapter is missing", False)])
def test_ways_of_building_take_turns_and_what_warns_is_not_called_unchanged(
    monkeypatch: pytest.MonkeyPatch, warning: str, is_repeated: bool
) -> None:
    timed, timings, told = Timed(warning), measuring.Timings(), list[str]()
    monkeypatch.setattr(measuring, "_timed", timed)
    measuring.measure(REPORT, Size(), 2, timings, told.append)
    known = timings.seconds[Size().name]
    assert ("nothing changed" in known, "stock, nothing changed" in known) == (is_repeated, is_repeated)
    assert {
        "check",
        "cold",
        "stock force",
        "one row edited",
        "one value edited",
        "stock cache",
        "lower bound",
    } <= known.keys()
    assert {len(found) for found in known.values()} == {2} and len(told) == 2 * len(known)
    assert known["lower bound"][0] > known["Sphinx without execution"][0], "with the time of the cells"
    assert [how for how, _ in timed.ran if how != "ours"][:2] == (
        ["force", "force"] if is_repeated else ["force", "cache"]
    )
    assert timings.phases[Size().name]["cold"] == {"starting": 1.0, "executing": 2.5}
    assert timings.memory[Size().name] >= 100 and timings.pages[Size().name] > 0


def test_very_many_claims_are_timed_without_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    timings = measuring.Timings()
    monkeypatch.setattr(measuring, "_timed", Timed())
    measuring.measure(REPORT, Size(claims=2_500), 1, timings, lambda _: None)
    assert list(timings.seconds[Size(claims=2_500).name]) == ["check", "cold", "nothing changed", "one row edited"]


def test_the_value_that_is_edited_is_one_that_figures_show_on_most_pages(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = ["claim_id,low,high,statement", "a,60,60,60 people", 'b,40,40,"40 of 1,400 people"', "c,5,9,5 to 9", ""]
    (tmp_path / "data/claims.csv").write_text("\n".join(rows), "utf-8")

    def page(*facts: str) -> PageSaid:
        drawn = Drawn("fig", "", "", "", list(facts), [], [], "", "")
        return PageSaid("", "", "", "", [], [drawn])

    pages = {"one": page("a", "b", "c"), "two": page("b", "c")}
    Kept(tmp_path / "_build").keep(Manifest("1", "0" * 12, pages), is_latest=True)
    measuring._edit_drawn_value(tmp_path)
    rows[2] = 'b,38,38,"38 of 1,400 people"'
    assert (tmp_path / "data/claims.csv").read_text("utf-8") == "\n".join(rows)


def test_a_command_is_timed_by_itself_and_one_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "src/evidencebook").mkdir(parents=True)
    code = "import os, sys; print(os.environ['PYTHONPATH']); sys.exit(len(sys.argv) - 1)"
    ran = measuring._timed([sys.executable, "-c", code], tmp_path)
    assert ran.said.strip() == str(tmp_path / "src") and ran.seconds > 0 and ran.memory > 1
    assert measuring._timed([sys.executable, "-c", code, "x"], tmp_path, may_fail=True).said == ran.said
    with pytest.raises(RuntimeError, match=r"(?s)failed:.*src"):
        measuring._timed([sys.executable, "-c", code, "x"], tmp_path)


PROGRAM = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[1])
for edition in ("html", "pdf"):
    (folder / "_build" / edition).mkdir(parents=True)
    (folder / "_build" / edition / "same").write_text("same")
(folder / "_build" / "html" / "place").write_text({what})
print("it said this", flush=True)
sys.exit({status})
"""


@pytest.mark.parametrize(
    ("what", "different"),
    [("'always'", ()), ("os.environ['HOME']", ("html/place",)), ("os.environ.get('TZ', '')", ("html/place",))],
)
def test_of_two_builds_every_file_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, different: tuple[str, ...]
) -> None:
    monkeypatch.setattr(reproduction, "RUN", PROGRAM.format(what=what, status=0))
    found = reproduction.compare(copy_book(tmp_path))
    assert (found.files, found.different) == (3, different)


@pytest.mark.parametrize("failing", [f"3 * str(folder.parent).endswith({one.name!r})" for one in reproduction.PLACES])
def test_where_a_build_fails_nothing_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    root = copy_book(tmp_path)
    (root / "src/evidencebook").mkdir(parents=True)
    monkeypatch.setattr(reproduction, "RUN", PROGRAM.format(what="os.environ['PYTHONPATH']", status=failing))
    with pytest.raises(reproduction.BuildFailed, match="it said this"):
        reproduction.compare(root)


def test_the_clock_of_one_build_is_another_where_that_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is none stands in for libfaketime: the loader says so and goes on."""
    monkeypatch.setattr(reproduction, "LIBRARIES", (f"{tmp_path}/no*.so",))
    (tmp_path / "none.so").touch()
    asked: list[dict[str, str]] = []
    start = subprocess.Popen

    def popen(*given: object, env: dict[str, str], **named: object) -> subprocess.Popen[str]:
        asked.append(env)
        return start(*given, env={**env, "LD_PRELOAD": ""}, **named)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(reproduction, "RUN", PROGRAM.format(what="'always'", status=0))
    assert reproduction.compare(copy_book(tmp_path)).is_clock_shifted
    assert ["FAKETIME" in env for env in asked].count(True) == 1
    assert os.environ.get("FAKETIME") is None
