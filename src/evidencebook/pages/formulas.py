"""Formulas: LaTeX as MathML, which browsers and reading systems set without a script, and print by its own mapping.

https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.math import get_node_equation_number

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
# Environments for which the library has another name, or takes "&" for a letter.
_ALIGNED = re.compile(
    r"\\(begin|end)\{(?:aligned|split|alignedat|eqnarray\*?|align\*?|gathered|gather\*?|multline\*?)\}"
)
_WRAPPED = re.compile(r"^\s*(?:\$\$?|\\\[|\\\()(.*?)(?:\$\$?|\\\]|\\\))\s*$", re.DOTALL)
_LABEL = re.compile(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)\b")
_LEAST = {"mfrac": 2, "msup": 2, "msub": 2, "mover": 2, "munder": 2, "mroot": 2, "msubsup": 3, "munderover": 3}


class NoFormula(Exception):
    """The text is no formula that can be set; the message says what is wrong with it."""


def tex_of(node: nodes.Element) -> str:
    """Return the LaTeX of a formula, without what TeX alone needs."""
    text = node.astext()
    wrapped = _WRAPPED.match(text)
    return _LABEL.sub("", wrapped[1] if wrapped else text).strip()


@lru_cache(maxsize=256)
def mathml(tex: str, is_block: bool) -> str:
    """Return a formula as a MathML element; raises NoFormula."""
    from latex2mathml.converter import convert  # here: most reports have no formula

    try:
        text = convert(_ALIGNED.sub(_matrix, tex), display="block" if is_block else "inline")
        tree = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, KeyError, IndexError, StopIteration) as error:
        raise NoFormula(str(error) or type(error).__name__) from error
    except Exception as error:  # the library has a class of its own for each fault, named as a sentence would
        raise NoFormula(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()) from error
    for part in tree.iter():
        name = part.tag.rpartition("}")[2]
        if part.text and part.text.startswith("\\") and len(part.text) > 1:
            raise NoFormula(f"{part.text} is not known")
        if len(part) < _LEAST.get(name, 0):
            raise NoFormula(f"something is missing in a {name.removeprefix('m')}")
    ElementTree.register_namespace("", NAMESPACE)
    return ElementTree.tostring(tree, encoding="unicode")


def _matrix(found: re.Match[str]) -> str:
    return rf"\{found[1]}{{matrix}}"


def visit_html(self: Any, node: Any) -> None:
    """Write a formula for browsers and reading systems, with its LaTeX for those that know no MathML."""
    is_block, tex = isinstance(node, nodes.math_block), tex_of(node)
    try:
        made = mathml(tex, is_block).replace("<math ", f'<math alttext="{escape(tex)}" ', 1)
    except NoFormula:  # which was told when the page was read
        made = f"<code>{escape(tex)}</code>"
    self.body.append(self.starttag(node, "div" if is_block else "span", "", CLASS="math"))
    if is_block and node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    self.body.append(made + ("</div>\n" if is_block else "</span>"))
    raise nodes.SkipNode


def configure(_: Sphinx, config: Config) -> None:
    """Have web pages carry formulas themselves: MathJax would be fetched from elsewhere, and run."""
    config.html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (visit_html, None), (visit_html, None))
    app.connect("config-inited", configure)
