"""What the role {fact} may not hide: the doubt of a value, and the stance of the voice behind it."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from docutils import nodes
from docutils.utils import new_document
from pdfminer.high_level import extract_text
from sphinx import addnodes

from evidencebook.editions.print.typesetting import Source
from evidencebook.editions.print.typst import TypstTranslator
from evidencebook.evidence.doubts import DOUBTS
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.nodes import DOUBTFUL
from evidencebook.pages.numbering import Numbers
from evidencebook.tables import contract, dictionary
from tests.building import build, built_in, change, copy_book, one, soup

pytestmark = pytest.mark.slow


TALLIES = "tally_id,low,high,qualifier,unit\npilot,,70,up_to,persons\n"


def add_tallies(root: Path) -> None:
    """Give the report a table of numbers that are no claims of its sources."""
    path = root / "data/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    claims = next(one for one in package["resources"] if one["name"] == "claims")
    kept = [field for field in claims["schema"]["fields"] if field["name"] in TALLIES.split("\n")[0].split(",")]
    key = {"name": "tally_id", "type": "string", "description": "Its id."}
    schema = {"fields": [key, *kept], "primaryKey": "tally_id", "missingValues": [""]}
    package["resources"].append(
        {"name": "tallies", "path": "tallies.csv", "title": "Tallies", "description": "T.", "schema": schema}
    )
    path.write_text(json.dumps(package), "utf-8")
    (root / "data/tallies.csv").write_text(TALLIES, "utf-8")
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book as pages and as PDF; some sentences say the doubt of a value themselves."""
    root = copy_book(tmp_path_factory.mktemp("roles"))
    sentences = (
        "Perhaps as many as {fact}`lookers|hedged` came.",
        "Rumour had them pay {fact}`sum-paid|told`.",
        "Shared out, it is {fact}`sum-halved`.",
        "They speak of {count}`claims|digits` things. {count}`claims|capital` they are.",
        "Elsewhere a pilot has {value}`tallies pilot`, in words {value}`tallies pilot|words`.",
    )
    add_tallies(root)
    change(root / "book/index.md", "Much.", "\n".join(sentences))
    with (root / "data/derived.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("sum-halved,people,Half of the sum,{sum-paid} / 2,USD,0,Rests on talk.\n")
    built_in(root, "html", "pdf")
    return root


def test_a_rumour_says_so_in_the_text_of_its_link(built: Path) -> None:
    link = one(soup(built / "_build/html/book/tide.html"), "a.fact.is-doubtful")
    assert link.get_text() == "over US$600 (unconfirmed)"
    assert "visually-hidden" in one(link, ".modality")["class"]


def test_a_stated_fact_carries_no_marker(built: Path) -> None:
    for link in soup(built / "_build/html/book/tide.html").select("a.fact:not(.is-doubtful)"):
        assert "(" not in link.get_text()


def test_a_rumour_is_marked_for_all_to_see_where_tables_and_entries_name_it(built: Path) -> None:
    row = next(
        row for row in soup(built / "_build/html/book/tide.html").select("table.claims tr") if "600" in row.get_text()
    )
    marks = row.select("a.entry .modality")
    assert [mark.get_text() for mark in marks] == [" (unconfirmed)"]
    assert "visually-hidden" not in marks[0]["class"]
    head = one(soup(built / "_build/html/book/ledger.html"), "#ledger-sum-paid .head")
    assert head.get_text().startswith("5 over US$600 (unconfirmed). ")


def printed(built: Path) -> str:
    return re.sub(r"[\s\u2060]+", " ", extract_text(io.BytesIO((built / "_build/pdf/tides.pdf").read_bytes())))


def test_a_rumour_says_so_in_print_beside_its_evidence_number(built: Path) -> None:
    assert re.search(r"the sum over US\$600 ?\[5\] \(unconfirmed\)", printed(built))


def test_what_is_worked_out_from_a_rumour_is_conditional_in_link_entry_and_print(built: Path) -> None:
    (link,) = soup(built / "_build/html/book/index.html").select("a.fact[href$='#ledger-sum-halved']")
    assert link.get_text() == "over US$300 (unconfirmed)"
    entry = one(soup(built / "_build/html/book/ledger.html"), "#ledger-sum-halved")
    assert one(entry, ".head").get_text().startswith("7 over US$300 (unconfirmed). ")
    pairs = zip(entry.select("dt"), entry.select("dd"), strict=True)
    told = {term.get_text(strip=True): said.get_text(strip=True) for term, said in pairs}
    assert told["Weakest input"] == "given as rumour"
    assert re.search(r"is over US\$300 ?\[7\] \(unconfirmed\)", printed(built))


def test_a_sentence_that_says_the_stance_is_not_echoed_but_keeps_its_mark(built: Path) -> None:
    (link,) = soup(built / "_build/html/book/index.html").select("a.fact[href$='#ledger-sum-paid']")
    assert link.get_text() == "over US$600"
    assert "is-doubtful" in link["class"], "the dashed line stays"
    assert re.search(r"had them pay over US\$600 ?\[5\]\.", printed(built))


def test_counts_open_sentences_with_a_word_and_stand_in_tables_as_digits(built: Path) -> None:
    text = one(soup(built / "_build/html/book/index.html"), "article").get_text()
    assert "They speak of 5 things. Five they are." in text


def typst(link: nodes.reference) -> str:
    """The source of the print edition for a paragraph with the link, which leads to entry 7."""
    entry = nodes.container(ids=["ledger-x"])
    page = addnodes.start_of_file("", nodes.paragraph("", "", link), entry, docname="page")
    document = new_document("page.md")
    document += page
    numbers = Numbers(sections={}, figures={}, facts={"x": 7}, titles={}, parts={}, depths={}, formats={})
    translator = TypstTranslator(document, SimpleNamespace(config=None), numbers, cast(Source, None))
    document.walkabout(translator)
    opening, made, *_ = "".join(translator.body).split("\n")
    assert opening == "#prose["
    return made


def fact(classes: list[str], *more: nodes.Node) -> nodes.reference:
    return nodes.reference(
        "", "9", *more, refuri="%page#ledger-x", evidence_kind=LEDGER, evidence_id="x", classes=["fact", *classes]
    )


@pytest.mark.parametrize("stance", DOUBTS)
def test_print_marks_every_doubtful_stance_once(stance: str) -> None:
    hidden = nodes.inline("", f" ({stance})", classes=["modality", "visually-hidden"])
    made = typst(fact([DOUBTFUL], hidden))
    assert made == f'#fact("page:ledger-x", 7, doubtful: true, stance: "{stance}")[9]'


def test_print_leaves_a_stated_fact_with_its_number_alone() -> None:
    assert typst(fact(["is-whole"])) == '#fact("page:ledger-x", 7, doubtful: false, stance: "")[9]'


def test_a_sentence_that_hedges_itself_may_leave_the_qualifier_out(built: Path) -> None:
    assert "Perhaps as many as 90 came." in one(soup(built / "_build/html/book/index.html"), "article").get_text()


def test_a_value_that_is_no_claim_is_worded_and_leads_nowhere(built: Path) -> None:
    article = one(soup(built / "_build/html/book/index.html"), "article")
    said = "Elsewhere a pilot has up to 70 (untested), in words up to seventy (untested)."
    assert said in article.get_text() and len(article.select(".value.is-doubtful")) == 2
    assert said in printed(built).replace("\u00a0", " ")
    assert not [link for link in article.select("a.fact") if "70" in link.get_text()]


def test_a_value_that_no_table_holds_fails_the_build_at_its_place(root: Path) -> None:
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    add_tallies(root)
    page = root / "book/index.md"
    wrong = {
        "talies pilot": "unknown table 'talies' - did you mean tallies",
        "tallies pillot": "unknown row 'pillot' of tallies - did you mean pilot?",
        "claims lookers": "claims holds no values of its own",
        "places north-rock": "places holds no values of its own",
        "tallies pilot|bare": "pilot: |bare hides that the value is 'up to 70'",
    }
    start = len(page.read_text("utf-8").splitlines()) + 2
    page.write_text("\n\n".join([page.read_text("utf-8").rstrip(), *(f"{{value}}`{one}`" for one in wrong)]), "utf-8")
    done = build(root)
    assert done.returncode != 0
    for offset, said in enumerate(wrong.values()):
        assert f"book/index.md:{start + 2 * offset}: WARNING: {said}" in done.stderr


def test_a_form_that_hides_or_invents_a_doubt_fails_the_build_at_its_place(root: Path) -> None:
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", "utf-8")
    page = root / "book/index.md"
    wrong = ("lookers|bare", "sum-paid|low", "counted-share|high", "visitors-counted|told", "visitors-counted|bare")
    roles = [*(f"{{fact}}`{role}`" for role in wrong), "{count}`claims|loud`"]
    start = len(page.read_text("utf-8").splitlines()) + 2
    page.write_text(page.read_text("utf-8") + "\n" + "\n\n".join(roles) + "\n", "utf-8")
    done = build(root)
    assert done.returncode != 0
    for offset, words in enumerate(("up to 90", "over US$600", "up to 225%")):
        place = rf"book/index\.md:{start + 2 * offset}: WARNING: "
        assert re.search(place + rf".*hides that the value is '{re.escape(words)}'", done.stderr), words
    told = rf"book/index\.md:{start + 6}: WARNING: .*\|told is for a sentence that says a doubt"
    assert re.search(told, done.stderr), "nobody doubts what was counted"
    assert not re.search(rf"book/index\.md:{start + 8}: ", done.stderr), "an exact value may stand bare"
    assert re.search(
        rf"book/index\.md:{start + 10}: WARNING: unknown form 'loud' - use one of capital, digits", done.stderr
    )
