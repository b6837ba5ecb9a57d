"""One fault is one problem: whatever is wrong in one cell or row, nothing else is blamed for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from evidencebook.tables.problems import Problem
from tests.small import PACKAGE, ROWS, TEXTS, Book

FIELDS = {one["name"]: one["schema"]["fields"] for one in PACKAGE["resources"]}
PLACES = [(table, line) for table, rows in ROWS.items() for line in range(2, len(rows) + 2)]
BAD = {"string": "", "number": "ninety", "integer": "many", "boolean": "perhaps", "date": "soon"}


def spoilt(table: str, line: int) -> Iterator[tuple[str, str]]:
    """Every way to spoil each cell of a row: the column and what stands there."""
    for field in FIELDS[table]:
        name, constraints = field["name"], field.get("constraints", {})
        cell = ROWS[table][line - 2].get(name, "")
        if field["type"] != "string":
            yield name, BAD[field["type"]]
        if cell:
            yield name, f"{cell} "
        if constraints.get("required"):
            yield name, ""
        if "enum" in constraints:
            yield name, "zzz"
        if "pattern" in constraints:
            yield name, f"{cell.upper()}!"
        if "rdfType" in field:
            yield name, "soon"
        if "maximum" in constraints:
            yield name, "99"
        if field["type"] in ("number", "integer") and cell:
            yield name, "80,5"
        if field["type"] == "string" and "rdfType" not in field and "enum" not in constraints:
            yield name, f"={cell}"
        if field.get("format") == "uri":
            yield name, "example"


CELLS = [(table, line, column, typed) for table, line in PLACES for column, typed in spoilt(table, line)]


def richer(book: Book) -> None:
    """Give the report what more may be blamed: a formula over a formula, and one over dates."""
    (yearly,) = ROWS["derived"]
    dated = {"derived_id": "days-away", "formula": "days_between({departure@when}, {departure@when})", "unit": "days"}
    twice = {"derived_id": "visitors-yearly-twice", "formula": "{visitors-yearly} * 2"}
    book.write("derived", [yearly | dated, yearly, yearly | twice])


def found(book: Book) -> list[Problem]:
    return list(book.check().problems)


@pytest.mark.parametrize(("table", "line", "column", "typed"), CELLS)
def test_bad_cell_is_one_problem(book: Book, table: str, line: int, column: str, typed: str) -> None:
    richer(book)
    line += table == "derived"  # one row more stands above
    book.edit(table, line, **{column: typed})
    (problem,) = found(book)
    assert (problem.file, problem.row, problem.column) == (f"data/{table}.csv", line, column)


@pytest.mark.parametrize(("table", "line"), PLACES)
@pytest.mark.parametrize("how", ["cell too few", "cell too many", "first comma lost", "open quote", "line break"])
def test_row_that_cannot_be_read_is_one_problem(book: Book, table: str, line: int, how: str) -> None:
    richer(book)
    line += table == "derived"
    lines = book.path(table).read_text("utf-8").split("\n")
    row = lines[line - 1]
    lines[line - 1] = {
        "cell too few": row.rpartition(",")[0],
        "cell too many": f"{row},",
        "first comma lost": row.replace(",", "", 1),
        "open quote": row.replace(",", ',"', 1),
        "line break": '"' + row.replace(",", '\n",', 1),
    }[how]
    book.path(table).write_text("\n".join(lines), "utf-8")
    (problem,) = found(book)
    assert (problem.file, problem.row, problem.column) == (f"data/{table}.csv", line, None)


@pytest.mark.parametrize("table", list(ROWS))
@pytest.mark.parametrize("how", ["missing", "empty", "semicolons", "UTF-16", "CP949", "header"])
def test_file_that_cannot_be_read_is_one_problem(book: Book, table: str, how: str) -> None:
    richer(book)
    text = book.path(table).read_text("utf-8")
    if how == "missing":
        book.path(table).unlink()
    else:
        book.path(table).write_bytes(
            {
                "empty": b"",
                "semicolons": text.replace(",", ";").encode(),
                "UTF-16": text.encode("utf-16"),
                "CP949": f"{text}등".encode("cp949"),
                "header": text.replace(",", ",,", 1).encode(),
            }[how]
        )
    (problem,) = found(book)
    assert problem.file == f"data/{table}.csv"


# `richer` adds a row to the derived values, the only table of one row to have another then.
@pytest.mark.parametrize(("table", "line"), [one for one in PLACES if len(ROWS[one[0]]) > 1 or one[0] == "derived"])
def test_id_of_another_row_is_one_problem(book: Book, table: str, line: int) -> None:
    richer(book)
    line += table == "derived"
    rows = book.rows(table)
    key = book.columns(table)[0]
    book.edit(table, line, **{key: rows[0 if line > 2 else 1][key]})
    (problem,) = found(book)
    assert (problem.file, problem.column) == (f"data/{table}.csv", key)


@pytest.mark.parametrize("line", [2, 3])
def test_hash_of_another_text_is_one_problem(book: Book, line: int) -> None:
    book.edit("sources", line, file_sha256=book.rows("sources")[3 - line]["file_sha256"])
    (problem,) = found(book)
    assert (problem.row, problem.column) == (line, "file_sha256")
    assert hashlib.sha256(TEXTS[book.rows("sources")[line - 2]["source_id"]].encode()).hexdigest() in problem.remedy


def test_formulas_over_a_faulty_formula_and_those_in_a_circle_are_told_once(book: Book) -> None:
    richer(book)
    book.edit("derived", 3, formula="{visitors-monthly} * {")
    assert book.problem().startswith("data/derived.csv:3: formula: ")
    book.edit("derived", 3, formula="{visitors-yearly-twice} / 2")
    assert "circle" in book.problem()


def test_more_unknown_ids_than_spoilt_rows_are_not_all_excused(book: Book) -> None:
    book.edit("places", 3, place_id="", part_of="")
    assert [one.column for one in found(book)] == ["place_id"]
    book.edit("claims", 5, place_id="elsewhere")
    assert [(one.file, one.row) for one in found(book)] == [
        ("data/claims.csv", 3),
        ("data/claims.csv", 5),
        ("data/places.csv", 3),
    ]


def test_quarrel_of_dates_behind_a_faulty_row_does_not_blame_the_event(book: Book) -> None:
    package = book.package()
    fields = next(one for one in package["resources"] if one["name"] == "contradictions")["schema"]["fields"]
    fields.append({"name": "kind", "type": "string", "description": "What the two differ in."})
    book.write_package(package)
    quarrel = {"contradiction_id": "left", "claim_a": "keeper-left", "claim_b": "readings-kept", "kind": "date"}
    book.write("contradictions", [quarrel | {"tension": "The month."}])
    book.edit("events", 2, when="2021-01")
    assert book.messages() == []
    book.edit("contradictions", 2, claim_a="keeper-lost")
    assert book.problem().startswith("data/contradictions.csv:2: claim_a: ")
