"""Several files changed in one step: after an interruption all are old, or the next command makes all new.

What is to be written is first put aside whole; the name that the folder then gets is the moment of the change. The
tables change places with their successors as one folder, so that nobody ever reads one new and one old.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from evidencebook.tables.files import exchanged
from evidencebook.writing import write_whole

FOLDER = Path("seeds") / "review"
_JOURNAL = ".journal"
_LIST = "list.json"
TABLES = "data"


def change(root: Path, files: Mapping[str, bytes | None]) -> None:
    """Give files, by their paths from the root, new contents; None takes one away."""
    recover(root)
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{_JOURNAL}.new"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    listed = []
    for at, (name, data) in enumerate(sorted(files.items())):
        if data is not None:
            write_whole(made / str(at), data)
        listed.append([name, None if data is None else str(at)])
    write_whole(made / _LIST, json.dumps(listed).encode())
    os.replace(made, folder / _JOURNAL)
    recover(root)


def recover(root: Path) -> bool:
    """Finish a change that was decided and then interrupted; return whether there was one."""
    journal = root / FOLDER / _JOURNAL
    shutil.rmtree(journal.with_name(f"{_JOURNAL}.new"), ignore_errors=True)
    if not (journal / _LIST).is_file():
        shutil.rmtree(journal, ignore_errors=True)
        return False
    listed = json.loads((journal / _LIST).read_text("utf-8"))
    files = {name: None if at is None else (journal / at).read_bytes() for name, at in listed}
    _tables(root, {name: data for name, data in files.items() if name.startswith(f"{TABLES}/")}, journal / TABLES)
    for name, data in files.items():
        path = root / name
        if data is None:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = journal / "part"  # here, where a kill leaves nothing behind that stays
            write_whole(part, data)
            if path.is_file():
                shutil.copymode(path, part)
            os.replace(part, path)
    (journal / _LIST).unlink()
    shutil.rmtree(journal, ignore_errors=True)
    return True


def _tables(root: Path, files: Mapping[str, bytes | None], aside: Path) -> None:
    """Exchange the folder of tables for one with new contents, where the system can do that in one step."""
    if all(
        data is not None and (root / name).is_file() and (root / name).read_bytes() == data
        for name, data in files.items()
    ):
        return
    place = (root / TABLES).resolve()
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(place, aside, symlinks=True)
    for name, data in files.items():
        path = aside / Path(name).relative_to(TABLES)
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, data)
    exchanged(aside, place)  # where it could not, `recover` writes file by file, and begins again after a kill
