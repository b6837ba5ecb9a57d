"""The e-book: valid, the same bytes everywhere, worded as the web edition, and readable by everybody and offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from copy import copy
from functools import cache
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from evidencebook.edition import edition
from evidencebook.editions import covers
from evidencebook.evidence.account import Accounts
from evidencebook.evidence.facts import Evidence
from tests.building import built_in, change, copy_book, one
from tests.javatools import EPUB_CHECKER
from tests.pages import PHONE, pages, parsed
from tests.printed import squeezed
from tests.test_doubts import wrong
from tests.test_pdf import FORMS

pytestmark = pytest.mark.slow

SCREEN_ONLY = (
    ".headerlink, .chart, .chart-tools, .cell_input, details, script, style, button, template, nav, .toctree-wrapper, "
    ".front-part, .edition-line, .subtitle, .section-number"
)
ACTIVE = "script, iframe, object, embed, form, button, input, video, audio, details, summary, style, [onclick]"
FORMS = FORMS.replace("The end.", "The [tide](tide.md) again, and {src}`harbour-log`.\n\nThe end.")


def made(root: Path) -> Path:
    built_in(root, "epub")
    (path,) = (root / "_build/epub").iterdir()
    assert path.name == f"{edition(root).name}.epub"
    return path


def with_forms(folder: Path) -> Path:
    root = copy_book(folder)
    (root / "book/forms.md").write_text(FORMS, "utf-8")
    change(root / "_config.yml", "  config:\n", "  config:\n    myst_enable_extensions: [deflist]\n")
    change(root / "_toc.yml", "      - file: book/tide\n", "      - file: book/tide\n      - file: book/forms\n")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_forms(tmp_path_factory.mktemp("epub"))


@pytest.fixture(scope="module")
def tides(root: Path) -> Path:
    return made(root)


@pytest.fixture(scope="module")
def report(site: Path) -> Path:
    """The e-book of the report itself, for which nothing is executed again."""
    root = site.parents[1]
    assert built_in(root, "epub") == set()
    return root / "_build/epub/under-watch.epub"


@pytest.fixture(params=["tides", pytest.param("report", marks=pytest.mark.thorough)])
def book(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@cache
def texts(path: Path, suffix: str = ".xhtml") -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(suffix)}


@cache
def documents(path: Path) -> dict[str, BeautifulSoup]:
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts(path).items()}


def addresses(found: BeautifulSoup) -> Iterator[str]:
    for name in ("href", "src", "srcset"):
        yield from (str(tag[name]) for tag in found.select(f"[{name}]"))


@pytest.mark.thorough
def test_epubcheck_finds_nothing_to_complain_of(book: Path) -> None:
    command = EPUB_CHECKER.find()
    assert command, "no EPUBCheck: run `make test`, or python -m tests.javatools"
    done = subprocess.run([*command, str(book)], capture_output=True, text=True, check=False)
    assert "0 fatals / 0 errors / 0 warnings / 0 infos" in done.stdout, done.stdout + done.stderr


@pytest.mark.thorough
def test_it_has_the_same_bytes_in_another_place_and_time(tides: Path, tmp_path: Path) -> None:
    elsewhere = with_forms(tmp_path / "a far/away place")
    command = [sys.executable, "-m", "evidencebook", "epub", "--root", str(elsewhere)]
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=0o077)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / "_build/epub/tides.epub").read_bytes() == tides.read_bytes()


def test_the_archive_opens_with_its_type_and_knows_no_time_but_the_edition_s(root: Path, tides: Path) -> None:
    day = edition(root).date
    with zipfile.ZipFile(tides) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", 0, b"application/epub+zip")
        assert [entry.filename for entry in others] == sorted(entry.filename for entry in others)
        assert {entry.date_time for entry in archive.infolist()} == {(day.year, day.month, day.day, 0, 0, 0)}
        assert {entry.external_attr for entry in archive.infolist()} == {0o100644 << 16}


@pytest.mark.thorough
def test_the_package_says_what_it_is_whose_and_for_whom(site: Path, report: Path) -> None:
    own = edition(site.parents[1])
    text = texts(report, ".opf")["EPUB/package.opf"]
    package = ElementTree.fromstring(text)
    dc, opf = "{http://purl.org/dc/elements/1.1/}", "{http://www.idpf.org/2007/opf}"

    def said(name: str) -> list[str]:
        return [str(tag.text) for tag in package.iter(f"{dc}{name}")]

    assert said("title") == [f"{own.title}: {own.subtitle}"]
    assert said("creator") == ["The Under Watch contributors"]
    assert (said("language"), said("date")) == (["en"], [own.date.isoformat()])
    assert (said("rights"), said("description")) == ([own.licence], [own.description])
    assert said("subject") == list(own.keywords)
    assert said("identifier")[0].startswith("urn:uuid:")
    meta: dict[str, list[str]] = {}
    for tag in package.iter(f"{opf}meta"):
        meta.setdefault(tag.get("property", ""), []).append(str(tag.text))
    assert meta["dcterms:modified"] == [f"{own.date.isoformat()}T00:00:00Z"]
    assert meta["schema:accessMode"] == ["textual", "visual"]
    assert "textual" in meta["schema:accessModeSufficient"]
    assert {"alternativeText", "tableOfContents", "structuralNavigation"} <= set(meta["schema:accessibilityFeature"])
    assert meta["schema:accessibilityHazard"] == ["none"]
    assert meta["schema:accessibilitySummary"][0]
    assert "conformsTo" not in text, "nobody has found that it conforms"


def test_every_document_has_a_title_of_its_own_its_language_and_one_main_heading(book: Path) -> None:
    found = documents(book)
    titles = [one(page, "title").get_text() for page in found.values()]
    assert all(titles)
    assert len(titles) - len(set(titles)) <= 1, "the title page and the front page are both called as the book"
    for name, page in found.items():
        html = one(page, "html")
        assert (html["lang"], html["xml:lang"]) == ("en", "en"), name
        levels = [int(tag.name[1]) for tag in page.select("h1, h2, h3, h4, h5, h6")]
        if "cover" not in name:
            assert levels.count(1) == 1 == levels[0], name
            assert all(low - high <= 1 for high, low in pairwise(levels)), name


def test_the_contents_lead_to_every_page_and_landmarks_to_what_a_reader_looks_for(book: Path) -> None:
    nav = documents(book)["EPUB/nav.xhtml"]
    listed = {urlsplit(str(link["href"])).path for link in nav.select("nav#toc a")}
    own = {name.removeprefix("EPUB/") for name in texts(book)} - {"cover.xhtml", "title.xhtml", "nav.xhtml"}
    assert listed == own
    landmarks = {str(link["epub:type"]) for link in one(nav, 'nav[epub\\:type="landmarks"]').select("a")}
    assert {"cover", "titlepage", "toc", "bodymatter", "backmatter"} <= landmarks
    figures = sum(len(page.select("figure")) for page in documents(book).values())
    assert len(nav.select("nav#figures a")) == figures > 0


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere(book: Path) -> None:
    found = documents(book)
    ids = {name: {str(tag["id"]) for tag in page.select("[id]")} for name, page in found.items()}
    with zipfile.ZipFile(book) as archive:
        names = set(archive.namelist())
    for name, page in found.items():
        assert page.select(ACTIVE) == [], name
        for tag in page.select("[src], [srcset], link[href]"):
            for attribute in ("src", "srcset", "href"):
                assert not urlsplit(str(tag.get(attribute, ""))).scheme, name
        for address in addresses(page):
            parts = urlsplit(address)
            if not parts.scheme:
                target = normpath(join(dirname(name), parts.path)) if parts.path else name
                assert target in names, (name, address)
                assert not parts.fragment or parts.fragment in ids[target], (name, address)
    for suffix in (".css", ".svg"):
        for name, text in texts(book, suffix).items():
            loaded = re.findall(r'url\("?([^")]+)|@import|href="([^"#]+)', text)
            assert all((a or b).startswith(("fonts/", "data:font/ttf", "#")) for a, b in loaded), name
            assert "<script" not in text


def test_every_picture_has_words_and_a_light_ground_and_brings_its_letters(book: Path) -> None:
    images = [tag for page in documents(book).values() for tag in page.select("img")]
    assert images
    assert all(str(tag.get("alt", "")).strip() for tag in images)
    pictures = texts(book, ".svg")
    assert pictures
    for name, text in pictures.items():
        tree = ElementTree.fromstring(text)
        svg = "{http://www.w3.org/2000/svg}"
        assert [child.tag for child in tree][:3] == [f"{svg}title", f"{svg}style", f"{svg}rect"], name
        assert tree.find(f"{svg}rect").attrib == {"width": "100%", "height": "100%", "fill": "#ffffff"}, name  # type: ignore[union-attr]
        assert "font/ttf" in text


def test_heads_of_tables_say_what_they_are_heads_of(book: Path) -> None:
    heads = [tag for page in documents(book).values() for tag in page.select("th")]
    assert heads
    assert {str(tag.get("scope")) for tag in heads} <= {"col", "row"}
    for page in documents(book).values():
        assert all(table.select("thead th") for table in page.select("table"))


def article(page: BeautifulSoup | Tag, drop: str) -> Tag:
    found = copy(page.select_one("article") or page)
    for tag in found.select(drop):
        tag.decompose()
    return found


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    assert found
    return found[1]


def own_pages(book: Path, web: Path, site: Path) -> list[Tag]:
    """The documents of the e-book that hold a page of the web edition: several for the ledger."""
    stem = "EPUB/" + str(web.relative_to(site).with_suffix("")).replace("/", "-")
    (opf,) = texts(book, ".opf").values()
    items = re.findall(r"<item [^>]*>", opf)
    addresses = {attribute(item, "id"): f"EPUB/{attribute(item, 'href')}" for item in items}
    read = [addresses[attribute(ref, "idref")] for ref in re.findall(r"<itemref [^>]*>", opf)]
    return [copy(one(documents(book)[name], "body")) for name in read if name.startswith((f"{stem}.", f"{stem}-"))]


@pytest.mark.thorough
def test_every_fact_is_worded_as_in_the_web_edition_and_has_the_number_of_its_entry(site: Path, report: Path) -> None:
    evidence = Evidence.load(site.parents[1])
    numbers = {fact_id: str(n) for fact_id, n in Accounts(evidence).numbers.items()}
    total = 0
    for web in pages(site):
        theirs = [
            (urlsplit(str(link["href"])).fragment, squeezed(link.get_text()))
            for link in article(parsed(web), SCREEN_ONLY).select("a.fact")
        ]
        ours = []
        for page in own_pages(report, web, site):
            assert wrong(evidence, page) == []
            for link in page.select("a.fact"):
                anchor = urlsplit(str(link["href"])).fragment
                assert one(link, "sup.evidence").extract().get_text() == numbers[anchor.removeprefix("ledger-")]
                after = link.next_sibling
                stance = after.get_text() if isinstance(after, Tag) and "stance" in after.get("class", []) else ""
                ours.append((anchor, squeezed(link.get_text() + stance)))
                said = str(link["aria-label"])
                assert squeezed(said.rpartition(", entry ")[0]) == ours[-1][1]
        assert ours == theirs, web
        total += len(ours)
    assert total > 80


@pytest.mark.thorough
def test_every_sentence_cell_and_caption_stands_in_the_e_book(site: Path, report: Path) -> None:
    for web in pages(site):
        theirs = squeezed(article(parsed(web), SCREEN_ONLY).get_text(" "))
        drop = "sup.evidence, p.above, .section-number"
        ours = squeezed(" ".join(article(page, drop).get_text(" ") for page in own_pages(report, web, site)))
        assert ours == theirs, web


@pytest.mark.thorough
def test_an_entry_of_the_ledger_leads_to_where_its_fact_is_used(site: Path, report: Path) -> None:
    found = documents(report)
    facts = {
        urlsplit(str(link["href"])).fragment
        for name, page in found.items()
        for link in page.select("a.fact")
        if "ledger" not in name
    }
    assert facts
    for name, page in found.items():
        for entry in page.select(".ledger-entry"):
            if str(entry["id"]) in facts:
                terms = {term.get_text(): term for term in entry.select("dt")}
                uses = terms["Used on"].find_next_sibling("dd")
                assert isinstance(uses, Tag)
                assert uses.select("a[href]"), (name, entry["id"])


def test_footnotes_and_all_sorts_of_content_have_their_form(tides: Path) -> None:
    page = documents(tides)["EPUB/book-forms.xhtml"]
    (ref,) = page.select('a[epub\\:type="noteref"]')
    note = one(page, f'aside[epub\\:type="footnote"]{ref["href"]}')
    assert "Said below, with weight." in note.get_text()
    assert one(note, 'a[role="doc-backlink"]')["href"] == f"#{ref['id']}"
    for selector, words in (
        ("ol > li", "Second, with code_name."),
        ("blockquote", "Somebody else’s words."),
        ("pre code", 'make check && echo "done"'),
        ("div.admonition", "It matters."),
        ("dl dd", "What it means."),
        ("td", "North Rock"),
        ("td a[href='https://example.org/work']", "work"),
        ("em", "below"),
        ("p", "Signs: $ # *_~`<>@ = “so” // \\ [x] {y}."),
    ):
        assert [tag for tag in page.select(selector) if words in tag.get_text()], selector


def test_code_and_controls_of_the_screen_stay_out(book: Path) -> None:
    text = "".join(page.get_text() for page in documents(book).values())
    for words in ("from figures import", "Show the code", "Notes, data and citation", "alt.Chart"):
        assert words not in text


@pytest.mark.thorough
def test_nothing_is_wider_than_a_phone_and_the_letters_of_charts_are_loaded(
    report: Path, tmp_path: Path, chromium: Browser
) -> None:
    with zipfile.ZipFile(report) as archive:
        archive.extractall(tmp_path)
    tab = chromium.new_page(viewport={"width": PHONE, "height": 800})
    for path in sorted((tmp_path / "EPUB").glob("*.xhtml")):
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE, path.name
    picture = max((tmp_path / "EPUB/pictures").glob("*.svg"), key=lambda path: path.stat().st_size)
    tab.goto(picture.as_uri())
    tab.evaluate("document.fonts.ready")
    assert tab.evaluate("[...document.fonts].every(face => face.status === 'loaded')")
    tab.close()


def test_the_cover_is_portrait_and_its_lines_fit_however_long_the_title(root: Path) -> None:
    own = edition(root)
    assert covers.COVER.width < covers.COVER.height
    for title in (own.title, "A Very Long Title of Many Words that Does Not Fit into a Line or Two of the Cover"):
        drawn = covers.cover(type(own)(**{**vars(own), "title": title}))
        for y in re.findall(r' y="([\d.]+)"', drawn):
            assert float(y) < covers.COVER.height - 100
        assert covers.png(covers.cover(own))[:8] == b"\x89PNG\r\n\x1a\n"
