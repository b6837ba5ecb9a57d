"""The offline pack: every edition of a report, its tables, and what proves that nobody has changed them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from evidencebook.edition import Edition
from evidencebook.editions import components
from evidencebook.editions.archives import packed
from evidencebook.tables import handout

SCRIPT = Path(__file__).parent / "offline" / "verify.py"
SUMS, README = "SHA256SUMS", "README.txt"


def file_name(book: Edition) -> str:
    """Return the name of the archive."""
    return f"{book.name}-{book.version}.zip"


def pack(root: Path, book: Edition) -> bytes:
    """Return the archive of the editions that stand in the build folder; the same editions give the same bytes."""
    build = root / "_build"
    web = build / "html"
    files = {
        f"web/{path.relative_to(web).as_posix()}": path.read_bytes()
        for path in sorted(web.rglob("*"))
        if path.is_file() and _is_handed_on(path.relative_to(web))
    }
    files |= {f"data/{name}": data for name, (data, _, _) in handout.files(root).items()}
    pdf, epub = (build / kind / f"{book.name}.{kind}" for kind in ("pdf", "epub"))
    files |= {path.name: path.read_bytes() for path in (pdf, epub)}
    files |= {README: _readme(book).encode(), SCRIPT.name: SCRIPT.read_bytes()}
    if (parts := components.listed(root, book)) is not None:
        files[components.NAME] = parts
    files[SUMS] = _sums(files).encode()
    return packed({f"{book.name}-{book.version}/{name}": data for name, data in files.items()}, book.date)


def _is_handed_on(path: Path) -> bool:
    """Return whether a file is of use to readers: hidden ones and the inventory are notes of the builder's."""
    return not any(part.startswith(".") for part in path.parts) and path.name != "objects.inv"


def _sums(files: Mapping[str, bytes]) -> str:
    """Return the checksums as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def _readme(book: Edition) -> str:
    return f"""{book.full_title}
{book.line}
{book.licence}

WHAT IS IN IT

  web/             the web edition; open web/index.html in any browser
  {book.name}.pdf
                   the print edition, tagged for screen readers (PDF/UA-1)
  {book.name}.epub
                   the e-book (EPUB 3), for phones and e-readers
  data/            the tables behind it as CSV, and datapackage.json, which explains every column
  {components.NAME}
                   the packages with which it was built (CycloneDX), where they were locked
  {SUMS}       the checksum of every file
  {SCRIPT.name}        a script that compares the files with the checksums

HOW TO OPEN IT

  Unpack the archive first: a browser does not follow the links of pages inside it. Nothing here needs a network, an
  account or an installed program other than a browser, a PDF reader or an e-reader.

HOW TO VERIFY IT

  With Python:     python3 {SCRIPT.name}
  On Linux:        sha256sum --check {SUMS}
  On macOS:        shasum -a 256 --check {SUMS}

  Missing, changed and extra files are named by the script. Checksums tell damage; whether this pack is the one that was
  published is told only by a digest from another place than the pack itself, such as the publisher's page.
"""
