"""Every way of building a report, timed in turns on copies of it."""

from __future__ import annotations

import csv
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from evidencebook.changes.manifest import Kept
from evidencebook.folders import names_to_ignore
from evidencebook.upkeep.benchmark.sizes import Size, resize, write_rows

PROGRAM = Path(sys.executable).parent / "jupyter-book"
PLAIN = """
import sys, time
from pathlib import Path
import nbclient
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
for path in sorted(Path("book").glob("*.md")):
    text = path.read_text("utf-8")
    reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
    if reader is not None:
        nbclient.execute(reader.read(text), cwd="book")
"""
ONE_PROCESS = """
import os, sys
from pathlib import Path
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
paths = sorted(Path("book").glob("*.md"))
texts = [(path, path.read_text("utf-8")) for path in paths]
os.chdir("book")
sys.path.insert(0, "")
shell = InteractiveShell.instance()
for path, text in texts:
    reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
    for cell in reader.read(text).cells if reader else ():
        if cell.cell_type == "code":
            with capture_output():
                shell.run_cell(cell.source).raise_error()
"""


@dataclass
class Timings:
    """Seconds by size and by what was done, one for each repetition; where our builds spent them; what they took.

    `phases` are those of the last repetition, `memory` is in MB and that of the largest process of any of our builds,
    `pages` is in kB and that of the largest page of the web edition, compressed.
    """

    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    phases: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    pages: dict[str, float] = field(default_factory=dict)

    def add(self, size: Size, name: str, seconds: float) -> None:
        self.seconds.setdefault(size.name, {}).setdefault(name, []).append(seconds)


def measure(root: Path, size: Size, repetitions: int, timings: Timings, told: Callable[[str], None]) -> None:
    """Add to `timings` how long each way of building takes at a size, as often as said; all ways take turns."""
    for repetition in range(repetitions):
        with tempfile.TemporaryDirectory(prefix="evidencebook-bench-") as folder:
            for name, seconds in _once(root, Path(folder), size, timings):
                timings.add(size, name, seconds)
                told(f"{size.name}, {repetition + 1} of {repetitions}: {name} {seconds:.1f} s")


def _once(root: Path, folder: Path, size: Size, timings: Timings) -> Iterator[tuple[str, float]]:
    ours, stock = folder / "ours" / root.resolve().name, folder / "stock" / root.resolve().name
    for copy in (ours, stock):
        shutil.copytree(root, copy, ignore=names_to_ignore)
        resize(copy, size)

    warned: list[str] = []

    def built(what: str, *options: str) -> tuple[str, float]:
        ran = _timed([str(PROGRAM), "build", ".", *options], ours)
        warned.extend(re.findall("WARNING: .*", ran.said))
        told = {name.strip(): float(spent) for name, spent in _PHASE.findall(ran.said.rpartition("Time: ")[2])}
        timings.phases.setdefault(size.name, {})[what] = told
        timings.memory[size.name] = max(timings.memory.get(size.name, 0.0), ran.memory)
        return what, ran.seconds

    def built_by_stock(what: str, may_fail: bool = False) -> tuple[str, float]:
        return what, _timed([str(PROGRAM), "build", "."], stock, may_fail).seconds

    yield "check", _timed([sys.executable, "-m", "evidencebook", "check", "--root", "."], ours).seconds
    yield built("cold")
    timings.pages[size.name] = _largest_page(ours / "_build" / "html")
    if size.is_for_stock:
        _configure(stock, execute="force")
        yield built_by_stock("stock force")
    # A build with warnings, as where a chapter is missing to which others refer, is made again, to warn again.
    if not warned:
        yield built("nothing changed")
        if size.is_for_stock:
            yield built_by_stock("stock, nothing changed")
    _edit_one_row(ours)
    yield built("one row edited")
    if size == Size():
        _edit_drawn_value(ours)
        yield built("one value edited")
        yield built("print edition", "--builder", "custom", "--custom-builder", "pdf")
        _configure(stock, execute="cache")
        shutil.rmtree(stock / "_build")
        yield built_by_stock("stock cache")
        yield "nbclient, one after another", _timed([sys.executable, "-c", PLAIN], stock).seconds
        _configure(stock, execute="off")
        shutil.rmtree(stock / "_build")
        # Figures without charts are faults of pages: all is read and written, and nothing published.
        name, bare = built_by_stock("Sphinx without execution", may_fail=True)
        yield name, bare
        yield "lower bound", bare + _timed([sys.executable, "-c", ONE_PROCESS], stock).seconds


_PHASE = re.compile(r"([a-z ]+?) (\d+\.\d) s")


@dataclass(frozen=True)
class _Ran:
    seconds: float
    memory: float  # MB of the largest process, the command's own or one that it started
    said: str


def _timed(command: Sequence[str], root: Path, may_fail: bool = False) -> _Ran:
    environment = dict(os.environ)
    if (root / "src" / "evidencebook").is_dir():
        environment["PYTHONPATH"] = str(root / "src")
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=subprocess.STDOUT)
        # Unlike the module's own way of waiting this tells the memory of this very command.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    if process.returncode and not may_fail:
        raise RuntimeError(f"{' '.join(command)} failed:\n{said[-6000:]}")
    return _Ran(seconds, usage.ru_maxrss / 1024, said)


def _largest_page(folder: Path) -> float:
    """Return how many kB the largest page has when it is compressed as servers do."""
    return max(len(gzip.compress(page.read_bytes())) for page in folder.rglob("*.html")) / 1000


def _configure(root: Path, execute: str) -> None:
    path = root / "_config.yml"
    settings = yaml.safe_load(path.read_text("utf-8"))
    settings["execute"]["execute_notebooks"] = execute
    settings["sphinx"]["config"]["evidence_execution"] = "stock"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")


def _edit_one_row(root: Path) -> None:
    """Edit what no page shows but the entry of the claim."""
    path = root / "data" / "claims.csv"
    rows = _rows(path)
    rows[0]["note"] = f"{rows[0]['note']} Read again.".strip()
    write_rows(path, rows)


def _edit_drawn_value(root: Path) -> None:
    """Lower a number that figures of the last edition show on most pages, in its cells and in its statement."""
    edition = Kept(root / "_build").latest()
    shown = edition.pages.values() if edition else ()
    pages = Counter(fact for page in shown for fact in {one for f in page.figures for one in f.facts})
    path = root / "data" / "claims.csv"
    rows = _rows(path)
    stated = [
        row
        for row in rows
        if row["low"].isdigit() and row["low"] == row["high"] and _number(row).search(row["statement"])
    ]
    row = max(stated, key=lambda row: pages[row["claim_id"]])
    fewer = str(int(row["low"]) * 19 // 20)
    row |= {"statement": _number(row).sub(fewer, row["statement"]), "low": fewer, "high": fewer}
    write_rows(path, rows)


def _number(row: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d,.]){row['low']}(?![\d,.])")


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))
