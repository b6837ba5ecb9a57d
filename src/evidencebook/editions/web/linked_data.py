"""claims.json: the evidence of a web edition as linked data, for programs that read what readers read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from sphinx.application import Sphinx

from evidencebook.build.freshness import is_written
from evidencebook.edition import Edition, edition
from evidencebook.evidence import phrases, sources
from evidencebook.evidence.account import EVENT, LEDGER, SOURCE, Accounts
from evidencebook.evidence.doubts import doubt
from evidencebook.evidence.facts import Fact
from evidencebook.evidence.sources import passage_url
from evidencebook.evidence.wording import NBSP, rounding
from evidencebook.pages.domain import anchor, domain_of
from evidencebook.tables.reading import Row
from evidencebook.values import dates

NAME = "claims.json"
TEXT_DIRECTIVE = "https://wicg.github.io/scroll-to-text-fragment/"
# A name of its own for each term, without borrowing the authority of anybody's web domain.
TERMS = "urn:uuid:5b0f8f5e-6a0c-4d0b-9c57-2a6b5c2f7d31#"

# Every term is spelled out here: a context on the network would make the file depend on a third party.
_SCHEMA = (
    *("Claim", "Dataset", "Event", "NewsArticle", "Organization", "Place", "QuantitativeValue", "Thing"),
    *("about", "additionalType", "appearance", "author", "dateModified", "datePublished"),
    *("description", "firstAppearance", "headline", "identifier", "inLanguage", "isBasedOn", "keywords"),
    *("maxValue", "minValue", "name", "publisher", "spatialCoverage", "text", "unitText", "url", "version"),
)
_OWN = (
    *("Check", "Contradiction", "DerivedValue", "Rating", "caveat", "confirmation", "contradiction"),
    *("credibility", "credibilityMeaning", "dateConfidence", "editionDigest", "finding", "formula", "interpretation"),
    *("doubt", "isDisputed", "isUnverified", "kind", "modality", "repeats", "restsOnUnverified", "rounded"),
    *("note", "originCluster", "paragraph", "per", "qualifier", "question", "rating", "ratingReason", "reference"),
    *("reliability", "reliabilityMeaning", "scope", "sha256", "status", "tension", "textSha256", "verdict"),
    *("whenBasis", "wording"),
)
_EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
_IRI = "@id"

Node: TypeAlias = dict[str, Any]
# The address of an entry of a kind, from the file's own folder; None where no page holds it.
Address: TypeAlias = Callable[[str, str], str | None]


def context() -> Node:
    """Return the JSON-LD context, which gives every term of the file its meaning."""
    return {
        "@version": 1.1,
        "schema": "https://schema.org/",
        "oa": "http://www.w3.org/ns/oa#",
        "dcterms": "http://purl.org/dc/terms/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "evidencebook": {"@id": TERMS, "@prefix": True},
        **{term: f"schema:{term}" for term in _SCHEMA},
        **{term: f"evidencebook:{term}" for term in _OWN},
        **{term: {"@id": f"schema:{term}", "@type": _IRI} for term in ("additionalType", "url")},
        "against": {"@id": "evidencebook:against", "@type": _IRI},
        "published": {"@id": "dcterms:issued", "@type": _EDTF},
        "publishedLimits": {"@id": "evidencebook:publishedLimits", "@type": _EDTF},
        "when": {"@id": "dcterms:temporal", "@type": _EDTF},
        "target": "oa:hasTarget",
        "selector": "oa:hasSelector",
        "source": {"@id": "oa:hasSource", "@type": _IRI},
        "start": "oa:start",
        "end": "oa:end",
        "conformsTo": {"@id": "dcterms:conformsTo", "@type": _IRI},
        "value": "rdf:value",
        **{t: f"oa:{t}" for t in ("SpecificResource", "TextPositionSelector", "FragmentSelector")},
    }


class Exporter:
    """Makes the nodes of one report; `address` tells where its entries stand in the edition."""

    def __init__(self, accounts: Accounts, address: Address) -> None:
        self._accounts = accounts
        self._evidence = accounts.evidence
        self._address = address

    def document(self, book: Edition) -> Node:
        """Return the whole document: the data set, its articles, events, claims and derived values, by id."""
        evidence = self._evidence
        graph = [
            _dataset(book),
            *(node for _, source in sorted(evidence.sources.items()) for node in self._articles(source)),
            *(self._event(event) for _, event in sorted(evidence.events.items())),
            *(self._claim(claim) for _, claim in sorted(evidence.claims.items())),
            *(self._derived(row) for _, row in sorted(evidence.derived.items())),
        ]
        return {"@context": context(), "@graph": graph}

    def _id(self, kind: str, entry_id: str) -> str:
        return self._address(kind, entry_id) or f"#{anchor(kind, entry_id)}"

    def _articles(self, source: Row) -> Iterator[Node]:
        served = {
            "@id": self._id(SOURCE, source["source_id"]),
            "@type": "NewsArticle",
            "identifier": source["source_id"],
            "headline": source["title"],
            "url": source["url"],
            "publisher": _organization(source["outlet_served_by"]),
            "published": source["published"],
            "inLanguage": source["language"],
            "originCluster": source["origin_cluster"],
            "textSha256": source["file_sha256"],
        }
        for column, term in (("date_confidence", "dateConfidence"), ("published_limits", "publishedLimits")):
            if source.values.get(column):
                served[term] = source[column]
        span = dates.parse(source["published"])
        if span.earliest == span.latest and not span.approximate:
            served["datePublished"] = span.earliest.isoformat()
        yield served
        if source["is_copy"]:
            original = {
                "@id": _original(source),
                "@type": "NewsArticle",
                "name": source["derived_from"],
                "publisher": _organization(source["outlet_original"]),
                "url": source["url_original"],
            }
            yield _without_empty(original)

    def _claim(self, claim: Row) -> Node:
        evidence = self._evidence
        claim_id, source = claim["claim_id"], evidence.sources[claim["source_id"]]
        voice = {"@type": "Thing", "name": claim["speaker"]}
        return _without_empty(
            {
                "@id": self._id(LEDGER, claim_id),
                "@type": "Claim",
                "identifier": claim_id,
                "name": claim["statement"],
                "text": claim["statement"],
                "keywords": [claim["theme"], claim["topic"]],
                "kind": claim["kind"],
                "modality": claim["modality"],
                "doubt": doubt(evidence.fact(claim_id)),
                "author": {**voice, "additionalType": f"evidencebook:voice-{claim['speaker_type']}"},
                "appearance": {"@id": self._id(SOURCE, source["source_id"])},
                "firstAppearance": {"@id": _original(source)} if source["is_copy"] else None,
                "target": _target(claim, source),
                "interpretation": self._interpretation(evidence.fact(claim_id)),
                "scope": claim["scope"],
                "spatialCoverage": self._place(claim["place_id"]),
                "when": claim["when"],
                "whenBasis": claim["when_basis"],
                "about": {"@id": self._id(EVENT, claim["event_id"])} if claim["event_id"] else None,
                "rating": _rating(claim),
                "repeats": {"@id": self._id(LEDGER, said)} if (said := claim.values.get("repeats")) else None,
                "evidencebook:check": [_check(row) for row in self._accounts.checks.get(claim_id, ())],
                "contradiction": list(self._rivals(claim_id)),
                "note": claim["note"],
            }
        )

    def _derived(self, row: Row) -> Node:
        fact = self._evidence.fact(row["derived_id"])
        node = {
            "@id": self._id(LEDGER, fact.fact_id),
            "@type": "DerivedValue",
            "identifier": fact.fact_id,
            "name": fact.label,
            "keywords": [row["theme"]],
            "modality": fact.modality,
            "doubt": doubt(fact),
            "formula": row["formula"],
            "isBasedOn": [self._input(used_id) for used_id in fact.inputs],
            "restsOnUnverified": [{"@id": self._id(EVENT, event_id)} for event_id in fact.unverified],
            "interpretation": self._interpretation(fact),
            "rounded": rounding(fact),
            "caveat": row["caveat"],
        }
        return _without_empty(node)

    def _input(self, used_id: str) -> Node:
        return {"@id": self._id(LEDGER if self._evidence.has(used_id) else EVENT, used_id)}

    def _event(self, event: Row) -> Node:
        return _without_empty(
            {
                "@id": self._id(EVENT, event["event_id"]),
                "@type": "Event",
                "identifier": event["event_id"],
                "name": event["label"],
                "when": event["when"],
                "whenBasis": event["when_basis"],
                "note": event.values.get("date_note"),
                "spatialCoverage": self._place(event.values.get("place_id")),
                "isDisputed": event["is_disputed"],
                "isUnverified": event.values.get("is_unverified"),
            }
        )

    def _interpretation(self, fact: Fact) -> Node | None:
        wording = phrases.value(fact)
        if not wording:
            return None
        interval = fact.quantity_interval
        value = {
            "@type": "QuantitativeValue",
            "wording": wording.replace(NBSP, " "),
            "qualifier": fact.qualifier,
            "minValue": _number(interval.low) if interval else None,
            "maxValue": _number(interval.high) if interval else None,
            "unitText": fact.unit,
            "per": fact.per,
        }
        return _without_empty(value)

    def _place(self, place_id: str | None) -> Node | None:
        if not place_id:
            return None
        return {"@type": "Place", "identifier": place_id, "name": self._evidence.places[place_id]["name"]}

    def _rivals(self, claim_id: str) -> Iterator[Node]:
        # Those that name the claim first come first.
        for row, other in sorted(
            self._accounts.rivals.get(claim_id, ()), key=lambda one: one[0]["claim_a"] != claim_id
        ):
            rival = {"@type": "Contradiction", "name": row["title"], "against": self._id(LEDGER, other)}
            yield {**rival, "tension": row["tension"], "status": row["status"]}


def _dataset(book: Edition) -> Node:
    return {
        "@id": NAME,
        "@type": "Dataset",
        "name": f"{book.title}: {book.subtitle}" if book.subtitle else book.title,
        "description": book.description,
        "version": book.version,
        "dateModified": book.date.isoformat(),
        "editionDigest": book.digest,
        "keywords": list(book.keywords),
    }


def _target(claim: Row, source: Row) -> Node:
    """Return where the claim's passage stands, without its words: offsets in code points, and its few outermost."""
    position = {"@type": "TextPositionSelector", "start": claim["start"], "end": claim["end"]}
    directive = passage_url("", claim["fragment"]).removeprefix("#")
    return {
        "@type": "SpecificResource",
        "source": source["url"],
        "textSha256": source["file_sha256"],
        "sha256": claim["sha256"],
        "paragraph": claim["para"],
        "selector": [
            position,
            {"@type": "FragmentSelector", "conformsTo": TEXT_DIRECTIVE, "value": directive},
        ],
    }


