"""A build of the whole edition in a process of its own, which stays to rewrite pages."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

import psutil

from evidencebook import ENGINE
from evidencebook.build import telling
from evidencebook.execution import ending
from evidencebook.preview.heard import Heard

PATIENCE = 5.0  # seconds for a process to end that is told to, or for its last words after its end
Tell: TypeAlias = "Callable[[Whole, dict[str, Any] | None], None]"


class Whole:
    """The process; `tell` is called, in a thread of its own, with all that it answers, and with None at its end."""

    def __init__(self, root: Path, note: Callable[[str], None], tell: Tell) -> None:
        self.heard = Heard(root, note)
        self.is_made = False
        self.changed: set[str] = set()  # files, since it began
        self.began = time.monotonic()
        self._tell = tell
        self._socket, theirs = socket.socketpair()
        with theirs:
            known = os.pathsep.join(path for path in (str(ENGINE.parent), os.environ.get("PYTHONPATH", "")) if path)
            own = {"NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": known}
            command = [
                sys.executable,
                "-P",
                "-m",
                "evidencebook.preview.staying",
                str(theirs.fileno()),
                *telling.STRICT,
            ]
            self._process = subprocess.Popen(
                [*command, str(root)], pass_fds=[theirs.fileno()], env={**os.environ, **own},
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                encoding="utf-8", errors="replace", start_new_session=True,
            )  # fmt: skip
        out, err = self._process.stdout, self._process.stderr
        assert out is not None and err is not None
        Thread(target=telling.tell_rest, args=(out, self.heard), daemon=True).start()
        self._listening = Thread(target=telling.tell_errors, args=(err, self.heard), daemon=True)
        self._listening.start()
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def order(self, **what: Any) -> None:
        """Have pages rewritten."""
        with suppress(OSError):  # it has ended, and that is told
            self._socket.sendall(f"{json.dumps(what)}\n".encode())

    def end(self) -> None:
        """End it with all that it has begun."""
        family = ending.family(self._process.pid)
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        if not self.is_made:
            self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        psutil.wait_procs(family, PATIENCE)  # those that it has begun put away what is theirs
        ending.kill(family, self._process.pid)
        self._process.wait()
        self._reading.join(PATIENCE)
        self._socket.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError), self._socket.makefile(encoding="utf-8") as lines:
            for line in lines:
                self._tell(self, json.loads(line))
        self._process.wait()
        self._listening.join(PATIENCE)
        self._tell(self, None)
