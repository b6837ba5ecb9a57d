"""A page depends on the cells of the tables that it asked for: no edit that would change it goes by, others may.

Each piece of code is run once and recorded; then every cell of every table is edited, row by row, and wherever the
records say that nothing changed the code gives what it gave.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from textwrap import dedent

import pytest

from evidencebook.execution.inputs import Read, fingerprint, from_data, holds, to_data
from evidencebook.tables import contract, read
from evidencebook.tables.problems import BadData
from tests.small import Book, small_report_in

START = """
import copy, pickle
from pathlib import Path
from evidencebook.evidence import Evidence, words
from evidencebook.tables import read
try:
    tables = read(ROOT)
    evidence = Evidence.from_tables(tables)
    claims = evidence.tables["claims"].rows
except Exception as error:
    print(error)
"""
RUN = """
import json, sys
import evidencebook.evidence, evidencebook.tables.withholding, copy, edtf, pandas, pickle
from evidencebook.execution.reads import Recorder
from pathlib import Path
recorder = Recorder()
with recorder:
    exec(compile(sys.argv[2], "cell", "exec"), {"ROOT": Path(sys.argv[1])})
print(json.dumps(recorder.reads([sys.argv[1]])))
"""
OTHERS = {"number": "7", "integer": "7", "boolean": "true", "date": "1999-01-01"}
CODES = {
    "nothing": "",
    "a fact": "print(words(evidence.fact('visitors-monthly')))",
    "a derived value": "print(words(evidence.fact('visitors-yearly')), evidence.used_sources('visitors-yearly'))",
    "a text with values": "print(evidence.claims['keeper-left']['note'])",
    "a text of another row": "print(evidence.claims['north-rock-mark']['note'])",
    "texts that are written so": "print([row['note'] for row in evidence.written['claims'].rows])",
    "a column": "print([row['statement'] for row in claims])",
    "an optional one": "print([row.values.get('place_id') for row in claims])",
    "whether it is filled": "print(sum(bool(row.values['low']) for row in tables['claims'].rows))",
    "all of a row": "print({**claims[1].values}, claims[2] == claims[3])",
    "its items": "print(sorted(map(str, claims[1].values.items())), list(claims[2].values.values()))",
    "a row as text": "print(claims[0], evidence.events)",
    "copies": "print(copy.deepcopy(claims[1]).values['note'], pickle.loads(pickle.dumps(claims[2]))['note'])",
    "its line": "print(claims[3].line)",
    "a frame": "print(tables['places'].frame().to_csv())",
    "how many rows": "print(len(tables['places'].rows))",
    "the file beside it": "print((ROOT / 'data/places.csv').read_text())",
    "the file before it": "print((ROOT / 'data/places.csv').read_text()); print(read(ROOT)['places'].rows[0]['name'])",
    "tables read again": "print(read(ROOT)['claims'].rows[0]['note'], read(ROOT)['claims'].rows[1]['high'])",
}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = small_report_in(tmp_path)
    book.edit("claims", 2, note="Beside {readings-kept} and {visitors-yearly}.")
    return book


def recorded(book: Book, code: str) -> dict[Read, str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(book.root), START + dedent(code)],
        cwd=book.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {
        read.key: read.found or fingerprint(read)
        for read in (Read(*one) for one in json.loads(done.stdout.splitlines()[-1]))
    }
    assert from_data(json.loads(json.dumps(to_data(found)))) == found
    return found


def given(book: Book, code: str) -> str:
    with redirect_stdout(io.StringIO()) as printed:
        try:
            exec(compile(START + dedent(code), "cell", "exec"), {"ROOT": book.root})
        except Exception as error:  # which a page would show
            print(repr(error))
    return printed.getvalue()


def edits(book: Book) -> Iterator[str]:
    """Yield what was changed, with each cell of the tables changed in its turn, and rows and lines besides."""
    for name, resource in contract.load(book.root).resources.items():
        path, before = book.path(name), book.path(name).read_bytes()
        rows = book.rows(name)
        for number, row in enumerate(rows):
            for field in resource.fields:
                cell = row[field.name]
                other = next((one for one in field.enum if one != cell), None) or OTHERS.get(field.type)
                if other is None or other == cell:
                    other = "false" if field.type == "boolean" else "2018" if field.is_edtf else f"{cell or 'new'}-x"
                book.edit(name, number + 2, **{field.name: str(other)})
                yield f"{name} {number} {field.name}"
                path.write_bytes(before)
        for what, some in {"fewer": rows[1:], "reversed": rows[::-1], "more": [*rows, rows[-1]]}.items():
            book.write(name, some)
            yield f"{name} {what}"
            path.write_bytes(before)


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_no_edit_that_changes_what_a_page_gives_goes_by(book: Book, code: str) -> None:
    found, before = recorded(book, code), given(book, code)
    assert holds(found)
    count = 0
    for edit in edits(book):
        try:
            read(book.root)
        except BadData:
            continue  # of which the check tells, before anything is built
        count += 1
        assert given(book, code) == before or not holds(found), edit
    assert count > 100


def test_cells_that_nobody_asked_for_may_change(book: Book) -> None:
    found = recorded(book, "print(words(evidence.fact('visitors-monthly')))")
    book.edit("claims", 5, note="Read again.", place_id="coast")
    book.edit("claims", 4, low="3100", high="3100")
    book.edit("sources", 2, title="Another log")
    assert holds(found)
    book.edit("claims", 5, high="70")
    assert not holds(found)


def test_a_text_depends_on_the_values_that_it_names_once_it_is_asked_for(book: Book) -> None:
    found = {code: recorded(book, code) for code in ("", "print(evidence.claims['keeper-left']['note'])")}
    book.edit("claims", 4, low="3100", high="3100")
    assert [holds(one) for one in found.values()] == [True, False]


@pytest.mark.parametrize(
    "code", ["import pandas; pandas.read_csv(ROOT / 'data/claims.csv')", "(ROOT / 'data/claims.csv').read_bytes()"]
)
def test_a_table_that_is_opened_otherwise_too_counts_as_a_whole(book: Book, code: str) -> None:
    found = recorded(book, f"print(words(evidence.fact('visitors-monthly')))\n{code}")
    assert {one.aspect for one in found if one.path.endswith("claims.csv")} - {"state"} == {"content"}


def test_a_page_that_bears_with_spoilt_tables_depends_on_all_of_them(book: Book) -> None:
    book.edit("claims", 5, low="many")
    found = recorded(book, "")
    assert {one.aspect for one in found if one.path.endswith(".csv")} == {"content"}


def test_a_table_that_changes_while_the_page_runs_is_not_taken_for_what_the_page_saw(book: Book) -> None:
    found = recorded(
        book, "path = ROOT / 'data/claims.csv'\nimport os\nos.system(f\"sed -i s/Keepers/Some/ '{path}'\")"
    )
    assert not holds({read: before for read, before in found.items() if read.path.endswith("claims.csv")})


@pytest.mark.parametrize("change", [b'id\n"a', b"\xff", b"", b"\xef\xbb\xbf"])
def test_what_is_no_table_any_more_is_another_one(book: Book, change: bytes) -> None:
    found = recorded(book, "")
    book.change_bytes("places", lambda data: change + data if change[:1] != b"" and change else b"")
    assert not holds(found)


def test_rows_look_alike_whether_somebody_listens_or_not(book: Book) -> None:
    code = "row = claims[0].values; print(row, len(row), list(row), 'note' in row, 'gone' in row, row.get('gone'),"
    code += " row.copy(), row | {'note': 'mine'}, {'note': 'mine', 'own': 1} | row)"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(book.root), START + code], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0] == given(book, code).splitlines()[0]


def test_the_records_of_a_large_table_stay_small(book: Book) -> None:
    rows = book.rows("places")
    book.write("places", [*rows, *({**rows[0], "place_id": f"place-{n}"} for n in range(3000))])
    found = recorded(book, "print(len([row['name'] for row in tables['places'].rows]))")
    part = next(one.part for one in found if one.path.endswith("places.csv"))
    assert len(part) < 200
