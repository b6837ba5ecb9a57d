"""`python -m tests.covered` tells which part of the engine's branches the run measured last has reached, and by room.

`--record` keeps the figure, which `make test` prints: measuring takes a third more time than the tests themselves.
"""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

from coverage import Coverage

RECORD = Path(__file__).with_name("covered.txt")
TOTALS = ("covered_branches", "num_branches", "covered_lines", "num_statements")
GOAL = 95.0  # percent of branches


def measured() -> dict[str, Any]:
    """Return what coverage.py has found, as its report in JSON says it."""
    found = Coverage()
    found.load()
    with redirect_stdout(io.StringIO()) as report:
        found.json_report(outfile="-")
    return json.loads(report.getvalue())


def share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def line(report: dict[str, Any], day: date) -> str:
    """Return the line that is kept."""
    reached, branches, run, lines = (report["totals"][name] for name in TOTALS)
    said = f"{share(reached, branches):.1f}% of the engine's branches and {share(run, lines):.1f}% of its lines"
    return f"Tests reach {said} (make coverage, {day}).\n"


def rooms(report: dict[str, Any]) -> list[str]:
    """Return a line for each room whose branches are reached less than they should be."""
    reached, whole = Counter[str](), Counter[str]()
    for name, file in report["files"].items():
        room = Path(name).parts[Path(name).parts.index("evidencebook") + 1]
        reached[room] += file["summary"]["covered_branches"]
        whole[room] += file["summary"]["num_branches"]
    return [
        f"{room}: {share(reached[room], number):.1f}% of {number} branches"
        for room, number in sorted(whole.items())
        if share(reached[room], number) < GOAL
    ]


if __name__ == "__main__":
    found = measured()
    print(line(found, date.today()), *(f"{one}\n" for one in rooms(found)), sep="", end="")
    if "--record" in sys.argv:
        RECORD.write_text(line(found, date.today()), "utf-8")
