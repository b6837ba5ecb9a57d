"""Abbreviations explained at their first use on a written page: in a sentence, a link, a table or a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

from evidencebook.editions.web.site import VOID

_PART = re.compile(r"<!--.*?-->|<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
# Text that is drawn, typed or never shown: there is nothing that could be wrapped.
_UNREAD = {"script", "style", "svg", "math", "code", "pre", "select", "textarea", "button", "template"}
# Where a link would stand in another one, or in a title, which should lead nowhere.
_WITHOUT_LINK = {"a", "summary", "label", "h1", "h2", "h3", "h4", "h5", "h6"}
_TERM = re.compile(r'\bclass="(?:[^"]* )?term[ "]')


@dataclass(frozen=True)
class Explained:
    """What an abbreviation stands for, in words, its whole definition, and the address of that."""

    expansion: str
    definition: str
    address: str


def mark(html: str, meanings: Mapping[str, Explained]) -> str:
    """Return the page's text with the first use of each abbreviation explained, in reading order.

    In running text it becomes a link to its definition. In a link or a title it becomes an `abbr`, and the first use in
    running text becomes a link all the same, since only links are reached by keyboard. The first use also brings its
    expansion for print, unless the text gives it just before.
    """
    if not meanings:
        return html
    marker = _Marker(meanings)
    return "".join(marker.parts(html))


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
        self._open: list[str] = []
        self._in_term = False  # within a link that an author has marked as a term, which explains itself
        self._said = ""  # the text just before

    def parts(self, html: str) -> Iterator[str]:
        read = 0
        for part in _PART.finditer(html):
            yield self._text(html[read : part.start()])
            yield part[0]
            read = part.end()
            tag = (part["tag"] or "").lower()
            if not tag or tag in VOID:
                continue
            if tag == "a":
                self._in_term = bool(not part["end"] and _TERM.search(part[0]))
            if not part["end"]:
                self._open.append(tag)
            elif tag in self._open:
                while self._open.pop() != tag:
                    pass
        yield self._text(html[read:])

    def _text(self, text: str) -> str:
        if not text or _UNREAD.intersection(self._open):
            return text
        is_linkable = not _WITHOUT_LINK.intersection(self._open)
        made = []
        read = 0
        for found in self._pattern.finditer(text):
            name = found[0]
            self._said += text[read : found.start()]
            made += [text[read : found.start()], self._marked(name, is_linkable)]
            self._said += name
            read = found.end()
        self._said = (self._said + text[read:])[-200:]
        return "".join([*made, text[read:]])

    def _marked(self, name: str, is_linkable: bool) -> str:
        is_first, is_link = name not in self._used, is_linkable and name not in self._linked
        if self._in_term:
            self._linked.add(name)
        self._used.add(name)
        if not is_first and not is_link:
            return name
        meaning = self._meanings[name]
        said = " ".join(unescape(self._said).split())
        is_said = said.removesuffix("(").rstrip().lower().endswith(meaning.expansion.lower())
        short = f' data-expansion="{escape(meaning.expansion)}"' if is_first and not is_said else ""
        if self._in_term:
            return f"<span{short}>{name}</span>"
        if not is_link:
            return f'<abbr class="term" title="{escape(meaning.definition)}"{short}>{name}</abbr>'
        self._linked.add(name)
        shown = f'class="term" href="{escape(meaning.address)}" title="{escape(meaning.definition)}"{short}'
        return f"<a {shown}>{name}</a>"
