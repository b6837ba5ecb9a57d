"""Reviewed rows merged into a copy of a report, judged there by the whole check, written in one step or not at all."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from bisect import bisect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evidencebook.check import anchors, checking
from evidencebook.folders import names_to_ignore
from evidencebook.intake import elsewhere, fingerprints, journal, sheet
from evidencebook.intake.drafting import UNSAID
from evidencebook.intake.proposing import claim_id
from evidencebook.tables import contract, csvfile, dictionary, reading
from evidencebook.tables.contract import Resource
from evidencebook.tables.problems import BadData, Problem

COPIED = ("book", "data", "seeds", "_config.yml", "_toc.yml", "CITATION.cff", "requirements.txt", "src")
NO_ADDRESS = (
    "it may not be empty: without an address of its own, write that of an archive's copy or of the outlet's site"
)
Files = dict[str, bytes | None]


@dataclass(frozen=True)
class Accepted:
    """What came of an acceptance: the number of claims, ids that were made for them, and what was done elsewhere."""

    claims: int
    ids: tuple[str, ...]
    done: tuple[str, ...]


def accept(root: Path, source_id: str, texts: Path, drop_rest: bool) -> Accepted:
    """Merge what was accepted of a source.

    Raises BadData with every problem of the sheets and of the report that they would make; nothing is changed then.
    """
    lines = _decided(root, sheet.claims_label(source_id), drop_rest)
    files, made, found = _merged(root, source_id, texts, lines)
    if found:
        raise BadData(found)
    journal.change(root, {**files, **_moved(root, source_id, sheet.accepted, str)})
    return made


def problems(root: Path, source_id: str, texts: Path) -> list[Problem]:
    """Return what would keep the rows that are not dropped, and the card, from being accepted."""
    label = sheet.claims_label(source_id)
    lines = sheet.read(root, label, sheet.DECISION, "claim_id", "fragment")
    kept = [line for line in lines if line.cells[sheet.DECISION].lower() != sheet.DROP]
    try:
        return _merged(root, source_id, texts, kept)[2]
    except BadData as error:
        return list(error.problems)


def _merged(
    root: Path, source_id: str, texts: Path, lines: Sequence[sheet.Line]
) -> tuple[Files, Accepted, list[Problem]]:
    """Return the files that these rows of a sheet would make, what would come of it, and what is wrong with it."""
    agreed = contract.load(root)
    claims, sources = agreed.resources["claims"], agreed.resources["sources"]
    label = sheet.claims_label(source_id)
    text = text_of(root, source_id)
    card = _card(root, source_id, sources)
    rows = _rows(lines, label, claims, source_id, text, _ids(claims, "claim_id"))
    unfinished = list(_unfinished(lines, label))
    files: Files = {
        sources.label: (carded := _inserted(sources, [card])).encode(),
        claims.label: (merged := _inserted(claims, rows)).encode(),
        fingerprints.LABEL: fingerprints.dump({**fingerprints.load(root), source_id: fingerprints.fingerprint(text)}),
    }
    known = reading.read(root)["sources"].rows
    old, new = elsewhere.Counted.of(known), elsewhere.Counted.of([*known, card])
    done = elsewhere.follow(root, files, source_id, old, new)
    with _overlaid(root, files) as there:
        _with_dictionary(there, files)
        found = _check(there, texts, root)
    found = list(_at_sheet(found, merged, claims, rows, lines, label))
    found = [*unfinished, *_at_card(found, carded, sources, root, source_id)]
    ids = [row["claim_id"] for row, line in zip(rows, lines, strict=True) if not line.cells["claim_id"]]
    return files, Accepted(len(rows), tuple(ids), tuple(done)), found


def undo(root: Path, source_id: str, texts: Path, keep_sheet: bool) -> list[str]:
    """Take a source out of the report, with its claims, note, fingerprint, text and sheets; return what was taken.

    Raises BadData where rows or pages still name what would go, and changes nothing then.
    """
    agreed = contract.load(root)
    claims, sources = agreed.resources["claims"], agreed.resources["sources"]
    files: Files = {}
    is_merged = source_id in _ids(sources)
    if is_merged:
        for resource in (sources, claims):
            files[resource.label] = _without(resource, source_id).encode()
        known = reading.read(root)["sources"].rows
        rest = [row for row in known if row["source_id"] != source_id]
        elsewhere.follow(root, files, source_id, elsewhere.Counted.of(known), elsewhere.Counted.of(rest))
        prints = fingerprints.load(root)
        if prints.pop(source_id, None):
            files[fingerprints.LABEL] = fingerprints.dump(prints) if prints else None
    files |= _moved(root, source_id, str, sheet.accepted)
    if not keep_sheet:
        own = [f"seeds/{source_id}.md", *(path.relative_to(root).as_posix() for path in kept(root, source_id))]
        for name in (*own, *_sheets(source_id)):
            files.pop(name, None)
            if (root / name).is_file():
                files[name] = None
    if not files:
        what = f"there is neither a source {source_id} nor a sheet of it"
        raise BadData([Problem(sources.label, None, None, what, "correct the id")])
    if is_merged:
        with _overlaid(root, files) as there:
            _with_dictionary(there, files)
            found = _check(there, texts, root, with_pages=True)
        if found:  # a problem that was there before is none of the source's going
            before = {_gist(one) for one in checking.check(root, texts, with_pages=True).problems}
            found = [one for one in found if _gist(one) not in before]
        if found:
            raise BadData(found)
    journal.change(root, files)
    return sorted(files)


def kept(root: Path, source_id: str) -> list[Path]:
    """Return what is kept of an article as received: its text, and the file that it was taken from."""
    folder = anchors.own_texts_dir(root)
    return sorted(path for path in folder.glob(f"{source_id}.*") if path.stem == source_id)


def _sheets(source_id: str) -> tuple[str, ...]:
    return sheet.claims_label(source_id), sheet.card_label(source_id), sheet.lists_label(source_id)


def _moved(root: Path, source_id: str, to: Callable[[str], str], of: Callable[[str], str]) -> Files:
    """Return the files that must change for the sheets of a source to lie elsewhere."""
    found = [name for name in _sheets(source_id) if (root / of(name)).is_file()]
    files: Files = {to(name): (root / of(name)).read_bytes() for name in found}
    return {**files, **{of(name): None for name in found}}


def checked(root: Path, files: Mapping[str, bytes | None], texts: Path) -> list[Problem]:
    """Return the problems of the report that these files would make."""
    with _overlaid(root, files) as there:
        return _check(there, texts, root)


def inserted(resource: Resource, row: Mapping[str, str]) -> str:
    """Return the text of a table with one row more, in its place."""
    return _inserted(resource, [row])


def text_of(root: Path, source_id: str) -> str:
    """Return the text of an article as it is kept; raises BadData where it is not there."""
    path = anchors.own_texts_dir(root) / f"{source_id}.txt"
    if not path.is_file():
        what, remedy = "the article's text is not there", "run `evidencebook add` with the article again"
        raise BadData([Problem(f"seeds/texts/{source_id}.txt", None, None, what, remedy)])
    return path.read_bytes().decode("utf-8")


def _card(root: Path, source_id: str, sources: Resource) -> dict[str, str]:
    label = sheet.card_label(source_id)
    found = {line.cells["field"]: line.cells["value"] for line in sheet.read(root, label, "field", "value")}
    types = {one.name: one.type for one in sources.fields}
    lowered = {name: value.lower() if types.get(name) == "boolean" else value for name, value in found.items()}
    if source_id in _ids(sources):
        what = f"{source_id} is a source already"
        raise BadData(
            [Problem(label, None, "source_id", what, f"`evidencebook accept --undo {source_id}` takes it out")]
        )
    return {**lowered, "source_id": source_id}


def _decided(root: Path, label: str, drop_rest: bool) -> list[sheet.Line]:
    lines: list[sheet.Line] = []
    problems: list[Problem] = []
    undecided: list[int] = []
    for line in sheet.read(root, label, sheet.DECISION, "claim_id", "fragment"):
        said = line.cells[sheet.DECISION].lower()
        if said in (sheet.ACCEPT, sheet.EDIT):
            lines.append(line)
        elif said and said != sheet.DROP:
            what, remedy = f"{said!r} is no decision", "write accept, edit or drop"
            problems.append(Problem(label, line.line, sheet.DECISION, what, remedy))
        elif not said:
            undecided.append(line.line)
    if undecided and not drop_rest:
        more = f", nor of {len(undecided) - 1} others" if len(undecided) > 1 else ""
        what, remedy = f"nothing is decided of this row{more}", "write accept, edit or drop; --drop-rest drops them"
        problems.append(Problem(label, undecided[0], sheet.DECISION, what, remedy))
    if problems:
        raise BadData(problems)
    return lines


def _rows(
    lines: Sequence[sheet.Line], label: str, claims: Resource, source_id: str, text: str, taken: Collection[str]
) -> list[dict[str, str]]:
    rows, problems = [], []
    used = {*taken, *(line.cells["claim_id"] for line in lines)}
    for line in lines:
        row = {one.name: line.cells.get(one.name, "") for one in claims.fields}
        row["source_id"] = source_id
        row["claim_id"] = row["claim_id"] or claim_id(row, used)
        used.add(row["claim_id"])
        try:
            found = anchors.locate(text, row["fragment"])
        except anchors.PassageNotFound as error:
            problems.append(Problem(label, line.line, "fragment", str(error), error.remedy))
            continue
        row |= {name: str(value) for name, value in zip(anchors.COLUMNS, found, strict=True)}
        rows.append(row)
    if problems:
        raise BadData(problems)
    return rows


def _unfinished(lines: Sequence[sheet.Line], label: str) -> Iterator[Problem]:
    for line in lines:
        if UNSAID in line.cells["statement"]:
            what = f"the sentence is unfinished: it does not say what is asserted where {UNSAID!r} stands"
            yield Problem(label, line.line, "statement", what, "say it there, in your own words")


def _inserted(resource: Resource, rows: Sequence[Mapping[str, str]]) -> str:
    lines = resource.path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    header = next(csv.reader(lines[:1]))
    key = header.index(resource.primary_key[0])
    keys = [next(csv.reader([line]))[key] for line in lines[1:]]
    for row in rows:
        at = bisect(keys, row[resource.primary_key[0]])
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow([row.get(name, "") for name in header])
        keys.insert(at, row[resource.primary_key[0]])
        lines.insert(at + 1, out.getvalue())
    return "\n".join(lines) + "\n"


def _without(resource: Resource, source_id: str) -> str:
    text = resource.path.read_bytes().decode("utf-8")
    lines = text.removesuffix("\n").split("\n")
    at = next(csv.reader(lines[:1])).index("source_id")
    left = [line for line in lines[1:] if (next(csv.reader([line]), None) or [""] * (at + 1))[at] != source_id]
    return "\n".join([lines[0], *left]) + "\n"


def _ids(table: Resource, column: str = "source_id") -> list[str]:
    found = csvfile.read(table.path, table.label)
    at = found.header.index(column)
    return [cells[at] for _, cells in found.rows]


@contextmanager
def _overlaid(root: Path, files: Mapping[str, bytes | None]) -> Iterator[Path]:
    """Yield a copy of the report with other contents of some files."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "report"
        there.mkdir()
        own = anchors.own_texts_dir(root).name
        for name in COPIED:
            if (root / name).is_dir():
                ignored = lambda where, names: names_to_ignore(where, names) | ({own} & {*names})  # noqa: E731
                shutil.copytree(root / name, there / name, ignore=ignored)
            elif (root / name).is_file():
                shutil.copy2(root / name, there / name)
        for name, data in files.items():
            if data is None:
                (there / name).unlink(missing_ok=True)
            else:
                (there / name).parent.mkdir(parents=True, exist_ok=True)
                (there / name).write_bytes(data)
        yield there


