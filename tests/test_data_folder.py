"""The folder of data in a web edition: valid where it stands, with the same rows in every form."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pytest
from playwright.sync_api import Browser

from evidencebook.editions.web import data_folder
from tests.building import soup
from tests.pages import PHONE, opened
from tests.small import small_report_in
from tests.test_access import violations

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(plain_book: Path) -> Path:
    return plain_book / "_build/html"


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_package_is_valid_where_it_stands(site: Path) -> None:
    import frictionless

    report = frictionless.validate(str(site / "data/datapackage.json"))
    assert report.valid, report.flatten(["message"])


def test_every_form_has_the_rows_of_the_tables(site: Path) -> None:
    root, folder = site.parents[1], site / "data"
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    with zipfile.ZipFile(folder / "tides-data.zip") as archive, sqlite3.connect(folder / "tides.sqlite") as database:
        for resource in package["resources"]:
            text = (root / "data" / resource["path"]).read_text("utf-8")
            assert (folder / resource["path"]).read_text("utf-8") == archive.read(resource["path"]).decode() == text
            header, *rows = cells(text)
            frame = pd.read_csv(folder / resource["path"])
            stored = pd.read_sql(f'SELECT * FROM "{resource["name"]}"', database)
            columnar = duckdb.sql(f"SELECT * FROM '{folder}/parquet/{resource['name']}.parquet'").df()
            for other in (stored, columnar):
                assert list(other.columns) == header
                for name in header:
                    assert other[name].isna().tolist() == frame[name].isna().tolist(), name
                    assert list(map(str, other[name].dropna())) == list(map(str, frame[name].dropna())) or [
                        float(one) for one in other[name].dropna()
                    ] == [float(one) for one in frame[name].dropna()], name
            assert len(stored) == len(columnar) == len(rows)


def made_in(folder: Path, root: Path) -> dict[str, bytes]:
    making = data_folder.Making(root, folder)
    making.begin()
    making.end()
    return making.files()


def test_the_same_rows_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    root = site.parents[1]
    made = made_in(tmp_path / "one", root)
    assert made == made_in(tmp_path / "other", root)
    assert made["tides.sqlite"] == (site / "data/tides.sqlite").read_bytes()
    assert made["tides.sqlite"][24:28] + made["tides.sqlite"][92:96] == b"\0\0\0\1" * 2


def test_what_was_begun_while_pages_were_read_is_begun_anew_where_a_table_has_changed(tmp_path: Path) -> None:
    root = small_report_in(tmp_path).root
    app: Any = SimpleNamespace(srcdir=root, doctreedir=tmp_path / "trees", builder=SimpleNamespace(format="html"))
    data_folder.begin(app)
    begun = data_folder.MAKING.of(app)
    data_folder.begin(app)
    assert data_folder.MAKING.of(app) is begun
    table = root / "data/places.csv"
    table.write_text(table.read_text("utf-8").replace("The coast", "The cliffs"), "utf-8")
    data_folder.begin(app)
    making = data_folder.MAKING.of(app)
    assert making is not None
    making.end()
    database = tmp_path / "data.sqlite"
    database.write_bytes(making.files()["tide-gauges.sqlite"])
    with closing(sqlite3.connect(database)) as stored:
        assert stored.execute("SELECT name FROM places WHERE place_id = 'coast'").fetchall() == [("The cliffs",)]


def lines(site: Path, language: str) -> str:
    page = soup(site / "data/index.html")
    heading = next(one for one in page.select("#first-lines h3") if language in one.get_text())
    return str(heading.find_next("pre").get_text())  # type: ignore[union-attr]


def test_first_lines_for_pandas_and_duckdb_work(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    known: dict[str, pd.DataFrame] = {}
    exec(lines(site, "pandas"), known)
    name = soup(site / "data/index.html").select_one("tbody a").get_text().removesuffix(".csv")  # type: ignore[union-attr]
    assert len(known[name]) == len(duckdb.sql(lines(site, "DuckDB").replace("LIMIT 10", "")).df()) > 0


@pytest.mark.needs("r")
def test_first_lines_for_r_work(site: Path) -> None:
    done = subprocess.run(["Rscript", "-e", lines(site, "R")], cwd=site, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("datasette")
def test_datasette_reads_the_database(site: Path) -> None:
    command = [*lines(site, "Datasette").split(), "--get", "/tides.json"]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    assert "claims" in done.stdout, done.stderr


def test_pages_lead_to_it_and_to_the_linked_data(site: Path) -> None:
    page = soup(site / "book/tide.html")
    assert [link["href"] for link in page.select('link[rel="alternate"]')] == ["../claims.json"]
    front = soup(site / "book/index.html")
    assert front.select_one('.this-edition a[href="../data/index.html"]') is not None


def test_its_page_is_for_everyone(site: Path, chromium: Browser) -> None:
    tab, problems = opened(chromium, site / "data/index.html", PHONE)
    assert violations(tab) == [] and problems == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE
    tab.context.close()
