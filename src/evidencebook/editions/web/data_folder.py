"""The tables of a web edition at addresses that stay: as the data package has them, and made into other forms.

The description lies beside its tables, whose paths in it hold (https://datapackage.org/standard/data-package/). Zip,
SQLite and Parquet are made from the same rows; the same rows give the same bytes.
"""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import struct
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxParallelError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.parallel import ParallelTasks, SerialTasks

from evidencebook.build.freshness import RUNNER, is_written, results_of
from evidencebook.build.state import Kept
from evidencebook.edition import Edition, edition
from evidencebook.editions.archives import packed
from evidencebook.execution.environment import can_fork, processors
from evidencebook.keeping import kept
from evidencebook.tables import handout
from evidencebook.tables.contract import LABEL, Field, Resource, load
from evidencebook.tables.problems import BadData

FOLDER, PAGE = "data", "data/index"
SQL = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
FRAME = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
# https://www.sqlite.org/fileformat.html#the_database_header: what counts changes, and the version of the library.
CHANGES, VERSIONS = 24, 92


@dataclass(frozen=True)
class Table:
    """A table as it may be handed on: its columns, and its rows with values in place of cells."""

    resource: Resource
    columns: tuple[Field, ...]
    rows: list[list[Any]]


class stored_file(nodes.Inline, nodes.TextElement):
    """A link to a file of the data package, whose `path` there it names."""


def tables(root: Path, files: Mapping[str, tuple[bytes, str, str]]) -> Iterator[Table]:
    """Yield each table of the package, read from the bytes that are handed on."""
    folder = (root / LABEL).parent
    for resource in load(root).resources.values():
        name = resource.path.relative_to(folder).as_posix()
        if name in files:
            header, *records = csv.reader(io.StringIO(files[name][0].decode("utf-8"), newline=""))
            known = {field.name: field for field in resource.fields}
            columns = tuple(known[one] for one in header)
            rows = [[_value(cell, field) for cell, field in zip(row, columns, strict=True)] for row in records]
            yield Table(resource, columns, rows)


def _value(cell: str, field: Field) -> Any:
    if cell == "":
        return None
    if field.type == "boolean":
        return cell.lower() in ("true", "1")
    return int(cell) if field.type == "integer" else float(cell) if field.type == "number" else cell


