"""claims.json: complete, deterministic linked data that agrees with the tables and quotes nobody at length."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from evidencebook.check import anchors
from evidencebook.edition import edition
from evidencebook.editions.web.linked_data import Exporter, text_of
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from tests import added

ROOT = Path(__file__).parents[1]
TIDES = Path(__file__).parent / "roots" / "tides"
LONGEST_RUN = 10


def address(kind: str, entry_id: str) -> str:
    return f"book/page.html#{kind}-{entry_id}"


def exported(root: Path) -> str:
    return document(root, Evidence.load(root))


def document(root: Path, found: Evidence) -> str:
    return text_of(Exporter(Accounts(found), address).document(edition(root)))


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """The export of the report's own tables."""
    return dict(json.loads(document(ROOT, added.evidence(ROOT))))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return added.evidence(ROOT)


def nodes_of(document: dict[str, Any], type_: str) -> dict[str, dict[str, Any]]:
    return {node["identifier"]: node for node in document["@graph"] if node["@type"] == type_}


def pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key, one
            yield from pairs(one)
    elif isinstance(value, list):
        for one in value:
            yield from pairs(one)


def test_every_claim_derived_value_and_article_is_there_once(report: dict[str, Any], evidence: Evidence) -> None:
    assert set(nodes_of(report, "Claim")) == set(evidence.claims)
    assert set(nodes_of(report, "DerivedValue")) == set(evidence.derived)
    assert {node["identifier"] for node in report["@graph"] if "headline" in node} == set(evidence.sources)
    ids = [node["@id"] for node in report["@graph"]]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_to_a_node(report: dict[str, Any]) -> None:
    ids = {node["@id"] for node in report["@graph"]}
    referred = [value for key, value in pairs(report["@graph"]) if key in {"@id", "against"}]
    assert len(referred) > len(ids)
    assert set(referred) <= ids


def test_selectors_agree_with_the_table(report: dict[str, Any], evidence: Evidence) -> None:
    for claim_id, node in nodes_of(report, "Claim").items():
        claim = evidence.claims[claim_id]
        source = evidence.sources[claim["source_id"]]
        target = node["target"]
        position, fragment = target["selector"]
        assert (position["start"], position["end"]) == (claim["start"], claim["end"])
        assert (target["source"], target["textSha256"]) == (source["url"], source["file_sha256"])
        assert target["sha256"] == claim["sha256"]
        ends = fragment["value"].removeprefix(":~:text=").split(",")
        assert " … ".join(unquote(end) for end in ends) == claim["fragment"]


def test_the_context_gives_every_term_and_type_a_meaning(report: dict[str, Any]) -> None:
    context = report["@context"]
    assert isinstance(context, dict), "a context elsewhere would have to be fetched"
    prefixes = {term for term, meaning in context.items() if isinstance(meaning, str) and meaning[-1] in "/#"}
    prefixes |= {term for term, meaning in context.items() if isinstance(meaning, dict) and meaning.get("@prefix")}

    def is_known(term: str) -> bool:
        return term in context or term.partition(":")[0] in prefixes

    terms = {key for key, _ in pairs(report["@graph"]) if not key.startswith("@")}
    assert {term for term in terms if not is_known(term)} == set()
    assert {value for key, value in pairs(report["@graph"]) if key == "@type" and not is_known(value)} == set()
    meanings = [one["@id"] if isinstance(one, dict) else one for key, one in context.items() if not key.startswith("@")]
    own = [meaning for meaning in meanings if ":" in meaning and not re.match(r"https?:|urn:", meaning)]
    assert {meaning.partition(":")[0] for meaning in own} <= prefixes
    unused = set(context) - terms - prefixes - {"@version"} - {v for k, v in pairs(report["@graph"]) if k == "@type"}
    assert unused <= {"repeats"}, "a report need not say anything twice"


def test_values_keep_their_bounds_and_qualifier(report: dict[str, Any], evidence: Evidence) -> None:
    for claim_id, node in nodes_of(report, "Claim").items():
        claim = evidence.claims[claim_id]
        value = node.get("interpretation", {})
        for column, key in (("low", "minValue"), ("high", "maxValue")):
            assert value.get(key) == (None if claim[column] is None else pytest.approx(float(claim[column])))
        if claim["low"] is not None or claim["high"] is not None:
            assert (value["qualifier"], value["unitText"]) == (claim["qualifier"], claim["unit"])


