"""Numbers, names and parts that books give to what they hold, for editions that are not written page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sphinx import addnodes
from sphinx.environment import BuildEnvironment

from evidencebook.pages.domain import domain_of


@dataclass(frozen=True)
class Numbers:
    """What the builder knows and the tree does not.

    `sections` and `figures` are Sphinx's numbers by page; `facts` has the number of every entry of the ledger,
    `titles` and `parts` have for every page its name in the contents and the part in which it stands, and `depths`
    how many pages of the contents it stands below. `formats` are what a figure, a table or the like is called.
    """

    sections: Mapping[str, Any]
    figures: Mapping[str, Any]
    facts: Mapping[str, int]
    titles: Mapping[str, str]
    parts: Mapping[str, str]
    depths: Mapping[str, int]
    formats: Mapping[str, str]

    def section(self, docname: str, section_id: str, is_page: bool) -> str:
        """Return the number of a section such as "3" or "3.1"; empty where it has none."""
        own = self.sections.get(docname, {})
        number = own.get(f"#{section_id}") or (own.get("") if is_page else None)
        return ".".join(map(str, number or ()))

    def figure(self, docname: str, kind: str, ids: list[str]) -> str:
        """Return the number of a figure or table, such as "3.1"; empty where it has none."""
        known = self.figures.get(docname, {}).get(kind, {})
        return next((".".join(map(str, known[one])) for one in ids if one in known), "")

    def called(self, docname: str, kind: str, ids: list[str]) -> str:
        """Return what a figure or the like is called, such as "Fig. 3.1"; empty where it has no number."""
        number = self.figure(docname, kind, ids)
        return self.formats.get(kind, "%s") % number if number else ""


def chapter(env: BuildEnvironment, docname: str) -> str:
    """Return the number of a page such as "3"; empty where it has none."""
    return ".".join(map(str, env.toc_secnumbers.get(docname, {}).get("") or ()))


def page_titles(env: BuildEnvironment) -> dict[str, str]:
    """Return the name of every page as the contents have it, which is shorter than its heading where one is given."""
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    for toc in env.tocs.values():
        for tree in toc.findall(addnodes.toctree):
            titles.update({docname: title for title, docname in tree["entries"] if title and docname in titles})
    return titles


def numbered(env: BuildEnvironment, kind: str, docname: str, anchor: str) -> str:
    """Return what a figure or table is called, such as "Fig. 3.1"; empty where it has no number."""
    number = env.toc_fignumbers.get(docname, {}).get(kind, {}).get(anchor, ())
    return str(env.config.numfig_format[kind]) % ".".join(map(str, number)) if number else ""


def numbers_of(env: BuildEnvironment) -> Numbers:
    """Return the numbers, names and parts of the book that is being built."""
    places = list(_places(env))
    return Numbers(
        sections=env.toc_secnumbers,
        figures=env.toc_fignumbers,
        facts=domain_of(env).accounts.numbers,
        titles=page_titles(env),
        parts={docname: part for docname, part, _ in places},
        depths={docname: depth for docname, _, depth in places},
        formats=env.config.numfig_format,
    )


def elsewhere(env: BuildEnvironment) -> list[tuple[str, str]]:
    """Return name and address of what the contents list and the book does not hold."""
    trees = (tree for page in env.tocs.values() for tree in page.findall(addnodes.toctree))
    found = (entry for tree in trees for entry in tree["entries"])
    return list(dict.fromkeys((str(name or target), str(target)) for name, target in found if "://" in str(target)))


def _places(env: BuildEnvironment) -> Iterator[tuple[str, str, int]]:
    """Yield every page with its part of the contents, named by its caption, and its depth there."""
    waiting = [(toctree, "", 0) for toctree in env.tocs[str(env.config.root_doc)].findall(addnodes.toctree)]
    while waiting:
        toctree, above, depth = waiting.pop(0)
        part = str(toctree.get("caption") or above)
        for _, docname in toctree["entries"]:
            if docname in env.tocs:
                yield docname, part, depth
                waiting += [(inner, part, depth + 1) for inner in env.tocs[docname].findall(addnodes.toctree)]
