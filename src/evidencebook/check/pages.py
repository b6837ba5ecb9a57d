"""Every problem of a report's pages, as Sphinx finds them when it reads the pages; nothing is executed or written."""

from __future__ import annotations

import logging
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from copy import copy
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.transforms import SphinxTransformer
from sphinx.transforms.post_transforms import ReferencesResolver
from sphinx.util.console import strip_escape_sequences
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.logging import SphinxLogRecordTranslator, SphinxWarningLogRecord, is_suppressed_warning
from sphinx.util.matching import Matcher

from evidencebook.check import notes, quotations, standins
from evidencebook.check.checking import CONTENTS
from evidencebook.check.keys import Ids
from evidencebook.check.measured import TypedException
from evidencebook.evidence.facts import Evidence
from evidencebook.folders import files_below
from evidencebook.pages.lines import CELL_LINES, line_of
from evidencebook.pages.nodes import REASON
from evidencebook.tables import addresses, settings
from evidencebook.tables.problems import Problem
from evidencebook.tables.reading import NoColumn
from evidencebook.tables.spelling import did_you_mean, nearest

CONFIG = "_config.yml"
SUFFIXES = {".md", ".ipynb", ".rst"}
UNUSED = "the engine is not in use: write `extra_extensions: [evidencebook.extension]` below `sphinx`"
NOTEBOOK = "begin the page with front matter that says `file_format: mystnb` and `kernelspec: {name: python3}`"
CORRECT = "correct it: the build would fail"
# What the engine says of an id that a table does not have.
_UNKNOWN = re.compile(r"unknown (?:fact|claim|row|source) '([^']+)'")
_NAMED = re.compile(r"['\"]([^'\"]+)['\"]")  # what a message is about, such as an id or a label
_ABSENT = re.compile(r"toctree contains reference to nonexisting document '([^']+)'")
_LABEL = re.compile(r"(?:undefined label|unknown document|term not in glossary|target not found): ?['\"]([^'\"]+)['\"]")
# What it says where rows are missing or do not carry a verdict: in a table at fault they may be those left out.
_LEFT_OUT = re.compile(r"no (?:claim|check|row of \S+) fits |'[^']+' is .* by the tables, not ")
_KIND = re.compile(r" \[[\w-]+\.[\w-]+\]\s*$")  # the type of a warning, as MyST writes it behind the words
# What nobody knows before a page is executed, by the ends of Sphinx's types of warnings.
_UNKNOWABLE = ("glue", "eval")


@dataclass
class Found:
    """What is wrong with the pages, and the numbers that are typed there with a reason.

    `quotes` tells of each quotation whether its passage is at hand, so that its words were compared.
    """

    problems: list[Problem] = field(default_factory=list)
    exceptions: list[TypedException] = field(default_factory=list)
    quotes: list[bool] = field(default_factory=list)


def check(root: Path, evidence: Evidence, known: Ids, texts: Path, *, is_whole: bool = True) -> Found:
    """Return every problem of the pages of the report in `root`, which Jupyter Book's two files describe.

    `evidence` is what is sound of the tables; `known` are all ids, those of rows that are reported already among them,
    so that a page which names such a row is not blamed; nor is one that asks for rows, unless the tables are whole.
    `texts` is the folder of article texts, which may be absent.
    """
    root = root.resolve()
    found = Found()
    passages = quotations.Passages(evidence, texts)
    collector = _Collector(root, found, known, is_whole)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # packages of one another's functions
        try:
            with patch_docutils(None), docutils_namespace():
                app = _app(root, Path(folder), collector)
                app.connect("env-before-read-docs", lambda app, *_: _domain(app).use(evidence))
                app.connect("doctree-read", lambda app, tree: found.exceptions.extend(_justified(root, tree)))
                app.connect("doctree-read", lambda app, tree: found.quotes.extend(quotations.compared(tree, passages)))
                app.build()
                found.problems += _unlisted(root, app)
        except Exception as error:  # of many kinds, for what a person wrote into settings, contents or pages
            found.problems.append(_ended(error, root, collector.app))
        finally:
            logging.getLogger("sphinx").removeHandler(collector)
    found.problems = sorted(set(found.problems))
    return found


