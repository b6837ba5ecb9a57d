"""A source's own list of its claims: a table on screen, and on paper the numbers of their entries, told once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.pages.domain import PAPER, domain_of
from evidencebook.pages.nodes import FROM_TABLES

LISTED = "listed"  # the attribute of such a table with the ids of its claims
INVENTORY = "inventory"  # its class


def mark(table: nodes.table, claim_ids: list[str]) -> None:
    """Say of a table that it is the list of a source's claims on that source's page."""
    table["classes"].append(INVENTORY)
    table[LISTED] = claim_ids


class ShortenInventories(SphinxPostTransform):
    """On paper the ledger has each claim already, and its numbers are enough to find it."""

    default_priority = 6  # before references and uses are resolved

    def run(self, **_: Any) -> None:
        if self.app.builder.name in PAPER:
            numbers = domain_of(self.env).accounts.numbers
            for table in [one for one in self.document.findall(nodes.table) if LISTED in one]:
                listed = [numbers[claim_id] for claim_id in table[LISTED]]
                said = f"{'Entry' if len(listed) == 1 else 'Entries'} {ranges(listed)} of the ledger."
                table.replace_self(nodes.paragraph("", said, **{FROM_TABLES: True}))


def ranges(numbers: Iterable[int]) -> str:
    """Return the numbers in words: "1–4, 7 and 12–40"."""
    found = []
    for _, group in groupby(enumerate(sorted(numbers)), lambda one: one[1] - one[0]):
        run = [number for _, number in group]
        found.append(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}")
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))


def setup(app: Sphinx) -> None:
    app.add_post_transform(ShortenInventories)
