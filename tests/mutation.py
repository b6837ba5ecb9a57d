"""Whether the tests bite: small faults put into the engine one by one, and the tests that reach them run.

`python -m tests.mutation ROOM [--sample N] [--seed S] [--part 1/4]`; without a sample, every fault of the room. A fault
that no test notices has survived. Each is listed with what was written and how many tests reach it.

Our own, since cosmic-ray starts a Python and all tests for each fault, and mutmut leaves out what stands outside of
functions, such as tables of rules. Here every fault is tried in a fork of a process that has imported the libraries, by
the tests that reach its line (coverage tells which), the quickest first. It lies on the disk of a copy of the
repository, so that processes that tests start have it too.
"""

from __future__ import annotations

import argparse
import ast
import ctypes
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from coverage.numbits import numbits_to_nums

ROOT = Path(__file__).parents[1]
LEFT = (".git", ".venv", "_build", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
ALONE = ("-n", "0", "-p", "no:cacheprovider")
QUICK, MOST, EVERY = ("-m", "not slow and not thorough"), ("-m", "not thorough"), ()
# Which tests are tried: of most rooms the quick ones of every file. Execution and build start kernels and builds, and
# are tried by the files that are about them.
KERNELS = (
    "execution", "kernel_results", "runner", "reads", "memory", "kernels", "decisions", "order", "watch",
    "fingerprints", "code_of_pages", "told_by_kernels", "unheard", "cells", "drawer", "machine",
)  # fmt: skip
BUILDS = (
    "freshness", "memory", "builds", "extension", "private", "files", "trees", "refused", "cli", "literature",
    "machine", "speed", "telling", "timing", "failures", "checkfirst", "lending", "executed", "quotations",
)  # fmt: skip
ROOMS: dict[str, dict[str, tuple[str, ...]]] = {
    **{room: {"**/test_*": QUICK} for room in ("values", "tables", "evidence", "check")},
    "execution": {**{f"test_{name}": MOST for name in KERNELS}, "test_endings": EVERY, "test_settings": EVERY},
    "build": {
        **{f"test_{name}": MOST for name in BUILDS},
        "hostile/test_machine": MOST,
        "hostile/test_foreign": MOST,
        "test_settings": EVERY,
    },
}
NOTICED, LATE, SURVIVED = "noticed", "endless", "survived"
LONGEST = 120.0  # seconds of tests for one fault; what they do not reach in that time counts as not noticed
SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Pow: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is written in place of a piece of a module: `start` and `end` are offsets in bytes."""

    file: str
    line: int
    start: int
    end: int
    new: str
    last: int  # line on which the piece ends


def faults(file: str) -> list[Fault]:
    """Return every fault that is tried in a module."""
    source = (ROOT / file).read_bytes()
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: dict[tuple[int, int, str], Fault] = {}
    for node, new in _changed(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        found[start, end, new] = Fault(file, node.lineno, start, end, new, node.end_lineno or node.lineno)
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.new))


def _changed(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield pieces of code with what is written in their place."""
    for node, within in _walk(tree, None):
        if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare | ast.Constant):
            if within is None:
                yield node.test, f"(not ({ast.unparse(node.test)}))"
            continue
        for change, undo in _changes(node):
            change()
            shown = within or node
            text = ast.unparse(shown)
            undo()
            assert isinstance(shown, ast.expr | ast.stmt)
            yield shown, f"({text})" if isinstance(shown, ast.expr) else text


def _walk(node: ast.AST, within: ast.expr | None) -> Iterator[tuple[ast.AST, ast.expr | None]]:
    """Yield nodes with the formatted text around them, of whose parts Python before 3.12 does not know the place.

    Left out is what says nothing at run time: annotations, docstrings, what only type checkers read; and decorators.
    """
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr):
        within = within or node
    yield node, within
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            is_text = isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)
            if isinstance(child, ast.AST) and not is_text:
                yield from _walk(child, within)


def _changes(node: ast.AST):  # type: ignore[no-untyped-def]
    """Yield pairs of functions: one that makes a node wrong, and one that mends it again."""

    def put(owner: object, name: str, value: object, place: int | None = None):  # type: ignore[no-untyped-def]
        old = getattr(owner, name)
        new = value if place is None else [*old[:place], value, *old[place + 1 :]]
        return lambda: setattr(owner, name, new), lambda: setattr(owner, name, old)

    if isinstance(node, ast.Compare):
        for place, one in enumerate(node.ops):
            yield put(node, "ops", SWAPS[type(one)](), place)
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
        yield put(node, "op", SWAPS[type(node.op)]())
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield put(node, "value", not node.value)
        elif isinstance(node.value, int | float):
            yield put(node, "value", node.value + 1)
        elif isinstance(node.value, str | bytes) and node.value:
            yield put(node, "value", f"XX{node.value}XX" if isinstance(node.value, str) else b"XX" + node.value)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield put(node, "value", ast.Constant(None))
    elif isinstance(node, ast.Break):
        yield put(node, "__class__", ast.Continue)
    elif isinstance(node, ast.Continue):
        yield put(node, "__class__", ast.Break)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom | ast.Await):
        yield put(node, "value", ast.Constant(None))


