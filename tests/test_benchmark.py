"""The benchmark: reports of other sizes that still build, ratios, and a table that says which budget does not hold."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
import yaml

from evidencebook.check import checking
from evidencebook.upkeep.benchmark import report
from evidencebook.upkeep.benchmark.measuring import Timings
from evidencebook.upkeep.benchmark.sizes import Size, resize
from tests.building import build

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("book", "data", "seeds", "src"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_report_with_more_claims_and_sources_is_one_without_a_problem(copy: Path) -> None:
    resize(copy, Size(claims=2_000, sources=100))
    claims, sources = rows(copy / "data/claims.csv"), rows(copy / "data/sources.csv")
    assert (len(claims), len(sources)) == (2_000, 100)
    assert len({row["source_id"] for row in claims}) > 20
    assert len({row["origin_cluster"] for row in sources}) > 50
    assert checking.check(copy, copy / "seeds/texts", with_pages=True).problems == ()


@pytest.mark.slow
@pytest.mark.thorough
def test_a_report_with_more_chapters_builds_and_executes_them(copy: Path) -> None:
    resize(copy, Size(chapters=14))
    toc = yaml.safe_load((copy / "_toc.yml").read_text("utf-8"))
    chapters = [one["file"] for one in toc["parts"][0]["chapters"]]
    with_code = [one for one in chapters if "{code-cell}" in (copy / f"{one}.md").read_text("utf-8")]
    assert len(with_code) == 14
    done = build(copy, "-W", "-n", "--keep-going")  # a warning would have the build made again when nothing has changed
    assert done.returncode == 0, done.stdout + done.stderr
    assert [one for one in with_code if f"{one}: executed in" not in done.stdout] == []
    assert (copy / "_build/html/book/surveillance-2.html").exists()


@pytest.mark.parametrize("chapters", [1, 3])
def test_a_report_with_fewer_chapters_keeps_the_first(copy: Path, chapters: int) -> None:
    resize(copy, Size(chapters=chapters))
    toc = yaml.safe_load((copy / "_toc.yml").read_text("utf-8"))
    assert len(toc["parts"][0]["chapters"]) == chapters


def timings() -> Timings:
    phases = {"cold": {"starting": 1.0, "executing": 2.0}, "one row edited": {"executing": 0.5}}
    phases["nothing changed"] = {"starting": 1.5, "writing": 0.5}
    found = Timings(memory={Size().name: 300.0}, phases={Size().name: phases}, pages={report.LARGEST.name: 512.0})
    for cold, stock in ((4.0, 10.0), (5.0, 10.0), (3.0, 10.0)):
        for name, seconds in {
            "cold": cold, "stock force": stock, "nothing changed": 2.0, "stock, nothing changed": 1.0,
            "one row edited": 2.0, "one value edited": 3.0, "print edition": 1.0,
        }.items():  # fmt: skip
            found.add(Size(), name, seconds)
    for chapters, cold, stock in ((8, 4.0, 10.0), (64, 12.4, 94.0)):
        found.add(Size(chapters=chapters), "cold", cold)
        found.add(Size(chapters=chapters), "stock force", stock)
    for size, seconds in ((report.LARGE, 20.0), (report.LARGEST, 100.0)):
        found.add(size, "check", seconds / 8)
        found.add(size, "cold", seconds)
    return found


def test_the_table_compares_what_was_measured_side_by_side_with_the_budgets() -> None:
    said = report.table(timings(), "evidencebook bench")
    assert "| cold HTML build, against stock `force` | 0.4 | 0.40 (0.30–0.50) | yes |" in said
    assert "| nothing changed, against stock | 1 | 2.00 (2.00–2.00) | **no** |" in said
    assert "| one more chapter, against stock `force` | 0.2 | 0.10 | yes |" in said
    assert "| check of 20,000 claims, 1,000 sources | 10 s | 12.5 s | **no** |" in said
    assert "| growth of a cold build, against that of the claims | 1 | 0.50 | yes |" in said
    assert "| memory of the largest process, the report as it is | 1,024 MB | 300 MB | yes |" in said
    assert "| largest page, compressed, 20,000 claims, 1,000 sources | 400 kB | 512 kB | **no** |" in said
    assert "| where the seconds went | starting | executing | writing |" in said
    assert "| cold | 1.0 | 2.0 |  |\n| one row edited |  | 0.5 |  |" in said
    assert "- nothing changed, against stock, does not hold. Most of it is starting: 1.5 of 2.0 seconds" in said
    assert "cold HTML build, against stock `force`, does not hold" not in said
    assert "## 20,000 claims, 1,000 sources\n\n| what | seconds |\n" in said  # no ratio without stock


def test_numbers_table_and_chart_are_written(tmp_path: Path) -> None:
    paths = report.write(timings(), tmp_path, "evidencebook bench")
    assert [path.name for path in paths] == ["bench.json", "bench.md", "bench.svg"]
    svg = (tmp_path / "bench.svg").read_text("utf-8")
    assert "stock force" in svg
    assert "![How long each way of building took](bench.svg)" in (tmp_path / "bench.md").read_text("utf-8")


def test_what_was_not_measured_has_no_line_and_no_chart(tmp_path: Path) -> None:
    found = Timings()
    found.add(report.LARGE, "cold", 20.0)
    told = report.table(found, "bench")
    assert "one more chapter" not in told and "growth" not in told and "## " in told
    assert "where the seconds went" not in told and "against stock" not in told
    assert [path.name for path in report.write(found, tmp_path, "bench")] == ["bench.json", "bench.md"]


def test_a_budget_that_does_not_hold_is_told_with_what_takes_longest() -> None:
    found = timings()
    assert "does not hold" not in report.table(Timings(seconds=found.seconds), "bench"), "without phases nobody knows"
    found.seconds[Size().name]["cold"] = [90.0] * 3
    assert "does not hold. Most of it is executing: 2.0 of 3.0 seconds" in report.table(found, "bench")
