"""Any text of a data package stands in the dictionary's page as it is, and as nothing but text."""

from __future__ import annotations

from typing import Any

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given, settings
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser

from evidencebook.tables import dictionary
from evidencebook.tables.contract import Contract, Field, ForeignKey, Resource
from evidencebook.tables.markdown import code, inline, paragraph
from tests.building import REPORT

# Without those that change letters on purpose: `replacements` and `smartquotes`.
EXTENSIONS = [
    *("amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "fieldlist", "html_admonition"),
    *("html_image", "linkify", "strikethrough", "substitution", "tasklist"),
]
# One piece of markup a line, and what may stand between two of them.
MARKUP = r"""
{{ x }}
{{cycler.__init__}}
{ref}`x`
{abbr}
`
``
[
]
(
)
!
![p](http://a.org/b.png)
[x](y.md)
[^1]
[x]: y
$
$$
$x$
<
>
<b>
<!--
-->
<https://a.org>
&
&amp;
&#35;
*
**
_
__
~
~~
~~~
*a*
_a_
__a__
b~~a~~
~~a~~
a]b
#
|
%
(a)=
:::
:::{note}
```
```{eval-rst}
http://example.org
https://a.org/x(b.com)
www.example.com
example.org
a@example.org
mailto:a@b
//a.b
ftp://x
README.md
xn--a.b
1.
1)
10.
-
+
+++
---
===
:
:a: b
\
\begin{equation}
{.a}
{#a}
{
}
word
0
.
=
/
'
한
""".strip().splitlines()
MARKUP += ["\n", "\n\n", "\t", "    ", " ", " ", " ", "\u00a0", "\u2028"]
TEXTS = st.lists(
    st.sampled_from(MARKUP) | st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=3), max_size=8
).map("".join)
NAMES = TEXTS.filter(str.strip)


def read(markdown: str, *extensions: str) -> nodes.document:
    own = {
        "myst_enable_extensions": list(extensions or EXTENSIONS),
        "report_level": 5,
        "halt_level": 5,
        "warning_stream": "",
        "myst_suppress_warnings": ["myst.xref_missing"],
    }
    return publish_doctree(markdown, parser=Parser(), settings_overrides=own)


def plain(text: str) -> str:
    return " ".join(text.split())


def words(node: nodes.Element) -> str:
    """What a block says, which holds text only."""
    blocks = node.children if isinstance(node, nodes.entry) else [node]
    assert len(blocks) <= 1
    for block in blocks:
        assert isinstance(block, nodes.paragraph)
        assert all(isinstance(child, nodes.Text) for child in block.children), block
    return node.astext()


def package(**said: Any) -> Contract:
    blank = {"type": "string", "format": "default", "required": False, "unique": False}
    bounds = {"minimum": None, "maximum": None, "is_edtf": False, "is_private": False}
    field = Field(
        name=said["name"], title="", description=said["field"], enum=(said["value"],), pattern=said["pattern"],
        unit=said["unit"], descriptor={}, labels={said["value"]: said["label"]}, **(blank | bounds),
    )  # fmt: skip
    path = REPORT / "data/claims.csv"
    keys = (ForeignKey((said["name"],), "claims", (said["name"],)),)
    table = Resource("claims", path, "data/claims.csv", said["heading"], said["table"], (field,), (said["name"],), keys)
    return Contract(REPORT, "tides", said["title"], said["about"], {"claims": table})


@settings(max_examples=300)
@given(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(("title", "heading", "table", "name", "value", "pattern", "label", "unit"), NAMES),
            **dict.fromkeys(("about", "field"), TEXTS),
        }
    )
)
def test_every_text_of_a_package_arrives_as_it_is(said: dict[str, str]) -> None:
    tree = read(dictionary.render(package(**said)))
    listed, columns = tree.findall(nodes.table)
    title, _, what = list(listed.findall(nodes.entry))[-3:]
    (link,) = title.findall(nodes.reference)
    assert link.astext() == plain(said["heading"])
    assert words(what) == plain(said["table"])
    name, kind, constraints, meaning = list(columns.findall(nodes.entry))[4:]
    assert words(meaning) == plain(said["field"])
    assert words(kind) == f"string in {plain(said['unit'])}"
    assert [plain(one.astext()) for one in name.findall(nodes.literal)] == [plain(said["name"])]
    label = f" ({plain(said['label'])})" if said["label"] != said["value"] else ""
    expected = f"one of {plain(said['value'])}{label}; matches {plain(said['pattern'])}"
    assert plain(constraints.astext()) == plain(expected)
    assert {type(node) for node in constraints[0].children} == {nodes.Text, nodes.literal}
    opening, introduction, *below = (
        one for one in tree.findall(nodes.paragraph) if not isinstance(one.parent, nodes.entry)
    )
    assert opening.astext() == f"{plain(said['title'])}. {plain(said['about'])}".rstrip()
    assert [type(node) for node in opening.children if type(node) is not nodes.Text] == [nodes.strong]
    assert introduction.astext().startswith("The tables of the report")
    assert below[0].astext().startswith(f"{plain(said['table'])} File: ")
    assert plain(below[1].astext()) == plain(f"Primary key: {said['name']}.")
    assert plain(below[2].astext()) == plain(f"Foreign key: {said['name']} points to {said['name']} of claims.")
    assert len(below) == 3


@settings(max_examples=1000)
@given(NAMES)
@example("(a)=")
@example("12) x")
@example(":name: x")
def test_paragraph_is_one_of_plain_text(text: str) -> None:
    (block,) = read(f"{paragraph(text)}\n").children
    assert isinstance(block, nodes.paragraph)
    assert words(block) == plain(text)


@settings(max_examples=500)
@given(st.text("` \\|ab", min_size=1, max_size=8) | NAMES)
def test_code_is_one_span(value: str) -> None:
    (block,) = read(f"Code: {code(value)}.\n").children
    assert isinstance(block, nodes.paragraph)
    assert [type(node) for node in block.children] == [nodes.Text, nodes.literal, nodes.Text]
    assert plain(block.astext()) == plain(f"Code: {value}.")


@pytest.mark.parametrize(
    "text",
    [
        "Permanent identifier of the claim: kebab-case, built from claim_id, never reused.",
        'Outlet and year, or outlet and "undated" (2016–2018~); see datapackage, e.g. low & high, 90% or {id@when}.',
        "True where 3 - 1 = 2, 50% of #1 at 3.5; what it says! Or not? It's a/b, a+b and c^d.",
    ],
)
def test_ordinary_text_stays_as_it_was_written(text: str) -> None:
    assert inline(text) == text == paragraph(text)
