"""Editions and new names written into the tables: everything is tried first, and each file is replaced in one step."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from evidencebook.check import anchors, mending
from evidencebook.evidence.facts import Evidence
from evidencebook.evidence.history import EDITIONS, HISTORY, NEXT, RENAMED, STATED, Change, history, shown
from evidencebook.folders import files_below
from evidencebook.tables import citation_file, contract, csvfile, descriptor
from evidencebook.tables.contract import Resource
from evidencebook.tables.problems import Problem
from evidencebook.tables.spelling import did_you_mean, nearest
from evidencebook.writing import write_whole

Row = Mapping[str, str]

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FOLDERS = {"data": {".csv"}, "book": {".md", ".py", ".ipynb"}, "seeds": {".md"}}  # where ids stand


class Refused(ValueError):
    """Nothing was written; the message says why and what to do."""


def undisclosed(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for each fact that no longer reads as the last recorded edition has it."""
    told = history(evidence.tables)
    remedy = f"record an edition: evidencebook edition new VERSION --why …, the last is {told.last}"
    for one in told.since(evidence):
        what = f"{one.fact_id} reads {one.after or 'nothing any more'}, and the last edition {one.before or 'lacks it'}"
        yield Problem(f"data/{HISTORY}.csv", None, None, what, remedy)


def record(root: Path, version: str, why: str, released: str) -> list[Change]:
    """Record an edition with all that changed since the last, and give the report its version; raises Refused."""
    evidence = Evidence.load(root)
    known = contract.load(root).resources
    for name in (EDITIONS, HISTORY):
        if name not in known:
            raise Refused(f"there is no table {name!r} - describe it in data/datapackage.json as CONTRIBUTING says")
    told = history(evidence.tables)
    if not descriptor.VERSION.fullmatch(version) or version == NEXT:
        raise Refused(f"{version!r} is no version - write one such as 1.1")
    if any(str(row["version"]) == version for row in told.editions):
        raise Refused(f"version {version} is recorded already - choose the next")
    if told.editions and released < str(told.editions[-1]["released"]):
        raise Refused(f"{released} is before the last edition, {told.last} - correct the date")
    changes = list(told.since(evidence) if told.editions else _first(evidence))
    package, cited = _versioned(root, version, released)
    moved = [{**_cells(one), "version": version} for one in changes]
    _rewrite(known[HISTORY], moved, lambda row: {**row, "version": version} if row["version"] == NEXT else row)
    _rewrite(known[EDITIONS], [{"version": version, "released": released, "why": why}])
    write_whole(root / descriptor.LABEL, package.encode())
    if cited:
        write_whole(root / citation_file.LABEL, cited.encode())
    return changes


def rename(root: Path, old: str, new: str) -> list[str]:
    """Give a claim or derived value another id wherever it stands, and record it; return the files; raises Refused."""
    evidence = Evidence.load(root)
    known = contract.load(root).resources
    told = history(evidence.tables)
    if not evidence.has(old):
        raise Refused(f"there is no claim or derived value {old!r}{_hint(old, [*evidence.claims, *evidence.derived])}")
    if not _ID.fullmatch(new):
        raise Refused(f"{new!r} is no id - write small letters, digits and hyphens")
    taken = {*evidence.claims, *evidence.derived, *(told.renamed or {}), *(told.gone or {}), *(told.known or {})}
    if new in taken:
        raise Refused(f"{new!r} is or was the id of another fact, and ids are not used again - choose another")
    if HISTORY not in known:
        raise Refused(f"the report has no table {HISTORY!r}, in which the old id would live on - describe it first")
    whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    own = {known[name].path.resolve() for name in (EDITIONS, HISTORY) if name in known}
    edited: dict[Path, str] = {}
    for folder, endings in _FOLDERS.items():
        for path in files_below(root / folder):
            if path.suffix in endings and path.resolve() not in own and "texts" not in path.relative_to(root).parts:
                text = path.read_text("utf-8")
                if (made := whole.sub(new, text)) != text:
                    edited[path] = made
    for path, text in edited.items():
        write_whole(path, text.encode())
    _rewrite(known[HISTORY], [_cells(Change(NEXT, new, RENAMED, old, ""))])
    mending.mend(root, anchors.texts_dir(root))  # rows are sorted by their ids
    return [path.relative_to(root).as_posix() for path in sorted([*edited, known[HISTORY].path])]


def _first(evidence: Evidence) -> Iterator[Change]:
    for fact_id in (*evidence.claims, *evidence.derived):
        yield Change(NEXT, fact_id, STATED, "", shown(evidence, fact_id))


def _cells(one: Change) -> Row:
    names = {"version": one.version, "entry_id": one.fact_id, "kind": one.kind}
    return {**names, "before": one.before, "after": one.after, "note": one.note}


def _rewrite(resource: Resource, more: Sequence[Row], change: Callable[[Row], Row] = dict) -> None:
    found = csvfile.read(resource.path, resource.label)
    rows = [change(dict(zip(found.header, row, strict=True))) for _, row in found.rows]
    rows += [{name: one.get(name, "") for name in found.header} for one in more]
    rows.sort(key=lambda row: [row[name] for name in resource.primary_key])
    text = io.StringIO()
    writer = csv.DictWriter(text, found.header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(resource.path, text.getvalue().encode())


def _versioned(root: Path, version: str, released: str) -> tuple[str, str]:
    """Return datapackage.json and CITATION.cff, empty where there is none, with the version and its date."""
    package = (root / descriptor.LABEL).read_text("utf-8")
    for name, value in (("version", version), ("created", f"{released}T00:00:00Z")):
        package, count = re.subn(rf'("{name}"\s*:\s*)"[^"\n]*"', rf'\g<1>"{value}"', package, count=1)
        if not count:
            raise Refused(f'data/datapackage.json has no "{name}" - add it beside the title')
    path = root / citation_file.LABEL
    cited = path.read_text("utf-8") if path.is_file() else ""
    for name, value in (("version", version), ("date-released", released)):
        cited = re.sub(rf"^({name}:\s*).*$", rf"\g<1>{value}", cited, count=1, flags=re.MULTILINE)
    return package, cited


def _hint(wrong: str, known: Iterable[str]) -> str:
    close = nearest(wrong, list(known))
    return f" - {did_you_mean(close)}" if close else ""
