"""Parts of a ledger that is too long for one page: what each of them holds, and whether each stands once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from evidencebook.pages import refusals
from evidencebook.pages.domain import domain_of
from evidencebook.pages.subtypes import Subtype

Entry = TypeVar("Entry")
_WRITTEN = re.compile(r"\s*([1-9]\d*) of ([1-9]\d*)\s*")


class Part(NamedTuple):
    """One of `number` parts; the first is 1."""

    place: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Return the part that an author writes as "2 of 12"; raises ValueError with what to write instead."""
        found = _WRITTEN.fullmatch(text)
        part = cls(*map(int, found.groups())) if found else None
        if part is None or part.place > part.number:
            raise ValueError(f'"{text}" names no part of the ledger - write which of how many, such as 2 of 12')
        return part

    def __str__(self) -> str:
        return f"{self.place} of {self.number}"

    def of(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return this part of the entries; no part has more than one entry more than another."""
        first, end = (len(entries) * place // self.number for place in (self.place - 1, self.place))
        return entries[first:end]


WHOLE = Part(1, 1)


class Standing(NamedTuple):
    """Where a part stands: the page, the line, and which part it is."""

    docname: str
    line: int
    part: Part


class Fault(NamedTuple):
    """What is wrong, and at which of the standing parts it is to be mended."""

    message: str
    at: Standing


def faults(standing: Sequence[Standing]) -> Iterator[Fault]:
    """Yield what is wrong with the parts that stand in a report, if any do; nothing where every entry stands once."""
    if not standing:
        return
    numbers = Counter(one.part.number for one in standing)
    number = max(numbers, key=lambda number: (numbers[number], number))
    pages: set[str] = set()
    first: dict[Part, Standing] = {}
    for one in standing:
        if one.docname in pages:
            yield Fault("the page holds another part of the ledger already - give each part a page of its own", one)
        elif one.part.number != number:
            yield Fault(f"this is part {one.part}, while other pages cut the ledger into {number}", one)
        elif one.part in first:
            yield Fault(f"part {one.part} of the ledger stands on {first[one.part].docname} already", one)
        pages.add(one.docname)
        first.setdefault(one.part, one)
    for part in (Part(place, number) for place in range(1, number + 1)):
        if part not in first:
            message = (
                f"part {part} of the ledger stands on no page - write {{evidence-ledger}} with :part: {part} on one"
            )
            yield Fault(message, standing[-1])


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Report parts of the ledger that are missing or stand twice, and fail the build."""
    domain = domain_of(env)
    parts = domain.data["parts"]
    pages = [docname for docname in domain.listed_pages() if docname in parts]
    standing = [Standing(docname, line, Part(*part)) for docname in pages for line, part in parts[docname]]
    for message, (docname, line, _) in faults(standing):
        refusals.refuse(env, message, Subtype.LEDGER, location=(docname, line), docname=docname)


def setup(app: Sphinx) -> None:
    app.connect("env-check-consistency", check)
