"""The rule that nothing measured is typed by hand, over all pages and figure modules of a report."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import yaml

from evidencebook import literals, prose
from evidencebook.contract import Contract
from evidencebook.facts import Evidence
from evidencebook.formulas import FormulaError
from evidencebook.problems import Problem
from evidencebook.untraced import Known, Suggestions, TypedException

CONFIG = "_config.yml"
NAMING = "evidence_naming"  # in _config.yml: words after which this report's numbers are names


def check(root: Path, contract: Contract, evidence: Evidence) -> tuple[list[Problem], tuple[TypedException, ...]]:
    """The untraced numbers of the report in `root`, and the exceptions that its authors justified, by place.

    `evidence` supplies the suggestions, and may lack rows that are reported already.
    """
    suggestions = Suggestions(lambda: _facts(evidence), lambda: _tables(contract, evidence))
    naming = naming_words(root)
    problems: list[Problem] = []
    exceptions: list[TypedException] = []
    for checked in (prose.check, literals.check):
        found, justified = checked(root, suggestions, naming)
        problems += found
        exceptions += justified
    return problems, tuple(sorted(exceptions, key=lambda one: (one.file, one.line)))


def _facts(evidence: Evidence) -> Iterator[Known]:
    for fact_id in (*evidence.claims, *evidence.derived):
        try:
            fact = evidence.fact(fact_id)
        except (FormulaError, ValueError, ArithmeticError):
            continue  # reported where the tables are checked
        interval = fact.quantity_interval
        if interval is not None:
            values = tuple(Fraction(bound) for bound in (interval.low, interval.high) if bound is not None)
            words = f"{fact_id} {fact.label} {fact.row.get('scope') or ''} {fact.unit or ''}"
            yield Known(fact_id, values, words, fact.unit == "percent")


def _tables(contract: Contract, evidence: Evidence) -> Iterator[Known]:
    for name, table in evidence.tables.items():
        if name in contract.resources:
            yield Known(name, (Fraction(len(table.rows)),), f"{name} {contract.resources[name].title}")


def naming_words(root: Path) -> tuple[str, ...]:
    """The words after which a number is a name in this report."""
    try:
        settings = yaml.safe_load((root / CONFIG).read_text("utf-8"))
        words = settings["sphinx"]["config"][NAMING]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        return ()  # a configuration that cannot be read is for Jupyter Book to report
    return tuple(map(str, words)) if isinstance(words, list) else ()
