"""A process that has imported what pages import, and forks a child of itself for each page.

It reads pages from its standard input, one a line, and tells on its standard output, one JSON object a line:
`{"page", "cell"}` when a cell starts, `{"page", "outcome"}` when a page is done, `{"page", "died"}` when its
process ended without a word, and `{"page", "overtime"}` when it was stopped for taking too long. Before the last three
comes `{"page", "opened"}`: the files of the report that were opened by anybody while the page was executed. The end of
its input, and so of whoever started it, ends it and all that it began.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field

from evidencebook.execution.page import Page
from evidencebook.execution.reads import Recorder
from evidencebook.execution.shell import execute
from evidencebook.execution.watch import Watch

# What nearly every page needs. Nothing of a report: its modules must be read anew by every page.
IMPORTED = (
    "pandas", "altair", "vl_convert", "IPython.core.completer", "IPython.core.oinspect", "evidencebook.charts.drawing",
    "evidencebook.evidence.sources", "evidencebook.evidence.facts", "evidencebook.evidence.wording",
)  # fmt: skip


def warm_up() -> None:
    """Import what pages use, with what these libraries load only when they are first used."""
    for name in IMPORTED:
        importlib.import_module(name)
    import altair
    import pandas

    # The first chart builds the validators of the whole Vega-Lite schema. Nothing is drawn: that starts threads, which
    # a fork would lose.
    altair.Chart(pandas.DataFrame({"x": [1.0], "y": ["a"]})).mark_bar().encode(x="x:Q", y="y:N").to_dict()


@dataclass
class Child:
    """A page being executed: its process, its pipe, what came through it so far, and until when its cell may take."""

    page: Page
    process: int
    pipe: int
    deadline: float
    opened: set[str] = field(default_factory=set)
    received: bytearray = field(default_factory=bytearray)

    @property
    def is_overdue(self) -> bool:
        """Return whether the cell now executed has had all its time."""
        return time.monotonic() >= self.deadline


def _deadline(page: Page) -> float:
    return time.monotonic() + page.limit if page.limit else float("inf")


def serve(project: tuple[str, ...], at_once: int) -> None:
    """Execute pages until there are no more, at most `at_once` at a time."""
    warm_up()
    recorder = Recorder()
    watch = Watch(project)
    gc.set_threshold(200_000, 20, 100)  # charts are built of very many small objects, which live as long as the page
    gc.freeze()  # https://docs.python.org/3/library/gc.html#gc.freeze: before forking, keeps memory shared
    commands = sys.stdin.fileno()
    waiting: list[Page] = []
    unread = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(commands, selectors.EVENT_READ)
        if watch.descriptor is not None:
            selector.register(watch.descriptor, selectors.EVENT_READ)
        running: dict[int, Child] = {}
        try:
            while True:
                while waiting and len(running) < at_once:
                    child = _begin(waiting.pop(0), recorder, project, [c.pipe for c in running.values()])
                    running[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ, child)
                nearest = min((child.deadline for child in running.values()), default=float("inf"))
                patience = None if nearest == float("inf") else max(0.0, nearest - time.monotonic())
                events = selector.select(patience)
                opened = watch.opened()
                for child in running.values():
                    child.opened |= opened
                for key, _ in events:
                    if key.fileobj == commands:
                        piece = os.read(commands, 1 << 16)
                        if not piece:
                            return
                        unread += piece
                        *lines, rest = bytes(unread).split(b"\n")
                        unread = bytearray(rest)
                        watch.look_around()
                        waiting += [Page.from_json(line.decode()) for line in lines if line]
                    elif key.data is not None and _listen(key.data):
                        _end(running.pop(key.data.pipe), selector)
                for child in [child for child in running.values() if child.is_overdue]:
                    _tell(child, f'"overtime": {child.page.limit}')
                    _end(running.pop(child.pipe), selector)
        finally:
            for child in running.values():
                with suppress(ProcessLookupError):
                    os.killpg(child.process, signal.SIGKILL)


def _begin(page: Page, recorder: Recorder, project: tuple[str, ...], others: list[int]) -> Child:
    receiving, sending = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(sending)
        # Both sides do this, so that neither is too late for a kill of the whole group.
        with suppress(PermissionError, ProcessLookupError):
            os.setpgid(process, process)
        return Child(page, process, receiving, _deadline(page))
    status = 1
    try:
        os.setpgid(0, 0)
        for pipe in (receiving, *others):
            os.close(pipe)
        # The server's own input and output are not the page's.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        with open(sending, "w", encoding="utf-8", buffering=1) as told:
            outcome = execute(page, recorder, project, lambda cell: print(f'{{"cell": {cell}}}', file=told))
            print(f'{{"outcome": {json.dumps(outcome.to_data())}}}', file=told)
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        # Not sys.exit: nothing that the server registered may run here, and no page's threads may hold it up.
        os._exit(status)


def _listen(child: Child) -> bool:
    """Pass on what the child says; return whether it has said all."""
    piece = os.read(child.pipe, 1 << 20)
    child.received += piece
    *lines, rest = bytes(child.received).split(b"\n")
    child.received = bytearray(rest)
    is_done = False
    for line in lines:
        is_done = is_done or line.startswith(b'{"outcome"')
        child.deadline = _deadline(child.page)
        _tell(child, line.decode()[1:-1])
    if not piece and not is_done:
        _tell(child, '"died": true')
    return is_done or not piece


def _tell(child: Child, told: str) -> None:
    name = json.dumps(child.page.name)
    if not told.startswith('"cell"'):
        print(f'{{"page": {name}, "opened": {json.dumps(sorted(child.opened))}}}')
    print(f'{{"page": {name}, {told}}}', flush=True)


def _end(child: Child, selector: selectors.BaseSelector) -> None:
    selector.unregister(child.pipe)
    os.close(child.pipe)
    with suppress(ProcessLookupError):
        os.killpg(child.process, signal.SIGKILL)  # with whatever the page started and left behind
    os.waitpid(child.process, 0)
