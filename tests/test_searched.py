"""What the search is given: pages, passages and the group of each."""

from __future__ import annotations

import json
from typing import Any

from evidencebook.editions.web.search_index import Group, script
from evidencebook.editions.web.site import Page, Section


def data(pages: list[Page]) -> dict[str, Any]:
    written = script({page.address: page for page in pages}, {"index.html", "tides.html"})
    made: dict[str, Any] = json.loads(written.removeprefix("globalThis.EVIDENCE_SEARCH = ").removesuffix(";\n"))
    return made


def page(address: str, title: str, *sections: Section) -> Page:
    return Page(address, title, sections=list(sections))


def test_what_explains_what_backs_it_and_what_lists_are_told_apart() -> None:
    made = data(
        [
            page(
                "tides.html", "Tides – High Water", Section("a", "Tides", ["High."]), Section("b", "Which", ["x"], True)
            ),
            page("glossary.html", "Glossary – High Water", Section("c", "Words", ["Ebb."])),
            page("ledger.html", "Ledger – High Water", Section("d", "Tides"), Section("e", "Up to 90", ["Id"], True)),
        ]
    )
    groups = {anchor: group for _, anchor, _, _, group in made["passages"]}
    assert groups == {
        "a": Group.CHAPTERS,
        "b": Group.ENTRIES,
        "c": Group.APPENDIX,
        "d": Group.ENTRIES,
        "e": Group.ENTRIES,
    }
    assert made["pages"][0] == ["tides.html", "Tides"]
    assert [page for page, *_ in made["passages"]] == [0, 0, 1, 2, 2]


def test_the_front_page_has_a_name_and_a_page_that_says_nothing_is_left_out() -> None:
    made = data([page("404.html", "Lost – High Water"), page("index.html", "High Water", Section("a", "Start", ["x"]))])
    assert made["pages"] == [["index.html", "High Water"]]
    assert made["passages"] == [[0, "a", "Start", "x", Group.CHAPTERS]]


def test_words_that_the_report_takes_for_one_come_with_the_passages() -> None:
    written = script({}, set(), [["salary", "wage"]])
    assert json.loads(written.partition("=")[2].rstrip(";\n"))["same"] == [["salary", "wage"]]


def test_a_title_begins_with_a_capital() -> None:
    made = data([page("tides.html", "Tides – High Water", Section("a", "about 90. The gauge", ["x"]), Section("b"))])
    assert [title for _, _, title, *_ in made["passages"]] == ["About 90. The gauge"]
