"""The Sphinx domain that holds a report's evidence and knows where its entries stand in the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from evidencebook.evidence import account
from evidencebook.evidence.facts import Evidence

LEDGER, SOURCE, EVENT = account.LEDGER, account.SOURCE, account.EVENT
ROW = "row"  # of a table that stands on a page as it is; its id begins with the name of the table
PAPER = ("pdf", "latex")  # builders of what has pages


class Use(NamedTuple):
    """One place where a page shows a fact; `mark` is the id of the very spot, which only print needs.

    Of a figure, `section_id` is its own id, and there is no title.
    """

    fact_id: str
    section_id: str
    section_title: str
    mark: str
    is_figure: bool = False


class EvidenceDomain(Domain):
    """Evidence of the report being built, and the pages on which ledger entries and source cards stand."""

    name = "evidence"
    label = "Evidence"
    data_version = 8
    # places: kind -> {id: docname}; uses: docname -> the facts shown there, in order (Use); refused: docname -> how
    # many of its statements must not be published; parts: docname -> line and part of each ledger that stands there;
    # told: builder -> digest of the uses that its ledger tells.
    initial_data: dict[str, Any] = {  # noqa: RUF012
        "places": {LEDGER: {}, SOURCE: {}, EVENT: {}, ROW: {}},
        "uses": {},
        "refused": {},
        "parts": {},
        "told": {},
    }

    _accounts: account.Accounts | None = None

    @property
    def accounts(self) -> account.Accounts:
        """The accounts of all that the report's tables hold, which are read once per build."""
        if self._accounts is None:
            self._accounts = account.Accounts(Evidence.load(Path(self.env.srcdir)))
        return self._accounts

    @property
    def evidence(self) -> Evidence:
        """The report's claims and derived values."""
        return self.accounts.evidence

    def use(self, evidence: Evidence | None) -> None:
        """Take this evidence instead of reading the tables, which may hold problems; with None, read them again."""
        self._accounts = account.Accounts(evidence) if evidence else None

    def note_place(self, kind: str, entry_id: str, docname: str) -> None:
        """Remember that the entry of this kind and id stands on the page."""
        self.data["places"][kind][entry_id] = docname

    def note_use(self, docname: str, use: Use) -> None:
        """Remember that the page shows a fact."""
        self.data["uses"].setdefault(docname, []).append(use)

    def uses(self) -> Mapping[str, list[tuple[str, Use]]]:
        """Return where each fact is shown, as (page, use) in reading order, by the fact's id."""
        found: dict[str, list[tuple[str, Use]]] = {}
        for docname in self.reading_order():
            for use in self.data["uses"].get(docname, ()):
                found.setdefault(use.fact_id, []).append((docname, use))
        return found

    def reading_order(self) -> tuple[str, ...]:
        """Return the names of all pages in the order of the contents; pages outside it come last."""
        return tuple(dict.fromkeys([*self.listed_pages(), *sorted(self.env.found_docs)]))

    def listed_pages(self) -> tuple[str, ...]:
        """Return the names of the pages in the contents, in their order."""
        found: dict[str, None] = {}
        waiting = [str(self.env.config.root_doc)]
        while waiting:
            docname = waiting.pop()
            if docname not in found:
                found[docname] = None
                waiting += reversed(self.env.toctree_includes.get(docname, []))
        return tuple(found)

    def ledger_pages(self) -> set[str]:
        """Return the pages on which ledger entries stand."""
        return set(self.data["places"][LEDGER].values())

    def note_part(self, docname: str, line: int, part: tuple[int, int]) -> None:
        """Remember that the page holds this part of the ledger."""
        self.data["parts"].setdefault(docname, []).append((line, part))

    def note_refusal(self, docname: str) -> None:
        """Remember that a statement of the page must not be published."""
        self.data["refused"][docname] = self.data["refused"].get(docname, 0) + 1

    def address(self, builder: Builder, fromdoc: str, kind: str, entry_id: str) -> str | None:
        """Return the relative address of an entry as seen from a page; None if no page holds it."""
        todoc = self.data["places"][kind].get(entry_id)
        if todoc is None:
            return None
        return builder.get_relative_uri(fromdoc, todoc) + "#" + anchor(kind, entry_id)

    def clear_doc(self, docname: str) -> None:
        """Forget what the page held and showed."""
        for entries in self.data["places"].values():
            for entry_id in [key for key, where in entries.items() if where == docname]:
                del entries[entry_id]
        for noted in ("uses", "refused", "parts"):
            self.data[noted].pop(docname, None)

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader noted for its pages."""
        for kind, entries in otherdata["places"].items():
            self.data["places"][kind].update({key: doc for key, doc in entries.items() if doc in docnames})
        for noted in ("uses", "refused", "parts"):
            self.data[noted].update({doc: what for doc, what in otherdata[noted].items() if doc in docnames})

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield nothing: ledger entries are found by the search for their text."""
        return ()

    def resolve_any_xref(self, *_: Any, **__: Any) -> list[tuple[str, nodes.Element]]:
        """Return nothing: facts are shown by their own role only."""
        return []


def anchor(kind: str, entry_id: str) -> str:
    """Return the permanent HTML id of an entry; the prefix keeps ids apart on a single page."""
    return f"{kind}-{entry_id}"


def domain_of(env: BuildEnvironment) -> EvidenceDomain:
    """Return the evidence domain of the build."""
    domain = env.get_domain(EvidenceDomain.name)
    assert isinstance(domain, EvidenceDomain)
    return domain


def setup(app: Sphinx) -> None:
    app.add_domain(EvidenceDomain)
    app.connect("evidence-changed", lambda app: domain_of(app.env).use(None))
