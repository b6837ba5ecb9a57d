from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidencebook.tables import contract
from evidencebook.tables.problems import BadData
from tests.building import REPORT, TIDES
from tests.small import PACKAGE, Book

Package = dict[str, Any]


def spoiled(book: Book, change: Callable[[Package], object]) -> str:
    package = copy.deepcopy(PACKAGE)
    change(package)
    with pytest.raises(BadData) as caught:
        book.write_package(package)
    return str(caught.value)


def field_of(package: Package, table: str, column: str) -> Package:
    schema = next(one["schema"] for one in package["resources"] if one["name"] == table)
    found: Package = next(one for one in schema["fields"] if one["name"] == column)
    return found


def test_resources_keep_order_label_and_path(book: Book) -> None:
    loaded = contract.load(book.root)
    assert list(loaded.resources)[:2] == ["sources", "claims"]
    claims = loaded.resources["claims"]
    assert claims.label == "data/claims.csv"
    assert claims.path == book.path("claims")
    assert claims.primary_key == ("claim_id",)


def test_fields_carry_constraints_and_edtf(book: Book) -> None:
    claims = contract.load(book.root).resources["claims"]
    when, credibility, key = claims.field("when"), claims.field("credibility"), claims.field("claim_id")
    assert when is not None and when.is_edtf and not when.required
    assert credibility is not None and (credibility.minimum, credibility.maximum) == (1, 6)
    assert key is not None and key.unique and key.required and key.pattern is not None


def test_words_for_allowed_values_come_from_categories(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    one = field_of(package, "claims", "modality")
    words = [f"words for {value}" for value in one["constraints"]["enum"]]
    one["categories"] = [{"value": v, "label": w} for v, w in zip(one["constraints"]["enum"], words, strict=True)]
    book.write_package(package)
    modality = contract.load(book.root).resources["claims"].field("modality")
    assert modality is not None and list(modality.labels.values()) == words


def test_words_for_a_value_that_is_not_allowed_are_a_problem(book: Book) -> None:
    said = spoiled(
        book, lambda p: field_of(p, "claims", "modality").update(categories=[{"value": "rumor", "label": "a rumour"}])
    )
    assert "claims.modality" in said and "categories name rumor, but enum allows" in said


def test_foreign_key_to_the_empty_name_points_to_its_own_table(book: Book) -> None:
    (key,) = contract.load(book.root).resources["places"].foreign_keys
    assert (key.fields, key.resource, key.reference_fields) == (("part_of",), "places", ("place_id",))


def test_contract_can_be_pickled(book: Book) -> None:
    loaded = contract.load(book.root)
    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_pattern_with_alternatives_is_anchored_as_a_whole(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    field_of(package, "places", "name")["constraints"]["pattern"] = "rock|reef"
    book.write_package(package)
    name = contract.load(book.root).resources["places"].field("name")
    assert name is not None
    read = name.cell_reader()
    assert read("reef") == ("reef", "")
    assert read("rocky")[1] == "pattern" == read("a reef")[1]


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"data/datapackage\.json: the file is missing"):
        contract.load(tmp_path)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"resources": [\n  {"name": }\n]}', "datapackage.json:2: not JSON"),
        (b"[1]", "not a JSON object"),
        ('{"title": "등"}'.encode("cp949"), "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"name": "tides"}', "no list of resources"),
    ],
)
def test_file_that_is_no_package_is_a_located_problem(book: Book, data: bytes, expected: str) -> None:
    (book.root / contract.LABEL).write_bytes(data)
    with pytest.raises(BadData) as caught:
        contract.load(book.root)
    assert expected in str(caught.value)


def resources(package: Package) -> Any:
    return package["resources"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: field_of(p, "claims", "low").update(type="numer"), "claims.low: 'numer' is not a type"),
        (lambda p: field_of(p, "claims", "low").pop("type"), "claims.low: None is not a type"),
        (lambda p: field_of(p, "claims", "low").pop("name"), "claims.fields[3]: a field needs a name"),
        (lambda p: field_of(p, "claims", "low").update(constraints=3), "claims.low.constraints: 3 is not an object"),
        (
            lambda p: field_of(p, "claims", "unit").update(constraints={"enum": "x"}),
            "claims.unit.constraints.enum: 'x' is not a list - list the allowed values",
        ),
        (
            lambda p: field_of(p, "claims", "low").update(constraints={"minimum": "tall"}),
            "claims.low: the field",
        ),
        (
            lambda p: field_of(p, "claims", "note").update(constraints={"minimum": 3}),
            "no constraint 'minimum'",
        ),
        (
            lambda p: field_of(p, "claims", "note").update(constraints={"pattern": "["}),
            "not a regular expression",
        ),
        (lambda p: resources(p).append(3), "resources[6]: 3 is not an object"),
        (lambda p: resources(p).append(resources(p)[0]), "two resources have this name"),
        (
            lambda p: resources(p)[0].update(path="../x.csv"),
            "sources.path: '../x.csv' is not a path inside data/",
        ),
        (lambda p: resources(p)[0].pop("schema"), "sources.schema: there is no list of fields"),
        (lambda p: resources(p)[0]["schema"].update(fields=["a"]), "sources.fields[0]: 'a' is not an object"),
        (
            lambda p: resources(p)[0]["schema"].update(missingValues=[{}]),
            "sources.missingValues: [{}] is not a list of texts",
        ),
        (
            lambda p: field_of(p, "places", "place_id").update(type="array", constraints={}),
            "'array' is not a type of field that is read",
        ),
        (lambda p: field_of(p, "places", "part_of").update(type="integer"), "of different types"),
        (lambda p: resources(p)[0]["schema"].update(primaryKey="nix"), "primaryKey nix is not among"),
        (lambda p: resources(p)[0]["schema"].update(primaryKey=3), "a key names 3"),
        (lambda p: resources(p)[1]["schema"].update(foreignKeys=3), "claims.foreignKeys: 3 is not a list of objects"),
        (
            lambda p: resources(p)[1]["schema"]["foreignKeys"][0]["reference"].update(resource="x"),
            "is no resource",
        ),
        (
            lambda p: resources(p)[1]["schema"]["foreignKeys"][0].update(fields="x"),
            "columns that do not exist",
        ),
    ],
)
def test_broken_contract_is_a_problem_that_names_the_place(
    book: Book, change: Callable[[Package], object], expected: str
) -> None:
    assert expected in spoiled(book, change)


def test_all_faults_of_a_contract_are_reported_together(book: Book) -> None:
    def change(package: Package) -> None:
        field_of(package, "claims", "low")["type"] = "numer"
        field_of(package, "places", "lat")["constraints"] = {"minimum": "north"}

    text = spoiled(book, change)
    assert "claims.low" in text and "places.lat" in text


def test_column_without_description_is_a_problem(book: Book) -> None:
    package = copy.deepcopy(PACKAGE)
    field_of(package, "claims", "note")["description"] = " "
    book.write_package(package)
    found = [str(problem) for problem in contract.undescribed(contract.load(book.root))]
    assert found == ["data/datapackage.json: claims.note: the column has no description - " + found[0].split(" - ")[1]]


def test_sound_contract_describes_every_column(book: Book) -> None:
    assert list(contract.undescribed(contract.load(book.root))) == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("root", [REPORT, TIDES], ids=["report", "tides"])
def test_tables_keep_the_contract_by_the_standards_own_validator(root: Path) -> None:
    import frictionless

    found = frictionless.validate(str(root / contract.LABEL))
    assert found.valid, found.flatten(["name", "rowNumber", "fieldName", "note"])
    assert found.stats["tasks"] == len(contract.load(root).resources)
