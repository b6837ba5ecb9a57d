"""A PDF as those meet it who cannot see it: its text in the order of its tags, and the tags themselves."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text


@dataclass
class Tag:
    """An element of the structure tree: its role, page and attributes, and what it holds in order."""

    role: str
    attributes: dict[str, Any]
    held: list[Tag | tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator[Tag]:
        yield self
        for one in self.held:
            if isinstance(one, Tag):
                yield from one.walk()

    def has(self, role: str) -> bool:
        """Return whether one of that role stands right in it."""
        return any(isinstance(one, Tag) and one.role == role for one in self.held)

    def marks(self, but: str = "") -> Iterator[tuple[int, int]]:
        for one in self.held:
            if isinstance(one, Tag):
                yield from one.marks(but) if one.role != but else ()
            else:
                yield one


class _Texts(PDFDevice):
    """Collects the text of every marked sequence, by page and number."""

    def __init__(self) -> None:
        super().__init__(PDFResourceManager())
        self.texts: dict[tuple[int, int], str] = {}
        self.order: list[tuple[int, int]] = []
        self.outside: dict[int, str] = {}
        self._page = 0
        self._stack: list[tuple[int | None, str | None]] = []

    def begin_page(self, page: Any, ctm: Any) -> None:
        self._page += 1

    def begin_tag(self, tag: PSLiteral, props: Any = None) -> None:
        props = props or {}
        said = props.get("ActualText")
        self._stack.append((props.get("MCID"), None if said is None else decode_text(said)))
        if "MCID" in props:
            self.order.append((self._page, props["MCID"]))
        if said is not None:
            self._add(decode_text(said))

    def end_tag(self) -> None:
        self._stack.pop()

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if any(said is not None for _, said in self._stack):
            return
        for part in seq:
            if isinstance(part, bytes):
                self._add("".join(textstate.font.to_unichr(cid) for cid in textstate.font.decode(part)))

    def _add(self, text: str) -> None:
        mark = next((mcid for mcid, _ in reversed(self._stack) if mcid is not None), None)
        if mark is None:
            self.outside[self._page] = self.outside.get(self._page, "") + text
        else:
            self.texts[self._page, mark] = self.texts.get((self._page, mark), "") + text


@dataclass(frozen=True)
class Printed:
    """A document: its tree of tags, texts by marked sequence, the order in which they are painted, page by page."""

    tree: Tag
    texts: dict[tuple[int, int], str]
    painted: list[tuple[int, int]]
    artifacts: dict[int, str]

    def text(self, tag: Tag | None = None, but: str = "") -> str:
        """Return the text of a tag, or of the whole, in the order of the tags, without the tags of one role."""
        return "".join(self.texts.get(mark, "") for mark in (tag or self.tree).marks(but))


def read(pdf: bytes) -> Printed:
    device = _Texts()
    interpreter = PDFPageInterpreter(device.rsrcmgr, device)
    for page in PDFPage.get_pages(io.BytesIO(pdf)):
        interpreter.process_page(page)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        (top,) = _tags(document.Root.StructTreeRoot.K, None, numbers)
    assert isinstance(top, Tag)
    return Printed(top, device.texts, device.order, device.outside)


def _tags(node: Any, page: Any, numbers: dict[Any, int]) -> Iterator[Tag | tuple[int, int]]:
    if isinstance(node, pikepdf.Array):
        for one in node:
            yield from _tags(one, page, numbers)
    elif isinstance(node, int):
        yield numbers[page.objgen], node
    elif node.get("/Type") == pikepdf.Name.MCR:
        yield numbers[(node.get("/Pg") or page).objgen], int(node.MCID)
    elif "/S" in node:
        inside = node.get("/Pg") or page
        found = {name.lstrip("/"): str(node[name]) for name in ("/Alt", "/ActualText", "/Lang", "/T") if name in node}
        for attributes in node.get("/A", ()) if isinstance(node.get("/A"), pikepdf.Array) else (node.get("/A"),):
            if isinstance(attributes, pikepdf.Dictionary) and "/Scope" in attributes:
                found["Scope"] = str(attributes.Scope)
        tag = Tag(str(node.S).lstrip("/"), found)
        if "/K" in node:
            tag.held += _tags(node.K, inside, numbers)
        yield tag


def squeezed(text: str) -> str:
    """Return the text without what may differ between paper and web: spaces and hyphenation."""
    return re.sub(r"[\s\u00ad\u200b\u2060\u00a0\u202f]+", "", text)
