"""`python -m tests.counted` writes how many tests there are by kind into the page on how this report was made.

Numbers are rounded down, so that the page holds as tests are added; `tests/test_counted.py` says when it does not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "book" / "appendix" / "tested.md"
ATTACKS = "what somebody might write, leave or break on purpose, and faults of the machine"
ELSE = "the web, print and other editions: every sentence, link and picture, access without sight or network"
KINDS = {
    "numbers, units, dates and formulas, and their words": (
        "dates formulas intervals numerals quantities wording counts facts outside doubts chronology"
    ),
    "tables, keys, and passages compared with the articles": (
        "tables csvfile contract descriptor columns judging mending anchors passages checking checking_texts statements"
        " quotations ids notes copying report repeats departures addresses citation_file literals dictionary blame"
    ),
    "pages: numbers that were typed, wrong references, what has no form": (
        "prose roles directives forms pages terms templates settings ledger parts firm markdown descriptions extension"
        " checkfirst literature"
    ),
    "charts: their data, marks, words and letters": (
        "figures_* drawing drawer charts_* chart_type pictures bundle letters fonts"
    ),
    "cells that are executed: their results, and no result that its inputs no longer hold": (
        "inputs kernel_results kernels execution endings runner reads memory freshness edits plain builds decisions"
        " order watch fingerprints code_of_pages told_by_kernels unheard executed telling failures timing speed lending"
    ),
}
LINE = re.compile(r"^(tests/\S+\.py): (\d+)$", re.MULTILINE)
REASON = "counted from the tests by python -m tests.counted"


def kind(file: str) -> str:
    """Return what the tests of a file are about."""
    if file.startswith("tests/hostile/") or file == "tests/test_machine.py":
        return ATTACKS
    path = Path(file)
    return next((said for said, names in KINDS.items() if any(path.match(f"test_{n}.py") for n in names.split())), ELSE)


def counted() -> Counter[str]:
    """Return the number of tests by kind, as pytest collects them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: Counter[str] = Counter()
    for file, number in LINE.findall(done.stdout):
        found[kind(file)] += int(number)
    return found


def page(found: Counter[str]) -> str:
    """Return what the report says of its tests."""
    total = f"more than {found.total() // 100 * 100:,}"
    lines = [
        "<!-- Written by `python -m tests.counted` from the tests themselves. -->",
        f"Each change of a table, a page or the program is followed by {{typed}}`{total} | {REASON}` tests with real "
        "builds, browsers and readers of PDF and e-books.",
        "They show that what the tables say arrives as it stands there.",
        "They cannot show that a row reads its article fairly.",
        "",
        "| what is tested | tests, at least |",
        "|---|---|",
        *(f"| {said} | {{typed}}`{found[said] // 10 * 10:,} \\| {REASON}` |" for said in (*KINDS, ELSE, ATTACKS)),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(counted()), "utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
