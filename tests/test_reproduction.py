"""Two builds under different conditions: the same bytes, and a difference is found and named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evidencebook.edition import edition
from tests.building import change

pytestmark = pytest.mark.slow


def verify(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evidencebook", "verify", "--root", str(root)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.thorough
def test_two_builds_in_different_places_give_the_same_bytes_and_the_digest_that_both_editions_show(
    root: Path,
) -> None:
    change(root / "book/index.md", "Much.", "Much. This is {edition}`digest`.")
    done = verify(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"the same in two builds: digest {edition(root).digest}." in done.stdout


@pytest.mark.thorough
def test_a_page_that_shows_its_surroundings_is_found_and_named(root: Path) -> None:
    change(root / "book/tide.md", "## What it", "```{code-cell} python\nobject()\n```\n\n## What it")
    done = verify(root)
    assert done.returncode == 1
    assert "html/book/tide.html: not the same in two builds" in done.stderr
    assert "html/book/index.html" not in done.stderr


@pytest.mark.parametrize("name", ["book/tide.md", "book/figures/people.py", "data/claims.csv", "_config.yml"])
def test_the_digest_changes_with_everything_that_an_edition_is_made_from(root: Path, name: str) -> None:
    before = edition(root).digest
    path = root / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert edition(root).digest != before


@pytest.mark.parametrize(
    "name", ["seeds/texts/harbour-log.txt", "_build/html/index.html", "book/figures/__pycache__/x.pyc"]
)
def test_the_digest_does_not_change_with_what_an_edition_does_not_depend_on(root: Path, name: str) -> None:
    before = edition(root).digest
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")
    assert edition(root).digest == before
