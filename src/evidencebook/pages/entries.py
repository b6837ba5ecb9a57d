"""What every listing of evidence shows of a claim or derived value, as docutils nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from docutils import nodes

from evidencebook.evidence.facts import EXTERNAL, Evidence
from evidencebook.evidence.sources import is_loosely_dated, publication, short_citation
from evidencebook.evidence.wording import WordingError, words
from evidencebook.pages.domain import EVENT, LEDGER, SOURCE, EvidenceDomain, anchor
from evidencebook.pages.nodes import Cell, definitions, link, listed
from evidencebook.pages.roles import evidence_reference
from evidencebook.tables.reading import Row
from evidencebook.values import dates

VOICES = {"outlet": "the outlet itself", "anonymous": "unnamed source", "employer": "employer or its staff"}
NO_FIGURE = "no number given"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_IN_BRACKETS = re.compile(r" \((.+)\)$")
# What is doubtful about an event itself, whoever tells of it.
UNVERIFIED = "unverified by those who published it"
DISPUTED = "what it was is disputed"
OUTSIDE = "dated from outside the articles"


def order(evidence: Evidence) -> tuple[str, ...]:
    """Return the ids of all facts in ledger order: claims by theme, source date and place in the text; then derived."""
    field = next(field for field in evidence.tables["claims"].fields if field.name == "theme")
    themes = {name: index for index, name in enumerate(field.enum)}

    def key(row: Row) -> tuple[object, ...]:
        source = evidence.sources[str(row["source_id"])]
        return (themes[str(row["theme"])], dates.parse(str(source["published"])).earliest, row["start"] or 0)

    claims = sorted(evidence.claims.values(), key=lambda row: (*key(row), str(row["claim_id"])))
    return tuple(str(row["claim_id"]) for row in claims) + tuple(sorted(evidence.derived))


def events(evidence: Evidence) -> tuple[str, ...]:
    """Return the ids of all events, by the first and then the last day on which each can have happened."""

    def key(row: Row) -> tuple[object, ...]:
        span = dates.parse(str(row["when"]))
        return span.earliest, span.latest, row["event_id"]

    return tuple(str(row["event_id"]) for row in sorted(evidence.events.values(), key=key))


def value(evidence: Evidence, fact_id: str) -> str:
    """Return the fact's value in words; empty where it has none, plain where the source gives no figure."""
    fact = evidence.fact(fact_id)
    if fact.qualifier == "unquantified":
        return NO_FIGURE
    try:
        return words(fact)
    except WordingError:
        return ""


def number(evidence: Evidence, fact_id: str) -> str:
    """Return the fact's value in words, as a column of values has it: empty wherever there is no figure."""
    shown = value(evidence, fact_id)
    return "" if shown == NO_FIGURE else shown


def capital(text: str) -> str:
    """Return the text as it opens a sentence."""
    return text[:1].upper() + text[1:]


def fact_link(fact_id: str, text: str) -> evidence_reference:
    """Return a reference to the fact's ledger entry."""
    return evidence_reference("", text, kind=LEDGER, entry=fact_id, classes=["entry"])


def event_link(event: Row) -> evidence_reference:
    """Return a reference to the event's entry."""
    event_id = str(event["event_id"])
    return evidence_reference("", str(event["label"]), kind=EVENT, entry=event_id, classes=["entry"])


def event_standing(event: Row) -> str:
    """Return what is doubtful about the event itself; empty where nothing is."""
    doubts = {"is_unverified": UNVERIFIED, "is_disputed": DISPUTED}
    return "; ".join(said for column, said in doubts.items() if event.values.get(column))


def voice(claim: Row) -> str:
    """Return the kind of voice that makes the claim."""
    kind = str(claim["speaker_type"])
    return VOICES.get(kind, kind)


def with_links(evidence: Evidence, numbers: Mapping[str, int], text: str) -> list[nodes.Node]:
    """Return a text in which ids of facts and events have become links, since a reader looks for neither by its id."""
    found: list[nodes.Node] = []
    read = 0
    for named in _ID.finditer(text):
        if named[0] in numbers or named[0] in evidence.events:
            is_fact = named[0] in numbers
            leads = (
                fact_link(named[0], f"entry {numbers[named[0]]}") if is_fact else event_link(evidence.events[named[0]])
            )
            found += [nodes.Text(text[read : named.start()]), leads]
            read = named.end()
    return [*found, nodes.Text(text[read:])] if text else []


def question(check: Row) -> str:
    """Return what was checked, as it opens a sentence: the verdict is on this and not on all that the claim says."""
    return capital(str(check["question"]))


