"""Which known article a text is a copy, a reprint or a rewrite of, without that article's text.

A fingerprint is the last byte of each of 256 minimal hashes of a text's runs of four words (MinHash with one byte each,
https://dl.acm.org/doi/10.1145/1772690.1772759): two can be compared, and no word can be got out of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from evidencebook.check.copying import words
from evidencebook.tables.problems import BadData, Problem
from evidencebook.tables.reading import Row

LABEL = "seeds/fingerprints.json"
HASHES = 256
RUN = 4  # words
NEAR, REPRINT, TRACE = 0.8, 0.25, 0.06  # shares of the runs of both texts that are in both
SHARED, MOST = 3, 0.4  # distinct values, and the share of all, in which a rewrite agrees with what it retells
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|[^\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")


@dataclass(frozen=True)
class Likeness:
    """What a text has in common with a known source: the same file, a copy, a reprint, or a rewrite; and why."""

    source_id: str
    kind: str
    why: str


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text, in hexadecimal."""
    from datasketch import MinHash  # brings SciPy along, which takes a while

    pieces = [part for word, _, _ in words(text) for part in _UNSPACED.findall(word)]
    runs = {" ".join(pieces[at : at + RUN]) for at in range(max(1, len(pieces) - RUN + 1))}
    sketch = MinHash(num_perm=HASHES, seed=1)
    sketch.update_batch([run.encode() for run in sorted(runs)])
    return bytes(int(one) & 0xFF for one in sketch.hashvalues).hex()


def likeness(one: str, other: str) -> float:
    """Return about which share of the runs of two texts stands in both."""
    same = sum(a == b for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)) / HASHES
    return max(0.0, (same - 1 / 256) / (1 - 1 / 256))  # one in 256 bytes is the same by chance


def load(root: Path) -> dict[str, str]:
    """Return the fingerprints of the known sources by id; raises BadData where the file cannot be used."""
    path = root / LABEL
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))["fingerprints"]
        if not all(len(bytes.fromhex(one)) == HASHES for one in found.values()):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        remedy = "take back its last committed version, or delete it: `evidencebook add` then compares what it can"
        raise BadData([Problem(LABEL, None, None, "the fingerprints cannot be read", remedy)]) from None
    return dict(found)


def dump(known: Mapping[str, str]) -> bytes:
    """Return the file of fingerprints, sorted by source."""
    about = "MinHash of runs of four words, 256 hashes of one byte each: shows likeness, and holds no words."
    return (json.dumps({"about": about, "fingerprints": dict(sorted(known.items()))}, indent=1) + "\n").encode()


Value = tuple[Fraction | None, Fraction | None, str]


def alike(
    text: str, sha256: str, known: Mapping[str, str], sources: Sequence[Row], claims: Iterable[Row], values: set[Value]
) -> list[Likeness]:
    """Return the known sources that the text is, copies or retells, the likeliest first.

    `values` are the bounds and units of what was found in the text, by which a rewrite in other words is found.
    """
    own = fingerprint(text)
    by_source: dict[str, list[Row]] = {}
    for row in claims:
        by_source.setdefault(row["source_id"], []).append(row)
    found: list[tuple[float, Likeness]] = []
    for source in sources:
        source_id = source["source_id"]
        share = likeness(own, known[source_id]) if source_id in known else 0.0
        if source["file_sha256"] == sha256:
            found.append((2.0, Likeness(source_id, "same", "the very same bytes")))
        elif share >= TRACE:
            kind = "copy" if share >= NEAR else "reprint" if share >= REPRINT else "partial"
            found.append((share, Likeness(source_id, kind, f"about {share:.0%} of all runs of four words are in both")))
        elif told := _retold(by_source.get(source_id, ()), values):
            found.append((told[0] / 2, Likeness(source_id, "rewrite", told[1])))
    return [one for _, one in sorted(found, key=lambda pair: (-pair[0], pair[1].source_id))]


def value(row: Mapping[str, object] | Row) -> Value | None:
    """Return the bounds and unit of a row, by which it is known again; None without, or where many have them."""
    low, high = (None if row[name] in (None, "") else Fraction(str(row[name])) for name in ("low", "high"))
    if (low is None and high is None) or max(low or 0, high or 0) <= 2:
        return None
    return low, high, str(row["unit"] or "")


def _retold(claims: Iterable[Row], values: set[Value]) -> tuple[float, str] | None:
    own = {one for row in claims if (one := value(row))}
    shared = own & values
    if len(shared) < SHARED or len(shared) < MOST * len(own):
        return None
    return len(shared) / len(own), f"{len(shared)} of its {len(own)} values are told here too"
