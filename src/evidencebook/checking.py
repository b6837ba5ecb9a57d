"""Every problem of a report at once: cells, keys, bounds, dates, anchors, values, formulas, numbers, dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencebook import anchors, chronology, citation_file, dictionary, facts, formulas, tables, tracing, verification
from evidencebook.book import TYPES, Book
from evidencebook.contract import LABEL, Contract, ForeignKey, Resource, load, profile_problems
from evidencebook.problems import BadData, Problem, nearest
from evidencebook.tables import Reading, Row, Table
from evidencebook.untraced import TypedException

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
# The columns that facts.Evidence reads; a report whose tables are smaller has no derived values to check.
FACT_COLUMNS = {
    "claims": (
        *("claim_id", "source_id", "statement", "low", "high", "qualifier"),
        *("unit", "per", "modality", "when", "event_id"),
    ),
    "derived": ("derived_id", "label", "formula", "unit", "decimals"),
    "events": ("event_id", "when", "when_basis", "is_disputed"),
}
MOST_SUGGESTIONS = 50  # nearest ids are looked for among thousands; after so many the table is wrong as a whole


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


def check(root: Path, texts: Path | None = None) -> Report:
    """Every problem of the report in `root`; never raises for bad data.

    Anchors are verified against the *.txt files in `texts`, by default the folder of `anchors.texts_dir`.
    """
    try:
        agreed = load(root)
        problems = profile_problems(root)
    except BadData as error:
        return Report(error.problems, 0, 0, {})
    problems += _type_problems(agreed)
    readings = tables.read_leniently(agreed)
    problems += [problem for reading in readings.values() for problem in reading.problems]
    faulty = frozenset((problem.file, problem.row, problem.column) for problem in problems)
    book = Book(agreed, readings, faulty)
    for name, resource in agreed.resources.items():
        table = readings[name].table
        if table is not None:
            problems += _primary_key_problems(book, resource, table)
            problems += _unique_problems(resource, table)
            for key in resource.foreign_keys:
                problems += _foreign_key_problems(book, resource, table, key)
    problems += _bounds_problems(book)
    problems += _date_basis_problems(book)
    problems += chronology.problems(book)
    problems += _contradiction_problems(book)
    troubled = {(problem.file, problem.row) for problem in problems}
    problems += _derived_problems(book, troubled)
    untraced, exceptions = tracing.check(root, agreed, _evidence(book, troubled))
    problems += untraced
    found = anchors.texts(texts if texts is not None else anchors.texts_dir(root))
    problems += verification.source_problems(book, found)
    verified = verification.verify(book, found, {(problem.file, problem.row, problem.column) for problem in problems})
    problems += verified.problems
    if not dictionary.is_current(root):
        what = "the dictionary is not what datapackage.json says now"
        problems.append(Problem(dictionary.LABEL, None, None, what, "run `evidencebook dictionary`"))
    try:
        citation_file.read(root)
    except BadData as error:
        problems += error.problems
    counts = {name: len(reading.table.rows) if reading.table else 0 for name, reading in readings.items()}
    anchored = (verified.anchors_verified, verified.anchors_unverified)
    return Report(BadData(problems).problems, *anchored, counts, verified.values_verified, exceptions)


def _type_problems(agreed: Contract) -> Iterator[Problem]:
    # A rule passes over columns of another type, so that they must be reported or nothing checks them.
    for name, resource in agreed.resources.items():
        for field in resource.fields:
            meant = TYPES.get((name, field.name))
            if meant is not None and field.type not in meant:
                what = f"the column is of type {field.type}, but the engine reckons with it"
                yield Problem(LABEL, None, f"{name}.{field.name}", what, f"give it the type {' or '.join(meant)}")


def _primary_key_problems(book: Book, resource: Resource, table: Table) -> Iterator[Problem]:
    columns = resource.primary_key
    if not columns:
        return
    first: dict[tuple[Any, ...], int] = {}
    previous: tuple[Any, ...] | None = None
    misplaced: list[tuple[int, str, str]] = []
    for row in table.rows:
        key = tuple(row[column] for column in columns)
        if any(cell is None for cell in key):
            if book.sound(table, row, *columns):
                yield Problem(table.label, row.line, columns[0], "the primary key is empty", "give the row an id")
            continue
        shown = ", ".join(map(str, key))
        if key in first:
            what = f"{shown} is already the id of line {first[key]}"
            yield Problem(table.label, row.line, columns[0], what, "give this row an id of its own, or delete it")
        first.setdefault(key, row.line)
        if previous is not None and key < previous:
            misplaced.append((row.line, shown, ", ".join(map(str, previous))))
        previous = key
    if misplaced:
        line, shown, before = misplaced[0]
        more = f", and {len(misplaced) - 1} more rows are out of order" if len(misplaced) > 1 else ""
        what = f"{shown} comes after {before}{more}"
        yield Problem(table.label, line, columns[0], what, f"sort the rows by {', '.join(columns)}")


def _unique_problems(resource: Resource, table: Table) -> Iterator[Problem]:
    for field in resource.fields:
        if not field.unique or resource.primary_key == (field.name,):
            continue
        first: dict[str, int] = {}
        for row in table.rows:
            cell = row[field.name]
            if cell is not None and first.setdefault(str(cell), row.line) != row.line:
                what = f"{cell} stands already in line {first[str(cell)]}"
                yield Problem(table.label, row.line, field.name, what, "every value of this column must differ")


def _foreign_key_problems(book: Book, resource: Resource, table: Table, key: ForeignKey) -> Iterator[Problem]:
    target = book.readings[key.resource]
    known = _known_keys(target, key.reference_fields)
    if target.table is None or known is None:
        return  # the table itself is the problem; every row of this one would repeat it
    label = target.table.label
    single = sorted(str(one[0]) for one in known) if len(key.fields) == 1 else []
    remedies: dict[tuple[Any, ...], str] = {}
    for row in table.rows:
        cells = tuple(row[column] for column in key.fields)
        if any(cell is None for cell in cells) or cells in known:
            continue
        if cells not in remedies:
            hint = nearest(str(cells[0]), single) if len(remedies) < MOST_SUGGESTIONS else ""
            remedies[cells] = f"{hint} Otherwise add it there first" if hint else f"add it to {label} first"
        shown = ", ".join(map(str, cells))
        what = f"{shown} is not a {', '.join(key.reference_fields)} in {label}"
        yield Problem(table.label, row.line, key.fields[0], what, remedies[cells])


def _known_keys(reading: Reading, columns: tuple[str, ...]) -> set[tuple[Any, ...]] | None:
    if reading.table is None or any((1, column) in _places(reading) for column in columns):
        return None
    known = {tuple(row[column] for column in columns) for row in reading.table.rows}
    # A ragged row is reported once, not once more for each row that points to it.
    known |= {tuple(cells.get(column) for column in columns) for _, cells in reading.ragged}
    return known


def _places(reading: Reading) -> set[tuple[int | None, str | None]]:
    return {(problem.row, problem.column) for problem in reading.problems}


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


def _derived_problems(book: Book, troubled: set[tuple[str, int | None]]) -> Iterator[Problem]:
    every = {name: one for name, needed in FACT_COLUMNS.items() if (one := book.table(name, *needed))}
    if not {"claims", "derived"} <= set(every) or any((one.label, 1) in troubled for one in every.values()):
        return
    derived = every["derived"]
    claimed, worked_out, events = (_ids(book, name, needed[0]) for name, needed in FACT_COLUMNS.items())
    # A formula over a row that is reported already would only report the same fault again.
    evidence = _evidence(book, troubled)
    left_out = (claimed | worked_out | events) - {*evidence.claims, *evidence.derived, *evidence.events}
    for row in evidence.derived.values():
        faults = []
        if row["derived_id"] in claimed:
            faults.append(("derived_id", "a claim has this id too", "give the derived value another id"))
        try:
            references = formulas.references(row["formula"])
            for reference in references:
                known = claimed | events if reference.endswith("@when") else claimed | worked_out
                used = reference.removesuffix("@when")
                if used not in known:
                    hint = nearest(used, sorted(known)) or "add the row, or correct the id"
                    faults.append(("formula", f"there is no {_kind(reference)} {used}", hint))
            if not faults and not any(reference.removesuffix("@when") in left_out for reference in references):
                evidence.fact(row["derived_id"])
        except (facts.UnknownFact, ValueError, ArithmeticError) as error:
            faults.append(("formula", str(error), "correct the formula, its unit or its inputs"))
        for column, what, remedy in faults:
            yield Problem(derived.label, row.line, column, what, remedy)


def _evidence(book: Book, troubled: set[tuple[str, int | None]]) -> facts.Evidence:
    """What is sound of the tables, as evidence."""
    keys = {"sources": ("source_id",), "places": ("place_id",), **FACT_COLUMNS}
    needed = {name: keys.get(name, ()) for name in book.contract.resources}
    every = {name: one for name, columns in needed.items() if (one := book.table(name, *columns))}
    return facts.Evidence.from_tables({name: _untroubled(one, troubled) for name, one in every.items()})


def _kind(reference: str) -> str:
    return "claim or event" if reference.endswith("@when") else "claim or derived value"


def _ids(book: Book, name: str, column: str) -> set[str]:
    table = book.table(name, column)
    if table is None:
        return set()
    known = {row[column] for row in table.rows}
    return known | {cells.get(column, "") for _, cells in book.readings[name].ragged}


def _untroubled(table: Table, troubled: set[tuple[str, int | None]]) -> Table:
    rows = tuple(row for row in table.rows if (table.label, row.line) not in troubled)
    return Table(table.name, table.label, table.fields, rows)
