"""Whether each source has its note in seeds/, and each note its source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evidencebook.check import keys
from evidencebook.check.readings import Book
from evidencebook.tables.problems import Problem
from evidencebook.tables.spelling import did_you_mean, nearest

UNWRITTEN = "write what the article reports, and how reliably"
FOLDER = "seeds"
TABLE = "sources"
KEY = "source_id"


def problems(book: Book) -> Iterator[Problem]:
    """The sources without a note `seeds/<source-id>.md`, and the notes without a source.

    A report without the folder keeps no notes.
    """
    folder = book.contract.root / FOLDER
    table = book.table(TABLE, KEY)
    ids = keys.of(book, TABLE, (KEY,)) if table else None
    if table is None or ids is None or not folder.is_dir():
        return
    notes = {path.stem for path in folder.glob("*.md")}
    spare = {name for (name,) in ids.unexplained((note,) for note in notes)} - pending(book.contract.root)
    for row in table.rows:
        if row[KEY] is None or row[KEY] in notes or not book.sound(table, row, KEY):
            continue
        what = f"{row[KEY]} has no note {FOLDER}/{row[KEY]}.md"
        meant = nearest(row[KEY], sorted(spare))
        spare -= {*meant}  # it may be this one's, which is told here
        remedy = f"is it {' or '.join(meant)}.md? Otherwise write it" if meant else UNWRITTEN
        yield Problem(table.label, row.line, KEY, what, remedy)
    for name in sorted(spare):
        hint = did_you_mean(nearest(name, sorted(str(cell) for (cell,) in ids.known if cell is not None)))
        remedy = hint or f"add a row to {table.label} with this {KEY}, or take the note away"
        yield Problem(f"{FOLDER}/{name}.md", None, None, f"no source has the id {name}", remedy)


def pending(root: Path) -> frozenset[str]:
    """The ids of articles that wait for review: their notes and texts are there, and no table names them yet."""
    found = (root / FOLDER / "review").glob("*.card.csv")
    return frozenset(path.name.removesuffix(".card.csv") for path in found)
