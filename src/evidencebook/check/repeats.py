"""Whether a claim that only says another again points to one that counts, in the same source."""

from __future__ import annotations

from collections.abc import Iterator

from evidencebook.check.readings import Book
from evidencebook.tables.problems import Problem

COLUMNS = ("claim_id", "source_id", "repeats")


def problems(book: Book) -> Iterator[Problem]:
    """Yield the claims whose `repeats` would have an assertion counted twice, or not at all."""
    table = book.table("claims", *COLUMNS)
    if table is None:
        return
    claims = {row["claim_id"]: row for row in table.rows}
    for row in table.rows:
        meant = claims.get(row["repeats"])
        if meant is None or not all(book.sound(table, one, *COLUMNS) for one in (row, meant)):
            continue  # empty, or a key that is reported as such
        what = remedy = ""
        if meant is row:
            what, remedy = "the claim repeats itself", "name the claim that says it first, or empty the cell"
        elif meant["source_id"] != row["source_id"]:
            what = f"{row['repeats']} is of {meant['source_id']}, and this claim of {row['source_id']}"
            remedy = "what another source says is told apart - empty the cell"
        elif meant["repeats"] is not None:
            what, remedy = f"{row['repeats']} itself repeats {meant['repeats']}", "name a claim that repeats no other"
        if what:
            yield Problem(table.label, row.line, "repeats", what, remedy)
