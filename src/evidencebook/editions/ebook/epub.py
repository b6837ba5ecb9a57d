"""Sphinx builder for the e-book: every page as XHTML from the same document trees, in one EPUB 3 package.

Sphinx's own builder writes the pages of the web edition with what is theirs, such as code and scripts, and dates and
zips them by the clock; so this one stands on its own, like the one for print.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import dropwhile
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.frontend import OptionParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.epub3 import validate_config_values
from sphinx.highlighting import PygmentsBridge
from sphinx.util.display import progress_message
from sphinx.writers.html import HTMLWriter

from evidencebook.edition import NOTICE, NOTICE_HEAD, Citation, Edition, citation, edition
from evidencebook.editions.ebook import package
from evidencebook.editions.ebook.package import Document, Point
from evidencebook.editions.ebook.translator import EbookTranslator
from evidencebook.editions.onefile import OneFileBuilder
from evidencebook.pages.charts import cover_picture
from evidencebook.pages.domain import domain_of
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.numbering import chapter, elsewhere, numbers_of, page_titles

SUFFIX = ".xhtml"


@dataclass(frozen=True)
class Piece:
    """A file to be: the page that it is made from, and that part of the page's tree which it holds."""

    name: str
    docname: str
    title: str
    tree: nodes.document
    above: str = ""  # the title of the page from which the piece was taken


class EpubBuilder(OneFileBuilder):
    """Writes <package name>.epub."""

    name = "epub"
    format = "epub"
    epilog = "The e-book is in %(outdir)s."
    # What the translator asks of a builder of web pages.
    add_permalinks = download_support = False
    imgpath = dlpath = current_docname = ""
    default_translator_class = EbookTranslator

    def init(self) -> None:
        self.highlighter = PygmentsBridge("html", "none")
        self.images: dict[str, str] = {}
        self.secnumbers: dict[str, tuple[int, ...]] = {}
        self.fignumbers: dict[str, dict[str, tuple[int, ...]]] = {}

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of the page's file, which lies in one folder with all others."""
        return docname.replace("/", "-") + SUFFIX

    def make(self) -> None:
        """Write every page, and pack the book."""
        root = Path(self.srcdir)
        book, cited = edition(root), citation(root)
        language = str(self.config.language).partition("_")[0]
        with progress_message("writing the pages of the e-book"):
            pieces = [piece for page in domain_of(self.env).listed_pages() for piece in self._pieces(page)]
            parts = self._written(pieces, book, cited, language)
        path = Path(self.outdir) / f"{book.name}.epub"
        with progress_message(f"packing {path.name}"):
            path.write_bytes(package.epub(book, cited, parts, cover_picture(self.env)[0]))

    def _pieces(self, docname: str) -> Iterator[Piece]:
        """Yield a page; a ledger in a piece for each section from its first theme on, for whole files are opened."""
        tree = self.env.get_doctree(docname)
        tree.settings.env = self.env
        self.env.apply_post_transforms(tree, docname)
        name, title = self.get_target_uri(docname), page_titles(self.env)[docname]
        top = next(tree.findall(nodes.section), None)
        parts = dropwhile(lambda one: not _holds_entries(one), top.children) if top is not None else ()
        themes = [one for one in parts if isinstance(one, nodes.section)]
        for theme in themes:
            assert top is not None
            top.remove(theme)
        yield Piece(name, docname, title, tree)
        for theme in themes:
            own = tree.copy()
            own += theme
            heading = theme.next_node(nodes.title)
            said = heading.astext() if heading is not None else title
            number = f"-{theme['ids'][0]}"
            yield Piece(f"{name.removesuffix(SUFFIX)}{number}{SUFFIX}", docname, f"{title}: {said}", own, title)

    def _written(self, pieces: Sequence[Piece], book: Edition, cited: Citation, language: str) -> package.Parts:
        places = {
            (self.get_target_uri(piece.docname), one): piece.name
            for piece in pieces
            for node in piece.tree.findall(nodes.Element)
            for one in node["ids"]
        }
        files = {piece.name for piece in pieces}
        numbers = numbers_of(self.env)
        settings = self._settings()
        documents = [_opening(book, cited)]
        figures: list[Point] = []
        others = [Point(name, url) for name, url in elsewhere(self.env)]
        pictures: dict[str, bytes] = {}
        for piece in pieces:
            own = self.get_target_uri(piece.docname)

            def address(found: str, own: str = own) -> str | None:
                file, _, anchor = found.partition("#")
                file = file or own
                if not anchor:
                    return file if file in files else None
                return f"{place}#{anchor}" if (place := places.get((file, anchor))) else None

            self.current_docname = piece.docname
            self.secnumbers = self.env.toc_secnumbers.get(piece.docname, {})
            self.fignumbers = self.env.toc_fignumbers.get(piece.docname, {})
            piece.tree.settings = settings
            translator = EbookTranslator(piece.tree, self, piece.name, numbers, address)
            piece.tree.walkabout(translator)
            pictures |= translator.pictures
            figures += [Point(title, where) for where, title in translator.figures]
            documents.append(self._document(piece, "".join(translator.body), book))
        return package.Parts(documents, self._contents(pieces), figures, others, pictures, language)

    def _settings(self) -> Any:
        """Return what Sphinx's writer of web pages would have docutils do."""
        builder: Any = self
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)  # Sphinx has no other way either
            found = OptionParser(defaults=self.env.settings, components=(HTMLWriter(builder),)).get_default_values()
        found.compact_lists = True
        return found

    def _document(self, piece: Piece, body: str, book: Edition) -> Document:
        kind = landmark = ""
        if chapter(self.env, piece.docname):
            kind, landmark = ' epub:type="chapter" role="doc-chapter"', "bodymatter"
        elif next(piece.tree.findall(addnodes.glossary), None) is not None:
            landmark = "glossary"
        elif piece.docname != self.config.root_doc:
            kind, landmark = ' epub:type="appendix" role="doc-appendix"', "backmatter"
        if piece.above:
            body = f'<p class="above">{escape(piece.above)}</p>\n{body}'
        title = book.title if piece.docname == self.config.root_doc else f"{piece.title} – {book.title}"
        return Document(piece.name, title, f"<div{kind}>\n{body}</div>" if kind else body, landmark)

    def _contents(self, pieces: Sequence[Piece]) -> list[Point]:
        first = pieces[0]
        return [Point(first.title, first.name), *self._below(first.docname, pieces)]

    def _below(self, docname: str, pieces: Sequence[Piece]) -> list[Point]:
        """Return the parts and pages of a page's own tables of contents."""
        found: list[Point] = []
        for toctree in self.env.tocs[docname].findall(addnodes.toctree):
            points = []
            for _, inner in toctree["entries"]:
                own = [piece for piece in pieces if piece.docname == inner]
                if own:
                    points.append(self._point(own, [*_sections(own), *self._below(inner, pieces)]))
            caption = str(toctree.get("caption") or "")
            found += [Point(caption, "", points)] if caption and points else points
        return found

    def _point(self, own: Sequence[Piece], below: list[Point]) -> Point:
        return Point(f"{chapter(self.env, own[0].docname)} {own[0].title}".strip(), own[0].name, below)


