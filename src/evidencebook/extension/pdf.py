"""Sphinx builder for the print edition: the whole book as one tagged PDF, set by WeasyPrint."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder
from sphinx.util.display import progress_message

from evidencebook.editions.edition import edition
from evidencebook.editions.page import page
from evidencebook.editions.typesetting import INSTALL_LINE, has_pango, typeset
from evidencebook.extension import entries
from evidencebook.extension.domain import domain_of


class PdfBuilder(SingleFileHTMLBuilder):
    """Writes <package name>.pdf from the same doctrees as the web edition."""

    name = "pdf"
    epilog = "The PDF is in %(outdir)s."

    def init(self) -> None:
        """Stop early with an instruction where the system library is missing."""
        if not has_pango():
            print(INSTALL_LINE, file=sys.stderr)
            raise SystemExit(1)
        super().init()

    def assemble_doctree(self) -> nodes.document:
        """Return the whole book as one tree: every page at the same level, and no id twice."""
        tree = super().assemble_doctree()
        parts = hoist(tree, self.config.root_doc)
        note_section_numbers(parts, self.env.toc_secnumbers)
        self._new_ids = make_ids_unique(parts)
        return tree

    def fix_refuris(self, tree: nodes.Node) -> None:
        """Make every reference to another page one within the document."""
        for reference in tree.findall(nodes.reference):
            if reference.get("internal") and (target := str(reference.get("refuri", ""))).count("#") > 1:
                reference["refuri"] = f"#{target.rpartition('#')[2]}"

    def assemble_toc_secnumbers(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """Return no numbers: they stand on the titles already."""
        return {}

    def assemble_toc_fignumbers(self) -> dict[str, dict[str, dict[str, tuple[int, ...]]]]:
        """Return the figure numbers of all pages under the root page, by the ids that figures have now."""
        merged: dict[str, dict[str, tuple[int, ...]]] = {}
        for docname, kinds in self.env.toc_fignumbers.items():
            for kind, numbers in kinds.items():
                for figure_id, number in numbers.items():
                    merged.setdefault(kind, {})[self._new_ids.get((docname, figure_id), figure_id)] = number
        return {self.config.root_doc: merged}

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], templatename: str = "page.html",
        outfilename: Any = None, event_arg: Any = None,
    ) -> None:  # fmt: skip
        """Set the assembled body as a PDF; the theme's page around it is not used."""
        if pagename != self.config.root_doc:
            return
        root = Path(self.srcdir)
        book = edition(root)
        numbers = {fact_id: n for n, fact_id in enumerate(entries.order(domain_of(self.env).evidence), 1)}
        path = Path(self.outdir) / f"{book.name}.pdf"
        with progress_message(f"setting {path.name}"):
            # Images that Sphinx collected stand in the output folder; charts stand in the page itself.
            html = page(addctx["body"], book, root, numbers)
            path.write_bytes(typeset(html, f"{self.outdir}/", book.digest))

    def finish(self) -> None:
        """Copy images only: search, indices and the theme's files have no place in a PDF."""
        self.copy_image_files()
        # MyST-NB and others copy style sheets here when the build ends, and expect the folder.
        (Path(self.outdir) / "_static").mkdir(exist_ok=True)


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


def note_section_numbers(parts: list[nodes.Element], numbers: dict[str, dict[str, tuple[int, ...]]]) -> None:
    """Write each title's section number on the title, where the HTML writer looks first."""
    for part in parts:
        own = numbers.get(part["docname"], {})
        for title in part.findall(nodes.title):
            section = title.parent
            if isinstance(section, nodes.section) and section["ids"]:
                is_first = section.parent is part
                if number := own.get(f"#{section['ids'][0]}") or (own.get("") if is_first else None):
                    title["secnumber"] = number


def _ids(node: nodes.Element) -> list[str]:
    return list(node.get("ids", ()))


def make_ids_unique(parts: list[nodes.Element]) -> dict[tuple[str, str], str]:
    """Prefix ids that occur in several pages with the page's name and follow them in its own references.

    Returns the new id of each renamed (page, id).
    """
    counts = Counter(name for part in parts for node in part.findall(nodes.Element) for name in _ids(node))
    new_ids: dict[tuple[str, str], str] = {}
    for part in parts:
        docname = part["docname"]
        own = {name for node in part.findall(nodes.Element) for name in _ids(node) if counts[name] > 1}
        renamed = {name: f"{nodes.make_id(docname)}-{name}" for name in own}
        new_ids.update({(docname, old): new for old, new in renamed.items()})
        for node in part.findall(nodes.Element):
            for attribute in ("ids", "backrefs"):
                if node.get(attribute):
                    node[attribute] = [renamed.get(str(name), str(name)) for name in node[attribute]]
            if node.get("refid") in renamed:
                node["refid"] = renamed[node["refid"]]
    return new_ids


def remove_web_files(app: Sphinx, error: Exception | None) -> None:
    """Remove the style sheets and scripts that other extensions left beside the PDF."""
    if isinstance(app.builder, PdfBuilder):
        shutil.rmtree(Path(app.outdir) / "_static", ignore_errors=True)
        (Path(app.outdir) / "index.html").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(PdfBuilder)
    app.connect("build-finished", remove_web_files, priority=999)
