"""What a search engine or another site says of a page: its first sentences, without what only leads elsewhere."""

from __future__ import annotations

import re

from docutils import nodes

from evidencebook.pages.domain import SOURCE

LONGEST = 300  # characters; search engines show no more
SHORTEST = 80  # a lone sentence that is shorter says too little
_OPEN, _CLOSE = "\ufff9", "\ufffb"  # around a citation; Unicode keeps these for annotations
_CITATION = rf"{_OPEN}[^{_CLOSE}]*{_CLOSE}"
_PARENTHESIS = re.compile(rf"\s*\({_CITATION}(?:[;,\s]+{_CITATION})*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")


def description(tree: nodes.document | None) -> str:
    """Return whole sentences of a page's first paragraph, as many as there is room for; citations are left out."""
    if tree is None:
        return ""
    first = next((p for p in tree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section)), None)
    return cut(_text(first)) if first is not None else ""


def cut(text: str) -> str:
    """Return the sentences that fit; if the first is too long or too little, as many words as do."""
    if len(text) <= LONGEST:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > LONGEST:
            break
        kept = longer
    return kept if len(kept) >= SHORTEST else text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _text(paragraph: nodes.paragraph) -> str:
    copy = paragraph.deepcopy()
    for link in list(copy.findall(nodes.reference)):
        if link.get("evidence_kind") == SOURCE:
            link.parent.replace(link, nodes.Text(f"{_OPEN}{link.astext()}{_CLOSE}"))
    text = _PARENTHESIS.sub("", copy.astext()).replace(_OPEN, "").replace(_CLOSE, "")
    return " ".join(text.split())
