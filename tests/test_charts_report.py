"""The charts of the report in a real browser: each is opened once, and the tests look at what was seen of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from figures import EVIDENCE, TABLES, surveillance
from playwright.sync_api import Browser, Page

from evidencebook.evidence import capital
from tests.pages import DESKTOP, PHONE, ROUNDING, explore, opened, pages, parsed, settled, until
from tests.specs import CELLS

pytestmark = pytest.mark.slow

# Charts without marks that stand for facts, so that there is nothing to explore, with the table whose rows they draw.
OUTSIDE = {"fig-resolutions": "tab-resolutions"}
PRINTED = 627  # pixels between the margins of an A4 page


@dataclass
class Seen:
    """What was seen of a chart when it was explored on a wide dark page and then on a phone's."""

    facts: set[str]
    bright: list[str]
    texts: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    width: float = 0.0


@dataclass
class Visit:
    """All charts by their figure's id, with what went wrong and who was asked for anything."""

    charts: dict[str, Seen] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    scrolls: dict[str, int] = field(default_factory=dict)


def charted(site: Path) -> list[Path]:
    return [path for path in pages(site) if parsed(path).select("figure svg")]


def figures(site: Path) -> Iterator[tuple[Path, Tag, Tag]]:
    """Each figure with its page and what stands below it."""
    for path in charted(site):
        for figure in parsed(path).select("figure"):
            tools = figure.find_next_sibling()
            assert isinstance(tools, Tag) and "chart-tools" in tools["class"], figure["id"]
            yield path, figure, tools


def texts(tab: Page, selector: str) -> list[str]:
    found: list[str] = tab.locator(selector).evaluate_all("nodes => nodes.map(node => node.textContent)")
    return found


@pytest.fixture(scope="module")
def visit(site: Path, chromium: Browser) -> Visit:
    found = Visit()
    # Too narrow for charts to open by themselves.
    context = chromium.new_context(viewport={"width": 900, "height": 900}, color_scheme="dark")
    context.on("console", lambda message: found.wrong.append(message.text))
    context.on("weberror", lambda error: found.wrong.append(str(error.error)))
    context.on("request", lambda request: found.asked.append(request.url))
    tab = context.new_page()
    for path in charted(site):
        tab.set_viewport_size({"width": 900, "height": 900})
        tab.goto(path.as_uri())
        here = [str(tools["data-figure"]) for tools in parsed(path).select(".chart-tools[data-spec]")]
        for figure in here:
            explore(tab, figure)
            nodes = tab.locator(f"#{figure} .chart-live [data-facts]")
            facts = set(" ".join(nodes.evaluate_all("nodes => nodes.map(node => node.dataset.facts)")).split())
            bright = tab.locator(f"#{figure} .chart-live svg :is(path, text, rect, line, circle)").evaluate_all(
                "nodes => nodes.filter(node => ['fill', 'stroke'].some(part => "
                "getComputedStyle(node)[part] === 'rgb(255, 255, 255)')).map(node => node.outerHTML)"
            )
            seen = found.charts[figure] = Seen(facts, bright)
            seen.texts["wide"] = texts(tab, f"#{figure} .chart-wide text"), texts(tab, f"#{figure} .chart-live text")
        tab.set_viewport_size({"width": PHONE, "height": 900})
        for figure in here:
            narrow = texts(tab, f"#{figure} .chart-narrow text")
            # Drawn anew for the phone: as wide as the drawing for it. The number of its texts may be that of before.
            until(
                tab,
                "figure => Math.abs(document.querySelector(`#${figure} .chart-live svg`)?.viewBox.baseVal.width"
                " - document.querySelector(`#${figure} .chart-narrow svg`).viewBox.baseVal.width) < 2",
                figure,
            )
            seen = found.charts[figure]
            seen.texts["narrow"] = narrow, texts(tab, f"#{figure} .chart-live text")
            seen.width = float(tab.locator(f"#{figure} .chart-live svg").evaluate("node => node.viewBox.baseVal.width"))
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": PRINTED, "height": 900})
        found.scrolls[path.name] = tab.evaluate("document.scrollingElement.scrollWidth")
        tab.emulate_media(media="screen")
    context.close()
    return found


def test_every_chart_can_be_explored_under_the_policy_without_asking_anybody(site: Path, visit: Visit) -> None:
    all_of_them = {str(figure["id"]) for _, figure, _ in figures(site)}
    assert len(all_of_them) == len(CELLS)
    assert visit.charts.keys() == all_of_them - OUTSIDE.keys()
    assert visit.wrong == []
    assert [url for url in visit.asked if not url.startswith((site.as_uri(), "data:"))] == []


def test_every_mark_leads_to_an_entry_of_the_ledger(site: Path, visit: Visit) -> None:
    ledger = {str(entry["id"]) for entry in parsed(site / "book/appendix/ledger.html").select(".ledger-entry")}
    for figure, seen in visit.charts.items():
        assert seen.facts and {f"ledger-{fact}" for fact in seen.facts} <= ledger, figure


