"""The book as LaTeX: compared with the web edition word by word without TeX, and set as a PDF where TeX is present."""

from __future__ import annotations

import io
import re
import shutil
from copy import copy
from datetime import date
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from bs4 import Tag
from pdfminer.high_level import extract_text

from evidencebook.editions.print.typesetting import vector
from tests.building import STRICT, build, built_in
from tests.pages import pages, parsed
from tests.printed import squeezed

pytestmark = [pytest.mark.slow, pytest.mark.thorough]  # a way out beside the editions

SCREEN_ONLY = (
    ".headerlink, .chart, .chart-tools, .cell_input, details, script, style, button, template, nav, .toctree-wrapper, "
    ".front-part, .edition-line, .subtitle"
)
# What a Python object looks like where a page printed it, and code.
REPRS = re.compile(r"<altair|alt\.\w*Chart\(|<IPython|<evidencebook|object at 0x|from figures|import figures")
SPECIAL = {
    r"\textbackslash": "\\", r"\textasciitilde": "~", r"\textasciicircum": "^", r"\sphinxhyphen": "-",
    r"\textquotesingle": "'", r"\textquotedbl": '"', r"\textasciigrave": "`", r"\textless": "<", r"\textgreater": ">",
    r"\sphinxguilabel": "", r"\ensuremath": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def tides(plain_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book in both editions."""
    root = tmp_path_factory.mktemp("latex") / "tides"
    shutil.copytree(plain_book, root)
    built_in(root, "latex")
    return root


@pytest.fixture(scope="module")
def report(site: Path) -> Path:
    root = site.parents[1]
    assert built_in(root, "latex") == set(), "what the web edition has executed is not executed again"
    return root


@pytest.fixture(params=["tides", pytest.param("report", marks=pytest.mark.thorough)])
def root(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def source(root: Path) -> str:
    (path,) = (root / "_build/latex").glob("*.tex")
    return path.read_text("utf-8")


UNUSED = "Innosentence,andinnofigurebutthosethatcountclaims"  # nothing is what paper says of it


def plain(tex: str) -> str:
    """The words of LaTeX source without its commands, and without spaces and hyphenation."""
    text = re.sub(r"(?<!\\)%.*", "", tex)
    text = re.sub(r"\\PYG\{[^{}]*\}", "", text).replace("\\PYGZus{}", r"\_")
    text = re.sub(r"\\href\{(?:[^{}\\]|\\.)*\}", "", text)
    text = re.sub(
        r"\\(label|detokenize|hyperref|setcounter|begin|end|evidencenumbered\{\w+\}|DUrole)(\[.*?\]\}?\]?)?\{[^{}]*\}",
        "",
        text,
    )
    for command, sign in SPECIAL.items():
        text = text.replace(command + "{}", sign).replace(command, sign)
    text = re.sub(r"\\([#$%&_{}])", lambda found: f"\ue001{ord(found[1])}\ue002", text)
    text = re.sub(r"\\[A-Za-z@]+\*?|\\.|[{}~]", "", text)
    return squeezed(re.sub(r"\ue001(\d+)\ue002", lambda found: chr(int(found[1])), text))


@cache
def articles(root: Path) -> dict[str, Tag]:
    """The pages of the web edition by name, without what is of use on a screen only."""
    found = {}
    for page in pages(root / "_build/html"):
        article = copy(parsed(page).select_one("article"))  # the page itself is for other tests too
        assert article is not None
        for node in article.select(SCREEN_ONLY):
            node.decompose()
        found[page.stem] = article
    return found


@cache
def numbers(root: Path) -> dict[str, str]:
    entries = {
        str(entry["id"]): entry.select_one(".number") for entry in articles(root)["ledger"].select(".ledger-entry")
    }
    return {name.removeprefix("ledger-"): number.get_text() for name, number in entries.items() if number is not None}


def facts(root: Path) -> list[Tag]:
    return [link for name, page in articles(root).items() if name != "ledger" for link in page.select("a.fact")]


def test_every_figure_of_the_web_edition_is_there_as_a_vector_picture_with_its_number(root: Path) -> None:
    figures = [one for name, page in articles(root).items() if name != "ledger" for one in page.select("figure")]
    tex = source(root)
    included = re.findall(r"\\includegraphics\[width=\\linewidth\]\{(chart-\w+\.pdf)\}", tex)
    assert len(included) == len(figures) > 0
    for name in included:
        with pikepdf.open(root / "_build/latex" / name) as picture:
            (page,) = picture.pages
            assert "/Font" in page.Resources or "/XObject" in page.Resources
            assert page.mediabox[2] > 300


def test_nothing_is_printed_as_the_name_of_an_object_and_no_code(root: Path) -> None:
    assert REPRS.findall(source(root)) == []


def test_every_fact_stands_there_with_its_number_and_its_stance(root: Path) -> None:
    text, entry = plain(source(root)), numbers(root)
    found = facts(root)
    assert found
    for link in found:
        number = entry[str(link["href"]).partition("#ledger-")[2]]
        assert squeezed(link.get_text() + number) in text


def test_no_heading_sentence_or_cell_without_a_link_is_missing(root: Path) -> None:
    text = plain(source(root))
    compared, missing = 0, []
    for name, page in articles(root).items():
        # LaTeX has its own words for numbers, and the entries in place of what a source lists.
        for number in page.select(".section-number, .caption-number, table.inventory"):
            number.extract()
        for block in page.select("h1, h2, h3, p, td, th, dt, pre"):
            if block.find(["a", "p"]) is None and (said := squeezed(block.get_text().lstrip("0123456789. "))):
                compared += 1
                if said not in text and said != UNUSED:
                    missing.append(f"{name}: {said[:150]}")
    assert compared > 30
    assert missing == []


def test_every_link_leads_to_a_target_that_stands_once(root: Path) -> None:
    tex = source(root)
    targets = re.findall(r"\\label\{\\detokenize\{(.+?)\}\}", tex)
    assert len(targets) == len(set(targets))
    used = re.findall(r"\\hyperref\[\\detokenize\{(.+?)\}\]|\\evidencepage\{\\detokenize\{(.+?)\}\}", tex)
    assert used
    assert {first or second for first, second in used} - set(targets) == set()


@pytest.mark.thorough
def test_title_author_and_edition_stand_on_the_title_page(report: Path) -> None:
    tex = source(report)
    assert r"\title{Under Watch: North Korean workers in China}" in tex
    assert r"\author{The Under Watch contributors}" in tex
    assert re.search(r"\\date\{\d+-\d+-\d+\}", tex)


def test_a_picture_always_gives_the_same_bytes() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">→ ₩ −</text></svg>'
    made = [vector(svg, date(2020, 1, 2)) for _ in range(2)]
    assert made[0] == made[1]
    assert "→₩−" in squeezed(extract_text(io.BytesIO(made[0])))


@pytest.mark.needs("tex")
def test_tex_sets_the_tiny_book_without_complaint(tides: Path) -> None:
    done = build(tides, *STRICT, "--builder", "pdflatex")
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (tides / "_build/latex").glob("tides.pdf")
    log = path.with_suffix(".log").read_text("utf-8", errors="replace")
    complaints = r"^!.*|Missing character.*|.*undefined.*|.*multiply.defined.*|destination with the same.*"
    assert re.findall(complaints, log, re.MULTILINE) == []
    text = squeezed(extract_text(path))
    for link in facts(tides):
        assert squeezed(str(link.find(string=True))) in text
    with pikepdf.open(path) as document:
        assert str(document.docinfo["/Title"]) == "High Water"
        fonts = {str(item.get("/BaseFont", "")) for item in document.objects if isinstance(item, pikepdf.Dictionary)}
    assert any("SourceSerif" in font for font in fonts)
