"""Modules that are not installed, always compiled from the source that stands there now."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import machinery
from importlib.machinery import FileFinder, SourceFileLoader
from types import CodeType

from evidencebook.execution.environment import is_environment


class FromSource(SourceFileLoader):
    """Compiles the source and ignores `__pycache__`, which goes by time and size and can therefore lie."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the module."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


LOADERS = (
    (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
    (FromSource, machinery.SOURCE_SUFFIXES),
    (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
)


def import_from_source(_: Sequence[str]) -> None:
    """Import whatever is not installed from its source in this process, wherever it lies."""

    def finder(path: str) -> FileFinder:
        if is_environment(path) or not os.path.isdir(path or os.curdir):
            raise ImportError(path)  # the next hook's turn
        return FileFinder(path, *LOADERS)

    sys.path_hooks.insert(0, finder)
    for path in [path for path in sys.path_importer_cache if not is_environment(path)]:
        del sys.path_importer_cache[path]
