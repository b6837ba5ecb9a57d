"""Every problem of a report at once: cells, keys, bounds, dates, anchors, values, formulas, numbers, dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencebook.check import (
    anchors,
    chronology,
    copying,
    derivations,
    ids,
    keys,
    notes,
    repeats,
    statements,
    typed,
    verification,
)
from evidencebook.check.measured import TypedException
from evidencebook.check.readings import TYPES, Book
from evidencebook.tables import citation_file, dictionary, reading
from evidencebook.tables.contract import LABEL, Contract, load, profile_problems
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import Row, Table

# What the two bounds must be for each qualifier; None stands for a bound that the source does not give.
POINT, SPAN, FLOOR, CEILING, NOTHING = (
    "low equal to high",
    "low below high",
    "only low",
    "only high",
    "no bounds",
)
BOUNDS = {
    "exact": POINT,
    "about": POINT,
    "range": SPAN,
    "at_least": FLOOR,
    "over": FLOOR,
    "up_to": CEILING,
    "under": CEILING,
    "unquantified": NOTHING,
    None: NOTHING,
}
CONTENTS = "_toc.yml"


@dataclass(frozen=True)
class Report:
    """What a check found: problems sorted, anchors counted, and the number of rows of each table by name.

    An anchor is verified where the text of its source is at hand and all four values fit it, and unverified
    where the text is absent; an anchor that does not fit is a problem and in neither count. A value is a bound
    of a claim, verified where it stands in the words of a verified passage. `exceptions` are the numbers that
    somebody typed and justified.
    """

    problems: tuple[Problem, ...]
    anchors_verified: int
    anchors_unverified: int
    counts: Mapping[str, int]
    values_verified: int = 0
    exceptions: tuple[TypedException, ...] = ()


def check(root: Path, texts: Path | None = None, *, with_pages: bool = False) -> Report:
    """Every problem of the report in `root`; never raises for bad data.

    With `with_pages`, pages are read as well, where there are some and all tables can be read. Anchors are verified
    against the *.txt files in `texts`, by default the folder of `anchors.texts_dir`.
    """
    try:
        agreed = load(root)
        problems = profile_problems(root)
    except BadData as error:
        return Report(error.problems, 0, 0, {})
    problems += _type_problems(agreed)
    readings = reading.read_leniently(agreed)
    problems += [problem for reading in readings.values() for problem in reading.problems]
    book = Book(agreed, readings, frozenset(_cells(problems)))
    problems += keys.problems(book)
    problems += notes.problems(book)
    problems += _bounds_problems(book)
    problems += _date_basis_problems(book)
    problems += chronology.problems(book, {(problem.file, problem.column) for problem in problems})
    problems += _contradiction_problems(book)
    problems += repeats.problems(book)
    troubled = {(problem.file, problem.row) for problem in problems}
    problems += derivations.problems(book, troubled)
    evidence = derivations.evidence(book, troubled)
    untraced, exceptions = typed.check(root, evidence)
    problems += untraced
    known = keys.everywhere(book)
    problems += ids.problems(root, evidence.tables, known)
    found = anchors.texts(texts if texts is not None else anchors.texts_dir(root))
    problems += verification.source_problems(book, found)
    verified = verification.verify(book, found, _cells(problems))
    problems += verified.problems
    # An article shows better than the row itself which of two numbers is wrong.
    problems += statements.problems(book, _cells(problems), typed.naming_words(root))
    problems += copying.problems(book, [one.text for one in found.values() if one.text is not None], _cells(problems))
    if not dictionary.is_current(root):
        what = "the dictionary is not what datapackage.json says now"
        problems.append(Problem(dictionary.LABEL, None, None, what, "run `evidencebook dictionary`"))
    try:
        citation_file.read(root)
    except BadData as error:
        problems += error.problems
    if with_pages and (root / CONTENTS).is_file() and all(one.table for one in readings.values()):
        from evidencebook.check import pages  # here, because a build, which reads them itself, need not wait for it

        read = pages.check(root, derivations.sound(book, troubled), known)
        problems += read.problems
        exceptions = tuple(sorted({*exceptions, *read.exceptions}, key=lambda one: (one.file, one.line)))
    counts = {name: len(reading.table.rows) if reading.table else 0 for name, reading in readings.items()}
    anchored = (verified.anchors_verified, verified.anchors_unverified)
    return Report(BadData(problems).problems, *anchored, counts, verified.values_verified, exceptions)


def _cells(problems: Iterable[Problem]) -> set[tuple[str, int | None, str | None]]:
    return {(problem.file, problem.row, problem.column) for problem in problems}


def _type_problems(agreed: Contract) -> Iterator[Problem]:
    # A rule passes over columns of another type, so that they must be reported or nothing checks them.
    for name, resource in agreed.resources.items():
        for field in resource.fields:
            meant = TYPES.get((name, field.name))
            if meant is not None and field.type not in meant:
                what = f"the column is of type {field.type}, but the engine reckons with it"
                yield Problem(LABEL, None, f"{name}.{field.name}", what, f"give it the type {' or '.join(meant)}")


def _bounds_problems(book: Book) -> Iterator[Problem]:
    table = book.table("claims", "low", "high", "qualifier", "unit")
    for row in table.rows if table else ():
        if table is None or not book.sound(table, row, "low", "high"):
            continue
        low, high, qualifier = row["low"], row["high"], row["qualifier"]
        if low is not None and high is not None and low > high:
            what = f"{low} is above high {high}"
            yield Problem(table.label, row.line, "low", what, "swap them or correct the row")
        elif book.sound(table, row, "qualifier") and qualifier in BOUNDS:
            given = _bounds(low, high)
            if BOUNDS[qualifier] != given:
                yield _qualifier_problem(table, row, given)
        has_number = low is not None or high is not None
        if has_number and row["unit"] is None and book.sound(table, row, "unit"):
            number = low if low is not None else high
            remedy = f"say what {number} counts or is measured in"
            yield Problem(table.label, row.line, "unit", "there is a number without a unit", remedy)


def _bounds(low: Any, high: Any) -> str:
    if low is None or high is None:
        return NOTHING if low is high else FLOOR if high is None else CEILING
    return POINT if low == high else SPAN


def _qualifier_problem(table: Table, row: Row, given: str) -> Problem:
    low, high, qualifier = row["low"], row["high"], row["qualifier"]
    bounds = " and ".join(f"{name} {cell}" for name, cell in (("low", low), ("high", high)) if cell is not None)
    fitting = " or ".join(name if name else "nothing" for name, needs in BOUNDS.items() if needs == given)
    if qualifier is None:
        what = f"there is no qualifier for {bounds}"
    else:
        what = f"{qualifier} asks for {BOUNDS[qualifier]}, but the row has {bounds or 'no bounds'}"
    return Problem(table.label, row.line, "qualifier", what, f"write {fitting}, or correct the bounds")


def _date_basis_problems(book: Book) -> Iterator[Problem]:
    for name in book.contract.resources:
        table = book.table(name, "when", "when_basis")
        for row in table.rows if table else ():
            if table is None or not book.sound(table, row, "when", "when_basis"):
                continue
            if row["when"] is not None and row["when_basis"] is None:
                what = "there is a date in when but no basis for it"
                yield Problem(table.label, row.line, "when_basis", what, "say on what the date rests")
            if row["when"] is None and row["when_basis"] is not None:
                what = f"the basis is {row['when_basis']}, but when is empty"
                yield Problem(table.label, row.line, "when_basis", what, "write the date, or empty the basis")


def _contradiction_problems(book: Book) -> Iterator[Problem]:
    table = book.table("contradictions", "claim_a", "claim_b")
    for row in table.rows if table else ():
        if table is not None and row["claim_a"] is not None and row["claim_a"] == row["claim_b"]:
            what = f"{row['claim_b']} is also claim_a: a claim cannot contradict itself"
            yield Problem(table.label, row.line, "claim_b", what, "name the other claim")
