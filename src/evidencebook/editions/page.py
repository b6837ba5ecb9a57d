"""The print edition's page: cover, imprint, contents and chapters as one HTML document for WeasyPrint."""

from __future__ import annotations

from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from evidencebook.charts import fonts
from evidencebook.dates import words as date_words
from evidencebook.editions.edition import Edition, citation

TEMPLATES = Path(__file__).parent / "templates"
# What has a use on screen only.
SCREEN_ONLY = ".headerlink, .cell_input, details.hide.above-input, .toctree-wrapper, script, style, button"


def page(body: str, book: Edition, root: Path, numbers: dict[str, int]) -> str:
    """Return the complete HTML document.

    `body` is the assembled book as Sphinx wrote it, `numbers` gives each fact's number in the evidence ledger.
    """
    soup = BeautifulSoup(body, "html.parser")
    for node in soup.select(SCREEN_ONLY):
        node.decompose()
    for link in soup.select("a[href]"):
        # A relative address would become the path of this machine in the PDF.
        if not str(link["href"]).startswith(("#", "http:", "https:", "mailto:")):
            link.unwrap()
    number_facts(soup, numbers)
    for cell in soup.select("thead th"):
        cell["scope"] = "col"
    for heading in soup.select("section > h1"):
        # The page break belongs to the section: its id is what page references count.
        heading.parent["class"] = "chapter"  # type: ignore[index]
    own_style = root / "book" / "_static" / "print.css"
    css = (TEMPLATES / "print.css").read_text(encoding="utf-8")
    css += own_style.read_text(encoding="utf-8") if own_style.is_file() else ""
    faces = "".join(fonts.font_face_css(face, face.path.as_uri()) for face in fonts.FACES)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(_full_title(book))}</title>'
        f'<meta name="author" content="{escape(citation(root).authors)}">'
        f'<meta name="description" content="{escape(book.description)}">'
        f'<meta name="keywords" content="{escape(", ".join(book.keywords))}">'
        f'<meta name="dcterms.created" content="{book.date}"><meta name="dcterms.modified" content="{book.date}">'
        f"<style>{faces}{css}</style></head><body>"
        f"{_cover(book)}{_imprint(book, root)}{_contents(soup)}<main>{soup}</main></body></html>"
    )


def number_facts(soup: BeautifulSoup, numbers: dict[str, int]) -> None:
    """Put each fact's evidence number behind it, inside the link, so that paper leads to the ledger too.

    What a link says for those who cannot see its dashed line moves beside the number: paper shows no hidden text.
    """
    for link in soup.select("a.fact[href^='#ledger-']"):
        fact_id = str(link["href"]).removeprefix("#ledger-")
        mark = soup.new_tag("sup", attrs={"class": "evidence-number"})
        said = [hidden.extract().get_text().strip(" ()") for hidden in link.select(".modality")]
        mark.string = " ".join([str(numbers[fact_id]), *said])
        link.append(mark)


def _full_title(book: Edition) -> str:
    return f"{book.title}: {book.subtitle}" if book.subtitle else book.title


def _cover(book: Edition) -> str:
    return (
        f'<section class="cover"><p class="cover-title">{escape(book.title)}</p>'
        f'<p class="cover-subtitle">{escape(book.subtitle)}</p><p class="cover-lead">{escape(book.description)}</p>'
        f'<p class="cover-edition">{escape(date_words(book.date.isoformat()))} · version {escape(book.version)} · '
        f"digest {escape(book.digest)}</p></section>"
    )


def _imprint(book: Edition, root: Path) -> str:
    cited = citation(root)
    return (
        '<section class="imprint"><p class="imprint-head">How to cite</p>'
        f"<p>{escape(cited.sentence(book))}</p>"
        f'<p class="imprint-head">Licence</p><p>{escape(book.licence)}</p>'
        '<p class="imprint-head">Evidence numbers</p><p>A small number behind a value is its number in the evidence '
        "ledger at the end, where the claim, its voice, its source and its ratings stand.</p></section>"
    )


def _contents(soup: BeautifulSoup) -> str:
    lines = []
    is_numbered = False
    for heading in soup.select("h1, h2"):
        if heading.name == "h1":
            is_numbered = heading.select_one(".section-number") is not None
        section = heading.find_parent("section")
        # Sections of the appendix would drown the chapters.
        if section is None or not section.get("id") or (heading.name == "h2" and not is_numbered):
            continue
        text = escape(heading.get_text().strip())
        lines.append(f'<li class="{heading.name}"><a href="#{section["id"]}">{text}</a></li>')
    return f'<nav class="contents"><p class="contents-head">Contents</p><ol>{"".join(lines)}</ol></nav>'
