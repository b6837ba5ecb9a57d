"""Extension of a kernel: modules of a report are imported anew when one of them, or a table, has changed since.

Figure modules read the tables when they are imported. Before a cell runs, what was imported from the report's folder is
forgotten where any of its files changed; names that a cell had imported lead to the new modules.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from evidencebook.folders import files_below
from evidencebook.tables.contract import LABEL

Signs = dict[str, tuple[int, int]]


class Reloader:
    """Knows the files of the report in `root` as they were before the last cell."""

    def __init__(self, shell: Any, root: Path) -> None:
        self._shell, self._root = shell, root
        self._signs = self._look()

    def before_cell(self, *_: Any) -> None:
        """Forget what was imported, where a file has changed."""
        signs = self._look()
        if signs != self._signs:
            self._signs = signs
            self._renew(self._shell.user_ns)

    def _look(self) -> Signs:
        """Return time and size of the tables, and of the modules that lie beside the pages."""
        found: Signs = {}
        for path in (*files_below(self._root / "data"), *files_below(self._root / "book")):
            if path.suffix in (".csv", ".json", ".geojson", ".py"):
                status = os.stat(path)
                found[str(path)] = status.st_mtime_ns, status.st_size
        return found

    def _renew(self, names: dict[str, Any]) -> None:
        book = str((self._root / "book").resolve()) + os.sep
        old = {
            name: module
            for name, module in list(sys.modules.items())
            if os.path.realpath(getattr(module, "__file__", None) or "").startswith(book)
        }
        for name in old:
            del sys.modules[name]
        stale: dict[str, tuple[str, str | None]] = {}
        for name, value in names.items():
            if isinstance(value, ModuleType) and value.__name__ in old:
                stale[name] = value.__name__, None
            elif (home := str(getattr(value, "__module__", ""))) in old:
                called = str(getattr(value, "__name__", ""))
                if vars(old[home]).get(called) is value:
                    stale[name] = home, called
        for name in stale:  # where the new one cannot be imported there is none, and not the old one
            del names[name]
        for name, (home, of_module) in stale.items():
            names[name] = vars(import_module(home))[of_module] if of_module else import_module(home)


def load_ipython_extension(shell: Any) -> None:
    """Watch the report in which the kernel was started."""
    here = Path.cwd().resolve()
    root = next((folder for folder in (here, *here.parents) if (folder / LABEL).is_file()), None)
    if root is not None:
        shell.events.register("pre_run_cell", Reloader(shell, root).before_cell)
