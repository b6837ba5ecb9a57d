"""What cells give: each result in the best form that it carries, the same in every edition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders, strip_latex_delimiters
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from evidencebook.charts import MIME, plain
from evidencebook.pages import formulas, html, refusals
from evidencebook.pages.charts import below, chart, notes
from evidencebook.pages.nodes import FROM_TABLES, placed
from evidencebook.pages.subtypes import Subtype
from evidencebook.pages.typography import KEPT

# Best first. What a browser would have to run is none of them.
ORDER = (
    MIME, "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg", "image/gif",
    "image/webp", "text/plain",
)  # fmt: skip
RUN = ("application/javascript", "application/vnd.jupyter.widget-view+json")
_OBJECT = re.compile(r"<[^<>]+>")
REFUSED = "refused"  # of a mime container: what its content has that has no form


class ResultPlugin:
    """Turns HTML and formulas into nodes for MyST-NB, where they can be."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        ("*", mime, place) for place, mime in enumerate(ORDER, 1)
    ]

    @staticmethod
    def handle_mime(renderer: NbElementRenderer, data: MimeData, inline: bool) -> list[nodes.Element] | None:
        """Return nodes; what has no form is noted, since another form of the same result may have one."""
        faults: list[str] = []
        made: list[Any] = []
        if data.mime_type == "text/html" and not inline and (spec := plain.spec_of(data.string)):
            figure = plain.figure(spec)
            return [chart(figure=figure), below(figure, notes(renderer.renderer, data))]
        if data.mime_type == "text/html":
            faults = html.faults(data.string)
            made = html.of(data.string) if not faults else []
            for one in made:
                one[KEPT] = False
        elif data.mime_type == "text/latex":
            try:
                made = [_formula(data.string, inline)]
            except formulas.NoFormula as error:
                faults = [str(error)]
        elif data.mime_type in RUN:
            faults = ["a script"]
        else:
            return None
        return made or [nodes.container(**{REFUSED: ", ".join(faults)})]


def _formula(text: str, is_inline: bool) -> nodes.Element:
    kind = nodes.math if is_inline else nodes.math_block
    found = kind("", strip_latex_delimiters(text), classes=["output", "text_latex"])
    if not is_inline:
        found.update_basic_atts({"nowrap": False, "number": None, "label": None})
        found["nowrap"], found["number"], found["label"] = False, None, None
    formulas.mathml(formulas.tex_of(found), not is_inline)
    return found


def choose(app: Sphinx, tree: nodes.document) -> None:
    """Put the best form into the place of each bundle of forms; refuse a result that has none."""
    for bundle in list(tree.findall(nodes.container)):
        if bundle.get("nb_element") != "mime_bundle":
            continue
        forms = {str(one["mime_type"]): one for one in bundle.children if isinstance(one, nodes.container)}
        refused = ", ".join(_refused(forms.values()))
        usable = [mime for mime in ORDER if mime in forms and not any(_refused([forms[mime]]))]
        if not usable or (refused and usable == ["text/plain"] and _OBJECT.fullmatch(bundle_text(forms["text/plain"]))):
            what = f"a result has no form that every edition can show: {refused or ', '.join(forms)}"
            remedy = "give a table, text, Markdown, a formula or a picture"
            refusals.refuse(app.env, f"{what} - {remedy}", Subtype.FORM, location=placed(bundle))
            bundle.parent.remove(bundle)
        else:
            for one in forms[usable[0]].findall(nodes.Element) if not _is_chart(forms[usable[0]]) else ():
                one[FROM_TABLES] = True  # a program gave it: nothing in it was typed, but for what a figure says
            bundle.replace_self(forms[usable[0]].children)


def _is_chart(form: nodes.Element) -> bool:
    return any(isinstance(one, chart) for one in form.children)


def bundle_text(form: nodes.Element) -> str:
    """Return what a form says, in one line."""
    return " ".join(form.astext().split())


def _refused(forms: Any) -> Iterator[str]:
    for form in forms:
        yield from (str(one[REFUSED]) for one in form.children if isinstance(one, nodes.Element) and REFUSED in one)


class ChooseLate(SphinxPostTransform):
    """Chooses among the forms of what was pasted from another page, which no reading of this page knows."""

    default_priority = 3  # before MyST-NB's own choice, which knows no builder of another name

    def run(self, **_: Any) -> None:
        choose(self.app, self.document)


def setup(app: Sphinx) -> None:
    """Register the plugin, as `pages/charts.py` does, and the choice."""
    if ResultPlugin not in (plugins := load_mime_renders()):
        plugins.append(ResultPlugin)
    app.connect("doctree-read", choose, priority=100)
    app.add_post_transform(ChooseLate)
