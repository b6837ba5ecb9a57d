from __future__ import annotations

import copy
import hashlib
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidencebook.check import checking
from evidencebook.tables import contract
from tests.small import PACKAGE, Book, field


def test_clean_report_has_no_problems_and_all_anchors_verified(book: Book) -> None:
    report = book.check()
    assert report.problems == ()
    assert (report.anchors_verified, report.anchors_unverified) == (4, 0)
    assert report.counts["claims"] == 4 and report.counts["places"] == 2


def test_wrong_type_is_reported_and_nothing_follows_from_it(book: Book) -> None:
    book.edit("claims", 3, high="ninety")
    assert book.problem() == (
        "data/claims.csv:3: high: 'ninety' is not a number - write a number such as 12 or 3.5, without unit"
    )


@pytest.mark.parametrize(
    ("line", "column", "wrong", "right", "target"),
    [
        (3, "place_id", "north-rok", "north-rock", "places"),
        (3, "source_id", "harbor-2019", "harbour-2019", "sources"),
        (2, "event_id", "departures", "departure", "events"),
    ],
)
def test_unknown_id_names_its_table_and_the_nearest_id(
    book: Book, line: int, column: str, wrong: str, right: str, target: str
) -> None:
    book.edit("claims", line, **{column: wrong})
    found = book.problem()
    assert found.startswith(f"data/claims.csv:{line}: {column}: {wrong} is not a {column} in data/{target}.csv")
    assert f"did you mean {right}" in found


def test_unknown_id_that_resembles_none_is_to_be_added(book: Book) -> None:
    book.edit("claims", 3, place_id="xyzzy")
    assert book.problem().endswith("add it to data/places.csv first")


def test_table_that_points_to_itself_is_checked(book: Book) -> None:
    book.edit("places", 3, part_of="coats")
    assert "coats is not a place_id in data/places.csv - did you mean coast" in book.problem()


def test_unreadable_table_is_one_problem_not_one_per_row_that_points_to_it(book: Book) -> None:
    book.path("places").unlink()
    assert "data/places.csv: the file is missing" in book.problem()


def test_ragged_row_is_one_problem_though_others_point_to_it(book: Book) -> None:
    book.change_bytes("places", lambda data: data.replace(b"-5.25,", b"-5.25"))
    assert book.problem().startswith("data/places.csv:3: 4 cells where the header has 5")


def test_missing_key_column_is_not_repeated_by_the_rows_that_need_it(book: Book) -> None:
    book.change_bytes("places", lambda data: data.replace(b"place_id", b"place", 1))
    found = book.messages()
    assert len(found) == 2 and all(one.startswith("data/places.csv:1: place") for one in found)


def test_duplicate_id_names_the_first_line(book: Book) -> None:
    rows = book.rows("claims")
    book.write("claims", [rows[0], rows[0], rows[0], *rows[1:]])
    assert [one.split(" - ")[0] for one in book.messages()] == [
        "data/claims.csv:3: claim_id: keeper-left is already the id of line 2",
        "data/claims.csv:4: claim_id: keeper-left is already the id of line 2",
    ]


def test_unique_column_beside_the_key_is_checked(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    next(one for one in package["resources"][3]["schema"]["fields"] if one["name"] == "name")["constraints"][
        "unique"
    ] = True
    book.write_package(package)
    book.edit("places", 3, name="The coast")
    assert book.problem().startswith("data/places.csv:3: name: The coast stands already in line 2")


def test_rows_out_of_order_are_one_problem_per_table(book: Book) -> None:
    book.write("claims", book.rows("claims")[::-1])
    found = book.problem()
    assert found.startswith("data/claims.csv:3: claim_id: readings-kept comes after visitors-monthly, and 2 more")
    assert found.endswith("sort the rows by claim_id")
    rows = book.rows("claims")[::-1]
    book.write("claims", [rows[1], rows[2], rows[0], *rows[3:]])
    assert f"claim_id: {rows[0]['claim_id']} comes after {rows[2]['claim_id']}" in book.problem()
    book.write("claims", [rows[-1], *rows[:-1]])
    assert f"data/claims.csv:2: claim_id: {rows[-1]['claim_id']} comes before {rows[0]['claim_id']}" in book.problem()


def test_a_table_without_ids_has_its_rows_in_any_order(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    del package["resources"][4]["schema"]["primaryKey"]
    book.write_package(package)
    book.write("derived", book.rows("derived")[::-1])
    assert book.messages() == []


def test_low_above_high_is_told_as_such_and_not_as_a_wrong_qualifier(book: Book) -> None:
    book.edit("claims", 5, low="134", high="90")
    assert book.problem() == "data/claims.csv:5: low: 134 is above high 90 - swap them or correct the row"


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "remedy"),
    [
        ("40", "60", "exact", "write range"),
        ("40", "60", "about", "write range"),
        ("40", "40", "range", "write exact or about"),
        ("40", "60", "at_least", "write range"),
        ("", "60", "over", "write up_to or under"),
        ("40", "", "up_to", "write at_least or over"),
        ("40", "60", "under", "write range"),
        ("40", "60", "unquantified", "write range"),
        ("40", "60", "", "write range"),
        ("", "", "exact", "write unquantified or nothing"),
    ],
)
def test_qualifier_that_contradicts_its_bounds_is_told_which_would_fit(
    book: Book, low: str, high: str, qualifier: str, remedy: str
) -> None:
    book.write("derived", [])
    book.edit("claims", 5, low=low, high=high, qualifier=qualifier)
    found = book.problem()
    assert found.startswith("data/claims.csv:5: qualifier: ")
    assert f" - {remedy}, or correct the bounds" in found


