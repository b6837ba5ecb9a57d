"""HTML to tagged PDF by WeasyPrint, and what to do where its system library is missing."""

from __future__ import annotations

INSTALL_LINE = (
    "The PDF needs Pango, which is not on this machine - on Debian or Ubuntu: apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0; on macOS: brew install pango; on Windows: see WeasyPrint's first steps."
)


def has_pango() -> bool:
    """Return whether WeasyPrint can load its system libraries."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def typeset(html: str, base_url: str, identifier: str) -> bytes:
    """Return the PDF/UA-1 document; `identifier` becomes the file's id, which would otherwise be random."""
    from weasyprint import HTML

    document = HTML(string=html, base_url=base_url)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()) or b"")
