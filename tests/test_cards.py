"""Claim cards: what they say against the tables, what they weigh, and how they behave in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from evidencebook import dates, formulas
from evidencebook.extension import cards, entries
from evidencebook.extension.domain import EVENT, LEDGER
from evidencebook.facts import Evidence
from evidencebook.tables import Row
from evidencebook.textfragments import claim_url
from evidencebook.wording import MARKED, rounding, stance
from tests.building import build, change, copy_book, one, soup

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "src/evidencebook/extension/static"
CHAPTERS = (
    *("index", "workforce", "surveillance", "wages", "sanctions", "defections", "timeline", "disagreements"),
)  # fmt: skip
BUDGET = 15_000  # bytes that the cards may add to a page, compressed
LONG_CARD = ".evidence-card dl { min-height: 30rem; }"  # as the longest of the report
SENTENCE = "The water came and went, and nobody thought much of it at the time."


# What a card says.


@pytest.fixture(scope="module")
def report() -> Evidence:
    """The report's own tables, which have checks and copies."""
    return Evidence.load(ROOT)


def address(evidence: Evidence) -> cards.Address:
    known = {LEDGER: {*evidence.claims, *evidence.derived}, EVENT: {*evidence.events}}
    return lambda kind, entry_id: f"appendix/ledger.html#{kind}-{entry_id}" if entry_id in known[kind] else None


def carried(html: str) -> dict[str, Any]:
    """The cards in a script element, with every shared string back in its place."""
    data = json.loads(html.partition(">")[2].rpartition("</script>")[0])

    def full(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: full(one) for key, one in value.items()}
        if isinstance(value, list):
            return [full(one) for one in value]
        return data["strings"][value] if isinstance(value, int) else value

    cards_by_id: dict[str, Any] = full(data["cards"])
    return cards_by_id


def rows(card: dict[str, Any]) -> dict[str, str]:
    """The text of each row of a card, links as their text."""

    def text(part: Any) -> str:
        return part if isinstance(part, str) else str(part[0])

    return {term: typed("\n".join("".join(map(text, cell)) for cell in cells)) for term, cells in card["rows"]}


def typed(text: str) -> str:
    """The text with the quotation marks of a typewriter, as tables have them."""
    return text.translate(str.maketrans("\u2018\u2019\u201c\u201d", "''\"\""))


def claim_where(evidence: Evidence, **cells: Any) -> Row:
    return next(row for row in evidence.claims.values() if all(row[name] == cell for name, cell in cells.items()))


