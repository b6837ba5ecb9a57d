"""A ledger over several pages: every entry stands on one of them, and whatever leads to entries finds it there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.evidence.account import EVENT, LEDGER, Accounts
from evidencebook.evidence.facts import Evidence
from evidencebook.pages.domain import anchor
from evidencebook.pages.ledger_parts import WHOLE, Part, Standing, faults
from tests.building import build, built_in, change, one, soup

NAMES = {"ledger": "first", "ledger-2": "second", "ledger-3": "third"}
LEDGER_LINE = "      - file: book/ledger\n"


@given(st.lists(st.integers(), max_size=60), st.integers(1, 70))
def test_parts_hold_every_entry_once_in_order_and_are_of_one_length(entries: list[int], number: int) -> None:
    parts = [Part(place, number).of(entries) for place in range(1, number + 1)]
    assert [entry for part in parts for entry in part] == entries
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("written", ["", "2", "2/3", "0 of 3", "4 of 3", "two of three", "-1 of 3", "1 of 0"])
def test_what_names_no_part_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(ValueError, match=r"names no part of the ledger - write which of how many, such as 2 of 12"):
        Part.parse(written)


def test_parts_are_read_as_they_are_written() -> None:
    assert Part.parse(" 2 of 12 ") == (2, 12)
    assert str(Part(2, 12)) == "2 of 12"


def standing(*parts: tuple[str, Part]) -> list[Standing]:
    return [Standing(page, line, part) for line, (page, part) in enumerate(parts, 1)]


def test_no_ledger_one_ledger_and_all_its_parts_are_no_fault() -> None:
    for parts in ((), (("a", WHOLE),), (("a", Part(2, 2)), ("b", Part(1, 2)))):
        assert list(faults(standing(*parts))) == []


def test_every_fault_is_told_at_the_part_that_has_it() -> None:
    found = standing(("a", Part(1, 3)), ("b", Part(3, 3)), ("c", Part(3, 3)), ("d", WHOLE), ("e", Part(1, 3)))
    assert [(message, at.docname, at.line) for message, at in faults(found)] == [
        ("part 3 of 3 of the ledger stands on b already", "c", 3),
        ("this is part 1 of 1, while other pages cut the ledger into 3", "d", 4),
        ("part 1 of 3 of the ledger stands on a already", "e", 5),
        (
            "part 2 of 3 of the ledger stands on no page - write {evidence-ledger} with :part: 2 of 3 on one",
            "e",
            5,
        ),
    ]
    twice = standing(("a", Part(1, 2)), ("a", Part(2, 2)))
    (fault,) = faults(twice)
    assert fault.at == twice[1]
    assert "give each part a page of its own" in fault.message


def divide(root: Path) -> None:
    """Spread the ledger of the tiny book over three pages."""
    for place, (name, word) in enumerate(NAMES.items(), 1):
        text = f"# Evidence, {word} part\n\n```{{evidence-ledger}}\n:part: {place} of {len(NAMES)}\n```\n"
        label = "(app-ledger)=\n" if place == 1 else ""
        (root / f"book/{name}.md").write_text(label + text, "utf-8")
    change(
        root / "_toc.yml",
        LEDGER_LINE,
        LEDGER_LINE + "".join(f"      - file: book/{name}\n" for name in list(NAMES)[1:]),
    )


@pytest.mark.slow
def test_every_entry_stands_on_one_page_and_links_lead_there(root: Path) -> None:
    divide(root)
    last = root / "book/ledger-3.md"
    text = last.read_text("utf-8")
    last.write_text(text.replace("3 of 3", "3/3"), "utf-8")
    done = build(root)
    assert done.returncode == 1
    said = (done.stdout + done.stderr).replace(str(root), "")
    assert '/book/ledger-3.md:3: WARNING: "3/3" names no part of the ledger - write which of how many' in said
    assert "/book/ledger-2.md:3: WARNING: part 3 of 3 of the ledger stands on no page" in said

    last.write_text(text, "utf-8")
    built_in(root, "html")
    pages = {name: soup(root / f"_build/html/book/{name}.html") for name in NAMES}
    ids = [[str(entry["id"]) for entry in page.select(".ledger-entry")] for page in pages.values()]
    accounts = Accounts(Evidence.load(root))
    wanted = [anchor(LEDGER, one) for one in accounts.numbers] + [anchor(EVENT, one) for one in accounts.events]
    assert [id_ for part in ids for id_ in part] == wanted
    assert all(ids)
    followed = set()
    for name in ("index", "tide", *NAMES):
        for link in soup(root / f"_build/html/book/{name}.html").select("a[href*='#ledger-'], a[href*='#event-']"):
            page, _, place = str(link["href"]).partition("#")
            if not place.startswith("ledger-section-"):
                followed.add(page := page.removesuffix(".html") or name)
                one(pages[page], f"#{place}")
    assert followed == set(NAMES)
    assert one(pages["ledger-2"], ".ledger-part").get_text().startswith("This page holds part 2 of 3 of the ledger")


@pytest.mark.slow
@pytest.mark.thorough
def test_print_and_e_book_hold_every_entry_too(root: Path) -> None:
    divide(root)
    accounts = Accounts(Evidence.load(root))
    wanted = [anchor(LEDGER, one) for one in accounts.numbers] + [anchor(EVENT, one) for one in accounts.events]
    built_in(root, "epub", "pdf")
    (epub,) = (root / "_build/epub").glob("*.epub")
    with zipfile.ZipFile(epub) as archive:
        names = archive.namelist()
        book = "".join(archive.read(name).decode() for name in names if name.endswith(".xhtml"))
    assert len(set(names)) == len(names)
    assert all(book.count(f'id="{one}"') == 1 for one in wanted)
