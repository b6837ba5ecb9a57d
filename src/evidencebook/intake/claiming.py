"""One claim by hand: a passage found by its words, all that follows from it filled in, and the rest asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from evidencebook.check import anchors
from evidencebook.check.copying import words
from evidencebook.intake import journal, merging, proposing, sheet
from evidencebook.intake.adding import Report, known
from evidencebook.intake.candidates import at_passage
from evidencebook.intake.suggesting import Habits
from evidencebook.tables.contract import Field
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.spelling import did_you_mean, nearest


def claim(report: Report, texts: Path, source_id: str, said: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row for a passage of a source; empty where only a person can know them.

    Raises BadData where the source, its text or the passage is not found.
    """
    claims = report.agreed.resources["claims"]
    source = next((row for row in report.sources if row["source_id"] == source_id), None)
    if source is None and (report.root / sheet.card_label(source_id)).is_file():
        remedy = f"`evidencebook accept {source_id}` first, or add a row to {sheet.claims_label(source_id)}"
        raise BadData([Problem(sheet.card_label(source_id), None, None, f"{source_id} waits for review", remedy)])
    if source is None:
        ids = [str(row["source_id"]) for row in report.sources]
        remedy = did_you_mean(nearest(source_id, ids)) or f"name one of {', '.join(ids)}"
        raise BadData([Problem("data/sources.csv", None, "source_id", f"no source has the id {source_id}", remedy)])
    if unknown := [name for name in answers if claims.field(name) is None]:
        remedy = did_you_mean(nearest(unknown[0], [one.name for one in claims.fields])) or "correct --set"
        raise BadData([Problem(claims.label, None, unknown[0], "a claim has no such column", remedy)])
    text = _text(report.root, texts, source_id, str(source["file_sha256"]))
    start, end = _found(text, said, source_id)
    one = at_passage(text, start, end, known(report, str(source["published"]), str(source["outlet_original"])))
    if one is None:
        what, remedy = (
            "no ten words open or close the passage so that it is found again",
            "say more or fewer of its words",
        )
        raise BadData([Problem(source_id, None, "fragment", what, remedy)])
    rows = report.tables["claims"].rows
    places = (
        {str(row["place_id"]): str(row["name"]) for row in report.tables["places"].rows}
        if "places" in report.tables
        else {}
    )
    outlet, day = str(source["outlet_original"]), str(source["published"])
    ((_, cells, _),) = proposing.rows(text, source_id, [one], claims, Habits.of(rows, claims), places, outlet, day)
    cells |= {"statement": "", "source_id": source_id, **answers}  # the sentence is for a person to write
    cells.setdefault("claim_id", proposing.claim_id(cells, [str(row["claim_id"]) for row in rows]))
    return {one.name: cells.get(one.name, "") for one in claims.fields}


def missing(report: Report, cells: Mapping[str, str]) -> list[Field]:
    """Return the columns that must be filled and are not."""
    return [one for one in report.agreed.resources["claims"].fields if one.required and not cells[one.name]]


def meaning(one: Field) -> Iterator[str]:
    """Yield what a column means and, where its values are a closed list, each of them with its meaning."""
    told = one.meanings
    yield one.description.partition(": ")[0] if any(told.values()) else one.description
    for value, label in told.items():
        yield f"  {value}{f': {label}' if label else ''}"


def append(report: Report, texts: Path, cells: Mapping[str, str]) -> None:
    """Write the row into the table in its place; raises BadData, and writes nothing, where the report is not sound."""
    claims = report.agreed.resources["claims"]
    files: dict[str, bytes | None] = {claims.label: merging.inserted(claims, cells).encode()}
    if problems := merging.checked(report.root, files, texts):
        raise BadData(problems)
    journal.change(report.root, files)


def _text(root: Path, texts: Path, source_id: str, sha256: str) -> str:
    for folder in dict.fromkeys((texts, anchors.own_texts_dir(root))):
        one = anchors.texts(folder).get(sha256)
        if one is not None and one.text is not None:
            return one.text
    what = f"the text of {source_id} is neither in {texts} nor in seeds/texts"
    raise BadData([Problem(source_id, None, None, what, "put it there, or name its folder in EVIDENCE_TEXTS")])


def _found(text: str, said: str, source_id: str) -> tuple[int, int]:
    """Return where the words stand: as a fragment, or in any spelling of quotes, spaces, case and punctuation."""
    if anchors.SEPARATOR.strip() in said or "..." in said:
        try:
            found = anchors.locate(text, re.sub(r"\s*(?:…|\.\.\.)\s*", anchors.SEPARATOR, said))
        except anchors.PassageNotFound as error:
            raise BadData([Problem(source_id, None, "fragment", str(error), error.remedy)]) from None
        return found.start, found.end
    sought, here = [word for word, _, _ in words(said)], list(words(text))
    length = len(sought)
    hits = [
        at
        for at in range(len(here) - length + 1)
        if length and [word for word, _, _ in here[at : at + length]] == sought
    ]
    hits = [at for at in hits if "\n" not in text[here[at][1] : here[at + length - 1][2]]]
    if len(hits) != 1:
        what = f"the words stand {len(hits)} times in the text" if hits else "the words are in no paragraph of the text"
        remedy = "say more of the passage's words" if hits else "copy them from the text"
        raise BadData([Problem(source_id, None, "fragment", what, remedy)])
    start, end = here[hits[0]][1], here[hits[0] + length - 1][2]
    sign = re.search(r"(?:US|HK)?[$€£¥₩]$", text[:start])
    return start - len(sign[0]) if sign else start, end + (text[end : end + 1] == "%")
