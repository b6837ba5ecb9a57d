"""The same report built twice under conditions as different as one machine allows, and compared byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evidencebook.folders import names_to_ignore

EDITIONS = ("html", "pdf", "epub")
VERBS = (["pack"], ["pdf", "--archive"])  # which make every edition, and its form for archives
RUN = (
    "import sys; from evidencebook.cli import main\n"
    f"for verb in {VERBS}: main([*verb, '--root', sys.argv[1]], standalone_mode=False)"
)
LONG_AGO = 1_000_000_000  # September 2001, as an archive may leave its files
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1")


@dataclass(frozen=True)
class Place:
    """Conditions of a build: where, under which settings of the machine, on how many processors, and when."""

    name: str
    environment: Mapping[str, str]
    umask: int
    one_processor: bool
    much_later: bool


PLACES = (
    Place("here", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "USER": "one"}, 0o022, False, False),
    Place(
        "a rather/different place",
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "USER": "another", "HOSTNAME": "other"},
        0o077, True, True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What two builds gave: how many files each, and the names of those that are not the same in both."""

    files: int
    different: tuple[str, ...]
    is_clock_shifted: bool


class BuildFailed(Exception):
    """One of the builds failed; the message is what it said."""


def compare(root: Path) -> Comparison:
    """Return the comparison of two builds of the report in `root`; raises BuildFailed.

    https://reproducible-builds.org/docs/ lists what is varied: path, time zone, locale, order of sets, user, mask for
    new files, processors, times of files, and the clock where libfaketime is installed.
    """
    clock = next((str(path) for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])), "")
    with tempfile.TemporaryDirectory(prefix="evidencebook-verify-") as folder:
        started = [_start(place, root, Path(folder), clock) for place in PLACES]
        trees = []
        for copy, process in started:
            said = process.communicate()[0]
            if process.returncode:
                for _, other in started:
                    if other.returncode is None:  # not read to its end yet
                        other.kill()
                        other.communicate()  # until it has ended: its folder goes
                raise BuildFailed(said)
            trees.append(_tree(copy / "_build"))
    first, second = trees
    different = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    return Comparison(len(first), tuple(different), bool(clock))


def _start(place: Place, root: Path, folder: Path, clock: str) -> tuple[Path, subprocess.Popen[str]]:
    copy = folder / place.name / root.resolve().name
    shutil.copytree(root, copy, ignore=names_to_ignore)
    home = folder / place.name / "home"
    home.mkdir()
    environment = {**os.environ, **place.environment, "HOME": str(home)}
    if (copy / "src" / "evidencebook").is_dir():
        environment["PYTHONPATH"] = str(copy / "src")
    if place.much_later:
        for path in copy.rglob("*"):
            os.utime(path, (LONG_AGO, LONG_AGO))
        if clock:
            environment |= {"LD_PRELOAD": clock, "FAKETIME": "+200d"}  # all clocks alike: kernels wait by both
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, str(copy)],
        cwd=copy if place.one_processor else folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        umask=place.umask,
    )
    if place.one_processor and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    return copy, process


def _tree(build: Path) -> dict[str, str]:
    paths = [path for edition in EDITIONS for path in (build / edition).rglob("*") if path.is_file()]
    paths += build.glob("*.zip")
    return {path.relative_to(build).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
