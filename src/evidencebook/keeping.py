"""What was made before, kept by what it was made from."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evidencebook.writing import write_whole


def kept(folder: Path | None, source: Any, libraries: Sequence[str], make: Callable[[], bytes]) -> bytes:
    """Return what `make` makes of `source`, made now unless the same libraries have made it of the same before.

    `source` is what JSON can hold. Without a `folder` nothing is kept; one that is full or damaged costs only time.
    """
    if folder is None:
        return make()
    own = [(name, version(name)) for name in libraries]
    key = hashlib.sha256(json.dumps([own, source], sort_keys=True).encode()).hexdigest()
    path = folder / f"{key}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(path.read_bytes())
        content = base64.b64decode(found["content"])
        if hashlib.sha256(content).hexdigest() == found["sha256"]:
            os.utime(path)
            return content
    content = make()
    note = {"sha256": hashlib.sha256(content).hexdigest(), "content": base64.b64encode(content).decode()}
    with suppress(OSError):
        write_whole(path, json.dumps(note).encode(), to_disk=False)
    return content
