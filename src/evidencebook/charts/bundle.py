"""Vega for the reader's browser: one script without dependencies, made by vl-convert."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

LICENCE = Path(__file__).parent / "vega.LICENSE.txt"
# Vega-Embed brings the interpreter of expressions, without which a page would have to allow code made from text.
SNIPPET = "globalThis.EVIDENCE_VEGA = vegaEmbed;"


def name() -> str:
    """Return the file name of the bundle, which changes with whatever it is made from."""
    made_from = f"{version('vl-convert-python')}\0{SNIPPET}\0{_head()}"
    return f"vega.{hashlib.sha256(made_from.encode()).hexdigest()[:10]}.js"


def javascript() -> str:
    """Return the bundle, which makes Vega-Embed known as `globalThis.EVIDENCE_VEGA`."""
    import vl_convert  # here, because whoever only asks for the name need not start its engine

    # Everything that the bundle declares would otherwise be in the way of the page's other scripts.
    return f'{_head()}(() => {{"use strict";{vl_convert.javascript_bundle(SNIPPET)}}})();\n'


class Maker:
    """Makes the bundle in a process of its own, beside the build, unless it lies in `folder` already."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / name()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to make it; further calls do nothing."""
        if self._process is None and not self.path.is_file():
            here = str(Path(__file__).parents[2])
            known = os.pathsep.join(path for path in (here, os.environ.get("PYTHONPATH", "")) if path)
            command = [sys.executable, "-m", __name__, str(self.path)]
            self._process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": known})

    def made(self) -> Path:
        """Return the file when it is complete; raises RuntimeError where it could not be made."""
        self.start()
        if self._process is not None and self._process.wait():
            raise RuntimeError("the script for interactive charts could not be made")
        return self.path


def write(path: Path) -> None:
    """Write the bundle; nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(javascript(), encoding="utf-8")
    os.replace(part, path)


def _head() -> str:
    return f"/*!\n{LICENCE.read_text('utf-8').strip()}\n*/\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
