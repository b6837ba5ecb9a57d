"""The page of a review: a real server and browser, keys and fields, the sheets behind them, and who may ask."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from evidencebook.intake import sheet
from evidencebook.intake.drafting import UNSAID
from evidencebook.intake.reviewing import Review, Server
from tests.intaking import ARTICLE, CARD_SHEET, SHEET, SOURCE, accept_what_fits, add, decide, report, rows, run, state
from tests.pages import DESKTOP, PHONE
from tests.test_access import violations

__all__ = ["report"]  # a fixture
pytestmark = pytest.mark.slow


@pytest.fixture
def served(report: Path) -> Iterator[Server]:
    """A review that is open, of an article whose card lacks an address."""
    assert run("add", "--root", report, "--no-ask", "--card", "outlet_served_by=Yalu Observer", ARTICLE)[0] == 0
    with Server(0, Review(report, SOURCE, report / "seeds" / "texts")) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def opened(chromium: Browser, served: Server, width: int = DESKTOP, scheme: str = "light") -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto(served.address)
    expect(tab.get_by_role("status")).to_contain_text("problem", timeout=30_000)
    assert not wrong
    return tab


def written(report: Path, is_so: Callable[[list[dict[str, str]]], bool]) -> list[dict[str, str]]:
    """Return the rows of the sheet when they are so: the page shows a change before it is on the disk."""
    for _ in range(600):
        if is_so(found := rows(report / SHEET)):
            return found
        time.sleep(0.05)
    raise AssertionError("never written")


def test_an_article_is_reviewed_by_keys_and_accepted_and_undone(
    report: Path, served: Server, chromium: Browser
) -> None:
    tab = opened(chromium, served)
    status = tab.get_by_role("status")
    finish = tab.get_by_role("button", name="Go to what is left")
    finish.click()
    tab.keyboard.type("https://example.org/crews")  # it leads to what the card lacks
    tab.keyboard.press("Tab")
    expect(status).to_contain_text("0 of", timeout=30_000)
    expect(tab.locator("#card .problems li")).to_have_count(0, timeout=30_000)
    assert {row["field"]: row["value"] for row in rows(report / CARD_SHEET)}["url"] == "https://example.org/crews"

    unsaid = next(row for row in rows(report / SHEET) if UNSAID in row["statement"])
    row = tab.locator(".row", has=tab.locator("blockquote mark", has_text=unsaid["found"])).first
    row.locator(".head").click()
    first = row.locator("textarea").input_value()
    assert UNSAID in first
    tab.keyboard.press("e")  # what has to be said is selected
    tab.keyboard.type("new crews in the city number")
    tab.keyboard.press("Control+Enter")
    expect(status).to_contain_text("1 of")
    tab.locator(".row", has=tab.locator("blockquote mark", has_text="less than 400")).locator(".head").click()
    tab.keyboard.press("2")
    tab.keyboard.press("a")
    tab.keyboard.press("d")
    expect(status).to_contain_text("3 of")
    sheet_rows = written(report, lambda found: sum(bool(row["decision"]) for row in found) == 3)
    found = {row["statement"]: row for row in sheet_rows if row["decision"]}
    assert sorted(row["decision"] for row in found.values()) == ["accept", "accept", "drop"]
    assert first.replace(UNSAID, "new crews in the city number") in found
    taken = [row for row in found.values() if row["decision"] == "accept"]
    assert any(row["topic"] == row["topics"].split(" or ")[1] for row in taken)

    # A spreadsheet has the same sheet: what it says of the others is there when the page is loaded again.
    decide(report, lambda row: None if row["decision"] else row.update(decision="drop"))
    tab.reload()
    expect(tab.get_by_role("button", name="Accept into the tables")).to_be_visible(timeout=30_000)
    expect(status).to_contain_text("No problems.", timeout=30_000)
    tab.get_by_role("button", name="Accept into the tables").click()
    expect(tab.locator("pre")).to_contain_text("its card and 2 claims are in the tables", timeout=30_000)
    assert sum(row["source_id"] == SOURCE for row in rows(report / "data/claims.csv")) == 2
    assert served.said
    code, said = run("accept", "--root", report, SOURCE, "--undo")
    assert code == 0, said
    assert not [name for name in state(report) if SOURCE in name]


def test_a_problem_is_told_at_its_row_and_a_unit_brings_the_value_back(
    report: Path, served: Server, chromium: Browser
) -> None:
    tab = opened(chromium, served)
    row = tab.locator(".row", has=tab.locator("blockquote mark", has_text="about 450"))
    row.locator(".head").click()
    unit = row.get_by_label("Unit")
    unit.select_option("persons")
    expect(row.locator(".more, summary")).to_contain_text("about 450 persons")
    row.locator(".head").focus()
    tab.keyboard.press("o")
    row.get_by_label("When", exact=True).fill("2025-19")
    row.get_by_label("When", exact=True).blur()
    expect(row.locator(".problems")).to_contain_text("when:", timeout=30_000)
    assert "to mend" in row.locator(".head").inner_text()
    now = lambda found: next(one for one in found if one["found"] == "about 450")  # noqa: E731
    cells = now(written(report, lambda found: now(found)["when"] == "2025-19"))
    assert (cells["low"], cells["high"], cells["qualifier"], cells["kind"]) == ("450", "450", "about", "count")
    area = row.locator("textarea")
    area.fill("A recruiter says that about 450 crews came.")
    area.blur()
    other = row.get_by_label("Another topic")
    other.fill("headcount")
    other.blur()
    expect(row.locator("fieldset + p")).to_contain_text("headcount: how many")
    cells = now(written(report, lambda found: now(found)["topic"] == "headcount"))
    assert cells["speaker"] == "recruiter", "who is named anew as speaking is the speaker"
    assert (cells["topic"], cells["theme"]) == ("headcount", "workforce"), "the theme goes with the topic"


def test_what_is_said_of_a_voice_counts_for_all_its_rows(report: Path, served: Server, chromium: Browser) -> None:
    tab = opened(chromium, served)
    tab.locator("#voices > summary").click()
    theirs = tab.locator("#voices details", has=tab.locator("summary", has_text="labour broker in the city:"))
    theirs.locator("summary").click()
    theirs.get_by_label("Speaker type").select_option("employer")
    of = lambda found: [row for row in found if row["speaker"] == "labour broker in the city"]  # noqa: E731
    found = of(written(report, lambda found: all(row["speaker_type"] == "employer" for row in of(found))))
    assert (
        len(found) > 4 and len({(row["reliability"], row["credibility"], row["rating_reason"]) for row in found}) == 1
    )
    assert "employer" in found[0]["rating_reason"], "ratings and their reason go with the kind of voice"

    # A row that was another's gets all of it with the voice, and its sentence says so.
    row = tab.locator(".row", has=tab.locator("blockquote mark", has_text="Half"))
    row.locator(".head").click()
    before = next(one for one in rows(report / SHEET) if one["found"] == "Half")
    tab.keyboard.press("v")
    row.get_by_label("Voice", exact=True).select_option("labour broker in the city")
    now = lambda found: next(one for one in found if one["found"] == "Half")  # noqa: E731
    cells = now(written(report, lambda found: now(found)["speaker"] == "labour broker in the city"))
    assert (cells["speaker_type"], cells["rating_reason"]) == ("employer", found[0]["rating_reason"])
    said = " says that " + before["statement"].partition(" says that ")[2]
    assert cells["statement"] == f"A labour broker in the city{said}"

    # Named anew, it is so in all its rows.
    theirs.get_by_label("Speaker", exact=True).fill("recruiter in Dandong")
    theirs.get_by_label("Speaker", exact=True).blur()
    new = [row for row in written(report, lambda found: not of(found)) if row["speaker"] == "recruiter in Dandong"]
    assert len(new) == len(found) + 1 and all(row["statement"].startswith("A recruiter in Dandong ") for row in new)


def test_everything_is_decided_by_keys_and_the_folded_rows_are_told(
    report: Path, served: Server, chromium: Browser
) -> None:
    tab = opened(chromium, served)
    status = tab.get_by_role("status")
    here, folded = tab.locator("#rows .row").count(), tab.locator("#rest .row").count()
    expect(status).to_contain_text(f"{here + folded} left: {here} here, {folded} folded")
    assert not tab.locator("#rest").evaluate("one => one.open")
    for _ in range(here):
        tab.keyboard.press("j")
    expect(status).to_contain_text(f"From here on: {folded} that are likely no claims")
    assert tab.locator("#rest").evaluate("one => one.open") and tab.locator("#rest .row.now").count() == 1
    for _ in range(folded):
        tab.keyboard.press("j")
    expect(status).to_contain_text("This is the last row")

    # What a cell means is read without pointing at it.
    tab.keyboard.press("o")
    row = tab.locator(".row.now")
    for name in ("Per", "Scope", "Reliability", "Credibility"):
        field = row.get_by_label(name, exact=True)
        told = tab.locator(f"#{field.get_attribute('aria-describedby')}")
        expect(told).to_be_visible()
        assert len(told.inner_text()) > 30
    assert tab.evaluate("document.activeElement.closest('.cells') !== null"), "the first cell has the focus"
    tab.keyboard.press("Escape")

    tab.keyboard.press("Shift+X")
    tab.keyboard.press("Shift+A")
    is_unlikely = lambda row: row["likely"].startswith("unlikely")  # noqa: E731
    found = written(report, lambda found: all(row["decision"] or UNSAID in row["statement"] for row in found))
    assert {row["decision"] for row in found if is_unlikely(row)} == {"drop"}
    assert {row["decision"] for row in found if not is_unlikely(row)} == {"accept", ""}, "what is unfinished stays open"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_is_for_everyone(served: Server, chromium: Browser, width: int, scheme: str) -> None:
    tab = opened(chromium, served, width, scheme)
    for details in tab.locator("details").all()[:4]:
        details.evaluate("one => (one.open = true)")
    tab.locator(".row.now details").evaluate("one => (one.open = true)")
    assert violations(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_only_its_own_page_may_ask(report: Path, served: Server) -> None:
    host = served.address.split("/")[2]
    before = state(report)
    change = json.dumps({"table": "claims", "row": 0, "cells": {"decision": "drop"}})
    own = {"Content-Type": "application/json", "Origin": f"http://{host}"}
    for method, path, headers, told in (
        ("GET", "/", {"Host": "elsewhere.example"}, 403),
        ("GET", "/state", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/change", {**own, "Origin": "http://elsewhere.example"}, 403),
        ("POST", "/change", {**own, "Content-Type": "text/plain"}, 403),
        ("POST", "/change", {"Content-Type": "application/json"}, 403),
        ("POST", "/accept", {**own, "Sec-Fetch-Site": "same-site"}, 403),
        ("GET", "/../review.py", {}, 404),
        ("POST", "/other", own, 404),
    ):
        asked = http.client.HTTPConnection(host, timeout=20)
        asked.request(method, path, change if method == "POST" else None, headers)
        assert asked.getresponse().status == told, (method, path, headers)
        asked.close()
    assert state(report) == before


@pytest.mark.parametrize(
    "said", ["{", "[]", '{"table": "claims", "row": 999, "cells": {}}', '{"table": "x", "row": 0}']
)
def test_nonsense_changes_nothing(report: Path, served: Server, said: str) -> None:
    host = served.address.split("/")[2]
    before = state(report)
    asked = http.client.HTTPConnection(host, timeout=20)
    asked.request("POST", "/change", said, {"Content-Type": "application/json", "Origin": f"http://{host}"})
    assert asked.getresponse().status in (400, 409)
    asked.close()
    assert state(report) == before


def test_a_draft_that_nobody_accepted_is_no_claim(report: Path) -> None:
    add(report, "--again", ARTICLE)
    label = sheet.claims_label(SOURCE)
    assert not any(row["decision"] for row in rows(report / label))
    decide(report, lambda row: accept_what_fits(row) or row.update(decision="") if UNSAID in row["statement"] else None)
    code, said = run("accept", "--root", report, SOURCE)
    assert code == 1 and "nothing is decided of this row" in said
