"""The packages with which editions were built as a CycloneDX list (https://cyclonedx.org/docs/1.6/json/)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidencebook.edition import Edition

LOCK = "requirements.txt"
NAME = "components.cdx.json"
_PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def listed(root: Path, book: Edition) -> bytes | None:
    """Return the list, from the lock alone so that it is the same on every machine; None where there is no lock."""
    if not (root / LOCK).is_file():
        return None
    found = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{book.name}/{book.version}/{book.digest}')}",
        "version": 1,
        "metadata": {
            "timestamp": f"{book.date.isoformat()}T00:00:00Z",
            "component": {"type": "data", "name": book.name, "version": book.version},
        },
        "components": list(_components((root / LOCK).read_text("utf-8"))),
    }
    return (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _components(lock: str) -> Iterator[dict[str, Any]]:
    for block in re.split(r"\n(?=\S)", lock):
        if pinned := _PINNED.match(block):
            purl = f"pkg:pypi/{re.sub('[-_.]+', '-', pinned['name']).lower()}@{pinned['version']}"
            # A package has a file for each platform, and so a hash for each; one of them was installed.
            files = [{"type": "distribution", "url": purl, "hashes": [{"alg": "SHA-256", "content": one}]}
                     for one in _HASH.findall(block)]  # fmt: skip
            yield {
                "type": "library",
                "bom-ref": purl,
                "name": pinned["name"],
                "version": pinned["version"],
                "purl": purl,
                "externalReferences": files,
            }
