"""Sphinx extension: facts and sources in prose, tables of evidence, charts, and the print builder."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.util import console

from evidencebook import __version__


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx, in the order in which their listeners are called."""
    if not console.color_terminal():
        console.nocolor()  # Sphinx settles it in its own command only, and Jupyter Book is another
    from evidencebook.build import garbage

    garbage.setup(app)
    # What starts early is imported first: the process for pages imports its libraries beside this one's other imports.
    from evidencebook.build import execution, freshness, machine

    machine.setup(app)
    freshness.setup(app)
    with machine.plainly(app):
        execution.setup(app, imported=("evidencebook.drawing.ahead",))

    from evidencebook.build import checkfirst, lending, literature, privacy, speed, timing
    from evidencebook.changes import noting
    from evidencebook.editions.ebook import epub
    from evidencebook.editions.latex import latex
    from evidencebook.editions.print import pdf
    from evidencebook.editions.web import (
        below_charts,
        cards,
        context,
        data_folder,
        linked_data,
        markup,
        styles,
        terms,
        walking,
    )
    from evidencebook.pages import (
        carrying,
        charts,
        contradictions,
        directives,
        domain,
        editions,
        firm,
        foreign,
        forms,
        formulas,
        inventories,
        ledger,
        ledger_parts,
        legend,
        policy,
        quotes,
        results,
        roles,
        typography,
        uses,
    )

    for part in (
        literature, checkfirst, domain, roles, quotes, directives, editions, contradictions, inventories, firm, uses,
        legend, ledger, ledger_parts, charts, below_charts, styles, cards, walking, linked_data, markup, pdf, latex,
        epub, terms, timing, context, lending, speed, privacy, foreign, policy, results, typography,
        forms, formulas, data_folder, noting, carrying,
    ):  # fmt: skip
        part.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
