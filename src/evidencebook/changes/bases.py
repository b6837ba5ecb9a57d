"""What a report is compared with: a manifest that is kept, an edition by its name, or a revision, built if need be."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evidencebook import ENGINE
from evidencebook.build.telling import JUPYTER_BOOK
from evidencebook.changes.manifest import ENDING, Kept, Manifest, NoManifest, unpacked
from evidencebook.edition import edition
from evidencebook.folders import BASE
from evidencebook.tables.files import read
from evidencebook.tables.withholding import ASKED

EDITIONS = "data/editions.csv"  # where an edition is recorded: the commit that added its row is the edition
# The settings of somebody else's repository may name programs: none that reading starts is asked, and no host.
GIT = ("git", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "protocol.allow=never")
LAST_LINES = 12  # of what a build said that failed


class NoBase(Exception):
    """There is nothing to compare with; the message says why and what to do."""


def find(root: Path, named: str, tell: Callable[[str], None]) -> Manifest:
    """Return the manifest of a base: a file, the digest or version of an edition, or a revision of git.

    A revision whose manifest is not kept is built with today's engine in a folder of its own. Raises NoBase.
    """
    if named.endswith(ENDING) and Path(named).is_file():
        try:
            return unpacked(read(Path(named)))
        except NoManifest as error:
            raise NoBase(f"{named}: {error} - name a file that a build has kept in _build/manifests") from None
    kept = Kept(root / "_build")
    if (manifest := kept.of(named)) is not None:
        return manifest
    with tempfile.TemporaryDirectory(prefix=BASE) as folder:
        # The name of the report's own folder: it stands in no page, and in what a build says.
        copy = Path(folder) / root.resolve().name
        _check_out(root, _revision(root, named), copy)
        digest = edition(copy).digest
        if (manifest := kept.of(digest)) is not None:
            return manifest
        tell(f"Building {named} with today's engine, once: its manifest is kept afterwards.")
        return built(copy, kept, named)


def built(copy: Path, kept: Kept, named: str) -> Manifest:
    """Build the web edition of a copy of a report and keep its manifest; raises NoBase.

    What today's rules find in it is no problem: they came after it.
    """
    done = _run([sys.executable, "-P", "-c", JUPYTER_BOOK, "build", str(copy)], environment=_environment())
    manifest = Kept(copy / "_build").latest()
    if done.returncode or manifest is None:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-LAST_LINES:])
        raise NoBase(f"{named} cannot be built with today's engine - compare with a later revision. It said:\n{said}")
    kept.keep(manifest, is_latest=False)
    return manifest


def built_without(root: Path, source_ids: Sequence[str], folder: Path) -> Manifest:
    """Build the web edition without some sources in a folder, and return its manifest; raises NoBase.

    Warnings do not fail it, since the report itself was checked before and gaps are what is asked for.
    """
    command = [sys.executable, "-P", "-c", JUPYTER_BOOK, "build", "--path-output", str(folder), str(root)]
    done = _run(command, environment={**_environment(), ASKED: ",".join(source_ids)})
    manifest = Kept(folder / "_build").latest()
    if done.returncode or manifest is None:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-LAST_LINES:])
        raise NoBase(f"the book cannot be built without {', '.join(source_ids)}; it said:\n{said}")
    return manifest


def _revision(root: Path, named: str) -> str:
    """Return the commit of a revision or of an edition's version."""
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{named}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.strip()
    if _git(root, "rev-parse", "--is-inside-work-tree").returncode:
        raise NoBase(f"{named!r} is no manifest that is kept, and the report lies in no repository of git")
    if re.fullmatch(r"[\w.-]+", named):  # the version of an edition
        pattern = f"^{named.replace('.', '[.]')},"
        recorded = _git(
            root, "log", "-1", "--format=%H", "--no-textconv", f"-G{pattern}", "--", EDITIONS
        ).stdout.strip()
        if recorded:
            return recorded
    raise NoBase(f"{named!r} is no revision, recorded edition or kept manifest - `git log` lists the revisions")


def _check_out(root: Path, commit: str, folder: Path) -> None:
    """Write the report as it was at a commit, with today's engine where it brings one along.

    Only the objects of its repository are used: its settings may name programs as filters of files.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").stdout.strip()
    objects = (root / _git(root, "rev-parse", "--git-path", "objects").stdout.rstrip("\n")).resolve()
    with tempfile.TemporaryDirectory() as own:
        form = _git(root, "rev-parse", "--show-object-format").stdout.strip()
        _git(root, "init", "--quiet", "--bare", f"--object-format={form}", own)
        packed = subprocess.run(
            [*GIT, "--git-dir", own, "archive", "--format=tar", f"{commit}:{prefix}"],
            capture_output=True, check=False, env={**os.environ, "GIT_OBJECT_DIRECTORY": str(objects)},
        )  # fmt: skip
    if packed.returncode:
        raise NoBase(f"the report is not in {commit[:12]} - name a revision that has it")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    own_engine = folder / "src" / ENGINE.name
    if own_engine.is_dir():
        shutil.rmtree(own_engine)
        shutil.copytree(ENGINE, own_engine, ignore=shutil.ignore_patterns("__pycache__"))


def _environment() -> Mapping[str, str]:
    """Return the environment of a build that is to say nothing of texts, which may have changed since."""
    kept = {name: value for name, value in os.environ.items() if name != "EVIDENCE_TEXTS"}
    path = os.pathsep.join(filter(None, [str(ENGINE.parent), kept.get("PYTHONPATH", "")]))
    return {**kept, "NO_COLOR": "1", "PYTHONPATH": path}


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return _run([*GIT, "-C", str(root), *words])
    except FileNotFoundError:
        raise NoBase("git is not installed - install it, or name a manifest that is kept") from None


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, env=environment
    )
