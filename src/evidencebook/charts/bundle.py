"""Vega for the reader's browser: one script without dependencies, made by vl-convert."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from evidencebook import ENGINE
from evidencebook.writing import write_whole

EXPLORE = Path(__file__).parent / "explore.js"  # what the browser does with a chart that Vega has drawn
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


# Beside the packages that it is made from, as Python keeps its byte code: making it takes seconds.
KEPT = Path(sys.prefix) / "share" / "evidencebook"


class Maker:
    """Makes the bundle in a process of its own, beside the build, unless it lies in `folder` or is kept already."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / name()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to make it; further calls do nothing."""
        if self._process is None and not self.path.is_file() and not _take(self.path):
            here = str(ENGINE.parent)
            known = os.pathsep.join(path for path in (here, os.environ.get("PYTHONPATH", "")) if path)
            command = [sys.executable, "-P", "-m", __name__, str(self.path)]
            own = {**os.environ, "PYTHONPATH": known}
            self._process = subprocess.Popen(command, env=own, stderr=subprocess.DEVNULL)

    def made(self) -> Path:
        """Return the file when it is complete; raises OSError where it cannot be written."""
        self.start()
        if self._process is not None and self._process.wait():
            write(self.path)  # here, where it is told what is in the way
        return self.path


def write(path: Path) -> None:
    """Write the bundle; nobody ever sees half of it."""
    content = javascript().encode()
    write_whole(path, content, to_disk=False)
    try:
        for earlier in KEPT.glob("vega.*"):
            if not earlier.name.startswith(path.name):  # what is of this version, another build may be taking
                earlier.unlink(missing_ok=True)
        write_whole(KEPT / f"{path.name}.{_digest(content)}", content, to_disk=False)
    except OSError:  # an environment that is not ours to write in
        return


def _take(path: Path) -> bool:
    """Put the bundle that is kept at `path`; return whether there was one, to the last byte as it was made."""
    for kept in sorted(KEPT.glob(f"{path.name}.*")):
        try:
            content = kept.read_bytes()
        except OSError:  # not ours to read, or gone since
            continue
        if kept.name == f"{path.name}.{_digest(content)}":
            write_whole(path, content, to_disk=False)
            return True
    return False


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _head() -> str:
    return f"/*!\n{LICENCE.read_text('utf-8').strip()}\n*/\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