def _rating(claim: Row) -> Node:
    return {
        "@type": "Rating",
        "reliability": claim["reliability"],
        "reliabilityMeaning": sources.RELIABILITY[claim["reliability"]],
        "credibility": claim["credibility"],
        "credibilityMeaning": sources.CREDIBILITY[claim["credibility"]],
        "ratingReason": claim["rating_reason"],
    }


def _check(row: Row) -> Node:
    # Not a ClaimReview: the report compares accounts and does not pose as a fact checker.
    columns = ("question", "finding", "verdict", "reference", "url", "confirmation")
    return _without_empty({"@type": "Check", "identifier": row["check_id"], **{name: row[name] for name in columns}})


def _original(source: Row) -> str:
    return f"_:original-{source['source_id']}"


def _organization(name: str) -> Node:
    return {"@type": "Organization", "name": name}


def _number(value: Fraction | None) -> int | float | None:
    if value is None or value.denominator == 1:
        return None if value is None else value.numerator
    return float(round(value, 6))


def _without_empty(node: Node) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def text_of(document: Node) -> str:
    """Return the document as JSON with sorted keys, the same bytes for the same tables."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the file beside the pages of a web edition that has a ledger to point to."""
    if error is not None or is_written(app) or app.builder.name not in {"html", "dirhtml"}:
        return
    domain = domain_of(app.env)
    places = domain.data["places"]

    def address(kind: str, entry_id: str) -> str | None:
        docname = places[kind].get(entry_id)
        return f"{app.builder.get_target_uri(docname)}#{anchor(kind, entry_id)}" if docname else None

    path = Path(app.outdir) / NAME
    if not places[LEDGER]:
        path.unlink(missing_ok=True)
        return
    document = Exporter(domain.accounts, address).document(edition(Path(app.srcdir)))
    path.write_bytes(text_of(document).encode("utf-8"))


def setup(app: Sphinx) -> None:
    app.connect("build-finished", write)