class Reader(Builder):
    """Resolves references, so that those which lead nowhere are told of, and writes nothing."""

    name = "evidence-check"
    shows_nothing = True

    def get_outdated_docs(self) -> set[str]:
        return set(self.env.found_docs)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of the page."""
        return docname

    def write(self, *_: Any) -> None:
        """Resolve what leads from page to page; other transforms find nothing that is wrong."""
        from myst_parser.sphinx_ext.myst_refs import MystReferenceResolver

        before = copy(self.env.temp_data)
        for docname in sorted(self.env.found_docs):
            self.env.temp_data["docname"] = docname
            transformer = SphinxTransformer(self.env.get_doctree(docname))
            transformer.set_environment(self.env)
            transformer.add_transforms([MystReferenceResolver, ReferencesResolver])
            transformer.apply_transforms()
        self.env.temp_data = before


class _Collector(logging.Handler):
    """Takes up what Sphinx warns of as problems."""

    def __init__(self, root: Path, found: Found, known: Ids, is_whole: bool) -> None:
        super().__init__(logging.WARNING)
        self._root, self.found, self._known, self._is_whole = root, found, known, is_whole
        self.app: Sphinx | None = None

    def watch(self, app: Sphinx) -> None:
        """Listen to what this application logs."""
        self.app = app
        translator = SphinxLogRecordTranslator(app)
        translator.LogRecordClass = SphinxWarningLogRecord
        # Sphinx's own handler has come before, and would have the path of a page taken for the name of one.
        self.addFilter(lambda one: Path(str(getattr(one, "location", ""))).is_absolute() or translator.filter(one))  # type: ignore[arg-type]
        logging.getLogger("sphinx").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        kind = ".".join(filter(None, (getattr(record, "type", ""), getattr(record, "subtype", ""))))
        message = _KIND.sub("", logging.LogRecord.getMessage(record)).strip()
        suppressed = self.app.config.suppress_warnings if self.app else ()
        if is_suppressed_warning(getattr(record, "type", ""), getattr(record, "subtype", ""), suppressed):
            return
        unknown = _UNKNOWN.match(message)
        is_told = self._known.explains(unknown[1]) if unknown else not self._is_whole and _LEFT_OUT.match(message)
        if kind.endswith(_UNKNOWABLE) or is_told:
            return
        file, line, cell = _where(self._root, getattr(record, "location", None) or "")
        what, _, remedy = message.partition(" - ")
        if (absent := _ABSENT.search(message)) is not None:
            path = self._root / CONTENTS
            hint = nearest(absent[1], _beside(self._root))
            remedy = did_you_mean(hint) or "write the page, or take its line away"
            line = line_of(str(path), 1, absent[1])
            self.found.problems.append(Problem(CONTENTS, line, None, f"there is no page {absent[1]}", remedy))
            return
        named = _LABEL.search(message) or _NAMED.search(message)
        if line is not None and named is not None:
            line = line_of(str(self._root / file), line, named[1])
        if "unexpected `code-cell`" in message:
            what, remedy = "the page has cells, and nothing says that it is a notebook", NOTEBOOK
        self.found.problems.append(Problem(file, line, cell, what, remedy or self._remedy(message)))

    def _remedy(self, message: str) -> str:
        missing = _LABEL.search(message)
        if missing is None or self.app is None:
            return CORRECT
        known = self.app.env.get_domain("std")
        names = [*known.anonlabels, *self.app.env.found_docs]  # type: ignore[attr-defined]
        names += [name for kind, name in known.objects if kind == "term"]  # type: ignore[attr-defined]
        return did_you_mean(nearest(missing[1], names)) or "correct it, or write what it should lead to"


def _app(root: Path, folder: Path, collector: _Collector) -> Sphinx:
    from jupyter_book.config import get_final_config

    asked = {
        "external_toc_path": str(root / CONTENTS), "latex_individualpages": False, "nitpicky": True,
        "evidence_execution": "never", "nb_execution_mode": "force",
    }  # fmt: skip
    config = root / CONFIG
    final, _ = get_final_config(
        user_yaml=config if config.is_file() else None, cli_config=asked, sourcedir=root, use_external_toc=True
    )
    final["extensions"] = [*final["extensions"], __name__]
    complaints = StringIO()
    app = Sphinx(
        str(root), None, str(folder / "out"), str(folder / "doctrees"), Reader.name, final, status=None,
        warning=complaints, keep_going=True, warningiserror=True,
    )  # fmt: skip
    collector.watch(app)
    if "evidence_execution" not in app.config:
        raise ConfigError(UNUSED)
    for line in strip_escape_sequences(complaints.getvalue()).splitlines():  # of settings, before anything was read
        collector.found.problems.append(Problem(CONFIG, None, None, line.removeprefix("WARNING: "), CORRECT))
    if (base := str(app.config.html_baseurl)) and (fault := addresses.fault(base)):
        what = f"html_baseurl {base!r} is not a web address: {fault}"
        collector.found.problems.append(Problem(CONFIG, None, None, what, addresses.REMEDY))
    if app.config.use_multitoc_numbering:
        app.setup_extension("sphinx_multitoc_numbering")  # as Jupyter Book does it: it changes the numbers of chapters
    return app


def _domain(app: Sphinx) -> Any:
    return app.env.get_domain("evidence")


def _justified(root: Path, tree: nodes.document) -> Iterator[TypedException]:
    for node in tree.findall(nodes.inline):
        if REASON in node:
            file, line, _ = _where(root, f"{node.source}:{node.line or ''}")
            yield TypedException(file, line or 0, node.astext(), node[REASON])


def _where(root: Path, location: str) -> tuple[str, int | None, str | None]:
    """Return the file, as seen from the root, and the line that Sphinx's location names; of a notebook its cell."""
    file, _, line = location.rpartition(":")
    if not file:
        file, line = location, ""
    path = Path(file)
    label = path.relative_to(root).as_posix() if path.is_relative_to(root) else file or "book"
    number = int(line) if line.isdecimal() else None
    if number is not None and path.suffix == ".ipynb":
        return label, None, f"cell {number // CELL_LINES}"
    return label, number, None


