"""Finds a Chromium for the browser tests, and installs one where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The shell is the same engine without windows: the tests take two thirds of the time in it.
SHELL = "chromium-headless-shell"
CANDIDATES = (SHELL, "chromium", "chromium-browser", "google-chrome", "chrome")
# As root, Chromium needs --no-sandbox; the rest keeps it from calling home.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    found = next((path for name in CANDIDATES if (path := shutil.which(name))), None)
    return named or found or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    """Install a Chromium: from Debian as root, otherwise Playwright's own download if there is none at all."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for name in (SHELL, "chromium"):
            subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], check=False)
            if find():
                return
    elif find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if "CHROMIUM" not in os.environ and shutil.which(SHELL) is None:
        install()
    if find() is None:
        sys.exit("The tests need a browser: install Chromium (Debian: apt-get install chromium), or set CHROMIUM.")