def test_number_without_a_unit(book: Book) -> None:
    book.edit("claims", 3, unit="")
    assert book.problem().startswith("data/claims.csv:3: unit: there is a number without a unit")


def test_date_and_its_basis_go_together(book: Book) -> None:
    book.edit("claims", 2, when_basis="")
    assert "data/claims.csv:2: when_basis: when is 2020-01, and when_basis is empty" in book.problem()
    book.edit("claims", 2, when="", when_basis="stated")
    assert "data/claims.csv:2: when: when_basis is stated, and when is empty" in book.problem()


@pytest.mark.parametrize("typed", ["5-Apr", "44562", "2016/7/1", "01/07/2016", "soon", "2019-02-30"])
def test_invalid_and_mangled_dates_are_one_problem(book: Book, typed: str) -> None:
    book.edit("claims", 2, when=typed)
    assert book.problem().startswith(f"data/claims.csv:2: when: {typed!r} is not")


def test_formula_injection(book: Book) -> None:
    book.edit("claims", 2, note='=cmd|"/c calc"!A1')
    assert "which a spreadsheet runs as a formula" in book.problem()


@pytest.mark.parametrize("column", ["unit", "qualifier", "low", "place_id", "sha256", "when_basis"])
def test_missing_column_is_not_repeated_by_the_rules_that_need_it(book: Book, column: str) -> None:
    book.change_bytes("claims", lambda data: data.replace(f",{column},".encode(), f",{column}s,".encode(), 1))
    assert book.messages() == [
        f"data/claims.csv:1: {column}: the column is missing - rename {column}s",
        f"data/claims.csv:1: {column}s: the column is not in the contract - did you mean {column}?",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "data/claims.csv:1: the file starts with a byte order mark"),
        (lambda data: data.replace(b"\n", b"\r\n"), "5 lines have Windows line ends (CRLF)"),
        (lambda data: data.replace(b"The log", "등대 log".encode()).decode().encode("cp949"), "CP949"),
        (lambda data: data + b"zz,harbour-2019\n", "data/claims.csv:6: 2 cells where the header has 20"),
    ],
)
def test_file_that_is_not_clean_is_one_problem(book: Book, change: object, expected: str) -> None:
    assert callable(change)
    book.write("derived", [])
    book.write("contradictions", [])
    book.change_bytes("claims", change)
    assert expected in book.problem()


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("{visitors-montly} * 12", "persons", "visitors-montly - did you mean visitors-monthly"),
        ("days_between({departure@when}, {departur@when})", "days", "departur - did you mean departure"),
        ("{visitors-monthly} + {north-rock-mark}", "persons", "persons"),
        ("{visitors-monthly} * 12", "days", "persons"),
        ("{visitors-yearly} * 2", "persons", "circle"),
        ("{visitors-monthly", "persons", "brace"),
        ("{visitors-monthly} ** 2", "persons", "data/derived.csv:2: formula: "),
        ("{keeper-left} * 2", "persons", "keeper-left"),
        ("{visitors-monthly} / ({readings-kept} - {readings-kept})", "persons", "zero"),
        ("__import__('os')", "persons", "data/derived.csv:2: formula: "),
    ],
)
def test_formula_that_cannot_be_worked_out_is_one_problem(book: Book, formula: str, unit: str, expected: str) -> None:
    book.edit("derived", 2, formula=formula, unit=unit)
    found = book.problem()
    assert found.startswith("data/derived.csv:2: formula: ") and expected in found


