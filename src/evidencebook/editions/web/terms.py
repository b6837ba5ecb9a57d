"""Terms of the glossary explained where they are used, and abbreviations at their first use on a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.build.state import Kept
from evidencebook.editions.web.abbreviations import Explained, mark

ABBREVIATION = re.compile(r"[A-Z]{2,}(?:[ -][A-Z0-9]+)*")  # UN, SHA-256, CC BY


@dataclass(frozen=True)
class Term:
    """An entry of the glossary: its words, where it stands, and the first paragraph of its definition."""

    words: str
    page: str
    anchor: str
    definition: str

    @property
    def expansion(self) -> str:
        """Return what an abbreviation stands for: its definition up to where that begins to explain."""
        return re.split(r"[,.:;]", self.definition, maxsplit=1)[0]


class Glossary:
    """All terms that the pages define, by page and anchor."""

    def __init__(self, env: BuildEnvironment) -> None:
        objects = env.get_domain("std").get_objects()
        pages = sorted({page for _, _, kind, page, _, _ in objects if kind == "term"})
        found = [term for page in pages for term in _terms(page, env.get_doctree(page))]
        self.by_place = {(term.page, term.anchor): term for term in found}
        self.abbreviations = {term.words: term for term in found if ABBREVIATION.fullmatch(term.words)}


GLOSSARY = Kept[Glossary]("glossary")


def _terms(page: str, tree: nodes.document) -> list[Term]:
    found = []
    for glossary in tree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            definition = next(iter(item.findall(nodes.definition)), None)
            text = " ".join(definition[0].astext().split()) if definition is not None and definition.children else ""
            found += [
                Term(term.astext(), page, str(term["ids"][0]), text)
                for term in item.children
                if isinstance(term, nodes.term) and term["ids"]
            ]
    return found


def address(app: Sphinx, here: str, term: Term) -> str:
    """Return the address of a term's definition as seen from a page."""
    return f"{app.builder.get_relative_uri(here, term.page)}#{term.anchor}"


class ExplainTerms(SphinxPostTransform):
    """Gives each link to a term its definition, and each abbreviation at its first use."""

    default_priority = 950  # after all references have been resolved, and what stands below charts is written
    formats = ("html",)

    def run(self, **_: Any) -> None:
        glossary = GLOSSARY.of(self.app)
        if glossary is None:
            return
        here = self.env.docname
        addresses = {address(self.app, here, term): term for term in glossary.by_place.values()}
        for reference in self.document.findall(nodes.reference):
            term = addresses.get(reference.get("refuri") or f"#{reference.get('refid', '')}")
            if term is not None and term.page != here:
                reference["classes"] = [*reference.get("classes", ()), "term"]
                reference["reftitle"] = term.definition
        meanings = {
            words: Explained(term.expansion, term.definition, address(self.app, here, term))
            for words, term in glossary.abbreviations.items()
            if term.page != here
        }
        mark(self.document, meanings)


def collect(app: Sphinx, env: BuildEnvironment) -> None:
    """Read the glossary once all pages are known."""
    GLOSSARY.put(app, Glossary(env))


def offer_script(app: Sphinx) -> None:
    """Load the script that shows a definition without leaving the page."""
    if app.builder.format == "html":
        app.add_css_file("terms.css")
        app.add_js_file("terms.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.add_post_transform(ExplainTerms)
    app.connect("env-updated", collect)
    app.connect("builder-inited", offer_script)
