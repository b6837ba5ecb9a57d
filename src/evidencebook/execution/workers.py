"""Pages executed side by side in kernels that are forks of one warm process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from evidencebook import ENGINE
from evidencebook.execution import kernels
from evidencebook.execution.environment import processors
from evidencebook.execution.page import Outcome, Page
from evidencebook.execution.unheard import LOST, with_unheard

BEGIN = "import sys; sys.path[0] = {engine!r}; from evidencebook.{package} import {module}; sys.path.pop(0); "
SERVE = "warm.serve({project!r}, {imported!r}, {folder!r})"
DRAW = "drawer.serve({shared})"
DRAWERS = 4  # at most; drawing takes about as long as all else that pages do
PICTURES, DRAWER = "EVIDENCE_PICTURES", "EVIDENCE_DRAWER"  # as `charts` reads them
LONGEST = 90  # letters of a socket's path, of which systems allow about a hundred

# What is imported beforehand where pages import it, unless a book says otherwise: libraries that may be forked, and
# that say nothing and ask nothing while they are imported.
AHEAD = (
    "altair", "bs4", "IPython", "lxml", "matplotlib", "networkx", "numpy", "pandas", "PIL", "requests", "scipy",
    "seaborn", "sklearn", "statsmodels", "sympy", "yaml",
)  # fmt: skip
IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)


def variables(results: Path | None) -> dict[str, str]:
    """Return the environment variables under which pages are executed; pictures are kept in `results`."""
    # The time zone of whoever builds must not show in what everybody reads.
    return {"TZ": "UTC"} | ({PICTURES: str(results / "pictures")} if results else {})


class Gone(RuntimeError):
    """The warm process has died."""


class Workers:
    """A warm process, started at once and imported in the background, and some that draw; `run` gives it pages.

    `project` are the folders whose modules count as read by a page; `results` is where pictures may be kept. What is in
    `imported` is imported at once, and of `ahead` what pages import, before they are executed. Without `draws` nobody
    draws for pages.
    """

    def __init__(
        self, project: Sequence[str], results: Path | None = None, at_once: int | None = None,
        imported: Sequence[str] = (), ahead: Sequence[str] = AHEAD, draws: bool = True,
    ) -> None:  # fmt: skip
        # A profile of nobody: what someone has set up for interactive work must not show in a page.
        self.folder = Path(tempfile.mkdtemp(prefix="evidencebook-"))
        self._project, self._at_once, self._ahead = tuple(project), at_once or processors(), frozenset(ahead)
        address = str(self.folder / "drawer")
        self._environment = {**variables(results), "IPYTHONDIR": str(self.folder)}
        self._numbers = count()
        self._opened: dict[str, list[str]] = {}
        self._has_run = False
        serve = SERVE.format(project=self._project, imported=tuple(imported), folder=str(self.folder))
        # One fixed order of sets, on every machine.
        own = {**os.environ, **self._environment, DRAWER: address, "PYTHONHASHSEED": "0"}
        self._process = _started("execution", "warm", serve, own)
        self._drawers: list[subprocess.Popen[str]] = []
        if not draws:
            return
        from evidencebook.charts import drawer  # and with it the drawing engine, which not every book has

        with suppress(OSError), drawer.listening(address) as shared:  # else pages draw by themselves
            draw, share = DRAW.format(shared=shared.fileno()), (shared.fileno(),)
            for _ in range(min(processors(), DRAWERS)):
                self._drawers.append(_started("charts", "drawer", draw, own, share))
            self._environment[DRAWER] = address

    def run(self, pages: Sequence[Page], done: Callable[[Page, Outcome], None]) -> dict[str, Outcome]:
        """Return the outcome of each page by its name, and call `done` as they end.

        A page whose process dies or takes too long has a failure. If the warm process itself dies, pages are missing.
        """
        self._opened, self._has_run = {}, True
        with suppress(Gone):
            self._tell({"import": imported_by(pages, self._ahead)})
        outcomes = kernels.run(pages, self._project, self._at_once, done, self._environment, self._manager)
        return {
            name: replace(
                outcome,
                reads=with_unheard(outcome.reads, self._opened.get(name, [LOST])),
                is_heard=outcome.is_traced and not any(read.aspect == "anything" for read in outcome.reads),
            )
            for name, outcome in outcomes.items()
        }

    def ask(self, order: str, value: Any) -> Any:
        """Return the warm process's answer to an order."""
        self._tell({order: value})
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise Gone
        return next(iter(json.loads(line).values()))

    def wake(self, number: int = DRAWERS) -> None:
        """Have so many that draw get ready; they do when they are first asked, which somebody would wait for."""
        if address := self._environment.get(DRAWER):
            from evidencebook.charts import drawer

            drawer.wake(address, min(number, len(self._drawers)))

    @property
    def is_gone(self) -> bool:
        """Return whether the warm process has ended."""
        return self._process.poll() is not None

    def note_opened(self, page: str, opened: list[str]) -> None:
        """Remember what anybody opened while a page was executed."""
        self._opened[page] = opened

    def close(self) -> None:
        """End the process and all that it began."""
        for process in (self._process, *self._drawers):
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
        for process in self._drawers:
            process.terminate()
        if not self._has_run:  # it is still importing, and would hear of its end afterwards
            self._process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
        for process in (self._process, *self._drawers):
            process.wait()

    def _tell(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{json.dumps(order)}\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise Gone from error

    def _manager(self, page: Page) -> AsyncKernelManager:
        return Manager(self, page, next(self._numbers))


class Manager(AsyncKernelManager):
    """Manages the kernel of a page that is a fork of the warm process; its sockets are files."""

    def __init__(self, workers: Workers, page: Page, number: int) -> None:
        super().__init__(kernel_name="python3")
        self._workers = workers
        at = str(workers.folder / f"k{number}")
        if len(at) < LONGEST:
            self.transport, self.ip = "ipc", at
        self.connection_file = f"{at}.json"
        self.kernel_id = f"{page.name} {number}"
        self.provisioner = Forked(workers, page, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)

    @property
    def is_gone(self) -> bool:
        """Return whether nobody is left who could start it again."""
        return self._workers.is_gone


class Forked(LocalProvisioner):
    """Starts a kernel as a fork of the warm process, and everything else as for any process."""

    def __init__(self, workers: Workers, page: Page, **traits: Any) -> None:
        super().__init__(**traits)
        self._workers, self._page = workers, page

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Have the kernel forked that the command line would start."""
        order = {"command": cmd, "environment": options["env"], "folder": options["cwd"]}
        process = Process(self._workers, self._page, self._workers.ask("fork", order))
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        return self.connection_info


class Process:
    """A child of the warm process, with the face of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, workers: Workers, page: Page, pid: int) -> None:
        self._workers, self._page, self.pid = workers, page, pid

    def poll(self) -> int | None:
        """Return the exit status; None while it is alive."""
        try:
            status: int | None = self._workers.ask("poll", self.pid)
        except Gone:
            with suppress(psutil.Error):
                return None if psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE else 1
            return 1
        return status

    def wait(self) -> int | None:
        status = self.poll()
        with suppress(Gone):
            self._workers.note_opened(self._page.name, self._workers.ask("end", self.pid))
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal to the process alone."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        os.kill(self.pid, 9)

    def terminate(self) -> None:
        """Ask the process alone to end."""
        os.kill(self.pid, 15)


def imported_by(pages: Sequence[Page], ahead: frozenset[str]) -> list[str]:
    """Return the modules of packages in `ahead` that at least two pages import."""
    named = [set(_imported(page)) for page in pages]
    every = sorted(set().union(*named)) if named else []
    return [name for name in every if name.partition(".")[0] in ahead and sum(name in one for one in named) > 1]


def _imported(page: Page) -> Iterator[str]:
    for cell in page.cells:
        yield from IMPORT.findall(cell.source)


def _started(
    package: str, module: str, then: str, environment: Mapping[str, str], share: Sequence[int] = ()
) -> subprocess.Popen[str]:
    # A fresh interpreter that inherits nothing but the environment; its modules are what those of a kernel are.
    begin = BEGIN.format(engine=str(ENGINE.parent), package=package, module=module)
    return subprocess.Popen(
        [sys.executable, "-Xfrozen_modules=off", "-c", begin + then],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(environment),
        pass_fds=share,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is for whoever started it
    )