@dataclass
class Reach:
    """Tests by file and line that they reach, and how long each takes."""

    lines: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]
    order: dict[str, int]

    def tests(self, fault: Fault) -> list[str]:
        """Return the tests that reach a fault, up to LONGEST: of its module, then those of a second, then file by file.

        What is done on import, such as a table of words, is reached by all tests of the module.
        """
        lines = self.lines.get(fault.file, {})
        found = set().union(*(lines.get(number, set()) for number in range(fault.line, fault.last + 1)))
        own = f"test_{Path(fault.file).stem}.py"
        every = (found if found and "" not in found else set().union(*lines.values())) & self.seconds.keys()
        chosen, total = list[str](), 0.0
        for test in sorted(every, key=lambda test: (own not in test, self.seconds[test] > 1, self.order[test])):
            total += self.seconds[test]
            if chosen and total > LONGEST:
                break
            chosen.append(test)
        return chosen


TIMED = """
import json
SECONDS, FAILED = {}, set()
def pytest_runtest_logreport(report):
    SECONDS[report.nodeid] = SECONDS.get(report.nodeid, 0) + report.duration
    if report.outcome != "passed":
        FAILED.add(report.nodeid)
def pytest_sessionfinish(session):
    with open("seconds.json", "w") as file:
        json.dump({test: took for test, took in SECONDS.items() if test not in FAILED}, file)
"""


def reach(copy: Path, room: str, is_quick: bool) -> Reach:
    """Return which line of a room each test reaches, from a run of each file that is kept while nothing changes."""
    found = Reach(defaultdict(lambda: defaultdict(set)), {}, {})
    sources = b"".join(path.read_bytes() for path in sorted(ROOT.glob(f"src/evidencebook/{room}/**/*.py")))
    for pattern, options in ROOMS[room].items():
        options = QUICK if is_quick else options
        for path in sorted(ROOT.glob(f"tests/{pattern}.py")):
            digest = hashlib.sha256(b"\0".join([sources, path.read_bytes(), repr(options).encode()])).hexdigest()
            kept = ROOT / "_build" / "mutation" / f"{room}-{path.stem}-{digest[:16]}.json"
            if not kept.exists():
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_text(json.dumps(_reached(copy, room, [str(path.relative_to(ROOT)), *options])))
                print(f"{path.stem}: known which lines its tests reach", flush=True)
            lines, seconds = json.loads(kept.read_text())
            found.seconds |= seconds
            found.order |= {test: len(found.order) + place for place, test in enumerate(seconds)}
            for file, number, tests in lines:
                found.lines[file][number].update(tests)
    return found


def _reached(copy: Path, room: str, selection: Sequence[str]) -> tuple[list[tuple[str, int, list[str]]], Any]:
    source = copy / "src/evidencebook" / room
    (copy / "timed.py").write_text(TIMED)
    (copy / "reach.ini").write_text(
        f"[run]\nsource = {source}\ndata_file = {copy}/.reach\nparallel = true\npatch = _exit, fork\n"
        "core = ctrace\ncontext = ${PYTEST_CURRENT_TEST-}\n"
    )
    # Each process reads the file for itself, and so knows the test that started it; a fork is known by its parent's.
    reading = dict.fromkeys(("COVERAGE_RCFILE", "COVERAGE_PROCESS_START"), str(copy / "reach.ini"))
    own = {**_environment(copy), **reading, "EVIDENCE_ALONE": "1"}
    options = ["-p", "timed", "--cov", "--cov-config=reach.ini", "--cov-context=test", "--cov-report=", *ALONE]
    command = [sys.executable, "-m", "pytest", *options, *selection]
    subprocess.run(command, cwd=copy, env=own, check=False, stdout=subprocess.DEVNULL)
    seconds = json.loads((copy / "seconds.json").read_text())  # without what fails in a copy that Git does not know
    lines: dict[tuple[str, int], set[str]] = defaultdict(set)
    for data in copy.glob(".reach*"):
        with sqlite3.connect(data) as found, suppress(sqlite3.DatabaseError):  # of a process that was killed meanwhile
            rows = found.execute(
                "select file.path, context.context, line_bits.numbits from line_bits"
                " join file on file.id = file_id join context on context.id = context_id"
            )
            for path, context, bits in rows.fetchall():
                named = re.fullmatch(r"(.*)(?:\|| \()(setup|run|call|teardown)\)?", context)  # a test, or its process
                if (not context or (named and named[1] in seconds)) and Path(path).is_relative_to(source):
                    # What is made ready for one test may be what others look at too; on import there is none yet.
                    tests = seconds if named and named[2] == "setup" else {named[1] if named else ""}
                    for number in numbits_to_nums(bits):
                        lines[str(Path(path).relative_to(copy)), number].update(tests)
        data.unlink()
    return [(file, number, sorted(tests)) for (file, number), tests in lines.items()], seconds


