from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from evidencebook.tables import contract, reading
from evidencebook.tables.problems import BadData
from tests.small import TEXTS, Book


def refused(book: Book) -> list[str]:
    with pytest.raises(BadData) as caught:
        reading.read(book.root)
    return [str(problem) for problem in caught.value.problems]


def test_cells_have_the_types_of_the_contract(book: Book) -> None:
    read = reading.read(book.root)
    rock, departure = read["places"].rows[1], read["events"].rows[0]
    assert rock["lat"] == Decimal("-5.25") and isinstance(rock["lat"], Decimal)
    assert rock["surveyed"] == datetime.date(2001, 2, 3)
    assert departure["is_disputed"] is False
    assert read["sources"].rows[0]["chars"] == len(TEXTS["almanac-undated"])
    assert read["places"].rows[0]["lat"] is None
    assert [row.line for row in read["claims"].rows] == [2, 3, 4, 5]


def test_decimals_are_exact(book: Book) -> None:
    book.edit("places", 3, lat="0.1")
    assert reading.read(book.root)["places"].rows[1]["lat"] == Decimal("0.1")


def test_frame_has_nullable_types(book: Book) -> None:
    read = reading.read(book.root)
    claims, places, events = (read[name].frame() for name in ("claims", "places", "events"))
    assert str(claims["low"].dtype) == "Float64" and claims["low"].isna().sum() == 2
    assert str(claims["credibility"].dtype) == "Int64"
    assert str(claims["note"].dtype) == "string"
    assert str(events["is_disputed"].dtype) == "boolean"
    assert str(places["surveyed"].dtype).startswith("datetime64")
    assert list(claims.index) == [0, 1, 2, 3]
    assert list(claims.columns) == book.columns("claims")


def test_frame_of_an_empty_table_keeps_its_types(book: Book) -> None:
    book.write("claims", [])
    frame = reading.read(book.root)["claims"].frame()
    assert len(frame) == 0 and str(frame["low"].dtype) == "Float64"


