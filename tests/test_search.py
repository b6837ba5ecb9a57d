"""The search in a real browser, opened from disk: what it finds, in which order and how it shows it, what it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.pages import until

pytestmark = pytest.mark.slow

Searched = Callable[[str], Page]
GROUPS = ["Chapters", "Appendix and sources", "Evidence ledger and disagreements"]
FIRST = 8
# Each pair is one word in two spellings.
SPELLINGS = {
    "labor": "labour", "laborers": "labourers", "neighboring": "neighbouring", "behavior": "behaviour",
    "behavioral": "behavioural", "rumored": "rumoured", "favorable": "favourable", "program": "programme",
    "defense": "defence", "offense": "offence", "license": "licence", "licensed": "licenced",
    "practice": "practise", "center": "centre", "centered": "centred", "theater": "theatre", "maneuver": "manoeuvre",
    "organize": "organise", "organizing": "organising", "organization": "organisation",
    "organizations": "organisations", "organizational": "organisational", "analyzed": "analysed",
    "traveled": "travelled", "travelers": "travellers", "labeling": "labelling", "counselor": "counsellor",
    "fulfill": "fulfil", "enrollment": "enrolment", "skillful": "skilful", "judgment": "judgement",
    "catalog": "catalogue", "gray": "grey", "kidnaped": "kidnapped", "adviser": "advisor", "learned": "learnt",
    "factory": "factories", "dispatch": "dispatches", "worker": "workers", "movie": "movies", "30000": "30,000",
}  # fmt: skip
# No two of each are one word, however alike the rules might make them.
APART = [
    ("four", "for"), ("hour", "horror"), ("severe", "sever"), ("filled", "filed"), ("called", "caled"),
    ("prize", "price"), ("citizen", "citise"), ("advice", "advise"), ("sentence", "sense"), ("evidence", "evident"),
    ("hatred", "hater"), ("minor", "miner"), ("policy", "police"), ("passed", "past"), ("tour", "tor"),
    ("program", "progress"), ("2,397", "23,97"), ("source", "sorcerer"), ("court", "cort"), ("willing", "wiling"),
]  # fmt: skip


@pytest.fixture
def searched(site: Path, chromium: Browser) -> Iterator[Searched]:
    """The page of the search, once what is asked has been answered; no script of it may fail."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))

    def search(query: str) -> Page:
        tab.goto((site / "search.html").as_uri())
        tab.locator("#q").fill(query)
        tab.keyboard.press("Enter")
        assert tab.locator(".search-status").inner_text()
        return tab

    yield search
    context.close()
    assert errors == []


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("salary", "wage"),
        ("defectors", "defection"),
        ("DPRK", "North Korea"),
        ("UNSCR", "Resolution"),
        ("단둥", "丹东"),
    ],
)
def test_words_that_the_report_takes_for_one_find_the_same(searched: Searched, asked: str, meant: str) -> None:
    ours, theirs = set(found(searched(asked))), set(found(searched(meant)))
    assert len(ours) > 5
    assert theirs <= ours
    assert set(found(searched(f"{asked} 2019"))) <= ours, "they go with other words of the question"


def all_shown(tab: Page) -> Locator:
    for button in tab.locator(".search-found section > button").all()[::-1]:
        button.click()
    return tab.locator(".search-found li")


def found(tab: Page) -> list[str]:
    links = all_shown(tab).locator("a")
    return [str(address) for address in links.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")]


def in_group(tab: Page, name: str) -> Locator:
    return tab.locator(".search-found section").filter(has=tab.get_by_role("heading", name=name))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Dandong", "Dandong"),
        ("30,000", "30,000"),
        pytest.param("30000", "30,000", marks=pytest.mark.thorough),
        ("visa", "visa"),
        pytest.param("visas", "visa", marks=pytest.mark.thorough),
        ("2397", "2397"),
        pytest.param("factori", "factor", marks=pytest.mark.thorough),
        pytest.param("dandong factories", "Dandong", marks=pytest.mark.thorough),
    ],
)
def test_the_search_finds_while_one_types(site: Path, chromium: Browser, query: str, expected: str) -> None:
    context = chromium.new_context()
    tab = context.new_page()
    tab.goto((site / "search.html").as_uri())
    tab.locator("#q").fill(query)
    hits = tab.locator(".search-found li")
    hits.first.wait_for()
    for n in range(min(3, hits.count())):
        assert expected.lower() in hits.nth(n).inner_text().lower()
        assert hits.nth(n).locator("mark").count()
    hits.first.locator("a").click()
    tab.wait_for_url(lambda url: "search.html" not in url)
    anchor = tab.url.partition("#")[2]
    tab.locator(f'[id="{anchor}"]').wait_for()
    tab.go_back()
    hits.first.wait_for()
    assert tab.locator("#q").input_value() == query
    context.close()


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("forced labor", "forced labour"),
        pytest.param("neighbors", "neighbours", marks=pytest.mark.thorough),
        pytest.param("rumor", "rumour", marks=pytest.mark.thorough),
        pytest.param("re-education program", "re-education programme", marks=pytest.mark.thorough),
        pytest.param("defense", "defence", marks=pytest.mark.thorough),
        pytest.param("center", "centre", marks=pytest.mark.thorough),
        pytest.param("licence", "license", marks=pytest.mark.thorough),
        pytest.param("traveled", "travelled", marks=pytest.mark.thorough),
        pytest.param("judgment", "judgement", marks=pytest.mark.thorough),
    ],
)
def test_both_spellings_find_the_same_and_mark_it(searched: Searched, american: str, british: str) -> None:
    tab = searched(british)
    expected = found(tab)
    assert expected
    assert tab.locator(".search-status").inner_text().endswith("what you look for.")
    assert found(searched(american)) == expected
    assert all(hit.locator("mark").count() for hit in tab.locator(".search-found li").all())