def test_two_unknown_ids_in_a_formula_are_both_named(book: Book) -> None:
    book.edit("derived", 2, formula="{aaa} + {bbb}")
    assert len(book.messages()) == 2


def test_formula_over_a_row_that_is_reported_already_is_not_reported_again(book: Book) -> None:
    book.edit("claims", 5, low="many")
    assert book.problem().startswith("data/claims.csv:5: low: ")


def test_derived_value_may_not_take_the_id_of_a_claim(book: Book) -> None:
    book.edit("derived", 2, derived_id="visitors-monthly", formula="{readings-kept} * 2", unit="times")
    assert book.problem().startswith("data/derived.csv:2: derived_id: a claim has this id too")


def test_claim_cannot_contradict_itself(book: Book) -> None:
    book.edit("contradictions", 2, claim_b="north-rock-mark")
    assert book.problem().startswith("data/contradictions.csv:2: claim_b: north-rock-mark is also claim_a")


def test_stale_or_missing_dictionary_is_a_problem(book: Book) -> None:
    readme = book.root / "data" / "README.md"
    readme.write_text("old", "utf-8")
    assert book.problem().endswith("run `evidencebook dictionary`")
    readme.unlink()
    assert book.problem().startswith("data/README.md: ")


def test_broken_contract_is_reported_without_a_traceback(book: Book) -> None:
    (book.root / contract.LABEL).write_text('{"resources": [', "utf-8")
    assert book.problem().startswith("data/datapackage.json:1: not JSON")


