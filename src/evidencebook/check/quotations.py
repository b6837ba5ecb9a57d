"""Whether the words that pages put in quotation marks stand in the passages of their claims, letter by letter."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes

from evidencebook.check import anchors, copying
from evidencebook.evidence.facts import Evidence
from evidencebook.pages.quotes import QUOTED
from evidencebook.pages.roles import evidence_reference

# Quotation marks and spaces that printers set otherwise than the author typed them.
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})


def found(tree: nodes.document) -> list[evidence_reference]:
    """Return the quotations of a page."""
    return [node for node in tree.findall(evidence_reference) if QUOTED in node]


def compared(tree: nodes.document, passages: Passages) -> list[bool]:
    """Return of each quotation of a page whether its passage is at hand."""
    return [passages.of(node["entry"]) is not None for node in found(tree)]


class Passages:
    """The passages of claims whose texts are in a folder."""

    def __init__(self, evidence: Evidence, folder: Path) -> None:
        self._evidence = evidence
        self._texts = anchors.texts(folder)

    def of(self, claim_id: str) -> str | None:
        """Return the passage of the claim; None where its text is not at hand."""
        claim = self._evidence.claims[claim_id]
        source = self._evidence.sources.get(claim["source_id"])
        text = self._texts.get(str(source.values.get("file_sha256"))) if source is not None else None
        start, end = claim.values.get("start"), claim.values.get("end")
        if text is None or text.text is None or start is None or end is None:
            return None
        return text.text[start:end]


def fault(node: evidence_reference, passages: Passages) -> str:
    """Return what is wrong with a quotation, and what to do; empty where nothing is.

    A message tells nothing of the passage, which is somebody else's text.
    """
    claim_id, parts = node["entry"], node[QUOTED].split(anchors.SEPARATOR)
    for part in parts:
        if (count := len(list(copying.words(part)))) > copying.LONGEST_RUN:
            return f'"{part}" has {count} words in a row - quote {copying.LONGEST_RUN} at most'
    passage, at = passages.of(claim_id), 0
    for part in parts if passage is not None else ():
        at = _after(_plain(passage or ""), _plain(part), at)
        if at < 0:
            return f'"{part}" does not stand in the passage of {claim_id} - copy the words from there, letter by letter'
    return ""


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split())


def _after(passage: str, words: str, start: int) -> int:
    """Return where the words end in the passage, behind the start and as whole words; -1 where they do not stand."""
    at = passage.find(words, start)
    while at >= 0:
        end = at + len(words)
        if not (anchors.inside_word(passage, at) or anchors.inside_word(passage, end)):
            return end
        at = passage.find(words, at + 1)
    return -1
