"""Terms of the glossary explained where they are used; an abbreviation becomes a link at its first use on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.extension.below import chart_tools

ABBREVIATION = re.compile(r"[A-Z]{2,}")
# Where a link would be wrong, or where nobody reads on; the table below a chart is folded until it is asked for.
OUTSIDE = (
    *(nodes.reference, nodes.title, nodes.literal, nodes.literal_block, nodes.term, nodes.caption, nodes.raw),
    chart_tools,
)


@dataclass(frozen=True)
class Term:
    """An entry of the glossary: its words, where it stands, and the first paragraph of its definition."""

    words: str
    page: str
    anchor: str
    definition: str


class Glossary:
    """All terms that the pages define, by page and anchor."""

    def __init__(self, env: BuildEnvironment) -> None:
        objects = env.get_domain("std").get_objects()
        pages = sorted({page for _, _, kind, page, _, _ in objects if kind == "term"})
        found = [term for page in pages for term in _terms(page, env.get_doctree(page))]
        self.by_place = {(term.page, term.anchor): term for term in found}
        self.abbreviations = {term.words: term for term in found if ABBREVIATION.fullmatch(term.words)}


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


class ExplainTerms(SphinxPostTransform):
    """Gives each link to a term its definition, and each abbreviation at its first use on a page such a link."""

    default_priority = 950  # after all references have been resolved
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Explain the terms of this page."""
        glossary: Glossary | None = getattr(self.app, "evidence_glossary", None)
        if glossary is None or self.app.builder.name == "pdf":
            return
        here = self.env.docname
        addresses = {self._address(here, term): term for term in glossary.by_place.values()}
        for reference in self.document.findall(nodes.reference):
            address = reference.get("refuri") or f"#{reference.get('refid', '')}"
            term = addresses.get(address)
            if term is not None and term.page != here:
                _explain(reference, term)
        waiting = {words: term for words, term in glossary.abbreviations.items() if term.page != here}
        if waiting:
            self._link_first_uses(waiting)

    def _address(self, here: str, term: Term) -> str:
        return f"{self.app.builder.get_relative_uri(here, term.page)}#{term.anchor}"

    def _link_first_uses(self, waiting: Mapping[str, Term]) -> None:
        left = dict(waiting)
        for text in list(self.document.findall(nodes.Text)):
            if not left:
                return
            if _is_outside(text):
                continue
            made: list[nodes.Node] = []
            rest = str(text)
            while found := next((m for m in ABBREVIATION.finditer(rest) if _is_word(rest, m) and m[0] in left), None):
                term = left.pop(found[0])
                made += [nodes.Text(rest[: found.start()]), self._link(term)]
                rest = rest[found.end() :]
            if made:
                assert text.parent is not None
                text.parent.replace(text, [*made, nodes.Text(rest)])

    def _link(self, term: Term) -> nodes.reference:
        link = nodes.reference("", term.words, internal=True, refuri=self._address(self.env.docname, term))
        _explain(link, term)
        return link


def _explain(reference: nodes.reference, term: Term) -> None:
    reference["classes"] = [*reference.get("classes", ()), "term"]
    reference["reftitle"] = term.definition


def _is_outside(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        if isinstance(parent, OUTSIDE) or not isinstance(parent, nodes.Element):
            return True
        parent = parent.parent
    return False


def _is_word(text: str, found: re.Match[str]) -> bool:
    around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    return not re.search(r"[\w$-]", around)


def collect(app: Sphinx, env: BuildEnvironment) -> None:
    """Read the glossary once all pages are known."""
    app.evidence_glossary = Glossary(env)  # type: ignore[attr-defined]


def offer_script(app: Sphinx) -> None:
    """Load the script that shows a definition without leaving the page."""
    if app.builder.format == "html" and app.builder.name != "pdf":
        app.add_js_file("terms.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ExplainTerms)
    app.connect("env-updated", collect)
    app.connect("builder-inited", offer_script)
