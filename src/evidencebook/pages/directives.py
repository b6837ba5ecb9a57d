"""Directives that show tables of the report: claims, key figures, checks, and any table as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from evidencebook.evidence import phrases
from evidencebook.evidence.facts import measured
from evidencebook.evidence.sources import short_citation
from evidencebook.evidence.wording import words
from evidencebook.pages import entries, inventories, refusals
from evidencebook.pages.domain import LEDGER, ROW, SOURCE, EvidenceDomain, anchor, domain_of
from evidencebook.pages.nodes import FROM_TABLES, Cell, inline, link, table
from evidencebook.pages.subtypes import Subtype
from evidencebook.tables.contract import Field
from evidencebook.tables.reading import Row
from evidencebook.values import dates


def names(argument: str | None) -> list[str]:
    """Return the names in an argument that parts them by commas."""
    return [name.strip() for name in (argument or "").split(",") if name.strip()]


class EvidenceDirective(SphinxDirective):
    """A directive that reads the report's evidence."""

    @property
    def domain(self) -> EvidenceDomain:
        """The evidence domain of the build."""
        return domain_of(self.env)

    def named(self, found: nodes.table) -> nodes.table:
        """Give a table the name by which text may call its number."""
        self.add_name(found)
        return found

    def refuse(self, message: str, subtype: Subtype) -> list[nodes.Node]:
        """Report at the directive's place, and show nothing but the gap that a withheld source leaves."""
        refusals.refuse(self.env, message, subtype, location=self.get_location())
        gap = refusals.gap()
        return [nodes.paragraph("", "", *gap)] if gap else []


class ClaimsTable(EvidenceDirective):
    """``{claims-table}``: claims picked by column values, in the order of their articles."""

    has_content = False
    filters: ClassVar[tuple[str, ...]] = (
        "source_id", "theme", "topic", "kind", "event_id", "modality", "speaker_type", "place_id",
    )  # fmt: skip
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **dict.fromkeys(filters, names),
        "columns": names,
        "caption": directives.unchanged,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        evidence = self.domain.evidence
        wanted = {name: set(self.options[name]) for name in self.filters if name in self.options}
        picked = [
            fact_id for fact_id in self.domain.accounts.numbers
            if fact_id in evidence.claims and all(evidence.claims[fact_id][n] in v for n, v in wanted.items())
        ]  # fmt: skip
        if not picked:
            told = " and ".join(f"{name} {', '.join(self.options[name])}" for name in wanted)
            return self.refuse(f"no claim fits {told or 'anything'}", Subtype.EMPTY_TABLE)
        if len(wanted.get("source_id", ())) == 1:
            picked.sort(key=lambda fact_id: evidence.claims[fact_id]["start"] or 0)
        columns = self.options.get("columns") or ["statement", "value", "speaker", "source"]
        unknown = [name for name in columns if name not in _CLAIM_COLUMNS]
        if unknown:
            known = ", ".join(_CLAIM_COLUMNS)
            return self.refuse(f"unknown column {unknown[0]!r} - known are {known}", Subtype.UNKNOWN_COLUMN)
        heads = [_CLAIM_COLUMNS[name][0] for name in columns]
        rows = [[_CLAIM_COLUMNS[name][1](self.domain, fact_id) for name in columns] for fact_id in picked]
        found = self.named(table(heads, rows, ["claims"], self.options.get("caption", ""), columns))
        (own,) = wanted["source_id"] if wanted.keys() == {"source_id"} and len(wanted["source_id"]) == 1 else ("",)
        if self.domain.data["places"][SOURCE].get(own) == self.env.docname:
            inventories.mark(found, picked)
        return [found]


def _claim(domain: EvidenceDomain, fact_id: str) -> Row:
    return domain.evidence.claims[fact_id]


