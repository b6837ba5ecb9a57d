"""What the machine refuses is told in one line from the error that it raised; nothing else is told as its fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from evidencebook import writing
from evidencebook.build import machine
from evidencebook.execution import ending


class ZeroMQ(Exception):
    """An error that has a number of the system and is none of the system's, as those of ZeroMQ."""

    def __init__(self, number: int) -> None:
        super().__init__(os.strerror(number))
        self.errno = number


def test_zeromq_is_believed_in_what_is_the_machines_and_in_nothing_else() -> None:
    assert "ulimit -n" in str(machine.told(ZeroMQ(errno.EMFILE)))
    assert machine.told(ZeroMQ(errno.EAGAIN)) is None, "a reply that did not come is no lack of processes"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "here: No space left on device - make room there, and start again"),
        (OSError(28, "No space", "from", None, "to"), "to: No space left on device - make room there, and start again"),
        (PermissionError(13, "Permission denied", "x"), "x: Permission denied - make it yours to read and write"),
        (RuntimeError("[Errno 28] No space left on device: 'a' -> 'b'"), "b: No space left on device - make room"),
        (RuntimeError("OSError: [Errno 30] Read-only file system: 'a'"), "a: Read-only file system - make it yours"),
        (MemoryError(), "there is not enough memory - end other programs"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/a']"), "there is no folder for temporary"),
        (OSError(28, "x", "a\x1b[31m"), r"a\x1b[31m: No space left"),
    ],
)  # fmt: skip
def test_what_lies_behind_an_error_is_told(error: Exception, line: str) -> None:
    try:
        try:
            raise error
        except Exception as cause:
            raise ValueError("a handler threw an exception") from cause
    except ValueError as outer:
        assert (machine.told(outer, "here") or "").startswith(line)


# What each refusal is called, and what is to be done about it.
REFUSALS = {
    "ENOSPC": "make room there, and start again", "EDQUOT": "make room there, and start again",
    "EACCES": "make it yours to read and write, or build in a copy of the report",
    "EPERM": "make it yours to read and write, or build in a copy of the report",
    "EROFS": "make it yours to read and write, or build in a copy of the report",
    "EFBIG": "allow larger files (`ulimit -f`), and start again",
    "EMFILE": "allow more open files (`ulimit -n`), and start again",
    "ENFILE": "end other programs, which have too many files open",
    "EAGAIN": "allow more processes (`ulimit -u`), or end others, and start again",
    "ENOMEM": "end other programs, or build where there is more memory",
    "EIO": "the disk is failing: build elsewhere",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_has_its_remedy_in_this_process_and_in_another(name: str) -> None:
    number = getattr(errno, name)
    line = f"x: {os.strerror(number)} - {REFUSALS[name]}"
    assert machine.told(OSError(number, "no", "x")) == line
    assert machine.told(RuntimeError(f"it said: [Errno {number}] {os.strerror(number)}: 'x'")) == line
    assert machine.told(OSError(number, "no", b"x")) == line
    error = OSError(number, "no")
    assert machine.told(error) == line.replace("x:", "the disk:", 1)
    error.filename = 7  # an open one
    assert machine.told(error) == line.replace("x:", "a file:", 1)


def test_an_error_is_followed_to_what_it_came_from_and_never_round(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = OSError(errno.EIO, "no", "x")
    outer = ValueError("a handler threw an exception")
    outer.orig_exc = refused  # type: ignore[attr-defined]  # as Sphinx keeps it
    assert machine.told(outer) == machine.told(refused)
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__context__ = two, one
    monkeypatch.setattr(machine, "full_temporary_folder", lambda: None)
    assert machine.told(one) is None
    monkeypatch.setattr(machine, "full_temporary_folder", lambda: "/t")
    assert machine.told(one) == "/t: No space left on device - make room there, and start again"
    assert machine.told(None) is None


def test_a_build_that_is_refused_something_ends_with_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    app: Any = SimpleNamespace(doctreedir="/r/_build/.doctrees")
    with pytest.raises(SystemExit) as ended, machine.plainly(app):
        raise OSError(errno.ENOSPC, "no")
    assert ended.value.code == 1 and ended.value.__suppress_context__
    said = "/r/_build: No space left on device - make room there, and start again\n"
    assert capsys.readouterr() == ("", said)
    with pytest.raises(LookupError), machine.plainly(app):
        raise LookupError
    with machine.plainly(app):
        pass


@pytest.mark.parametrize(("limit", "is_enough"), [(128, True), (127, False), (-1, True)])
def test_a_build_is_not_begun_with_too_few_open_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limit: int, is_enough: bool
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (limit, -1))
    app: Any = SimpleNamespace(srcdir=tmp_path, doctreedir=str(tmp_path / "x"), build=lambda: 7)
    app.events = SimpleNamespace(emit=lambda *given: given)
    if is_enough:
        machine.setup(app)
        assert (app.build(), app.events.emit("event", 1)) == (7, ("event", 1))
    else:
        with pytest.raises(SystemExit):
            machine.setup(app)
    assert ("Too many open files - allow more" in capsys.readouterr().err) is not is_enough


def test_what_is_no_fault_of_the_machine_is_not_told_as_one() -> None:
    assert machine.told(FileNotFoundError(2, "No such file", "x")) is None
    assert machine.told(ValueError("[Errno 2] No such file")) is None
    assert machine.told(None) is None


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "below" / "x"
    writing.write_whole(path, b"old", to_disk=False)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        writing.write_whole(path, b"new", to_disk=False)
    assert (path.read_bytes(), [one.name for one in path.parent.iterdir()]) == (b"old", ["x"])


@pytest.mark.parametrize(
    ("path", "told"), [("/a/b[1]", "may have [ or ] in its name"), ("/a/\udc80", "Python cannot read")]
)
def test_a_path_that_cannot_be_built_in_is_told(path: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    app: Any = SimpleNamespace(srcdir=path)
    with pytest.raises(SystemExit) as ended:
        machine.setup(app)
    assert ended.value.code == 1 and told in capsys.readouterr().err


def test_what_a_process_has_begun_is_killed_down_to_the_last_and_of_one_that_is_gone_there_is_none() -> None:
    script = "import subprocess, sys; print(subprocess.Popen(['sh', '-c', 'sleep 60 & echo $!; wait']).pid, flush=True)"
    run = [sys.executable, "-c", f"{script}; sys.stdin.read()"]
    with subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        begun = {int(first.stdout.readline()), int(first.stdout.readline())}
        family = [psutil.Process(first.pid)]
        ending.kill(family)
    assert not psutil.wait_procs([psutil.Process(one) for one in begun if psutil.pid_exists(one)], 5)[1]
    assert ending.family(first.pid) == []
