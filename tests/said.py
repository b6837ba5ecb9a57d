"""What a built web edition says, sentence by sentence, taken from its HTML without any help of the engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import html

INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "q", "s", "small", "span", "strong", "sub", "sup", "u",
}  # fmt: skip
LEFT_OUT = {"script", "style", "svg", "math", "template", "img", "nav"}
# Controls, code, the data of figures, and numbers and a frame that the theme puts around what a page says.
LEFT_OUT_CLASSES = {
    "headerlink", "section-number", "caption-number", "chart-links", "twin", "permanent", "hide", "cell_input", "math",
    "label", "fn-bracket", "front-part", "edition-line", "subtitle",
}  # fmt: skip
NO_PAGES = {"search.html", "404.html", "index.html", "data/index.html"}  # which stand for no page of an author
STOP = re.compile(r"(?:^|\W)(?:[A-Z]|Figs?|Ch|Nos?|Mr|Mrs|Ms|Dr|St|vs|pp?|cf|ca|e\.g|i\.e|etc)\.$")


def said(folder: Path) -> dict[str, list[str]]:
    """The sentences of each page by its address."""
    found = {}
    for path in sorted(folder.rglob("*.html")):
        address = path.relative_to(folder).as_posix()
        if address not in NO_PAGES and not address.startswith("_"):
            parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
            articles = html.document_fromstring(path.read_bytes(), parser=parser).iter("article")
            found[address] = [one for article in articles for block in blocks(article) for one in cut(block)]
    return found


def moved(old: dict[str, list[str]], new: dict[str, list[str]]) -> tuple[Counter[tuple[str, str]], ...]:
    """The sentences that went and that came, with their pages."""
    before, after = (Counter((page, one) for page, said in side.items() for one in said) for side in (old, new))
    return before - after, after - before


def blocks(node: html.HtmlElement) -> Iterator[str]:
    pieces = [node.text or ""]

    def flush() -> Iterator[str]:
        text = re.sub(r"[ \t\r\n\f]+", " ", "".join(pieces)).strip(" ")
        pieces.clear()
        if text:
            yield text

    for child in node:
        if is_read(child) and child.tag in INLINE:
            pieces.append(inline(child))
        elif is_read(child):
            yield from flush()
            yield from blocks(child)
        pieces.append(child.tail or "")
    yield from flush()


def is_read(node: html.HtmlElement) -> bool:
    is_element = isinstance(node.tag, str) and node.tag not in LEFT_OUT
    return is_element and not LEFT_OUT_CLASSES & set(node.get("class", "").split())


def inline(node: html.HtmlElement) -> str:
    if not is_read(node):
        return ""
    return (node.text or "") + "".join(inline(child) + (child.tail or "") for child in node)


def cut(block: str) -> list[str]:
    """Sentences: after a stop with its closing marks and a space, before what is no small letter and no bracket."""
    found, start = [], 0
    for at in range(1, len(block)):
        word = block[start:at].rsplit(" ", 1)[-1]
        bare = word.rstrip("”’\"')]")
        follows = block[at + 1 : at + 2]
        if block[at] != " " or not bare.endswith((".", "!", "?", "…")) or follows == "(" or "a" <= follows <= "z":
            continue
        is_list = re.fullmatch(r"\d+\.", block[start:at])
        if bare == word and (is_list or STOP.search(block[start:at]) or word.endswith("…")):
            continue
        found.append(block[start:at])
        start = at + 1
    return [*found, block[start:]]
