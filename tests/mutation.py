"""Whether the tests bite: small faults put into the engine one by one, and the tests that reach them run.

`python -m tests.mutation ROOM [--sample N] [--seed S] [--jobs J]`; without a sample, every fault of the room. A fault
that no test notices has survived and is listed with what was written.

Our own, since cosmic-ray starts a Python and all tests for each fault, and mutmut leaves out what stands outside of
functions, such as tables of rules. Here every fault is tried in a fork of a process that has imported the libraries, by
the tests that reach its line (coverage tells which), the quickest first. It lies on the disk of a copy of the
repository, so that processes that tests start have it too.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
COPIED = (
    "book", "data", "docs", "seeds", "src", "tests", "_config.yml", "_toc.yml", "CITATION.cff", "CONTRIBUTING.md",
    "README.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", ".gitignore", ".ci",
)  # fmt: skip
QUICK = ["-m", "not slow and not thorough"]
# The tests of each room; those of execution and build start kernels and builds.
KERNELS = [f"tests/test_{name}.py" for name in ("execution", "kernel_results", "runner", "reads", "memory", "files")]
BUILDS = [f"tests/test_{name}.py" for name in ("freshness", "memory", "builds", "extension", "private", "files")]
ROOMS: dict[str, list[str]] = {
    **dict.fromkeys(("values", "tables", "evidence", "check"), QUICK),
    "execution": [*KERNELS, "-m", "not thorough"],
    "build": [*BUILDS, "tests/hostile/test_machine.py", "-m", "not thorough"],
}
NOTICED, LATE, SURVIVED = "noticed", "endless", "survived"
LONGEST = 60.0  # seconds of tests for one fault; what they do not reach in that time counts as not noticed
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


# --- faults ----------------------------------------------------------------------------------------------------------


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


# --- which tests reach a line -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """Tests by file and line that they reach, and how long each takes."""

    lines: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def tests(self, fault: Fault) -> list[str]:
        """Return the tests that reach a fault, those named like its module first, then the quickest.

        What is done on import, such as a table of words, is reached by all tests of the module.
        """
        lines = self.lines.get(fault.file, {})
        found = set().union(*(lines.get(number, set()) for number in range(fault.line, fault.last + 1)))
        if not found:
            found = set().union(*lines.values()) if lines else set()
        own = f"test_{Path(fault.file).stem}.py"
        return sorted(found, key=lambda test: (own not in test, self.seconds.get(test, 9.0), test))


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


def reach(copy: Path, selection: Sequence[str]) -> Reach:
    """Return which line each test reaches, from a run of them that is kept as long as nothing changes."""
    digest = hashlib.sha256("\0".join(selection).encode())
    for path in sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py")]):
        digest.update(path.read_bytes() if path != Path(__file__) else b"")
    kept = ROOT / "_build" / "mutation" / f"{digest.hexdigest()[:16]}.json"
    if not kept.exists():
        found = _reached(copy, selection)
        kept.parent.mkdir(parents=True, exist_ok=True)
        lines = {file: {n: sorted(tests) for n, tests in known.items()} for file, known in found.lines.items()}
        kept.write_text(json.dumps({"lines": lines, "seconds": found.seconds}))
    data = json.loads(kept.read_text())
    lines = {file: {int(n): set(tests) for n, tests in known.items()} for file, known in data["lines"].items()}
    return Reach(lines, data["seconds"])


def _reached(copy: Path, selection: Sequence[str]) -> Reach:
    (copy / "timed.py").write_text(TIMED)
    (copy / "reach.ini").write_text(
        f"[run]\nsource = {copy}/src/evidencebook\ndata_file = {copy}/.reach\nparallel = true\npatch = _exit, fork\n"
        "core = ctrace\ncontext = ${PYTEST_CURRENT_TEST-}\n"
    )
    # Each process reads the file for itself, and so knows the test that started it; a fork is known by its parent's.
    own = {
        **_environment(copy),
        **dict.fromkeys(("COVERAGE_RCFILE", "COVERAGE_PROCESS_START"), str(copy / "reach.ini")),
    }
    command = [
        sys.executable, "-m", "pytest", "-n", "0", "-p", "timed", "-p", "no:cacheprovider", "--cov",
        "--cov-config=reach.ini", "--cov-context=test", "--cov-report=", *selection,
    ]  # fmt: skip
    subprocess.run(command, cwd=copy, env=own, check=False, stdout=subprocess.DEVNULL)
    return _told_by_coverage(copy)


def _told_by_coverage(copy: Path) -> Reach:
    seconds = json.loads((copy / "seconds.json").read_text())  # without what fails in a copy that Git does not know
    lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    from coverage.numbits import numbits_to_nums

    for data in copy.glob(".reach*"):
        with sqlite3.connect(data) as found, suppress(sqlite3.DatabaseError):  # of a process that was killed meanwhile
            rows = found.execute(
                "select file.path, context.context, line_bits.numbits from line_bits"
                " join file on file.id = file_id join context on context.id = context_id"
            )
            for path, context, bits in rows.fetchall():
                head, _, phase = context.rpartition("|")  # of a test, or of a process that it started
                test = head if phase in ("setup", "run", "teardown") else context.rpartition(" (")[0]
                if test in seconds and Path(path).is_relative_to(copy):
                    for number in numbits_to_nums(bits):
                        lines[str(Path(path).relative_to(copy))][number].add(test)
    return Reach({file: dict(known) for file, known in lines.items()}, seconds)


def _environment(copy: Path) -> dict[str, str]:
    path = os.pathsep.join([str(copy / "src"), str(copy)])
    return {**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": "", "EVIDENCE_REPORT": ""}


# --- trying one -------------------------------------------------------------------------------------------------------


class Server:
    """A process with libraries imported, working in a copy of its own, that forks a child for each fault."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self._stamp = int(time.time()) - 10_000_000
        own = {key: value for key, value in _environment(copy).items() if key != "EVIDENCE_REPORT"}
        command = [sys.executable, "-m", "tests.mutation", "--serve"]
        self._process = subprocess.Popen(
            command, cwd=copy, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def attempt(self, fault: Fault, tests: list[str], seconds: dict[str, float]) -> str:
        """Return what became of a fault: it was noticed, the tests did not end, or it survived."""
        chosen, total = [], 0.0
        for test in tests:
            total += seconds.get(test, 1.0)
            if chosen and total > LONGEST:
                break
            chosen.append(test)
        if not chosen:
            return SURVIVED
        path = self.copy / fault.file
        source = path.read_bytes()
        self._write(path, source[: fault.start] + fault.new.encode() + source[fault.end :])
        try:
            assert self._process.stdin and self._process.stdout
            limit = 20 + 2 * sum(seconds.get(test, 1.0) for test in chosen)
            self._process.stdin.write(json.dumps([chosen, limit]) + "\n")
            self._process.stdin.flush()
            return {"0": SURVIVED, "late": LATE}.get(self._process.stdout.readline().strip(), NOTICED)
        finally:
            self._write(path, source)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _write(self, path: Path, source: bytes) -> None:
        # Python takes compiled code for current by the second and the size of its source.
        path.write_bytes(source)
        self._stamp += 2
        os.utime(path, (self._stamp, self._stamp))


def serve() -> None:
    """Read lists of tests, and answer with the exit status of each run."""
    import altair  # noqa: F401

    answers = os.fdopen(os.dup(1), "w")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    for line in sys.stdin:
        tests, limit = json.loads(line)
        child = os.fork()
        if not child:
            os.setsid()
            os.dup2(null, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))  # of a processor that others use too
            os._exit(_run(tests))
        deadline, status = time.monotonic() + 10 * limit, "late"
        while time.monotonic() < deadline:
            done, said = os.waitpid(child, os.WNOHANG)
            if done:
                status = str(os.waitstatus_to_exitcode(said))
                status = "late" if status in (str(-signal.SIGXCPU), str(-signal.SIGKILL)) else status
                break
            time.sleep(0.02)
        _end(child)
        print(status, file=answers, flush=True)