def test_every_fact_of_the_report_has_a_card_that_repeats_its_row(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    for claim_id, claim in report.claims.items():
        card = made.card(claim_id)
        said = rows(card)
        assert card["value"].startswith(entries.value(report, claim_id))
        assert card["value"].endswith(f" ({claim['modality']})") is (claim["modality"] in MARKED)
        assert typed(card["text"]) == claim["statement"]
        assert said["Who says so"].startswith(claim["speaker"])
        assert said["About"] == claim["scope"]
        assert said["Rated"].endswith(claim["rating_reason"])
        assert ("When" in said, "Where" in said) == (bool(claim["when"]), bool(claim["place_id"]))
        assert "".join(card["links"][0][1:]) == claim_url(claim, report.sources[claim["source_id"]])
    for derived_id, row in report.derived.items():
        card = made.card(derived_id)
        said, doubt = rows(card), stance(report.fact(derived_id))
        assert card["value"].endswith(f" ({doubt})") is bool(doubt)
        assert said["Caveat"] == row["caveat"]
        assert len(said["With"].splitlines()) == len(set(re.findall(r"\{[^}]*\}", row["formula"])))


def test_quotation_marks_and_apostrophes_are_those_of_print(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    shown = [json.dumps(made.card(claim_id)["rows"], ensure_ascii=False) for claim_id in report.claims]
    assert sum("\u2019s" in one for one in shown) > 100
    assert not any("'" in one or '\\"' in one for one in shown)


def test_the_doubtful_day_of_an_article_is_told_on_the_card_of_everything_dated_by_it(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    doubtful = {name for name, source in report.sources.items() if source["date_confidence"] == "low"}
    assert doubtful
    for claim_id, claim in report.claims.items():
        source = report.sources[claim["source_id"]]
        said = rows(made.card(claim_id))
        is_doubtful = claim["source_id"] in doubtful
        assert ("low confidence" in said["Through"]) is is_doubtful
        assert ("last day assumed" in said["Through"]) is (source["date_confidence"] == "end_assumed")
        assert dates.words(source["published"]) in said["Through"]
        if is_doubtful:
            assert f"in any case {dates.words(source['published_limits'])}" in said["Through"]
        is_dated_by_it = claim["when_basis"] in ("article_date", "inferred")
        assert ("low confidence" in said.get("When", "")) is (is_doubtful and is_dated_by_it)


def test_an_employer_may_be_any_of_its_staff(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    claim = claim_where(report, speaker_type="employer")
    assert "\nEmployer or its staff, " in rows(made.card(claim["claim_id"]))["Who says so"]


def test_ratings_are_given_in_words(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    claim = claim_where(report, reliability="C", credibility=3)
    first = rows(made.card(claim["claim_id"]))["Rated"].splitlines()[0]
    assert first == "C3: fairly reliable voice, possibly true"


def test_a_copied_article_is_said_to_be_one_and_an_original_is_not(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    for claim_id, claim in report.claims.items():
        source = report.sources[claim["source_id"]]
        through = rows(made.card(claim_id))["Through"]
        assert through.startswith(source["outlet_served_by"])
        assert ("only a copy or rewrite" in through) is source["is_copy"]
        assert (source["derived_from"] or "") in through


def test_the_newsroom_is_named_as_the_independent_origin(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    for claim_id, claim in report.claims.items():
        newsroom = report.sources[claim["source_id"]]["outlet_original"]
        assert rows(made.card(claim_id))["Origins"] == f"1 independent origin: {newsroom}"
    several = next(name for name in report.derived if len(report.origins(name)) == 2)
    assert rows(made.card(several))["Origins"].startswith("2 independent origins: ")


def test_checks_stand_on_the_card_with_verdict_finding_and_reference(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    for check in report.tables["checks"].rows:
        said = rows(made.card(check["claim_id"]))["Checked"]
        assert check["verdict"].capitalize() in said
        assert check["finding"] in said
        assert said.endswith(check["reference"])
        assert ("Still to be confirmed." in said) is (check["confirmation"] == "unconfirmed")
    checked = {row["claim_id"] for row in report.tables["checks"].rows}
    assert all("Checked" not in rows(made.card(name)) for name in set(report.claims) - checked)


def test_an_address_opens_the_first_work_that_a_check_names_and_no_other(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    check = next(row for row in report.tables["checks"].rows if row["url"] and "; " in row["reference"])
    first, _, more = check["reference"].partition("; ")
    cells = dict(made.card(check["claim_id"])["rows"])["Checked"]
    (cell,) = [cell for cell in cells if [first, check["url"]] in cell]
    assert cell[-1] == f"; {more}"


def test_contradictions_are_counted_and_named(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    pairs = [(row["title"], {row["claim_a"], row["claim_b"]}) for row in report.tables["contradictions"].rows]
    for claim_id in report.claims:
        titles = [title for title, claims in pairs if claim_id in claims]
        said = rows(made.card(claim_id)).get("Stands in", "")
        assert said.startswith(f"{len(titles)} contradiction") if titles else said == ""
        assert all(title in said for title in titles)


FORMULAS = {
    "1 - {a}": "1 − A",
    "{a} / ({b} * {a})": "A ÷ (B × A)",
    "days_between( {a@when}, {b@when})": "days between A and B",
    "hull({a}, {b})": "the range that covers (A, B)",
    "{a}": "A, in months",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_printed_with_a_letter_for_each_input(formula: str) -> None:
    names = dict.fromkeys(re.findall(r"\{([^}]*)\}", formula))
    letters = dict(zip(names, "AB", strict=False))
    assert formulas.in_words(formula, letters, "months") == FORMULAS[formula]


def test_inputs_of_a_derived_value_lead_on_to_their_entries(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    for derived_id in report.derived:
        cells = dict(made.card(derived_id)["rows"])["With"]
        linked = {"".join(part[1:]) for cell in cells for part in cell if isinstance(part, list)}
        kinds = {name: EVENT if name in report.events else LEDGER for name in report.fact(derived_id).inputs}
        assert linked == {f"appendix/ledger.html#{kind}-{name}" for name, kind in kinds.items()}


def test_a_date_among_the_inputs_comes_with_its_event_its_basis_and_what_is_uncertain(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    found = 0
    for derived_id, row in report.derived.items():
        said = rows(made.card(derived_id))
        outside = []
        for letter, name in zip("AB", re.findall(r"\{([^}]*)@when\}", row["formula"]), strict=False):
            event = report.events[name]
            line = next(line for line in said["With"].splitlines() if line.startswith(f"{letter}: "))
            assert line == f"{letter}: {entries.when(report, event)}. {event['label']}. {event['date_note']}"
            outside += [letter] * (event["when_basis"] == "external")
            found += 1
        origins = said["Origins"]
        assert origins.endswith(f"{' and '.join(outside)} dated from outside the articles") is bool(outside)
        assert ("none among the sources" in origins) is (not report.origins(derived_id))
    assert found > 10


def test_what_rests_on_an_unverified_event_says_so_and_never_calls_it_hearsay(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    (unrest,) = (name for name, event in report.events.items() if event["is_unverified"])
    resting = {name for name in report.derived if unrest in report.fact(name).unverified}
    telling = {name for name, claim in report.claims.items() if claim["event_id"] == unrest}
    assert telling
    assert any("@when" not in report.derived[name]["formula"] for name in resting), "not only distances between dates"
    for name in report.derived:
        said = rows(made.card(name))
        assert ("unverified by those who published it" in said.get("Rests on", "")) is (name in resting)
        assert "hearsay" not in said.get("Weakest input", "") or name not in resting
    for name in report.claims:
        said = rows(made.card(name)).get("Tells of", "")
        assert ("unverified by those who published it" in said) is (name in telling)


def test_a_rounded_value_shows_the_numbers_that_a_reader_would_reckon(report: Evidence) -> None:
    made = cards.Cards(report, address(report))
    rounded = {name for name in report.derived if rounding(report.fact(name))}
    assert rounded
    for name in report.derived:
        assert ("Rounded" in rows(made.card(name))) is (name in rounded)
    assert any("outwards" in rows(made.card(name))["Rounded"] for name in rounded)


# What the cards weigh.


def shown_in(name: str) -> list[str]:
    text = (ROOT / "book" / f"{name}.md").read_text("utf-8")
    found = re.findall(r"\{fact\}`([^`|]+)", text)
    for block in re.findall(r"^```\{key-figures\}\n(.*?)^```", text, re.M | re.S):
        found += [line.partition(":")[0] for line in block.splitlines()]
    return [fact_id.strip() for fact_id in found]


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_cards_of_a_chapter_stay_within_their_budget(report: Evidence, name: str) -> None:
    shown = shown_in(name)
    assert shown
    html = cards.script(report, shown, address(report))
    assets = (
        '<script defer="defer" src="../_static/cards.js"></script><link rel="stylesheet" href="../_static/cards.css">'
    )
    assert set(carried(html)) == set(shown)
    assert len(gzip.compress((html + assets).encode(), 9)) <= BUDGET


def test_a_fact_shown_often_and_a_string_used_often_are_carried_once(report: Evidence) -> None:
    shown = shown_in("wages")
    html = cards.script(report, shown, address(report))
    assert html == cards.script(report, [*shown, *shown], address(report))
    for source in report.sources.values():
        assert html.count(json.dumps(source["url"])) <= 1
        assert html.count(source["date_basis"]) == 0


def test_no_string_can_end_the_script_element(report: Evidence) -> None:
    name, claim = next(iter(report.claims.items()))
    spoiled = Row(claim.line, {**claim.values, "statement": "</script><!-- & \u2028"})
    evidence = Evidence.from_tables(report.tables)
    html = cards.script(
        Evidence(**{**vars(evidence), "claims": {**evidence.claims, name: spoiled}}), [name], address(report)
    )
    assert html.count("<") == 2
    assert carried(html)[name]["text"] == spoiled["statement"]


def test_the_script_builds_elements_only_and_stays_small() -> None:
    code = (STATIC / "cards.js").read_text("utf-8")
    assert len(code.splitlines()) < 250
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|\bFunction\(|import|fetch", code)
    assert not re.search(r"setAttribute\(\"on|\.on[a-z]+ =", code)


# How a card behaves.


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book on another topic, with enough text around its facts to scroll."""
    root = copy_book(tmp_path_factory.mktemp("cards"))
    filler = "\n\n".join([SENTENCE] * 30)
    crowd = f"{SENTENCE} So {{fact}}`lamps-lit` lamps, {{fact}}`sum-paid` and {{fact}}`water-rise`, or so it is said."
    change(root / "book/tide.md", "## What it", f"{filler}\n\n{crowd}\n\n{filler}\n\n## What it")
    done = build(root, "-W", "-n", "--keep-going")
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "_build/html/book"


@pytest.fixture(scope="module")
def tides(site: Path) -> Evidence:
    return Evidence.load(site.parents[2])


@pytest.fixture
def desktop(site: Path, chromium: Browser) -> Iterator[Page]:
    yield from opened(site, chromium, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(site: Path, chromium: Browser) -> Iterator[Page]:
    yield from opened(site, chromium, viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)


def opened(site: Path, chromium: Browser, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(**options)
    tab = context.new_page()
    tab.set_default_timeout(5_000)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto((site / "tide.html").as_uri())
    yield tab
    assert errors == []
    context.close()


def fact(tab: Page, fact_id: str) -> Locator:
    return tab.locator(f'article a.fact[href$="#ledger-{fact_id}"]').first


def card_of(tab: Page) -> Locator:
    return tab.get_by_role("dialog")


def gone(tab: Page) -> bool:
    card_of(tab).wait_for(state="detached")
    return True


def has_focus(place: Locator) -> bool:
    return bool(place.evaluate("node => node === document.activeElement"))


def by_tab(tab: Page, fact_id: str) -> Locator:
    """Move the keyboard's focus to a fact as a reader does, from the heading before it."""
    link = fact(tab, fact_id)
    link.evaluate("""node => {
        const stops = [...document.querySelectorAll("a[href], button, summary, input")]
            .filter((one) => one.getClientRects().length && one.tabIndex >= 0);
        stops[stops.indexOf(node) - 1].focus();
    }""")
    tab.keyboard.press("Tab")
    assert has_focus(link)
    return link


@pytest.mark.slow
def test_a_page_carries_the_cards_of_its_own_facts_and_other_pages_nothing(site: Path, tides: Evidence) -> None:
    for name, facts in {"index": {"water-rise", "lookers"}, "tide": {*tides.claims, *tides.derived}}.items():
        page = soup(site / f"{name}.html")
        assert {str(link["href"]).partition("#ledger-")[2] for link in page.select("a.fact")} == facts
        assert set(carried(str(one(page, "script.evidence-cards")))) == facts
        assert len(page.select("script[src*='cards.js']")) == 1
        assert sum(sheet.get_text().count("--is-sheet: 0;") for sheet in page.select("style")) == 1
    ledger = (site / "ledger.html").read_text("utf-8")
    assert "cards.js" not in ledger
    assert "--is-sheet" not in ledger
    assert "evidence-cards" not in ledger


@pytest.mark.slow
def test_hover_shows_the_card_after_a_moment_and_leaves_focus_alone(desktop: Page) -> None:
    desktop.clock.install(time=0)
    desktop.reload()
    desktop.clock.pause_at(3_600)  # from here on only the test moves time
    link = fact(desktop, "lookers")
    link.hover()
    desktop.clock.run_for(150)
    assert card_of(desktop).count() == 0, "a pointer on its way must open nothing"
    desktop.clock.run_for(150)
    card_of(desktop).wait_for()
    assert link.get_attribute("aria-expanded") == "true"
    assert desktop.evaluate("document.activeElement === document.body")


@pytest.mark.slow
def test_a_hovered_card_stays_under_the_pointer_and_goes_after_it(desktop: Page) -> None:
    fact(desktop, "lookers").hover()
    card = card_of(desktop)
    card.wait_for()
    card.hover()
    desktop.wait_for_timeout(700)
    assert card.is_visible()
    desktop.mouse.move(1270, 790)
    assert gone(desktop)


@pytest.mark.slow
def test_escape_dismisses_a_hovered_card_until_the_pointer_comes_anew(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.hover()
    card_of(desktop).wait_for()
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    box = link.bounding_box()
    assert box
    desktop.mouse.move(box["x"] + 3, box["y"] + 6)
    desktop.wait_for_timeout(600)
    assert card_of(desktop).count() == 0
    desktop.mouse.move(1270, 790)
    link.hover()
    card_of(desktop).wait_for()


@pytest.mark.slow
def test_keyboard_focus_shows_the_card_without_entering_it(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    assert card_of(desktop).is_visible()
    assert has_focus(link)
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    assert has_focus(link)
    desktop.keyboard.press("Shift+Tab")
    desktop.keyboard.press("Tab")
    card_of(desktop).hover()
    desktop.mouse.move(1270, 790)
    desktop.wait_for_timeout(600)
    assert card_of(desktop).is_visible(), "what focus opened must stay while focus stays"
    desktop.evaluate("document.activeElement.blur()")
    assert gone(desktop)


@pytest.mark.slow
def test_enter_goes_into_the_card_and_escape_back_to_the_link(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    desktop.keyboard.press("Enter")
    assert has_focus(card_of(desktop))
    assert desktop.url.endswith("tide.html")
    desktop.keyboard.press("Escape")
    assert gone(desktop)
    assert has_focus(link)
    assert link.get_attribute("aria-expanded") == "false"


@pytest.mark.slow
def test_tab_walks_the_links_of_the_card_and_then_goes_on_after_the_link(desktop: Page) -> None:
    link = by_tab(desktop, "counted-share")
    desktop.keyboard.press("Enter")
    walked = []
    for _ in range(4):
        desktop.keyboard.press("Tab")
        walked.append(desktop.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText"))
    assert walked == [
        "Close",
        "The keeper gave 90 as the most people who came to look",
        "The mainland counted 40 visitors",
        "Open in the evidence ledger",
    ]
    desktop.keyboard.press("Tab")
    assert link.get_attribute("aria-expanded") == "false"
    assert has_focus(fact(desktop, "sum-paid")), "the next stop in the text"
    assert card_of(desktop).count() == 1, "and it opens its own card"
    assert card_of(desktop).get_by_role("heading").inner_text() == "over US$600 (rumoured)"


@pytest.mark.slow
def test_shift_tab_leads_from_the_card_back_to_its_link(desktop: Page) -> None:
    link = by_tab(desktop, "lookers")
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Shift+Tab")
    assert gone(desktop)
    assert has_focus(link)


@pytest.mark.slow
def test_a_clicked_card_stays_until_it_is_closed(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.click()
    assert has_focus(card_of(desktop))
    desktop.mouse.move(1270, 790)
    fact(desktop, "visitors-counted").hover()
    desktop.wait_for_timeout(700)
    assert card_of(desktop).get_by_role("heading").inner_text() == "up to 90", "a passing pointer must not replace it"
    card_of(desktop).locator("dl").click()
    assert card_of(desktop).is_visible()
    desktop.get_by_role("button", name="Close").click()
    assert gone(desktop)
    assert has_focus(link)


@pytest.mark.slow
def test_a_click_outside_and_a_second_click_close_the_card(desktop: Page) -> None:
    link = fact(desktop, "lookers")
    link.click()
    desktop.locator("article h1").click()
    assert gone(desktop)
    link.click()
    card_of(desktop).wait_for()
    link.click()
    assert gone(desktop)
    assert has_focus(link)


@pytest.mark.slow
@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"button": "middle"}])
def test_a_click_that_asks_for_a_new_tab_still_follows_the_link(desktop: Page, how: dict[str, Any]) -> None:
    with desktop.context.expect_page() as found:
        fact(desktop, "lookers").click(**how)
    found.value.wait_for_load_state()
    assert found.value.url.endswith("ledger.html#ledger-lookers")
    assert not card_of(desktop).evaluate_all("found => found.some((one) => one.contains(document.activeElement))")


@pytest.mark.slow
def test_two_facts_in_a_row_open_the_right_card_one_at_a_time(desktop: Page, tides: Evidence) -> None:
    for fact_id in ("visitors-counted", "lookers", "counted-share"):
        fact(desktop, fact_id).click()
        assert card_of(desktop).count() == 1
        heading = card_of(desktop).get_by_role("heading").inner_text()
        assert heading == entries.value(tides, fact_id)
        expanded = desktop.locator("a.fact[aria-expanded=true]")
        assert expanded.count() == 1
        assert str(expanded.get_attribute("href")).endswith(f"#ledger-{fact_id}")


@pytest.mark.slow
def test_a_pointer_that_goes_on_to_the_next_fact_takes_the_card_along(desktop: Page) -> None:
    fact(desktop, "visitors-counted").hover()
    card_of(desktop).wait_for()
    fact(desktop, "lookers").hover()
    desktop.get_by_role("dialog", name="up to 90").wait_for()
    assert card_of(desktop).count() == 1
    assert desktop.locator("a.fact[aria-expanded=true]").count() == 1


@pytest.mark.slow
def test_the_card_of_a_claim_says_what_the_tables_say(desktop: Page, tides: Evidence) -> None:
    claim = tides.claims["visitors-counted"]
    source = tides.sources[claim["source_id"]]
    fact(desktop, "visitors-counted").click()
    said = card_of(desktop).inner_text()
    for words in (
        claim["statement"], claim["speaker"], "Official, stated without reserve",
        "31 January 1953 (stated in the passage)",
        "North Rock", claim["scope"], "B3: usually reliable voice, possibly true", claim["rating_reason"],
        f"{source['outlet_served_by']}, published between 1953 and 1954; only a copy or rewrite",
        source["derived_from"], "1 independent origin: The Mainland", "1 contradiction: How many came",
    ):  # fmt: skip
        assert words in said
    passage = card_of(desktop).get_by_role("link", name="Open the passage at Copy House")
    assert passage.get_attribute("href") == claim_url(claim, source)
    card_of(desktop).get_by_role("link", name="Open in the evidence ledger").click()
    desktop.locator("#ledger-visitors-counted:target").wait_for()


@pytest.mark.slow
def test_the_card_of_a_derived_value_leads_on_to_its_inputs(desktop: Page, tides: Evidence) -> None:
    fact(desktop, "counted-share").click()
    said = card_of(desktop).inner_text()
    row = tides.derived["counted-share"]
    for words in (f"{row['label']}.", "A ÷ B", "A: up to 90.", "B: 40.", row["caveat"], "2 independent origins: "):
        assert words in said
    card_of(desktop).get_by_role("link", name="The mainland counted").click()
    desktop.locator("#ledger-visitors-counted:target").wait_for()


@pytest.mark.slow
def test_link_and_card_have_roles_and_names_and_ids_of_their_own(desktop: Page) -> None:
    for link in desktop.locator("article a.fact").all():
        assert link.get_attribute("aria-haspopup") == "dialog"
        assert link.get_attribute("aria-expanded") == "false"
    link = fact(desktop, "lookers")
    link.click()
    card = desktop.get_by_role("dialog", name="up to 90", exact=True)
    assert card.get_attribute("aria-modal") is None
    assert link.get_attribute("aria-controls") == card.get_attribute("id")
    for place in card.locator("a, button").all():
        assert place.evaluate("node => node.ariaLabel || node.innerText.trim()")
    ids = desktop.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len([name for name in ids if name.startswith("evidence-card")]) == 3
    assert card.locator("dl").evaluate(
        "list => [...list.children].every((node) => ['DT', 'DD'].includes(node.tagName))"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800), (1280, 460), (740, 360)])
def test_the_card_never_leaves_the_window_wherever_its_fact_stands(
    site: Path, chromium: Browser, width: int, height: int
) -> None:
    for tab in opened(site, chromium, viewport={"width": width, "height": height}):
        tab.add_style_tag(content=LONG_CARD)
        for fact_id in ("counted-share", "lamps-lit", "sum-paid", "water-rise"):
            for place in ("start", "center", "end"):
                link = fact(tab, fact_id)
                link.evaluate("(node, block) => node.scrollIntoView({ block, behavior: 'instant' })", place)
                link.evaluate("node => node.click()")
                box = card_of(tab).bounding_box()
                assert box
                assert min(box["x"], box["y"]) >= 0, (fact_id, place, box)
                assert box["x"] + box["width"] <= width, (fact_id, place, box)
                assert box["y"] + box["height"] <= height + 0.5, (fact_id, place, box)
                assert tab.evaluate("document.scrollingElement.scrollWidth") <= width
                tab.keyboard.press("Escape")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 400), (360, 640), (1280, 800)])
def test_most_of_a_card_is_for_reading_and_nothing_covers_what_has_focus(
    site: Path, chromium: Browser, width: int, height: int
) -> None:
    """320 by 256 is a desktop window at 400% zoom."""
    edges = """card => {
        const [head, foot] = [".card-head", ".actions"].map((name) => card.querySelector(name));
        const box = (node) => node.getBoundingClientRect();
        const isStuck = getComputedStyle(foot).position === "sticky";
        return [box(head).bottom, isStuck ? box(foot).top : box(card).bottom, box(card).height];
    }"""
    just_under_the_links = """card => {
        const box = (node) => node.getBoundingClientRect();
        card.scrollTop += box(card.querySelector("dl a")).bottom - box(card).bottom + 60;
    }"""
    for tab in opened(site, chromium, viewport={"width": width, "height": height}):
        tab.add_style_tag(content=f"{LONG_CARD} .evidence-card dd {{ padding-top: 15rem; }}")
        link = fact(tab, "water-rise")
        link.evaluate("node => { node.scrollIntoView({ behavior: 'instant' }); node.click(); }")
        card = card_of(tab)
        assert card.evaluate("node => node.scrollHeight > node.clientHeight")
        top, bottom, whole = card.evaluate(edges)
        assert bottom - top >= whole / 2
        walked = []
        for _ in range(4):
            card.evaluate(just_under_the_links)
            tab.keyboard.press("Tab")
            focused = tab.locator(":focus")
            walked.append(focused.evaluate("node => node.ariaLabel || node.innerText"))
            box = focused.bounding_box()
            top, bottom, _ = card.evaluate(edges)
            assert box
            if "The great tide" in walked[-1]:
                assert top <= box["y"], walked
                assert box["y"] + box["height"] <= bottom + 0.5, walked
            assert box["y"] + box["height"] <= height, walked
        assert walked == ["Close", "The great tide", "Open the passage at The Keeper", "Open in the evidence ledger"]


@pytest.mark.slow
def test_the_popover_stands_by_its_fact_and_does_not_cover_it(desktop: Page) -> None:
    desktop.add_style_tag(content=LONG_CARD)
    for place in ("start", "center", "end"):
        link = desktop.locator('article a.fact[href$="#ledger-sum-paid"]').last
        link.evaluate("(node, block) => node.scrollIntoView({ block, behavior: 'instant' })", place)
        link.evaluate("node => node.click()")
        own, box = link.bounding_box(), card_of(desktop).bounding_box()
        assert own and box
        gap = max(box["y"] - (own["y"] + own["height"]), own["y"] - (box["y"] + box["height"]))
        assert 0 <= gap <= 20, place
        assert box["x"] <= own["x"] + own["width"]
        assert own["x"] <= box["x"] + box["width"]
        desktop.keyboard.press("Escape")


@pytest.mark.slow
def test_on_a_phone_a_tap_opens_a_sheet_for_the_thumb(phone: Page) -> None:
    link = phone.locator('article a.fact[href$="#ledger-counted-share"]')
    link.evaluate("node => node.scrollIntoView({ block: 'end', behavior: 'instant' })")
    link.tap()
    card = card_of(phone)
    assert has_focus(card)
    assert phone.url.endswith("tide.html")
    phone.wait_for_timeout(300)
    box = card.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 360)
    assert abs(box["y"] + box["height"] - 640) < 1
    assert box["height"] <= 0.7 * 640 + 1
    for place in card.locator("a, button").all():
        target = place.bounding_box()
        assert target and target["height"] >= 44, place.inner_text()
        assert target["width"] >= 44
    assert card.evaluate("node => getComputedStyle(node).overscrollBehaviorY") == "contain"
    phone.get_by_role("button", name="Close").tap()
    assert gone(phone)


@pytest.mark.slow
def test_the_sheet_leaves_its_fact_in_sight_and_its_links_in_reach(phone: Page) -> None:
    link = phone.locator('article a.fact[href$="#ledger-sum-paid"]').last
    link.evaluate("node => node.scrollIntoView({ block: 'end', behavior: 'instant' })")
    link.tap()
    phone.wait_for_timeout(300)
    box, own = card_of(phone).bounding_box(), link.bounding_box()
    assert box and own
    assert 0 < own["y"] < own["y"] + own["height"] <= box["y"]
    assert card_of(phone).evaluate("node => node.scrollHeight > node.clientHeight && node.scrollTop === 0")
    for name in ("Open the passage at The Keeper", "Open in the evidence ledger"):
        target = card_of(phone).get_by_role("link", name=name).bounding_box()
        assert target and target["y"] + target["height"] <= 640


@pytest.mark.slow
def test_a_finger_that_scrolls_the_page_leaves_the_sheet_open_and_a_tap_beside_it_closes_it(phone: Page) -> None:
    fact(phone, "lookers").tap()
    card_of(phone).wait_for()
    tool = phone.context.new_cdp_session(phone)
    before = phone.evaluate("scrollY")
    for step in range(9):
        kind = "touchMove" if step else "touchStart"
        finger = {"x": 100, "y": 170 - 15 * step}
        tool.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
    tool.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_timeout(600)  # the page glides on, and a touch would only stop it
    assert phone.evaluate("scrollY") > before
    assert card_of(phone).is_visible()
    phone.touchscreen.tap(180, 100)
    assert gone(phone)


@pytest.mark.slow
def test_without_scripts_a_fact_is_a_link_to_its_entry(site: Path, chromium: Browser) -> None:
    for tab in opened(site, chromium, java_script_enabled=False):
        assert fact(tab, "lookers").get_attribute("aria-haspopup") is None
        assert "cards" not in tab.locator("article").inner_text()
        fact(tab, "lookers").click()
        tab.locator("#ledger-lookers:target").wait_for()


@pytest.mark.slow
def test_the_card_keeps_still_and_keeps_its_edge_for_those_who_ask_for_it(site: Path, chromium: Browser) -> None:
    style = "node => { const s = getComputedStyle(node); return [s.animationName, s.borderBottomWidth]; }"
    for tab in opened(site, chromium, reduced_motion="no-preference"):
        fact(tab, "lookers").click()
        assert card_of(tab).evaluate(style) == ["evidence-card", "1px"]
    for tab in opened(site, chromium, reduced_motion="reduce", forced_colors="active"):
        fact(tab, "lookers").click()
        assert card_of(tab).evaluate(style) == ["none", "2px"]


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_the_card_has_enough_contrast(site: Path, chromium: Browser, scheme: str) -> None:
    for tab in opened(site, chromium, color_scheme=scheme):
        fact(tab, "lookers").click()
        ground = _luminance(card_of(tab).evaluate("node => getComputedStyle(node).backgroundColor"))
        assert (ground > 0.5) is (scheme == "light")
        for place in card_of(tab).locator("h2, p, dt, dd, a, button").all():
            ink = _luminance(place.evaluate("node => getComputedStyle(node).color"))
            assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, place.inner_text()
