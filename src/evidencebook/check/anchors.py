"""Passages in source texts: found by their opening and closing words, and verified."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from evidencebook.tables import files

VARIABLE = "EVIDENCE_TEXTS"  # of the environment: the folder of texts, where it is not seeds/texts
SEPARATOR = " … "
COLUMNS = ("para", "start", "end", "sha256")
LARGEST = 16 * 2**20  # bytes of a text
SAMPLE = 5  # fragments of a source that are tried on a text whose hash is unknown


class PassageNotFound(ValueError):
    """A fragment that does not lead to one passage; the message says why, `remedy` what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


class Passage(NamedTuple):
    """Where a passage stands in a text.

    `para` is the ordinal of its non-blank line from 1, `start` and `end` (exclusive) are offsets in code
    points, `sha256` is the hash of the passage's UTF-8 bytes.
    """

    para: int
    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class SourceText:
    """A text file as received: `text` is None where its bytes are not UTF-8."""

    path: Path
    sha256: str
    text: str | None


@dataclass(frozen=True)
class Mismatch:
    """How a recorded anchor differs from the text: the column that shows it, what is wrong, what to do."""

    column: str
    what: str
    remedy: str


def texts_dir(root: Path) -> Path:
    """The folder of source texts: $EVIDENCE_TEXTS, or seeds/texts in the report's root, which need not exist."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else own_texts_dir(root)


def own_texts_dir(root: Path) -> Path:
    """The folder within a report that is for its texts only."""
    return root / "seeds" / "texts"


def unusable_texts() -> str | None:
    """What is wrong with a folder that $EVIDENCE_TEXTS names, and what to do; None where nothing is."""
    named = os.environ.get(VARIABLE)
    if not named or Path(named).is_dir():
        return None
    what = "is no folder" if Path(named).exists() else "does not exist"
    return f"{VARIABLE} names {named}, which {what} - name the folder of the article texts, or unset it"


def texts(folder: Path) -> dict[str, SourceText]:
    """Every *.txt in the folder by the SHA-256 of its bytes; names play no part."""
    found = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            data = read_text(path)
        except OSError:
            continue  # told where the files of a report are looked through
        digest = hashlib.sha256(data).hexdigest()
        try:
            text = data.decode("utf-8")  # not read_text: that would translate line ends and move offsets
        except UnicodeDecodeError:
            text = None
        found[digest] = SourceText(path, digest, text)
    return found


def read_text(path: Path) -> bytes:
    """Return the bytes of an article; raises OSError for what is no file or too large to be one."""
    return files.read(path, LARGEST)


def locate(text: str, fragment: str) -> Passage:
    """The passage that `opening words … closing words` (or a short passage alone) marks in the text.

    The opening occurs exactly once in the text; the closing is its first occurrence after the opening in the
    same paragraph; both end at word edges. Raises PassageNotFound otherwise.
    """
    opening, separator, closing = fragment.partition(SEPARATOR)
    if not opening or (separator and not closing):
        raise PassageNotFound("the fragment lacks its opening or closing words", f"write opening{SEPARATOR}closing")
    start = text.find(opening)
    if start < 0:
        raise PassageNotFound(
            f"the opening words {opening!r} are not in the text",
            "copy them from the text, with its quotes and spaces",
        )
    if text.find(opening, start + 1) >= 0:
        remedy = "lengthen the opening until it stands there once"
        raise PassageNotFound(f"the opening words {opening!r} stand more than once in the text", remedy)
    end = start + len(opening)
    paragraph_end = text.find("\n", start)
    paragraph_end = len(text) if paragraph_end < 0 else paragraph_end
    if closing:
        closing_start = text.find(closing, end, paragraph_end)
        if closing_start < 0:
            what = f"the closing words {closing!r} do not follow the opening in its paragraph"
            raise PassageNotFound(what, "copy words from the same paragraph, after the opening")
        end = closing_start + len(closing)
    if end > paragraph_end:
        raise PassageNotFound("the fragment runs over a line end", "stay within one paragraph")
    if inside_word(text, start) or inside_word(text, end):
        raise PassageNotFound("the fragment starts or ends inside a word", "write whole words")
    return Passage(_paragraph(text, start), start, end, _hash(text[start:end]))


def verify(text: str, fragment: str, recorded: tuple[object, object, object, object]) -> Mismatch | None:
    """How the recorded (para, start, end, sha256) differ from the text, or None where all four are right."""
    try:
        found = locate(text, fragment)
    except PassageNotFound as error:
        return Mismatch("fragment", str(error), error.remedy)
    if recorded == found:
        return None
    remedy = f"write para {found.para}, start {found.start}, end {found.end}, sha256 {found.sha256}"
    para, start, end, sha256 = recorded
    if any(cell is None for cell in recorded):
        missing = next(name for name, cell in zip(COLUMNS, recorded, strict=True) if cell is None)
        return Mismatch(missing, "the passage has no complete anchor", remedy)
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        return Mismatch("start", f"{start} to {end} is not a passage of a text of {len(text)} characters", remedy)
    if _hash(text[start:end]) != sha256:
        return Mismatch("sha256", f"the hash does not fit the text from {start} to {end}", remedy)
    if (start, end) != (found.start, found.end):
        column = "start" if start != found.start else "end"
        return Mismatch(column, f"{start} to {end} is not where the fragment stands", remedy)
    return Mismatch("para", f"the passage is not in paragraph {para}", remedy)


def likely_text(candidates: Sequence[SourceText], fragments: Sequence[str]) -> SourceText | None:
    """The first of the texts that holds most of a source's passages, judged by a few; None if none does."""
    tried = fragments[:SAMPLE]
    for candidate in candidates:
        located = sum(_is_located(candidate.text or "", fragment) for fragment in tried)
        if located * 2 > len(tried):
            return candidate
    return None


def holds_any(one: SourceText, fragments: Sequence[str]) -> bool:
    """Whether the text holds one of a source's passages, judged by a few; True where there are none to judge by."""
    return not fragments or any(_is_located(one.text or "", fragment) for fragment in fragments[:SAMPLE])


def filled(cells: Mapping[str, str], text: str) -> dict[str, str]:
    """What a row's anchor should hold, for the columns where it does not; empty where its fragment finds no passage."""
    try:
        found = locate(text, cells["fragment"])
    except PassageNotFound:
        return {}  # only the curator knows which passage was meant
    wanted = {name: str(value) for name, value in zip(COLUMNS, found, strict=True)}
    return {name: value for name, value in wanted.items() if cells[name] != value}


def _is_located(text: str, fragment: str) -> bool:
    try:
        locate(text, fragment)
    except PassageNotFound:
        return False
    return True


def _paragraph(text: str, offset: int) -> int:
    return 1 + sum(1 for line in text[:offset].split("\n")[:-1] if line.strip())


def inside_word(text: str, offset: int) -> bool:
    """Whether a word goes on at the offset."""
    return 0 < offset < len(text) and text[offset - 1].isalnum() and text[offset].isalnum()


def _hash(passage: str) -> str:
    return hashlib.sha256(passage.encode("utf-8")).hexdigest()
