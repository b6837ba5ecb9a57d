"""Abbreviations explained at their first use on a page: in a sentence, a link, a table or a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes

from evidencebook.editions.web.markup import element

_ABSENT = (nodes.comment, nodes.pending, nodes.substitution_definition, addnodes.toctree, addnodes.index)
# Text that is code or never shown: there is nothing that could be wrapped.
_UNREAD = (*_ABSENT, nodes.FixedTextElement, nodes.literal, nodes.math, nodes.label)
# Where a link would stand in another one, or in what a press opens; the last two are of sphinx-design.
_WITHOUT_LINK = (nodes.reference, nodes.footnote_reference, nodes.citation_reference, addnodes.download_reference)
_PRESSED = {"summary", "dropdown_title", "sd_tab_label"}


@dataclass(frozen=True)
class Explained:
    """What an abbreviation stands for, in words, its whole definition, and the address of that."""

    expansion: str
    definition: str
    address: str


def mark(document: nodes.Element, meanings: Mapping[str, Explained]) -> None:
    """Explain the first use of each abbreviation on the page, in reading order.

    In running text it becomes a link to its definition. In a link or a title it becomes an `abbr`, and the first use in
    running text becomes a link all the same, since only links are reached by keyboard. The first use also brings its
    expansion for print, unless the text gives it just before.
    """
    if meanings:
        _Marker(meanings).go(document, True)


def pattern(abbreviations: Mapping[str, object]) -> re.Pattern[str]:
    """Return what finds any of the abbreviations as a word: no `SHA` in `SHA-256`, no `US` in `US$`."""
    longest_first = sorted(abbreviations, key=len, reverse=True)
    return re.compile(rf"(?<![\w$-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w$]|-\w)")


class _Marker:
    def __init__(self, meanings: Mapping[str, Explained]) -> None:
        self._meanings = meanings
        self._pattern = pattern(meanings)
        self._used: set[str] = set()
        self._linked: set[str] = set()
        self._in_term = False  # within a link that an author has marked as a term, which explains itself
        self._said = ""  # the text just before

    def go(self, node: nodes.Element, is_linkable: bool) -> None:
        """Mark what stands in the node, where links may stand or not."""
        for child in list(node.children):
            if isinstance(child, nodes.Text):
                self._text(child, is_linkable)
            elif isinstance(child, nodes.Element) and not isinstance(child, _UNREAD):
                before = self._in_term
                self._in_term = before or (isinstance(child, nodes.reference) and "term" in child["classes"])
                self.go(child, is_linkable and not _is_without_link(child))
                self._in_term = before

    def _text(self, node: nodes.Text, is_linkable: bool) -> None:
        text, made, read = str(node), list[nodes.Node](), 0
        for found in self._pattern.finditer(text):
            name = found[0]
            self._said += text[read : found.start()]
            made += [nodes.Text(text[read : found.start()]), self._marked(name, is_linkable)]
            self._said += name
            read = found.end()
        self._said = (self._said + text[read:])[-200:]
        if any(isinstance(one, element) for one in made):
            node.parent.replace(node, [one for one in (*made, nodes.Text(text[read:])) if one.astext()])

    def _marked(self, name: str, is_linkable: bool) -> nodes.Node:
        is_first, is_link = name not in self._used, is_linkable and name not in self._linked
        if self._in_term:
            self._linked.add(name)
        self._used.add(name)
        if not is_first and not is_link:
            return nodes.Text(name)
        meaning = self._meanings[name]
        said = " ".join(self._said.split()).removesuffix("(").rstrip().lower()
        is_said = said.endswith(meaning.expansion.lower())
        html = {"data-expansion": meaning.expansion} if is_first and not is_said else {}
        if self._in_term:
            return element("", nodes.Text(name), tag="span", html=html)
        html["title"] = meaning.definition
        if is_link:
            self._linked.add(name)
            html["href"] = meaning.address
        return element("", nodes.Text(name), tag="a" if is_link else "abbr", classes=["term"], html=html)


def _is_without_link(node: nodes.Element) -> bool:
    is_heading = isinstance(node, nodes.title) and isinstance(node.parent, nodes.section | nodes.document)
    name = node["tag"] if isinstance(node, element) else node.tagname
    return is_heading or isinstance(node, _WITHOUT_LINK) or name in _PRESSED or name == "a"
