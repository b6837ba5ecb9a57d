"""Sphinx builder for the print edition: the whole book as one tagged PDF, set by Typst from the same document trees."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.display import progress_message
from sphinx.util.logging import getLogger
from sphinx.util.nodes import inline_all_toctrees

from evidencebook.build.lending import lent
from evidencebook.edition import NOTICE, NOTICE_HEAD, Edition, citation, edition
from evidencebook.editions.onefile import OneFileBuilder
from evidencebook.editions.print import letters
from evidencebook.editions.print.typesetting import FOLDER, Form, NotSet, Source, quoted, typeset
from evidencebook.editions.print.typst import TypstTranslator
from evidencebook.pages.charts import cover_picture
from evidencebook.pages.domain import domain_of
from evidencebook.pages.numbering import elsewhere, numbers_of
from evidencebook.tables import handout
from evidencebook.tables.problems import BadData, Problem
from evidencebook.values.dates import words as date_words

LOGGER = getLogger(__name__)
FACES = (
    "Set in Source Serif and Source Sans, other scripts in Noto, under the SIL Open Font License; "
    "blocks of code in DejaVu Sans Mono, formulas in New Computer Modern, under free licences."
)


class PdfBuilder(OneFileBuilder):
    """Writes <package name>.pdf."""

    name = "pdf"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    default_translator_class = TypstTranslator

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return an address that the translator tells from one outside the book."""
        return f"%{docname}"

    def make(self) -> None:
        """Assemble the book, write it as Typst source, and set it."""
        root = Path(self.srcdir)
        book = edition(root)
        with progress_message("assembling the book"), lent(self.env):
            tree = self._assembled()
            self.env.resolve_references(tree, self.config.root_doc, self)
            self.post_process_images(tree)
        folder = Path(self.doctreedir) / FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        source = Source(folder)
        chart, title = cover_picture(self.env)
        shown = (source.add(".svg", chart.encode()) if chart else "", title)
        head = preamble(book, root, str(self.config.language), shown, elsewhere(self.env))
        path = Path(self.outdir) / Form().file_name(book.name)
        if any(domain_of(self.env).data["refused"].values()):
            return  # what pages must not hold may be what cannot be set
        if unset := letters.problems(self.env, tree, head):
            _tell(unset)
            LOGGER.error("%s was not set: %d letter%s without a face.", path.name, len(unset), "s" * (len(unset) > 1))
            self.app.statuscode = 1
            return
        translator = TypstTranslator(tree, self, numbers_of(self.env), source)
        tree.walkabout(translator)
        source.write(head + "".join(translator.body), translator.heads)
        self.env._write_doc_doctree_cache.clear()  # nobody asks for the trees of pages any more
        source.attach({Path(name).name: file for name, file in handout.files(root).items()})
        with progress_message(f"setting {path.name}"):
            try:
                path.write_bytes(typeset(source, book, Form()))
            except NotSet as error:
                self._refused(path, str(error), source)

    def _refused(self, path: Path, said: str, source: Source) -> None:
        """Tell what Typst refused where somebody wrote it, and keep all that it said: it may be thousands of lines."""
        log = Path(self.doctreedir).with_name("pdf.log")
        log.write_text(said + "\n", "utf-8")
        for what, file, line in dict.fromkeys(source.places(said)):
            remedy = "correct it, or say it otherwise"
            print(Problem(file, line, None, f"the print edition cannot be set here: {what}", remedy), file=sys.stderr)
        LOGGER.error("%s could not be set: what the typesetter said is in %s", path.name, os.path.relpath(log))
        self.app.statuscode = 1

    def _assembled(self) -> nodes.document:
        root_doc = self.config.root_doc
        master = self.env.get_doctree(root_doc)
        tree = inline_all_toctrees(self, set(), root_doc, master, lambda text: text, [root_doc])
        tree["docname"] = root_doc
        hoist(tree, root_doc)
        return tree


def _tell(problems: list[Problem]) -> None:
    for problem in BadData(problems).problems:
        print(problem, file=sys.stderr)


def hoist(tree: nodes.document, root_doc: str) -> list[nodes.Element]:
    """Move every page to the top level of the tree, in reading order, and return the pages.

    Sphinx nests a page where its toctree stood, which would make every chapter a subsection of the front page.
    """
    nested = list(tree.findall(addnodes.start_of_file))
    for part in nested:
        part.parent.remove(part)
        # Sphinx hands the children over without telling them of their new parent.
        children = list(part.children)
        part.clear()
        part.extend(children)
    wrappers = [wrapper for part in (tree, *nested) for wrapper in part.findall(nodes.compound)]
    for wrapper in wrappers:
        if "toctree-wrapper" in wrapper["classes"]:
            wrapper.parent.remove(wrapper)
    front = addnodes.start_of_file("", *tree.children, docname=root_doc)
    tree.clear()
    tree.extend([front, *nested])
    return [front, *nested]


def preamble(
    book: Edition,
    root: Path,
    language: str,
    picture: tuple[str, str] = ("", ""),
    others: Iterable[tuple[str, str]] = (),
) -> str:
    """Return the head of the source: what cover, imprint and metadata of the document say.

    `picture` is the name of the file with the chart on the cover, and the chart's title; `others` are names and
    addresses of what the contents list and the book does not hold.
    """
    cited = citation(root)
    said = {
        "title": book.title,
        "subtitle": book.subtitle,
        "full-title": book.full_title,
        "description": book.description,
        "author": cited.authors,
        "date-words": date_words(book.date.isoformat()),
        "version": book.version,
        "digest": book.digest,
        "picture": picture[0],
        "picture-title": picture[1],
        "language": language.partition("-")[0].partition("_")[0],
    }
    imprint = (
        ("Published by", cited.authors, cited.url),
        ("Edition", f"{book.line}.", ""),
        ("How to cite", cited.sentence(book), ""),
        ("Licence", f"{book.licence}.", book.licence_url),
        (NOTICE_HEAD, book.notice, ""),
        ("Evidence numbers", NOTICE, ""),
        ("Type", FACES, ""),
    )
    fields = "".join(f"  {name}: {quoted(text)},\n" for name, text in said.items())
    keywords = "".join(f"{quoted(word)}, " for word in book.keywords)
    pairs = "".join(f"({quoted(head)}, {quoted(text)}, {quoted(url)}), " for head, text, url in imprint if text)
    day = book.date
    links = "".join(f"({quoted(name)}, {quoted(url)}), " for name, url in others)
    return (
        '#import "book.typ": *\n#show: book.with((\n'
        f"{fields}  keywords: ({keywords}),\n  imprint: ({pairs}),\n  elsewhere: ({links}),\n"
        f"  date: datetime(year: {day.year}, month: {day.month}, day: {day.day}),\n))\n\n"
    )


def setup(app: Sphinx) -> None:
    app.add_builder(PdfBuilder)
