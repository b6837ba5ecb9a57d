"""Tells whether this folder holds exactly what SHA256SUMS lists. Needs Python 3.8 or newer and nothing else.

Run it in the folder or from anywhere: python verify.py. The exit code is 0 if all is as it was made, else 1.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

SUMS = "SHA256SUMS"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def main() -> int:
    """Name every file that is missing, changed or extra."""
    folder = Path(__file__).resolve().parent
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except FileNotFoundError:
        print(f"{SUMS}: missing")
        return 1
    except (OSError, ValueError):
        print(f"{SUMS}: cannot be read")
        return 1
    listed = {name: known for known, _, name in (line.partition("  ") for line in lines if line)}
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    there = {path.relative_to(folder).as_posix(): path for path in paths}
    wrong = 0
    for name in sorted({*listed, *there} - {SUMS}):
        if name not in there:
            said = "missing"
        elif name not in listed:
            said = "extra"
        elif there[name].is_symlink() or digest(there[name]) != listed[name]:
            said = "changed"
        else:
            continue
        print(f"{name}: {said}")
        wrong += 1
    if wrong:
        print(f"{wrong} of {len(listed)} files are not as they were made." if listed else "Nothing is listed.")
        return 1
    if not listed:
        print(f"{SUMS}: lists nothing")
        return 1
    print(f"All {len(listed)} files are as they were made.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
