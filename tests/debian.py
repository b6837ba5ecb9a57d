"""Packages of Debian that tests need: installed where that is possible, in silence, with the reason where it fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

# Nobody is there to answer questions; dpkg looks for its tools in folders that a user's PATH may lack.
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin"


def can_install() -> bool:
    """Return whether packages can be installed here at all: by root, with apt-get."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(*packages: str) -> str:
    """Install the packages together; return an empty string, or why it did not work, in one line."""
    own = {**os.environ, **QUIET, "PATH": f"{os.environ.get('PATH', os.defpath)}:{SYSTEM}"}
    done = None
    # A list that cannot be renewed may still do: what counts is whether the packages come.
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=own, capture_output=True, text=True, check=False)
    assert done is not None
    return "" if done.returncode == 0 else reason(done)


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line in which apt-get, npm or Playwright says why it failed."""
    lines = [line.strip() for line in f"{done.stderr}\n{done.stdout}".splitlines() if line.strip()]
    wrong = [line for line in lines if re.match(r"E: |npm error (?!code |errno |syscall )|Error", line, re.IGNORECASE)]
    return [*wrong, *lines[-1:], f"it ended with {done.returncode}"][0]
