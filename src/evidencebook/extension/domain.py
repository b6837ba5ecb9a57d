"""The Sphinx domain that holds a report's evidence and knows where its entries stand in the book."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment

from evidencebook.facts import Evidence

LEDGER, SOURCE = "ledger", "source"


class EvidenceDomain(Domain):
    """Evidence of the report being built, and the pages on which ledger entries and source cards stand."""

    name = "evidence"
    label = "Evidence"
    data_version = 2
    # places: kind -> {id: docname}; uses: docname -> ids of the facts shown there, in order; refused: docname -> how
    # many of its statements could not be tied to evidence.
    initial_data: dict[str, Any] = {"places": {LEDGER: {}, SOURCE: {}}, "uses": {}, "refused": {}}  # noqa: RUF012

    _evidence: Evidence | None = None

    @property
    def evidence(self) -> Evidence:
        """The report's claims and derived values, read once per build."""
        if self._evidence is None:
            self._evidence = Evidence.load(Path(self.env.srcdir))
        return self._evidence

    def note_place(self, kind: str, entry_id: str, docname: str) -> None:
        """Remember that the entry of this kind and id stands on the page."""
        self.data["places"][kind][entry_id] = docname

    def note_use(self, docname: str, fact_id: str) -> None:
        """Remember that the page shows the fact."""
        self.data["uses"].setdefault(docname, []).append(fact_id)

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
        self.data["uses"].pop(docname, None)
        self.data["refused"].pop(docname, None)

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader noted for its pages."""
        for kind, entries in otherdata["places"].items():
            self.data["places"][kind].update({key: doc for key, doc in entries.items() if doc in docnames})
        for noted in ("uses", "refused"):
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
    """Register the domain."""
    app.add_domain(EvidenceDomain)
