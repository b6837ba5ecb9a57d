"""Whether rows copy an article: no more than ten of its words in a row may stand in a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evidencebook.check.anchors import SEPARATOR
from evidencebook.check.readings import Book
from evidencebook.tables.contract import Field
from evidencebook.tables.csvfile import FIX
from evidencebook.tables.problems import Problem

LONGEST_RUN = 10  # words of an article that may stand in a row
SHORTEST = 2 * LONGEST_RUN + 1  # characters of a text that can have more words
SHOWN = 100  # characters of the words in a message
TITLE = ("sources", "title")  # the name under which an article is cited, which may be quoted in full
FRAGMENT = "fragment"

# Letters and digits of any script, with the apostrophes within them; underscores part words as hyphens do.
_LETTER = r"[^\W_][\u0300-\u036f]*"
_WORD = re.compile(rf"(?:{_LETTER})+(?:['\u2018\u2019\u02bc](?:{_LETTER})+)*")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc", "'"))
_PLAIN = {**_APOSTROPHES, **str.maketrans(dict.fromkeys("\u201c\u201d\u2013\u2014\u2026", " "))}


@dataclass(frozen=True)
class Articles:
    """The runs of words of articles that are one word too long to be copied; those in titles are left out."""

    texts: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @cached_property
    def runs(self) -> frozenset[int]:
        """The hashes of all such runs: the words themselves of a thousand articles would fill memory."""
        copied = {run for text in self.texts for run in _runs([word for word, _, _ in words(text)])}
        return frozenset(
            copied - {run for title in self.titles for run in _runs([word for word, _, _ in words(title)])}
        )

    def copied(self, text: str) -> tuple[int, str] | None:
        """The longest run of an article's words in the text, with their number; None where it is short enough."""
        plain = text.translate(_PLAIN)
        if plain.isascii() and self.runs.isdisjoint(_runs(_WORD.findall(plain.casefold()))):
            return None  # as nearly all cells, of which a large report has a million
        found = list(words(text))
        best: tuple[int, int] | None = None
        first = None
        for at, run in enumerate([*_runs([word for word, _, _ in found]), None]):
            if run is not None and run in self.runs:
                first = at if first is None else first
            elif first is not None:
                length = at - first + LONGEST_RUN
                best = max(best or (0, 0), (length, first), key=lambda one: one[0])
                first = None
        if best is None:
            return None
        length, first = best
        return length, text[found[first][1] : found[first + length - 1][2]]


def problems(
    book: Book, texts: Iterable[str], told: Collection[tuple[str, int | None, str | None]]
) -> Iterator[Problem]:
    """The cells of text that share more than ten words in a row with one of the articles.

    The opening and the closing words of a fragment count each by themselves. A cell in `told` has a problem already.
    """
    articles = Articles(tuple(texts), tuple(_titles(book)))
    if not articles.texts:
        return
    for name, resource in book.contract.resources.items():
        table = book.readings[name].table
        columns = [one.name for one in resource.fields if _is_prose(one)]
        for row in table.rows if table else ():
            for column in columns:
                if row[column] is None or len(row[column]) < SHORTEST:
                    continue
                if table is None or (table.label, row.line, column) in told:
                    continue
                found = _longest(articles, row[column].split(SEPARATOR) if column == FRAGMENT else [row[column]])
                if found is not None:
                    yield _problem(table.label, row.line, column, *found)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as they are compared, with where each begins and ends, without case and punctuation."""
    for match in _WORD.finditer(text):
        plain = match[0].translate(_APOSTROPHES).casefold()
        yield plain if plain.isascii() else unicodedata.normalize("NFC", plain), match.start(), match.end()


def _runs(found: Sequence[str]) -> Iterator[int]:
    for at in range(len(found) - LONGEST_RUN):
        yield hash(tuple(found[at : at + LONGEST_RUN + 1]))


def _longest(articles: Articles, parts: Sequence[str]) -> tuple[int, str] | None:
    found = [one for part in parts if (one := articles.copied(part)) is not None]
    return max(found, key=lambda one: one[0], default=None)


def _problem(label: str, line: int, column: str, length: int, copied: str) -> Problem:
    shown = copied if len(copied) <= SHOWN else f"{copied[:SHOWN]}..."
    what = f'{length} words in a row stand in an article: "{shown}"'
    if column == FRAGMENT:
        remedy = f"let its opening and its closing have {LONGEST_RUN} words at most, and {FIX}"
    else:
        remedy = f"say it in other words; {LONGEST_RUN} in a row may be the same"
    return Problem(label, line, column, what, remedy)


def _is_prose(field: Field) -> bool:
    return field.type == "string" and field.format != "uri" and not (field.is_edtf or field.enum or field.pattern)


def _titles(book: Book) -> Iterator[str]:
    table = book.table(TITLE[0], TITLE[1])
    for row in table.rows if table else ():
        if row[TITLE[1]] is not None:
            yield row[TITLE[1]]
