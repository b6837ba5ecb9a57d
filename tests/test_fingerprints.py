"""What is there now, as a fingerprint, and what counts as changed: not the variables in which sessions differ."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from evidencebook.execution import inputs
from evidencebook.execution.inputs import Read, changed_since, fingerprint, holds


def found(aspect: Any, path: Path | str) -> str:
    return fingerprint(Read(aspect, str(path)))


def sha(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


SESSION = (
    "_ PWD OLDPWD SHLVL COLUMNS LINES TERM TERM_PROGRAM COLORTERM WINDOWID DISPLAY WAYLAND_DISPLAY XDG_SESSION_ID"
    " DBUS_SESSION_BUS_ADDRESS SSH_TTY GPG_TTY TMUX TMUX_PANE STY VSCODE_PID ITERM_PROFILE KONSOLE_VERSION WEZTERM_PANE"
    " KITTY_PID GNOME_KEYRING VTE_VERSION JPY_PARENT_PID MAKEFLAGS MAKELEVEL MFLAGS PYTEST_VERSION INVOCATION_ID"
    " JOURNAL_STREAM LS_COLORS PS1 PROMPT_COMMAND HISTSIZE VIRTUAL_ENV_PROMPT TMPDIR SECURITYSESSIONID Apple_PubSub"
)
SET_ANEW = "TZ PYTHONHASHSEED IPYTHONDIR MPLBACKEND"


@pytest.mark.parametrize("name", [*SESSION.split(), *SET_ANEW.split()])
def test_variables_of_a_session_do_not_tell_environments_apart(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = found("variables", "")
    monkeypatch.setenv(name, "some other value")
    assert found("variables", "") == before
    monkeypatch.setenv(f"X{name}", "7")  # and no other whose name holds theirs
    first = found("variables", "")
    monkeypatch.setenv(f"X{name}", "8")
    assert before != first != found("variables", "")


def test_a_variable_is_compared_by_a_digest_since_it_may_be_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASKED", raising=False)
    assert found("variable", "ASKED") == inputs.ABSENT == "absent"
    os.environb[b"ASKED"] = b"\xff"
    monkeypatch.setenv("OTHER", "")
    assert (found("variable", "ASKED"), found("variable", "OTHER")) == (sha(b"\xff"), sha(b""))
    del os.environb[b"ASKED"]


def test_files_folders_and_links_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"seven")
    (tmp_path / "x").chmod(0o640)
    (tmp_path / "deep").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to("x")
    assert found("content", tmp_path / "x") == found("written", tmp_path / "x") == sha(b"seven")
    assert found("state", tmp_path / "x") == found("state", tmp_path / "link") == "5 bytes 640"
    mode = f"{stat.S_IMODE((tmp_path / 'deep').stat().st_mode):o}"
    assert found("state", tmp_path / "deep") == found("link", tmp_path / "deep") == f"folder {mode}"
    assert found("link", tmp_path / "link") == found("written", tmp_path / "link") == "link x"
    assert found("content", tmp_path / "deep") == "folder"
    assert found("content", tmp_path / "x/below") == found("content", tmp_path / "none") == "absent"
    assert found("names", tmp_path / "x") == "absent"
    (tmp_path / "round").symlink_to("round")
    assert found("content", tmp_path / "round") == "error 40"
    assert found("always", "page").startswith("changed meanwhile ")


def test_names_of_a_folder_tell_files_folders_and_links_apart(tmp_path: Path) -> None:
    def names() -> str:
        return found("names", tmp_path)

    seen = {names()}
    for change in (lambda path: path.touch(), lambda path: path.mkdir(), lambda path: path.symlink_to("x")):
        change(tmp_path / "one")
        seen.add(names())
        (tmp_path / "one").rmdir() if (tmp_path / "one").is_dir() else (tmp_path / "one").unlink()
    assert len(seen) == 4 and names() in seen
    (tmp_path / "one").mkdir()
    before = names()
    (tmp_path / "one/below").touch()
    assert names() == before


def test_what_lies_below_counts_by_names_or_by_bytes_hidden_or_not(tmp_path: Path) -> None:
    (tmp_path / ".deep").mkdir()
    (tmp_path / ".deep/x.csv").write_text("7", "utf-8")
    (tmp_path / "other").touch()
    below, everything = found("below", tmp_path), found("all", tmp_path)
    assert found("anything", tmp_path) == everything
    assert found("all", tmp_path / ".deep/x.csv") == found("all", tmp_path / ".*/*.csv") != everything
    (tmp_path / ".deep/x.csv").write_text("8", "utf-8")
    assert found("below", tmp_path) == below and found("all", tmp_path) != everything
    (tmp_path / ".deep/y.csv").touch()
    assert found("below", tmp_path) != below
    (tmp_path / "[x].csv").write_text("7", "utf-8")  # a name that is a pattern too is a name, where it is there
    before = found("all", tmp_path / "[x].csv")
    (tmp_path / "[x].csv").write_text("8", "utf-8")
    assert found("all", tmp_path / "[x].csv") != before
    before = found("all", tmp_path / "**/*.tsv")
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/x.tsv").touch()
    assert found("all", tmp_path / "**/*.tsv") != before


@pytest.mark.parametrize(
    ("aspect", "where", "is_told"),
    [
        ("content", "deep/x", True), ("names", "deep", True), ("all", "", True), ("anything", "", True),
        ("all", "deep", True), ("names", "", False), ("content", "none", False), ("state", "deep/x", False),
        ("written", "deep/x", False), ("below", "", False),
    ],
)  # fmt: skip
def test_a_change_is_told_by_its_time_that_nobody_can_set_back(
    tmp_path: Path, aspect: Any, where: str, is_told: bool
) -> None:
    (tmp_path / "report/deep").mkdir(parents=True)
    time.sleep(0.1)
    start = time.time()
    path = tmp_path / "report/deep/x"
    path.write_text("7", "utf-8")
    os.utime(path, (0, 0))
    read = Read(aspect, str(tmp_path / "report" / where))
    assert changed_since(read, start) is is_told
    assert not changed_since(read, time.time() + 1)
    if aspect == "content" and is_told:  # the clock of a file system ticks in steps
        assert changed_since(read, path.stat().st_ctime + 0.015)
        assert not changed_since(read, path.stat().st_ctime + 0.1)


def test_all_that_was_found_must_hold(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("7", "utf-8")
    reads = {Read("content", str(tmp_path / name)): found("content", tmp_path / name) for name in ("x", "y")}
    assert holds(reads) and holds({})
    (tmp_path / "y").touch()
    assert not holds(reads)
    assert Read("content", "x", "7").key == Read("content", "x")
