"""The legend of lines: one sentence below the opening of each page that shows facts, in every edition."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from evidencebook.pages.firm import REMARK
from evidencebook.pages.nodes import DOUBTFUL, FROM_TABLES
from evidencebook.pages.roles import evidence_reference

OPENING, SAMPLE, REST = (
    "In sentences a ",
    "dashed line",
    " marks unconfirmed, disputed or untested numbers and quotations, and nothing else; "
    "the rest is graded at the end of each chapter.",
)


class AddLegend(SphinxTransform):
    """Says what the lines mean, behind the paragraphs that open a page; authors need not write it."""

    default_priority = 870  # when the page is whole, and before the entries of the ledger are written

    def apply(self, **_: Any) -> None:
        """Add the sentence where the page shows a fact in a section that has an opening."""
        shows = any("fact" in one["classes"] for one in self.document.findall(evidence_reference))
        section = next(self.document.findall(nodes.section), None)
        opening = _opening(section) if shows and section is not None else None
        if opening is not None and section is not None:
            sample = nodes.inline("", SAMPLE, classes=[DOUBTFUL])
            words = [nodes.Text(OPENING), sample, nodes.Text(REST)]
            legend = nodes.paragraph("", "", *words, classes=[REMARK, "legend"], **{FROM_TABLES: True})
            section.insert(section.index(opening) + 1, legend)


def _opening(section: nodes.section) -> nodes.Node | None:
    """Return the last of the paragraphs behind the title of a page; None where there are none."""
    found = None
    for child in section.children:
        if isinstance(child, nodes.paragraph):
            found = child
        elif found is not None or not isinstance(child, nodes.title | nodes.comment | nodes.target):
            break
    return found


def setup(app: Sphinx) -> None:
    app.add_transform(AddLegend)