@pytest.mark.parametrize(
    ("table", "cells", "expected"),
    [
        ("claims", {"low": "ninety"}, "low: 'ninety' is not a number - write a number"),
        ("claims", {"low": "3,000"}, "low: '3,000' is not a number - write 3000"),
        ("claims", {"low": "-12,345,678.5"}, "write -12345678.5"),
        ("claims", {"low": "12,34,567"}, "write 1234567"),
        ("claims", {"low": "3\u202f000"}, "write 3000"),
        ("claims", {"low": "1.234,5"}, "write 1234.5"),
        ("claims", {"low": "1.234.567"}, "write 1234567"),
        ("claims", {"low": "0,500"}, "write 0.500"),
        ("claims", {"para": "3,000"}, "para: '3,000' is not a whole number - write 3000"),
        ("claims", {"low": "nan"}, "low: 'nan' is not a number"),
        ("claims", {"low": "1e3"}, "low: '1e3' is not a number"),
        ("claims", {"low": "\uff15"}, "low: '\uff15' is not a number"),
        ("claims", {"low": "+5"}, "low: '+5' is not a number"),
        ("claims", {"para": "2.0"}, "para: '2.0' is not a whole number"),
        ("claims", {"para": "1_0"}, "para: '1_0' is not a whole number - write 10"),
        ("claims", {"end": "9" * 30}, "is not a whole number"),
        ("claims", {"para": "0"}, "para: 0 is below the minimum 1 - write 1 or more"),
        ("claims", {"credibility": "7"}, "credibility: 7 is above the maximum 6 - write 6 or less"),
        ("claims", {"statement": ""}, "statement: the cell is empty"),
        ("claims", {"unit": "metre"}, "unit: 'metre' is not an allowed value - did you mean metres"),
        ("claims", {"qualifier": "zzz"}, "use one of exact, about, at_least, over, up_to, under, range"),
        ("claims", {"claim_id": "Keeper Left"}, "claim_id: 'Keeper Left' does not match"),
        ("claims", {"claim_id": "Keeper Left"}, "write keeper-left"),
        ("claims", {"note": " kept"}, "note: ' kept' has spaces before or after it - write 'kept'"),
        ("claims", {"note": "kept\u00a0"}, "note: 'kept\\xa0' has spaces before or after it"),
        ("sources", {"url": "example"}, "url: 'example' is not a web address"),
        ("sources", {"url": "javascript:alert(1)"}, "url: 'javascript:alert(1)' is not a web address: it does not"),
        ("sources", {"url": "data:text/html,x"}, "url: 'data:text/html,x' is not a web address"),
        ("sources", {"url": "file:///etc/passwd"}, "url: 'file:///etc/passwd' is not a web address"),
        ("sources", {"url": "https:foo"}, "url: 'https:foo' is not a web address"),
        ("sources", {"url": "http://"}, "url: 'http://' is not a web address"),
        ("sources", {"url": "mailto:a@example.org"}, "url: 'mailto:a@example.org' is not a web address"),
        ("sources", {"url": "https://a b.org"}, "there is a blank or an invisible character in it - write"),
        ("sources", {"url": "https://a.org/\u202ex"}, "there is a blank or an invisible character in it"),
        ("sources", {"url": "http://a@b.org/"}, "a name or a password stands before its host"),
        ("sources", {"url": "http://b.org:99999/"}, "is not a web address: Port out of range"),
        ("sources", {"published": ""}, "published: the cell is empty - write an EDTF date"),
        ("events", {"is_disputed": "perhaps"}, "is_disputed: 'perhaps' is not true or false"),
        ("places", {"surveyed": "2001-2-3"}, "is not a date - write 2001-02-03"),
        ("places", {"surveyed": "2001-02-30"}, "surveyed: '2001-02-30' is not a date"),
        ("places", {"lat": "91"}, "lat: 91 is above the maximum 90"),
    ],
)  # fmt: skip
def test_bad_cell_is_located_and_says_what_to_type(
    book: Book, table: str, cells: dict[str, str], expected: str
) -> None:
    book.edit(table, 2, **cells)
    found = refused(book)
    assert any(one.startswith(f"data/{table}.csv:2: ") and expected in one for one in found), found


@pytest.mark.parametrize(
    ("typed", "decimal", "grouped"), [("3,125", "3.125", "3125"), ("-80,500", "-80.500", "-80500")]
)
def test_comma_that_may_be_decimal_is_told_both_readings(book: Book, typed: str, decimal: str, grouped: str) -> None:
    book.edit("claims", 2, low=typed)
    assert refused(book) == [
        f"data/claims.csv:2: low: '{typed}' is not a number"
        f" - write {grouped} if the comma parts thousands, or {decimal} if it is a decimal comma"
    ]


@pytest.mark.parametrize(("typed", "decimal"), [("80,5", "80.5"), ("-3,0000", "-3.0000"), ("0,125", "0.125")])
def test_comma_that_parts_no_thousands_is_a_decimal_comma(book: Book, typed: str, decimal: str) -> None:
    book.edit("claims", 2, low=typed)
    assert refused(book) == [f"data/claims.csv:2: low: '{typed}' is not a number - write {decimal}"]


@pytest.mark.parametrize("typed", ["80 5", "1,2,3", "12.34,5", "3,000,5"])
def test_number_that_nobody_can_read_is_not_guessed(book: Book, typed: str) -> None:
    book.edit("claims", 2, low=typed)
    (found,) = refused(book)
    assert found.endswith("is not a number - write a number such as 12 or 3.5, without unit")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_a_spreadsheet_would_run_is_refused(book: Book, start: str) -> None:
    book.edit("claims", 2, note=f'{start}HYPERLINK("https://example.org")')
    (found,) = refused(book)
    assert found.startswith("data/claims.csv:2: note: ") and "formula" in found


def test_tab_at_the_start_of_a_text_is_refused_as_a_formula_too(book: Book) -> None:
    book.edit("claims", 2, note="\tkept")
    assert "formula" in refused(book)[0]


def test_carriage_return_within_a_cell_never_passes(book: Book) -> None:
    book.change_bytes("places", lambda data: data.replace(b"The coast", b'"\rThe coast"'))
    assert any("(CR)" in one for one in refused(book))


