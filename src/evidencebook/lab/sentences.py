"""The words that roles of a page stand for, in its Markdown: for those who read the source, as in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from evidencebook.evidence import Evidence, counts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import UnknownFact, measured
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import is_told, words
from evidencebook.folders import files_below
from evidencebook.tables.problems import BadData

ROLE = re.compile(r"(?<!`)\{(fact|src|value|count|quote|typed|term|ref|numref)\}`([^`]+)`")
LITERAL = re.compile(r"(^(?P<fence>```+|~~~+).*?^(?P=fence)|``.+?``)", re.DOTALL | re.MULTILINE)
LABELLED = re.compile(r"(.*?)\s*<([^<>]+)>", re.DOTALL)
COUNTS: dict[str, Callable[[int], str]] = {
    "": counts.number_words,
    "capital": lambda number: counts.number_words(number, capital=True),
    "digits": counts.number_digits,
}


class Sentences:
    """Tells what roles say by the tables of a report, which are read again whenever one of them has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._signs: list[tuple[str, int, int]] = []
        self._evidence: Evidence | None = None
        self._wrong = ""

    def told(self, source: str) -> str:
        """Return Markdown with words in the place of roles; of one that cannot be told, why."""
        self._look()
        parts = LITERAL.split(source)
        # The pattern has two groups: after each text that is not literal come the literal one and its fence.
        return "".join(
            ROLE.sub(self._said, part) if n % 3 == 0 else part if n % 3 == 1 else ""
            for n, part in enumerate(parts)
            if part
        )

    def _look(self) -> None:
        signs = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files_below(self._root / "data")]
        if signs != self._signs:
            self._signs, self._evidence, self._wrong = signs, None, ""
            try:
                self._evidence = Evidence.load(self._root)
            except (BadData, OSError) as error:
                self._wrong = str(error).partition("\n")[0]

    def _said(self, found: re.Match[str]) -> str:
        role, text = found[1], found[2].strip()
        named, _, form = (part.strip() for part in text.partition("|"))
        try:
            if role in ("typed", "term", "ref", "numref"):
                return self._named(role, text)
            if self._evidence is None:
                return f"**{self._wrong}**"
            return _words(self._evidence, role, named, form)
        except UnknownFact:
            return f"**unknown: {named}**"
        except (ValueError, KeyError) as error:
            return f"**{named}: {error}**"

    def _named(self, role: str, text: str) -> str:
        if role == "typed":
            return text.partition("|")[0].strip()
        labelled = LABELLED.fullmatch(text)
        if labelled and labelled[1] and "%s" not in labelled[1]:
            return labelled[1]
        name = labelled[2] if labelled else text
        return next(self._numbers(name), name) if role == "numref" else name

    def _numbers(self, name: str) -> Iterator[str]:
        """Yield the number of a figure or table in the edition that was made last."""
        number = re.compile(rf'id="{re.escape(name)}".*?caption-number">([^<]+?)\s*<', re.DOTALL)
        for page in sorted((self._root / "_build" / "html").rglob("*.html")):
            if f'id="{name}"' in (text := page.read_text("utf-8")) and (found := number.search(text)):
                yield found[1].strip()


def _words(evidence: Evidence, role: str, named: str, form: str) -> str:
    if role == "src":
        return short_citation(evidence.sources[named])
    if role == "count":
        return COUNTS[form](counts.count(evidence.tables, named))
    if role == "value":
        name, _, row_id = named.partition(" ")
        table = evidence.tables[name]
        return words(measured({str(row[table.fields[0].name]): row for row in table.rows}[row_id]), form or None)
    fact = evidence.fact(named)
    if role == "quote":
        return f"\u201c{form}\u201d"
    said = "" if is_told(form) else doubt(fact)
    return words(fact, form or None) + (f" ({said})" if said else "")