def _environment(copy: Path) -> dict[str, str]:
    path = os.pathsep.join([str(copy / "src"), str(copy)])
    return {**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": "", "EVIDENCE_REPORT": ""}


class Server:
    """A process with libraries imported, working in a copy of its own, that forks a child for each fault."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self._stamp = int(time.time()) - 10_000_000
        self._sound: dict[str, bool] = {}  # tests that noticed something: whether they pass where nothing is wrong
        command = [sys.executable, "-m", "tests.mutation", "--serve"]
        self.process = subprocess.Popen(
            command, cwd=copy, env=_environment(copy), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def attempt(self, fault: Fault, known: Reach) -> str:
        """Return what became of a fault: it was noticed, the tests did not end, or it survived.

        A test that fails without the fault too, as on a machine that is too busy for it, has noticed nothing.
        """
        path = self.copy / fault.file
        source = path.read_bytes()
        tests = known.tests(fault)
        while tests:
            self._write(path, source[: fault.start] + fault.new.encode() + source[fault.end :])
            try:
                outcome, last = self._ask(tests, known)
            finally:
                self._write(path, source)
            if outcome == SURVIVED or not last:
                return outcome
            if last not in self._sound:
                self._sound[last] = self._ask([last], known)[0] == SURVIVED
            if self._sound[last]:
                return outcome
            print("not counted, since it fails anyway:", last, flush=True)
            tests.remove(last)
        return SURVIVED

    def _ask(self, tests: list[str], known: Reach) -> tuple[str, str]:
        """Return what became of tests, and the one that was run last; none if they could not even be collected."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([[test, int(20 + 6 * known.seconds[test])] for test in tests]) + "\n")
        self.process.stdin.flush()
        status, last = json.loads(self.process.stdout.readline())
        return {0: SURVIVED, 5: SURVIVED, -signal.SIGALRM: LATE}.get(status, NOTICED), last  # 5: no such tests

    def _write(self, path: Path, source: bytes) -> None:
        # Python takes compiled code for current by the second and the size of its source.
        path.write_bytes(source)
        self._stamp += 2
        os.utime(path, (self._stamp, self._stamp))


def serve() -> None:
    """Read lists of tests with the seconds that each may take, and answer with the status and the last test."""
    import altair  # noqa: F401

    answers = os.fdopen(os.dup(1), "w")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(null, stream)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: what tests leave behind is ended here
    for line in sys.stdin:
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            os.setsid()
            os.dup2(null, 0)
            signal.alarm(90)  # until the first test begins; nobody listens, so that the process ends
            os._exit(_run(dict(json.loads(line)), tell))
        os.close(tell)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        while left := psutil.Process().children(recursive=True):
            for one in left:
                with suppress(psutil.Error):
                    one.kill()
            psutil.wait_procs(left, 5)
        with open(told) as tests:
            print(json.dumps([status, tests.read().rpartition("\n")[2]]), file=answers, flush=True)


def _run(tests: dict[str, int], tell: int) -> int:
    import pytest

    class Chosen:
        @pytest.hookimpl(wrapper=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]):  # type: ignore[no-untyped-def]
            yield
            order = {test: place for place, test in enumerate(tests)}
            items[:] = sorted((one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid])

        def pytest_runtest_logstart(self, nodeid: str) -> None:
            signal.alarm(tests[nodeid])
            os.write(tell, f"\n{nodeid}".encode())

    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    return int(pytest.main(["-x", "--tb=no", "-p", "no:cov", *ALONE, *files], plugins=[Chosen()]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--part", default="1/1", help="of the sample, such as 2/4: parts may run side by side")
    parser.add_argument("--quick", action="store_true", help="by quick tests alone")
    parser.add_argument("--only", default="", help="of the room, modules with this in their names")
    said = parser.parse_args()
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src/evidencebook" / said.room).rglob("*.py"))
    every = [one for file in files if said.only in file for one in faults(file)]
    chosen = random.Random(said.seed).sample(every, min(said.sample or len(every), len(every)))
    part, parts = map(int, said.part.split("/"))
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT), symlinks=True)
        known = reach(copy, said.room, said.quick)
        server = Server(copy)
        for fault in sorted(chosen, key=lambda one: (one.file, one.start))[part - 1 :: parts]:
            outcome = server.attempt(fault, known)
            outcomes[outcome] += 1
            print(outcome, _told(fault, known), flush=True)
        server.process.communicate()  # it ends
    share = f"{outcomes.total() - outcomes[SURVIVED]} of {outcomes.total()} faults noticed"
    print(f"{said.room}: {share}, {outcomes[LATE]} since tests did not end; {len(every):,} in all")


def _told(fault: Fault, known: Reach) -> str:
    source = (ROOT / fault.file).read_bytes()
    old = " ".join(source[fault.start : fault.end].decode().split())
    return f"{fault.file}:{fault.line}: {old}  ->  {' '.join(fault.new.split())}  [{len(known.tests(fault))} tests]"


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        main()