def _beside(root: Path) -> list[str]:
    """Return the names of all pages that a table of contents could mean."""
    found = (path for folder in ("book", "seeds") for path in files_below(root / folder) if path.suffix in SUFFIXES)
    return [path.relative_to(root).with_suffix("").as_posix() for path in found]


def _unlisted(root: Path, app: Sphinx) -> Iterator[Problem]:
    """Yield the pages that lie beside those of the contents, and are neither listed there nor part of another."""
    listed = {Path(app.env.doc2path(docname)).resolve() for docname in app.env.found_docs}
    included = {Path(app.env.doc2path(one)).resolve() for ones in app.env.included.values() for one in ones}
    included |= {(root / file).resolve() for files in app.env.dependencies.values() for file in files}
    said = settings.read(root / CONFIG, CONFIG)[1]  # of Sphinx's own patterns, all that no contents name is part
    left_out = Matcher(said.get("exclude_patterns", []))
    waiting = {root / notes.FOLDER / f"{name}.md" for name in notes.pending(root)}
    for folder in sorted({path.parent for path in listed} - {root}):
        for path in sorted(folder.iterdir()):
            name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
            if path.suffix in SUFFIXES and path not in listed | included | waiting and name and not left_out(name):
                page = name.removesuffix(path.suffix)
                remedy = f"add `file: {page}` where it belongs, or move it away: nobody would see it"
                yield Problem(name, None, None, f"the page is not in {CONTENTS}", remedy)


def _ended(error: Exception, root: Path, app: Sphinx | None) -> Problem:
    """Return what a person is told where Sphinx or Jupyter Book cannot go on, at the page that was being read."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    file = CONTENTS if "[etoc]" in said else CONFIG
    if app is not None and (docname := app.env.temp_data.get("docname")):
        file = _where(root, app.env.doc2path(docname))[0]
    if isinstance(error, NoColumn):
        what = f"a table lacks the column {error.args[0]}, without which the page cannot be shown"
        return Problem(file, None, None, what, "add it, and describe it in data/datapackage.json")
    return Problem(file, None, None, f"the pages cannot be read: {said}", CORRECT)


def setup(app: Sphinx) -> None:
    app.add_builder(Reader)
    app.connect("config-inited", lambda app, _: standins.install(app), priority=900)  # after the engine's own
