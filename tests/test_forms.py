"""What a page can hold (docs/forms): each form stands in the web, print and e-book edition, or fails the build."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import outloud
import pdfua
import pymupdf
import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tests.building import REPORT, built_in, change, copy_book
from tests.javatools import EPUB_CHECKER, HTML_CHECKER
from tests.pages import DESKTOP, PHONE, opened
from tests.printed import Printed, read, squeezed
from tests.printed import Tag as PdfTag
from tests.test_access import violations

pytestmark = pytest.mark.slow

CHAPTER = REPORT / "docs/forms"
# Form -> what it says, the element that says it in web and e-book, and the tag that says it in print.
FORMS = {
    "emphasis": ("emphasis", "em", "Em"),
    "strong": ("weight", "strong", "Strong"),
    "code": ("code_name", "code", "Code"),
    "struck words": ("struck", "s", "Span"),
    "subscript": ("2", "sub", "Span"),
    "superscript": ("3", "sup", "Span"),
    "keyboard": ("Ctrl", "kbd", "Code"),
    "abbreviation": ("UN", "abbr[title='United Nations']", "P"),
    "menu": ("File → Open", ".menuselection", "P"),
    "file name": ("tables/claims.csv", "code.file, .file", "Code"),
    "dollar signs": ("a month, and US$ and HK$ are told apart", "p", "P"),
    "dash": ("A dash – such as this one – is typed", "p", "P"),
    "folder": ("C:\\new, “words” stand in quotation marks…", "p", "P"),
    "dashes in code": ("C:\\new--old", "code", "Code"),
    "hard break": ("second line of it.", "p:has(br)", "P"),
    "footnote": ("It hangs on the pier.", "aside", "Note"),
    "raw words": ("marked", "mark", "P"),
    "nested list": ("its wick", "ul > li > ol > li", "LI"),
    "task open": ("[ ] paint the tower", "li", "LI"),
    "task done": ("[x] wind the clock", "li", "LI"),
    "definition": ("What gives light.", "dl dd", "LI"),
    "second definition": ("What hangs in a window.", "dl dd", "LI"),
    "horizontal list": ("west", "li", "LI"),
    "field list": ("in stone", "dl.field-list dd", "LI"),
    "line block": ("and down again.", ".line", "P"),
    "quotation": ("Nobody came that winter.", "blockquote", "BlockQuote"),
    "epigraph": ("The sea has no landlord.", "blockquote.epigraph", "BlockQuote"),
    "attribution": ("A pilot", ".attribution", "P"),
    "note": ("A note with a", ".admonition.note", "P"),
    "title of a box": ("A titled box", ".admonition-title", "P"),
    "folded admonition": ("Words in the folded box.", ".admonition.dropdown", "P"),
    "see also": ("The page Who came", ".seealso", "P"),
    "version": ("Added in version 2.0: A new gauge.", ".versionadded", "P"),
    "topic": ("Words of the topic.", ".topic", "P"),
    "rubric": ("A rubric", ".rubric", "P"),
    "sidebar": ("Words beside the text.", "aside.sidebar", "P"),
    "title of a sidebar": ("A title beside", "aside.sidebar .sidebar-title", "P"),
    "margin": ("Words in the margin.", "aside.margin", "P"),
    "tab": ("Words for winter.", ".sd-tab-content", "P"),
    "name of a tab": ("Winter", ".sd-tab-label, .admonition-title", "P"),
    "dropdown": ("Words that were folded.", "details, .admonition", "P"),
    "name of a dropdown": ("More of it", "summary, .admonition-title", "P"),
    "card": ("Words of the card.", ".sd-card", "P"),
    "card with a link": ("A card with a link", ".sd-card", "P"),
    "card into the book": ("A card into the book", ".sd-card", "P"),
    "button": ("A button", "a[href='https://example.org/button']", "P"),
    "badge": ("a badge", ".sd-badge", "P"),
    "step": ("Words of the second step.", "li", "LI"),
    "theorem": ("Theorem 2.1 (Of tides)", ".theorem .admonition-title", "P"),
    "words of a theorem": ("Water that rises falls.", ".theorem", "P"),
    "proof": ("It was seen from the tower.", ".proof", "P"),
    "exercise": ("Exercise 2.1 (Of bells)", ".exercise .admonition-title", "P"),
    "words of an exercise": ("Ring the bell.", ".exercise", "P"),
    "solution": ("Solution to Exercise 2.1 (Of bells)", ".solution .admonition-title", "P"),
    "words of a solution": ("The bell was rung.", ".solution", "P"),
    "number of a theorem": ("After Theorem 2.1 comes Exercise 2.1", "p", "P"),
    "caption of code": ("Code with a caption", ".code-block-caption", "P"),
    "code block": ('print("light")', "pre", "Code"),
    "included code": ("author = {Keeper, Ann}", "pre", "Code"),
    "number of code": ("See Listing 2.1", "p", "P"),
    "table": ("south", "table td", "TD"),
    "table with a number": ("Table 2.1", "table caption", "Caption"),
    "head of a row": ("west", "table th[scope=row], table th.stub", "TH"),
    "table from CSV": ("heavy", "table td", "TD"),
    "raw table": ("red and white", "table td", "TD"),
    "cell beside one of two rows": ("green", "table td", "TD"),
    "picture": ("A tower with a red roof", "img", "Figure"),
    "webp with caption": ("The tower in colour", "figcaption", "Caption"),
    "legend": ("It was painted lately.", ".legend", "P"),
    "formula in a line": ("a = \\pi r^2", "math", "Formula"),
    "numbered formula": ("\\bar{x} = \\frac{1}{n} \\sum_{i=1}^{n} x_i \\le \\sqrt{b}", "math", "Formula"),
    "number of a formula": ("as (2.1) has it", "p", "P"),
    "citation": ("and Pilot and Mate [2001] went on", "p", "P"),
    "bibliography": ("Lamps of the Coast", "em", "Em"),
    "glossary": ("Who knows the way.", "dl dd", "LI"),
    "download": ("the references", "p", "P"),
    "DataFrame": ("Brae", "table td", "TD"),
    "dashes of a result": ('"so" -- 1...', "table td", "TD"),
    "backslashes of a result": ('C:\\new \\"it\\"', "table td", "TD"),
    "Markdown result": ("result", "strong", "Strong"),
    "list in a result": ("points", "li", "LI"),
    "LaTeX result": ("\\frac{p}{q} + \\alpha", "math", "Formula"),
    "picture of a cell": ("A green square", "img", "Figure"),
    "plain chart": ("Bars: the north lamp 30 metres, the south lamp 20.", "img, svg", "Figure"),
    "printed text": ("A printed line", "pre", "Code"),
    "text result": ("{'a': 'plain result'}", "pre", "Code"),
    "glued word": ("Here is gluedword", "p", "P"),
    "glued table": ("Inner", "figure td", "TD"),
    "caption of a glued table": ("A glued table.", "figcaption", "Caption"),
}

REASON = 'The keeper -- "saw" -- \\"it\\" in C:\\-...'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chapter in a copy of the tiny book, with its name, a claim and a heading in Hangul, in all editions."""
    root = copy_book(tmp_path_factory.mktemp("forms"))
    for path in CHAPTER.iterdir():
        if path.is_file():
            shutil.copy(path, root / "book" / path.name)
    config = root / "_config.yml"
    change(config, "local_extensions: {", "local_extensions: {example: book, ")
    packages = "  extra_extensions: [sphinx_proof, sphinx_exercise]\n"
    change(config, "sphinx:\n", f"bibtex_bibfiles: [book/references.bib]\nsphinx:\n{packages}")
    change(config, "  config:\n", "  config:\n    bibtex_reference_style: author_year\n")
    entry, ledger = "      - file: book/tide\n", "      - file: book/ledger\n"
    change(root / "_toc.yml", entry, "".join(entry.replace("tide", name) for name in ("tide", "forms", "korean")))
    elsewhere = "      - url: https://example.org/tables\n        title: The tables elsewhere\n"
    change(root / "_toc.yml", ledger, ledger + elsewhere)
    change(root / "data/claims.csv", "The keeper counted some", "The keeper, 등대지기 김, counted some")
    change(root / "data/claims.csv", "B,3,The keeper saw it.,", f'B,3,"{REASON.replace(chr(34), chr(34) * 2)}",')
    shown = "```{data-table} claims\n:columns: claim_id, rating_reason\n```\n"
    plain = re.search(r"^import altair as alt\n.*?^```$", (CHAPTER / "forms.md").read_text("utf-8"), re.M | re.S)
    assert plain
    shown += f"\n```{{code-cell}} python\nimport pandas as pd\n{plain[0]}\n"
    change(root / "book/tide.md", "More.\n", f"More.\n\n{shown}\n<https://example.org/a--b...c>\n")
    built_in(root, "html", "pdf", "epub")
    return root


