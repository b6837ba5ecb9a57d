"""One rule of doubt decides the line and the word of a fact wherever it is shown."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pymupdf
import pytest
from bs4 import BeautifulSoup, Tag

from evidencebook.evidence.account import Accounts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence
from evidencebook.pages.legend import OPENING, REST, SAMPLE
from tests.building import built_in, change, copy_book, soup
from tests.pages import pages, parsed
from tests.printed import read, squeezed
from tests.tabled import add_checks, add_column
from tests.test_wording import claim, fact_of

HALF = {"derived_id": "half", "label": "half", "formula": "{paid} / 2", "unit": "USD", "decimals": 0}
UNQUANTIFIED = ("paid", "", "", "", "")
VALUE = ("paid", "600", "", "over", "USD")


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"modality": "stated"}, ""),
        ({"modality": "inferred", "credibility": 3, "reliability": "F"}, "unconfirmed"),
        ({"modality": "inferred", "credibility": 2}, ""),
        ({"speaker_type": "anonymous", "credibility": 3}, "unconfirmed"),
        ({"speaker_type": "outlet", "credibility": 3}, "unconfirmed"),
        ({"speaker_type": "official", "credibility": 3}, ""),
        ({"speaker_type": "anonymous", "credibility": 2}, ""),
        *[({"modality": one}, "unconfirmed") for one in ("rumoured", "projected", "hearsay")],
        ({"modality": "disputed"}, "disputed"),
        ({"credibility": 4, "reliability": "C"}, "disputed"),
        ({"credibility": 5, "reliability": "C"}, "disputed"),
        ({"credibility": 6, "reliability": "F"}, "unconfirmed"),
        ({"credibility": 6, "reliability": "C"}, "unconfirmed"),
        ({"modality": "rumoured", "credibility": 6, "reliability": "F"}, "unconfirmed"),
        ({"modality": "hearsay", "credibility": 4}, "disputed"),
    ],
)
def test_modality_and_rating_of_a_value_are_doubts_and_so_are_those_of_what_rests_on_it(
    cells: dict[str, Any], found: str
) -> None:
    paid = claim(*VALUE, **cells)
    assert doubt(fact_of("paid", paid)) == doubt(fact_of("half", paid, derived=(HALF,))) == found


@pytest.mark.parametrize(
    ("verdict", "found"),
    [
        ("disputed", "disputed"),
        ("contradicted", "disputed"),
        ("inconsistent", "disputed"),
        ("imprecise", ""),
        ("agrees", ""),
    ],
)
def test_a_verdict_against_a_claim_is_a_doubt(verdict: str, found: str) -> None:
    checks = ({"claim_id": "paid", "verdict": "agrees"}, {"claim_id": "paid", "verdict": verdict})
    assert doubt(fact_of("paid", claim(*VALUE), checks=checks)) == found
    assert doubt(fact_of("half", claim(*VALUE), derived=(HALF,), checks=checks)) == found


def test_an_event_that_nobody_could_verify_makes_its_values_and_dates_doubtful() -> None:
    events = ({"event_id": "riot", "is_unverified": True, "when": "2024-01"},)
    paid = claim(*VALUE, event_id="riot", modality="rumoured")
    assert fact_of("paid", paid, events=events).doubts == ("rumoured", "unverified")
    assert doubt(fact_of("half", claim(*VALUE, event_id="riot"), derived=(HALF,), events=events)) == "unconfirmed"
    month = claim(*UNQUANTIFIED, kind="date", when="2024-01", event_id="riot")
    assert doubt(fact_of("paid", month, events=events)) == "unconfirmed"


@pytest.mark.parametrize("cells", [{"modality": "hearsay"}, {"credibility": 6, "reliability": "F"}])
def test_a_statement_without_a_value_bears_the_same_words(cells: dict[str, Any]) -> None:
    assert doubt(fact_of("paid", claim(*UNQUANTIFIED, kind="statement", **cells))) == "unconfirmed"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book in three editions, with values doubtful for several reasons and one beyond doubt."""
    root = copy_book(tmp_path_factory.mktemp("doubts"))
    add_checks(root)  # it contradicts the number of lamps
    add_column(root, "events", "is_unverified", {"great-tide": "true"}, "boolean")
    change(root / "data/claims.csv", "2,64,92,423ba2d541db3c488d8c8dbeeb0f64a6b4dfd1cd9b3eb81de09a92ddc148659b,Up to 90 … to look,B,3", "2,64,92,423ba2d541db3c488d8c8dbeeb0f64a6b4dfd1cd9b3eb81de09a92ddc148659b,Up to 90 … to look,F,6")  # fmt: skip # noqa: E501
    change(root / "book/tide.md", "More.", "There were {fact}`lamps-lit`, and {fact}`sum-paid|told` by rumour.")
    built_in(root, "html", "pdf", "epub")
    return root


def shown(page: BeautifulSoup | Tag) -> Iterator[tuple[str, Tag]]:
    """The id of every fact in the prose of a page, with its link."""
    for link in page.select("a.fact"):
        yield urlsplit(str(link["href"])).fragment.removeprefix("ledger-"), link