def test_spellings_of_one_word_are_one_term_and_other_words_stay_apart(searched: Searched) -> None:
    tab = searched("labour")
    terms: dict[str, str] = tab.evaluate(
        "words => Object.fromEntries(words.map(one => [one, EVIDENCE_WORDS.term(EVIDENCE_WORDS.split(one)[0])]))",
        [*SPELLINGS, *SPELLINGS.values(), *(word for words in APART for word in words)],
    )
    assert [pair for pair in SPELLINGS.items() if terms[pair[0]] != terms[pair[1]]] == []
    assert [words for words in APART if len({terms[word] for word in words}) < len(words)] == []


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Dandnog", "Dandong"),
        pytest.param("Tumne", "Tumen", marks=pytest.mark.thorough),
        pytest.param("Shinuiju", "Sinuiju", marks=pytest.mark.thorough),
        ("wrokers", "workers"),
        pytest.param("survielance", "surveillance", marks=pytest.mark.thorough),
        pytest.param("forced labuor", "forced labour", marks=pytest.mark.thorough),
        pytest.param("dandnog fatcory", "Dandong factory", marks=pytest.mark.thorough),
    ],
)
def test_a_slip_is_offered_the_nearest_word(searched: Searched, slip: str, meant: str) -> None:
    tab = searched(slip)
    offered = tab.locator(".search-status button").first
    word = offered.inner_text()  # as the report mostly writes it
    assert word.lower() == meant.lower()
    assert f"Did you mean {word}" in tab.locator(".search-status").inner_text()
    offered.click()
    assert tab.locator(".search-status").inner_text().endswith("what you look for.")
    assert tab.locator(".search-found mark").count()
    assert tab.locator("#q").input_value() == word
    assert tab.evaluate("document.activeElement.id") == "q"


@pytest.mark.parametrize(
    "query",
    ["zzzzqqq", pytest.param("29,999", marks=pytest.mark.thorough), pytest.param("…", marks=pytest.mark.thorough)],
)
def test_whoever_finds_nothing_is_told_what_is_searched(searched: Searched, query: str) -> None:
    tab = searched(query)
    said = tab.locator(".search-status").inner_text()
    assert said.startswith(f"Nothing was found for “{query}”.")
    assert "all pages and every entry of the evidence ledger" in said
    assert tab.locator(".search-status button, .search-found li").count() == 0
    assert not tab.locator(".search-groups").is_visible()