def test_negative_number_in_a_number_column_is_fine(book: Book) -> None:
    book.edit("places", 3, lat="-12")
    assert reading.read(book.root)["places"].rows[1]["lat"] == -12


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5-Apr", "YYYY-04-DD"),
        ("Apr-05", "YYYY-04"),
        ("44562", "2022-01-01"),
        ("2016/7/1", "2016-07-01"),
        ("2016. 7. 1.", "2016-07-01"),
        ("2016-7-1", "2016-07-01"),
        ("20160701", "2016-07-01"),
        ("01/07/2016", "2016-07-01 or 2016-01-07"),
        ("31/07/2016", "write 2016-07-31"),
        ("1 July 2016", "2016-07-01"),
        ("July 1, 2016", "2016-07-01"),
        ("July 2016", "2016-07"),
    ],
)
def test_mangled_date_is_told_what_to_type(book: Book, typed: str, meant: str) -> None:
    book.edit("events", 2, when=typed)
    (found,) = refused(book)
    assert found.startswith(f"data/events.csv:2: when: {typed!r} is not an EDTF date - ")
    assert meant in found


@pytest.mark.parametrize("typed", ["soon", "2016-13", "2019-02-29", "2020/2019", "2020-", "99999"])
def test_what_is_not_edtf_is_refused(book: Book, typed: str) -> None:
    book.edit("events", 2, when=typed)
    (found,) = refused(book)
    assert found.startswith("data/events.csv:2: when: ")


@pytest.mark.parametrize(
    "typed", ["2016", "2016-07", "2016-07-01", "2018~", "2018/2020", "XXXX", "[2021-10-21,2022-04-21]"]
)
def test_edtf_is_accepted_and_kept_as_typed(book: Book, typed: str) -> None:
    book.edit("events", 2, when=typed)
    assert reading.read(book.root)["events"].rows[0]["when"] == typed


def rename(book: Book, table: str, old: str, new: str) -> None:
    book.change_bytes(table, lambda data: data.replace(old.encode(), new.encode(), 1))


def test_misspelt_column_names_the_one_that_is_meant(book: Book) -> None:
    rename(book, "claims", "qualifier", "qualifer")
    assert refused(book) == [
        "data/claims.csv:1: qualifer: the column is not in the contract - did you mean qualifier?",
        "data/claims.csv:1: qualifier: the column is missing - rename qualifer",
    ]


def test_missing_column_is_reported_once_and_not_per_row(book: Book) -> None:
    rename(book, "places", "place_id,name,part_of", "place_id,name,zzz")
    found = refused(book)
    assert "data/places.csv:1: part_of: the column is missing - add it to the header and to every row" in found
    assert len(found) == 2


def test_columns_in_another_order_are_reported(book: Book) -> None:
    book.path("places").write_bytes(b"name,place_id,part_of,lat,surveyed\nThe coast,coast,,,\n")
    (found,) = refused(book)
    assert found == (
        "data/places.csv:1: the columns are not in the order of the contract - "
        "order them as place_id,name,part_of,lat,surveyed"
    )


def test_faults_of_all_tables_are_raised_together_and_sorted(book: Book) -> None:
    book.edit("places", 2, lat="high")
    book.edit("claims", 5, low="many", unit="people")
    book.change_bytes("events", lambda data: b"\xef\xbb\xbf" + data)
    found = refused(book)
    assert [one.split(" ")[0] for one in found] == [
        "data/claims.csv:5:", "data/claims.csv:5:", "data/events.csv:1:", "data/places.csv:2:",
    ]  # fmt: skip


def test_lenient_reading_keeps_the_rows_beside_a_ragged_one(book: Book) -> None:
    book.change_bytes("places", lambda data: data + b"zz-reef,Reef\n")
    found = reading.read_leniently(contract.load(book.root))["places"]
    assert found.table is not None and len(found.table.rows) == 2
    assert found.ragged == ((4, {"place_id": "zz-reef", "name": "Reef"}),)
