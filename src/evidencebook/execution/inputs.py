"""What a page can depend on, and what is there now: equal fingerprints mean that a page would see the same again."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from evidencebook.execution import cells
from evidencebook.folders import files_below, is_made

# content: a file's bytes; names: what a folder holds; state: kind, size and permissions of whatever has the path;
# link: where a link leads; written: bytes of a file that the page itself left behind; variable: of the environment, its
# name in the place of the path; variables: all of them; below: the names of all files below a folder; all: their bytes
# as well; anything: the same of a page that may have read all that lies there; always: nothing that can be looked at;
# cells: those of a CSV file that its part says.
Aspect = Literal[
    "content",
    "names",
    "state",
    "link",
    "written",
    "variable",
    "variables",
    "below",
    "all",
    "anything",
    "always",
    "cells",
]
ABSENT = "absent"
UNSTEADY = "changed meanwhile"  # equal to no fingerprint

# Variables in which one terminal or session differs from the next: whoever asks for all of them does not mean these.
SESSION = re.compile(
    r"_|PWD|OLDPWD|SHLVL|COLUMNS|LINES|TERM.*|COLORTERM|WINDOWID|DISPLAY|WAYLAND_.*|XDG_.*|DBUS_.*|SSH_.*|GPG_.*|TMUX.*|STY"
    r"|VSCODE_.*|ITERM_.*|KONSOLE_.*|WEZTERM_.*|KITTY_.*|GNOME_.*|VTE_.*|JPY_.*|MAKE.*|MFLAGS|PYTEST_.*|INVOCATION_ID"
    r"|JOURNAL_STREAM|LS_COLORS|PS1|PROMPT.*|HIST.*|VIRTUAL_ENV.*|TMPDIR|SECURITYSESSIONID|Apple_.*"
)
# Set anew for every page, whatever they are where the build runs.
OWN_VARIABLES = frozenset({"TZ", "PYTHONHASHSEED", "IPYTHONDIR", "MPLBACKEND"})


class Read(NamedTuple):
    """One thing looked at, or a part of it, and its fingerprint at that time; none where nobody could say."""

    aspect: Aspect
    path: str
    found: str = ""
    part: str = ""

    @property
    def key(self) -> Read:
        """What was looked at, whatever was found."""
        return Read(self.aspect, self.path, part=self.part)


def fingerprint(read: Read) -> str:
    """Return what is there now; nothing here raises for what cannot be read."""
    try:
        return _cells(read) if read.aspect == "cells" else _FINGERPRINTS[read.aspect](read.path)
    except OSError as error:
        return ABSENT if isinstance(error, FileNotFoundError | NotADirectoryError) else f"error {error.errno}"


def _content(path: str) -> str:
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):  # a pipe would wait for somebody to write into it
        return "folder" if stat.S_ISDIR(mode) else "no file"
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cells(read: Read) -> str:
    with open(read.path, "rb") as file:
        return cells.held(file.read(), read.part)


def _names(path: str) -> str:
    with os.scandir(path) as entries:
        found = sorted(
            f"{entry.name}/{entry.is_dir()}{entry.is_symlink()}" for entry in entries if not is_made(entry.name)
        )
    return _digest(found)


def _state(path: str) -> str:
    found = os.stat(path)
    # Not the time: a file that was only touched is the same file. A folder's size depends on its past.
    kind = "folder" if stat.S_ISDIR(found.st_mode) else f"{found.st_size} bytes"
    return f"{kind} {stat.S_IMODE(found.st_mode):o}"


def _link(path: str) -> str:
    return f"link {os.readlink(path)}" if os.path.islink(path) else _state(path)


def _written(path: str) -> str:
    return _link(path) if os.path.islink(path) else _content(path)


def _variable(name: str) -> str:
    value = os.environb.get(os.fsencode(name)) if os.supports_bytes_environ else os.environ.get(name, "").encode()
    return ABSENT if value is None else hashlib.sha256(value).hexdigest()  # it may be secret


def _variables(_: str) -> str:
    return _digest(
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if not SESSION.fullmatch(name) and name not in OWN_VARIABLES
    )


def _below(folder: str) -> str:
    return _digest(str(path) for path in files_below(folder, hidden=True))


def _all(path: str) -> str:
    """Of a file, of everything below a folder, or of all to which a pattern leads."""
    found = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) and not os.path.exists(path) else [path]
    told = []
    for one in found:
        files = map(str, files_below(one, hidden=True)) if os.path.isdir(one) else [one]
        told += [f"{file}\0{fingerprint(Read('content', file))}" for file in files]
    return _digest(told)


def _always(_: str) -> str:
    return f"{UNSTEADY} {time.time_ns()}"


_FINGERPRINTS = {
    "content": _content, "names": _names, "state": _state, "link": _link, "written": _written, "variable": _variable,
    "variables": _variables, "below": _below, "all": _all, "anything": _all, "always": _always,
}  # fmt: skip


def to_data(found: Mapping[Read, str]) -> list[list[str]]:
    """Return what was looked at and found as what JSON can hold, always in the same order."""
    return sorted([read.aspect, read.path, before, *filter(None, [read.part])] for read, before in found.items())


def from_data(data: Iterable[list[Any]]) -> dict[Read, str]:
    """Return what was looked at and found of which `to_data` told."""
    return {Read(aspect, path, "", *part): before for aspect, path, before, *part in data}


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def changed_since(read: Read, start: float) -> bool:
    """Return whether what was looked at changed at or after `start` (seconds since 1970).

    The change time is asked for and not the modification time, which anyone can set back.
    """
    if read.aspect not in ("content", "names", "all", "anything"):
        return False
    is_file = read.aspect in ("content", "names")
    paths = [read.path] if is_file else map(str, files_below(read.path, hidden=True))
    for path in paths:
        try:
            # The clock of a file system ticks in steps of up to ten milliseconds.
            if os.stat(path).st_ctime >= start - 0.02:
                return True
        except OSError:
            continue
    return False


def holds(found: Mapping[Read, str]) -> bool:
    """Return whether everything that was looked at is as it was."""
    return all(fingerprint(read) == before for read, before in found.items())
