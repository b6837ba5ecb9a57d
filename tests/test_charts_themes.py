"""The themes of the report's charts in a real browser: one leaves its marks as they are and fades all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from figures import EVIDENCE
from playwright.sync_api import Browser, Page

from evidencebook.evidence import capital
from tests.pages import explore, opened

pytestmark = pytest.mark.slow

FADED = 0.45  # as in charts.css


def faded(tab: Page, figure: str) -> list[dict[str, Any]]:
    """Each mark and each word that belongs to one: what it is, its facts, its colour, its opacity."""
    found: list[dict[str, Any]] = tab.locator(f"#{figure} .chart-live svg :is(path, text, rect, line)").evaluate_all(
        "nodes => nodes.filter(node => node.style.getPropertyValue('--own')).map(node => ({"
        " about: node.__data__.datum.about ?? '', facts: node.dataset.facts ?? '', words: node.textContent,"
        " colour: node.__data__.datum.colour, top: node.getBoundingClientRect().top,"
        " share: getComputedStyle(node).opacity / node.style.getPropertyValue('--own') }))"
    )
    return found


@pytest.mark.parametrize(
    ("page", "figure", "theme", "lit", "unlit"),
    [
        pytest.param(
            "sanctions", "fig-after-deadline", "Unrest", ["Violent protests in Helong"], ["New workers sent to China"],
            marks=pytest.mark.thorough,
        ),
        ("events", "fig-timeline", "Unrest", ["Unrest among workers in Jilin"], ["Ideological", "Kim Jong Un"]),
    ],
)  # fmt: skip
def test_a_theme_leaves_its_rows_and_fades_all_others_as_a_whole(
    site: Path, chromium: Browser, page: str, figure: str, theme: str, lit: list[str], unlit: list[str]
) -> None:
    tab, errors = opened(chromium, site / f"book/{page}.html", 900)
    explore(tab, figure)
    tab.locator(f"#{figure} .chart-filter select").select_option(label=theme)
    nodes = faded(tab, figure)
    for node in nodes:
        themes = {EVIDENCE.claims[fact]["theme"] for fact in node["facts"].split()}
        assert node["share"] == pytest.approx(1 if theme.lower() in themes else FADED, abs=0.01), node
    for name, share in [*((each, 1) for each in lit), *((each, FADED) for each in unlit)]:
        row = [node for node in nodes if node["about"].startswith(name)]
        assert len(row) >= 3, name
        assert [node["share"] for node in row] == pytest.approx([share] * len(row), abs=0.01)
    # Words that no fact claims must not stay behind in a row that fades.
    stray = tab.locator(f"#{figure} .chart-live").evaluate(
        "chart => [...chart.querySelectorAll('text')].filter(text => !text.style.getPropertyValue('--own'))"
        ".filter(text => [...chart.querySelectorAll('path.is-dimmed')].some(mark => {"
        " const a = text.getBoundingClientRect(), b = mark.getBoundingClientRect(); "
        " return Math.abs(a.top + a.height / 2 - b.top - b.height / 2) < 4; }))"
        ".map(text => text.textContent)"
    )
    assert stray == []
    # A mark may stand for claims of several themes: what is told of it begins with one that keeps it lit.
    chart = tab.locator(f"#{figure} .chart-live")
    number = int(str(tab.locator(f"#{figure} .chart-said").text_content()).split()[0])  # "4 of 20 marks"
    chart.press("Home")
    told = []
    for _ in range(number):
        tab.keyboard.press("Enter")
        told.append(str(chart.locator(".chart-tip a").first.get_attribute("href")).partition("#ledger-")[2])
        tab.keyboard.press("Escape")
        tab.keyboard.press("ArrowRight")
    assert len(told) >= len(lit)
    assert {EVIDENCE.claims[fact]["theme"] for fact in told} == {theme.lower()}
    tab.locator(f"#{figure} .chart-filter select").select_option(label="All")
    assert tab.locator(f"#{figure} .is-dimmed").count() == 0
    assert errors == []
    tab.context.close()


def test_themes_have_the_names_that_the_tables_give_them(site: Path, chromium: Browser) -> None:
    tab, _ = opened(chromium, site / "book/index.html", 900)
    explore(tab, "fig-voices")
    select = tab.locator("#fig-voices .chart-filter select")
    used = {row["theme"] for row in EVIDENCE.assertions.values()}
    assert set(select.locator("option").all_text_contents()) == {"All", *(capital(EVIDENCE.theme(one)) for one in used)}
    select.select_option("Wages")
    tab.locator("#fig-voices .chart-live .is-dimmed").first.wait_for(state="attached")
    shown = tab.locator("#fig-voices .chart-live [data-facts]:not(.is-dimmed)")
    facts = [one.split() for one in shown.evaluate_all("nodes => nodes.map(node => node.dataset.facts)")]
    # A label that stands for several facts stays while one of them is of the theme.
    assert {EVIDENCE.claims[one[0]]["theme"] for one in facts if len(one) == 1} == {"wages"}
    tab.context.close()
