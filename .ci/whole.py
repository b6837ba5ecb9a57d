"""Fail unless the named editions (html, pdf) stand in _build, with every page of the report, to their last byte."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

BUILD = Path("_build")


def html() -> str:
    """Return what is missing of the web edition."""
    pages = re.findall(r"(?:file|root): (\S+)", Path("_toc.yml").read_text("utf-8"))
    for page in ["index", "search", "404", *pages]:
        path = BUILD / "html" / f"{page}.html"
        if not path.is_file() or not path.read_text("utf-8").rstrip().endswith("</html>"):
            return f"{path} is missing or cut short"
    entries = json.loads((BUILD / "html/claims.json").read_text("utf-8"))
    return "" if len(pages) > 10 and entries else "the web edition is empty"


def pdf() -> str:
    """Return what is missing of the print edition."""
    found = list((BUILD / "pdf").glob("*.pdf"))
    if len(found) != 1 or found[0].stat().st_size < 500_000:
        return "there is no print edition, or it is short"
    data = found[0].read_bytes()
    is_whole = data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    beside = BUILD / "html" / found[0].name
    return "" if is_whole and beside.is_file() and beside.read_bytes() == data else "the print edition is not whole"


wrong = [said for name in sys.argv[1:] if (said := {"html": html, "pdf": pdf}[name]())]
sys.exit("\n".join(wrong) or 0)