_CLAIM_COLUMNS: dict[str, tuple[str, Callable[[EvidenceDomain, str], Cell]]] = {
    "statement": ("Claim", lambda d, i: [entries.reference(LEDGER, i, str(_claim(d, i)["statement"]))]),
    "value": ("Value", lambda d, i: phrases.number(d.evidence.fact(i))),
    "speaker": ("Who says so", lambda d, i: str(_claim(d, i)["speaker"])),
    "source": (
        "Source",
        lambda d, i: [entries.source_link(d.evidence.sources[str(_claim(d, i)["source_id"])])],
    ),
    "when": ("When", lambda d, i: phrases.when(d.evidence, _claim(d, i))),
    "place": ("Where", lambda d, i: phrases.place(d.evidence, _claim(d, i))),
    "scope": ("About", lambda d, i: str(_claim(d, i)["scope"])),
    "rating": ("Rated", lambda d, i: f"{_claim(d, i)['reliability']}{_claim(d, i)['credibility']}"),
    "paragraph": ("Paragraph", lambda d, i: str(_claim(d, i)["para"])),
}


class KeyFigures(EvidenceDirective):
    """``{key-figures}``: lines of ``id: caption``, shown as figures with their captions."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        items = nodes.bullet_list(classes=["key-figures"])
        for offset, line in enumerate(self.content):
            role, _, caption = line.partition(":")
            if not caption:
                return self.refuse(f"{line!r} is not `id: caption`", Subtype.KEY_FIGURES)
            text, messages = self.parse_inline(f"{{fact}}`{role.strip()}`", lineno=self.lineno + offset)
            label, more = self.parse_inline(caption.strip(), lineno=self.lineno + offset)
            figure = nodes.paragraph("", "", *text, *messages, classes=["figure"])
            items += nodes.list_item("", figure, nodes.paragraph("", "", *label, *more, classes=["caption"]))
        return [items]


class Checks(EvidenceDirective):
    """``{checks}``: what an article says beside what a reference says, with the verdict; or all of one verdict."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"theme": names, "verdict": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the table of checks, of all claims or of those of the themes and the verdict."""
        evidence = self.domain.evidence
        if "checks" not in evidence.tables:
            return self.refuse("the report has no table checks", Subtype.UNKNOWN_TABLE)
        themes, verdict = set(self.options.get("theme", ())), self.options.get("verdict", "")
        heads = ["What the article says", "What the reference says", *([] if verdict else ["Verdict"])]
        rows = []
        for row in evidence.tables["checks"].rows:
            claim = evidence.claims[str(row["claim_id"])]
            if (themes and claim["theme"] not in themes) or (verdict and row["verdict"] != verdict):
                continue
            opened, url, more = phrases.reference(row)
            said: Cell = [
                nodes.strong("", f"{phrases.question(row)}."), nodes.Text(" "),
                entries.reference(LEDGER, str(row["claim_id"]), str(claim["statement"])), nodes.Text(" ("),
                entries.source_link(evidence.sources[str(claim["source_id"])]), nodes.Text(")"),
            ]  # fmt: skip
            finding: list[nodes.Node] = [
                nodes.Text(f"{phrases.finding(row)} ["),
                *([link(opened, url)] if url else []),
                nodes.Text(f"{more}]"),
            ]
            rows.append([said, finding, [nodes.strong("", str(row["verdict"]))]][: len(heads)])
        if not rows:
            wanted = " and ".join([*sorted(themes), *([f"verdict {verdict}"] if verdict else [])])
            return self.refuse(f"no check fits {wanted or 'anything'}", Subtype.EMPTY_TABLE)
        return [table(heads, rows, ["checks"])]


@dataclass(frozen=True)
class Made:
    """A column that no table has: its head, the columns that it needs, and how its cells are made of them."""

    head: str
    needs: frozenset[str]
    cell: Callable[[Row], str]


_MADE = {
    "value": Made("Value", frozenset({"low", "high", "qualifier", "unit"}), lambda row: words(measured(row))),
    "cited": Made("Cited as", frozenset({"source_id", "outlet_served_by", "published"}), short_citation),
}


