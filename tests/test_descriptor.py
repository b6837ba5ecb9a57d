from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evidencebook import cli
from evidencebook.edition import edition
from evidencebook.tables import contract, descriptor
from evidencebook.tables.problems import BadData
from tests.building import REPORT, TIDES
from tests.small import PACKAGE, Book
from tests.test_contract import Package, field_of

ADDRESS = "https://example.org/licence"


def told(root: Path) -> str:
    """What the contract and every edition say alike: neither can be read where the other is refused."""
    with pytest.raises(BadData) as first:
        contract.load(root)
    with pytest.raises(BadData) as second:
        edition(root)
    assert str(first.value) == str(second.value)
    return str(first.value)


def spoiled(book: Book, change: Callable[[Package], object]) -> str:
    package = copy.deepcopy(PACKAGE)
    change(package)
    (book.root / contract.LABEL).write_text(json.dumps(package), "utf-8")
    return told(book.root)


def foreign_key(package: Package) -> Any:
    return package["resources"][1]["schema"]["foreignKeys"][0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda p: field_of(p, "claims", "note").update(privat=True),
            "claims.note: 'privat' is not a key of a field - did you mean private?",
        ),
        (
            lambda p: field_of(p, "claims", "note").update(Private=True),
            "claims.note: 'Private' is not a key of a field - did you mean private?",
        ),
        (lambda p: field_of(p, "claims", "note").update(PRIVATE=True), "did you mean private?"),
        (
            lambda p: p["resources"][0].update(private=True),
            "sources: 'private' is not a key of a resource - use one of",
        ),
        (lambda p: p.update(licences=[]), "'licences' is not a key of a package - did you mean licenses?"),
        (
            lambda p: p["resources"][1]["schema"].update(primarykey="a"),
            "claims: 'primarykey' is not a key of a schema - did you mean primaryKey?",
        ),
        (
            lambda p: field_of(p, "claims", "low").update(constraints={"minimun": 1}),
            "claims.low.constraints: 'minimun' is not a key of a set of constraints - did you mean minimum",
        ),
        (lambda p: foreign_key(p).update(field="x"), "claims.foreignKeys[0]: 'field' is not a key of a foreign key"),
        (
            lambda p: foreign_key(p)["reference"].update(resources="x"),
            "claims.foreignKeys[0].reference: 'resources' is not a key of a reference - did you mean resource?",
        ),
        (lambda p: p["resources"][0].update(dialect={"delimeter": ";"}), "sources.dialect: 'delimeter' is not a key"),
        (lambda p: p.update(licenses=[{"nam": "x"}]), "licenses[0]: 'nam' is not a key of a licence"),
        (lambda p: p["resources"][0].update(sources=[{"titel": "x"}]), "sources.sources[0]: 'titel' is not a key"),
        (lambda p: p.update(contributors=[{"mail": "x"}]), "contributors[0]: 'mail' is not a key of a contributor"),
        (
            lambda p: field_of(p, "claims", "unit").update(categories=[{"value": "a", "lable": "b"}]),
            "claims.unit.categories[0]: 'lable' is not a key of a category - did you mean label",
        ),
    ],
)
def test_unknown_key_is_refused_with_the_nearest_known_one(
    book: Book, change: Callable[[Package], object], expected: str
) -> None:
    assert expected in spoiled(book, change)


@pytest.mark.parametrize(
    ("old", "more", "expected"),
    [
        ('"name": "note"', '"private": true, "private": false', "claims.note: the key 'private' stands there more"),
        ('"title": "Tide gauges of lighthouses"', '"name": "x"', "json: the key 'name' stands there more than once"),
        ('"maximum": 6', '"maximum": 5', "claims.credibility.constraints: the key 'maximum' stands"),
        ('"resource": "sources"', '"resource": ""', "claims.foreignKeys[0].reference: the key 'resource' stands"),
    ],
)
def test_key_that_stands_twice_is_refused_at_any_depth(book: Book, old: str, more: str, expected: str) -> None:
    text = json.dumps(PACKAGE)
    assert old in text
    (book.root / contract.LABEL).write_text(text.replace(old, f"{old}, {more}", 1), "utf-8")
    assert expected in told(book.root)


@pytest.mark.parametrize("root", [REPORT, TIDES])
def test_real_packages_are_sound(root: Path) -> None:
    assert descriptor.read(root)["name"] == edition(root).name


