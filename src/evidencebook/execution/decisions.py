"""Why each page was executed or not, kept for whoever asks after the build."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencebook.writing import write_whole

FOLDER, FILE = "executed", "decisions.json"


@dataclass(frozen=True)
class Decision:
    """Why a page was executed and how long that took; without reasons, an earlier result still holds."""

    page: str
    reasons: tuple[str, ...]
    seconds: float = 0.0

    @property
    def is_executed(self) -> bool:
        """Return whether the page was executed."""
        return bool(self.reasons)


def read(folder: Path) -> dict[str, Any]:
    """Return what was last decided about each page: `reasons`, none if it was not executed, and `seconds`."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    said = found if isinstance(found, dict) else {}
    return {page: one for page, one in said.items() if isinstance(one, dict) and {"reasons", "seconds"} <= one.keys()}


def stamp(folder: Path) -> int:
    """Return what changes with each build that decides about pages: when the last one did, in nanoseconds."""
    try:
        return (folder / FILE).stat().st_mtime_ns
    except OSError:
        return 0


def remember(folder: Path, decisions: Iterable[Decision], pages: Container[str]) -> None:
    """Keep the decisions beside earlier ones about other pages, and forget pages that are not among `pages`."""
    known = read(folder)
    known.update({one.page: {"reasons": one.reasons, "seconds": round(one.seconds, 2)} for one in decisions})
    kept = {page: said for page, said in sorted(known.items()) if page in pages}
    with suppress(OSError):  # it only explains, and no build depends on it
        write_whole(folder / FILE, json.dumps(kept, indent=1).encode(), to_disk=False)
