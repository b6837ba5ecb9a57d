"""What was received of an article, as text: decoded, or taken out of HTML or PDF, with what was done said in words."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from evidencebook.check.anchors import LARGEST
from evidencebook.tables.problems import BadData, Problem

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.I)
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class Received:
    """An article as text. `text` is the whole of what was decoded; `how` says what lies between it and the bytes."""

    name: str
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    kind: str  # text, html or pdf
    how: str
    told: Mapping[str, str] = field(default_factory=dict)  # what the file says of itself: title, author, date, url

    @property
    def kept(self) -> bytes:
        """The bytes that are kept, hashed and anchored in: those received where they are UTF-8, else the text's."""
        return self.data if self.kind == "text" and _is(self.data, self.text) else self.text.encode("utf-8")

    @property
    def is_exact(self) -> bool:
        """Whether the text kept has the very bytes that were received."""
        return self.kept == self.data

    @property
    def sha256(self) -> str:
        """The hash of what is kept."""
        return hashlib.sha256(self.kept).hexdigest()


def receive(name: str, data: bytes, encoding: str | None = None) -> Received:
    """Return what the bytes say; raises BadData for what is no article, with what to do."""
    if len(data) > LARGEST:
        raise _unusable(name, f"{len(data):,} bytes are more than the {LARGEST:,} of an article", "take its text alone")
    if data.startswith(b"%PDF-"):
        return _pdf(name, data)
    start = data[: 2**12]
    if _HTML.match(start.removeprefix(_BOMS[0][0])) or name.lower().endswith((".html", ".htm", ".xhtml")):
        return _html(name, data, encoding)
    text, how = decoded(name, data, encoding)
    return _sound(Received(name, data, text, "text", how))


def decoded(name: str, data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the whole text of the bytes, a byte order mark of UTF-8 included, and how it was decoded."""
    for named, how in _likely(data, encoding):
        try:
            text = data.decode("utf-8" if named == "utf-8" else named)
        except (UnicodeDecodeError, LookupError):
            continue
        return text, f"{_title(named)}, {how}"
    if encoding:
        raise _unusable(name, f"the bytes are not {encoding}", "leave --encoding out, or name another")
    from charset_normalizer import from_bytes  # a tenth of a second, owed by few

    best = from_bytes(data).best()
    if best is None:
        raise _unusable(
            name, "in no encoding are these bytes a text", "name the right one by --encoding, or save as UTF-8"
        )
    text, named = str(best), best.encoding
    if named.startswith("cp125") and _same_letters(data, text):
        named = "cp1252"  # by far the commonest of those that fit alike
        text = data.decode(named)
    return text, f"{_title(named)}, guessed by its letters"


def _likely(data: bytes, encoding: str | None) -> list[tuple[str, str]]:
    if encoding:
        return [(encoding, "as was said")]
    for bom, named in _BOMS:
        if data.startswith(bom):
            return [(named, "by its byte order mark")]
    if b"\0" in data:  # ASCII's letters leave every other byte empty
        even, odd = data[::2].count(0), data[1::2].count(0)
        return [("utf-16-le" if odd > even else "utf-16-be", "by its empty bytes")]
    found = [("utf-8", "every byte of it sound")]
    try:
        korean = len(_HANGUL.findall(data.decode("cp949")))
    except UnicodeDecodeError:
        return found
    # A short Korean text has too few letters for statistics, and no other has so many of Hangul's.
    return [*found, ("cp949", "by its Korean letters")] if korean * 8 > len(data) else found


def _same_letters(data: bytes, text: str) -> bool:
    try:
        return data.decode("cp1252") == text
    except UnicodeDecodeError:
        return False


def _html(name: str, data: bytes, encoding: str | None) -> Received:
    import trafilatura  # half a second, owed by who brings HTML only

    named = _META.search(data[: 2**14])
    try:
        source, how = decoded(name, data, encoding or (named[1].decode("ascii") if named else None))
    except BadData:
        if encoding:
            raise
        source, how = decoded(name, data)
    found = trafilatura.bare_extraction(source, with_metadata=True, include_comments=False, favor_recall=True)
    text = str(getattr(found, "text", None) or "")
    if not text.strip():
        raise _unusable(name, "no article was found in this page", "save the article's words as a text file")
    told = {key: str(value) for key in ("title", "author", "date", "url", "sitename", "language")
            if (value := getattr(found, key, None))}  # fmt: skip
    what = f"HTML ({how}), of which trafilatura {trafilatura.__version__} took the article's text"
    return _sound(Received(name, data, text.rstrip("\n") + "\n", "html", what, told))


def _pdf(name: str, data: bytes) -> Received:
    from importlib.metadata import version

    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    try:
        info = next(iter(PDFDocument(PDFParser(io.BytesIO(data))).info), {})
        boxes = [one.get_text() for page in extract_pages(io.BytesIO(data)) for one in page
                 if isinstance(one, LTTextContainer)]  # fmt: skip
    except Exception as error:  # the package raises whatever a broken file makes it stumble over
        what = f"the PDF cannot be read ({type(error).__name__})"
        raise _unusable(name, what, "save it anew without a password, or bring its text") from None
    # A box is a paragraph: its lines are joined, since a passage stays within one.
    paragraphs = [re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", one)).strip() for one in boxes]
    text = "\n\n".join(filter(None, paragraphs)) + "\n"
    if not text.strip():
        raise _unusable(name, "the PDF holds pictures and no text", "have its text recognised, and bring that")
    told = {key: said for key, one in (("title", "Title"), ("author", "Author")) if (said := _plain(info.get(one)))}
    return _sound(Received(name, data, text, "pdf", f"PDF, of which pdfminer.six {version('pdfminer.six')} "
                           "took the text, a paragraph a line", told))  # fmt: skip


def _plain(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value or "")
    return value.decode("utf-16" if value[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace").strip()


def _sound(one: Received) -> Received:
    if not one.text.strip("\ufeff \t\r\n"):
        raise _unusable(one.name, "there is no text", "bring a file with the article's words")
    if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in one.text):
        raise _unusable(one.name, "the bytes are no text", "bring the article as text, HTML or PDF")
    return one


def _is(data: bytes, text: str) -> bool:
    return text.encode("utf-8", "replace") == data


def _title(encoding: str) -> str:
    known = {"utf-8": "UTF-8", "cp949": "CP949", "euc_kr": "EUC-KR", "cp1252": "Windows-1252"}
    return known.get(encoding, encoding.replace("_", "-").upper())


def _unusable(name: str, what: str, remedy: str) -> BadData:
    return BadData([Problem(name, None, None, what, remedy)])