class DataTable(EvidenceDirective):
    """``{data-table} name``: columns of a table, headed by their titles.

    ``value`` words low, high and unit of a row, and ``cited`` is the short citation of a source.
    ``order`` names the column by which the rows are sorted, dates by time; without it they keep the order of the table.
    The title of a source leads to its page, and a reference to its address.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "columns": names, "caption": directives.unchanged, "name": directives.unchanged,
        "order": directives.unchanged_required,
    }  # fmt: skip

    def run(self) -> list[nodes.Node]:
        tables = self.domain.evidence.tables
        name = self.arguments[0]
        if name not in tables:
            return self.refuse(f"unknown table {name!r}{refusals.hint(name, tables)}", Subtype.UNKNOWN_TABLE)
        fields = {field.name: field for field in tables[name].fields}
        made = {column: how for column, how in _MADE.items() if how.needs <= set(fields)}
        known = {*fields, *made}
        columns = self.options.get("columns") or list(fields)
        for column in columns:
            if column not in known:
                message = f"unknown column {column!r} of {name}{refusals.hint(column, known)}"
                return self.refuse(message, Subtype.UNKNOWN_COLUMN)
        order = self.options.get("order", "")
        if order and order not in fields:
            message = f"{order!r} is no column of {name}{refusals.hint(order, fields)}"
            return self.refuse(message, Subtype.UNKNOWN_COLUMN)
        heads = [fields[column].title if column in fields else made[column].head for column in columns]
        rows = []
        for row in sorted(tables[name].rows, key=_by(fields[order])) if order else tables[name].rows:
            cells = [_cell(row, fields[column]) if column in fields else made[column].cell(row) for column in columns]
            row_id = f"{name}-{row[tables[name].fields[0].name]}"
            self.domain.note_place(ROW, row_id, self.env.docname)
            rows.append([[nodes.inline("", "", *inline(cells[0]), ids=[anchor(ROW, row_id)])], *cells[1:]])
        return [self.named(table(heads, rows, [f"table-{name}"], self.options.get("caption", "")))]


def _by(field: Field) -> Callable[[Row], Any]:
    """Return what rows are sorted by: time, numbers by size, and texts by letters; empty cells come last."""
    if field.is_edtf:
        return partial(_days, column=field.name)
    return lambda row: (row[field.name] is None, row[field.name] if row[field.name] is not None else 0)


def _days(row: Row, column: str) -> tuple[date, date]:
    """Return the first and the last day of the row's date; rows without one come last."""
    if not row[column]:
        return date.max, date.max
    span = dates.parse(str(row[column]))
    return span.earliest, span.latest


def _cell(row: Row, field: Field) -> Cell:
    value, known = row[field.name], row.values
    if value is None:
        return ""
    if field.name == "title" and "source_id" in known:
        return [entries.source_link(row, str(value))]
    if field.name == "reference" and known.get("url"):
        return [link(str(value), str(known["url"]))]
    if field.labels and value in field.labels:
        return field.labels[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if field.is_edtf or field.type == "date":
        said = dates.words(text)
        return said if " and " in said or " or " in said else [nodes.inline(said, said, classes=["day"])]
    if field.format == "uri":
        return [link("link", text)]
    return text.replace("_", " ").replace("-", " ") if field.enum else text


class SourceCard(EvidenceDirective):
    """``{source-card} source-id``: what is known of an article, and the target of its citations."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        evidence = self.domain.evidence
        source_id = self.arguments[0]
        if source_id not in evidence.sources:
            message = f"unknown source {source_id!r}{refusals.hint(source_id, evidence.sources)}"
            return self.refuse(message, Subtype.UNKNOWN_SOURCE)
        card = entries.source_card(self.domain, source_id, self.env.docname)
        card[FROM_TABLES] = True
        return [card]


def setup(app: Sphinx) -> None:
    for name, directive in {
        "claims-table": ClaimsTable,
        "key-figures": KeyFigures,
        "checks": Checks,
        "data-table": DataTable,
        "source-card": SourceCard,
    }.items():
        app.add_directive(name, directive)
