"""Intake of one article: received, compared, its card proposed, its candidates found, all of it put down for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evidencebook.check import anchors
from evidencebook.intake import cautions, elsewhere, fingerprints, journal, proposing, sheet
from evidencebook.intake.candidates import LIKELY, Candidate, Known, candidates
from evidencebook.intake.card import Proposal, missing, proposed, source_id
from evidencebook.intake.fingerprints import Likeness
from evidencebook.intake.receiving import Received
from evidencebook.intake.sentences import apart
from evidencebook.intake.suggesting import Habits
from evidencebook.tables import contract, reading
from evidencebook.tables.contract import Contract, Field
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import Row, Tables

NEEDED = {
    "sources": ("source_id", "title", "outlet_original", "published", "origin_cluster", "file_sha256", "chars"),
    "claims": ("claim_id", "source_id", "statement", "low", "high", "qualifier", "unit", "fragment", "para", "start",
               "end", "sha256", "theme", "speaker", "speaker_type", "reliability", "credibility"),
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What a report knows before an article comes."""

    root: Path
    agreed: Contract
    tables: Tables
    prints: Mapping[str, str]

    @property
    def sources(self) -> tuple[Row, ...]:
        """The rows of the known sources."""
        return self.tables["sources"].rows

    @property
    def units(self) -> Mapping[str, str]:
        """The units that a claim may have by their names, and by the word with which the meaning of one begins."""
        found = self.agreed.resources["claims"].field("unit")
        told = found.meanings if found else {}
        called = {label.split(" ")[0].rstrip(","): unit for unit, label in told.items() if label}
        return {**called, **{unit: unit for unit in told}}


@dataclass(frozen=True)
class Added:
    """What intake found, in the order in which a person wants to know it."""

    source_id: str
    one: Received
    alike: tuple[Likeness, ...]
    card: Mapping[str, Proposal]
    missing: tuple[str, ...]
    found: tuple[Candidate, ...]
    cautions: tuple[cautions.Caution, ...]
    apart: tuple[tuple[int, str], ...]
    needs: tuple[str, ...]
    written: tuple[str, ...] = field(default=())


def open_report(root: Path) -> Report:
    """Return what the report knows; raises BadData where its tables cannot be read or lack what intake fills in."""
    agreed = contract.load(root)
    for name, columns in NEEDED.items():
        resource = agreed.resources.get(name)
        if resource is None or not resource.has(*columns):
            absent = next((one for one in columns if resource is None or not resource.has(one)), "")
            remedy = "intake fills in sources and claims as the engine knows them; describe the column"
            raise BadData([Problem(contract.LABEL, None, f"{name}.{absent}", "there is no such column", remedy)])
    tables, prints = reading.read(root), fingerprints.load(root)
    there = anchors.texts(anchors.texts_dir(root))
    for row in tables["sources"].rows:  # those that came before there were fingerprints
        one = there.get(row["file_sha256"])
        if row["source_id"] not in prints and one is not None and one.text is not None:
            prints[row["source_id"]] = fingerprints.fingerprint(one.text)
    return Report(root, agreed, tables, prints)


