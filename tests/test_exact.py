"""Limits to the last one, whole messages, and each word that the contract knows: what small faults would change."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from evidencebook.tables import addresses, casting, contract, csvfile, settings, text
from evidencebook.tables.problems import BadData, Problem
from tests.small import PACKAGE, Book


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("year", {"2016": 2016, "0001": 1}, ("16", "20160", "2016 ", "-2016", "２０１６", "")),
        ("integer", {"-12": -12, "0": 0, str(2**63 - 1): 2**63 - 1}, (str(2**63), "1.0", "+1", "1e3", "٣")),
        ("boolean", {"true": True, "false": False}, ("TRUE", "1", "yes", "")),
    ],
)
def test_cells_have_one_spelling(type_: str, good: dict[str, Any], bad: tuple[str, ...]) -> None:
    for cell, value in good.items():
        assert casting.cast(type_, cell) == value
    for cell in bad:
        with pytest.raises(ValueError):
            casting.cast(type_, cell)


def test_what_is_wrong_with_an_address_is_said_in_full() -> None:
    assert addresses.fault("https://example.org:0/") == "its port is none"
    assert addresses.fault("https://a@example.org/") == "a name or a password stands before its host"
    assert addresses.fault("https://exam ple.org") == "there is a blank or an invisible character in it"
    assert addresses.fault(f"https://a.org/{'x' * 1986}") == ""
    assert addresses.fault(f"https://a.org/{'x' * 1987}") == "it has more than 2000 characters"


@pytest.mark.parametrize("script", ["а", "α", "ⲁ", "ա", "Ꭰ", "ꓮ"])
def test_letters_of_a_script_that_looks_like_latin_do_not_stand_beside_it(script: str) -> None:
    assert addresses.fault(f"https://example{script}.org")


def test_text_is_refused_with_its_remedy() -> None:
    marks = "\u0301"
    assert text.fault("x" + marks * text.MOST_MARKS, is_verbatim=True) is None
    assert text.fault("x" + marks * (text.MOST_MARKS + 1), is_verbatim=True) == (
        "U+0301 COMBINING ACUTE ACCENT stands on no letter, or on one with many marks", "delete it",
    )  # fmt: skip
    assert text.fault("a\u2800b") == (
        "U+2800 BRAILLE PATTERN BLANK stands in it at character 2, and shows nothing", "delete it, or put it right",
    )  # fmt: skip
    assert text.fault("a\x07b") == ("U+0007 (control character) stands in it at character 2", "delete it")
    assert text.fault("x" * 10_000) is None
    assert text.fault("x" * 10_001) == ("10,001 characters are more than 10,000", "shorten it")


def test_settings_may_have_forty_levels(tmp_path: Path) -> None:
    for levels, is_fine in ((40, True), (41, False)):
        (tmp_path / "x.yml").write_text("[" * levels + "]" * levels, "utf-8")
        found, is_usable = settings.problems(tmp_path, "x.yml")
        assert (is_usable, not found) == (is_fine, is_fine), levels


def test_a_nul_byte_is_told_at_its_line() -> None:
    (found,) = csvfile.parse(b"a,b\n1,2\n\x003,4\n", "x.csv").problems
    assert str(found) == "x.csv:3: there is a NUL byte in this line - delete it"


def told(book: Book, change: Any) -> list[str]:
    package = copy.deepcopy(PACKAGE)
    change(package["resources"])
    try:
        book.write_package(package)
    except BadData as error:
        return str(error).splitlines()
    return book.messages()


def test_every_fault_of_a_contract_is_told_at_once(book: Book) -> None:
    def spoil(resources: list[dict[str, Any]]) -> None:
        fields = resources[0]["schema"]["fields"]
        del fields[1]["name"]
        fields[2]["name"] = "source_id"

    found = told(book, spoil)
    assert any("sources.fields[1]: a field needs a name" in one for one in found), found
    assert any("sources.source_id: two fields have this name - rename one of them" in one for one in found), found


@pytest.mark.parametrize("type_", ["string", "integer", "number", "date", "year"])
def test_a_key_may_be_of_any_type_that_can_be_sorted(book: Book, type_: str) -> None:
    def change(resources: list[dict[str, Any]]) -> None:
        schema = resources[0]["schema"]
        schema["fields"].append({"name": "own", "type": type_, "description": "A key of its own kind."})
        schema["primaryKey"] = ["source_id", "own"]

    assert not [one for one in told(book, change) if "primaryKey" in one or "cannot be a key" in one]


@pytest.mark.parametrize("key", ["bytes", "hash"])
def test_size_and_hash_are_each_compared_with_the_file(book: Book, key: str) -> None:
    data = book.path("places").read_bytes()
    right = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    wrong = {"bytes": len(data) + 1, "hash": f"sha256:{'0' * 64}"}

    def put(value: Any) -> list[str]:
        return told(
            book, lambda resources: next(one for one in resources if one["name"] == "places").update({key: value})
        )

    assert put(right[key]) == []
    (found,) = put(wrong[key])
    assert found.startswith("data/places.csv: ") and found.endswith(f"correct {key} there, or put the file back")
    assert contract.load(book.root).resources["places"].label == "data/places.csv"


def test_sources_licences_and_contributors_are_known_keys(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    package["sources"] = [
        {"title": "A log", "path": "https://example.org/log", "email": "a@example.org", "version": "1"}
    ]
    package["licenses"] = [{"name": "CC-BY-4.0", "path": "https://example.org/licence", "title": "A licence"}]
    package["contributors"] = [{"title": "A keeper", "givenName": "A", "familyName": "Keeper", "roles": ["author"]}]
    book.write_package(package)
    assert book.messages() == []


def test_an_id_that_breaks_its_pattern_is_told_once(book: Book) -> None:
    book.edit("places", 2, place_id="Coast\u200b")
    found = [one for one in book.messages() if one.startswith("data/places.csv:2: place_id: ")]
    assert len(found) == 1, found


def schema(resources: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one["schema"] for one in resources if one["name"] == name)  # type: ignore[no-any-return]


def told_of(book: Book, change: Any) -> list[str]:
    """What is said of a data package, whether it can be used or not."""
    package = copy.deepcopy(PACKAGE)
    change(package)
    (book.root / contract.LABEL).write_text(json.dumps(package), "utf-8")
    return [
        one.removeprefix("data/datapackage.json: ") for one in book.messages() if one.startswith("data/datapackage")
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda package: package["resources"][1].pop("name"),
         'resources[1]: a resource needs a name - give it "name", "path" and "schema"'),
        (lambda package: package.update(resources=[]),
         "resources: there is no list of resources - list one resource per table"),
        (lambda package: schema(package["resources"], "events")["fields"][4].update(
            type="string", constraints={"enum": ["a", "b"]}, categories=[{"value": "a"}]),
         'events.is_disputed: categories are not a list of values with labels - write {"value": ..., '),
        (lambda package: schema(package["resources"], "events")["fields"][4].update(
            type="string", constraints={"enum": ["a", "b"]}, categories=[{"value": "a", "label": "A"}]),
         "events.is_disputed: categories name a, but enum allows a, b"),
        (lambda package: schema(package["resources"], "claims")["foreignKeys"][0].pop("reference"),
         'claims: a foreign key has no reference - give it "fields" and "reference"'),
        (lambda package: schema(package["resources"], "events").update(primaryKey="is_disputed"),
         "events.is_disputed: a primary key cannot be of type boolean - use one of"),
        (lambda package: schema(package["resources"], "places").update(primaryKey=["place_id", "name"]),
         "places.rules: columns of a tree name rows by one key - give the table a primaryKey of one column"),
        (lambda package: schema(package["resources"], "claims").update(
            rules={"bounds": [{"low": "low", "high": "high", "limits": [0, 1]}]}),
         'limits are not an object - write {"percent": [0, 100]}'),
        (lambda package: package.update(version=float("nan")), "not JSON that can be read - correct the JSON"),
    ],
)  # fmt: skip
def test_a_fault_of_the_data_package_is_told_at_its_place(book: Book, change: Any, said: str) -> None:
    assert any(said in one for one in told_of(book, change)), told_of(book, change)


def test_problems_stand_by_file_row_and_column() -> None:
    found = [Problem("b", 1, None, "x", "y"), Problem("a", 2, "c", "x", "y"), Problem("a", None, None, "x", "y")]
    assert [(one.file, one.row) for one in sorted(found)] == [("a", None), ("a", 2), ("b", 1)]
    with pytest.raises(TypeError):
        sorted([found[0], "x"])  # type: ignore[type-var]
