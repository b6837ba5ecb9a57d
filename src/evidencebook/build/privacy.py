"""Private columns stay out of editions: a last look finds what came in, however it did."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from sphinx.application import Sphinx

from evidencebook.build.freshness import is_written
from evidencebook.pages.subtypes import Subtype, warn
from evidencebook.tables import handout
from evidencebook.tables.contract import LABEL, Contract, load

READ = {".html", ".js", ".json", ".csv", ".svg", ".txt", ".md", ".tex", ".css", ".xml"}


class Privacy:
    """The private columns of a report while an edition of it is made."""

    def __init__(self, app: Sphinx, contract: Contract) -> None:
        self._contract = contract
        app.connect("build-finished", self.look, priority=950)

    def look(self, app: Sphinx, error: Exception | None) -> None:
        """Warn of every file of the edition that holds a private value, however it came in."""
        if error is not None or is_written(app):
            return
        values = handout.telling_values(self._contract)
        for path, text in _texts(Path(app.outdir)):
            where = sorted({column for value, column in values.items() if value in text})
            if where:
                name = os.path.relpath(path, app.outdir)
                warn(f"{name} holds values of the private {', '.join(where)}", Subtype.PRIVATE)
                app.statuscode = 1


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".epub":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    if Path(name).suffix in {*READ, ".xhtml", ".opf"}:
                        text = book.read(name).decode("utf-8", errors="replace")
                        yield path / name, f"{text}\0{unescape(text)}"
        elif path.is_file() and path.suffix in READ:
            text = path.read_text("utf-8", errors="replace")
            yield path, f"{text}\0{unescape(text)}" if path.suffix == ".html" else text


def prepare(app: Sphinx) -> None:
    """Keep private columns out of the edition that this build makes, if the report has any."""
    path = Path(app.srcdir, LABEL)
    # Reading the contract takes a quarter of a second, which no report owes that marks nothing.
    if not path.is_file() or b'"private"' not in path.read_bytes():
        return
    contract = load(Path(app.srcdir))
    if any(handout.has_private(resource) for resource in contract.resources.values()):
        Privacy(app, contract)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", prepare)
