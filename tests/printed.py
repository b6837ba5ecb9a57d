"""A PDF as those meet it who cannot see it: its text in the order of its tags, and the tags themselves."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf


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


class _Texts:
    """Collects the text of every marked sequence, by page and number.

    A library that draws pages needs a minute for the thousands of strokes of the charts, none of which is asked for.
    """

    def __init__(self) -> None:
        self.texts: dict[tuple[int, int], str] = {}
        self.order: list[tuple[int, int]] = []
        self.outside: dict[int, str] = {}
        self._letters: dict[tuple[int, int], dict[int, str]] = {}
        self._stack: list[tuple[int | None, str | None]] = []

    def hear(self, page: int, drawn: Any, resources: Any) -> None:
        """Take in what a page, or a form on it, draws."""
        letters: dict[int, str] = {}
        for operands, operator in pikepdf.parse_content_stream(drawn, "BDC BMC EMC Tf Tj TJ Do"):
            match str(operator):
                case "BDC" | "BMC":
                    self._begin(page, operands[1] if len(operands) > 1 else {})
                case "EMC":
                    self._stack.pop()
                case "Tf":
                    letters = self._letters_of(resources.Font[operands[0]])
                case "Tj":
                    self._show(page, letters, operands)
                case "TJ":
                    self._show(page, letters, operands[0])
                case "Do":
                    form = resources.XObject[operands[0]]
                    if form.Subtype == pikepdf.Name.Form:
                        self.hear(page, form, form.get("/Resources", resources))

    def _begin(self, page: int, props: Any) -> None:
        number = int(props["/MCID"]) if "/MCID" in props else None
        said = str(props["/ActualText"]) if "/ActualText" in props else None
        self._stack.append((number, said))
        if number is not None:
            self.order.append((page, number))
        if said is not None:
            self._add(page, said)

    def _show(self, page: int, letters: dict[int, str], parts: Any) -> None:
        if any(said is not None for _, said in self._stack):
            return
        for part in parts:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)  # of two bytes each: https://typst.app writes Identity-H fonts only
                self._add(page, "".join(letters[code] for (code,) in struct.iter_unpack(">H", codes)))

    def _letters_of(self, font: Any) -> dict[int, str]:
        """Return the text of each code, as the font's map to Unicode has it (ISO 32000-1, 9.10.3)."""
        if font.objgen not in self._letters:
            assert font.Encoding == pikepdf.Name("/Identity-H")
            found: dict[int, str] = {}
            table = font.ToUnicode.read_bytes()
            for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
                for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
                    found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
            assert b"beginbfrange" not in table
            self._letters[font.objgen] = found
        return self._letters[font.objgen]

    def _add(self, page: int, text: str) -> None:
        mark = next((mcid for mcid, _ in reversed(self._stack) if mcid is not None), None)
        if mark is None:
            self.outside[page] = self.outside.get(page, "") + text
        else:
            self.texts[page, mark] = self.texts.get((page, mark), "") + text


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
    texts = _Texts()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document.pages, 1):
            texts.hear(number, page, page.Resources)
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        (top,) = _tags(document.Root.StructTreeRoot.K, None, numbers)
    assert isinstance(top, Tag)
    return Printed(top, texts.texts, texts.order, texts.outside)


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