def add(
    report: Report, one: Received, said: Mapping[str, str], *, wanted_id: str | None = None, again: bool = False,
    ask: Callable[[Field | None], str] | None = None,
) -> Added:  # fmt: skip
    """Write note, text and sheets of an article for review, all or none, and return what was found.

    `said` are answers of a person by field; `ask` is asked for the others that nobody else can know. The tables stay as
    they are. Raises BadData where the very same article is known already.
    """
    sources, claims = report.agreed.resources["sources"], report.agreed.resources["claims"]
    if unknown := [name for name in said if sources.field(name) is None]:
        raise BadData([Problem(sources.label, None, unknown[0], "a card has no such field", "correct --card")])
    rough = candidates(one.text, known(report, None, ""))
    values = {made for each in rough if (made := fingerprints.value({"low": "", "high": "", "unit": "", **each.cells}))}
    tables = report.tables
    alike = fingerprints.alike(one.text, one.sha256, report.prints, report.sources, tables["claims"].rows, values)
    if alike and alike[0].kind == "same":
        what, remedy = f"the article is known: it is {alike[0].source_id}, {alike[0].why}", "there is nothing to add"
        raise BadData([Problem(one.name, None, None, what, remedy)])
    card = proposed(one, report.sources, alike, said)
    asked: set[str] = set()
    while ask is not None and (left := [name for name in missing(card, sources) if name not in asked]):
        # Who serves the text comes first: most else can be proposed once that is known.
        name = "outlet_served_by" if "outlet_served_by" in left else left[0]
        asked.add(name)
        if answer := ask(sources.field(name)):
            said = {**said, name: answer}
            card = proposed(one, report.sources, alike, said)
    taken = [str(row["source_id"]) for row in report.sources]
    pending = [path.name.removesuffix(".card.csv") for path in (report.root / journal.FOLDER).glob("*.card.csv")]
    own = wanted_id or source_id(card, [*taken, *(() if again else pending)])
    if own in taken or (own in pending and not again):
        what = f"{own} is a source already" if own in taken else f"{own} waits for review already"
        remedy = "give another --id" if own in taken else "give another --id, or --again to write its sheets anew"
        raise BadData([Problem(sheet.card_label(own), None, None, what, remedy)])
    folder = anchors.own_texts_dir(report.root)
    twin = next((name for name in pending if name != own and _has(folder / f"{name}.txt", one.kept)), None)
    if twin is not None:
        what, remedy = f"the same text waits for review as {twin}", f"--id {twin} --again writes its sheets anew"
        raise BadData([Problem(one.name, None, None, what, f"{remedy}; `evidencebook accept --undo {twin}` drops it")])
    published, outlet = card["published"].value, card.get("outlet_original", Proposal("", "")).value
    found = candidates(one.text, known(report, published or None, outlet))
    places = {str(row["place_id"]): str(row["name"]) for row in _rows(tables, "places")}
    habits = Habits.of(tables["claims"].rows, claims)
    rows = proposing.rows(one.text, own, found, claims, habits, places, outlet or "The article", published or None)
    events = {str(row["event_id"]): str(row["label"]) for row in _rows(tables, "events")}
    public = [str(row["speaker"]) for row in tables["claims"].rows] + [
        str(row["byline"] or "") for row in report.sources
    ]
    aside = tuple(apart(one.text))
    written: dict[str, bytes | None] = {
        f"{folder.relative_to(report.root).as_posix()}/{own}.txt": one.kept,
        f"seeds/{own}.md": elsewhere.note(own, f"{outlet or own}, {published[:4] or 'undated'}", _received(one, aside)),
        sheet.claims_label(own): sheet.claims_sheet(one.text, claims, rows),
        sheet.lists_label(own): sheet.lists_sheet(claims, {"place_id": places, "event_id": events}),
        sheet.card_label(own): sheet.card_sheet(sources, own, card),
    }
    if not one.is_exact:
        suffix = {"html": ".html", "pdf": ".pdf"}.get(one.kind, ".received")
        written[f"{folder.relative_to(report.root).as_posix()}/{own}{suffix}"] = one.data
    if (report.root / f"seeds/{own}.md").is_file():
        del written[f"seeds/{own}.md"]  # which somebody has begun to write
    journal.change(report.root, written)
    told = ("published", "origin_cluster", "outlet_original")
    answers = {name: card.get(name, Proposal("", "")).value for name in told}
    return Added(
        own, one, tuple(alike), card, tuple(missing(card, sources)), tuple(found),
        (*cautions.risks(one.text, public), *cautions.sums(one.text)), aside,
        tuple(elsewhere.needs(report.root, {"source_id": own, **answers})), tuple(sorted(written)),
    )  # fmt: skip


def summary(added: Added) -> list[str]:
    """Return what a person is told, a line each."""
    one = added.one
    lines = [f"{one.name}: {one.how}."]
    kept = "the very bytes received" if one.is_exact else "the text as UTF-8, with what was received beside it"
    lines.append(f"Source {added.source_id}: {len(one.kept.decode('utf-8')):,} characters kept, {kept}.")
    for each in added.alike:
        lines.append(f"Known: a {each.kind} of {each.source_id}, {each.why}.")
    lines += [] if added.alike else ["Known: no. Nothing like it is among the sources."]
    for name, made in added.card.items():
        if made.value and name not in ("file_sha256", "chars", "rights_note"):
            lines.append(f"  {name}: {made.value} ({made.why})")
    if added.missing:
        lines.append(
            f"Only you can know: {', '.join(added.missing)}. Fill them into the card, or use --card FIELD=VALUE."
        )
    numeric = [each for each in added.found if each.is_numeric]
    likely = sum(each.likelihood >= LIKELY for each in added.found)
    lines.append(f"Candidates: {len(added.found)}, of them {likely} likely and {len(numeric)} with numbers.")
    lines += [f"Look at paragraph {each.para}: {each.what}." for each in added.cautions]
    risks = sum(each.is_risk for each in added.cautions)
    seen = "told above" if risks else "none seen"
    lines.append(f"Risk to people, by {cautions.LOOKED_FOR}: {seen}; rules miss some, so read with that in mind.")
    if added.apart:
        listed = ", ".join(f"paragraph {para} ({kind})" for para, kind in added.apart)
        lines.append(f"Set apart as no prose of the article: {listed}.")
    lines.append("What it needs elsewhere:")
    lines += [f"  {each}" for each in added.needs]
    own = added.source_id
    lines.append(
        f"Review it: `evidencebook review {own}` shows the article with its candidates in a browser, and accepts them; "
        f"or fill in {sheet.claims_label(own)} and {sheet.card_label(own)}, then `evidencebook accept {own}`."
    )
    return lines


def known(report: Report, published: str | None, outlet: str) -> Known:
    """Return what the report knows of an article of that outlet and day."""
    return Known.of(_rows(report.tables, "places"), report.units, published, outlet)


def _has(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _rows(tables: Tables, name: str) -> tuple[Row, ...]:
    return tables[name].rows if name in tables else ()


def _received(one: Received, aside: tuple[tuple[int, str], ...]) -> list[str]:
    lines = [f"The text came as {one.how}."]
    if not one.is_exact:
        lines.append("What is kept is that text as UTF-8, with nothing left out, and passages are counted in it.")
    if aside:
        kinds = sorted({kind for _, kind in aside})
        lines.append(f"Set apart from the article's prose: {', '.join(kinds)}.")
    return lines