def finding(check: Row) -> str:
    """Return what a check found, and whether that has still to be confirmed."""
    return f"{check['finding']}{' Still to be confirmed.' if check['confirmation'] == 'unconfirmed' else ''}"


def speaker(claim: Row) -> str:
    """Return who makes the claim, as it stands within brackets."""
    return _IN_BRACKETS.sub(r", \1", str(claim["speaker"]))


def reference(check: Row) -> tuple[str, str, str]:
    """Return what a check was made against: the work that its address opens, the address, and any further works."""
    named, url = str(check["reference"]), str(check["url"] or "")
    opened, separator, more = named.partition("; ") if url else ("", "", named)
    return opened, url, f"{separator}{more}"


def source_link(source: Row, text: str = "") -> evidence_reference:
    """Return a reference to the source's page, under its short citation or the text."""
    return evidence_reference(
        "", text or short_citation(source), kind=SOURCE, entry=str(source["source_id"]), classes=["source"]
    )


def when(evidence: Evidence, row: Row) -> str:
    """Return the date of what is described, in words, with its basis if the passage does not state it.

    `row` is a claim or an event. Where the date of the article is doubtful, so is what is dated by it.
    """
    if not row["when"]:
        return ""
    source = evidence.sources.get(str(row.values.get("source_id")))
    is_loose = source is not None and is_loosely_dated(source)
    basis = {
        "article_date": "date of the article, held with low confidence" if is_loose else "date of the article",
        "inferred": "inferred; the article's own date is held with low confidence" if is_loose else "inferred",
        EXTERNAL: "from outside the articles",
    }.get(str(row["when_basis"]), "")
    text = dates.words(str(row["when"]))
    return f"{text} ({basis})" if basis else text


def place(evidence: Evidence, row: Row) -> str:
    """Return the name of the row's place, or nothing."""
    return str(evidence.places[str(row["place_id"])]["name"]) if row["place_id"] else ""


def origins(evidence: Evidence, fact_id: str) -> str:
    """Return how many independent newsrooms stand behind a fact, with their outlets: "2: A Paper, A Wire".

    Events in its formula that no source dates are named, since no newsroom stands behind their dates.
    """
    clusters = evidence.origins(fact_id)
    outlets = dict.fromkeys(
        str(source["outlet_original"]) for source in evidence.sources.values() if source["origin_cluster"] in clusters
    )
    counted = f"{len(clusters)}: {', '.join(outlets)}" if clusters else "none among the sources"
    outside = " and ".join(evidence.dated_outside(fact_id))
    return f"{counted}; {outside}, {OUTSIDE}" if outside else counted


def permanent(kind: str, entry_id: str) -> list[nodes.Node]:
    """Return the id of an entry, on screen as a link to the entry itself for those who want to point others to it."""
    return [evidence_reference("", entry_id, kind=kind, entry=entry_id, classes=["permanent"])]


def rating(row: Row) -> Cell:
    """Return the two Admiralty ratings with their reason."""
    return [
        nodes.strong("", f"{row['reliability']}{row['credibility']}"),
        nodes.Text(f". {row['rating_reason']}"),
    ]


def source_card(domain: EvidenceDomain, source_id: str, docname: str) -> nodes.container:
    """Return the card of a source, which becomes the target of its citations."""
    domain.note_place(SOURCE, source_id, docname)
    evidence = domain.evidence
    source = evidence.sources[source_id]
    total = sum(claim["source_id"] == source_id for claim in evidence.claims.values())
    is_copy = "yes" if source["is_copy"] else "no"
    kin = [
        row for row in evidence.sources.values()
        if row["origin_cluster"] == source["origin_cluster"] and row["source_id"] != source_id
    ]  # fmt: skip
    pairs: list[tuple[str, Cell]] = [
        ("Title", [link(str(source["title"]), str(source["url"]))]),
        ("Reported by", str(source["outlet_original"])),
        ("Text served by", str(source["outlet_served_by"])),
        ("Byline", str(source["byline"] or "none printed")),
        ("Published", publication(source).removeprefix("published ")),
        ("How dated", str(source["date_basis"])),
        (
            "Copy or rewrite",
            f"{is_copy}{'; from ' + str(source['derived_from']) if source['derived_from'] else ''}",
        ),
        ("Same newsroom", listed([[source_link(row)] for row in kin]) or "no other article of this report"),
        ("Claims taken", str(total)),
        ("Text as received", f"{source['chars']:,} code points; SHA-256 {source['file_sha256']}"),
        ("Rights", str(source["rights_note"])),
    ]
    card = definitions(pairs, ["source-card"])
    return nodes.container("", card, ids=[anchor(SOURCE, source_id)])