@pytest.fixture(scope="module")
def printed(root: Path) -> Printed:
    return read((root / "_build/pdf/tides.pdf").read_bytes())


def shown(text: str) -> Tag:
    """A page without the sources of its forms."""
    page = BeautifulSoup(text, "html.parser")
    for left_out in page.select(".highlight-markdown, .headerlink, .chart-tools, .chart-narrow"):
        left_out.decompose()
    found = page.select_one("article") or page
    for source in found.select("pre"):  # the e-book does not say of which language
        if squeezed(source.get_text()) in SOURCES:
            source.decompose()
    return found


SOURCES = {
    squeezed(source)
    for source in re.findall(r"^`{4}\{example\}\n(.*?)\n`{4}$", (CHAPTER / "forms.md").read_text("utf-8"), re.M | re.S)
}


@cache
def web(root: Path, name: str) -> Tag:
    return shown((root / f"_build/html/book/{name}.html").read_text("utf-8"))


@cache
def ebook(root: Path, name: str) -> Tag:
    with zipfile.ZipFile(root / "_build/epub/tides.epub") as archive:
        return shown(archive.read(f"EPUB/book-{name}.xhtml").decode())


def says(tag: Tag, words: str) -> bool:
    attributes = (str(tag.get(name, "")) for name in ("alt", "alttext", "aria-label"))
    return squeezed(words) in squeezed(tag.get_text()) or squeezed(words) in map(squeezed, attributes)