def _holds_entries(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section) and any(isinstance(one, ledger_entry) for one in node.children)


def _sections(own: Sequence[Piece]) -> list[Point]:
    """Return the sections right below the title of a page, and then the pieces that were taken out of it."""
    top = next(own[0].tree.findall(nodes.section), None)
    found = []
    for one in top.children if top is not None else ():
        if isinstance(one, nodes.section) and one["ids"]:
            heading = one.next_node(nodes.title)
            if heading is not None:
                found.append(Point(heading.astext(), f"{own[0].name}#{one['ids'][0]}"))
    return found + [Point(piece.title.rpartition(": ")[2], piece.name) for piece in own[1:]]


def _opening(book: Edition, cited: Citation) -> Document:
    """Return the title page, which says what the cover and the imprint of the print edition say."""
    pairs = (
        ("Edition", book.line),
        ("How to cite", cited.sentence(book)),
        ("Licence", book.licence),
        (NOTICE_HEAD, book.notice),
        ("Evidence numbers", NOTICE),
    )
    listed = "".join(f"<div><dt>{head}</dt><dd>{escape(said)}</dd></div>\n" for head, said in pairs if said)
    subtitle = f'<p class="subtitle" role="doc-subtitle">{escape(book.subtitle)}</p>\n' if book.subtitle else ""
    about = f'<p class="about">{escape(book.description)}</p>\n' if book.description else ""
    body = (
        f'<section class="opening" epub:type="titlepage">\n<h1>{escape(book.title)}</h1>\n{subtitle}{about}'
        f'<dl class="imprint">\n{listed}</dl>\n</section>'
    )
    return Document("title.xhtml", book.title, body, "titlepage")


def setup(app: Sphinx) -> None:
    """Register the builder in place of Sphinx's, which would ask for settings that the data package has."""
    app.add_builder(EpubBuilder, override=True)
    for listener in list(app.events.listeners.get("builder-inited", ())):
        if listener.handler is validate_config_values:
            app.disconnect(listener.id)
