"""Pictures that have been drawn before, kept by what they were drawn from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evidencebook.writing import write_whole

FOLDER = "EVIDENCE_PICTURES"  # names the folder; without it every picture is drawn


def drawn(spec: dict[str, Any], draw: Callable[[dict[str, Any]], str]) -> str:
    """Return the SVG of a specification, drawn by `draw` unless the same libraries have drawn the same before."""
    named = os.environ.get(FOLDER)
    if not named:
        return draw(spec)
    libraries = [(name, version(name)) for name in ("vl-convert-python", "font-source-sans-pro")]
    key = hashlib.sha256(json.dumps([libraries, spec], sort_keys=True).encode()).hexdigest()
    path = Path(named) / f"{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):  # one that is damaged is drawn anew
        kept = json.loads(path.read_text("utf-8"))
        if _digest(kept["svg"]) == kept["sha256"]:
            os.utime(path)
            return str(kept["svg"])
    svg = draw(spec)
    with suppress(OSError):  # a full disk costs time and nothing else
        write_whole(path, json.dumps({"sha256": _digest(svg), "svg": svg}).encode(), to_disk=False)
    return svg


def _digest(svg: str) -> str:
    return hashlib.sha256(svg.encode()).hexdigest()
