"""Lists that a reader walks by headings and narrows by a filter: what their items are made of."""

from __future__ import annotations

from docutils import nodes


class faceted(nodes.Element):
    """An item of such a list; `facets` holds what a reader may filter by."""


class entry_head(nodes.paragraph):
    """The heading of an entry that is no section, so that hundreds of them do not fill tables of contents."""
