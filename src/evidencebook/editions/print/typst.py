"""The print edition's text: a document tree as Typst source that calls the functions of editions/print/book.typ.

What a thing looks like is decided there; here it is only said what it is. https://typst.app/docs/reference/syntax/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.util.images import get_image_size

from evidencebook.charts.standalone import size
from evidencebook.editions import forms
from evidencebook.editions.columns import floats, keeps_together, widths
from evidencebook.editions.print import mathematics
from evidencebook.editions.print.typesetting import Source, markup, quoted
from evidencebook.editions.print.words import Words, truth
from evidencebook.pages import formulas
from evidencebook.pages.charts import heading
from evidencebook.pages.domain import LEDGER
from evidencebook.pages.ledger import ledger_entry
from evidencebook.pages.nodes import placed
from evidencebook.pages.numbering import Numbers
from evidencebook.pages.subtypes import Subtype, warn

# Entries. Typst sets what lies between page breaks side by side; a ledger without them would keep one processor.
STRETCH = 60
ROOM, NARROW_ROOM, POINT = 440, 100, 0.75  # points of a line, of one in a cell or list, and of a pixel
WIDE = 680  # pixels, to which figures are drawn that fill a page


class TypstTranslator(Words):
    """Writes `body`; pictures go to `source`, which the typesetter reads."""

    def __init__(self, document: nodes.document, builder: Any, numbers: Numbers, source: Source) -> None:
        super().__init__(document, builder, numbers)
        self._source = source
        self._level = self._unbroken = 0
        self.heads: list[int] = []  # of each table: how many of its columns are heads of rows
        self._is_numbered = self._is_in_ledger = self._is_opening = False

    def unknown_visit(self, node: nodes.Node) -> None:
        """Open what needs no more than a function around it; complain of what has no form in print."""
        name = type(node).__name__
        if name in forms.LEFT_OUT:
            raise nodes.SkipNode
        if name in forms.WRAPPED:
            self.put(forms.WRAPPED[name][0])
        elif forms.is_box(node):
            assert isinstance(node, nodes.Element)
            titles = [child for child in node.children if isinstance(child, nodes.title | nodes.subtitle)]
            title = ": ".join(map(self._inner, titles)) or markup(str(admonitionlabels.get(name, "")))
            self.put(f"#note([{f'{markup(self._called(node))} {title}'.strip()}])[")
        elif name not in forms.CHILDREN_ONLY and not forms.is_frame(node):
            what = f"{name} has no form in the print edition; what it holds is set as plain text"
            warn(what, Subtype.PRINT, placed(node))
        if isinstance(node, nodes.Element):
            self._anchor(node)

    def _called(self, node: nodes.Element) -> str:
        """Return how a theorem, an exercise or the like begins, which their packages say to writers of HTML alone."""
        kind = node.get("countertype") or self.builder.env.get_domain("std").get_enumerable_node_type(node)
        if "realtype" in node:
            number = self._numbers.figure(self._docname, kind, node["ids"]) if kind else ""
            return f"{node['realtype'].title()} {number}".strip()
        return self._numbers.called(self._docname, kind, node["ids"]) if kind else ""

    def unknown_departure(self, node: nodes.Node) -> None:
        if forms.is_box(node):
            self.put("]\n\n")
        else:
            self.put(forms.WRAPPED.get(type(node).__name__, ("", ""))[1])

    # Pages, sections and blocks

    def visit_start_of_file(self, node: nodes.Element) -> None:
        """Begin a page of the book; the ledger, which divides no words, is none of running text."""
        self._page, self._docname = node, node["docname"]
        if next(node.findall(ledger_entry), None) is None:
            self.put("#prose[\n")

    def depart_start_of_file(self, node: nodes.Element) -> None:
        """End it, and with it the ledger's own page format."""
        self.put("])\n\n" if self._is_in_ledger else "]\n\n")
        self._is_in_ledger = self._is_opening = False

    def visit_section(self, node: nodes.section) -> None:
        """Go one level down; the ledger has a page format of its own, and an opening that goes across it."""
        self._level += 1
        if self._is_in_ledger and any(isinstance(part, ledger_entry) for part in node.children):
            if self._is_opening or self._unbroken >= STRETCH:
                self.put("], [\n" if self._is_opening else "#stretch-break()\n")
                self._is_opening, self._unbroken = False, 0
            self._unbroken += sum(isinstance(part, ledger_entry) for part in node.children)
        elif self._level == 1 and next(node.findall(ledger_entry), None) is not None:
            self._is_in_ledger = self._is_opening = True
            self.put(f"#ledger({quoted(self._numbers.titles[self._docname])}, [\n")

    def depart_section(self, node: nodes.section) -> None:
        self._level -= 1

    def visit_subtitle(self, node: nodes.Element) -> None:
        """Leave it to the title of its box."""
        raise nodes.SkipNode

    def visit_pair(self, node: nodes.section) -> None:
        """A contradiction, which keeps together."""
        self.put("#contradiction[")
        self.visit_section(node)

    def depart_pair(self, node: nodes.section) -> None:
        self.depart_section(node)
        self.put("]\n\n")

    def visit_title(self, node: nodes.title) -> None:
        """Write a chapter's or section's title; other titles are written with what they belong to."""
        section = node.parent
        if not isinstance(section, nodes.section):
            raise nodes.SkipNode
        ids, is_chapter = section["ids"], self._level == 1
        number = self._numbers.section(self._docname, ids[0] if ids else "", is_chapter)
        part = self._numbers.parts.get(self._docname, "")
        depth = self._numbers.depths.get(self._docname, 0)
        options = f"number: {quoted(number)}, part: {quoted(part)}, depth: {depth}"
        if is_chapter:
            self._is_numbered = bool(number)
            short = self._numbers.titles[self._docname]
            options += f", short: {quoted(short)}" if short != node.astext() else ""
            if not self._is_in_ledger:
                self.put(f"#chapter-break({quoted(short)}, depth: {depth})\n")
        else:
            # Sections of the appendix would drown the chapters; those of the ledger are looked for.
            options += f", level: {self._level}, listed: {truth(self._is_numbered or self._is_in_ledger)}"
        self._anchor(section)
        self.put(f"#{'chapter' if is_chapter else 'subheading'}({options})[")

    def depart_title(self, node: nodes.title) -> None:
        self.put("]\n\n")

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        """A paragraph; one that leads to a table stays with it."""
        self.note_place(node)
        if form := forms.paragraph_form(node):
            self.put(f"#{form}[")
        self._anchor(node)

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        self.put("]\n\n" if forms.paragraph_form(node) else "\n\n")

    def visit_entry_head(self, node: nodes.paragraph) -> None:
        """The heading of an entry, one level below that of its section."""
        depth = self._numbers.depths.get(self._docname, 0)
        self.put(f"#entry-head(level: {self._level + 1 + depth})[")

    def depart_entry_head(self, node: nodes.paragraph) -> None:
        self.put("]\n\n")

    def visit_bullet_list(self, node: nodes.bullet_list) -> None:
        """A list; figures in large type are one too."""
        self.put("#key-figures(" if "key-figures" in node["classes"] else "#list(")

    def visit_enumerated_list(self, node: nodes.enumerated_list) -> None:
        self.put(f"#enum(start: {node.get('start', 1)}, ")

    def visit_definition_list(self, node: nodes.definition_list) -> None:
        """Facts as lines of labels and words, or terms with their definitions."""
        form = "run" if "facts" in node["classes"] else "card" if "source-card" in node["classes"] else "terms"
        self.put(f"#definitions({quoted(form)}, ")

    def visit_definition_list_item(self, node: nodes.definition_list_item) -> None:
        """A term, or several, and its definitions, of which there may be more than one."""
        kinds = (nodes.definition, nodes.term)
        said, terms = ([self._held(one) for one in node.children if isinstance(one, kind)] for kind in kinds)
        self.put(f"([{', '.join(terms)}], [{chr(10).join(f'{one}{chr(10)}' for one in said)}]), ")
        raise nodes.SkipNode

    def depart_bullet_list(self, node: nodes.Element) -> None:
        self.put(")\n\n")

    depart_enumerated_list = depart_definition_list = depart_table = depart_bullet_list

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Code, or what a program printed."""
        self._anchor(node)
        self.put(f"#raw({quoted(node.astext().rstrip())}, block: true)\n\n")
        raise nodes.SkipNode

    visit_doctest_block = visit_literal_block  # type: ignore[assignment]

    def visit_caption(self, node: nodes.caption) -> None:
        """The caption of code; those of figures are written with them."""
        if not isinstance(node.parent, nodes.container):
            raise nodes.SkipNode
        label = self._numbers.called(self._docname, "code-block", node.parent["ids"])
        self.put(f"#code-caption({quoted(label)})[{self._inner(node)}]\n\n")
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.transition) -> None:
        if "footnotes" in node["classes"]:  # what MyST puts above them, which paper has at the foot of its pages
            raise nodes.SkipNode
        self.put("#break-of-thought()\n\n")
        raise nodes.SkipNode

    def visit_container(self, node: nodes.container) -> None:
        """A group: code stays on screen."""
        if "cell_input" in node["classes"]:
            raise nodes.SkipNode
        self._anchor(node)

    def depart_container(self, node: nodes.container) -> None:
        self.put("\n\n")

    # Figures and tables

    def visit_figure(self, node: nodes.figure) -> None:
        """A picture with number, title for the list of figures, and caption; those of the front page stay in place."""
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        legend = next((child for child in node.children if isinstance(child, nodes.legend)), None)
        below = f"#legend[{self._inner(legend)}]" if legend is not None else ""
        number = self._numbers.figure(self._docname, "figure", node["ids"])
        labels = self._labels(node)
        is_free = truth(self._docname != self.config.root_doc)
        named = f"{quoted(number)}, {quoted(heading(node))}, ({labels})"
        self.put(f"#picture({named}, [{self._inner(caption)}{below}], float: {is_free})[")

    def depart_figure(self, node: nodes.figure) -> None:
        self.put("]\n\n")

    def visit_chart(self, node: nodes.Element) -> None:
        """A chart drawn for a wide page, which is what paper is."""
        figure = node["figure"]
        width, _ = size(figure.wide.svg)
        share = min(100, round(100 * width / WIDE)) if width else 100  # a chart of a page's own may be a small one
        name = self._source.add(".svg", figure.wide.svg.encode())
        self.put(f"#image({quoted(name)}, alt: {quoted(figure.alt)}, width: {share}%)\n")
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        path = Path(self.builder.srcdir, node["uri"])
        if not path.is_file():
            warn(f"no picture {node['uri']}", Subtype.PRINT, placed(node))
            raise nodes.SkipNode
        name = self._source.add(path.suffix, path.read_bytes())
        self._anchor(node)
        self.note_place(node)
        wide, _ = get_image_size(str(path)) or (0, 0)
        own = wide * POINT
        room = (
            NARROW_ROOM if any(isinstance(one, nodes.entry | nodes.list_item) for one in forms.parents(node)) else ROOM
        )
        width = f"{own:.1f}pt" if 0 < own < room else "100%"
        image = f"#image({quoted(name)}, alt: {quoted(str(node.get('alt', '')))}, width: {width})"
        self.put(f"#box[{image}]" if isinstance(node.parent, nodes.paragraph) and len(node.parent) > 1 else image)
        raise nodes.SkipNode

    def _formula(self, node: nodes.Element) -> None:
        """A formula, whose LaTeX is read out; one with a label has its number beside it."""
        is_block = isinstance(node, nodes.math_block)
        tex = formulas.tex_of(node)
        try:
            shown = mathematics.typst(formulas.mathml(tex, is_block))
        except formulas.NoFormula as error:
            warn(f"the formula cannot be set: {error}", Subtype.PRINT, placed(node))
            raise nodes.SkipNode from error
        self._anchor(node)
        self.note_place(node)
        number = self._numbers.figure(self._docname, "displaymath", node["ids"]) or node.get("number") or ""
        options = f"alt: {quoted(tex)}" + (f", block: true, number: {quoted(str(number))}" if is_block else "")
        self.put(f"#formula({options}, $ {shown} $)" if is_block else f"#formula({options}, ${shown}$)")
        self.put("\n\n" if is_block else "")
        raise nodes.SkipNode

    visit_math = visit_math_block = _formula

    def visit_table(self, node: nodes.table) -> None:
        """A table, with number and caption where it has a title."""
        self.heads.append(sum(bool(column.get("stub")) for column in node.findall(nodes.colspec)))
        # Within a list or a note a float would stand above what it belongs to; the front page is set as it reads.
        is_free = floats(node) and isinstance(node.parent, nodes.section) and self._docname != self.config.root_doc
        if not is_free:
            self._anchor(node)
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        number = self._numbers.figure(self._docname, "table", node["ids"])
        caption = f"[{self._inner(title)}]" if title is not None else "none"
        ids = self._labels(node) if is_free else ""
        options = f"({', '.join(widths(node))},), ids: ({ids}), short: {truth(keeps_together(node))}"
        options += f", floats: {truth(is_free)}"
        self.put(f"#rows({quoted(number)}, {caption}, {options}, ")

    def visit_entry(self, node: nodes.entry) -> None:
        columns, rows = node.get("morecols", 0) + 1, node.get("morerows", 0) + 1
        side = next((one for one in ("right", "center") if f"text-{one}" in node["classes"]), "")
        given = f"colspan: {columns}, rowspan: {rows}{f', align: {side} + top' if side else ''}"
        self.put("[" if columns == rows == 1 and not side else f"table.cell({given})[")

    def depart_entry(self, node: nodes.entry) -> None:
        self.put("], ")

    def visit_ledger_entry(self, node: nodes.Element) -> None:
        """An entry; the head of its page tells its number, which events have none of."""
        fact_id = node["ids"][0].removeprefix(f"{LEDGER}-")
        self.put(f"#entry({self._numbers.facts.get(fact_id, 0) if fact_id != node['ids'][0] else 0})[")
        self._anchor(node)

    def depart_ledger_entry(self, node: nodes.Element) -> None:
        self.put("]\n\n")
