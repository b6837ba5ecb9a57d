"""What a new source changes outside its own files is done where nothing is to choose, and listed by line elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencebook.intake import elsewhere
from evidencebook.tables import reading
from tests.building import copy_book

CONTENTS = """format: jb-book
root: book/index
chapters:
  - file: book/tide
  - file: seeds/one
  - file: seeds/two.md
"""
ABOUT = "Two articles of 1953 to 1960 say so; two newsrooms, two boats, and 2 published sources.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "_toc.yml": CONTENTS,
        "README.md": ABOUT,
        "CITATION.cff": "abstract: Nothing is counted here.\n",
        "CHANGELOG.md": "# Changes\n",
        "book/index.md": "# A\n\nBoth say so, {src}`one` and {src}`two`.\nTwo texts are few.\n",
        "book/figures/all.py": "x = 1\nfor one in EVIDENCE.claims.values():\n    pass\n",
        "book/figures/some.py": "EVIDENCE.fact('a')\n",
        "data/events.csv": "event_id,description\na,Of two articles.\nb,Nothing.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_contents_and_counts_follow_a_source_more_and_one_fewer(root: Path) -> None:
    files: elsewhere.Files = {}
    assert elsewhere.follow(root, files, "three", 2, 1) == [
        "_toc.yml: seeds/three named", "README.md: two became three",
    ]  # fmt: skip
    assert files == {
        "_toc.yml": f"{CONTENTS}  - file: seeds/three\n".encode(),
        "README.md": ABOUT.replace("Two articles", "Three articles").replace("2 published", "3 published").encode(),
    }
    for name, content in files.items():
        (root / name).write_bytes(content or b"")
    back: elsewhere.Files = {}
    assert elsewhere.follow(root, back, "three", 3, -1) == [
        "_toc.yml: seeds/three taken out", "README.md: three became two",
    ]  # fmt: skip
    assert back == {"_toc.yml": CONTENTS.encode(), "README.md": ABOUT.encode()}
    assert elsewhere.follow(root, {}, "one", 9, 1) == [], "which is named already, and nothing counts nine"


CARD = {"source_id": "three", "published": "1971-02", "origin_cluster": "gull", "outlet_original": "The Gull"}


def test_what_only_a_person_can_do_is_listed_with_its_line(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    for name, text in {
        "README.md": "Two articles of 1953 to 1960 say so; two newsrooms.\nThe Keeper and The Mainland say so.\n",
        "CHANGELOG.md": "# Changes\n",
        "book/both.md": "# A\n\nBoth say so, {src}`harbour-log` and {src}`mainland-letter`.\nTwo texts are few.\n",
        "book/figures/all.py": "x = 1\nfor one in EVIDENCE.claims.values():\n    pass\n",
        "data/more.csv": "event_id,description\na,Of two articles.\nb,Nothing.\n",
    }.items():
        (root / name).write_text(text, "utf-8")
    found = list(elsewhere.needs(root, CARD))
    for line in (
        "seeds/three.md: write what the article reports, how reliably, and what was left out",
        "README.md:1: counts two newsrooms, and there is one more",
        "README.md:2: names every newsroom; The Gull is one more",
        "README.md:1: tells of articles of 1953 to 1960, and this one is of 1971",
        "data/more.csv:2: counts two articles, and there is one more",
        "book/both.md:4: counts two articles, and there is one more",
        "CHANGELOG.md: tell readers of the new source",
        "book/figures/all.py:2: goes over whole tables; look at its charts for rows of three",
        "book/both.md:3: names every source; add {src}`three` where its claims are drawn or told",
    ):
        assert line in found, (line, found)
    known = {**CARD, "published": "1955", "origin_cluster": "keeper"}
    (cluster,) = {
        row["origin_cluster"] for row in reading.read(root)["sources"].rows if row["source_id"] == "harbour-log"
    }
    left = list(elsewhere.needs(root, {**known, "origin_cluster": cluster}))
    assert not [one for one in left if "newsroom" in one or "1953" in one]


def test_a_report_without_contents_is_told_where_the_note_belongs(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    (root / "_toc.yml").unlink()
    files: elsewhere.Files = {}
    assert elsewhere.follow(root, files, "three", 9, 1) == [] and files == {}
    assert "_toc.yml: name the note, `- file: seeds/three`, where it belongs" in elsewhere.needs(root, CARD)


def test_where_claims_of_a_topic_are_shown_by_their_ids_new_ones_are_missed(tmp_path: Path) -> None:
    root = copy_book(tmp_path)
    (root / "book/figures/some.py").write_text("x = 1\nIDS = ('lookers', 'sum-paid', 'water-rise')\n", "utf-8")
    new = [{"topic": "visits", "claim_id": "gulls-seen"}, {"topic": "lamps", "claim_id": "lamps-out"}]
    found = list(elsewhere.shown(root, new))
    assert "book/figures/some.py:2: draws visits by ids (1); new, and not there: gulls-seen" in found
    assert all("lamps" not in one for one in found)