@pytest.mark.parametrize("name", FORMS)
def test_each_form_says_the_same_in_every_edition(root: Path, printed: Printed, name: str) -> None:
    words, selector, role = FORMS[name]
    for edition in (web, ebook):
        assert [tag for tag in edition(root, "forms").select(selector) if says(tag, words)], edition.__name__
    found = [
        tag
        for tag in printed.tree.walk()
        if tag.role == role and (squeezed(words) in squeezed(printed.text(tag)) or words == tag.attributes.get("Alt"))
    ]
    assert found, {tag.role for tag in printed.tree.walk() if squeezed(words) in squeezed(printed.text(tag))}


def test_whoever_hears_the_text_of_a_tag_before_what_is_in_it_hears_print_in_order(printed: Printed) -> None:
    """So do some checkers and screen readers; what floats is tagged where the text calls it."""
    for tag in printed.tree.walk():
        first = next((place for place, one in enumerate(tag.held) if isinstance(one, PdfTag)), len(tag.held))
        assert all(isinstance(one, PdfTag) for one in tag.held[first:]), printed.text(tag)


def test_heads_of_rows_and_columns_are_told_apart_and_no_line_of_code_is_an_empty_tag(printed: Printed) -> None:
    scopes = {printed.text(tag): tag.attributes.get("Scope") for tag in printed.tree.walk() if tag.role == "TH"}
    assert scopes["west"] == scopes["1"] == "/Row" and scopes["lamp"] == scopes["quay"] == "/Column"
    assert [tag for tag in printed.tree.walk() if tag.role == "P" and not tag.held] == []


