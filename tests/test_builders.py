"""Jupyter Book's other builders: web pages in folders or in one file work, and what cannot show a report says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import STRICT, build, change, copy_book, soup

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("builder", "page"), [("dirhtml", "book/tide/index.html"), ("singlehtml", "book/index.html")])
def test_pages_in_folders_and_in_one_file_have_every_link_and_fact(root: Path, builder: str, page: str) -> None:
    # It has writers for this builder by name.
    change(root / "_config.yml", "sphinx:\n", "sphinx:\n  extra_extensions: [sphinx_exercise]\n")
    done = build(root, *STRICT, "--builder", builder)  # which fails where a link leads nowhere
    assert done.returncode == 0, done.stdout + done.stderr
    found = soup(root / f"_build/{builder}/{page}")
    fact = next(link for link in found.select("a.fact") if "US$600" in link.get_text())
    target = str(fact["href"])
    ledger = found if target.startswith("#") else soup(root / f"_build/{builder}/book/ledger/index.html")
    assert ledger.find(id=target.partition("#")[2]) is not None
    for link in found.select("link[href], script[src], img[src]"):
        address = str(link.get("href") or link.get("src")).partition("?")[0]
        assert (root / f"_build/{builder}" / Path(page).parent / address).exists(), address
    if builder == "dirhtml":
        assert (root / "_build/dirhtml/404.html").is_file()


@pytest.mark.parametrize("builder", ["pdfhtml", "text"])
def test_a_builder_that_cannot_show_a_report_is_refused_in_one_line(tmp_path: Path, builder: str) -> None:
    options = ("--builder", builder) if builder == "pdfhtml" else ("--builder", "custom", "--custom-builder", builder)
    done = build(copy_book(tmp_path), *options)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"The builder {builder} cannot show a report; use one of dirhtml, epub, html")
