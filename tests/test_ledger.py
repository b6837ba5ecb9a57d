"""The evidence ledger of a tiny book: what its entries say, what they link to, and the filter in a browser."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pdfminer.high_level import extract_text
from playwright.sync_api import Browser, Page

from tests.building import build, built_in, change, copy_book, one, soup
from tests.pages import until
from tests.printed import read
from tests.tabled import add_checks, add_column, entry, links, told

pytestmark = pytest.mark.slow

WAIT = (
    'weeks-waited,people,weeks from the tide to the count,"days_between({great-tide@when}, '
    '{visitors-counted@when}) / 7",days,0,Hardly a wait.\n'
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book with a check, a doubtful event, value and source, a table of claims less wide, and its PDF."""
    root = copy_book(tmp_path_factory.mktemp("ledger"))
    add_checks(root)
    add_column(root, "events", "is_unverified", {"great-tide": "true"}, "boolean")
    add_column(root, "sources", "date_confidence", {"mainland-letter": "low"})
    before, after = (
        "1953-01-31,stated,north-rock,false,A tide.,",
        "1953-01,external,north-rock,false,A tide.,Says the almanac.",
    )
    change(root / "data/events.csv", before, after)
    change(root / "data/claims.csv", "metres,,the rock,north-rock,1953-01-31", "metres,,the rock,north-rock,1953-01")
    with (root / "data/derived.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(WAIT)
    change(root / "book/tide.md", ":theme: people\n", ":theme: people\n:source_id: mainland-letter\n")
    own_page = root / "seeds/harbour-log.md"
    listing = "\n```{claims-table}\n:source_id: harbour-log\n```\n"
    listing += "\n```{data-table} claims\n:columns: claim_id, low\n:order: low\n```\n"
    listing += "\n```{data-table} sources\n:columns: title, published\n:order: published\n```\n"
    own_page.write_text(own_page.read_text("utf-8") + listing, "utf-8")
    change(root / "book/tide.md", "More.", "At the edge again {fact}`lookers`.")
    built_in(root, "html", "pdf")
    return root


def test_an_entry_lists_its_uses_in_page_order_with_links_to_the_sections(built: Path) -> None:
    uses = told(built, "lookers")["Used on"]
    assert links(uses) == [
        ("Front page", "index.html#high-water"),
        ("opening", "tide.html#who-came"),
        ("What it cannot show", "tide.html#what-it-cannot-show"),
        ("Fig. 1.1", "tide.html#fig-lookers"),
    ]
    assert uses.get_text().strip() == "Front page; Who came: opening, What it cannot show, Fig. 1.1"
    for _, address in links(uses):
        page, _, place = address.partition("#")
        shown = one(soup(built / "_build/html/book" / page), f"#{place}")
        around = shown if shown.name == "section" else shown.parent
        assert around and around.select("a[href$='#ledger-lookers']")


def test_a_table_of_claims_counts_as_use_but_not_a_sources_own_list(built: Path) -> None:
    assert links(told(built, "visitors-counted")["Used on"]) == [
        ("opening", "tide.html#who-came"),
        ("Fig. 1.1", "tide.html#fig-lookers"),
    ]
    assert soup(built / "_build/html/seeds/harbour-log.html").select("a[href$='#ledger-lamps-lit']")
    assert told(built, "lamps-lit")["Used on"].get_text(strip=True).startswith("In no sentence")


def test_a_table_is_in_the_order_of_its_numbers_and_titles_of_sources_lead_to_their_pages(built: Path) -> None:
    page = soup(built / "_build/html/seeds/harbour-log.html")
    cells = [row.select("td")[1].get_text().strip() for row in page.select("table.table-claims tbody tr")]
    numbers = [float(cell) for cell in cells if cell]
    assert numbers == sorted(numbers)
    assert [str(number) for number in numbers] != sorted(map(str, numbers)), "letters would give the same order"
    assert cells[len(numbers) :] == [""] * (len(cells) - len(numbers))
    assert len(numbers) < len(cells)
    leads = [str(link["href"]) for link in page.select("table.table-sources td a.source")]
    # The letter, of 1953 or 1954, may be the older one.
    assert leads == ["mainland-letter.html#source-mainland-letter", "#source-harbour-log"]


def test_an_entry_names_the_derived_values_it_goes_into(built: Path) -> None:
    into = told(built, "lookers")["Goes into"]
    assert links(into) == [("The most who came against those counted", "#ledger-counted-share")]
    assert "Goes into" not in told(built, "lamps-lit")


def test_an_entry_tells_copy_rating_origins_check_and_contradiction(built: Path) -> None:
    copied = told(built, "visitors-counted")
    assert "only a copy or rewrite. From: The Mainland, letter" in copied["Source"].get_text()
    assert copied["Rated"].get_text(strip=True).startswith("B3: usually reliable voice, possibly true. The keeper")
    assert copied["Origins"].get_text().strip() == "1 independent origin: The Mainland"
    assert (
        told(built, "counted-share")["Origins"].get_text().strip() == "2 independent origins: The Keeper, The Mainland"
    )
    against = copied["Against"]
    assert against.get_text().startswith("How many came: entry 3, the keeper")
    assert links(against)[0][1] == "#ledger-lookers"
    checked = told(built, "lamps-lit")["Checked"]
    finding = "Lamps: contradicted. A ledger of oil has fewer. Still to be confirmed. The oil ledger; a wick count"
    assert checked.get_text().strip() == finding
    assert links(checked) == [("The oil ledger", "https://example.org/oil")]


def test_an_input_is_named_by_words_and_number_and_an_event_by_label_date_basis_and_doubt(built: Path) -> None:
    said = told(built, "weeks-waited")
    tide = "A: January 1953 (from outside the articles). The great tide. Says the almanac."
    count = "B: 31 January 1953, entry 2: The mainland counted 40 visitors"
    assert said["Formula"].get_text().strip() == "days between A and B ÷ 7"
    assert said["With"].get_text().strip() == f"{tide} {count}"
    assert links(said["With"]) == [
        ("The great tide", "#event-great-tide"),
        ("entry 2: The mainland counted 40 visitors", "#ledger-visitors-counted"),
    ]
    origins = "1 independent origin: The Mainland; The great tide, dated from outside the articles"
    assert said["Origins"].get_text().strip() == origins
    assert said["Rounded"].get_text().strip() == "From 0 and about 4.29"
    assert said["Rests on"].get_text().strip() == "The great tide, unverified by those who published it"
    assert "Weakest input" not in said
    assert ". Weeks from" in one(entry(built, "weeks-waited"), ".head").get_text()


def test_an_event_has_an_entry_with_its_date_doubts_tellers_and_uses(built: Path) -> None:
    event = one(soup(built / "_build/html/book/ledger.html"), "#event-great-tide")
    head = "January 1953 (from outside the articles). The great tide."
    assert one(event, ".head").get_text() == head
    pairs = zip(event.select("dt"), event.select("dd"), strict=True)
    said = {term.get_text(): definition for term, definition in pairs}
    assert said["What"].get_text().strip() == "A tide."
    assert said["Standing"].get_text().strip() == "Unverified by those who published it"
    assert said["How dated"].get_text().strip() == "Says the almanac."
    assert said["Where"].get_text().strip() == "North Rock"
    assert links(said["Told of in"]) == [("entry 1", "#ledger-water-rise")]
    assert [address for _, address in links(said["Goes into"])] == ["#ledger-weeks-waited"]
    assert links(told(built, "water-rise")["Tells of"]) == [("The great tide", "#event-great-tide")]


def test_cards_lead_on_to_the_entry_of_an_event(built: Path, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto((built / "_build/html/book/index.html").as_uri())
    page.locator('article a.fact[href$="#ledger-water-rise"]').first.click()
    page.get_by_role("dialog").get_by_role("link", name="The great tide").click()
    page.locator("#event-great-tide:target").wait_for()
    context.close()


def test_a_source_whose_day_is_doubtful_is_told_as_such(built: Path) -> None:
    doubt = "publication not known; likeliest between 1953 and 1954, with low confidence"
    assert doubt in told(built, "visitors-counted")["Source"].get_text()
    assert doubt not in told(built, "lookers")["Source"].get_text()
    card = one(soup(built / "_build/html/seeds/mainland-letter.html"), "dl.source-card")
    assert doubt in card.get_text()


@pytest.mark.thorough
def test_the_ledger_is_written_again_when_only_another_page_changes(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "tides"
    shutil.copytree(built, root)
    source = root / "book/ledger.md"
    before = source.read_bytes(), source.stat().st_mtime
    change(root / "book/index.md", "Much.", "The lamps were {fact}`lamps-lit`.")
    built_in(root, "html")
    assert (source.read_bytes(), source.stat().st_mtime) == before
    assert links(told(root, "lamps-lit")["Used on"]) == [
        ("What it cannot show", "index.html#what-it-cannot-show"),
    ]
    assert entry(root, "lamps-lit")["data-used"] == "yes"


@pytest.mark.thorough
def test_the_ledger_follows_the_numbers_of_figures(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "tides"
    shutil.copytree(built, root)
    said = "    name: fig-first\n    caption: Before.\n    shows: Who came.\n    omits: Who left.\n"
    cell = f"```{{code-cell}} python\n---\nmystnb:\n  figure:\n{said}---\n"
    cell += "from figures import people\npeople.lookers()\n```\n\n"
    change(root / "book/tide.md", "```{code-cell}", f"{cell}```{{code-cell}}")
    done = build(root, "-n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Fig. 1.1, Fig. 1.2" in told(root, "lookers")["Used on"].get_text()


def test_print_gives_the_pages_on_which_a_fact_stands(built: Path) -> None:
    data = (built / "_build/pdf/tides.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as document:
        count = len(document.pages)
    pages = [re.sub(r"[\s\u2060]+", " ", extract_text(io.BytesIO(data), page_numbers=[n])) for n in range(count)]
    ledger = next(text for text in pages if "3 up to 90. The keeper gave 90" in text)
    listed = re.search(r"3 up to 90\. The keeper gave 90.*?Used on: pp?\. ([\d, ]+\d)", ledger)
    assert listed
    said = [int(number) for number in listed[1].split(", ")]
    # The cover and the imprint count as pages; "up to 90" with its evidence number 3 stands on those pages only.
    chapters = [n for n, text in enumerate(pages, 1) if re.search(r"up to 90 ?\[3\]", text)]
    assert sorted(set(said)) == chapters
    assert "In no sentence" not in " ".join(pages), "paper has no room for what is not the case"


@pytest.fixture
def tab(built: Path, chromium: Browser) -> Iterator[Page]:
    """The ledger, opened from disk."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((built / "_build/html/book/ledger.html").as_uri())
    yield page
    assert errors == []
    context.close()


def shown(page: Page) -> list[str]:
    found = page.locator(".ledger-entry").evaluate_all("all => all.filter(e => e.offsetParent).map(e => e.id)")
    return sorted(str(name).removeprefix("ledger-") for name in found)


ALL = [
    *("counted-share", "event-great-tide", "lamps-lit", "lookers", "sum-paid"),
    *("visitors-counted", "water-rise", "weeks-waited"),
]


@pytest.mark.parametrize(
    ("label", "choice", "left"),
    [
        ("Theme", "Water", ["water-rise"]),
        ("Source", "The Mainland via Copy House, 1953 or 1954", ["counted-share", "visitors-counted", "weeks-waited"]),
        ("Kind of claim", "Derived value", ["counted-share", "weeks-waited"]),
        ("Kind of claim", "Event of the chronology", ["event-great-tide"]),
        ("Kind of voice", "Official", ["visitors-counted"]),
        ("Use", "In none", ["lamps-lit", "weeks-waited"]),
    ],
)
def test_each_choice_leaves_the_entries_that_fit_and_announces_their_number(
    tab: Page, label: str, choice: str, left: list[str]
) -> None:
    status = tab.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    assert status.inner_text() == "All 8 entries shown"
    tab.get_by_label(label, exact=True).select_option(label=choice)
    assert shown(tab) == left
    assert status.inner_text() == f"{len(left)} of 8 entries shown"
    tab.get_by_role("button", name="Show all").click()
    assert shown(tab) == ALL


def test_words_are_sought_in_the_whole_entry_and_headings_without_entries_go(tab: Page) -> None:
    tab.get_by_label("Words in the entry").fill("keeper  THREE or")
    assert shown(tab) == ["water-rise"]
    assert not tab.get_by_role("heading", name="People", exact=True).is_visible()
    assert tab.get_by_role("heading", name="Water", exact=True).is_visible()


def test_a_number_is_found_with_and_without_its_separators(tab: Page) -> None:
    found = {}
    for written in ("2,000", "2000"):
        tab.get_by_label("Words in the entry").fill(written)
        found[written] = shown(tab)
    assert found["2,000"] == found["2000"] == ["lamps-lit"]


def test_every_entry_links_to_itself_for_those_who_want_to_point_to_it(built: Path) -> None:
    for item in soup(built / "_build/html/book/ledger.html").select(".ledger-entry"):
        assert [str(link["href"]) for link in item.select("a.permanent")] == [f"#{item['id']}"]


def test_who_comes_anew_sees_all_entries(tab: Page) -> None:
    everything = shown(tab)
    tab.get_by_label("Theme").select_option(label="Water")
    assert shown(tab) != everything
    tab.goto("about:blank")
    tab.go_back()
    assert shown(tab) == ["water-rise"], "who goes back finds what was chosen"
    tab.goto(tab.url.partition("?")[0].replace("ledger.html", "index.html"))
    tab.goto(tab.url.replace("index.html", "ledger.html"))
    assert shown(tab) == everything


def test_a_link_to_a_filtered_entry_shows_it(tab: Page) -> None:
    tab.get_by_label("Theme").select_option(label="Water")
    tab.evaluate("location.hash = '#ledger-lookers'")
    tab.locator("#ledger-lookers").wait_for(state="visible")
    assert shown(tab) == ["lookers", "water-rise"]
    assert tab.locator("#ledger-lookers").evaluate("e => e.matches(':target')")


def test_a_choice_that_comes_after_the_link_holds_for_the_linked_entry_too(tab: Page) -> None:
    tab.evaluate("location.hash = '#ledger-lookers'")
    tab.get_by_label("Theme").select_option(label="Water")
    assert shown(tab) == ["water-rise"]


def test_who_goes_to_a_section_of_which_nothing_is_left_sees_all_of_it(tab: Page) -> None:
    everything = shown(tab)
    tab.get_by_label("Theme").select_option(label="Water")
    assert tab.locator("#ledger-section-people").is_hidden()
    tab.locator(".on-this-page a", has_text="People").first.click()
    tab.locator("#ledger-section-people").wait_for(state="visible")
    assert shown(tab) == everything
    tab.locator(".on-this-page [aria-current]", has_text="People").wait_for()


IN_SIGHT = """id => {
    const { top } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && top < innerHeight;
}"""


def test_the_choice_lasts_beside_the_entry_in_the_address(tab: Page) -> None:
    tab.set_viewport_size({"width": 1280, "height": 320})  # too low for controls and entries at once
    tab.get_by_label("Kind of voice").select_option(label="Official")
    tab.evaluate("location.hash = '#ledger-sum-paid'")
    assert tab.url.endswith("ledger.html?voice=official#ledger-sum-paid")
    tab.reload()
    assert shown(tab) == ["sum-paid", "visitors-counted"]
    until(tab, IN_SIGHT, "ledger-sum-paid")


def test_a_filtered_view_can_be_sent_and_gone_back_to(tab: Page) -> None:
    everything = shown(tab)
    tab.get_by_label("Theme").select_option(label="Water")
    tab.get_by_label("Words in the entry").press_sequentially("rose by")
    assert tab.url.endswith("?theme=water&words=rose+by")
    sent = tab.url
    tab.go_back()
    until(tab, "() => !document.getElementById('ledger-filter-words').value")
    assert shown(tab) == ["water-rise"], "what was typed is one step"
    tab.go_back()
    until(tab, "() => !document.getElementById('ledger-filter-theme').value")
    assert shown(tab) == everything
    tab.goto("about:blank")
    tab.goto(sent.replace("rose+by", "people"))
    assert shown(tab) == []
    assert tab.get_by_label("Theme").input_value() == "water"
    tab.get_by_role("button", name="Show all").click()
    assert tab.url.endswith("ledger.html")
    assert shown(tab) == everything


def test_an_address_with_what_no_table_holds_hides_nothing(tab: Page) -> None:
    everything = shown(tab)
    tab.goto(f"{tab.url}?theme=weather")
    assert shown(tab) == everything


def test_entries_are_headings_below_those_of_their_themes(built: Path) -> None:
    page = soup(built / "_build/html/book/ledger.html")
    for item in page.select(".ledger-entry"):
        assert one(item, "h3.head") is next(item.find_all(True, recursive=False).__iter__())
    assert [head.name for head in page.select("h1, h2, h3")][:3] == ["h1", "h2", "h3"]
    roles = [tag.role for tag in read((built / "_build/pdf/tides.pdf").read_bytes()).tree.walk()]
    assert roles.count("H3") == len(ALL)


def test_without_scripts_there_are_no_controls_and_all_entries(built: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built / "_build/html/book/ledger.html").as_uri())
    assert page.locator(".ledger-filter, .ledger-found").count() == 0
    assert page.locator(".ledger-entry:visible").count() == len(ALL)
    context.close()


def test_only_pages_with_entries_or_contradictions_load_the_filter(built: Path) -> None:
    for path in (built / "_build/html").glob("**/*.html"):
        names = {str(tag.get("src") or tag.get("href")) for tag in soup(path).select("script, link")}
        assert any("walking.js" in name for name in names) == (path.name in {"ledger.html", "tide.html"}), path
    assert "innerHTML" not in (built / "_build/html/_static/walking.js").read_text("utf-8")