def test_a_note_that_is_called_twice_stands_once(root: Path, printed: Printed) -> None:
    assert sum("hangs on the pier" in printed.text(tag) for tag in printed.tree.walk() if tag.role == "Note") == 1
    assert len(ebook(root, "forms").select('aside[role="doc-footnote"]')) == 1
    assert len(ebook(root, "forms").select('a[role="doc-noteref"]')) == 2
    calls = [printed.text(tag, but="Note") for tag in printed.tree.walk() if tag.role == "P"]
    assert any(re.search(r"gauge(\d+)wasreadoften,andthegauge\1was", squeezed(said)) for said in calls)


def test_amounts_in_dollars_are_no_formula_and_the_fact_between_them_is_worded(root: Path, printed: Printed) -> None:
    for edition in (web, ebook):
        (line,) = (tag for tag in edition(root, "forms").select("p") if "US$ and HK$" in tag.get_text())
        assert "$over 600" in line.get_text() and line.select_one("math") is None
    assert "$over600" in squeezed(printed.text())
    head = (root / "_build/html/book/forms.html").read_text("utf-8").partition("</head>")[0]
    assert "Every form of content" in head


def test_what_tables_and_addresses_hold_stays_as_it_is_written_but_for_curled_quotes(
    root: Path, printed: Printed
) -> None:
    shown = REASON.replace('"saw"', "“saw”")
    for edition in (web, ebook):
        cells = [cell.get_text() for cell in edition(root, "tide").select(".table-claims td:nth-of-type(2)")]
        assert set(cells) == {shown} and len(cells) == 5, edition.__name__
        assert "example.org/a--b...c" in edition(root, "tide").get_text()
    assert web(root, "ledger").get_text().count(shown) == 5
    text = squeezed(printed.text())
    assert text.count(squeezed(shown)) == 10, "in the table and in the ledger"
    assert "example.org/a--b...c" in text


def test_an_abbreviation_is_explained_once_where_nobody_can_point_at_it(root: Path, printed: Printed) -> None:
    assert "UN (United Nations)" in printed.text()
    assert "UN (United Nations)" in ebook(root, "forms").get_text()
    assert "UN (United Nations)" not in web(root, "forms").get_text(), "there it is a tool tip"


def test_formulas_are_mathml_and_no_script_is_fetched_for_them(root: Path) -> None:
    for edition in (web, ebook):
        assert len(edition(root, "forms").select("math")) == 3
    assert "mathjax" not in (root / "_build/html/book/forms.html").read_text("utf-8").lower()


def test_links_of_cards_lead_where_they_say(root: Path, printed: Printed) -> None:
    for edition in (web, ebook):
        found = {str(link["href"]) for link in edition(root, "forms").select(".sd-card a")}
        assert "https://example.org/card" in found and len(found) == 2, edition.__name__
    assert "example.org/card" in squeezed(printed.text())


def test_a_plain_chart_has_its_table_and_needs_no_script(root: Path) -> None:
    for name in ("forms", "tide"):  # the second imports figures, with which Altair draws as the report does
        page = (root / f"_build/html/book/{name}.html").read_text("utf-8")
        assert "cdn.jsdelivr" not in page and "vega-embed" not in page
        tools = BeautifulSoup(page, "html.parser").select(".chart-tools")[-1]
        assert [cell.get_text() for cell in tools.select("td")] == ["north", "30", "south", "20"], name


NAMES = (
    "등대지기의 하루",
    "등대지기 김",
    "丹東",
    "灯台",
    "مرحبا",
    "שלום",
    "สวัสดี",
    "नमस्ते",
    "✓",
    "★",
    "😀",
    "제목: a heading in Hangul",
)


