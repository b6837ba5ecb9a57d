"""Garbage is looked for less often: nearly all modules, and all of the millions of nodes, stay as long as a build."""

from __future__ import annotations

import atexit
import gc

from sphinx.application import Sphinx

SELDOM = (50_000, 20, 100)  # see gc.set_threshold


def setup(app: Sphinx) -> None:
    """Look for garbage less often from now on, until the build has ended."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)

    def freeze(*_: object) -> None:
        gc.freeze()  # what is there now is looked at no more, and stays shared with the processes that are forked

    def restore(*_: object) -> None:
        gc.unfreeze()
        gc.set_threshold(*usual)

    app.connect("config-inited", freeze)  # all is imported
    app.connect("env-check-consistency", freeze)  # all pages are read
    app.connect("build-finished", restore, priority=1020)
    atexit.register(freeze)  # the last look for garbage goes over all of them, and the process ends anyway
