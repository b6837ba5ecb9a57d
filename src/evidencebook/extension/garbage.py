"""Less looking for garbage while a build lasts: its document trees only grow, and live until it ends."""

from __future__ import annotations

import gc

from sphinx.application import Sphinx
from sphinx.config import Config

from evidencebook.extension.freshness import memory_of


def look_seldom(app: Sphinx, _: Config) -> None:
    """Spare the quarter of a build that the collector would take."""
    if memory_of(app) is not None:
        gc.set_threshold(200_000, 20, 100)


def leave_the_rest(app: Sphinx, _: Exception | None) -> None:
    """Let the process end without a last look through everything that it has built, which takes a second or two."""
    if memory_of(app) is not None:
        gc.freeze()


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("config-inited", look_seldom, priority=950)  # after the inputs have been looked at
    app.connect("build-finished", leave_the_rest, priority=2000)