def test_other_scripts_stand_in_every_edition_in_pinned_faces(root: Path, printed: Printed) -> None:
    text = re.sub("[\u202c\u2067\u2069]", "", squeezed(printed.text()))
    for words in NAMES:
        assert words in web(root, "korean").get_text() and words in ebook(root, "korean").get_text(), words
        is_rtl = words in ("مرحبا", "שלום")  # painted from its end, a letter of Arabic in several strokes
        assert set(words) <= set(text) if is_rtl else squeezed(words) in text, words
    assert squeezed("The keeper, 등대지기 김, counted some") in text, "a claim"
    with zipfile.ZipFile(root / "_build/epub/tides.epub") as archive:
        css = archive.read("EPUB/book.css").decode()
        faces = [name for name in archive.namelist() if name.startswith("EPUB/fonts/Noto")]
        assert {Path(name).stem for name in faces} >= {"NotoSansCJKjp-Regular", "NotoSansCJKjp-Bold", "NotoSansArabic"}
        assert sum(len(archive.read(name)) for name in faces) < 60_000, "only the letters that are used"
    assert all(f'url("{name.removeprefix("EPUB/")}")' in css for name in faces)
    assert "U+B4F1" in css, "등"
    # What packs them is imported by name only, and stood in the list of those who develop.
    assert re.search("^brotli==", (REPORT / "requirements.txt").read_text("utf-8"), re.MULTILINE)


def test_runs_of_other_scripts_tell_their_language_and_keep_apart(root: Path, printed: Printed) -> None:
    for edition in (web, ebook):
        page = edition(root, "korean")
        assert {str(tag["lang"]) for tag in page.select("p [lang]")} >= {"ko", "ar", "he", "th", "hi"}
        assert [tag.get_text() for tag in page.select('bdi[dir="rtl"]')] == ["مرحبا", "שלום"]
    with pymupdf.open(root / "_build/pdf/tides.pdf") as document:
        page = next(page for page in document if "a guest wrote" in page.get_text())
        lines = [line["spans"] for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
        spans = sorted(
            (span["bbox"][0], span["text"]) for line in lines for span in line if "a guest wrote" in str(line)
        )
    order = [next(place for place, text in spans if part in text) for part in ("guest wrote", "\u0645", "(40", ") and")]
    assert order == sorted(order), "a number behind what runs from right to left stays behind it"


def test_an_address_in_the_contents_stands_on_the_front_page_and_in_print(root: Path, printed: Printed) -> None:
    front = BeautifulSoup((root / "_build/html/book/index.html").read_text("utf-8"), "html.parser")
    assert front.select_one('.front-part a[href="https://example.org/tables"]').get_text() == "The tables elsewhere"
    assert "Thetableselsewhereexample.org/tables" in squeezed(printed.text())


def test_checkers_find_nothing_in_any_edition(root: Path, tmp_path: Path) -> None:
    path = root / "_build/pdf/tides.pdf"
    assert [str(finding) for finding in pdfua.validate(str(path)).findings] == []
    found = outloud.check(str(path))
    assert [str(one) for one in found.findings if str(one.severity).lower().endswith("error")] == []
    command = EPUB_CHECKER.find()
    assert command, "no EPUBCheck: run `make test`, or python -m tests.javatools"
    done = subprocess.run([*command, str(root / "_build/epub/tides.epub")], capture_output=True, text=True, check=False)
    assert "0 fatals / 0 errors / 0 warnings / 0 infos" in done.stdout, done.stdout + done.stderr
    command = HTML_CHECKER.find()
    assert command, "no HTML checker: run `make test`, or python -m tests.javatools"
    options = ["--errors-only", "--format", "gnu", "--skip-non-html"]
    done = subprocess.run([*command, *options, str(root / "_build/html")], capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", ["forms", "korean"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    root: Path, chromium: Browser, page: str, width: int
) -> None:
    for scheme in ("light", "dark"):
        tab, problems = opened(chromium, root / f"_build/html/book/{page}.html", width, scheme)
        assert violations(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert problems == []
        tab.context.close()


@pytest.mark.parametrize("query", ["등대지기", "등대", "丹東", "제목"])
def test_the_search_finds_words_of_other_scripts_and_their_beginnings(
    root: Path, chromium: Browser, query: str
) -> None:
    tab, problems = opened(chromium, root / "_build/html/search.html", DESKTOP)
    tab.locator("#q").fill(query)
    tab.keyboard.press("Enter")
    found = tab.locator(".search-found").inner_text()
    assert "등대지기의 하루" in found and problems == []
    assert "counted some" in found or query != "등대지기", "a claim in the ledger"
    tab.context.close()