def wrong(evidence: Evidence, page: BeautifulSoup | Tag) -> list[str]:
    """The facts of a page whose line or word is not that of the rule, and values from outside without either."""
    found = [f"{one}" for one in page.select("a.value") if untested(one) != "untested"]
    for fact_id, link in shown(page):
        fact = evidence.fact(fact_id)
        beside = link.find_next_sibling()
        marks = [*link.select(".modality"), *([beside] if beside and "stance" in beside.get("class", []) else [])]
        words = [mark.get_text().strip(" ()\u00a0") for mark in marks]
        has_line = "is-doubtful" in link["class"]
        # A sentence may say the doubt itself: then there is no word, and the line stays.
        if has_line is not bool(doubt(fact)) or words not in ([doubt(fact)], []) or (words and not doubt(fact)):
            found.append(f"{fact_id}: {link}")
    return found


def untested(value: Tag) -> str:
    """The word of a value from outside the sources, if it has a dashed line too."""
    beside = value.select_one(".modality, .stance")
    return beside.get_text().strip(" ()\u00a0") if beside and "is-doubtful" in value["class"] else ""


def lined(path: Path) -> Iterator[tuple[int, bool]]:
    """The entry's number of every fact in a PDF that can be told from others, and whether a dashed line is under it."""
    with pymupdf.open(path) as document:
        for page in document:
            drawn = [pymupdf.Rect(one["rect"]).tl for one in page.get_drawings() if one["dashes"] not in ("[] 0", None)]
            letters = list(lettered(page))
            for link in page.get_links():
                place = pymupdf.Rect(link["from"])
                x0, y0, x1, y1 = place
                said = "".join(
                    c for (left, top, right, low), c in letters if left < x1 and x0 < right and top < y1 and y0 < low
                )
                numbers = re.findall(r"\[(\d+)\]", said)
                if link["kind"] == pymupdf.LINK_GOTO and len(numbers) == 1:  # a link over two lines may hold others
                    yield int(numbers[0]), any(place.contains(one) for one in drawn)


def lettered(page: pymupdf.Page) -> Iterator[tuple[tuple[float, ...], str]]:
    """Each letter of a page with its place, read once: `get_textbox` reads the whole page again for each link."""
    blocks = page.get_text("rawdict", flags=0)["blocks"]
    spans = (span for block in blocks for line in block["lines"] for span in line["spans"])
    return ((letter["bbox"], letter["c"]) for span in spans for letter in span["chars"])


def check_lines(path: Path, evidence: Evidence) -> int:
    """Compare the lines of a PDF with the rule; return how many facts were compared."""
    names = {number: fact_id for fact_id, number in Accounts(evidence).numbers.items()}
    found = list(lined(path))
    for number, has_line in found:
        assert has_line is bool(doubt(evidence.fact(names[number]))), names[number]
    return len(found)


@pytest.mark.slow
def test_line_and_word_of_every_fact_are_those_of_the_rule_on_the_web_and_in_the_e_book(built: Path) -> None:
    evidence = Evidence.load(built)
    web = [parsed(path) for path in pages(built / "_build/html")]
    assert {doubt(evidence.fact(fact_id)) for page in web for fact_id, _ in shown(page)} == {
        "",
        "disputed",
        "unconfirmed",
    }
    (path,) = (built / "_build/epub").glob("*.epub")
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        documents = [BeautifulSoup(book.read(name), "html.parser") for name in names]
    assert sum(len(list(shown(page))) for page in documents) > 5
    for page in (*web, *documents):
        assert wrong(evidence, page) == []


@pytest.mark.slow
def test_dashed_lines_stand_in_print_under_doubtful_values_alone(built: Path) -> None:
    assert check_lines(built / "_build/pdf/tides.pdf", Evidence.load(built)) > 5


@pytest.mark.slow
def test_a_doubtful_value_says_so_behind_its_number_in_print(built: Path) -> None:
    text = squeezed(read((built / "_build/pdf/tides.pdf").read_bytes()).text())
    for said in ("about2,000times[](disputed)", "upto90[](unconfirmed)", "threeorfourmetres[](unconfirmed)"):
        assert said in re.sub(r"\[\d\]", "[]", text), said


@pytest.mark.slow
def test_a_legend_stands_once_below_the_opening_of_each_page_with_facts(built: Path) -> None:
    for path in pages(built / "_build/html"):
        page = soup(path)
        legends = page.select("p.legend")
        assert len(legends) == bool(list(shown(page))), path
        for legend in legends:
            assert legend.get_text() == OPENING + SAMPLE + REST
            above = legend.find_previous_sibling()
            assert above and above.name == "p" and legend.find_parent("section").select_one("p.legend") is legend


@pytest.mark.slow
def test_line_and_word_of_every_fact_of_the_report_are_those_of_the_rule(site: Path) -> None:
    evidence = Evidence.load(site.parents[1])
    facts = [fact_id for path in pages(site) for fact_id, _ in shown(parsed(path))]
    assert len(facts) > 80
    assert sum(len(parsed(path).select("a.value")) for path in pages(site)) >= 20
    for path in pages(site):
        assert wrong(evidence, parsed(path)) == [], path
    for name in ("workers-dailynk-sources", "seafood-employee-headcount", "accounts-factor"):
        assert doubt(evidence.fact(f"liaoning-{name}"))
