"""Finds a Chromium for the browser tests, and installs one where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import debian

# The shell is the same engine without windows: the tests take two thirds of the time in it.
SHELL = "chromium-headless-shell"
CANDIDATES = (SHELL, "chromium", "chromium-browser", "google-chrome", "chrome")
# As root, Chromium needs --no-sandbox; the rest keeps it from calling home.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None; CHROMIUM, where it is set, names the only one to take."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in CANDIDATES if (path := shutil.which(name))), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str:
    """Install a Chromium: from Debian as root, otherwise Playwright's own download. Return why that did not work."""
    if debian.can_install():
        return debian.install(SHELL) and debian.install("chromium")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else debian.reason(done)


def ensure() -> None:
    """Install a browser where there is none, or none as quick as Debian's; end the process where there is none then."""
    if "CHROMIUM" in os.environ:
        if find() is None:
            sys.exit(f"CHROMIUM names no program: {os.environ['CHROMIUM']}")
        return
    wrong = ""
    if shutil.which(SHELL) is None and (debian.can_install() or find() is None):
        wrong = install()
    if find() is None:
        needed = "The tests need a browser: install Chromium (Debian: apt-get install chromium), or set CHROMIUM."
        sys.exit(f"{needed} ({wrong})" if wrong else needed)


if __name__ == "__main__":
    ensure()