def test_no_chart_has_a_white_patch_on_a_dark_page(visit: Visit) -> None:
    assert {figure: seen.bright for figure, seen in visit.charts.items() if seen.bright} == {}


def test_the_chart_says_what_its_drawing_says_on_wide_pages_and_on_phones(visit: Visit) -> None:
    for figure, seen in visit.charts.items():
        for form, (drawn, live) in seen.texts.items():
            assert live == drawn, (figure, form)
        assert 300 < seen.width <= PHONE, figure


def test_no_printed_page_with_charts_is_wider_than_its_paper(visit: Visit) -> None:
    assert {name: width for name, width in visit.scrolls.items() if width > PRINTED} == {}


def test_every_figure_has_a_number_a_caption_with_sources_two_drawings_and_a_table(site: Path) -> None:
    for _, figure, tools in figures(site):
        caption = figure.select_one("figcaption")
        assert caption and caption.select_one(".caption-number")
        assert re.search(r"\bSources?: \w", caption.get_text()), figure["id"]
        labels = [str(svg["aria-label"]) for svg in figure.select("svg[role=img]")]
        assert len(labels) == 2
        assert len(labels[0].split()) >= 15
        assert tools.select(".chart-about .twin tbody tr")


def test_below_every_chart_stand_its_files_its_address_its_notes_its_evidence_and_its_citation(site: Path) -> None:
    for path, figure, tools in figures(site):
        name = str(figure["id"])
        for ending in (".csv", ".svg"):
            (link,) = tools.select(f".chart-links a[download][href$='{ending}']")
            assert (path.parent / str(link["href"])).stat().st_size > 60
        assert tools.select(f".chart-links a[href='#{name}']")
        said = {term.get_text(): term.find_next_sibling("dd") for term in tools.select(".chart-notes dt")}
        assert list(said) == ["Shows", "Does not show", "Evidence", "Cite as"], name
        notes = {term: dd for term, dd in said.items() if isinstance(dd, Tag)}
        assert all(len(notes[term].get_text().split()) > 5 for term in ("Shows", "Does not show"))
        assert re.search(r"Version \d", notes["Cite as"].select(".citation")[0].get_text())
        listed = {str(link["href"]).partition("#")[2] for link in notes["Evidence"].select("a")}
        if name in OUTSIDE:
            drawn = [page for page in pages(site) if parsed(page).select(f"#{OUTSIDE[name]} tbody tr")]
            assert len(drawn) == 1 and listed == {OUTSIDE[name]}
        else:
            assert listed == {f"ledger-{fact}" for fact in data_of(path, tools)["facts"]}, name


def data_of(page: Path, tools: Tag) -> dict[str, Any]:
    """What the script of a chart brings."""
    script = (page.parent / str(tools["data-spec"])).read_text("utf-8")
    found: dict[str, Any] = json.loads(script.removeprefix("document.currentScript.chart = ").rstrip(";\n"))
    return found


def test_a_printed_page_shows_its_figures_whole_and_nothing_that_needs_a_press(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "book/events.html", DESKTOP)
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": PRINTED, "height": 900})
    assert tab.locator(".chart-wide").first.is_visible()
    for gone in (".masthead", ".contents", ".neighbours", ".chart-tools", ".chart-bar", ".cell summary"):
        assert not any(one.is_visible() for one in tab.locator(gone).all()), gone
    tab.context.close()


def test_phones_get_the_narrow_drawing_and_desktops_the_wide_one(site: Path, chromium: Browser) -> None:
    for width, visible, hidden in ((PHONE, "narrow", "wide"), (DESKTOP, "wide", "narrow")):
        tab, _ = opened(chromium, site / "book/wages.html", width)
        assert tab.locator(f".chart-{visible}").first.is_visible()
        assert not tab.locator(f".chart-{hidden}").first.is_visible()
        tab.context.close()


def test_charts_follow_the_dark_page(site: Path, chromium: Browser) -> None:
    fills = {}
    for scheme in ("light", "dark"):
        tab, _ = opened(chromium, site / "book/wages.html", DESKTOP, scheme)
        title = tab.locator(".chart-wide svg text").first
        fills[scheme] = title.evaluate("node => getComputedStyle(node).fill")
        tab.context.close()
    assert fills["light"] != fills["dark"]


def test_enter_holds_the_evidence_of_a_mark_and_escape_returns_to_the_chart(site: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, site / "book/surveillance.html", 900)
    explore(tab, "fig-measures")
    chart, tip = tab.locator("#fig-measures .chart-live"), tab.locator("#fig-measures .chart-tip")
    chart.focus()
    for key in ("Home", *["ArrowRight"] * 4):  # a cell of several claims
        tab.keyboard.press(key)
    first = tip.locator(".name").inner_text()
    tab.keyboard.press("Enter")
    assert tip.locator("a").count() > 1
    assert tip.locator("a").first.evaluate("node => node === document.activeElement")
    tab.keyboard.press("Escape")
    assert tip.count() == 0
    assert chart.evaluate("node => node === document.activeElement")
    tab.keyboard.press("ArrowRight")
    assert tip.locator(".name").inner_text() != first
    tab.keyboard.press("ArrowLeft")
    assert tip.locator(".name").inner_text() == first
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/ledger.html#ledger-*")
    assert errors == []
    tab.context.close()