def sqlite(found: list[Table]) -> bytes:
    """Return a database of the tables; the same bytes whichever version of SQLite makes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sqlite"
        with sqlite3.connect(path, isolation_level=None) as database:
            database.execute("PRAGMA page_size = 4096")
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")  # the file is read back at once, and no one waits for the disk
            database.execute("BEGIN")
            for one in found:
                columns = [f'"{field.name}" {SQL.get(field.type, "TEXT")}' for field in one.columns]
                names = {field.name for field in one.columns}
                if one.resource.primary_key and names.issuperset(one.resource.primary_key):
                    columns.append(f"PRIMARY KEY ({', '.join(map(_named, one.resource.primary_key))})")
                database.execute(f"CREATE TABLE {_named(one.resource.name)} ({', '.join(columns)})")
                places = ", ".join("?" * len(one.columns))
                database.executemany(f"INSERT INTO {_named(one.resource.name)} VALUES ({places})", one.rows)
            database.execute("COMMIT")
            database.execute("VACUUM")
        database.close()
        made = bytearray(path.read_bytes())
    struct.pack_into(">I", made, CHANGES, 1)
    struct.pack_into(">II", made, VERSIONS, 1, 3_040_000)
    return bytes(made)


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def parquet(one: Table, folder: Path | None = None) -> bytes:
    """Return a table as Parquet (https://parquet.apache.org/docs/file-format/); `folder` keeps what was made before."""
    source = [[(field.name, field.type) for field in one.columns], one.rows]
    return kept(folder, source, ("fastparquet", "pandas", "numpy", "cramjam"), lambda: _parquet(one))


def _parquet(one: Table) -> bytes:
    import fastparquet
    import pandas as pd

    columns = list(zip(*one.rows, strict=True)) or [() for _ in one.columns]
    frame = pd.DataFrame()
    for field, cells in zip(one.columns, columns, strict=True):
        kind: Any = FRAME.get(field.type, "string")
        frame[field.name] = pd.array(list(cells), dtype=kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        fastparquet.write(str(path), frame, compression="SNAPPY", write_index=False)
        return path.read_bytes()


def other_forms(
    book: Edition, handed: Mapping[str, bytes], found: list[Table], folder: Path | None = None
) -> dict[str, bytes]:  # fmt: skip
    """Return the other forms of the tables by their paths; `folder` keeps what was made before."""
    forms = {f"{book.name}-data.zip": packed(handed, book.date), f"{book.name}.sqlite": sqlite(found)}
    return forms | {f"parquet/{one.resource.name}.parquet": parquet(one, folder) for one in found}


class Making:
    """The files of the folder, whose other forms a process of their own makes while pages are written.

    What it makes lies in `folder` until it is asked for: nobody has to take it over, so that the process ends with the
    build. What was `made_before` of the same rows is taken from there. What it could not do is done once more where
    they are asked for, and what is wrong is told there.
    """

    def __init__(self, root: Path, folder: Path, made_before: Path | None = None) -> None:
        self._root, self._stored, self._made_before = root, stored(root), made_before
        files = handout.files(root)
        self.handed = {name: content for name, (content, _, _) in files.items()}
        self.tables = list(tables(root, files))
        self._book = edition(root)
        self._folder = folder
        self._tasks: ParallelTasks | SerialTasks = SerialTasks()

    @property
    def is_current(self) -> bool:
        """Whether the files are as they were when it began: a page may have written one of them."""
        return self._stored == stored(self._root)

    def begin(self) -> None:
        """Start that process where there is a processor for it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if can_fork() and processors() > 1:
            self._tasks = ParallelTasks(1)
            self._tasks.add_task(self._make)

    def end(self) -> None:
        """Wait for it to end."""
        try:
            self._tasks.join()
        except SphinxParallelError:
            self._tasks = SerialTasks()
            shutil.rmtree(self._folder, ignore_errors=True)

    def files(self) -> dict[str, bytes]:
        """Return every file of the folder by its path there, and keep none of them."""
        if not self._folder.exists():
            self._make()
        found = (path for path in sorted(self._folder.rglob("*")) if path.is_file())
        made = {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in found}
        shutil.rmtree(self._folder)
        return self.handed | made

    def _make(self) -> None:
        for name, content in other_forms(self._book, self.handed, self.tables, self._made_before).items():
            _write(self._folder / name, content)


def stored(root: Path) -> dict[Path, bytes]:
    """Return the files of which all others are made."""
    return {path: path.read_bytes() for path in _stored(root)}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


MAKING = Kept[Making]("data_folder")


class FindStored(SphinxTransform):
    """Has links to files of the data package lead to its folder: Sphinx would put each into a folder of its own."""

    default_priority = 400

    def apply(self, **_: Any) -> None:
        links = list(self.document.findall(addnodes.download_reference))
        stored = _stored(Path(self.env.srcdir)) if links else {}
        for node in links:
            path = Path(self.env.relfn2path(str(node["reftarget"]), self.env.docname)[1])
            if (name := stored.get(path.resolve())) is not None:
                node.replace_self(stored_file("", "", *node.children, path=name))


def _stored(root: Path) -> dict[Path, str]:
    """Return the paths in the folder of the files that the data package has, by their own."""
    folder = (root / LABEL).parent.resolve()
    try:
        known = {(root / LABEL).resolve(), *(one.path.resolve() for one in load(root).resources.values())}
    except BadData:
        return {}
    within = (path for path in known if path.is_relative_to(folder) and path.is_file())
    return {path: path.relative_to(folder).as_posix() for path in within}


class LinkStored(SphinxPostTransform):
    """Makes links of a web page of them; elsewhere the words stand."""

    default_priority = 8

    def run(self, **_: Any) -> None:
        for node in list(self.document.findall(stored_file)):
            if self.app.builder.format == "html":
                here = self.app.builder.get_target_uri(self.env.docname).partition("#")[0]
                up = "../" * here.count("/")
                link = nodes.reference("", "", *node.children, refuri=f"{up}{FOLDER}/{node['path']}", internal=True)
                link["classes"] = ["download"]
                node.replace_self(link)
            else:
                node.replace_self(nodes.inline("", "", *node.children))


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of the folder, which says what lies there and how it is taken up."""
    root = Path(app.srcdir)
    if not (root / LABEL).is_file():
        return
    book, making = edition(root), MAKING.of(app) or _making(app)
    listed = [
        {"path": f"{one.resource.path.relative_to((root / LABEL).parent).as_posix()}", "name": one.resource.name,
         "title": one.resource.title, "rows": len(one.rows)}
        for one in making.tables
    ]  # fmt: skip
    base = str(app.config.html_baseurl).rstrip("/")
    about = (
        f"The tables of {book.title} as CSV, SQLite and Parquet, with their description and first lines to read them."
    )
    context: dict[str, Any] = {
        "title": "Data", "description": about, "tables": listed, "package": book.name, "licence": book.licence,
        "at": f"{base}/{FOLDER}" if base else FOLDER, "first": next((one for one in listed if one["rows"]), None),
    }  # fmt: skip
    yield PAGE, context, "data.html"


def _making(app: Sphinx) -> Making:
    return Making(Path(app.srcdir), Path(app.doctreedir) / FOLDER, results_of(app) / "parquet")


def begin(app: Sphinx, *_: object) -> None:
    """Begin with the files of the folder, if this build writes it."""
    if app.builder.format != "html" or is_written(app) or not (Path(app.srcdir) / LABEL).is_file():
        return
    if making := MAKING.of(app):
        if making.is_current:
            return
        making.end()
    MAKING.put(app, _making(app)).begin()


def begin_early(app: Sphinx, *_: object) -> None:
    """Begin while pages are read, where a processor has nothing to do meanwhile: no page is executed."""
    if (runner := RUNNER.of(app)) is not None and runner.is_resting:
        begin(app)


def write(app: Sphinx, error: Exception | None) -> None:
    making = MAKING.of(app)
    if making is None:
        return
    making.end()
    if error is not None:
        return
    for name, content in making.files().items():
        _write(Path(app.outdir, FOLDER, name), content)
    MAKING.drop(app)


def setup(app: Sphinx) -> None:
    app.add_node(stored_file)
    app.add_transform(FindStored)
    app.add_post_transform(LinkStored)
    app.connect("env-before-read-docs", begin_early, priority=900)  # it is known what has to be executed
    app.connect("write-started", begin, priority=100)  # all pages are executed and read
    app.connect("html-collect-pages", pages)
    app.connect("build-finished", write)