def _with_dictionary(there: Path, files: Files) -> None:
    """Have the dictionary follow a descriptor that counts sources."""
    if (there / dictionary.LABEL).is_file() and not dictionary.is_current(there):
        data = dictionary.render(contract.load(there)).encode()
        files[dictionary.LABEL] = data
        (there / dictionary.LABEL).write_bytes(data)


def _check(there: Path, texts: Path, root: Path, *, with_pages: bool = False) -> list[Problem]:
    """Return the problems of a copy of the report, verified against the texts of both folders."""
    with tempfile.TemporaryDirectory() as folder:
        for at, path in enumerate(sorted({*texts.glob("*.txt"), *anchors.own_texts_dir(root).glob("*.txt")})):
            (Path(folder) / f"{at}.txt").write_bytes(path.read_bytes())
        found = checking.check(there, Path(folder), with_pages=with_pages).problems
        return [one for one in found if "no source names this text" not in one.what]


def _gist(one: Problem) -> tuple[str, str | None, str]:
    return one.file, one.column, one.what


def _at_sheet(
    found: Sequence[Problem], merged: str, claims: Resource, rows: Sequence[Mapping[str, str]],
    lines: Sequence[sheet.Line], label: str,
) -> Iterator[Problem]:  # fmt: skip
    """Yield problems of the merged table at the rows of the sheet that they come from."""
    table = merged.split("\n")
    key = next(csv.reader(table[:1])).index("claim_id")
    by_id = {row["claim_id"]: line.line for row, line in zip(rows, lines, strict=True)}
    for one in found:
        cells = next(csv.reader([table[one.row - 1]])) if one.file == claims.label and one.row else []
        line = by_id.get(cells[key]) if len(cells) > key else None
        yield replace(one, file=label, row=line) if line else one


def _at_card(found: Sequence[Problem], merged: str, sources: Resource, root: Path, source_id: str) -> Iterator[Problem]:
    """Yield problems of the source's row of the merged table at the field of the card that they come from."""
    table = merged.split("\n")
    key = next(csv.reader(table[:1])).index("source_id")
    label = sheet.card_label(source_id)
    at = {line.cells["field"]: line.line for line in sheet.read(root, label, "field", "value")}
    for one in found:
        cells = next(csv.reader([table[one.row - 1]])) if one.file == sources.label and one.row else []
        if len(cells) <= key or cells[key] != source_id:
            yield one
            continue
        is_empty = not cells[next(csv.reader(table[:1])).index(one.column)] if one.column == "url" else False
        yield replace(one, file=label, row=at.get(one.column or ""), remedy=NO_ADDRESS if is_empty else one.remedy)
