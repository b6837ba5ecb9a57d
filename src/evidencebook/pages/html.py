"""HTML that pages and results carry, as document trees: what has a plain equivalent stands in every edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from docutils import nodes
from lxml import html
from lxml.html import HtmlElement

from evidencebook.pages import grids

INLINE: dict[str, type[nodes.Element]] = {
    "b": nodes.strong, "strong": nodes.strong, "i": nodes.emphasis, "em": nodes.emphasis, "cite": nodes.emphasis,
    "var": nodes.emphasis, "dfn": nodes.emphasis, "sup": nodes.superscript, "sub": nodes.subscript,
    "code": nodes.literal, "kbd": nodes.literal, "samp": nodes.literal, "tt": nodes.literal,
    **dict.fromkeys(("span", "font", "bdi", "bdo", "time", "data", "label"), nodes.inline),
    **dict.fromkeys(("s", "u", "del", "ins", "mark", "small", "q", "strike"), nodes.inline),
}  # fmt: skip
MARKED = {"s", "u", "del", "ins", "mark", "small", "q", "strike"}  # inlines whose class says which they are
GROUPS = {"div", "section", "article", "header", "footer", "main", "figure", "center", "details", "fieldset", "nav"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "figcaption", "legend"}
OTHERS = {
    "a", "abbr", "br", "p", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "hr", "table", "caption",
    "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th",
}  # fmt: skip
KNOWN = {*INLINE, *GROUPS, *HEADINGS, *OTHERS}
# Of use on a screen only, and left out without a word: where a line may break, how something looks.
SCREEN_ONLY = {"wbr", "style"}
# What the policy of the web edition blocks (`editions/web/styles.py`), so that it would show nothing even there.
BLOCKED = {"script", "iframe", "object", "embed", "video", "audio", "frame", "applet", "base", "link", "meta"}
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)(\s[^<>]*)?/?>")
_SPACE = re.compile(r"[ \t\r\n]+")
_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_HELD = "held-node"


class line_break(nodes.Inline, nodes.Element):
    """The end of a line within a paragraph."""


def faults(text: str, is_for_screen: bool = False) -> list[str]:
    """Return what HTML holds that has no form: on paper and, where it is meant for a screen, there."""
    found: dict[str, None] = {}
    for tag in _TAG.finditer(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        name, given = tag[1].lower(), tag[2] or ""
        is_decoration = name == "svg" and 'aria-hidden="true"' in given
        if _HANDLER.search(given):
            found[f"<{name}> with a script"] = None
        if name in BLOCKED or not (is_for_screen or is_decoration or name in KNOWN | SCREEN_ONLY):
            found[f"<{name}>"] = None
        if is_decoration:
            break  # what is drawn in it
    return list(found)


def plain(children: Sequence[nodes.Node], is_block: bool) -> list[nodes.Node]:
    """Return nodes with the raw HTML among them as nodes; an element may begin in one and end in another."""
    held: list[nodes.Node] = []
    parts = []
    for child in children:
        if is_html(child):
            parts.append(child.astext())
        else:
            parts.append(f'<{_HELD} n="{len(held)}"></{_HELD}>')
            held.append(child)
    made = _Maker(held).made("".join(parts))
    return blocks(made) if is_block else made


def of(text: str) -> list[Any]:
    """Return HTML as blocks, each an element."""
    return blocks(_Maker([]).made(text))


def is_html(node: nodes.Node) -> bool:
    """Return whether a node is raw HTML."""
    return isinstance(node, nodes.raw) and "html" in node.get("format", "").split()


def blocks(found: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return nodes as blocks: inline ones that stand together become a paragraph."""
    made: list[nodes.Node] = []
    line: list[nodes.Node] = []
    for node in [*found, None]:
        if node is not None and isinstance(node, nodes.Text | nodes.Inline) and not isinstance(node, nodes.image):
            line.append(node)
            continue
        if any(one.astext().strip() for one in line):
            made.append(nodes.paragraph("", "", *_trimmed(line)))
        line = []
        made += [node] if node is not None else []
    return made


