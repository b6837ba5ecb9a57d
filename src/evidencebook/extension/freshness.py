"""A build starts from nothing unless nothing has changed: neither Sphinx's memory nor old pages can then be stale.

Sphinx decides by time stamps which pages to read and to write, forgets what pages owe to each other, and leaves pages
that no longer exist. Reading and writing all pages takes seconds; executing them is what takes long, and that has its
own memory (`execution`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger
from sphinx.util.matching import Matcher

from evidencebook import anchors
from evidencebook.execution import environment

LOGGER = getLogger(__name__)
ENGINE = Path(__file__).parents[1]
SKIPPED = {"__pycache__", "node_modules"}
TRACED, STOCK = "traced", "stock"  # what `evidence_execution` may say; stock is for comparisons


class Memory:
    """What a build knows of those before it, in a file beside the doctrees.

    `read` is the digest of the inputs from which Sphinx's memory was made; `written` has, for each output folder, the
    digest of its inputs and the size of every file that was written there.
    """

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._out = Path(app.outdir)
        self._doctrees = Path(app.doctreedir)
        self._path = self._doctrees / "inputs.json"
        self._name = os.path.relpath(app.outdir, app.doctreedir)
        self._lock: TextIO | None = None
        self.digest = ""
        self.is_read = False  # a build from the very same inputs has read all pages and found nothing wrong
        self.is_written = False  # and what it wrote still stands in the output folder

    def begin(self) -> None:
        """Wait for a build of the same folder to end; then forget and remove all that was made from other inputs."""
        self._doctrees.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self._doctrees / "lock")
        self.digest = _digest(self._app)
        known = self._known()
        mine = known["written"].get(self._name)
        self.is_read = known["read"] == self.digest
        self.is_written = self.is_read and mine is not None and mine["inputs"] == self.digest and self._stands(mine)
        if self.is_written:
            return
        # Forgotten before anything is removed, and known again only when the build has ended well.
        known["written"][self._name] = {"inputs": "", "sizes": {}}
        self._remember({"read": self.digest if self.is_read else "", "written": known["written"]})
        if not self.is_read:
            (self._doctrees / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            for path in self._doctrees.rglob("*.doctree"):
                path.unlink()
        if mine is not None or (self._out / ".buildinfo").exists():  # else it may be anybody's folder
            _empty(self._out)

    def end(self, _: Sphinx, error: Exception | None) -> None:
        """Remember the inputs of a build that ended well.

        One that ended with warnings is done again, or a second build in strict mode would pass without a word.
        """
        if error is None and self._app.statuscode == 0 and not self._app._warncount:
            known = self._known()
            known["written"][self._name] = {"inputs": self.digest, "sizes": _sizes(self._out)}
            self._remember({"read": self.digest, "written": known["written"]})
        if self._lock is not None:
            self._lock.close()

    def _stands(self, written: dict[str, Any]) -> bool:
        found = _sizes(self._out)
        return all(found.get(name) == size for name, size in written["sizes"].items())

    def _known(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
            return {"read": str(found["read"]), "written": dict(found["written"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {"read": "", "written": {}}

    def _remember(self, known: dict[str, Any]) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(known, sort_keys=True), "utf-8")
        os.replace(part, self._path)


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


def _digest(app: Sphinx) -> str:
    """Return a digest of all files that a build may read, of the settings, and of Python with its packages."""
    settings = json.dumps(
        {option.name: option.value for option in app.config},
        sort_keys=True, default=lambda value: type(value).__name__,
    )  # fmt: skip
    digest = hashlib.sha256("\0".join([sys.version, settings, environment.packages()]).encode())
    root = Path(app.srcdir)
    for path in _inputs(root, app):
        digest.update(f"{os.path.relpath(path, root)}\0".encode())
        with suppress(OSError):  # a file that vanishes meanwhile, or that nobody may read
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path, app: Sphinx) -> Iterator[Path]:
    own = {Path(app.outdir).resolve(), Path(app.doctreedir).resolve(), root / "_build"}
    excluded = Matcher(app.config.exclude_patterns)  # of pages: an engine or texts that lie there count all the same
    found = dict.fromkeys(_files(root, own, excluded))
    for folder in (ENGINE, anchors.texts_dir(root)):
        found |= dict.fromkeys(_files(folder, own, Matcher(())))
    yield from found


def _files(root: Path, but: set[Path], excluded: Matcher) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(
            name
            for name in names
            if name not in SKIPPED
            and not name.startswith(".")
            and here / name not in but
            and not (here / name / "pyvenv.cfg").exists()
            and not excluded((here / name).relative_to(root).as_posix())
        )
        yield from (here / name for name in sorted(files))


def _empty(folder: Path) -> None:
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def memory_of(app: Sphinx) -> Memory | None:
    """Return what this build knows of those before it; None where that is left to Sphinx and MyST-NB."""
    memory: Memory | None = getattr(app, "evidence_memory", None)
    return memory


def is_known_good(app: Sphinx) -> bool:
    """Return whether a build from the very same inputs has read all pages and found nothing wrong."""
    memory = memory_of(app)
    return memory is not None and memory.is_read


def begin(app: Sphinx, config: Config) -> None:
    """Take stock before Sphinx loads what it remembers."""
    if config.evidence_execution == STOCK:
        return
    app.evidence_memory = memory = Memory(app)  # type: ignore[attr-defined]
    memory.begin()
    app.connect("build-finished", memory.end, priority=1000)  # after everything that may still fail


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
    if memory is not None and memory.is_written:
        app.builder.get_outdated_docs = lambda: []  # type: ignore[method-assign]


def setup(app: Sphinx) -> None:
    """Register the check of the inputs."""
    app.add_config_value("evidence_execution", TRACED, "env", types=(str,))
    app.connect("config-inited", begin, priority=900)
    app.connect("builder-inited", keep_what_is_written)
    app.connect("env-get-outdated", ignore_times)