@pytest.mark.parametrize(
    ("query", "chapter"),
    [
        ("2397", "sanctions.html#the-security-council"),
        ("Dandong", ""),
        pytest.param("30,000", "", marks=pytest.mark.thorough),
    ],
)
def test_what_explains_comes_before_what_lists(searched: Searched, query: str, chapter: str) -> None:
    tab = searched(query)
    headings = tab.locator(".search-found h2")
    names = [text.rsplit(maxsplit=1)[0] for text in headings.all_inner_texts()]
    assert names == GROUPS
    first = str(tab.locator(".search-found li a").first.get_attribute("href"))
    assert first.startswith(f"book/{chapter}")
    addresses = {
        name: in_group(tab, name).locator("li a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        for name in GROUPS
    }
    entries = ("#ledger-", "#event-", "#contradiction-")
    for name in GROUPS[:2]:
        assert not [address for address in addresses[name] if any(entry in address for entry in entries)]
    assert all("/appendix/" not in address and address.startswith("book/") for address in addresses[GROUPS[0]])
    assert all(any(entry in address for entry in entries) for address in addresses[GROUPS[2]])


def test_each_group_shows_its_first_and_all_when_asked(searched: Searched) -> None:
    tab = searched("workers")
    total = int(tab.locator(".search-status").inner_text().split()[0])
    counts = [int(text) for text in tab.locator(".search-found h2 .count").all_inner_texts()]
    assert len(counts) == 3
    assert sum(counts) == total
    assert [link.rpartition("(")[2] for link in tab.locator(".search-groups a").all_inner_texts()] == [
        f"{count})" for count in counts
    ]
    for name, count in zip(GROUPS, counts, strict=True):
        group = in_group(tab, name)
        assert group.locator("li").count() == min(FIRST, count)
        if count > FIRST:
            button = group.get_by_role("button", name=f"Show all {count}")
            button.focus()
            tab.keyboard.press("Enter")
            assert group.locator("li").count() == count
            assert button.count() == 0
            assert group.locator("li").nth(FIRST).locator("a").evaluate("node => node === document.activeElement")
    tab.locator(".search-groups a").last.click()
    until(tab, "() => document.activeElement.id === 'found-entries'")
    assert len(set(found(tab))) == total


UNMARKED = """nodes => nodes.flatMap((node) => {
    const { split, keys } = EVIDENCE_WORDS;
    const asked = split(document.querySelector("#q").value).flatMap(keys);
    const isAsked = (key) => asked.some((one) => key.startsWith(one));
    const has = (text) => split(text).some((word) => keys(word).some(isAsked));
    const href = node.querySelector("a").getAttribute("href");
    const [, , title, text] = EVIDENCE_SEARCH.passages.find(([page, anchor]) =>
        `${EVIDENCE_SEARCH.pages[page][0]}#${anchor}` === href);
    const isWrong = (where, said) => has(said) && !node.querySelector(where + " mark");
    return isWrong("a", title) || isWrong("p", text) ? [href] : [];
})"""
# Of each result: its excerpts, and of one with a mark the text before that, if there is any, and the mark.
EXCERPTS = """nodes => nodes.map((node) => {
    const [excerpt, mark] = [node.querySelector("p"), node.querySelector("p mark")];
    const isFirst = excerpt?.firstChild.nodeName === "MARK";
    const before = mark && !isFirst ? excerpt.innerText : "";
    return [[...node.querySelectorAll("p")].map((one) => one.innerText), before, mark?.innerText ?? ""];
})"""


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("Dandong", marks=pytest.mark.thorough),
        "30,000",
        pytest.param("2397", marks=pytest.mark.thorough),
        pytest.param("forced labor", marks=pytest.mark.thorough),
        pytest.param("yuan", marks=pytest.mark.thorough),
        pytest.param("Rated", marks=pytest.mark.thorough),
        pytest.param("resolution", marks=pytest.mark.thorough),
    ],
)
def test_every_excerpt_marks_what_was_found_and_no_ellipsis_is_doubled(searched: Searched, query: str) -> None:
    tab = searched(query)
    hits = all_shown(tab)
    assert hits.count() > 0
    assert hits.evaluate_all(UNMARKED) == []
    assert hits.filter(has_not=tab.locator("mark")).count() == 0
    for excerpts, before, first in hits.evaluate_all(EXCERPTS):
        for text in excerpts:
            assert not any(wrong in text for wrong in ("… …", "……", "… ·", "· …", "· ·", "()"))
            assert not text.startswith(("·", " "))
        assert before.lower().find(first.lower()) < 80


def test_fields_of_an_entry_are_told_apart(searched: Searched) -> None:
    group = in_group(searched("Dandong"), GROUPS[2])
    excerpt = group.locator("li p").filter(has_text="When, where").first.inner_text()
    assert " · When, where: " in f" · {excerpt}"


TITLE_AND_PLACE = """nodes => nodes.map(node => [
    node.querySelector("a").textContent, node.querySelector(".where")?.textContent ?? ""])"""


def test_a_result_names_its_page_unless_that_is_its_title(searched: Searched) -> None:
    for query in ("Radio Free Asia", "deadline", "about 30,000"):
        hits = all_shown(searched(query))
        for title, place in hits.evaluate_all(TITLE_AND_PLACE):
            assert title[0] == title[0].upper()
            assert place != title.removeprefix("Chapter ").lstrip("0123456789. ")
        assert hits.locator(".where").count()


def test_without_scripts_there_is_no_field_that_could_do_nothing(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((site / "search.html").as_uri())
    assert not tab.locator(".search-form").is_visible()
    assert "needs JavaScript" in tab.locator("noscript p").inner_text()
    context.close()