def _run(tests: list[str]) -> int:
    import pytest

    class Chosen:
        @pytest.hookimpl(wrapper=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]):  # type: ignore[no-untyped-def]
            yield
            order = {test: place for place, test in enumerate(tests)}
            items[:] = sorted((one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid])

    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    options = ["-x", "-q", "-n", "0", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:cov"]
    return int(pytest.main([*options, *files], plugins=[Chosen()]))


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
        os.waitpid(group, 0)
    except OSError:
        return


# --- all of them ------------------------------------------------------------------------------------------------------


def copy_to(folder: Path) -> Path:
    """Return a copy of what tests need of the repository."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "_build")
            shutil.copytree(source, folder / name, ignore=ignored, symlinks=True)
        elif source.exists():
            shutil.copy(source, folder / name)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=[*ROOMS, "all"])
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--reach", action="store_true", help="only find out which tests reach what")
    parser.add_argument("--only", default="", help="of the room, modules with this in their names")
    said = parser.parse_args()
    for room in ROOMS if said.room == "all" else [said.room]:
        _try_room(room, 0 if said.reach else said.sample, said.seed, said.jobs, said.only)


def _try_room(room: str, sample: int | None, seed: int, jobs: int, only: str) -> None:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src/evidencebook" / room).rglob("*.py"))
    every = [one for file in files if only in file for one in faults(file)]
    chosen = random.Random(seed).sample(every, len(every) if sample is None else min(sample, len(every)))
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copies = [copy_to(Path(folder, f"copy-{number}")) for number in range(jobs)]
        known = reach(copies[0], ROOMS[room])
        if not chosen:
            return
        servers: Queue[Server] = Queue()
        for copy in copies:
            servers.put(Server(copy))
        outcomes: Counter[str] = Counter()

        def attempt(fault: Fault) -> None:
            server = servers.get()
            try:
                outcome = server.attempt(fault, known.tests(fault), known.seconds)
                outcomes[outcome] += 1
                if outcome != NOTICED:
                    print(outcome, _told(fault, known), flush=True)
            finally:
                servers.put(server)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(attempt, sorted(chosen, key=lambda one: (one.file, one.start))))
        while not servers.empty():
            servers.get().close()
    killed = len(chosen) - outcomes[SURVIVED]
    share = f"{killed} of {len(chosen)} faults noticed ({100 * killed / len(chosen):.1f}%)"
    print(f"{room}: {share}, {outcomes[LATE]} of them since tests did not end; {len(every):,} in all")


def _told(fault: Fault, known: Reach) -> str:
    source = (ROOT / fault.file).read_bytes()
    old = " ".join(source[fault.start : fault.end].decode().split())
    return f"{fault.file}:{fault.line}: {old}  ->  {' '.join(fault.new.split())}  [{len(known.tests(fault))} tests]"


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        main()
