"""Every problem of a report's tables in its whole line: place, what is wrong and what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from evidencebook.check import anchors, checking, keys, pages, quotations, statements
from evidencebook.pages.quotes import QUOTED
from evidencebook.pages.roles import evidence_reference
from tests.building import copy_book
from tests.small import TEXTS, Book

# What is written into which cell, and below it all that is said of that cell.
CELLS = """
places:2: place_id:
    the cell is empty - fill it in
claims:3: claim_id: keeper-left
    keeper-left is already the id of line 2 - give this row an id of its own, or delete it
claims:3: place_id: north-rok
    north-rok is not a place_id in data/places.csv - did you mean north-rock? Otherwise add it there first
claims:3: place_id: zzz
    zzz is not a place_id in data/places.csv - add it to data/places.csv first
claims:5: low: 70
    70 is above high 60 - swap them or correct the row
claims:5: qualifier:
    there is no qualifier for low 40 and high 60 - write range, or correct the bounds
claims:5: qualifier: over
    over asks for only low, but the row has low 40 and high 60 - write range, or correct the bounds
claims:5: unit:
    there is a number without a unit - say what 40 counts or is measured in
claims:2: when:
    when_basis is stated, and when is empty - fill it in, or empty when_basis
claims:2: when_basis:
    when is 2020-01, and when_basis is empty - fill it in, or empty when
events:2: when: January 2020
    'January 2020' is not an EDTF date - write 2020-01
events:2: when: 2021
    2021 goes beyond 2020-01 (keeper-left), which dates it - narrow the event, widen the claim, or record the two
    dates as a contradiction of kind date
places:2: part_of: north-rock
    it goes round in a circle: coast -> north-rock -> coast - name what is larger, or empty the cell
places:2: part_of: coast
    it goes round in a circle: coast -> coast - name what is larger, or empty the cell
places:3: lat: 95
    95 is above the maximum 90 - write 90 or less
places:3: lat: -91
    -91 is below the minimum -90 - write -90 or more
contradictions:2: claim_b: north-rock-mark
    north-rock-mark is also claim_a - name another
claims:3: fragment: reads down … the mark
    the opening words 'reads down' are not in the text - copy them from the text, with its quotes and spaces
claims:3: high: 91
    91 does not stand in its passage - correct the row or its fragment
derived:2: formula: {visitors-montly} * 12
    there is no claim or derived value visitors-montly - did you mean visitors-monthly or visitors-yearly?
derived:2: derived_id: visitors-monthly
    a claim has this id too - give the derived value another id
derived:2: formula: {visitors-monthly} *
    it cannot be read: look for a missing operator, parenthesis or comma - correct the formula, its unit or its
    inputs
claims:3: statement: The log says 95 centimetres.
    95 does not stand in its passage - correct the row or its fragment
sources:2: chars: 12
    12 is not the length of detadnu-canamla.txt - write 89
claims:3: note: Between 40 and 60 visitors come each month. Share this page now
    11 words in a row stand in an article: "Between 40 and 60 visitors come each month. Share this page" - say it in
    other words; 10 in a row may be the same
claims:3: note: They kept 3,000 of them.
    "3,000" is the value of another row - write {readings-kept}, with a form if need be, or {=3,000} where it is
    another number
claims:3: note: They kept {readings-kep}.
    no row has the id 'readings-kep' - did you mean readings-kept?
sources:3: url: javascript:alert(1)
    'javascript:alert(1)' is not a web address: it does not start with https:// or http:// and a host - write a
    whole address such as https://example.org/page
claims:3: para: 1.5
    '1.5' is not a whole number - write a whole number such as 12
claims:3: modality: statd
    'statd' is not an allowed value - did you mean stated? use one of stated, hearsay
claims:3: claim_id: North Rock
    'North Rock' does not match [a-z0-9]+(-[a-z0-9]+)* - write north-rock
events:2: is_disputed: TRUE
    'TRUE' is not true or false - write true or false in small letters
places:3: surveyed: 2001-02-30
    '2001-02-30' is not a date - write a date such as 2016-07-01