def test_column_of_a_type_that_no_rule_can_judge_is_a_problem_of_the_contract(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    low = next(one for one in package["resources"][1]["schema"]["fields"] if one["name"] == "low")
    low["type"] = "string"
    book.write_package(package)
    assert book.problem().startswith("data/datapackage.json: claims.low: the column is of type string")


def test_faults_of_every_sort_are_reported_together_sorted_and_once(book: Book) -> None:
    book.edit("claims", 2, when="44562", note="=1+1")
    book.edit("claims", 3, place_id="north-rok", credibility="7")
    book.edit("claims", 4, sha256="0" * 64, qualifier="range")
    book.edit("claims", 5, low="many", unit="person")
    book.edit("contradictions", 2, claim_a="no-such")
    book.edit("places", 3, lat="95", part_of="coats")
    book.change_bytes("events", lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    book.change_bytes("places", lambda data: data + b"zz-reef,Reef\n")
    found = book.messages()
    assert [one.split(" - ")[0].split(": ")[:2] for one in found] == [
        ["data/claims.csv:2", "note"],
        ["data/claims.csv:2", "when"],
        ["data/claims.csv:3", "credibility"],
        ["data/claims.csv:3", "place_id"],
        ["data/claims.csv:4", "qualifier"],
        ["data/claims.csv:4", "sha256"],
        ["data/claims.csv:5", "low"],
        ["data/claims.csv:5", "unit"],
        ["data/contradictions.csv:2", "claim_a"],
        ["data/events.csv", "2 lines have Windows line ends (CRLF)"],
        ["data/events.csv:1", "the file starts with a byte order mark (BOM)"],
        ["data/places.csv:3", "lat"],
        ["data/places.csv:3", "part_of"],
        ["data/places.csv:4", "2 cells where the header has 5"],
    ]


def test_small_report_of_three_other_tables_works(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    small = {"places", "events"}
    package["resources"] = [one for one in package["resources"] if one["name"] in small]
    claims = copy.deepcopy(PACKAGE["resources"][4])
    claims["name"], claims["path"] = "claims", "claims.csv"
    fields = [field("claim_id", required=True), field("low", "number")]
    claims["schema"] = {"fields": fields, "primaryKey": "claim_id"}
    package["resources"].append(claims)
    book.write_package(package)
    book.write("claims", [{"claim_id": "a", "low": "5"}])
    assert book.messages() == []
    assert book.check().counts == {"events": 1, "places": 2, "claims": 1}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_in_the_files_nothing_is_raised(book: Book, data: st.DataObject) -> None:
    paths = [*sorted((book.root / "data").glob("*.csv")), book.root / contract.LABEL]
    before = {path: path.read_bytes() for path in paths}
    try:
        for _ in range(data.draw(st.integers(1, 4))):
            path = data.draw(st.sampled_from(paths))
            old = path.read_bytes()
            start = data.draw(st.integers(0, len(old)))
            end = data.draw(st.integers(start, min(len(old), start + 30)))
            path.write_bytes(old[:start] + data.draw(st.sampled_from(SHRAPNEL) | st.binary(max_size=4)) + old[end:])
        report = book.check()
        assert list(report.problems) == sorted(report.problems)
    finally:
        for path, content in before.items():
            path.write_bytes(content)


SHRAPNEL = [
    *(b"", b",", b'"', b"\n", b"\r", b"\0", b"-", b"1" * 5000, b"null", b"{}", b"[]", b"[", b"{", b"}", b"3"),
    *(
        b"@when",
        b" * ",
        b"1e999",
        b"[2020,",
        b"..",
        b"XXXX",
        b"/",
        b"Y-20000",
        "등".encode(),
        b"\xff",
        b"nan",
    ),
]


@pytest.mark.slow
@pytest.mark.thorough
def test_ten_times_the_claims_take_about_ten_times_as_long_to_check(book: Book) -> None:
    few, many = in_proportion(book, lambda rows: None)
    assert few.problems == many.problems == ()
    assert (few.anchors_verified, many.anchors_verified) == (2_000, 20_000)


@pytest.mark.slow
@pytest.mark.thorough
def test_ten_times_the_bad_claims_take_about_ten_times_as_long_to_tell(book: Book) -> None:
    def spoil(rows: list[dict[str, str]]) -> None:
        for number, row in enumerate(rows):
            row |= {"place_id": f"north-{number % 3000}", "low": "9", "high": "5", "note": "=1"}

    few, many = in_proportion(book, spoil)
    assert (len(few.problems), len(many.problems)) == (6_000, 60_000)


def in_proportion(book: Book, spoil: Callable[[list[dict[str, str]]], None]) -> list[checking.Report]:
    """Check few claims and ten times as many, which takes some ten times as long; what looks for each among all others
    would take a hundred times. Seconds say nothing of a machine that others use: `make bench` knows the budgets."""
    reports, times = [], []
    for size in (1, 10):
        sources, claims = large_tables(book, sources=100 * size, claims=2_000 * size)
        spoil(claims)
        book.write("sources", sources)
        book.write_notes()
        book.write("claims", claims)
        seconds = []
        for _ in range(3):  # the quickest of three: whoever shares the machine slows a run down
            began = time.process_time()
            report = book.check()
            seconds.append(time.process_time() - began)
        reports.append(report)
        times.append(min(seconds))
    assert times[1] < 30 * times[0], times
    return reports


def large_tables(book: Book, sources: int, claims: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of sources and claims; their texts, of some three thousand characters each, are written too."""
    source, row = book.rows("sources")[1], book.rows("claims")[3]
    source_rows, claim_rows = [], []
    for path in book.texts.iterdir():
        path.unlink()
    per_source = claims // sources
    for number in range(sources):
        passages = [
            f"Entry {day} of log {number} says that 40 to 60 came, and what was seen" for day in range(per_source)
        ]
        rest = "from the tower, and more besides of ships." + " And so on." * 6
        text = "\n\n".join(f"At dusk. {passage} {rest}" for passage in passages)
        (book.texts / f"{number}.txt").write_bytes(text.encode())
        source_id = f"log-{number:05d}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        source_rows.append(source | {"source_id": source_id, "file_sha256": digest, "chars": str(len(text))})
        for day, passage in enumerate(passages):
            start = text.index(passage)
            own = {
                "claim_id": f"claim-{number * per_source + day:06d}",
                "source_id": source_id,
                "statement": f"Log {number} tells of visitors on day {day}.",
                "when": f"{1800 + number % 200}-{day % 12 + 1:02d}-{day % 28 + 1:02d}",
                "when_basis": "stated",
                "para": str(day + 1),
                "start": str(start),
                "end": str(start + len(passage)),
                "sha256": hashlib.sha256(passage.encode()).hexdigest(),
                "fragment": f"Entry {day} of … was seen",
            }
            claim_rows.append(row | own)
    book.write("derived", [])
    book.write("contradictions", [])
    return source_rows, claim_rows