@pytest.mark.parametrize(
    "name",
    [
        *("../../evil", "/etc/evil", "a/b", "a\\b", "C:evil", ".hidden", "..", "", "Tides", "gezeiten-ä", "a b", "a\n"),
        *("con", "nul.csv", "com1", "lpt9.tables", "ends.", "-rf", "a" * 101),
    ],
)
def test_name_that_no_file_can_have_is_refused_for_packages_and_tables(book: Book, name: str) -> None:
    assert "cannot be the name of a file - write small letters" in spoiled(book, lambda p: p.update(name=name))
    if name:  # a table without a name is another fault
        said = spoiled(book, lambda p: p["resources"][3].update(name=name))
        assert "cannot be the name of a file - write small letters" in said


@pytest.mark.parametrize("name", [None, 3, ["a"]])
def test_package_has_a_name(book: Book, name: Any) -> None:
    assert f"name: {name!r} cannot be the name of a file" in spoiled(book, lambda p: p.update(name=name))


@pytest.mark.parametrize("name", ["a", "tides-2020", "tides_2.0", "a" * 100, "console", "nullarbor"])
def test_name_of_the_standard_is_taken(book: Book, name: str) -> None:
    book.write_package(PACKAGE | {"name": name})
    assert contract.load(book.root).name == name


@pytest.mark.parametrize("version", ["../1", "1/2", "1 0", "1\\0", "", ".1", "1.", "1\n", 1, None, "1" * 41, "nul:"])
def test_version_that_no_file_name_can_have_is_refused(book: Book, version: Any) -> None:
    said = spoiled(book, lambda p: p.update(version=version))
    assert f"version: {version!r} cannot stand in the name of a file" in said


@pytest.mark.parametrize("version", ["1", "1.0.0", "2.0.0-rc.1+build_5"])
def test_usual_versions_are_taken(book: Book, version: str) -> None:
    book.write_package(PACKAGE | {"version": version})
    contract.load(book.root)


@pytest.mark.parametrize(
    "path",
    [
        *("../x.csv", "/x.csv", "a/../../x.csv", "C:x.csv", "C:\\x.csv", "..\\x.csv", "a\\b.csv", "\\\\host\\x.csv"),
        *(
            "https://example.org/x.csv",
            "./x.csv",
            "a//x.csv",
            ".git/x.csv",
            "nul",
            "a/con.csv",
            "x.csv\n",
            "x.csv.",
            "",
        ),
        *(None, ["a.csv"]),
    ],
)
def test_path_that_may_leave_the_data_is_refused(book: Book, path: Any) -> None:
    said = spoiled(book, lambda p: p["resources"][0].update(path=path))
    assert f"sources.path: {path!r} is not a path inside data/" in said


@pytest.mark.parametrize("path", ["x.csv", "reference/x.csv", "Mesures (été) 2020.csv"])
def test_path_below_the_data_is_taken(path: str) -> None:
    assert descriptor.is_inside(path)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda p, a: p.update(homepage=a), "homepage"),
        (lambda p, a: p.update(licenses=[{"name": "x", "path": a}]), "licenses[0].path"),
        (lambda p, a: p.update(sources=[{"title": "x"}, {"title": "y", "path": a}]), "sources[1].path"),
        (lambda p, a: p.update(contributors=[{"title": "x", "path": a}]), "contributors[0].path"),
        (lambda p, a: p["resources"][1].update(licenses=[{"name": "x", "path": a}]), "claims.licenses[0].path"),
    ],
)
def test_addresses_are_of_the_web(book: Book, change: Callable[[Package, Any], object], where: str) -> None:
    for address in ("javascript:alert(1)", "file:///etc/passwd", "LICENSE", "https:foo"):
        said = spoiled(book, lambda p, address=address: change(p, address))  # type: ignore[misc]
        assert f"{where}: {str(address)!r} is not a web address" in said
    package = copy.deepcopy(PACKAGE)
    change(package, ADDRESS)
    book.write_package(package)
    contract.load(book.root)


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x7f", "\x9f", "\ud800"])
def test_control_characters_are_refused_in_any_text(book: Book, sign: str) -> None:
    said = spoiled(book, lambda p: field_of(p, "claims", "low").update(description=f"a{sign}b"))
    assert f"claims.low.description: U+{ord(sign):04X} " in said and "stands in it at character 2 - delete it" in said
    assert f"keywords[1]: U+{ord(sign):04X} " in spoiled(book, lambda p: p.update(keywords=["a", sign]))


def test_commands_list_what_is_wrong_instead_of_a_traceback(book: Book) -> None:
    (book.root / contract.LABEL).write_text("{}", "utf-8")
    ran = CliRunner().invoke(cli.main, ["dictionary", "--root", str(book.root)])
    assert ran.exit_code == 1 and "data/datapackage.json: name: None cannot be" in ran.output + ran.stderr
