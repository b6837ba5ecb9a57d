"""Notes what each page of the web edition says while it is written, and keeps the manifest when all is good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxParallelError
from sphinx.util.logging import getLogger
from sphinx.util.parallel import ParallelTasks, SerialTasks

from evidencebook.build.freshness import is_written, memory_of
from evidencebook.changes.comparing import Difference
from evidencebook.changes.manifest import MOVED, Drawn, Kept, Manifest, PageSaid, packed, page_json, page_of
from evidencebook.changes.page import PAGE, page
from evidencebook.changes.sentences import sentences
from evidencebook.changes.telling import moved
from evidencebook.edition import Edition, edition
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.phrases import value
from evidencebook.execution.environment import can_fork, processors
from evidencebook.pages.charts import chart
from evidencebook.pages.domain import domain_of
from evidencebook.pages.nodes import ancestor
from evidencebook.pages.numbering import chapter, numbered
from evidencebook.tables.contract import LABEL, load
from evidencebook.writing import write_whole

LOGGER = getLogger(__name__)
BUILDERS = {"html", "dirhtml"}
PARTS = "said"  # beside the doctrees: a file for each page, since pages are written by several processes


class Noting:
    """What the pages of one build have in common."""

    def __init__(self, app: Sphinx) -> None:
        self._edition: Edition = edition(Path(app.srcdir))
        self._parts = Path(app.doctreedir) / PARTS
        self._tasks: ParallelTasks | SerialTasks = SerialTasks()
        self._found: tuple[bytes, str, bytes] | None = None
        app.connect("doctree-resolved", self.note, priority=990)  # when nobody changes the page any more
        app.connect("build-finished", self.begin, priority=890)
        app.connect("build-finished", self.end, priority=1010)  # when the edition stands in its place

    def note(self, app: Sphinx, document: nodes.document, docname: str) -> None:
        said = PageSaid(
            title=app.env.titles[docname].astext(),
            address=app.builder.get_target_uri(docname),
            number=chapter(app.env, docname),
            source=hashlib.sha256(Path(app.env.doc2path(docname)).read_bytes()).hexdigest()[:12],
            sentences=list(sentences(document, self._edition.digest)),
            figures=list(_figures(app, document, docname)),
        )
        path = self._part(docname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(page_json(said), ensure_ascii=False), "utf-8")

    def begin(self, app: Sphinx, error: Exception | None) -> None:
        """Begin to compare the edition with the last one, where another process may do so while links are checked."""
        if error is None and not is_written(app) and can_fork() and processors() > 1:
            self._tasks = ParallelTasks(1)
            self._tasks.add_task(lambda: self._compared(app), None, lambda _, found: self._take(found))

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Keep the manifest of an edition that was made, and tell what moved since the last one."""
        with suppress(SphinxParallelError):  # what is wrong is told when it is done once more
            self._tasks.join()
        is_strict = app.keep_going or app.warningiserror
        if error is not None or app.statuscode or (app._warncount and is_strict) or is_written(app):
            return
        manifest, line, content = self._found or self._compared(app)
        build = Path(app.doctreedir).parent
        Kept(build).keep_packed(self._edition.digest, manifest, is_latest=True)
        if line:
            write_whole(build / PAGE, content)
            LOGGER.info(line)
        write_whole(build / MOVED, line.encode())

    def _take(self, found: tuple[bytes, str, bytes]) -> None:
        self._found = found

    def _compared(self, app: Sphinx) -> tuple[bytes, str, bytes]:
        """Return the packed manifest and, if anything moved since the last edition, one line and a page about it."""
        domain = domain_of(app.env)
        pages = {}
        for docname in domain.reading_order():
            if self._part(docname).is_file():
                pages[docname] = page_of(json.loads(self._part(docname).read_text("utf-8")))
        facts, rows = dict(_facts(domain.evidence)), dict(_rows(Path(app.srcdir), domain.evidence))
        made = Manifest(self._edition.version, self._edition.digest, pages, facts, rows)
        build, memory = Path(app.doctreedir).parent, memory_of(app)
        before = Kept(build).latest()
        if before is None or before.digest == made.digest:
            return packed(made), "", b""
        difference = Difference(before, made)
        at = memory.folder.name if memory else Path(app.outdir).name
        line = f"{moved(difference)} since the last build: {build / PAGE}"
        return packed(made), line, page(difference, at=at).encode()

    def _part(self, docname: str) -> Path:
        return self._parts / f"{docname}.json"


def _figures(app: Sphinx, document: nodes.document, docname: str) -> Iterator[Drawn]:
    for number, node in enumerate(document.findall(chart), 1):
        drawn, around = node["figure"], ancestor(node, nodes.figure)
        anchor = str(around["ids"][0]) if around is not None and around["ids"] else ""
        label = numbered(app.env, "figure", docname, anchor) if anchor else ""
        columns, rows = (drawn.table.columns, drawn.table.rows) if drawn.table else ((), ())
        yield Drawn(
            anchor=anchor or f"chart-{number}", label=label, title=drawn.title, alt=drawn.alt,
            facts=list(drawn.facts), columns=list(columns), rows=[[str(cell) for cell in row] for row in rows],
            svg=drawn.wide.svg, drawn_from=drawn.drawn_from,
        )  # fmt: skip


def _facts(evidence: Evidence) -> Iterator[tuple[str, tuple[str, str]]]:
    for fact_id in (*evidence.claims, *evidence.derived):
        fact = evidence.fact(fact_id)
        yield fact_id, (value(fact), doubt(fact))


def _rows(root: Path, evidence: Evidence) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Yield the rows by their keys, ids in free text as written: a value that moved moves no row that embeds it.

    Private columns the evidence does not hold.
    """
    keys = {name: one.primary_key for name, one in load(root).resources.items()}
    for name, table in evidence.written.items():
        columns = [one.name for one in table.fields]
        for row in table.rows:
            row_id = " ".join(_cell(row[column]) for column in keys[name] or columns[:1])
            yield (name, row_id), {column: cell for column in columns if (cell := _cell(row[column]))}


def _cell(found: Any) -> str:
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).lower()
    return found.isoformat() if isinstance(found, date) else str(found)


def prepare(app: Sphinx) -> None:
    """Note what pages say, if this build makes a web edition of a report."""
    if app.builder.name in BUILDERS and (Path(app.srcdir) / LABEL).is_file():
        Noting(app)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", prepare)
