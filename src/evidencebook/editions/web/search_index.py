"""What the search of the web edition looks through, as a script: a page opened from disk may load nothing else."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum

from evidencebook.editions.web.site import Page, Section


class Group(IntEnum):
    """Under which heading a passage is shown when it is found; search.js has their names, in this order."""

    CHAPTERS = 0
    APPENDIX = 1
    ENTRIES = 2


def script(pages: Mapping[str, Page], explaining: Collection[str], same: Sequence[Sequence[str]] = ()) -> str:
    """Return all pages, each as address and title, and all passages, each as page, anchor, title, text and group.

    `explaining` holds the addresses of those pages that argue, which are the first that a reader wants to see; `same`
    has groups of words of which a reader who asks for one wants the others too.
    """
    said = {address: page for address, page in pages.items() if page.said}
    passages = [
        [number, section.anchor, _capitalised(section.title), section.text, _group(section, page.address in explaining)]
        for number, page in enumerate(said.values())
        for section in page.said
    ]
    # The front page's title is the report's own; others have it behind a dash.
    named = [[page.address, page.title.rpartition(" – ")[0] or page.title] for page in said.values()]
    data = json.dumps({"pages": named, "passages": passages, "same": same}, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.EVIDENCE_SEARCH = {data};\n"


def _group(section: Section, is_explaining: bool) -> Group:
    # A heading with nothing but entries below it leads to a list, wherever that stands.
    if section.is_entry or not section.text:
        return Group.ENTRIES
    return Group.CHAPTERS if is_explaining else Group.APPENDIX


def _capitalised(title: str) -> str:
    """Return the title as a heading: some entries begin with their value, such as "about 30,000"."""
    return title[:1].upper() + title[1:]
