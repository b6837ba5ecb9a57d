"""Pictures that have been drawn before, kept by what they were drawn from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidencebook.keeping import kept

FOLDER = "EVIDENCE_PICTURES"  # names the folder; without it every picture is drawn
LIBRARIES = ("vl-convert-python", "font-source-sans-pro", "font-source-serif-pro")


def drawn(spec: dict[str, Any], draw: Callable[[dict[str, Any]], str]) -> str:
    """Return the SVG of a specification, drawn by `draw` unless the same libraries have drawn the same before."""
    named = os.environ.get(FOLDER)
    return kept(Path(named) if named else None, spec, LIBRARIES, lambda: draw(spec).encode()).decode()
