"""How firm a statement is, in a line made from the tables, and sentences that cannot go against the ratings."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.check import anchors, checking
from evidencebook.evidence import firmness
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from tests.building import build, change, copy_book, soup
from tests.printed import read, squeezed
from tests.test_ledger import add_checks

PAGE = """
```{firm}
likely visitors-counted: that people came
unsure lookers, water-rise: how many looked
```

```{firm}
not-to-print lamps-lit: any lamp
```

## What to print

```{verdict} likely
visitors-counted: The mainland counted {fact}`visitors-counted` visitors.
lookers, water-rise: People came to look at a tide.
```

```{verdict} not-to-print
lamps-lit: No lamp is known to have been lit.
```
"""
LINES = [
    "How firm? Likely: that people came. Unsure: how many looked.",
    "How firm? Not to print: any lamp.",
]
FAULTS = {
    "```{verdict} solid\nlookers: Safe.\n```": "'lookers' is possibly true; no check, and solid needs",
    "```{verdict} likely\nlamps-lit: Safe.\n```": "'lamps-lit' is contradicted; possibly true",
    "```{verdict} not-to-print\nlookers: Unsafe.\n```": "and not-to-print needs a doubt",
    "```{verdict} unsure\nnobody: Unsafe.\n```": "unknown fact 'nobody'",
    "```{verdict} certain\nlookers: Safe.\n```": "unknown verdict 'certain' - use one of solid, on-record",
    "```{verdict} likely\nlookers\n```": "'lookers' is not `id: sentence`",
    "```{firm}\nsolid lookers: Safe.\n```": "'lookers' is possibly true; no check, and solid needs",
    "```{firm}\ncertain lookers: Safe.\n```": "unknown class 'certain' - use one of solid, on-record",
    "```{firm}\nlikely lookrs: Safe.\n```": "unknown fact 'lookrs' - did you mean lookers",
    "```{firm}\nlikely lookers\n```": "'likely lookers' is not `class id: words`",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = copy_book(tmp_path)
    add_checks(made)
    return made


def test_a_class_that_the_ratings_do_not_carry_is_a_problem_at_its_line(root: Path) -> None:
    page = root / "book/tide.md"
    text, expected = page.read_text("utf-8"), []
    for fault, message in FAULTS.items():
        text += f"\n{fault}\n"
        expected.append(message)
    page.write_text(text, "utf-8")
    report = checking.check(root, anchors.texts_dir(root), with_pages=True)
    assert len(report.problems) == len(expected)
    for problem, message in zip(report.problems, expected, strict=True):
        assert message in str(problem)
        named = text.split("\n")[(problem.row or 0) - 1 :][:2]
        assert any(one in message or one.startswith("```") for one in named), problem


@pytest.mark.parametrize(
    ("cells", "verdict", "classes"),
    [
        ({"credibility": 1}, "", {"solid", "on-record", "likely"}),
        ({"credibility": 3}, "", {"likely", "unsure"}),
        ({"credibility": 3}, "agrees", {"solid", "on-record", "likely", "unsure"}),
        ({"credibility": 6, "reliability": "C"}, "", {"unsure"}),
        ({"credibility": 6, "reliability": "F"}, "", {"unsure", "not-to-print"}),
        ({"credibility": 1}, "contradicted", {"unsure", "not-to-print"}),
        ({"credibility": 2, "modality": "rumoured"}, "agrees", {"unsure", "not-to-print"}),
    ],
)
def test_what_each_class_needs(root: Path, cells: dict[str, object], verdict: str, classes: set[str]) -> None:
    evidence = Evidence.load(root)
    evidence.claims["lookers"].values.update(cells)  # type: ignore[attr-defined]
    checks = evidence.tables["checks"].rows[0].values
    checks.update(claim_id="lookers", verdict=verdict or "imprecise")  # type: ignore[attr-defined]
    accounts = Accounts(Evidence.from_tables(evidence.tables))
    assert {one for one in firmness.CLASSES if not firmness.refusal(accounts, one, "lookers")} == classes


def test_a_solid_sentence_names_the_references_that_agree(root: Path) -> None:
    evidence = Evidence.load(root)
    checks = evidence.tables["checks"].rows[0].values
    checks.update(claim_id="lookers", verdict="agrees", reference="Mainland Post, 2019")  # type: ignore[attr-defined]
    accounts = Accounts(Evidence.from_tables(evidence.tables))
    assert firmness.backing(accounts, "lookers") == "borne out by Mainland Post, 2019"
    assert firmness.backing(accounts, "visitors-counted") == ""


@pytest.mark.slow
def test_lines_and_sentences_stand_in_every_edition(root: Path) -> None:
    change(root / "book/tide.md", "More.", f"More.\n{PAGE}")
    for options in ((), *(("--builder", "custom", "--custom-builder", name) for name in ("pdf", "epub"))):
        done = build(root, "-W", "-n", *options)
        assert done.returncode == 0, done.stdout + done.stderr
    page = soup(root / "_build/html/book/tide.html")
    assert [one.get_text() for one in page.select("p.remark:not(.legend, li p)")] == LINES
    likely, unfit = page.select("ul.verdict")
    assert [item.get_text(" ", strip=True) for item in likely.select("li")] == [
        "The mainland counted 40 visitors. Not checked ( entry 2 ).",
        "People came to look at a tide. Not checked ( entry 3 , entry 1 ).",
    ]
    assert "Contradicted; a reference says otherwise" in unfit.get_text()
    printed = squeezed(read((root / "_build/pdf/tides.pdf").read_bytes()).text())
    for said in [
        *LINES,
        "No lamp is known to have been lit.",
        "Contradicted; a reference says otherwise (entry",
    ]:
        assert squeezed(said) in printed
