"""The front page and what the edition says of itself to others, on the tiny book with an address of its own."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

from evidencebook import edition
from evidencebook.editions.web import sitemap
from tests.building import built_in, change, copy_book, copy_report, one, soup

BASE = "https://example.org/tides"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book with the address under which it is to be published."""
    root = copy_book(tmp_path_factory.mktemp("front"))
    change(root / "_config.yml", "html_static_path: []", f"html_static_path: []\n    html_baseurl: {BASE}/")
    # A long front page is not the first that is written.
    change(root / "book/index.md", "Much.", "Much.\n" + "\nNobody wrote down how high the water stood.\n" * 200)
    built_in(root, "pdf", "html")  # pages offer a PDF that is there
    return root


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    return root / "_build/html"


def test_the_title_area_has_title_subtitle_date_version_and_pdf(root: Path, site: Path) -> None:
    page, own = soup(site / "book/index.html"), edition.edition(root)
    assert one(page, "hgroup h1").get_text().startswith("High water")
    assert one(page, "hgroup .subtitle").get_text() == "tides at North Rock"
    line = one(page, ".edition-line")
    assert f"Version {own.version}" in line.get_text()
    assert one(line, "a[href$='.pdf']")["href"] == f"../{own.name}.pdf"


def test_the_front_page_has_the_contents_of_the_book_as_any_other(site: Path) -> None:
    front, other = (soup(site / f"book/{name}.html").select("nav.contents a") for name in ("index", "tide"))
    assert [link.get_text() for link in front] == [link.get_text() for link in other] != []


def test_the_contents_name_every_page_below_with_its_own_title(site: Path) -> None:
    page = soup(site / "book/index.html")
    listed = {str(link["href"]): link.get_text(" ", strip=True) for link in page.select(".chapters a")}
    assert set(listed) == {str(link["href"]) for link in page.select("nav.contents li.toctree-l1 > a")}
    for address, text in listed.items():
        title = soup(site / "book" / address).select_one("article h1")
        assert title
        numbered = page.select(f".chapters ol a[href='{address}']")
        words = title.get_text(" ", strip=True).removesuffix("¶").strip()
        assert not numbered or text.endswith(words.split(". ", 1)[-1])


def test_the_edition_names_its_digest_and_its_citation(root: Path, site: Path) -> None:
    said = one(soup(site / "book/index.html"), ".this-edition").get_text(" ", strip=True)
    own = edition.edition(root)
    assert own.digest in said
    assert edition.citation(root).sentence(own) in said


def test_only_the_front_page_has_the_title_area(site: Path) -> None:
    assert not soup(site / "book/tide.html").select("hgroup, .this-edition, .chapters")


def test_every_page_tells_other_sites_its_title_and_shows_the_picture_by_its_whole_address(site: Path) -> None:
    with Image.open(site / "_static/share.png") as picture:
        assert picture.size == (1200, 630)
    for path in [*site.glob("book/*.html")]:
        head = one(soup(path), "head")
        assert one(head, "meta[property='og:image']")["content"] == f"{BASE}/_static/share.png"
        assert one(head, "link[rel=canonical]")["href"] == f"{BASE}/{path.relative_to(site).as_posix()}"
        title = str(one(head, "meta[property='og:title']")["content"])
        assert one(head, "title").get_text().startswith(title)
        assert not title[0].isdigit()
        assert one(head, "meta[name=description]")["content"] == one(head, "meta[property='og:description']")["content"]


def addressed(site: Path, base: str) -> None:
    """Every page says where it is published, and the map of the site says it of all pages of the report."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    mapped = {str(url.findtext(f"{space}loc")) for url in ElementTree.parse(site / "sitemap.xml").getroot()}
    paths = sorted({path.relative_to(site).as_posix() for path in site.rglob("*.html")})
    assert mapped == {f"{base}/{path}" for path in paths if path not in sitemap.UNLISTED}
    for path in paths:
        head = one(soup(site / path), "head")
        assert one(head, "meta[property='og:image']")["content"] == f"{base}/_static/share.png", path
        named = {
            str(tag.get("href") or tag.get("content")) for tag in head.select("[rel=canonical], [property='og:url']")
        }
        shown = {"404.html": set(), "index.html": {f"{base}/book/index.html"}}
        assert named == shown.get(path, {f"{base}/{path}"}), path


def test_every_page_of_the_edition_has_its_whole_address(site: Path) -> None:
    addressed(site, BASE)


@pytest.mark.thorough
def test_one_line_of_the_settings_gives_the_report_itself_its_address(tmp_path: Path) -> None:
    copy_report(tmp_path)
    change(tmp_path / "_config.yml", "# html_baseurl:", "html_baseurl:")
    built_in(tmp_path, "html")
    site = tmp_path / "_build/html"
    addressed(site, "https://example.org/under-watch")
    assert len(list(site.glob("book/**/*.html"))) > 12
    assert edition.edition(tmp_path).digest in (site / "book/index.html").read_text("utf-8")


def test_the_address_is_part_of_what_the_digest_is_made_from(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    before = edition.edition(root).digest
    change(root / "_config.yml", "html_static_path: []", f"html_static_path: []\n    html_baseurl: {BASE}/")
    assert edition.edition(root).digest != before


def test_pages_that_are_none_of_the_report_are_not_listed(site: Path) -> None:
    for name in ("404.html", "search.html"):
        assert one(soup(site / name), "meta[name=robots]")["content"] == "noindex"
    assert not soup(site / "book/tide.html").select("meta[name=robots]")


def test_the_site_map_lists_every_page_of_the_report_once_by_its_whole_address(root: Path, site: Path) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    urls = ElementTree.parse(site / "sitemap.xml").getroot()
    found = [str(url.findtext(f"{space}loc")) for url in urls]
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - sitemap.UNLISTED
    assert sorted(found) == sorted(f"{BASE}/{page}" for page in pages)
    assert {url.findtext(f"{space}lastmod") for url in urls} == {edition.edition(root).date.isoformat()}
    assert f"Sitemap: {BASE}/sitemap.xml" in (site / "robots.txt").read_text("utf-8")


def test_a_page_that_is_not_found_leads_back_from_wherever_it_is_shown(site: Path) -> None:
    page = soup(site / "404.html")
    links = [str(link["href"]) for link in page.select("a[href]")]
    assert "/tides/book/index.html" in links
    assert all(link.startswith(("/tides/", "#", "https:")) for link in links)
    assert all(str(script["src"]).startswith("/tides/_static/") for script in page.select("script[src]"))
    assert 'url("/tides/_static/fonts/' in one(page, "style").get_text()
    assert str(one(soup(site / "search.html"), "a.nameplate")["href"]) == "book/index.html"


def test_without_an_address_there_is_no_site_map_and_the_picture_lies_beside_the_pages(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    built_in(root, "html")
    site = root / "_build/html"
    assert not (site / "sitemap.xml").exists()
    assert (site / "robots.txt").read_text("utf-8") == "User-agent: *\nAllow: /\n"
    head = one(soup(site / "book/tide.html"), "head")
    picture = str(one(head, "meta[property='og:image']")["content"])
    assert not urlsplit(picture).scheme
    assert (site / "book" / picture).resolve() == (site / "_static/share.png").resolve()
    assert not head.select("link[rel=canonical]")
