"""Two manifests compared: sentences, figures, values and rows that are not the same in both, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from evidencebook.changes.causes import Behind
from evidencebook.changes.contradicting import contradictions
from evidencebook.changes.manifest import Drawn, Key, Manifest, PageSaid
from evidencebook.changes.sentences import Sentence

LIKE = 0.5  # of its words a sentence has in common with one that it replaced, at least
NEAR = 20  # sentences that are left of those that stood at a place, among which its partner is looked for
SHORT = 4  # words of a cell that may have nothing in common with what stood there


@dataclass(frozen=True)
class Moved:
    """A sentence before and after, on its page; one of the two is None where it is new or gone."""

    page: str
    before: Sentence | None
    after: Sentence | None
    causes: tuple[Key, ...] = ()

    @property
    def is_renumbered(self) -> bool:
        """Whether nothing but numbers of entries and the edition's digest moved, as after any other change."""
        return bool(self.before and self.after and self.before.steady == self.after.steady)


@dataclass(frozen=True)
class MovedFigure:
    """A figure before and after: None where it is new or gone; `gone` and `come` are rows of its data."""

    page: str
    before: Drawn | None
    after: Drawn | None
    causes: tuple[Key, ...] = ()

    @cached_property
    def rows(self) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
        """The rows of its data that went and that came."""
        old, new = (Counter(map(tuple, one.rows)) if one else Counter() for one in (self.before, self.after))
        return list((old - new).elements()), list((new - old).elements())


@dataclass(frozen=True)
class MovedRow:
    """A row of a table before and after, by its columns that are not the same; a row that is new or gone has all."""

    key: Key
    before: dict[str, str] | None
    after: dict[str, str] | None

    @property
    def what(self) -> str:
        return "added" if self.before is None else "withdrawn" if self.after is None else "changed"


@dataclass(frozen=True)
class MovedFact:
    """A fact's value, with its stance, before and after."""

    fact_id: str
    before: str
    after: str
    causes: tuple[Key, ...] = ()


class Difference:
    """What moved from one edition to another."""

    def __init__(self, before: Manifest, after: Manifest) -> None:
        self.before, self.after = before, after

    @cached_property
    def rows(self) -> list[MovedRow]:
        """The rows that are not the same."""
        found = []
        for key in sorted({*self.before.rows, *self.after.rows}):
            old, new = self.before.rows.get(key), self.after.rows.get(key)
            if old == new:
                continue
            columns = [one for one in {**(old or {}), **(new or {})} if (old or {}).get(one) != (new or {}).get(one)]
            cells = [one and {name: one.get(name, "") for name in columns} for one in (old, new)]
            found.append(MovedRow(key, *(dict(one) if one is not None else None for one in cells)))
        return found

    @cached_property
    def facts(self) -> list[MovedFact]:
        """The facts whose value or stance is not the same, with those that are new and gone."""
        ids = [*self.after.facts, *(one for one in self.before.facts if one not in self.after.facts)]
        told = ((one, _told(self.before, one), _told(self.after, one)) for one in ids)
        return [MovedFact(one, old, new, self._causes(("fact", one))) for one, old, new in told if old != new]

    @cached_property
    def sentences(self) -> list[Moved]:
        """The sentences that are not the same, page by page."""
        return [one for name in self._pages for one in self._on(name)]

    @property
    def told(self) -> list[Moved]:
        """Those of them in which more moved than numbers that shift by themselves."""
        return [one for one in self.sentences if not one.is_renumbered]

    @property
    def renumbered(self) -> list[Moved]:
        """The others."""
        return [one for one in self.sentences if one.is_renumbered]

    @cached_property
    def figures(self) -> list[MovedFigure]:
        """The figures whose picture, data or words are not the same."""
        found = []
        for name in self._pages:
            old, new = (_figures(edition.pages.get(name)) for edition in (self.before, self.after))
            for anchor in {**new, **old}:
                pair = old.get(anchor), new.get(anchor)
                if pair[0] != pair[1]:
                    shown = {("fact", one) for figure in pair if figure for one in figure.facts}
                    shown |= {("table", figure.drawn_from) for figure in pair if figure and figure.drawn_from}
                    found.append(MovedFigure(name, *pair, self._causes(*shown)))
        return found

    @cached_property
    def contradicting(self) -> list[tuple[Moved, str]]:
        """The sentences of the new edition that moved, or show what did, and contradict their own words; why."""
        return list(contradictions(self))

    @cached_property
    def reordered(self) -> list[str]:
        """The pages on which the very same sentences stand in another order."""
        return [
            name for name in self._pages
            if not self._on(name) and _texts(self.before.pages.get(name)) != _texts(self.after.pages.get(name))
        ]  # fmt: skip

    def why(self, one: Moved | MovedFigure) -> str:
        """Return what a change has for a reason other than rows that it names."""
        old, new = (edition.pages.get(one.page) for edition in (self.before, self.after))
        if old and new and old.source == new.source:
            return "what the page counts, lists or computes" if self.rows else "code or settings of the book"
        return "an edit of the page" if old and new else "the page came" if new else "the page went"

    def page_title(self, name: str) -> str:
        """Return how readers know a page."""
        page = self.after.pages.get(name) or self.before.pages.get(name)
        return page.title if page else name

    @cached_property
    def _pages(self) -> list[str]:
        return list({**self.after.pages, **self.before.pages})

    @cached_property
    def _behind(self) -> tuple[Behind, Behind]:
        changed = {one.key for one in self.rows}
        return Behind(self.before.rows, changed), Behind(self.after.rows, changed)

    def _causes(self, *shown: tuple[str, str]) -> tuple[Key, ...]:
        found: set[Key] = set()
        for kind, entry in shown:
            old, new = (behind.of(kind, entry) for behind in self._behind)
            # Of the rows that a count picks only those moved it that it picks in one of the editions.
            found |= old ^ new if kind == "count" and " by " not in entry else old | new
        return tuple(sorted(found))

    def _on(self, name: str) -> list[Moved]:
        if name not in self._moved:
            old, new = self.before.pages.get(name), self.after.pages.get(name)
            pairs = _pairs(*_unequal(old.sentences if old else (), new.sentences if new else ()))
            found = []
            for one, other in pairs:
                shown = {(what.kind, what.entry) for side in (one, other) if side for what in side.shown}
                shown |= {_entry(side) for side in (one, other) if side}
                found.append(Moved(name, one, other, self._causes(*shown)))
            self._moved[name] = found
        return self._moved[name]

    @cached_property
    def _moved(self) -> dict[str, list[Moved]]:
        return {}


