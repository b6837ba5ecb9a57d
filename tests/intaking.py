"""A report for tests of intake, the commands, and sheets filled in as a person would."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidencebook import cli
from evidencebook.intake.drafting import UNSAID

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "tests" / "articles" / "new-article.txt"
SOURCE = "yalu-observer-2025"
CARD = ("--card", "outlet_served_by=Yalu Observer", "--card", "url=https://example.org/crews")
SHEET, LISTS = f"seeds/review/{SOURCE}.csv", f"seeds/review/{SOURCE}.lists.csv"
CARD_SHEET = f"seeds/review/{SOURCE}.card.csv"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables and notes of the report without its pages, which take seconds to check."""
    monkeypatch.delenv("EVIDENCE_TEXTS", raising=False)
    root = tmp_path / "report"
    for name in ("data", "seeds"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("texts", "review"))
    for name in ("README.md", "CITATION.cff"):
        shutil.copy(ROOT / name, root / name)
    return root


def run(*arguments: str | Path, stdin: bytes | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, [*map(str, arguments)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def add(root: Path, *more: str | Path) -> str:
    code, said = run("add", "--root", root, "--no-ask", *CARD, *(more or (ARTICLE,)))
    assert code == 0, said
    return said


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decide(root: Path, change: Callable[[dict[str, str]], object], label: str = SHEET) -> list[dict[str, str]]:
    """Fill in a sheet as a person would, in a spreadsheet that quotes and ends lines its own way."""
    found = rows(root / label)
    for row in found:
        change(row)
    with (root / label).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*found[0]], quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(found)
    return found


UNITS = {"persons", "percent", "CNY", "USD", "days", "years"}


def accept_what_fits(row: dict[str, str]) -> None:
    row["decision"] = "accept" if row["unit"] in UNITS and row["likely"].startswith("likely") else "drop"
    row["statement"] = row["statement"].replace(UNSAID, "the crews account for")


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "/." not in path.relative_to(root).as_posix()
    }


def tables(root: Path) -> dict[str, bytes]:
    return tables_of(state(root))


def tables_of(found: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in found.items() if name.startswith("data/")}
