"""Starts JupyterLab on a report, with what this room adds and nothing of it left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

SHARE = Path(__file__).parent / "jupyter"


def start(root: Path, options: Sequence[str]) -> None:
    """Become JupyterLab, which sees the whole report and opens the folder with its pages."""
    if find_spec("jupyterlab") is None:
        raise click.ClickException("JupyterLab is not installed - start it with `make lab`, which installs it")
    for variable, folder in (("JUPYTER_PATH", SHARE), ("JUPYTER_CONFIG_PATH", SHARE / "config")):
        os.environ[variable] = os.pathsep.join(filter(None, (str(folder), os.environ.get(variable))))
    begin = "/lab/tree/book" if (root / "book").is_dir() else "/lab"
    own = [f"--ServerApp.root_dir={root.resolve()}", f"--ServerApp.default_url={begin}"]
    os.execv(sys.executable, [sys.executable, "-P", "-m", "jupyterlab", *own, *options])
