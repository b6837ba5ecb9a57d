"""What the machine refuses is told in one line from the error that it raised; nothing else is told as its fault."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from evidencebook import writing
from evidencebook.build import machine


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
