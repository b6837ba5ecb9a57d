"""Modules of a report, always compiled from the source that stands there now."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType

from evidencebook.execution.environment import is_environment


class FromSource(SourceFileLoader):
    """Compiles the source and ignores `__pycache__`, which goes by time and size and can therefore lie."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the module."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def import_from_source(folders: Sequence[str]) -> None:
    """Import whatever lies in `folders` from its source in this process."""

    def finder(path: str) -> FileFinder:
        if is_environment(path) or not any(Path(path).is_relative_to(folder) for folder in folders):
            raise ImportError(path)  # the next hook's turn
        return FileFinder(path, (FromSource, SOURCE_SUFFIXES))

    sys.path_hooks.insert(0, finder)
    for path in [path for path in sys.path_importer_cache if not is_environment(path)]:
        del sys.path_importer_cache[path]
