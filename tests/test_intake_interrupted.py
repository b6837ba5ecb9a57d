"""Intake that is interrupted: tables are before or after, never between, and the next command finishes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencebook.check import checking
from evidencebook.intake import journal, merging
from tests.intaking import SOURCE, accept_what_fits, add, decide, report, run, state, tables, tables_of

__all__ = ["report"]  # a fixture


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
        now = state(report)
        for name in now.keys() - before.keys():
            (report / name).unlink()
        for name, data in before.items():
            if now.get(name) != data:
                (report / name).parent.mkdir(parents=True, exist_ok=True)
                (report / name).write_bytes(data)
        shutil.rmtree(report / "seeds/review/.journal", ignore_errors=True)

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


def test_where_folders_cannot_be_exchanged_the_next_command_still_finishes(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "exchanged", lambda *_: False)
    add(report)
    decide(report, accept_what_fits)
    assert run("accept", "--root", report, SOURCE)[0] == 0
    assert checking.check(report).problems == ()
