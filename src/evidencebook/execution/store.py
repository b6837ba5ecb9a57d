"""Results of executed pages on disk, in plain files named by their content.

`<store>/<page>/<sha256 of the file>.json` holds what a page saw and what came of it. A file is written whole under
another name and then renamed, so that a reader meets it entire or not at all; one whose content does not fit its name
is thrown away. No index can disagree with the files, and nobody has to lock anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencebook.execution.inputs import Read, from_data, to_data
from evidencebook.execution.page import Outcome
from evidencebook.writing import PART, write_whole

KEPT = 6  # results of one page: enough to go back and forth between branches
LARGEST = 256 * 2**20  # bytes of all results together


@dataclass(frozen=True)
class Entry:
    """A result with all that it depends on: `conditions` by name, and the fingerprint of everything that was read.

    `name` is that of its file, once it has one.
    """

    conditions: Mapping[str, str]
    fingerprints: Mapping[Read, str]
    outcome: Outcome
    name: str = ""


class Known:
    """What is known of a page, read as far as it is asked for: the first mostly is as it should be."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._left, self._read = entries, list[Entry]()

    def __iter__(self) -> Iterator[Entry]:
        yield from self._read
        for entry in self._left:
            self._read.append(entry)
            yield entry


class Store:
    """Results by page, in `folder`; nothing here raises for a full disk, a read-only folder or a damaged file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.complaints: list[str] = []

    def entries(self, page: str) -> Iterator[Entry]:
        """Yield what is known of a page, what was used last coming first."""
        for path in self._by_use(self._folder(page)):
            entry = self._read(path)
            if entry is not None:
                yield entry

    def keep(self, page: str, entry: Entry) -> None:
        """Keep a result, and forget those of the page that have not been of use for longest."""
        folder = self._folder(page)
        content = _encoded(entry)
        path = folder / f"{hashlib.sha256(content).hexdigest()}.json"
        try:
            write_whole(path, content, to_disk=False)
        except OSError as error:
            self.complaints.append(f"the result of {page} could not be kept, so it is executed again: {error.strerror}")
            return
        for old in self._by_use(folder)[KEPT:]:
            _remove(old)

    def note_use(self, page: str, entry: Entry) -> None:
        """Remember that a result was of use now."""
        with suppress(OSError):
            os.utime(self._folder(page) / entry.name)

    def trim(self) -> None:
        """Forget the results that have not been of use for longest until all together are small enough."""
        paths = [path for folder in self._folders() for path in self._by_use(folder)]
        sizes = {path: size for path in paths if (size := _size(path)) is not None}
        total = sum(sizes.values())
        for path in sorted(sizes, key=_used):
            if total <= LARGEST:
                break
            _remove(path)
            total -= sizes[path]
        for folder in self._folders():
            for part in folder.glob(f".*{PART}"):  # left by a build that was killed, unless another is just writing it
                if time.time() - _used(part) > 3600:
                    _remove(part)
            with suppress(OSError):
                folder.rmdir()  # succeeds for empty ones only

    def _folder(self, page: str) -> Path:
        # A page's name may hold slashes and more; the hash keeps names apart that would be alike when cleaned.
        slug = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in page)
        return self.folder / f"{slug[-60:]}-{hashlib.sha256(page.encode()).hexdigest()[:8]}"

    def _folders(self) -> list[Path]:
        with suppress(OSError):
            return sorted(path for path in self.folder.iterdir() if path.is_dir())
        return []

    def _by_use(self, folder: Path) -> list[Path]:
        with suppress(OSError):
            return sorted(folder.glob("*.json"), key=lambda path: (-_used(path), path.name))
        return []

    def _read(self, path: Path) -> Entry | None:
        try:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != path.stem:
                raise ValueError("its content does not fit its name")
            data = json.loads(content)
            return Entry(
                conditions=data["conditions"],
                fingerprints=from_data(data["fingerprints"]),
                outcome=Outcome.from_data(data["outcome"]),
                name=path.name,
            )
        except OSError:
            return None
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # damaged, or of another shape
            self.complaints.append(f"{path.name[:12]}… in {path.parent.name} was damaged and is thrown away ({error})")
            _remove(path)
            return None


def _encoded(entry: Entry) -> bytes:
    data: dict[str, Any] = {
        "conditions": dict(entry.conditions),
        "fingerprints": to_data(entry.fingerprints),
        "outcome": entry.outcome.to_data(),
    }
    return json.dumps(data, sort_keys=True, ensure_ascii=False).encode()


def _used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