def _entry(sentence: Sentence) -> tuple[str, str]:
    """Return what the sentence belongs to, where that is an entry of the ledger, of a source, or of a pair."""
    kind, _, entry = sentence.anchor.partition("-")
    kind = "source-card" if kind == "source" else kind
    return (kind, entry) if kind in ("ledger", "event", "source-card", "contradiction") else ("", "")


def _told(edition: Manifest, fact_id: str) -> str:
    if fact_id not in edition.facts:
        return ""
    value, stance = edition.facts[fact_id]
    return f"{value or 'no figure'}{f' ({stance})' if stance else ''}"


def _figures(page: PageSaid | None) -> dict[str, Drawn]:
    return {one.anchor: one for one in page.figures} if page else {}


def _texts(page: PageSaid | None) -> list[str]:
    return [one.text for one in page.sentences] if page else []


def _unequal(old: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences of each side that the other does not have, or not as often."""
    mine, theirs = (Counter(one.text for one in side) for side in (old, new))
    return _surplus(old, mine - theirs, new), _surplus(new, theirs - mine, old)


def _surplus(side: Sequence[Sentence], most: Counter[str], other: Sequence[Sentence]) -> list[Sentence]:
    """Return as many of each sentence as are too many: of equal ones, those at whose place the other side has none."""
    if not most:
        return []
    there = Counter((_place(one), one.text) for one in other if one.text in most)
    left = Counter(most)
    picked: set[int] = set()
    for only_new_places in (True, False):
        for index, one in enumerate(side):
            if left[one.text] <= 0 or index in picked:
                continue
            if only_new_places and there[_place(one), one.text] > 0:
                there[_place(one), one.text] -= 1
                continue
            left[one.text] -= 1
            picked.add(index)
    return [side[index] for index in sorted(picked)]


def _place(sentence: Sentence) -> tuple[object, ...]:
    return sentence.anchor, sentence.block, frozenset((one.kind, one.entry) for one in sentence.shown)


def _pairs(old: list[Sentence], new: list[Sentence]) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Yield sentences that took each other's place, in the order of the page, and those that are alone."""
    by_place: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
    for one in old:
        by_place[one.anchor, one.block].append(one)
    partners: dict[int, Sentence] = {}
    # First those in which numbers shifted only, then those that read alike, then the short ones in their order.
    for likeness in (_same, _likeness, _short):
        for one in new:
            known = by_place.get((one.anchor, one.block), [])
            if id(one) not in partners and known:
                best = max(known[:NEAR], key=lambda other: likeness(other, one))
                if likeness(best, one) >= LIKE:
                    partners[id(one)] = best
                    known.remove(best)
    for one in new:
        yield partners.get(id(one)), one
    for one in (one for left in by_place.values() for one in left):
        yield one, None


def _same(one: Sentence, other: Sentence) -> float:
    return float(one.steady == other.steady)


def _likeness(one: Sentence, other: Sentence) -> float:
    is_same_place = bool(one.shown) and _place(one) == _place(other)
    matcher = SequenceMatcher(None, one.steady.split(" "), other.steady.split(" "), autojunk=False)
    return matcher.ratio() + LIKE * is_same_place


def _short(one: Sentence, other: Sentence) -> float:
    return float(max(len(one.steady.split(" ")), len(other.steady.split(" "))) <= SHORT)
