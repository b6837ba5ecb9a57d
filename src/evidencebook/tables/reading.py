"""Contract and CSV files to typed tables: every cell read, or a problem that says what to type instead."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from evidencebook.tables import addresses, asking, csvfile, files, mistyped, text
from evidencebook.tables.contract import Contract, Field, Resource, load
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.values import dates

if TYPE_CHECKING:
    import pandas

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # https://owasp.org/www-community/attacks/CSV_Injection
VERBATIM = "fragment"  # the column with words of an article, whose spelling is not ours
EXPECTED = {
    "number": ("a number", "such as 12 or 3.5, without unit"),
    "integer": ("a whole number", "such as 12"),
    "boolean": ("true or false", "in small letters"),
    "date": ("a date", "such as 2016-07-01"),
    "year": ("a year", "such as 2016"),
}
FRAME_TYPES = {"number": "Float64", "integer": "Int64", "boolean": "boolean", "date": "datetime64[s]"}

Fault: TypeAlias = tuple[str, str]  # what is wrong, what to do
Judge: TypeAlias = Callable[[str], tuple[Any, tuple[Fault, ...]]]


class NoColumn(KeyError):
    """A table does not have a column that something shown needs; the argument is its name."""


@dataclass(frozen=True)
class Row:
    """One record: `line` is its physical line in the file; a missing cell is None."""

    line: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        try:
            return self.values[column]
        except KeyError:
            raise NoColumn(column) from None


@dataclass(frozen=True)
class Table:
    """The typed rows of one resource.

    Values: string -> str, number -> Decimal (exact), integer -> int, boolean -> bool, date -> datetime.date.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]

    def frame(self) -> pandas.DataFrame:
        """A data frame of the table with nullable types (string, Float64, Int64, boolean)."""
        import pandas  # here, because half a second of import is not owed by who only reads rows

        columns = {}
        for field in self.fields:
            cells = [row.values.get(field.name) for row in self.rows]
            if field.type == "number":
                cells = [None if cell is None else float(cell) for cell in cells]
            columns[field.name] = pandas.Series(cells, dtype=FRAME_TYPES.get(field.type, "string"))
        return pandas.DataFrame(columns)


Tables: TypeAlias = Mapping[str, Table]


@dataclass(frozen=True)
class Reading:
    """What could be read of one resource, and what is wrong with it.

    `table` is None where no row can be trusted. A cell of the wrong type is None in its row; `ragged` holds
    the rows that cannot be read as (line, what can be told of their cells).
    """

    table: Table | None
    ragged: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]


def read(root: Path) -> Tables:
    """The tables of the report in `root` by name; raises BadData with all that is wrong with their cells.

    Private columns read as empty and are not among the fields: what an edition is made from never holds them.
    """
    from evidencebook.tables import withholding

    agreed = load(root)
    paths = {name: resource.path for name, resource in agreed.resources.items()}
    with asking.listened(paths.values()) as asked:
        readings = read_leniently(agreed)
        problems = [problem for reading in readings.values() for problem in reading.problems]
        if problems:
            raise BadData(problems)
    tables = {name: _public(reading.table) for name, reading in readings.items() if reading.table is not None}
    if asked.is_heard:
        tables = {name: _telling(table, asked, paths[name]) for name, table in tables.items()}
    source_ids = withholding.asked()
    return withholding.without(tables, agreed, source_ids) if source_ids else tables


def read_leniently(contract: Contract) -> dict[str, Reading]:
    """What can be read of every resource, by name; never raises for bad data."""
    return {name: _read(resource) for name, resource in contract.resources.items()}


def _telling(table: Table, asked: asking.Asked, path: Path) -> Table:
    rows = (Row(row.line, asked.of(path, number, row.values)) for number, row in enumerate(table.rows))
    return replace(table, rows=tuple(rows))


def _public(table: Table) -> Table:
    private = {field.name: None for field in table.fields if field.is_private}
    if not private:
        return table
    fields = tuple(field for field in table.fields if not field.is_private)
    return replace(table, fields=fields, rows=tuple(Row(row.line, {**row.values, **private}) for row in table.rows))


def _read(resource: Resource) -> Reading:
    found = csvfile.scan(resource.path, resource.label)
    if found.records is None:
        return Reading(None, (), tuple(found.problems))
    header = found.records.header
    problems = [*found.problems, *_broken_promises(resource), *_header_problems(resource, header)]
    keys = {*resource.primary_key, *(name for key in resource.foreign_keys for name in key.fields)}
    judges = [(name, _judge(field, name in keys)) for name in header if (field := resource.field(name)) is not None]
    positions = {name: position for position, name in enumerate(header)}
    absent = {field.name: None for field in resource.fields if field.name not in positions}
    rows = []
    for line, cells in found.records.rows:
        values: dict[str, Any] = dict(absent)
        for name, judge in judges:
            values[name], faults = judge(cells[positions[name]])
            problems += [Problem(resource.label, line, name, what, remedy) for what, remedy in faults]
        rows.append(Row(line, values))
    ragged = tuple((line, dict(zip(header, cells, strict=False))) for line, cells in found.ragged)
    table = Table(resource.name, resource.label, resource.fields, tuple(rows))
    return Reading(table, ragged, tuple(problems))


