"""A build starts from nothing unless nothing has changed: neither Sphinx's memory nor old pages can then be stale.

Sphinx decides by time stamps which pages to read and to write, forgets what pages owe to each other, and leaves pages
that no longer exist. Reading and writing all pages takes seconds; executing them is what takes long, and that has its
own memory (`execution`).
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger
from sphinx.util.matching import Matcher

from evidencebook import ENGINE
from evidencebook.build import made_here
from evidencebook.build.state import Kept
from evidencebook.build.swap import put_in_place, recover
from evidencebook.check import anchors
from evidencebook.edition import edition
from evidencebook.execution import decisions, environment
from evidencebook.execution.inputs import ABSENT, UNSTEADY, Read, changed_since, fingerprint, from_data, to_data
from evidencebook.execution.runner import Runner
from evidencebook.folders import files_below
from evidencebook.tables.contract import LABEL
from evidencebook.writing import write_whole

LOGGER = getLogger(__name__)
REMEMBERED = "inputs.json"  # beside the doctrees
MADE = {".pdf", ".epub"}  # what the folder of an edition in one file holds
FOLDERS = ("html_static_path", "html_extra_path", "templates_path")  # settings of Sphinx that name folders
# What `evidence_execution` may say: as this engine does it, as MyST-NB does it (to compare), or not at all (to check).
TRACED, STOCK, NEVER = "traced", "stock", "never"


RUNNER = Kept[Runner]("runner")  # of this build's pages
CHANGED = "evidence-changed"  # Sphinx's event where an application goes on after a build, and inputs are other ones


class Memory:
    """What a build knows of those before it, in a file beside the doctrees.

    `read` is the digest of the files from which Sphinx's memory was made, and `seen` what pages and Sphinx looked at
    besides, wherever it lies: files outside the folder, the environment, what is not there. `written` has, for each
    output folder, the digest of its inputs, that of its edition, and the size of every file that was written there.
    """

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._out = Path(app.outdir)
        self._part = self._out.with_name(f".{self._out.name}.part")
        self._doctrees = Path(app.doctreedir)
        self._path = self._doctrees / REMEMBERED
        self._lock: TextIO | None = None
        self._began = time.time()
        self._settings = b""
        self._files: dict[str, str] = {}  # with the digest of each
        self._seen: dict[Read, str] = {}
        self.digest = ""
        self.is_read = False  # a build from the very same inputs has read all pages and found nothing wrong
        self.is_as_seen = False  # nothing that pages of the last build looked at has changed
        self.is_written = False  # and what it wrote still stands in the output folder
        self.pdf: Path | None = None  # the print edition of these very inputs, which pages may offer

    def begin(self) -> None:
        """Wait for a build of the same folder to end; then forget all that Sphinx remembers of other inputs."""
        self._doctrees.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._doctrees / made_here.LOCK)
        made_here.believe_own(self._doctrees)
        recover(self._out)
        self._settings = _settings(self._app)  # now: extensions add their own
        self._files = {str(path): _content(path) for path in _inputs(self._app)}
        self.digest = self._digest()
        known = self._known()
        self._seen = known["seen"]
        self.is_as_seen = self._is_as_seen()
        self.is_read = known["read"] == self.digest and self.is_as_seen
        if not self.is_read:
            self._remember({**known, "read": ""})
            (self._doctrees / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            for path in self._doctrees.rglob("*.doctree"):
                path.unlink()

    def step_aside(self, app: Sphinx) -> None:
        """Have the builder make its edition beside the one that stands, unless that one was made from these inputs."""
        if app.builder.name == "linkcheck":  # Jupyter Book would have it write where the web edition stands
            self._out = self._out.with_name(app.builder.name)
            self._part = self._out.with_name(f".{self._out.name}.part")
        self.pdf = self._print_edition()
        mine = self._written(self._out)
        self.is_written = self.is_read and mine["inputs"] == self._made_from(app) and _stands(self._out, mine["sizes"])
        if not (mine["sizes"] or _is_an_edition(self._out)):  # it may be anybody's folder
            return
        # Also where nothing will be written: other extensions put their files into the folder all the same.
        shutil.rmtree(self._part, ignore_errors=True)
        (self._part / ("_static" if self.is_written and app.builder.format == "html" else "")).mkdir(parents=True)
        atexit.register(self._clear_away)
        app.outdir = app.builder.outdir = type(app.outdir)(self._part)

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Put the new edition in the place of the last one, and remember from which inputs it was made.

        One that ended with warnings is not remembered, or a second build in strict mode would pass without a word.
        """
        is_strict = app.keep_going or app.warningiserror
        is_good = error is None and app.statuscode == 0 and not (app._warncount and is_strict)
        is_aside = Path(app.outdir) == self._part
        if is_good and not self.is_written:
            (Path(app.outdir) / ".buildinfo").unlink(missing_ok=True)  # not the same with every version of Python
            self._remember_written({"inputs": "", "edition": "", "sizes": {}})  # a kill must not leave another's note
            if is_aside:
                put_in_place(self._part, self._out)
            self._look_back(app)
            made_from = "" if app._warncount else self._made_from(app)
            root = Path(app.srcdir)
            digest = edition(root).digest if (root / LABEL).is_file() else ""  # any book, without tables
            note = {"inputs": made_from, "edition": digest, "seen": _digest_of(self._seen), "sizes": _sizes(self._out)}
            self._remember_written(note)
        if is_aside:
            app.outdir = app.builder.outdir = type(app.outdir)(self._out)
            shutil.rmtree(self._part, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def _clear_away(self) -> None:
        """Remove what a build leaves that was stopped before its end; when it has ended, the place is another's.

        What this belongs to lives until then, and so does the lock: who waits for it must not see its folder go.
        """
        if self._lock is None or not self._lock.closed:
            shutil.rmtree(self._part, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """Return where the edition stands when the build has succeeded."""
        return self._out

    def _made_from(self, app: Sphinx) -> str:
        """Return what an edition depends on: all inputs and, for pages, the print edition that they offer."""
        inputs = f"{self.digest} {_digest_of(self._seen)}"
        if self.pdf is None or app.builder.format != "html":
            return inputs
        return f"{inputs} {hashlib.sha256(self.pdf.read_bytes()).hexdigest()}"

    def _print_edition(self) -> Path | None:
        if not (Path(self._app.srcdir) / LABEL).is_file():
            return None
        book = edition(Path(self._app.srcdir))
        path = self._out.parent / "pdf" / f"{book.name}.pdf"
        made = self._written(path.parent)
        is_same = made["edition"] == book.digest and made["seen"] == _digest_of(self._seen) and self._is_as_seen()
        return path if is_same and _stands(path.parent, made["sizes"]) else None

    def _is_as_seen(self) -> bool:
        def now(read: Read) -> str:
            known = self._files.get(read.path) if read.aspect in ("content", "written") else None
            return known or fingerprint(read)

        return all(now(read) == before for read, before in self._seen.items())

    def _look_back(self, app: Sphinx) -> None:
        """Take stock of what pages and Sphinx looked at in this build, and of files that pages wrote in it."""
        if self.is_read:
            return
        runner = RUNNER.of(app)
        self._seen = dict(runner.seen) if runner else {}
        left = {read.path: found for read, found in self._seen.items() if read.aspect == "written"}
        root = Path(app.srcdir)
        included = {str(root / name) for names in app.env.dependencies.values() for name in names}
        for path in map(str, _inputs(app)):
            if path in left:
                self._files[path] = left[path]
        self._files = {path: found for path, found in self._files.items() if left.get(path) != ABSENT}
        self.digest = self._digest()
        modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        files = {os.path.realpath(path) for path in modules if path} | {os.path.normpath(path) for path in included}
        reads = [Read("content", path) for path in sorted(files) if not environment.is_environment(path)]
        reads += [Read("all", str(root / name)) for option in FOLDERS for name in app.config[option]]
        made = f"{self._doctrees.parent}{os.sep}"  # by Sphinx and its extensions, from what is known
        for read in reads:
            if read.path not in self._files and read not in self._seen and not read.path.startswith(made):
                self._seen[read] = UNSTEADY if changed_since(read, self._began) else fingerprint(read)

    def _digest(self) -> str:
        """Return a digest of all files that a build may read, of the settings, and of Python with its packages."""
        digest = hashlib.sha256(self._settings)
        for path, found in sorted(self._files.items()):
            digest.update(f"{os.path.relpath(path, self._app.srcdir)}\0{found}\0".encode())
        return digest.hexdigest()

    def _written(self, folder: Path) -> dict[str, Any]:
        found = self._known()["written"].get(os.path.relpath(folder, self._doctrees))
        return {"inputs": "", "edition": "", "seen": "", "sizes": {}, **(found or {})}

    def _remember_written(self, what: dict[str, Any]) -> None:
        known = self._known()
        known["written"][os.path.relpath(self._out, self._doctrees)] = what
        if what["inputs"]:
            known |= {"read": self.digest, "seen": self._seen}
        self._remember(known)

    def _known(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
            seen = from_data(found["seen"])
            written = {path: one for path, one in dict(found["written"]).items() if isinstance(one, dict)}
            return {"read": str(found["read"]), "written": written, "seen": seen}
        except (OSError, ValueError, KeyError, TypeError):
            return {"read": "", "written": {}, "seen": {}}

    def _remember(self, known: dict[str, Any]) -> None:
        write_whole(self._path, json.dumps({**known, "seen": to_data(known["seen"])}, sort_keys=True).encode())


def _digest_of(seen: dict[Read, str]) -> str:
    return hashlib.sha256(json.dumps(to_data(seen)).encode()).hexdigest()


def _stands(folder: Path, sizes: dict[str, int]) -> bool:
    found = _sizes(folder)
    return all(found.get(name) == size for name, size in sizes.items())


def _is_an_edition(folder: Path) -> bool:
    """Return whether the folder is empty or holds what a build made of which nobody knows any more."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return not names or bool(names & {".buildinfo", "objects.inv"}) or {Path(name).suffix for name in names} <= MADE


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _locked(path: Path) -> TextIO | None:
    try:
        import fcntl
    except ImportError:  # Windows: two builds of one folder at once are the user's own care
        return None
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        LOGGER.info("Another build is at work in %s; waiting for it to end.", path.parent)
        fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _settings(app: Sphinx) -> bytes:
    """Return what a build depends on besides files: its settings, and Python with its packages."""
    values = {option.name: option.value for option in app.config}
    # The contents leave out file by file what is no page; of an environment that is nothing to the report.
    own = tuple(f"{folder}/" for folder in _environments(Path(app.srcdir)))
    values["exclude_patterns"] = [one for one in app.config.exclude_patterns if not one.startswith(own)]
    settings = json.dumps(values, sort_keys=True, default=lambda value: type(value).__name__)
    return "\0".join([sys.version, settings, environment.packages()]).encode()


def _content(path: Path) -> str:
    return fingerprint(Read("content", str(path)))


def _inputs(app: Sphinx) -> Iterator[Path]:
    """Yield the files that a build may read, where a report has them; what lies elsewhere is known from the records."""
    root = Path(app.srcdir)
    own = {str(Path(app.outdir).resolve()), str(Path(app.doctreedir).resolve())}
    excluded = Matcher(app.config.exclude_patterns)  # of pages: an engine or texts that lie there count all the same
    found = dict.fromkeys(
        files_below(root, but=lambda path: path in own or excluded(Path(path).relative_to(root).as_posix()))
    )
    for folder in (ENGINE, anchors.texts_dir(root)):
        found |= dict.fromkeys(files_below(folder, but=own.__contains__))
    yield from found


MEMORY = Kept[Memory]("memory")


def memory_of(app: Sphinx) -> Memory | None:
    """Return what this build knows of those before it; None where that is left to Sphinx and MyST-NB."""
    return MEMORY.of(app)


def results_of(app: Sphinx) -> Path:
    """Return the folder of what was made at a price and may be of use to later builds."""
    return Path(app.doctreedir) / decisions.FOLDER


def is_known_good(app: Sphinx) -> bool:
    """Return whether a build from the very same inputs has read all pages and found nothing wrong."""
    memory = memory_of(app)
    return memory is not None and memory.is_read


def is_written(app: Sphinx) -> bool:
    """Return whether the edition that stands was made from the very same inputs, so that nothing is written."""
    memory = memory_of(app)
    return memory is not None and memory.is_written


def begin(app: Sphinx, config: Config) -> None:
    """Take stock before Sphinx loads what it remembers."""
    if config.evidence_execution == STOCK:
        made_here.believe_own(Path(app.doctreedir))
    if config.evidence_execution != TRACED:
        return
    memory = MEMORY.put(app, Memory(app))
    memory.begin()
    app.connect("build-finished", memory.end, priority=1000)  # after everything that may still fail


def leave_out_environments(app: Sphinx, config: Config) -> None:
    """Take environments of Python, whatever their names, for no content: packages bring Markdown along."""
    config.exclude_patterns = [*config.exclude_patterns, *_environments(Path(app.srcdir))]


def _environments(root: Path) -> list[str]:
    found = (path.parent for pattern in ("*/pyvenv.cfg", "*/*/pyvenv.cfg") for path in root.glob(pattern))
    return sorted(folder.relative_to(root).as_posix() for folder in found)


def ignore_times(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Read no page again that was merely touched; Sphinx goes on with the very set that it hands over."""
    if is_known_good(app) and not added and not removed:
        changed.clear()
    return []


def keep_what_is_written(app: Sphinx) -> None:
    """Write nothing again that was merely touched, nor a PDF that was made from the same inputs."""
    memory = memory_of(app)
    if memory is not None:
        memory.step_aside(app)
    if is_written(app):
        app.builder.get_outdated_docs = lambda: []  # type: ignore[method-assign]


def setup(app: Sphinx) -> None:
    app.add_event(CHANGED)
    app.add_config_value("evidence_execution", TRACED, "env", types=(str,))
    app.connect("config-inited", begin, priority=900)
    app.connect("config-inited", leave_out_environments, priority=910)  # the digest knows nothing of them
    app.connect("builder-inited", keep_what_is_written, priority=100)  # before anybody writes into the output folder
    app.connect("env-get-outdated", ignore_times)
