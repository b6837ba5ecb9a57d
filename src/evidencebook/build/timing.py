"""One line at the end of a build that says where the time went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

LOGGER = getLogger(__name__)
# Events in the order in which a build meets them, and what the time before each was spent on.
PHASES = (
    ("config-inited", 0, "starting"),
    ("builder-inited", 999, "checking"),
    ("env-updated", 999, "executing and reading"),
    ("build-finished", 999, "writing"),
)


class Clock:
    """The seconds that each phase of a build has taken so far."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._last = time.monotonic() - _age()

    def mark(self, phase: str) -> Callable[..., None]:
        """Return a listener that ends a phase."""

        def ended(*_: Any) -> None:
            now = time.monotonic()
            self.phases[phase] = self.phases.get(phase, 0.0) + now - self._last
            self._last = now

        return ended

    def tell(self, *_: Any) -> None:
        told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.phases.items())
        LOGGER.info("Time: %s", told)


def _age() -> float:
    """Return for how many seconds this process has been running; zero where the system does not tell."""
    try:
        with open("/proc/self/stat", "rb") as file:
            started = int(file.read().rpartition(b")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        with open("/proc/uptime", "rb") as file:
            return max(0.0, float(file.read().split()[0]) - started)
    except (OSError, ValueError, IndexError):
        return 0.0


def setup(app: Sphinx) -> None:
    clock = Clock()
    for event, priority, phase in PHASES:
        app.connect(event, clock.mark(phase), priority=priority)
    app.connect("build-finished", clock.tell, priority=1001)
