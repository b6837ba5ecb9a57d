"""What a browser may do for a page of the edition: nobody is asked but the edition itself."""

from __future__ import annotations

from evidencebook.extension.inlined import source_hash


def policy(*scripts: str) -> str:
    """Return the Content-Security-Policy of a page in which these scripts stand.

    No remote host, no code in the page but these, no code made from text, no other base for its addresses.
    """
    own = " ".join(source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src 'self' {own}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
    )
