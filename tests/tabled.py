"""Tables of the tiny book changed as its curator would, and what its ledger then says."""

from __future__ import annotations

import json
from pathlib import Path

from bs4 import Tag

from evidencebook.tables import contract, dictionary
from tests.building import one, soup

CHECK_FIELDS = ("check_id", "claim_id", "question", "finding", "verdict", "reference", "url", "confirmation")
CHECKS = (
    "check_id,claim_id,question,finding,verdict,reference,url,confirmation\n"
    "lamps,lamps-lit,lamps,A ledger of oil has fewer.,contradicted,The oil ledger; a wick count,"
    "https://example.org/oil,unconfirmed\n"
)


def add_checks(root: Path) -> None:
    """Give the report a table of checks, with one row."""
    path = root / "data/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    fields = [{"name": name, "type": "string", "description": f"The {name}."} for name in CHECK_FIELDS]
    schema = {"fields": fields, "primaryKey": "check_id", "missingValues": [""]}
    package["resources"].append(
        {"name": "checks", "path": "reference/checks.csv", "title": "Checks", "description": "C.", "schema": schema}
    )
    path.write_text(json.dumps(package), "utf-8")
    (root / "data/reference").mkdir(exist_ok=True)
    (root / "data/reference/checks.csv").write_text(CHECKS, "utf-8")
    renew_dictionary(root)


def add_column(root: Path, table: str, name: str, cells: dict[str, str], type_: str = "string") -> None:
    """Give a table a further column, with cells by the row's key."""
    path = root / "data/datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    resource = next(one for one in package["resources"] if one["name"] == table)
    resource["schema"]["fields"].append({"name": name, "type": type_, "description": f"The {name}."})
    path.write_text(json.dumps(package), "utf-8")
    rows = root / f"data/{table}.csv"
    head, *lines = rows.read_text("utf-8").splitlines()
    lines = [f"{line},{cells.get(line.partition(',')[0], '')}" for line in lines]
    rows.write_text("\n".join([f"{head},{name}", *lines, ""]), "utf-8")
    renew_dictionary(root)


def renew_dictionary(root: Path) -> None:
    """Write the dictionary anew: it is generated from the contract and checked against it."""
    (root / dictionary.LABEL).write_text(dictionary.render(contract.load(root)), "utf-8")


def entry(root: Path, fact_id: str) -> Tag:
    return one(soup(root / "_build/html/book/ledger.html"), f"#ledger-{fact_id}")


def told(root: Path, fact_id: str) -> dict[str, Tag]:
    """The terms of an entry with what it says of them."""
    pairs = zip(entry(root, fact_id).select("dt"), entry(root, fact_id).select("dd"), strict=True)
    return {term.get_text(): definition for term, definition in pairs}


def links(definition: Tag) -> list[tuple[str, str]]:
    return [(link.get_text(), str(link["href"])) for link in definition.select("a")]