def test_an_iso_date_stands_only_where_the_day_is_known(report: dict[str, Any], evidence: Evidence) -> None:
    for source_id, source in evidence.sources.items():
        node = next(n for n in report["@graph"] if n.get("identifier") == source_id)
        assert node["published"] == source["published"]
        is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", source["published"])
        assert node.get("datePublished") == (source["published"] if is_day else None)


def test_a_copy_names_where_the_claim_first_appeared(report: dict[str, Any], evidence: Evidence) -> None:
    originals = {node["@id"]: node for node in report["@graph"]}
    for claim_id, node in nodes_of(report, "Claim").items():
        source = evidence.sources[evidence.claims[claim_id]["source_id"]]
        assert ("firstAppearance" in node) == source["is_copy"]
        if source["is_copy"]:
            original = originals[node["firstAppearance"]["@id"]]
            assert original["publisher"]["name"] == source["outlet_original"]


def test_checks_are_ours_and_pose_as_no_fact_checkers(report: dict[str, Any], evidence: Evidence) -> None:
    checks = [check for node in nodes_of(report, "Claim").values() for check in node.get("evidencebook:check", ())]
    assert {check["identifier"] for check in checks} == {row["check_id"] for row in evidence.tables["checks"].rows}
    assert "ClaimReview" not in json.dumps(report)


def test_derived_values_name_formula_and_inputs(report: dict[str, Any], evidence: Evidence) -> None:
    for derived_id, node in nodes_of(report, "DerivedValue").items():
        assert node["formula"] == evidence.derived[derived_id]["formula"]
        assert len(node.get("isBasedOn", ())) == len(evidence.fact(derived_id).inputs)
        assert node.get("isBasedOn") or any(one in node["formula"] for one in evidence.outside)


def test_doubts_about_events_reach_what_is_worked_out_from_them(report: dict[str, Any], evidence: Evidence) -> None:
    events = nodes_of(report, "Event")
    assert set(events) == set(evidence.events)
    for event_id, node in events.items():
        row = evidence.events[event_id]
        assert (node["isUnverified"], node["isDisputed"]) == (row["is_unverified"], row["is_disputed"])
        assert node["@id"] == address("event", event_id), "where readers find it too"
    resting = {
        derived_id: [
            node["identifier"] for node in events.values() if {"@id": node["@id"]} in derived["restsOnUnverified"]
        ]
        for derived_id, derived in nodes_of(report, "DerivedValue").items()
        if "restsOnUnverified" in derived
    }
    expected = {name: list(evidence.fact(name).unverified) for name in evidence.derived}
    assert resting == {name: unverified for name, unverified in expected.items() if unverified}
    assert resting


def test_an_article_says_how_far_its_date_can_be_relied_on(report: dict[str, Any], evidence: Evidence) -> None:
    for node in report["@graph"]:
        if "headline" in node:
            source = evidence.sources[node["identifier"]]
            assert node["dateConfidence"] == source["date_confidence"]
            assert node.get("publishedLimits") == source["published_limits"]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + LONGEST_RUN + 1]) for n in range(len(words) - LONGEST_RUN)}


@pytest.mark.needs("texts")
def test_no_more_than_ten_words_of_an_article_stand_in_a_row(report: dict[str, Any]) -> None:
    texts = anchors.texts(anchors.texts_dir(ROOT))
    quoted = set().union(*(runs(one.text or "") for one in texts.values()))
    assert len(quoted) > 1000
    titles = {"headline"}  # the name under which an article is cited
    for key, value in pairs(report["@graph"]):
        if isinstance(value, str) and key not in titles:
            assert not runs(unquote(value)) & quoted, (key, value)


@pytest.mark.slow
def test_the_web_edition_carries_the_file_with_addresses_that_lead_to_its_entries(plain_book: Path) -> None:
    data = (plain_book / "_build/html/claims.json").read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"}\n")
    claims = nodes_of(json.loads(data.decode("utf-8")), "Claim")
    assert claims
    for claim_id, node in claims.items():
        page, _, anchor = node["@id"].partition("#")
        html = BeautifulSoup((plain_book / "_build/html" / page).read_text("utf-8"), "html.parser")
        assert anchor == f"ledger-{claim_id}"
        assert html.find(id=anchor)


def test_the_same_tables_give_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys; from pathlib import Path; from tests.test_export import exported; "
        "sys.stdout.buffer.write(exported(Path(sys.argv[1])).encode())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program, str(TIDES)], capture_output=True, check=True, cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(made) == 1
    assert made.pop().decode("utf-8") == exported(TIDES)
