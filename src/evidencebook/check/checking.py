"""Every problem of a report at once: cells, keys, bounds, dates, anchors, values, formulas, numbers, dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidencebook.check import (
    anchors,
    chronology,
    copying,
    derivations,
    ids,
    judging,
    keys,
    notes,
    places,
    quoted,
    repeats,
    statements,
    typed,
    verification,
)
from evidencebook.check.measured import TypedException
from evidencebook.check.readings import TYPES, Book
from evidencebook.tables import citation_file, descriptor, dictionary, reading, settings
from evidencebook.tables.contract import LABEL, Contract, load, undescribed
from evidencebook.tables.problems import BadData, Problem

CONTENTS = "_toc.yml"
SETTINGS = ("_config.yml", CONTENTS)


@dataclass(frozen=True)
class Report:
    """What a check found: problems sorted, anchors counted, and the number of rows of each table by name.

    An anchor is verified where the text of its source is at hand and all four values fit it, and unverified
    where the text is absent; an anchor that does not fit is a problem and in neither count. A value is a bound
    of a claim, verified where it stands in the words of a verified passage. `exceptions` are the numbers that
    somebody typed and justified. Quotations on pages are counted like anchors.
    """

    problems: tuple[Problem, ...]
    anchors_verified: int
    anchors_unverified: int
    counts: Mapping[str, int]
    values_verified: int = 0
    quotes_verified: int = 0
    quotes_unverified: int = 0
    exceptions: tuple[TypedException, ...] = ()


def check(root: Path, texts: Path | None = None, *, with_pages: bool = False) -> Report:
    """Every problem of the report in `root`; never raises for bad data.

    With `with_pages`, pages are read as well, where there are some and all tables can be read. Anchors are verified
    against the *.txt files in `texts`, by default the folder of `anchors.texts_dir`.
    """
    try:
        agreed = load(root)
    except BadData as error:
        return Report(error.problems, 0, 0, {})
    texts = texts if texts is not None else anchors.texts_dir(root)
    misplaced = tuple(places.problems(root, texts))
    problems = list(misplaced)
    is_readable = not problems  # where not, whoever reads pages would stumble over the same
    for label in SETTINGS:
        found, is_usable = settings.problems(root, label)
        problems += found
        is_readable &= is_usable
    problems += [*undescribed(agreed), *_type_problems(agreed)]
    if (root / CONTENTS).is_file():  # tables without pages make no edition
        problems += descriptor.lacking(descriptor.read(root))
    readings = reading.read_leniently(agreed)
    problems += [problem for reading in readings.values() for problem in reading.problems]
    book = Book(agreed, readings, frozenset(_cells(problems)))
    problems += keys.problems(book)
    problems += notes.problems(book)
    problems += judging.problems(book)
    problems += chronology.problems(book, {(problem.file, problem.column) for problem in problems})
    problems += repeats.problems(book)
    troubled = {(problem.file, problem.row) for problem in problems}
    problems += derivations.problems(book, troubled)
    evidence = derivations.evidence(book, troubled)
    untraced, exceptions = typed.check(root, evidence)
    problems += untraced
    is_read = all(one.table for one in readings.values())
    problems += quoted.problems(evidence, typed.naming_words(root), troubled, is_whole=is_read)
    known = keys.everywhere(book)
    quotes: list[bool] = []
    problems += ids.problems(root, evidence.tables, known)
    articles = anchors.texts(texts)
    problems += verification.source_problems(book, articles)
    verified = verification.verify(book, articles, _cells(problems))
    problems += verified.problems
    # An article shows better than the row itself which of two numbers is wrong.
    problems += statements.problems(book, _cells(problems), typed.naming_words(root))
    known_texts = [one.text for one in articles.values() if one.text is not None]
    problems += copying.problems(book, known_texts, _cells(problems))
    if not dictionary.is_current(root):
        what = "the dictionary is not what datapackage.json says now"
        problems.append(Problem(dictionary.LABEL, None, None, what, "run `evidencebook dictionary`"))
    try:
        citation_file.read(root)
    except BadData as error:
        problems += error.problems
    if with_pages and is_readable and (root / CONTENTS).is_file() and is_read:
        from evidencebook.check import pages  # here, because a build, which reads them itself, need not wait for it

        is_whole = not {resource.label for resource in agreed.resources.values()} & {one.file for one in problems}
        read = pages.check(root, derivations.sound(book, troubled), known, texts, is_whole=is_whole)
        problems += read.problems
        quotes = read.quotes
        exceptions = tuple(sorted({*exceptions, *read.exceptions}, key=lambda one: (one.file, one.line)))
    names = {problem.file for problem in misplaced}  # what is no file of the report is told as that and nothing else
    problems = [*misplaced, *(problem for problem in problems if problem.file not in names)]
    counts = {name: len(reading.table.rows) if reading.table else 0 for name, reading in readings.items()}
    anchored = (verified.anchors_verified, verified.anchors_unverified)
    compared = (verified.values_verified, sum(quotes), quotes.count(False))
    return Report(BadData(problems).problems, *anchored, counts, *compared, exceptions)


def _cells(problems: Iterable[Problem]) -> set[tuple[str, int | None, str | None]]:
    return {(problem.file, problem.row, problem.column) for problem in problems}


def _type_problems(agreed: Contract) -> Iterator[Problem]:
    # A rule passes over columns of another type, so that they must be reported or nothing checks them.
    for name, resource in agreed.resources.items():
        for field in resource.fields:
            meant = TYPES.get((name, field.name))
            if meant is not None and field.type not in meant:
                what = f"the column is of type {field.type}, but the engine reckons with it"
                yield Problem(LABEL, None, f"{name}.{field.name}", what, f"give it the type {' or '.join(meant)}")
        yield from judging.contract_problems(resource)
