"""Descriptions of pages: whole sentences where there is room, without citations."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.editions.web.descriptions import LONGEST, cut, description
from evidencebook.pages.domain import LEDGER, SOURCE


def page(*parts: nodes.Node | str) -> nodes.document:
    tree = new_document("page")
    section = nodes.section("", nodes.title("", "Title"))
    section += nodes.paragraph("", "", *[nodes.Text(one) if isinstance(one, str) else one for one in parts])
    tree += section
    return tree


def link(text: str, kind: str) -> nodes.reference:
    return nodes.reference("", text, refuri="#", classes=["source"], evidence_kind=kind)


def test_citations_in_brackets_are_left_out_and_those_in_the_sentence_stay() -> None:
    tree = page(
        "By ", link("Harbour log, 2019", SOURCE), "'s account it rose by ", link("90 cm", LEDGER),
        " (", link("Harbour log, 2019", SOURCE), "; ", link("Letter, 2020", SOURCE), "). It fell (at night).",
    )  # fmt: skip
    assert description(tree) == "By Harbour log, 2019's account it rose by 90 cm. It fell (at night)."
    assert "Letter, 2020" in tree.astext()


def test_sentences_are_kept_whole_as_long_as_they_fit() -> None:
    first, second = "The water rose. " + "It rose and rose " * 10 + "again.", "Then it fell " * 12 + "back."
    assert cut(f"{first} {second}") == first
    assert cut("Short.") == "Short."


def test_a_first_sentence_too_long_or_too_little_is_cut_between_words() -> None:
    assert cut("word " * 100).endswith("word …")
    cut_short = cut("Yes. " + "The keeper says that the water rose, " * 20)
    assert cut_short.startswith("Yes. The keeper") and cut_short.endswith(" …")


@given(st.text("abc .A", max_size=900))
def test_a_description_is_never_longer_than_what_is_shown(text: str) -> None:
    found = cut(" ".join(text.split()))
    assert len(found) <= LONGEST + 2
    assert found.removesuffix(" …") in " ".join(text.split())


def test_a_page_without_a_tree_or_a_paragraph_has_none() -> None:
    assert description(None) == ""
    assert description(new_document("empty")) == ""
