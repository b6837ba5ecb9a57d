"""Pages executed side by side in forks of one warm process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from evidencebook import ENGINE
from evidencebook.charts import drawer, pictures
from evidencebook.execution.environment import processors
from evidencebook.execution.page import Failure, Outcome, Page
from evidencebook.execution.unheard import LOST, with_unheard

BEGIN = "import sys; sys.path.insert(0, {engine!r}); from evidencebook.{package} import {module}; sys.path.pop(0); "
SERVE = "warm.serve({project!r}, {at_once})"
DRAW = "drawer.serve({shared})"
DRAWERS = 4  # at most; drawing takes about as long as all else that pages do


def variables(results: Path | None) -> dict[str, str]:
    """Return the environment variables under which pages are executed; pictures are kept in `results`."""
    # The time zone of whoever builds must not show in what everybody reads.
    return {"TZ": "UTC"} | ({pictures.FOLDER: str(results / "pictures")} if results else {})


class Workers:
    """A warm process, started at once and imported in the background, and some that draw; `run` gives it pages.

    `project` are the folders whose modules count as read by a page; `results` is where pictures may be kept.
    """

    def __init__(self, project: Sequence[str], results: Path | None = None, at_once: int | None = None) -> None:
        # A profile of nobody: what someone has set up for interactive work must not show in a page.
        self._folder = tempfile.TemporaryDirectory(prefix="evidencebook-")
        address = str(Path(self._folder.name, "drawer"))
        environment = {
            **os.environ, **variables(results), "IPYTHONDIR": self._folder.name, drawer.ADDRESS: address,
            "PYTHONHASHSEED": "0",  # one fixed order of sets, on every machine
        }  # fmt: skip
        serve = SERVE.format(project=tuple(project), at_once=at_once or processors())
        self._process = _started("execution", "warm", serve, environment)
        self._drawers: list[subprocess.Popen[str]] = []
        with suppress(OSError), drawer.listening(address) as shared:  # else pages draw by themselves
            draw, share = DRAW.format(shared=shared.fileno()), (shared.fileno(),)
            for _ in range(min(processors(), DRAWERS)):
                self._drawers.append(_started("charts", "drawer", draw, environment, share))

    def run(self, pages: Sequence[Page], done: Callable[[Page, Outcome], None]) -> dict[str, Outcome]:
        """Return the outcome of each page by its name, and call `done` as they end.

        A page whose process dies or takes too long has a failure. If the warm process itself dies, pages are missing.
        """
        assert self._process.stdin and self._process.stdout
        waiting = {page.name: page for page in pages}
        outcomes: dict[str, Outcome] = {}
        cells = dict.fromkeys(waiting, 0)
        opened: dict[str, list[str]] = {}
        with suppress(OSError):
            self._process.stdin.write("".join(f"{page.to_json()}\n" for page in pages))
            self._process.stdin.flush()
        while waiting and (line := self._process.stdout.readline()):
            told = json.loads(line)
            name = told["page"]
            if "cell" in told:
                cells[name] = told["cell"]
            elif "opened" in told:
                opened[name] = told["opened"]
            else:
                if "outcome" in told:
                    outcomes[name] = Outcome.from_data(told["outcome"])
                elif "overtime" in told:
                    said = f"it took longer than {told['overtime']:g} seconds and was stopped"
                    outcomes[name] = _stopped(cells[name], said)
                else:
                    said = "its process died without a word (killed, or a crash in a library)"
                    outcomes[name] = _stopped(cells[name], said)
                done(waiting.pop(name), outcomes[name])
        return {
            name: replace(outcome, reads=with_unheard(outcome.reads, opened.get(name, [LOST])))
            for name, outcome in outcomes.items()
        }

    def close(self) -> None:
        """End the process and all that it began."""
        for process in (self._process, *self._drawers):
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.terminate()
            process.wait()
        self._folder.cleanup()


def _started(
    package: str, module: str, then: str, environment: Mapping[str, str], share: Sequence[int] = ()
) -> subprocess.Popen[str]:
    # A fresh interpreter that inherits nothing but the environment.
    return subprocess.Popen(
        [sys.executable, "-P", "-c", BEGIN.format(engine=str(ENGINE.parent), package=package, module=module) + then],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(environment),
        pass_fds=share,
        text=True,
        encoding="utf-8",
    )


def _stopped(cell: int, said: str) -> Outcome:
    return Outcome(ran=(), reads=(), seconds=0.0, failure=Failure(cell, None, said))
