"""`make audit`: pinned packages with weaknesses that are known; a notice where the list is out of reach."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
OPTIONS = ("--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "--timeout", "15")


def weaknesses(said: str) -> Iterator[str]:
    """Yield a line for each weakness of which pip-audit tells; raises ValueError where it has told nothing."""
    for package in json.loads(said)["dependencies"]:
        for one in package.get("vulns", ()):
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {one['id']} - mended in {mended}"


def main() -> int:
    """Return the exit status: 1 where a package has a weakness that is known, else 0."""
    given = [option for lock in LOCKS for option in ("-r", str(ROOT / lock))]
    command = [sys.executable, "-m", "pip_audit", *OPTIONS, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = sorted(set(weaknesses(done.stdout)))
    except (ValueError, LookupError, TypeError):
        why = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"Not audited: the list of known weaknesses is out of reach ({why}).")
        return 0
    print("\n".join(found) or "No package that is pinned has a weakness that is known.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
