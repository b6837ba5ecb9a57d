"""Links that open the original page at a passage: URL text fragments."""

from __future__ import annotations

from urllib.parse import quote

from evidencebook.tables import Row

SEPARATOR = " … "


def passage_url(url: str, fragment: str) -> str:
    """Return the address with a text directive for the passage's opening and closing words.

    Format: https://wicg.github.io/scroll-to-text-fragment/#syntax - the characters "-", "," and "&" have a meaning
    there and are percent-encoded like everything else outside the unreserved set.
    """
    parts = (quote(part, safe="").replace("-", "%2D") for part in fragment.split(SEPARATOR, 1))
    separator = "&" if ":~:" in url else ":~:" if "#" in url else "#:~:"
    return f"{url}{separator}text={','.join(parts)}"


def claim_url(claim: Row, source: Row) -> str:
    """Return the address of the claim's passage on the page from which the text was taken.

    The passage was anchored in the text as served, so a copy is linked rather than an original that may differ.
    """
    return passage_url(str(source["url"]), str(claim["fragment"]))
