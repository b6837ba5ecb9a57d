"""Parts of a ledger that is too long for one page: what each of them holds, and whether each stands once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from evidencebook.extension.domain import domain_of
from evidencebook.extension.guard import LOGGER

Entry = TypeVar("Entry")
_WRITTEN = re.compile(r"\s*([1-9]\d*) of ([1-9]\d*)\s*")


class Part(NamedTuple):
    """One of `number` parts; the first is 1."""

    place: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Part:
        """Return the part that an author writes as "2 of 12"; raises ValueError with what to write instead."""
        found = _WRITTEN.fullmatch(text or "")
        part = cls(*map(int, found.groups())) if found else None
        if part is None or part.place > part.number:
            raise ValueError(f'"{text or ""}" names no part; write the part and how many there are, such as 2 of 12')
        return part

    def __str__(self) -> str:
        return f"{self.place} of {self.number}"

    def of(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return this part of the entries; no part has more than one entry more than another."""
        first, end = (len(entries) * place // self.number for place in (self.place - 1, self.place))
        return entries[first:end]


WHOLE = Part(1, 1)


def faults(standing: Sequence[Part]) -> Iterator[str]:
    """Yield what is wrong with the parts that stand in a report, if any do; nothing where every entry stands once."""
    numbers = sorted({part.number for part in standing})
    if len(numbers) > 1:
        yield f"the ledger is cut into {' and into '.join(map(str, numbers))} parts - let all its parts name one number"
        return
    twice = [part for part, times in sorted(Counter(standing).items()) if times > 1]
    yield from (
        f"part {part} of the ledger stands {Counter(standing)[part]} times - keep one of them" for part in twice
    )
    wanted = [Part(place, number) for number in numbers for place in range(1, number + 1)]
    for part in wanted:
        if part not in standing:
            yield f"part {part} of the ledger stands on no page - write {{evidence-ledger}} with :part: {part} on one"


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Report parts of the ledger that are missing or stand twice, and fail the build."""
    domain = domain_of(env)
    standing = [(Part(*part), docname) for docname, parts in sorted(domain.data["parts"].items()) for part in parts]
    for fault in faults([part for part, _ in standing]):
        domain.note_refusal(standing[0][1])
        LOGGER.warning(fault, type="evidence", subtype="ledger", location=standing[0][1])


def setup(app: Sphinx) -> None:
    """Register the check."""
    app.connect("env-check-consistency", check)
