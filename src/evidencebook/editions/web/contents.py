"""The table of contents of a front page: every part and page with its number, its short name and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx import addnodes
from sphinx.application import Sphinx

from evidencebook.pages.numbering import chapter


@dataclass(frozen=True)
class Entry:
    """One page: its number as shown ("3" or nothing), its name in the navigation, its own title and its address."""

    number: str
    name: str
    title: str
    link: str


@dataclass(frozen=True)
class Part:
    """Pages under one caption; `is_numbered` parts hold chapters, the others what belongs to them."""

    caption: str
    is_numbered: bool
    entries: tuple[Entry, ...]


def parts(app: Sphinx, page: str) -> list[Part]:
    """Return the parts that stand below the page, in reading order, without the pages' own pages."""
    env = app.env
    found = []
    for tree in env.get_doctree(page).findall(addnodes.toctree):
        entries = []
        for name, target in tree["entries"]:
            if "://" in target:
                entries.append(Entry("", name or target, name or target, target))
            if target not in env.titles:
                continue
            title = env.titles[target].astext()
            entries.append(
                Entry(chapter(env, target), name or title, title, app.builder.get_relative_uri(page, target))
            )
        is_numbered = any(entry.number for entry in entries)
        found.append(Part(str(tree.get("caption") or ""), is_numbered, tuple(entries)))
    return [part for part in found if part.entries]
