"""What moved, in plain text for a terminal and as Markdown for a change log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from evidencebook.changes.comparing import Difference, Moved, MovedFigure
from evidencebook.changes.manifest import Key
from evidencebook.changes.sentences import Sentence

MOST_CAUSES = 4  # rows that one line names


def moved(difference: Difference) -> str:
    """Return how many sentences and figures moved, in one phrase."""
    sentences, figures = len(difference.told), len(difference.figures)
    return f"{counted(sentences, 'sentence')} and {counted(figures, 'figure')} moved"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number or 'no'} {noun}{'s' * (number != 1)}"


def named(keys: Iterable[Key]) -> str:
    """Return rows by table and id; of many the first."""
    listed = [f"{table} {row_id}" for table, row_id in keys]
    more = f" and {len(listed) - MOST_CAUSES} more" if len(listed) > MOST_CAUSES else ""
    return ", ".join(listed[:MOST_CAUSES]) + more


def because(difference: Difference, one: Moved | MovedFigure) -> str:
    """Return why something moved."""
    return named(one.causes) or difference.why(one)


def short(cell: str, most: int = 90) -> str:
    """Return a cell in one line of bearable length."""
    line = " ".join(cell.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def text(difference: Difference) -> Iterator[str]:
    """Yield the lines for a terminal."""
    yield f"From {difference.before.name} to {difference.after.name}: {moved(difference)}."
    if difference.rows:
        yield from ("", f"Rows ({len(difference.rows)})")
    for row in difference.rows:
        yield f"  {row.what:<10}{row.key[0]} {row.key[1]}"
        if row.before is not None and row.after is not None:
            for column in row.after:
                old, new = (short(side[column]) or "(empty)" for side in (row.before, row.after))
                yield f"    {column}: {old} -> {new}"
    if difference.facts:
        yield from ("", f"Values ({len(difference.facts)})")
    for fact in difference.facts:
        yield f"  {fact.fact_id}: {fact.before or '(new)'} -> {fact.after or '(gone)'}"
        if fact.causes and fact.causes != (("claims", fact.fact_id),):
            yield f"    because of {named(fact.causes)}"
    if difference.contradicting:
        yield from ("", f"Sentences that contradict their own words ({len(difference.contradicting)})")
    for one, reason in difference.contradicting:
        yield f"  {difference.page_title(one.page)}: {one.after.text if one.after else ''}"
        yield f"    {reason}"
    yield from _sentences(difference)
    if difference.figures:
        yield from ("", f"Figures ({len(difference.figures)})")
    for figure in difference.figures:
        yield f"  {_figure(difference, figure)}"
        yield from (f"    - {' | '.join(row)}" for row in figure.rows[0])
        yield from (f"    + {' | '.join(row)}" for row in figure.rows[1])
        yield f"    because of {because(difference, figure)}"
    yield from _asides(difference)


def _sentences(difference: Difference) -> Iterator[str]:
    if difference.told:
        yield from ("", f"Sentences ({len(difference.told)})")
    for name, group in groupby(difference.told, lambda one: one.page):
        yield f"  {difference.page_title(name)}"
        for one in group:
            yield from (f"    {sign} {side.text}" for sign, side in _sides(one))
            yield f"      because of {because(difference, one)}"


def _sides(one: Moved) -> Iterator[tuple[str, Sentence]]:
    if one.before:
        yield "-", one.before
    if one.after:
        yield "+", one.after


def _figure(difference: Difference, figure: MovedFigure) -> str:
    drawn = figure.after or figure.before
    assert drawn is not None
    what = "" if figure.before and figure.after else " (new)" if figure.after else " (gone)"
    return f"{difference.page_title(figure.page)}: {drawn.name}{what}"


def _asides(difference: Difference) -> Iterator[str]:
    if difference.renumbered:
        yield ""
        yield f"In {counted(len(difference.renumbered), 'sentence')} only numbers of entries or the digest moved."
    for name in difference.reordered:
        yield f"{difference.page_title(name)}: the same sentences in another order."


def markdown(difference: Difference) -> Iterator[str]:
    yield f"## From {difference.before.name} to {difference.after.name}"
    yield from ("", f"{moved(difference).capitalize()}.")
    for what in ("added", "changed", "withdrawn"):
        rows = [row for row in difference.rows if row.what == what]
        if rows:
            listed = ", ".join(f"`{row.key[0]} {row.key[1]}`" for row in rows)
            yield from ("", f"- Rows {what}: {listed}.")
    if difference.facts:
        yield from ("", "| value | before | after | because of |", "|---|---|---|---|")
        for fact in difference.facts:
            before, after = fact.before or "(new)", fact.after or "(gone)"
            yield f"| `{fact.fact_id}` | {_cell(before)} | {_cell(after)} | {_cell(named(fact.causes))} |"
    for name, group in groupby(difference.told, lambda one: one.page):
        yield from ("", f"### {_plain(difference.page_title(name))}", "")
        for one in group:
            before, after = (_plain(side.text) if side else "" for side in (one.before, one.after))
            said = f"~~{before}~~ {after}" if before and after else after or f"~~{before}~~"
            yield f"- {said} ({because(difference, one)})"
    if difference.figures:
        yield from ("", "### Figures", "")
        yield from (f"- {_plain(_figure(difference, one))} ({because(difference, one)})" for one in difference.figures)
    for one, reason in difference.contradicting:
        yield from ("", f"**Contradicts its own words**: {_plain(one.after.text if one.after else '')} ({reason})")


def _plain(said: str) -> str:
    """Return text in which Markdown sees no markup."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>{}~|#" else letter for letter in said)


def _cell(said: str) -> str:
    return _plain(said) if said else ""
