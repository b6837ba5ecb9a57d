"""For search engines, where an edition has an address of its own: which pages there are, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

UNLISTED = {"404.html", "index.html", "search.html"}  # ways to pages, and no pages of the report


def absolute(base: str, address: str) -> str:
    """Return the address of a file of the edition under the base, which may or may not end with a slash."""
    return f"{base.rstrip('/')}/{address}"


def sitemap(base: str, addresses: Iterable[str], day: date) -> str:
    """Return the site map (https://www.sitemaps.org/protocol.html), which knows absolute addresses only."""
    urls = "".join(
        f"<url><loc>{escape(absolute(base, address))}</loc><lastmod>{day.isoformat()}</lastmod></url>\n"
        for address in sorted(set(addresses) - UNLISTED)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )


def robots(base: str) -> str:
    """Return robots.txt: everything may be read, and the site map, if the edition knows its address, says what is."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {absolute(base, 'sitemap.xml')}\n" if base else "")
