"""Which changed rows stand behind what a sentence shows, through everything that is worked out from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property

from evidencebook.changes.manifest import Key
from evidencebook.evidence.quoting import REFERENCE
from evidencebook.values.formulas import FormulaError, references

Rows = Mapping[Key, Mapping[str, str]]
# Columns that lead from a claim to what its value, stance and citation depend on.
_LEADS = {"event_id": "events", "source_id": "sources", "place_id": "places"}


class Behind:
    """The rows of one edition, and what rests on those of them that changed."""

    def __init__(self, rows: Rows, changed: Set[Key]) -> None:
        self._rows, self._changed = rows, changed
        self._known: dict[tuple[str, str], frozenset[Key]] = {}

    def of(self, kind: str, entry: str) -> frozenset[Key]:
        """Return the changed rows behind what is shown of this kind and id."""
        if (kind, entry) not in self._known:
            self._known[kind, entry] = frozenset(self._with_embedded(self._all(kind, entry))) & self._changed
        return self._known[kind, entry]

    def _all(self, kind: str, entry: str) -> Iterator[Key]:
        if kind in ("fact", "entry"):
            yield from self._fact(entry, set())
        elif kind == "ledger":  # an entry tells of everything that names its fact
            yield from self._fact(entry, set())
            yield from self._named.get(entry, ())
        elif kind == "event":
            yield from (("events", entry), *self._named.get(entry, ()))
        elif kind == "source":
            yield "sources", entry
        elif kind in ("source-card", "contradiction"):
            yield (f"{kind.removesuffix('-card')}s", entry)
            yield from self._named.get(entry, ())
        elif kind == "value":
            yield from (key for key in self._rows if f"{key[0]}-{key[1]}" == entry)
        elif kind == "count":
            yield from self._counted(entry)
        elif kind == "table":
            yield from (key for key in {*self._rows, *self._changed} if key[0] == entry)

    def _with_embedded(self, keys: Iterable[Key]) -> Iterator[Key]:
        """Yield rows, and those whose values stand in their free text."""
        left, met, facts = list(keys), set[Key](), set[str]()
        while left:
            if (key := left.pop()) in met:
                continue
            met.add(key)
            yield key
            for embedded in self._embedded.get(key, ()):
                left += self._fact(embedded, facts)
                left += self._by_id.get(embedded, ())

    def _fact(self, fact_id: str, met: set[str]) -> Iterator[Key]:
        if fact_id in met:
            return
        met.add(fact_id)
        if ("claims", fact_id) in self._rows:
            claim = self._rows["claims", fact_id]
            yield "claims", fact_id
            yield from ((table, claim[column]) for column, table in _LEADS.items() if column in claim)
            yield from (key for key in self._named.get(fact_id, ()) if key[0] == "checks")
        elif ("derived", fact_id) in self._rows:
            yield "derived", fact_id
            try:
                used = references(self._rows["derived", fact_id].get("formula", ""))
            except FormulaError:
                return
            for reference in used:
                used_id = reference.removesuffix("@when")
                yield from self._fact(used_id, met)
                yield from (key for key in self._by_id.get(used_id, ()) if key[0] not in ("claims", "derived"))

    def _counted(self, query: str) -> Iterator[Key]:
        """Yield the changed rows that a count picks, as far as its conditions of the form `column=value` tell."""
        name, _, rest = query.partition(" ")
        conditions = [one.partition("=") for one in rest.partition(" by ")[0].split() if not one.startswith("by")]
        for key in self._changed:
            row = self._rows.get(key)
            if row is not None and key[0] == name and all(_fits(row, one, value) for one, _, value in conditions):
                yield key

    @cached_property
    def _by_id(self) -> Mapping[str, list[Key]]:
        found: dict[str, list[Key]] = {}
        for key in self._rows:
            found.setdefault(key[1], []).append(key)
        return found

    @cached_property
    def _embedded(self) -> Mapping[Key, list[str]]:
        """The ids in braces in the free text of each row."""
        return {
            key: found
            for key, row in self._rows.items()
            if (found := [one["id"] for cell in row.values() for one in REFERENCE.finditer(cell) if one["id"]])
        }

    @cached_property
    def _named(self) -> Mapping[str, list[Key]]:
        """The rows that name each id in a cell of their own."""
        found: dict[str, list[Key]] = {}
        for key, row in self._rows.items():
            for column, cell in row.items():
                named = [cell] if cell in self._by_id else []
                if column == "formula":
                    try:
                        named = [one.removesuffix("@when") for one in references(cell)]
                    except FormulaError:
                        named = []
                for one in named:
                    if one != key[1]:
                        found.setdefault(one, []).append(key)
        return found


def _fits(row: Mapping[str, str], column: str, values: str) -> bool:
    is_wanted = not column.endswith("!")
    return (row.get(column.removesuffix("!"), "") in values.split(",")) is is_wanted