def test_what_is_told_is_headed_by_the_row_the_cell_the_event_or_the_verdict(site: Path, chromium: Browser) -> None:
    check = next(row for row in TABLES["checks"].rows if row["verdict"] == "contradicted")
    verdict = f"{capital(check['question'])}: contradicted"
    told = next(one for one in surveillance.told() if one.control == "Reporting and rewards")
    watch = f"{told.control}: {told.standing} in {surveillance.source(EVIDENCE, told.source_id)}"
    event = EVIDENCE.events["mass-breakout-attempts"]
    expected = (
        (
            "events",
            "fig-timeline",
            "mass-breakout-attempts-narration",
            f"{event['label']} (unconfirmed), 2020 – Jul 2022",
            (),
        ),
        ("surveillance", "fig-measures", "", watch, ()),
        ("together", "fig-verdicts", check["claim_id"], verdict, (check["finding"], check["reference"])),
    )
    for page, figure, claim_id, name, known in expected:
        tab, errors = opened(chromium, site / f"book/{page}.html", 900)
        explore(tab, figure)
        at = tab.locator(f"#{figure} .chart-live [data-facts]").evaluate_all(
            "(nodes, [id, name]) => { const node = nodes.find(({ dataset, __data__ }) => id"
            " ? dataset.facts === id : __data__.datum.about === name); node.scrollIntoView({ block: 'center' });"
            " const box = node.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }",
            [claim_id, name],
        )
        tab.mouse.move(*at)
        tip = tab.locator(f"#{figure} .chart-tip")
        assert tip.locator("p").first.inner_text() == name
        assert "not put in figures" not in tip.inner_text()
        assert all(words.replace("'", "’") in tip.inner_text().replace("'", "’") for words in known)
        assert errors == []
        tab.context.close()


def test_on_a_phone_the_hint_and_the_themes_stand_below_the_chart_and_in_sight(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": PHONE, "height": 800}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto((site / "book/sanctions.html").as_uri())
    settled(tab).locator(".chart-tools[data-figure=fig-after-deadline]").get_by_role("button", name="Explore").tap()
    chart, hint = tab.locator("#fig-after-deadline .chart-live"), tab.locator("#fig-after-deadline .chart-how")
    hint.wait_for()
    assert hint.inner_text().startswith("Tap a mark")
    assert tab.evaluate("document.activeElement.className") == "chart-live"
    select = tab.locator("#fig-after-deadline .chart-filter select")
    for theme in ("Unrest", "All"):
        select.select_option(label=theme)
        said, choice, drawn = hint.bounding_box(), select.bounding_box(), chart.bounding_box()
        assert said and choice and drawn
        # Beside the button that was pressed.
        assert drawn["y"] + drawn["height"] <= said["y"] + ROUNDING and said["y"] < choice["y"] < 800
    context.close()


def test_who_goes_through_the_marks_by_keyboard_sees_where_he_is(site: Path, chromium: Browser) -> None:
    tab, errors = opened(chromium, site / "book/wages.html", PHONE)
    tab.set_viewport_size({"width": PHONE, "height": 300})  # lower than the chart
    tab.get_by_role("button", name="Explore").first.click()
    tab.locator(".chart-how").first.wait_for()
    assert tab.evaluate("document.activeElement.className") == "chart-live"
    tab.keyboard.press("End")
    ring = tab.locator(".chart-ring").bounding_box()
    assert ring and -ROUNDING < ring["y"] < 300 - ring["height"] + ROUNDING
    assert errors == []
    tab.context.close()


def test_the_list_of_a_mark_with_many_claims_fades_where_it_goes_on(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "book/wages.html", 900)
    explore(tab, "fig-month-of-pay")
    tab.locator("#fig-month-of-pay .chart-live").focus()
    for key in ("Home", "Enter"):
        tab.keyboard.press(key)
    tip = tab.locator("#fig-month-of-pay .chart-tip")
    # The ring around the link stays off the line above it.
    ring = tip.locator("a").first.evaluate(
        "node => { const style = getComputedStyle(node), box = node.getBoundingClientRect();"
        " return box.top - parseFloat(style.outlineOffset) - parseFloat(style.outlineWidth); }"
    )
    above = tip.locator(".from").first.bounding_box()
    assert above and ring > above["y"] + above["height"] - ROUNDING
    assert "is-long" not in str(tip.get_attribute("class"))
    tab.goto((site / "book/events.html").as_uri())
    explore(tab, "fig-timeline")
    tab.locator("#fig-timeline .chart-live path[data-facts~=sinuiju-hotel-housing-narration]").first.click()
    fade = tab.locator("#fig-timeline .chart-tip.is-long").evaluate(
        "node => getComputedStyle(node, '::after').position"
    )
    assert fade == "sticky"
    tab.context.close()
