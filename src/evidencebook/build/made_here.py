"""What a build remembers is believed only where it was made in this environment: loading a pickle runs it.

A folder that somebody else sends may bring a `_build` along: Sphinx would load its document trees, and pages would show
its results and offer its scripts. A mark that nobody can make without a secret of this environment tells it from ours.
"""

from __future__ import annotations

import hmac
import secrets
import shutil
import sys
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

from evidencebook.writing import write_whole

MARK = "made-here"
LOCK = "lock"
OWN = {".doctrees", "doctrees"}  # what tools call the folder; one of another name was named by whoever builds
OTHERS = 0o077  # the part of a mode that is not about the owner
PLACES = (Path(sys.prefix) / "share" / "evidencebook", Path("~/.cache/evidencebook"))


def believe_own(doctrees: Path) -> None:
    """Have a folder of document trees hold what was made here, and nothing else; raises OSError."""
    mark, own = doctrees / MARK, hmac.new(_secret(), str(doctrees.resolve()).encode(), "sha256").hexdigest().encode()
    with suppress(OSError):
        if mark.read_bytes() == own:
            return
    if doctrees.name in OWN:
        if doctrees.is_symlink() and any(doctrees.iterdir()):
            doctrees.unlink()  # what it leads to is anybody's
        for path in doctrees.iterdir() if doctrees.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()
    write_whole(mark, own, to_disk=False)


@cache
def _secret() -> bytes:
    for place in PLACES:
        with suppress(OSError, RuntimeError):  # an environment that is not ours to write in, a user without a home
            path = place.expanduser() / "secret"
            if not path.is_file() or _was_open(path):
                write_whole(path, secrets.token_bytes(32), is_secret=True)
            return path.read_bytes()
    return uuid.getnode().to_bytes(8, "big")  # no secret, but nothing that a sender knows


def _was_open(path: Path) -> bool:
    """Return whether others could read it, as those of earlier versions: it is no secret. Not every disk has modes."""
    mode = path.stat().st_mode
    if mode & OTHERS:
        path.chmod(mode & ~OTHERS)
    return path.stat().st_mode != mode