def _trimmed(line: list[nodes.Node]) -> list[nodes.Node]:
    for place, trim in ((0, str.lstrip), (-1, str.rstrip)):
        if isinstance(line[place], nodes.Text):
            line[place] = nodes.Text(trim(line[place].astext()))
    return line


@dataclass
class _Maker:
    """Makes nodes of elements; `held` are those that stood between the HTML."""

    held: list[nodes.Node] = field(default_factory=list)

    def made(self, text: str) -> list[nodes.Node]:
        if not text.strip():
            return []
        root = html.fragment_fromstring(text, create_parent="div", parser=html.HTMLParser(remove_comments=True))
        return list(self._inside(root))

    def _inside(self, element: HtmlElement) -> Iterator[nodes.Node]:
        if element.text:
            yield nodes.Text(_SPACE.sub(" ", element.text))
        for child in element:
            if isinstance(child.tag, str):
                yield from self._of(child)
            if child.tail:
                yield nodes.Text(_SPACE.sub(" ", child.tail))

    def _of(self, element: HtmlElement) -> Iterator[nodes.Node]:
        tag = str(element.tag).lower()
        if tag == _HELD:
            yield self.held[int(element.get("n"))]
            yield from self._inside(element)  # the parser may have left it open
        elif tag == "br":
            yield line_break()
        elif tag == "table":
            yield from grids.table(element, lambda one: list(self._inside(one)), self._blocks)
        elif tag in ("ul", "ol"):
            kind = nodes.bullet_list if tag == "ul" else nodes.enumerated_list
            items = (nodes.list_item("", *self._blocks(item)) for item in element.iterchildren("li"))
            yield self._marked(kind("", *items), element)
        elif tag == "dl":
            yield self._marked(nodes.definition_list("", *self._definitions(element)), element)
        elif tag == "pre":
            yield self._marked(nodes.literal_block("", str(element.text_content())), element)
        elif tag == "hr":
            yield nodes.transition()
        elif tag in SCREEN_ONLY | BLOCKED or tag == "svg":
            return
        else:
            yield self._element(tag, element)

    def _element(self, tag: str, element: HtmlElement) -> nodes.Node:
        inside = list(self._inside(element))
        node: nodes.Element
        if tag == "a" and element.get("href"):
            node = nodes.reference("", "", *inside, refuri=element.get("href"))
        elif tag == "abbr":
            node = nodes.abbreviation("", "", *inside, explanation=element.get("title", ""))
        elif tag in INLINE or tag == "a":
            kind: Any = INLINE.get(tag, nodes.inline)
            node = kind("", "", *inside, classes=[tag] * (tag in MARKED))
            if any(not isinstance(one, nodes.Text | nodes.Inline) for one in inside):
                node = nodes.container("", *blocks(inside))
        elif tag == "p":
            found = blocks(inside)
            node = nodes.container("", *found) if len(found) != 1 else found[0]  # type: ignore[assignment]
        elif tag in HEADINGS:
            node = nodes.rubric("", "", *_trimmed(inside)) if inside else nodes.container()
        else:
            node = (nodes.block_quote if tag == "blockquote" else nodes.container)("", *blocks(inside))
        return self._marked(node, element)

    def _blocks(self, element: HtmlElement) -> list[nodes.Node]:
        return blocks(self._inside(element))

    def _definitions(self, element: HtmlElement) -> Iterator[nodes.Node]:
        for group in element.iterchildren("dt", "div"):
            one = group if group.tag == "dt" else next(group.iterchildren("dt"), group)
            item = nodes.definition_list_item("", nodes.term("", "", *self._inside(one)))
            for following in one.itersiblings():
                if following.tag != "dd":
                    break
                item += nodes.definition("", *self._blocks(following))
            yield item

    @staticmethod
    def _marked(node: nodes.Element, element: HtmlElement) -> nodes.Element:
        node["ids"] += [element.get("id")] if element.get("id") else []
        return node


def addresses(text: str) -> list[str]:
    """Return where the links of HTML lead."""
    return [unescape(one) for one in re.findall(r"""\bhref\s*=\s*["']?([^"'\s>]+)""", text, re.IGNORECASE)]
