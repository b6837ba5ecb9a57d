"""How firm a statement is, in a line made from the tables, and sentences that cannot go against the ratings."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.check import anchors, checking
from evidencebook.drawing import is_firm
from evidencebook.evidence import firmness
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Evidence
from tests.building import built_in, change, copy_book, soup
from tests.printed import read, squeezed
from tests.tabled import add_checks

PAGE = """
```{firm}
visitors-counted: that people came
lookers, water-rise: how many looked
```

```{firm}
lamps-lit: any lamp
sum-paid: any payment
```

## What to print

```{verdict} credible
visitors-counted: The mainland counted {fact}`visitors-counted` visitors.
lookers, water-rise: People came to look at a tide.
```

```{verdict} disputed
lamps-lit: No lamp is known to have been lit.
```
"""
LINES = [
    "How firm? Credible: that people came; how many looked.",
    "How firm? Unconfirmed: any payment. Disputed: any lamp.",
]
FAULTS = {
    "```{verdict} solid\nlookers: Safe.\n```": "'lookers' is credible by the tables, not solid",
    "```{verdict} credible\nlamps-lit: Safe.\n```": "'lamps-lit' is disputed by the tables, not credible",
    "```{verdict} disputed\nsum-paid: Unsafe.\n```": "'sum-paid' is unconfirmed by the tables, not disputed",
    "```{verdict} unconfirmed\nnobody: Unsafe.\n```": "unknown fact 'nobody'",
    "```{verdict} certain\nlookers: Safe.\n```": "unknown verdict 'certain' - use one of solid, credible",
    "```{verdict} credible\nlookers\n```": "'lookers' is not `id: words`",
    "```{firm}\nlookers, lamps-lit: Safe.\n```": "'lookers' is credible, 'lamps-lit' is disputed: one line",
    "```{firm}\nlookrs: Safe.\n```": "unknown fact 'lookrs' - did you mean lookers",
    "```{firm}\ncredible lookers\n```": "'credible lookers' is not `id: words`",
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
    ("cells", "verdict", "grade"),
    [
        ({"credibility": 1}, "", "solid"),
        ({"credibility": 2}, "agrees", "credible"),
        ({"credibility": 2, "speaker_type": "outlet"}, "", "credible"),
        ({"credibility": 3}, "", "credible"),
        ({"credibility": 3, "speaker_type": "outlet"}, "agrees", "unconfirmed"),
        ({"credibility": 3, "speaker_type": "anonymous"}, "", "unconfirmed"),
        ({"credibility": 3, "modality": "inferred"}, "", "unconfirmed"),
        ({"credibility": 6, "reliability": "C"}, "", "unconfirmed"),
        ({"credibility": 1}, "disputed", "disputed"),
        ({"credibility": 2, "modality": "rumoured"}, "agrees", "unconfirmed"),
        ({"credibility": 4}, "", "disputed"),
        ({"credibility": 4, "speaker_type": "anonymous"}, "", "disputed"),
        ({"credibility": 1}, "contradicted", "disputed"),
    ],
)
def test_one_rule_grades_named_and_unnamed_voices_alike(
    root: Path, cells: dict[str, object], verdict: str, grade: str
) -> None:
    evidence = Evidence.load(root)
    evidence.claims["lookers"].values.update(cells)  # type: ignore[attr-defined]
    checks = evidence.tables["checks"].rows[0].values
    checks.update(claim_id="lookers", verdict=verdict or "imprecise")  # type: ignore[attr-defined]
    accounts = Accounts(Evidence.from_tables(evidence.tables))
    assert firmness.grade(accounts, "lookers") == grade
    fact = accounts.evidence.fact("lookers")
    is_unsure = grade in ("unconfirmed", "disputed")
    assert (bool(doubt(fact)), is_firm(fact)) == (is_unsure, not is_unsure), "line and mark follow the grade"


def test_a_solid_sentence_names_the_references_that_agree(root: Path) -> None:
    evidence = Evidence.load(root)
    checks = evidence.tables["checks"].rows[0].values
    checks.update(claim_id="lookers", verdict="agrees", reference="Mainland Post, 2019")  # type: ignore[attr-defined]
    accounts = Accounts(Evidence.from_tables(evidence.tables))
    assert firmness.references(accounts, ["lookers"]) == ["Mainland Post, 2019"]
    assert firmness.references(accounts, ["visitors-counted"]) == []


@pytest.mark.slow
def test_lines_and_sentences_stand_in_every_edition(root: Path) -> None:
    change(root / "book/tide.md", "More.", f"More.\n{PAGE}")
    built_in(root, "html", "pdf", "epub")
    page = soup(root / "_build/html/book/tide.html")
    assert [one.get_text() for one in page.select("p.remark:not(.legend, li p)")] == LINES
    likely, unfit = page.select("ul.verdict")
    assert [item.get_text(" ", strip=True) for item in likely.select("li")] == [
        "The mainland counted 40 visitors. See entry 2 .",
        "People came to look at a tide. See entry 3 , entry 1 .",
    ]
    assert unfit.get_text(" ", strip=True).startswith("No lamp is known to have been lit. See entry")
    printed = squeezed(read((root / "_build/pdf/tides.pdf").read_bytes()).text())
    for said in [
        *LINES,
        "No lamp is known to have been lit.",
    ]:
        assert squeezed(said) in printed
