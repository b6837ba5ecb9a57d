"""The e-book as a package: EPUB 3 (https://www.w3.org/TR/epub-33/) from documents that are ready to be read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template

from evidencebook.charts import fonts
from evidencebook.charts.palette import DARK, LIGHT, PRINT
from evidencebook.edition import Citation, Edition
from evidencebook.editions import covers
from evidencebook.editions.archives import packed

STYLE = Path(__file__).parent / "book.css"
MIMETYPE, INSIDE = "mimetype", "EPUB"
KINDS = {
    ".xhtml": "application/xhtml+xml", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".woff2": "font/woff2",
    ".txt": "text/plain",
}  # fmt: skip
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    f'<rootfile full-path="{INSIDE}/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
# Which bodies claim to conform to WCAG is for them to say: the package says what it has, and claims nothing.
ACCESS = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessModeSufficient", "textual,visual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Every chart has an alternative text that tells its figures, tables have header cells, headings follow the "
        "order of the book, and every value links to the entry of its evidence. Nothing moves, flashes or sounds. "
        "The colours of the text follow the reading system; charts stand on a white ground.",
    ),
)


@dataclass(frozen=True)
class Document:
    """One file to be read: its name, title, the inside of its body, and what landmarks call its kind, if anything."""

    name: str
    title: str
    body: str
    landmark: str = ""


@dataclass(frozen=True)
class Point:
    """A line of the contents, with those below it; a part without a page of its own has no address."""

    title: str
    address: str = ""
    below: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """All that a package is made from, beside its edition; `elsewhere` is what the contents list and lies outside."""

    documents: Sequence[Document]
    contents: Sequence[Point]
    figures: Sequence[Point]
    elsewhere: Sequence[Point]
    pictures: Mapping[str, bytes]
    language: str


def style() -> str:
    """Return the style sheet, whose colours are those of the palette by name."""
    colours = {**PRINT, **LIGHT, "on_dark": DARK["vermilion"]}
    return Template(STYLE.read_text("utf-8")).substitute(colours)


def epub(book: Edition, cited: Citation, parts: Parts, chart: str = "") -> bytes:
    """Return the package, with the SVG of a chart on its cover; the same parts give the same bytes."""
    picture = f'<img class="cover" src="cover.png" alt="Cover: {escape(book.full_title)}"/>'
    opening = Document("cover.xhtml", book.full_title, f'<section epub:type="cover">{picture}</section>', "cover")
    documents = [opening, *parts.documents]
    others = fonts.cuts("".join(one.body for one in documents))
    rules = (one.css(family, f"fonts/{one.name}") for one in others for family in (fonts.SERIF, fonts.SANS))
    files = {
        "cover.png": covers.png(covers.cover(book, chart)),
        "book.css": (style() + "".join(rules)).encode(),
        **{f"fonts/{one.name}": one.content for one in others},
        **{f"fonts/{path.name}": path.read_bytes() for path in _fonts()},
        **parts.pictures,
        **{one.name: page(one, parts.language).encode() for one in documents},
        "nav.xhtml": page(_navigation(documents, parts), parts.language).encode(),
    }
    order = [documents[0].name, documents[1].name, "nav.xhtml", *(one.name for one in documents[2:])]
    description = _package(book, cited, book.full_title, parts.language, files, order)
    whole = {f"{INSIDE}/{name}": data for name, data in files.items()}
    whole |= {
        MIMETYPE: b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        f"{INSIDE}/package.opf": description.encode(),
    }
    return packed(whole, book.date, first=MIMETYPE)


def page(document: Document, language: str) -> str:
    """Return the whole of a document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}">\n<head>\n<meta charset="utf-8"/>\n'
        f'<title>{escape(document.title)}</title>\n<link rel="stylesheet" type="text/css" href="book.css"/>\n'
        f"</head>\n<body>\n{document.body}\n</body>\n</html>\n"
    )


def _fonts() -> Iterator[Path]:
    folder = fonts.WEB_FOLDER
    yield folder / "OFL.txt"
    yield from (folder / fonts.web_name(face) for face in fonts.FACES)


