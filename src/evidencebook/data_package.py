"""The report's tables as files that may be handed on: without private columns, and with a description that fits."""

from __future__ import annotations

from pathlib import Path

from evidencebook import contract, private
from evidencebook.contract import LABEL


def files(root: Path) -> dict[str, tuple[bytes, str, str]]:
    """Return by path below the folder of data: content, media type and title of each table and of the description."""
    found = contract.load(root)
    folder = (root / LABEL).parent
    tables = {
        resource.path.relative_to(folder).as_posix(): (private.public_csv(resource), "text/csv", resource.title)
        for resource in found.resources.values()
        if resource.path.suffix == ".csv"
    }
    about = "Description of the tables: Frictionless Data Package"
    return {**tables, Path(LABEL).name: (private.public_package(found), "application/json", about)}