def _broken_promises(resource: Resource) -> Iterator[Problem]:
    """Yield where the file is not the one of which the contract tells size and hash."""
    if resource.size is None and not resource.digest:
        return
    data = files.read(resource.path)
    algorithm, _, promised = resource.digest.partition(":")
    digest = hashlib.new(algorithm, data).hexdigest() if algorithm else ""
    for key, told, found in (("bytes", resource.size, len(data)), ("hash", promised or None, digest)):
        if told is not None and told != found:
            what = f"{told} is promised in datapackage.json, and the file has {found}"
            yield Problem(resource.label, None, None, what, f"correct {key} there, or put the file back")


def _header_problems(resource: Resource, header: list[str]) -> Iterator[Problem]:
    declared = [field.name for field in resource.fields]
    missing = [name for name in declared if name not in header]
    unknown = [name for name in header if name not in declared]
    for name in missing:
        what = "the column is missing"
        meant = " or ".join(nearest(name, unknown))
        remedy = f"rename {meant}" if meant else "add it to the header and to every row"
        yield Problem(resource.label, 1, name, what, remedy)
    for name in unknown:
        hint = did_you_mean(nearest(name.strip().lower(), missing or declared))
        remedy = hint or "delete it, or describe it in datapackage.json"
        yield Problem(resource.label, 1, name, "the column is not in the contract", remedy)
    if not missing and not unknown and header != declared:
        remedy = f"order them as {','.join(declared)}"
        yield Problem(resource.label, 1, None, "the columns are not in the order of the contract", remedy)


def _judge(field: Field, is_key: bool) -> Judge:
    reader = field.cell_reader()
    is_address = field.type == "string" and field.format == "uri"
    is_text = field.type == "string" and not field.is_edtf
    is_verbatim = field.name == VERBATIM

    def judge(typed: str) -> tuple[Any, tuple[Fault, ...]]:
        cell = typed.strip()
        if is_text and typed.startswith(FORMULA_STARTS):
            what = f"{_shown(typed)} starts with {_shown(typed[0])}, which a spreadsheet runs as a formula"
            return cell, ((what, "begin the cell with a letter, a digit or a bracket"),)
        value, broken = reader(cell)
        is_judged = is_text and value is not None and not is_address and not (is_key and broken)
        if is_judged and (fault := text.id_fault(cell) if is_key else text.fault(cell, is_verbatim=is_verbatim)):
            return None, (fault,)
        if field.is_edtf and value is not None and (faults := _edtf_faults(cell)):
            return None, tuple(faults)
        if is_address and value is not None and (why := addresses.fault(cell)):
            return None, ((f"{_shown(cell)} is not a web address: {why}", addresses.REMEDY),)
        if broken:
            return value, (_fault(field, cell, broken),)
        if cell != typed:
            return value, ((f"{_shown(typed)} has spaces before or after it", f"write {_shown(cell)}"),)
        return value, ()

    # Dates, ids, numbers and choices repeat; texts differ in almost every row, so that all of them would fill memory.
    return lru_cache(maxsize=4096)(judge)


def _fault(field: Field, cell: str, broken: str) -> Fault:
    shown = _shown(cell)
    if broken == "required":
        return "the cell is empty", _what_to_type(field)
    if broken == "enum":
        allowed = [str(value) for value in field.enum]
        hint = did_you_mean(nearest(cell.lower(), allowed))
        listed = f"use one of {', '.join(allowed)}"
        return f"{shown} is not an allowed value", f"{hint} {listed}" if hint else listed
    if broken == "pattern":
        kebab = re.sub(r"[^a-z0-9]+", "-", cell.lower()).strip("-")
        fits = kebab and re.fullmatch(str(field.pattern), kebab)
        return (
            f"{shown} does not match {field.pattern}",
            f"write {kebab}" if fits else "write it in that form",
        )
    if broken == "minimum":
        return f"{cell} is below the minimum {field.minimum}", f"write {field.minimum} or more"
    if broken == "maximum":
        return f"{cell} is above the maximum {field.maximum}", f"write {field.maximum} or less"
    if broken == "type":
        return f"{shown} is not {_expected(field)}", _what_to_type(field, cell)
    limit, count = field.descriptor["constraints"][broken], len(cell)
    bound = "fewer" if broken == "minLength" else "more"
    return f"{shown} has {count} characters, {bound} than {limit}", "correct the cell"


def _edtf_faults(cell: str) -> list[Fault]:
    meant = mistyped.date(cell)
    if meant:
        return [(f"{_shown(cell)} is not an EDTF date", f"write {meant}")]
    try:
        dates.parse(cell)
    except ValueError as error:
        usual = "write an EDTF date such as 2016, 2016-07, 2016-07-01, 2018~ or 2018-08-09/2018-08-31"
        remedy = error.remedy if isinstance(error, dates.NotRead) else usual
        return [(str(error), remedy)]
    return []


def _expected(field: Field) -> str:
    if field.format == "uri":
        return "a web address"
    return EXPECTED[field.type][0] if field.type in EXPECTED else f"of type {field.type}"


def _what_to_type(field: Field, cell: str = "") -> str:
    if field.type in ("number", "integer") and (remedy := mistyped.number(cell, field.type == "integer")):
        return remedy
    if cell and field.type == "date" and (meant := mistyped.date(cell)):
        return f"write {meant}"
    if field.enum:
        return f"use one of {', '.join(str(value) for value in field.enum)}"
    if field.format == "uri":
        return "write an address that starts with https://"
    if field.is_edtf:
        return "write an EDTF date; XXXX stands for an unknown year"
    return f"write {' '.join(EXPECTED[field.type])}" if field.type in EXPECTED else "fill it in"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
