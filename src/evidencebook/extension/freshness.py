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
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import getLogger
from sphinx.util.matching import Matcher

from evidencebook import anchors

LOGGER = getLogger(__name__)
ENGINE = Path(__file__).parents[1]
SKIPPED = {"__pycache__", "node_modules"}
TRACED, STOCK = "traced", "stock"  # what `evidence_execution` may say; stock is for comparisons
READ = "read"  # what the pages in Sphinx's memory were made from


class Memory:
    """What a build knows of those before it: digests of all that went into them, in a file beside the doctrees."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        self._path = Path(app.doctreedir) / "inputs.json"
        self._lock: TextIO | None = None
        self._written = f"written to {os.path.relpath(app.outdir, app.doctreedir)}"
        self.digest = ""
        self._is_written = False

    def begin(self) -> None:
        """Wait for a build of the same folder to end; then forget and remove all that was made from other inputs."""
        Path(self._app.doctreedir).mkdir(parents=True, exist_ok=True)
        self._lock = _locked(Path(self._app.doctreedir) / "lock")
        self.digest = _digest(self._app)
        known = self._known()
        if known.get(READ) != self.digest:
            (Path(self._app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            for path in Path(self._app.doctreedir).rglob("*.doctree"):
                path.unlink()
        self._is_written = known.get(self._written) == self.digest
        if self._is_written:
            return
        if self._is_ours(known):
            _empty(Path(self._app.outdir))
        # Not known again until the build has ended well; a killed one leaves it unknown.
        self._remember({name: digest for name, digest in known.items() if digest == self.digest} | {self._written: ""})

    @property
    def is_read(self) -> bool:
        """Return whether a build from the very same inputs has read all pages and found nothing wrong."""
        return self._known().get(READ) == self.digest

    @property
    def is_written(self) -> bool:
        """Return whether what stands in the output folder was made from the very same inputs."""
        return self._is_written

    def end(self, _: Sphinx, error: Exception | None) -> None:
        """Remember the inputs of a build that ended well.

        One that ended with warnings is done again, or a second build in strict mode would pass without a word.
        """
        if error is None and self._app.statuscode == 0 and not self._app._warncount:
            self._remember({**self._known(), READ: self.digest, self._written: self.digest})
        if self._lock is not None:
            self._lock.close()

    def _is_ours(self, known: dict[str, str]) -> bool:
        return self._written in known or (Path(self._app.outdir) / ".buildinfo").exists()

    def _known(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _remember(self, known: dict[str, str]) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(known, sort_keys=True), "utf-8")
        os.replace(part, self._path)


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
    packages = sorted(os.listdir(sysconfig.get_path("purelib")))
    settings = json.dumps(
        {option.name: option.value for option in app.config},
        sort_keys=True, default=lambda value: type(value).__name__,
    )  # fmt: skip
    digest = hashlib.sha256("\0".join([sys.version, settings, *packages]).encode())
    root = Path(app.srcdir)
    for path in _inputs(root, app):
        digest.update(f"{os.path.relpath(path, root)}\0".encode())
        with suppress(OSError):  # a file that vanishes meanwhile, or that nobody may read
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path, app: Sphinx) -> Iterator[Path]:
    texts = anchors.texts_dir(root)
    own = {Path(app.outdir).resolve(), Path(app.doctreedir).resolve()}
    excluded = Matcher(app.config.exclude_patterns)
    yield from _files(root, own | ({root / "_build"} if (root / "_build").exists() else set()), excluded)
    for folder in (ENGINE, texts):
        if not (folder.is_relative_to(root) and not excluded(folder.relative_to(root).as_posix())):
            yield from _files(folder, own, Matcher(()))


def _files(root: Path, but: set[Path], excluded: Matcher) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(
            name
            for name in names
            if name not in SKIPPED
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