def _navigation(documents: Sequence[Document], parts: Parts) -> Document:
    landmarks = [Point("Contents", "nav.xhtml#toc"), *(Point(one.title, one.name) for one in _landmarks(documents))]
    kinds = ["toc", *(one.landmark for one in _landmarks(documents))]
    marked = "".join(
        f'<li><a epub:type="{kind}" href="{escape(point.address)}">{escape(point.title)}</a></li>'
        for kind, point in zip(kinds, landmarks, strict=True)
    )
    figures = (
        f'<nav epub:type="loi" id="figures" aria-labelledby="figures-title"><h2 id="figures-title">Figures</h2>'
        f"{_listed(parts.figures)}</nav>\n"
        if parts.figures
        else ""
    )
    elsewhere = f"<section><h2>Elsewhere</h2>{_listed(parts.elsewhere)}</section>\n" if parts.elsewhere else ""
    body = (
        '<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title"><h1 id="toc-title">Contents</h1>'
        f"{_listed(parts.contents)}</nav>\n{figures}"
        f"{elsewhere}"
        f'<nav epub:type="landmarks" hidden="hidden" aria-label="Landmarks"><ol>{marked}</ol></nav>'
    )
    return Document("nav.xhtml", "Contents", body)


def _landmarks(documents: Sequence[Document]) -> list[Document]:
    """Return the first document of each kind: there is one beginning of the text, and one glossary."""
    found: dict[str, Document] = {}
    for one in documents:
        if one.landmark:
            found.setdefault(one.landmark, one)
    return list(found.values())


def _listed(points: Sequence[Point]) -> str:
    items = []
    for point in points:
        title = escape(point.title)
        shown = f'<a href="{escape(point.address)}">{title}</a>' if point.address else f"<span>{title}</span>"
        items.append(f"<li>{shown}{_listed(point.below) if point.below else ''}</li>\n")
    return f"<ol>\n{''.join(items)}</ol>"


def _package(
    book: Edition, cited: Citation, title: str, language: str, files: Mapping[str, bytes], order: Sequence[str]
) -> str:
    # A new digest is another text, which no reading system may take for the one that it has already opened.
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{book.name}/{book.version}/{book.digest}")
    day = book.date.isoformat()
    told = [
        f'<dc:identifier id="identifier">urn:uuid:{identifier}</dc:identifier>',
        f'<dc:title id="title">{escape(title)}</dc:title>',
        '<meta refines="#title" property="title-type">main</meta>',
        *(f"<dc:creator>{escape(name.strip())}</dc:creator>" for name in cited.authors.split(";")),
        f"<dc:language>{language}</dc:language>",
        f"<dc:date>{day}</dc:date>",
        f'<meta property="dcterms:modified">{day}T00:00:00Z</meta>',
        f"<dc:publisher>{escape(cited.authors)}</dc:publisher>",
        *(f"<dc:rights>{escape(text)}</dc:rights>" for text in [book.licence] if text),
        *(f"<dc:description>{escape(text)}</dc:description>" for text in [book.description] if text),
        *(f"<dc:subject>{escape(word)}</dc:subject>" for word in book.keywords),
        *(f"<dc:source>{escape(url)}</dc:source>" for url in [cited.url] if url),
        *(f'<meta property="schema:{name}">{escape(text)}</meta>' for name, text in ACCESS),
        '<meta name="cover" content="cover.png"/>',  # for readers of EPUB 2
    ]
    special = {"cover.png": "cover-image", "nav.xhtml": "nav"}
    listed = []
    for name in sorted(files):
        said = special.get(name) or ("mathml" if name.endswith(".xhtml") and b"<math" in files[name] else "")
        properties = f' properties="{said}"' if said else ""
        kind = KINDS[Path(name).suffix.lower()]
        listed.append(f'<item id="{_id(name)}" href="{escape(name)}" media-type="{kind}"{properties}/>')
    spine = (f'<itemref idref="{_id(name)}"/>' for name in order)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier" '
        f'xml:lang="{language}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n' + "\n".join(told) + "\n</metadata>\n"
        "<manifest>\n" + "\n".join(listed) + "\n</manifest>\n"
        "<spine>\n" + "\n".join(spine) + "\n</spine>\n</package>\n"
    )


def _id(name: str) -> str:
    return name if name[0].isalpha() and "/" not in name else "file-" + name.replace("/", "-")
