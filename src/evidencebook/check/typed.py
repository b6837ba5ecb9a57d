"""The rule that nothing measured is typed by hand: what may be written instead, and what figure modules hold."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from evidencebook.check import literals
from evidencebook.check.measured import Known, Suggestions, TypedException
from evidencebook.evidence.facts import Evidence
from evidencebook.tables import settings
from evidencebook.tables.contract import Contract, load
from evidencebook.tables.problems import BadData, Problem
from evidencebook.values.formulas import FormulaError

CONFIG = "_config.yml"
NAMING = "evidence_naming"  # in _config.yml: words after which this report's numbers are names


def check(root: Path, evidence: Evidence) -> tuple[list[Problem], tuple[TypedException, ...]]:
    """The untraced numbers in the figure modules of the report in `root`, and the exceptions that are justified there.

    `evidence` supplies the suggestions, and may lack rows that are reported already.
    """
    problems, exceptions = literals.check(root, suggestions(root, evidence), naming_words(root))
    return problems, tuple(exceptions)


def suggestions(root: Path, evidence: Evidence) -> Suggestions:
    """What may be written instead of a value that was typed; nothing is looked up before there is one."""
    return Suggestions(lambda: _facts(evidence), lambda: _tables(load(root), evidence))


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
        words = settings.read(root / CONFIG, CONFIG)[1]["sphinx"]["config"][NAMING]
    except (BadData, KeyError, TypeError):
        return ()  # a configuration that cannot be read is reported as such
    return tuple(map(str, words)) if isinstance(words, list) else ()