"""
CASES = re.findall(r"^(\w+):(\d+): (\w+):(.*)\n((?: .+\n)+)", CELLS, re.MULTILINE)


@pytest.mark.parametrize(("table", "line", "column", "cell", "said"), CASES)
def test_a_cell_at_fault_is_told_in_this_line(
    book: Book, table: str, line: str, column: str, cell: str, said: str
) -> None:
    book.edit(table, int(line), **{column: cell.strip()})
    assert book.messages() == [f"data/{table}.csv:{line}: {column}: {' '.join(said.split())}"]


def test_each_cell_at_fault_is_tried() -> None:
    assert len(CASES) == sum(not line.startswith(" ") for line in CELLS.strip().splitlines())


HASH = "f83ab7e16a665e6050e65ea38497d5a0035b2bdfa5c479edff8efccf5d15ac74"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"para": "9"}, "para: the passage is not in paragraph 9"),
        ({"start": "3"}, "sha256: the hash does not fit the text from 3 to 82"),
        ({"sha256": "0" * 64}, "sha256: the hash does not fit the text from 41 to 82"),
    ],
)
def test_an_anchor_at_fault_is_told_with_the_right_one(book: Book, cells: dict[str, str], what: str) -> None:
    book.edit("claims", 3, **cells)
    assert book.messages() == [f"data/claims.csv:3: {what} - write para 2, start 41, end 82, sha256 {HASH}"]


WHERE = "put the article's text where texts are looked for, and run `evidencebook check --fix`"


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"start": "82"}, "end: 82 is not after start 82"),
        ({"start": "81"}, ""),
        ({"end": "249"}, "start: 41 to 249 goes beyond a text of 248 characters"),
        ({"end": "248"}, ""),
        ({"para": "125"}, "para: 125 paragraphs are more than the text can have"),
        ({"para": "124"}, ""),  # each of one letter, and an end of line between them
        ({"sha256": ""}, "sha256: the passage has no complete anchor"),
        ({"para": "", "end": ""}, "para: the passage has no complete anchor"),
    ],
)
def test_an_anchor_that_no_text_can_have_is_told_without_the_text(book: Book, cells: dict[str, str], what: str) -> None:
    assert len(TEXTS["harbour-2019"]) == 248
    for path in book.texts.iterdir():
        path.unlink()
    book.edit("claims", 3, **cells)
    assert book.messages() == ([f"data/claims.csv:3: {what} - {WHERE}"] if what else [])


def spare(book: Book) -> None:
    (book.texts / "more.txt").write_text("Something else entirely, with words.", "utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book.write("claims", book.rows("claims")[::-1]),
         "data/claims.csv:3: claim_id: readings-kept comes after visitors-monthly, and 2 more rows are out of order - "
         "run `evidencebook check --fix`, or sort the rows by claim_id"),
        (lambda book: book.edit("sources", 2, file_sha256="0" * 64),
         "data/sources.csv:2: file_sha256: no text has this hash, but detadnu-canamla.txt holds passages of the "
         "source - write 121fe0a135ecfd9454b540818b48544949c5b8f8d45a3c82d7c820d86826e03f, "
         "or put back the text as received"),
        (spare, "seeds/texts/more.txt: no source names this text - add a row to data/sources.csv with file_sha256 "
         "73159cecf9b4bf3eaec7fd9afd0862f5a4af0d8ee123afec3775ac8114c54733, or take the file away"),
        (lambda book: (book.root / "seeds/harbour-2019.md").unlink(),
         "data/sources.csv:3: source_id: harbour-2019 has no note seeds/harbour-2019.md - "
         "write what the article reports, and how reliably"),
        (lambda book: (book.root / "seeds/other.md").write_text("# x\n", "utf-8"),
         "seeds/other.md: no source has the id other - add a row to data/sources.csv with this source_id, "
         "or take the note away"),
        (lambda book: (book.root / "data/README.md").write_text("x", "utf-8"),
         "data/README.md: the dictionary is not what datapackage.json says now - run `evidencebook dictionary`"),
    ],
)  # fmt: skip
def test_a_file_at_fault_is_told_in_this_line(book: Book, change: Callable[[Book], None], said: str) -> None:
    change(book)
    assert book.messages() == [said]


def test_ids_that_cannot_be_compared_do_not_hide_others() -> None:
    known = keys.Ids(frozenset({("coast",), ("rock", "old")}), ("north-rock,5", ""))
    assert known.unexplained([("coast",), ("rock", "old")]) == set()
    assert known.explains("North Rock")  # whose row has a comma too many
    assert not keys.Ids(frozenset(), ("no",)).explains("north-rock")  # too short to be known again
    assert known.unexplained([("quay",)]) == set()  # that of the row without an id
    assert known.unexplained([("quay",), ("pier",)]) == {("quay",), ("pier",)}
    assert keys.Ids(frozenset(), ("lighthouze",)).explains("lighthouse")
    both = keys.Ids(frozenset({("a",)}), ("x",)) | keys.Ids(frozenset({("b",)}), ("y",))
    assert (both.known, both.spoilt) == ({("a",), ("b",)}, ("x", "y"))


@pytest.mark.parametrize(
    ("order", "moved"),
    [("abcd", []), ("bacd", [1]), ("bcda", [3]), ("dabc", [0]), ("aab", []), ("cab", [0]), ("badc", [1, 3])],
)
def test_as_few_rows_as_possible_are_out_of_order(order: str, moved: list[int]) -> None:
    assert keys.misplaced([(letter,) for letter in order]) == moved


def test_where_a_quarrel_may_hide_behind_a_fault_no_date_is_judged(book: Book) -> None:
    book.edit("events", 2, when="2021")
    assert "goes beyond 2020-01 (keeper-left), which dates it" in book.problem()
    book.edit("contradictions", 2, claim_a="keeper-lefd")
    assert book.problem().startswith("data/contradictions.csv:2: claim_a: keeper-lefd is not a claim_id")


@pytest.mark.parametrize(
    ("passage", "quoted", "is_found"),
    [
        ("He said \u2018it\u2019s \u201cso\u201d here\u2019.", "it's \"so\" here'", True),
        ('He said it\'s "so"\u00a0here.', "it\u2019s \u201cso\u201d here", True),
        ("It\u02bcs so.", "It's so", True),
        ("It is so.", "it is so", False),
        ("One two three four.", "two \u2026 four", True),
        ("One two three four.", "four \u2026 two", False),
        ("One two.", "wo", False),
        ("One two.", "two", True),
    ],
)
def test_quotation_marks_may_be_those_of_a_typewriter_and_words_are_whole(
    passage: str, quoted: str, is_found: bool
) -> None:
    node = evidence_reference("", entry="one", **{QUOTED: quoted})
    told = quotations.fault(node, SimpleNamespace(of=lambda _: passage))  # type: ignore[arg-type]
    assert (told == "") is is_found, told
    assert quotations.fault(node, SimpleNamespace(of=lambda _: None)) == ""  # type: ignore[arg-type]


def test_a_problem_of_a_page_is_told_in_this_line(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    with (root / "book/tide.md").open("a", encoding="utf-8") as page:
        page.write("\nOf {count}`claim`, {ref}`no-such`, {fact}`looker` and {quote}`looker|x`.\n")
    line = (root / "book/tide.md").read_text("utf-8").count("\n")
    said = [str(one) for one in checking.check(root, root / "seeds/texts", with_pages=True).problems]
    assert said == [
        f"book/tide.md:{line}: undefined label: 'no-such' - correct it, or write what it should lead to",
        f"book/tide.md:{line}: unknown claim 'looker' - did you mean lookers?",
        f"book/tide.md:{line}: unknown fact 'looker' - did you mean lookers?",
        f"book/tide.md:{line}: unknown table 'claim' - did you mean claims?",
    ]
    assert pages._where(root, "") == ("book", None, None)
    assert pages._where(root, f"{root}/book/tide.md:7") == ("book/tide.md", 7, None)
    assert pages._where(root, "/elsewhere/x.md:7") == ("/elsewhere/x.md", 7, None)


# What is written below an empty line of a page, and what is said of it.
ASKED = {
    "```{claims-table}\n:columns: colour\n```": "unknown column 'colour' - known are statement, value, speaker, "
    "source, when, place, scope, rating, paragraph",
    "```{claims-table}\n:theme: fish\n```": "no claim fits theme fish",
    "```{checks}\n:verdict: agrees\n```": "the report has no table checks",
    "```{data-table} place\n```": "unknown table 'place' - did you mean places?",
    "```{data-table} places\n:columns: nam\n```": "unknown column 'nam' of places - did you mean name?",
    "```{data-table} places\n:order: lot\n```": "'lot' is no column of places - did you mean lon or lat or note?",
    "```{key-figures}\nlookers\n```": "'lookers' is not `id: caption`",
    "```{source-card} harbour-lag\n```": "unknown source 'harbour-lag' - did you mean harbour-log?",
    "```{rests-on} fall\n```": "unknown table 'fall' - use one of falls, ranges",
    "Of {count}`claims|loud` claims.": "unknown form 'loud' - use one of capital, digits, or none",
    "Of {count}`claims theme=fish` claims.": "no row of claims fits 'theme=fish'",
    "Of {value}`places rock` it.": None,
    "```{claims}\n```": "Unknown directive type: 'claims' - correct it: the build would fail",
}


def test_what_a_page_asks_for_in_vain_is_told_in_this_line(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    page = root / "book/tide.md"
    text, wanted = page.read_text("utf-8"), []
    for asked, said in ASKED.items():
        wanted.append((range(text.count("\n") + 2, text.count("\n") + 3 + asked.count("\n")), said))
        text += f"\n{asked}\n"
    page.write_text(text, "utf-8")
    report = checking.check(root, root / "seeds/texts", with_pages=True)
    for lines, said in wanted:
        (told,) = (one for one in report.problems if one.row in lines)
        assert said is None or f"{told.what} - {told.remedy}".startswith(said), told
    assert len(report.problems) == len(ASKED)


@pytest.mark.parametrize(
    ("asked", "column"), [("{src}`harbour-2019`", "outlet_original"), ("```{evidence-ledger}\n```", "theme")]
)
def test_a_page_that_shows_what_no_column_holds_says_so(book: Book, asked: str, column: str) -> None:
    (book.root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    (book.root / "_config.yml").write_text("title: T\nsphinx:\n  extra_extensions: [evidencebook.extension]\n", "utf-8")
    (book.root / "book").mkdir()
    (book.root / "book/index.md").write_text(f"# A\n\n{asked}\n", "utf-8")
    said = [str(one) for one in checking.check(book.root, book.texts, with_pages=True).problems]
    assert said == [
        f"book/index.md: a table lacks the column {column}, without which the page cannot be shown - "
        "add it, and describe it in data/datapackage.json"
    ]


def test_money_counts_no_persons_in_a_statement() -> None:
    bounds = statements.Bounds(Fraction(40), Fraction(60), "range", "persons")
    for said in ("They paid 90 dollars.", "They paid US$90.", "They paid €90.", "It took 90 days."):
        assert statements.disagreement(said, bounds, ("persons", "days")) is None, said
    assert statements.disagreement("They were 90.", bounds) == '"90" does not fit low 40 and high 60'


def test_a_date_at_fault_has_no_statement_judged_by_it(book: Book) -> None:
    book.edit("claims", 2, statement="In 2021 the keeper left.")
    assert book.problem().startswith("data/claims.csv:2: statement: 2021 does not stand in its article")
    book.edit("claims", 2, when="2021-13")
    assert book.problem().startswith("data/claims.csv:2: when: '2021-13' is not a day")


def test_a_fragment_that_is_nowhere_fills_no_anchor() -> None:
    cells = {"fragment": "not there", "para": "1", "start": "0", "end": "1", "sha256": ""}
    assert anchors.filled(cells, "Some text.") == {}
    found = anchors.filled({**cells, "fragment": "Some text"}, "Some text.")
    assert found == {"end": "9", "sha256": hashlib.sha256(b"Some text").hexdigest()}
